//! Fresh databases, and the macro that runs one test body on each kind.

use std::collections::hash_map::RandomState;
use std::env;
use std::hash::BuildHasher;
use std::io::Write;
use std::path::PathBuf;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tempfile::TempDir;

use crate::dump;
use crate::postgres::{PostgresServer, Unavailable, psql, with_database};

/// The name of a SQLite database in its folder.
const FILE: &str = "test.db";

/// The kinds of database that the project supports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Backend {
    /// A SQLite file.
    Sqlite,
    /// A database on a PostgreSQL server.
    Postgres,
}

/// A SQLite file in a temporary folder of its own, or a fresh database on a PostgreSQL server.
///
/// Dropping it removes the folder or the database, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server { administration: String, name: String },
}

impl TestDatabase {
    /// A SQLite file that does not exist yet, in a new folder.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    pub fn sqlite() -> Self {
        let folder = TempDir::with_prefix("prompt-runner-").expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join(FILE).display());
        Self { url, place: Place::Folder(folder) }
    }

    /// An empty database on the PostgreSQL server of this process.
    ///
    /// `None` where there is no server, which stderr says.
    ///
    /// # Panics
    ///
    /// As [`server`] does, and when the server refuses the database.
    pub fn postgres() -> Option<Self> {
        server().map(Self::on)
    }

    /// An empty database on `server`.
    ///
    /// # Panics
    ///
    /// When the server refuses it.
    pub fn on(server: &PostgresServer) -> Self {
        let name = fresh_name();
        let statement = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        administer(server.url(), &statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        let url = with_database(server.url(), &name);
        let administration = server.url().to_owned();
        Self { url, place: Place::Server { administration, name } }
    }

    /// Where it is: `sqlite:PATH` or `postgres://...`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database, for tests that damage, copy or protect it.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path().join(FILE)),
            Place::Server { .. } => None,
        }
    }

    /// Every row of every table as text, table by table. Two dumps are equal where no row was added, changed
    /// or deleted in between; counters that a rolled-back transaction moves are no part of it.
    ///
    /// # Panics
    ///
    /// When the database cannot be read.
    pub fn dump(&self) -> String {
        let dump = match self.path() {
            Some(path) => dump::sqlite(&path).map_err(|error| error.to_string()),
            None => dump::postgres(&self.url),
        };
        dump.unwrap_or_else(|error| panic!("{}: {error}", self.url))
    }

    /// Runs SQL as any other program would, which may damage what the project's own code keeps whole.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn raw(&self, sql: &str) -> Result<(), String> {
        match self.path() {
            Some(path) => {
                let connection = rusqlite::Connection::open(path).map_err(|error| error.to_string())?;
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            None => administer(&self.url, sql),
        }
    }

    /// Which kind it is, for the rare test that expects something else on one of them.
    pub fn backend(&self) -> Backend {
        match self.place {
            Place::Folder(_) => Backend::Sqlite,
            Place::Server { .. } => Backend::Postgres,
        }
    }
}

/// The PostgreSQL server of this process, started at the first call, for tests that hand it on to
/// other processes in [`SERVER_VARIABLE`](crate::SERVER_VARIABLE).
///
/// `None` where there is no server; a line on stderr, which the test harness does not swallow,
/// says so.
///
/// # Panics
///
/// When a server is there and does not work, and under `CI=true` when there is none: what CI does
/// not test is not known to work.
pub fn server() -> Option<&'static PostgresServer> {
    static SERVER: OnceLock<Result<PostgresServer, Unavailable>> = OnceLock::new();
    match SERVER.get_or_init(PostgresServer::find_or_start) {
        Ok(server) => Some(server),
        Err(missing @ Unavailable::Missing) if !on_ci() => {
            let current = thread::current();
            let test = current.name().unwrap_or("a test");
            // The macros of `std` would be captured with the output of the test.
            let _ = writeln!(std::io::stderr(), "skipped: {test}: {missing}");
            None
        }
        Err(unavailable) => panic!("{unavailable}"),
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { administration, name } = &self.place {
            // A database that stays does no harm to any other test, and the server that we start
            // takes it along. A second panic would hide the first.
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let _ = administer(administration, &statement);
        }
    }
}

/// Runs the same body on a fresh SQLite database and on a fresh PostgreSQL database.
///
/// Each function becomes a module of its name with two tests, `sqlite` and `postgres`.
#[macro_export]
macro_rules! backends {
    ($($(#[$meta:meta])* fn $name:ident($db:ident: $type:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a body may do without its surroundings")]
            use super::*;

            fn body($db: $type) $body

            #[test]
            fn sqlite() {
                body(&$crate::TestDatabase::sqlite());
            }

            #[test]
            fn postgres() {
                if let Some(db) = $crate::TestDatabase::postgres() {
                    body(&db);
                }
            }
        }
    )+};
}

/// Runs one statement on the server; the error is what `psql` says.
fn administer(url: &str, statement: &str) -> Result<(), String> {
    let output = psql(url).args(["-c", statement]).output();
    let output = output.map_err(|error| format!("psql: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A name that no other test has: by process, count, and chance, since a server outlives the
/// processes that use it and their numbers come again.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let chance = RandomState::new().hash_one(count) & 0xffff_ffff;
    format!("prompt_runner_{}_{count}_{chance:08x}", process::id())
}

fn on_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
