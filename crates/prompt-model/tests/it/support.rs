//! What the tests of this crate share.

use std::time::{Duration, SystemTime};

use prompt_model::{Database, OpenOptions, Stamp};
use test_support::{Backend, TestDatabase, psql};

/// An opened database with its schema.
pub(crate) fn migrated(db: &TestDatabase) -> Database {
    let database = opened(db);
    database.migrate().unwrap();
    database
}

/// An opened database as it is.
pub(crate) fn opened(db: &TestDatabase) -> Database {
    Database::open(&db.url().parse().unwrap(), &OpenOptions::default()).unwrap()
}

/// A stamp so many seconds after some moment.
pub(crate) fn stamp(seconds: u64) -> Stamp {
    Stamp::new("ada", SystemTime::UNIX_EPOCH + Duration::new(1_750_000_000 + seconds, 123_456_789))
}

/// Runs a statement as any other program would; the error is what the database says.
pub(crate) fn raw(db: &TestDatabase, statement: &str) -> Result<(), String> {
    match db.backend() {
        Backend::Sqlite => {
            let connection = rusqlite::Connection::open(db.path().unwrap()).unwrap();
            connection.execute_batch(statement).map_err(|error| error.to_string())
        }
        Backend::Postgres => {
            let output = psql(db.url()).args(["-c", statement]).output().unwrap();
            if output.status.success() {
                return Ok(());
            }
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}
