//! What can go wrong with names, records and databases.

use std::path::PathBuf;

/// A result whose error is [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in this crate. No message holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that must be one of a few is none of them.
    #[error("unknown {what} `{name}`: known are {known}")]
    UnknownName {
        /// What the name should name.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// The names that there are.
        known: &'static str,
    },
    /// A name breaks the rules of its kind.
    #[error("`{}` is no valid {what}: {reason}", shortened(name))]
    BadName {
        /// What it should name.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// The rule.
        reason: &'static str,
    },
    /// A text is longer than its column or its bound.
    #[error("the {field} is too long: {length} {unit}, at most {limit} fit")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
        /// What length and limit count.
        unit: &'static str,
    },
    /// A text holds a NUL, which no PostgreSQL text can.
    #[error("the {field} holds a NUL character at byte {offset}")]
    NulInText {
        /// The field.
        field: &'static str,
        /// Where it stands.
        offset: usize,
    },
    /// The URL names no database that this build knows.
    #[error("`{url}` is not a database URL: {reason}")]
    BadUrl {
        /// The URL, without its password.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The database could not be opened.
    #[error("cannot open the database {database}: {reason}")]
    Connect {
        /// The database, without its password.
        database: String,
        /// What the driver said.
        reason: String,
    },
    /// The file is there and is no SQLite database.
    #[error("{} is not an SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The schema is newer than this build, or holds a migration that it does not know.
    #[error("the database {database} has a schema that this version does not know: {unknown}")]
    UnknownSchema {
        /// The database, without its password.
        database: String,
        /// The unknown migrations.
        unknown: String,
    },
    /// The schema is older than this build and is not migrated on its own.
    #[error("the database {database} needs {pending} migrations")]
    PendingMigrations {
        /// The database, without its password.
        database: String,
        /// How many.
        pending: usize,
    },
    /// Tables of the predecessor or of another program stand where a schema should be made.
    #[error("the database {database} holds tables that prompt-runner did not make: {tables}")]
    ForeignSchema {
        /// The database, without its password.
        database: String,
        /// Some of the tables.
        tables: String,
    },
    /// A migration failed; its transaction was rolled back.
    #[error("migration {name} failed and was rolled back: {reason}")]
    Migration {
        /// The migration.
        name: String,
        /// What the database said.
        reason: String,
    },
    /// A folder or file beside the database could not be made or read.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A stored value is not what it should be.
    #[error("the database holds a {what} that cannot be read: {value}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// Another row has this name.
    #[error("{what} `{name}` exists already")]
    Exists {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(String),
}

/// A name short enough for a message: a megabyte of it helps nobody.
fn shortened(name: &str) -> String {
    const SHOWN: usize = 80;
    if name.chars().count() <= SHOWN {
        return name.to_owned();
    }
    name.chars().take(SHOWN).chain("…".chars()).collect()
}
