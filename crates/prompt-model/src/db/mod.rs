//! The database: one diesel schema and one set of queries for SQLite and PostgreSQL.
//!
//! Diesel stops here. What leaves this module are plain records and [`Error`].

mod connection;
mod migrate;
mod queries;
pub(crate) mod schema;
mod types;
mod url;

use std::sync::Arc;

use diesel::r2d2::Pool;

use crate::{Error, Result};
use connection::{Access, AnyConnection, Connector};

pub use migrate::{MigrationReport, SchemaState, SchemaStatus};
pub use queries::{
    CandidateDepth, NewPrompt, PhaseChange, PromptFilter, PromptPlace, PromptText, Queries, SessionChange,
    SessionFilter,
};
pub use url::DatabaseUrl;

/// Called with the text of each statement, without its values.
pub type QueryObserver = Arc<dyn Fn(&str) + Send + Sync>;

/// What may be left out when a database is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// How many connections the pool holds at most.
    pub max_connections: u32,
    /// Called for each statement.
    pub on_query: Option<QueryObserver>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { max_connections: 8, on_query: None }
    }
}

/// A database with a pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    url: DatabaseUrl,
    pool: Pool<Connector>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("url", &self.url.to_string()).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a database as it is, without a look at its schema. A missing SQLite file is made, empty.
    pub fn open(url: &DatabaseUrl, options: &OpenOptions) -> Result<Self> {
        let connector = Connector::new(url.clone(), options.on_query.clone());
        // The pool would retry until its time-out and keep the cause to itself; the first connection
        // is made here, so that what is wrong is told at once.
        connector.prime()?;
        let pool = Pool::builder()
            .max_size(options.max_connections.max(1))
            .min_idle(Some(0))
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .build_unchecked(connector);
        Ok(Self { url: url.clone(), pool })
    }

    /// Opens a database and brings its schema to this version where that is safe to do unasked.
    ///
    /// A new SQLite file gets the schema; an older one is copied aside first. PostgreSQL is shared, so
    /// it is only checked.
    ///
    /// # Errors
    /// [`Error::PendingMigrations`] for a PostgreSQL that needs [`Database::migrate`],
    /// [`Error::UnknownSchema`] and [`Error::ForeignSchema`] for a schema that is not ours to touch.
    pub fn open_current(url: &DatabaseUrl, options: &OpenOptions) -> Result<(Self, MigrationReport)> {
        let database = Self::open(url, options)?;
        let status = database.schema_status()?;
        let report = match (status.state(), url) {
            (SchemaState::Current, _) => MigrationReport::default(),
            (SchemaState::Empty | SchemaState::Older, DatabaseUrl::Sqlite(_)) => database.migrate()?,
            (_, _) => {
                status.refuse_unknown(url)?;
                return Err(Error::PendingMigrations {
                    database: url.to_string(),
                    pending: status.pending.len(),
                });
            }
        };
        Ok((database, report))
    }

    /// The URL that the database was opened with.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs single queries, each seeing the newest data.
    pub fn read<T, E: From<Error>>(
        &self,
        body: impl FnOnce(&mut Queries<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_connection(|connection| body(&mut Queries::new(connection)))
    }

    /// Runs several queries that all see one state of the database.
    pub fn snapshot<T, E: From<Error>>(
        &self,
        body: impl FnOnce(&mut Queries<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_connection(|connection| {
            connection.in_transaction(Access::Snapshot, |c| body(&mut Queries::new(c)))
        })
    }

    /// Runs a transaction that writes: all of it is kept, durably, or, on an error, nothing.
    ///
    /// On SQLite it begins IMMEDIATE: a deferred one fails with "locked" where two writers meet.
    pub fn write<T, E: From<Error>>(
        &self,
        body: impl FnOnce(&mut Queries<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_connection(|connection| {
            connection.in_transaction(Access::Write, |c| body(&mut Queries::new(c)))
        })
    }

    fn with_connection<T, E: From<Error>>(
        &self,
        body: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.pool.get().map_err(|error| {
            E::from(Error::Connect { database: self.url.to_string(), reason: error.to_string() })
        })?;
        body(&mut connection)
    }
}
