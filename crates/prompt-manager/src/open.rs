//! Opening a database for use: schema and seeds as far as may be done unasked.

use std::time::SystemTime;

use prompt_model::db::MigrationReport;
use prompt_model::{Database, DatabaseUrl, OpenOptions};

use crate::seed::SeedReport;
use crate::{OrchestrationTemplateManager, Result};

/// An opened database and what opening did.
pub struct Opened {
    /// The templates in it.
    pub manager: OrchestrationTemplateManager,
    /// The migrations that were applied.
    pub migration: MigrationReport,
    /// The seeds that were made.
    pub seeds: SeedReport,
}

/// Opens a database, brings an SQLite file up to date, and seeds it.
///
/// A PostgreSQL database is shared, so nothing in it is changed here; see [`migrate`].
pub fn open(url: &DatabaseUrl, at: SystemTime) -> Result<Opened> {
    let (database, migration) = Database::open_current(url, &OpenOptions::default())?;
    let manager = OrchestrationTemplateManager::new(database);
    let seeds = match url {
        DatabaseUrl::Sqlite(_) => manager.seed(at)?,
        DatabaseUrl::Postgres(_) => SeedReport::default(),
    };
    Ok(Opened { manager, migration, seeds })
}

/// Applies what migrations are pending, on either backend, and seeds.
pub fn migrate(url: &DatabaseUrl, at: SystemTime) -> Result<Opened> {
    let database = Database::open(url, &OpenOptions::default())?;
    let migration = database.migrate()?;
    let manager = OrchestrationTemplateManager::new(database);
    let seeds = manager.seed(at)?;
    Ok(Opened { manager, migration, seeds })
}
