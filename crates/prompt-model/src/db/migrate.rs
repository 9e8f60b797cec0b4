//! Migrations: embedded, applied all in one transaction under a lock, once, whoever starts first.
//!
//! `diesel_migrations` takes no lock. On SQLite the write lock of `BEGIN IMMEDIATE` is the lock, and a file
//! lock beside the database guards what cannot be in a transaction (the switch to WAL, the copy). On
//! PostgreSQL it is an advisory lock of the transaction, which also holds behind a transaction pooler.

use std::path::{Path, PathBuf};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Access, AnyConnection};
use super::{Database, DatabaseUrl};
use crate::{Error, Result};

#[cfg(feature = "sqlite")]
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock of migrations: the first bytes of "prompt-runner" as a number.
#[cfg(feature = "postgres")]
const ADVISORY_LOCK: i64 = 0x7072_6f6d_7074;

/// How a schema compares with what this build knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// All migrations are applied.
    Current,
    /// There are no tables.
    Empty,
    /// The first few are applied.
    Older,
    /// Tables of another program.
    Foreign,
    /// A migration that this build does not know is applied, or one in the middle is missing.
    Unknown,
}

/// What is applied, what is not, what is unknown. Names are those of the migration folders, without
/// their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SchemaStatus {
    /// Applied, oldest first.
    pub applied: Vec<String>,
    /// Not applied yet, in order.
    pub pending: Vec<String>,
    /// Applied and not known to this build.
    pub unknown: Vec<String>,
    /// Tables where no migration was ever applied.
    pub foreign_tables: Vec<String>,
    #[serde(skip)]
    in_order: bool,
    /// There is not even a table.
    #[serde(skip)]
    is_new: bool,
}

/// What a migration did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// Applied or reverted, in that order; empty where there was nothing to do.
    pub done: Vec<String>,
    /// Whether the schema was made from nothing.
    pub created: bool,
    /// The copy of an older SQLite file.
    pub copy: Option<PathBuf>,
}

impl SchemaStatus {
    /// The state in one word.
    pub fn state(&self) -> SchemaState {
        if !self.unknown.is_empty() || !self.in_order {
            SchemaState::Unknown
        } else if !self.foreign_tables.is_empty() {
            SchemaState::Foreign
        } else if self.pending.is_empty() {
            SchemaState::Current
        } else if self.applied.is_empty() {
            SchemaState::Empty
        } else {
            SchemaState::Older
        }
    }

    /// Refuses a schema that this build must not touch.
    pub fn refuse_unknown(&self, url: &DatabaseUrl) -> Result<()> {
        match self.state() {
            SchemaState::Unknown => Err(Error::UnknownSchema {
                database: url.to_string(),
                unknown: if self.unknown.is_empty() {
                    format!("it is half-migrated ({} is missing)", self.pending.join(", "))
                } else {
                    self.unknown.join(", ")
                },
            }),
            SchemaState::Foreign => Err(Error::ForeignSchema {
                database: url.to_string(),
                tables: self.foreign_tables.join(", "),
            }),
            SchemaState::Current | SchemaState::Empty | SchemaState::Older => Ok(()),
        }
    }
}

impl Database {
    /// Looks at the schema; changes nothing.
    pub fn schema_status(&self) -> Result<SchemaStatus> {
        self.with_connection(AnyConnection::schema_status)
    }

    /// Applies what is pending, in one transaction. Many processes may call it at once; one applies.
    pub fn migrate(&self) -> Result<MigrationReport> {
        let _lock = FileLock::beside(self.url())?;
        let url = self.url();
        self.with_connection(|connection| {
            let before = connection.schema_status()?;
            before.refuse_unknown(url)?;
            if before.pending.is_empty() {
                return Ok(MigrationReport::default());
            }
            let copy = connection.prepare_file(url, &before)?;
            let mut report = connection.change_schema(|connection| {
                // Another process may have been first.
                let status = connection.schema_status()?;
                status.refuse_unknown(url)?;
                for name in &status.pending {
                    connection.step(name, Direction::Up)?;
                }
                Ok(MigrationReport { created: status.is_new, done: status.pending, copy: None })
            })?;
            report.copy = copy;
            Ok(report)
        })
    }

    /// Reverts the newest `steps` migrations, in one transaction; rows wait in `kept_` tables.
    pub fn rollback(&self, steps: usize) -> Result<MigrationReport> {
        let _lock = FileLock::beside(self.url())?;
        let url = self.url();
        self.with_connection(|connection| {
            connection.change_schema(|connection| {
                let status = connection.schema_status()?;
                status.refuse_unknown(url)?;
                let done: Vec<String> = status.applied.iter().rev().take(steps).cloned().collect();
                for name in &done {
                    connection.step(name, Direction::Down)?;
                }
                Ok(MigrationReport { done, ..MigrationReport::default() })
            })
        })
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

#[derive(diesel::QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

impl AnyConnection {
    fn schema_status(&mut self) -> Result<SchemaStatus> {
        let tables = self.names(match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
            }
        })?;
        let known = self.known();
        let mut status = SchemaStatus { in_order: true, ..SchemaStatus::default() };
        if !tables.iter().any(|table| table == "__diesel_schema_migrations") {
            status.pending = known.into_iter().map(|(_, name)| name).collect();
            status.is_new = tables.is_empty();
            status.foreign_tables = tables;
            return Ok(status);
        }
        let applied =
            self.names("SELECT version AS name FROM __diesel_schema_migrations ORDER BY version")?;
        status.unknown = applied.iter().filter(|v| !known.iter().any(|(k, _)| k == *v)).cloned().collect();
        for (version, name) in known {
            if applied.contains(&version) {
                status.in_order &= status.pending.is_empty();
                status.applied.push(name);
            } else {
                status.pending.push(name);
            }
        }
        Ok(status)
    }

