//! A PostgreSQL server for the tests: found, started, supervised.

use std::cmp::Reverse;
use std::env;
use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::search_path;

/// The environment variable that names a server to use in place of one of our own.
pub const SERVER_VARIABLE: &str = "PROMPT_RUNNER_TEST_POSTGRES";

/// Stops the server and removes its folder when our end of its stdin closes.
const SUPERVISOR: &str = include_str!("supervise.sh");

/// What to install where no server is found.
const ADVICE: &str = "install the server and its client, on Debian `apt-get install postgresql`, \
                      or name a server in PROMPT_RUNNER_TEST_POSTGRES";

/// Why there is no PostgreSQL server to test on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Unavailable {
    /// None is installed, and none was named.
    Missing,
    /// One is there and does not work; the text says why.
    Broken(String),
}

impl fmt::Display for Unavailable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(out, "no PostgreSQL server found ({ADVICE})"),
            Self::Broken(cause) => write!(out, "the PostgreSQL server does not work: {cause}"),
        }
    }
}

/// A PostgreSQL server on this machine, listening on the loopback address alone.
///
/// Dropping it stops a server that was started here and removes its folder; so does the end of the
/// process, in whatever way it ends.
#[derive(Debug)]
pub struct PostgresServer {
    url: String,
    supervisor: Option<Child>,
}

impl PostgresServer {
    /// The server that [`SERVER_VARIABLE`] names, else a new one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when there is none to start, or when it does not start.
    pub fn find_or_start() -> Result<Self, Unavailable> {
        match env::var(SERVER_VARIABLE) {
            Ok(url) if !url.is_empty() => Ok(Self { url, supervisor: None }),
            _ => Self::start(),
        }
    }

    /// The URL of a database on the server from which others can be made.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the server was started here.
    pub fn is_ours(&self) -> bool {
        self.supervisor.is_some()
    }

    fn start() -> Result<Self, Unavailable> {
        let folder = program_folder().ok_or(Unavailable::Missing)?;
        launch(&folder).map_err(Unavailable::Broken)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(mut supervisor) = self.supervisor.take() {
            drop(supervisor.stdin.take());
            // A supervisor that cannot be waited for is gone, which is all that was wanted.
            let _ = supervisor.wait();
        }
    }
}

/// The client `psql` on the database `url`, quiet, stopping at the first error, reading no
/// configuration of the user's.
pub fn psql(url: &str) -> Command {
    let program = program_folder().map(|folder| folder.join("psql")).filter(|program| program.is_file());
    let mut command = Command::new(program.unwrap_or_else(|| PathBuf::from("psql")));
    command
        .env_clear()
        .env("PATH", search_path())
        .env("LC_ALL", "C")
        .env("PGCLIENTENCODING", "UTF8")
        .env("PGCONNECT_TIMEOUT", "20")
        .args(["-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-d", url]);
    command
}

/// `url` with another database in its path; user, host and parameters stay.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    format!("{}/{name}{parameters}", &address[..end])
}

fn launch(programs: &Path) -> Result<PostgresServer, String> {
    let ports = free_ports(5).map_err(|error| format!("no free port: {error}"))?;
    let mut command = Command::new("sh");
    command
        .args(["-c", SUPERVISOR, "supervise"])
        .arg(programs)
        .args(ports.iter().map(ToString::to_string))
        .env_clear()
        .env("PATH", search_path())
        .env("LC_ALL", "C")
        .env("TMPDIR", env::temp_dir())
        .current_dir("/")
        // An interrupt from the terminal goes to our group. The supervisor must outlive us.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some((user, group)) = stand_in()? {
        command.uid(user).gid(group);
    }
    let mut supervisor = command.spawn().map_err(|error| format!("sh: {error}"))?;
    let mut output = BufReader::new(supervisor.stdout.take().expect("stdout is piped"));
    let mut answer = String::new();
    let read = output.read_line(&mut answer);
    if let Some(port) = answer.trim_end().strip_prefix("ready ") {
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        return Ok(PostgresServer { url, supervisor: Some(supervisor) });
    }
    let rest = read.and_then(|_| output.read_to_string(&mut answer));
    drop(supervisor.stdin.take());
    // Its answer is all that counts now.
    let _ = supervisor.wait();
    Err(rest.map_or_else(|error| error.to_string(), |_| answer))
}

/// Whom to run the server as where we are root, which PostgreSQL refuses: user and group.
fn stand_in() -> Result<Option<(u32, u32)>, String> {
    let probe = tempfile::tempfile().and_then(|file| file.metadata());
    let user = probe.map_err(|error| format!("temporary folder: {error}"))?.uid();
    if user != 0 {
        return Ok(None);
    }
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| Some((id("-u", name)?, id("-g", name)?)))
        .map(Some)
        .ok_or_else(|| "root may not run it, and no user `postgres` or `nobody` exists".to_owned())
}

fn id(what: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([what, name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Ports of the loopback address that nobody listens on at this moment.
fn free_ports(count: usize) -> io::Result<Vec<u16>> {
    // All are held until all are known, so that they differ.
    let listeners: Vec<_> =
        (0..count).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<io::Result<_>>()?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

/// The folder of `initdb`, `pg_ctl` and `postgres`: on the path, else the newest where
/// distributions put them.
fn program_folder() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        let has = |name: &&str| folder.join(name).is_file();
        ["initdb", "pg_ctl", "postgres"].iter().all(has)
    };
    let path = search_path();
    // Behind the links of a path folder lies the one that holds the other programs too.
    let on_path = env::split_paths(&path)
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .filter_map(|program| program.parent().map(Path::to_path_buf));
    let mut installed = versions("/usr/lib/postgresql", "");
    installed.extend(versions("/usr", "pgsql-"));
    installed.extend(versions("/opt/homebrew/opt", "postgresql@"));
    installed.sort_by_key(|(version, _)| Reverse(*version));
    let installed = installed.into_iter().map(|(_, folder)| folder.join("bin"));
    on_path.chain(installed).find(complete)
}

/// The folders in `parent` that are named `prefix` and a version.
fn versions(parent: &str, prefix: &str) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let major = name.strip_prefix(prefix)?.split('.').next()?.parse().ok()?;
            Some((major, entry.path()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_url_changes_its_database_alone() {
        let cases = [
            ("postgres://u@h:1/a", "postgres://u@h:1/new"),
            ("postgres://u:p@h", "postgres://u:p@h/new"),
            ("postgres://h/?sslmode=require", "postgres://h/new?sslmode=require"),
            ("postgresql:///a?host=/run/x", "postgresql:///new?host=/run/x"),
        ];
        for (url, expected) in cases {
            assert_eq!(with_database(url, "new"), expected);
        }
    }
}
