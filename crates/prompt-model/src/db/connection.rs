//! One connection type over both backends, and the transactions of each kind.

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::Mutex;

use diesel::connection::{AnsiTransactionManager, Instrumentation, InstrumentationEvent, TransactionManager};
#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;
use diesel::r2d2::ManageConnection;
#[cfg(feature = "sqlite")]
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, connection::SimpleConnection};

use super::{DatabaseUrl, QueryObserver};
use crate::{Error, Result};

/// A connection to either backend, with one query body for both.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Reading one state of the database.
    Snapshot,
    /// Writing.
    Write,
}

/// How long a writer waits for another one on SQLite.
#[cfg(feature = "sqlite")]
const SQLITE_BUSY_MILLISECONDS: u32 = 60_000;

impl AnyConnection {
    /// Runs `body` in a transaction; keeps it on success, rolls it back on an error.
    pub(super) fn in_transaction<T, E: From<Error>>(
        &mut self,
        access: Access,
        body: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin(access).map_err(|error| E::from(Error::from(error)))?;
        match body(self) {
            Ok(value) => {
                let committed = TransactionManagerOf::commit_transaction(self);
                committed.map_err(|error| E::from(Error::from(error)))?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one that matters; a broken connection leaves the pool.
                let _ = TransactionManagerOf::rollback_transaction(self);
                Err(error)
            }
        }
    }

    fn begin(&mut self, access: Access) -> diesel::QueryResult<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                if access == Access::Write { "BEGIN IMMEDIATE" } else { "BEGIN DEFERRED" },
            ),
            #[cfg(feature = "postgres")]
            Self::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                if access == Access::Write {
                    "BEGIN ISOLATION LEVEL READ COMMITTED"
                } else {
                    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                },
            ),
        }
    }
}

type TransactionManagerOf = <AnyConnection as Connection>::TransactionManager;

/// Makes connections for the pool, by the scheme of the URL.
pub(super) struct Connector {
    url: DatabaseUrl,
    on_query: Option<QueryObserver>,
    first: Mutex<Option<AnyConnection>>,
}

impl Connector {
    pub(super) fn new(url: DatabaseUrl, on_query: Option<QueryObserver>) -> Self {
        Self { url, on_query, first: Mutex::new(None) }
    }

    /// Makes the first connection, which the pool will take, or says why there is none.
    pub(super) fn prime(&self) -> Result<()> {
        let connection = self.establish()?;
        *self.first.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(connection);
        Ok(())
    }

    fn establish(&self) -> Result<AnyConnection> {
        let mut connection = match &self.url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(path) => AnyConnection::Sqlite(establish_sqlite(path)?),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => {
                AnyConnection::Postgres(PgConnection::establish(&url.for_libpq()).map_err(|error| {
                    Error::Connect {
                        database: self.url.to_string(),
                        reason: url.redact(error.to_string().trim()),
                    }
                })?)
            }
            #[allow(unreachable_patterns, reason = "reachable where one backend is left out")]
            other => {
                return Err(Error::BadUrl {
                    url: other.to_string(),
                    reason: format!("this build has no {}", other.kind()),
                });
            }
        };
        if let Some(observer) = &self.on_query {
            connection.set_instrumentation(Observed(observer.clone()));
        }
        Ok(connection)
    }
}

/// Tells an observer the text of each query; the values, which may be anybody's prompts, stay out.
struct Observed(QueryObserver);

impl Instrumentation for Observed {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            (self.0)(text.split(" -- binds").next().unwrap_or_default());
        }
    }
}

#[cfg(feature = "sqlite")]
fn establish_sqlite(path: &Path) -> Result<SqliteConnection> {
    let connect_error =
        |reason: String| Error::Connect { database: format!("sqlite:{}", path.display()), reason };
    refuse_other_files(path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| Error::Io {
            action: "make the folder",
            path: folder.to_owned(),
            source,
        })?;
    }
    let text = path.to_str().ok_or_else(|| connect_error("its path is not UTF-8".to_owned()))?;
    // A leading "./" keeps SQLite from reading a name as a URI or as ":memory:".
    let text = if path.is_absolute() { text.to_owned() } else { format!("./{text}") };
    let mut connection =
        SqliteConnection::establish(&text).map_err(|error| connect_error(error.to_string()))?;
    connection
        .batch_execute(&format!(
            "PRAGMA busy_timeout = {SQLITE_BUSY_MILLISECONDS}; PRAGMA foreign_keys = ON; \
             PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
        ))
        .map_err(|error| connect_error(error.to_string()))?;
    // The first look inside: a header alone makes no database.
    connection.batch_execute("PRAGMA schema_version").map_err(|error| {
        let reason = error.to_string();
        if reason.contains("not a database") || reason.contains("malformed") {
            return Error::NotADatabase { path: path.to_owned() };
        }
        connect_error(reason)
    })?;
    Ok(connection)
}

/// SQLite would open any file and fail later; this says at once what is wrong.
#[cfg(feature = "sqlite")]
fn refuse_other_files(path: &Path) -> Result<()> {
    use std::io::Read;

    let io_error = |action, source| Error::Io { action, path: path.to_owned(), source };
    if path.is_dir() {
        return Err(Error::NotADatabase { path: path.to_owned() });
    }
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error("read the database", error)),
    };
    let mut head = Vec::new();
    file.take(16).read_to_end(&mut head).map_err(|error| io_error("read the database", error))?;
    if head.is_empty() || head == b"SQLite format 3\0" {
        return Ok(());
    }
    Err(Error::NotADatabase { path: path.to_owned() })
}

impl ManageConnection for Connector {
    type Connection = AnyConnection;
    type Error = Error;

    fn connect(&self) -> Result<AnyConnection> {
        let first = self.first.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        first.map_or_else(|| self.establish(), Ok)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<()> {
        Ok(connection.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking()
            || TransactionManagerOf::is_broken_transaction_manager(connection)
            || TransactionManagerOf::transaction_manager_status_mut(connection)
                .transaction_depth()
                .map_or(true, |depth| depth.is_some())
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.to_string())
    }
}