    fn names(&mut self, query: &'static str) -> Result<Vec<String>> {
        let rows = match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(c) => diesel::sql_query(query).load::<NameRow>(c),
            #[cfg(feature = "postgres")]
            Self::Postgres(c) => diesel::sql_query(query).load::<NameRow>(c),
        };
        Ok(rows?.into_iter().map(|row| row.name).collect())
    }

    /// Versions and names of the embedded migrations, in order.
    fn known(&self) -> Vec<(String, String)> {
        let mut names: Vec<(String, String)> = match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => folder_names::<diesel::sqlite::Sqlite>(&SQLITE),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => folder_names::<diesel::pg::Pg>(&POSTGRES),
        };
        names.sort();
        names
    }

    /// Runs `body` in one transaction under the lock, with foreign keys checked at its end.
    fn change_schema<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {
                // Tables are built anew and renamed, which SQLite allows without foreign keys alone, and
                // the switch does nothing inside a transaction.
                self.batch_execute("PRAGMA foreign_keys = OFF")?;
                let done = self.in_transaction(Access::Write, |connection| {
                    let dangling = connection.names(DANGLING)?.len();
                    let value = body(connection)?;
                    if connection.names(DANGLING)?.len() > dangling {
                        return Err(Error::Migration {
                            name: "of this version".to_owned(),
                            reason: "it would leave a reference to a missing row".to_owned(),
                        });
                    }
                    Ok(value)
                });
                self.batch_execute("PRAGMA foreign_keys = ON")?;
                done
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => self.in_transaction(Access::Write, |connection| {
                connection.lock_migrations()?;
                body(connection)
            }),
        }
    }

    /// Waits for the lock of migrations and holds it to the end of the transaction.
    #[cfg(feature = "postgres")]
    pub(super) fn lock_migrations(&mut self) -> Result<()> {
        Ok(self.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))?)
    }

    /// Waits for the lock of the change log and holds it to the end of the transaction.
    #[cfg(feature = "postgres")]
    pub(super) fn lock_changes(&mut self) -> Result<()> {
        Ok(self.batch_execute(&format!("SELECT pg_advisory_xact_lock({})", ADVISORY_LOCK + 1))?)
    }

    fn step(&mut self, name: &str, direction: Direction) -> Result<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(c) => step(c, &SQLITE, name, direction),
            #[cfg(feature = "postgres")]
            Self::Postgres(c) => step(c, &POSTGRES, name, direction),
        }
    }

    /// What cannot be in the transaction: the copy of an older file, the switch to WAL.
    fn prepare_file(&mut self, url: &DatabaseUrl, before: &SchemaStatus) -> Result<Option<PathBuf>> {
        let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
        let copy = match before.applied.last() {
            Some(last) => Some(self.copy_aside(path, last)?),
            None => None,
        };
        self.batch_execute("PRAGMA journal_mode = WAL")?;
        Ok(copy)
    }

    fn copy_aside(&mut self, path: &Path, last: &str) -> Result<PathBuf> {
        let copy = (0..=u32::MAX)
            .map(|n| {
                let mut name = path.as_os_str().to_owned();
                name.push(format!(".before-migration-from-{last}"));
                if n > 0 {
                    name.push(format!("-{n}"));
                }
                PathBuf::from(name)
            })
            .find(|candidate| !candidate.exists())
            .expect("one of so many names is free");
        let quoted = copy.to_string_lossy().replace('\'', "''");
        self.batch_execute(&format!("VACUUM INTO '{quoted}'"))?;
        Ok(copy)
    }
}

#[cfg(feature = "sqlite")]
const DANGLING: &str = "SELECT \"table\" AS name FROM pragma_foreign_key_check";

fn folder_names<B: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Vec<(String, String)>
where
    EmbeddedMigrations: diesel::migration::MigrationSource<B>,
{
    diesel::migration::MigrationSource::<B>::migrations(source)
        .expect("embedded migrations were parsed at compile time")
        .iter()
        .map(|migration| {
            let version = migration.name().version().to_string();
            let folder = migration.name().to_string();
            let name = folder.split_once('_').map_or(folder.as_str(), |(_, name)| name).to_owned();
            (version, name)
        })
        .collect()
}

fn step<C, B>(connection: &mut C, source: &EmbeddedMigrations, name: &str, direction: Direction) -> Result<()>
where
    C: MigrationHarness<B>,
    B: diesel::backend::Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<B>,
{
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::Migration {
        name: name.to_owned(),
        reason: error.to_string(),
    };
    // The harness makes its table of applied migrations on first use.
    connection.applied_migrations().map_err(failed)?;
    let migrations = diesel::migration::MigrationSource::<B>::migrations(source).map_err(failed)?;
    let migration = migrations
        .iter()
        .find(|m| m.name().to_string().split_once('_').is_some_and(|(_, n)| n == name))
        .ok_or_else(|| failed("it is not in this build".into()))?;
    match direction {
        Direction::Up => connection.run_migration(migration.as_ref()),
        Direction::Down => connection.revert_migration(migration.as_ref()),
    }
    .map(drop)
    .map_err(failed)
}

/// A lock file beside an SQLite database; the operating system frees it when its holder ends.
struct FileLock(#[expect(dead_code, reason = "held for its lock")] Option<std::fs::File>);

impl FileLock {
    fn beside(url: &DatabaseUrl) -> Result<Self> {
        let DatabaseUrl::Sqlite(path) = url else { return Ok(Self(None)) };
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let locked = std::fs::File::create(&path).and_then(|file| file.lock().map(|()| file));
        locked.map(|file| Self(Some(file))).map_err(|source| Error::Io { action: "lock", path, source })
    }
}
