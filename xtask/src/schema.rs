//! `cargo xtask schema`: the migrated databases of both kinds against the diesel schema, and the
//! migrations against their own way back.

mod declared;
mod postgres;
mod shape;
mod sqlite;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use test_support::{PostgresServer, TestDatabase};

use crate::run::conclude;
use crate::source;
use crate::tidy::BACKENDS;
use crate::workspace::Workspace;
use shape::Shape;

/// Where the diesel schema is, below the top folder.
const SCHEMA: &str = "crates/prompt-model/src/db/schema.rs";

/// Tables in which a down migration keeps what the next up brings back.
const KEPT: &str = "kept_";

/// Compares; PostgreSQL is left out where there is no `server`, which is said.
pub(crate) fn run(workspace: &Workspace, server: Option<&PostgresServer>) -> Result<()> {
    let schema = workspace.root.join(SCHEMA);
    let text = fs::read_to_string(&schema).with_context(|| SCHEMA)?;
    let tables = declared::tables(&text).with_context(|| SCHEMA)?;
    ensure!(!tables.is_empty(), "{SCHEMA}: no `table!` found");

    let migrations = workspace.root.join("migrations");
    let [sqlite, postgres] = BACKENDS.map(|backend| steps(&migrations.join(backend)));
    let file = TestDatabase::sqlite();
    let mut file = sqlite::Database::open(&file.path().context("a SQLite database is a file")?)?;
    let mut problems = Vec::new();
    let on_sqlite = round_trip(&mut file, &sqlite?, &mut problems)?;
    problems.extend(on_sqlite.differences_from(&tables, BACKENDS[0]));
    if let Some(server) = server {
        let database = TestDatabase::on(server);
        let mut database = postgres::Database::new(&database);
        let on_postgres = round_trip(&mut database, &postgres?, &mut problems)?;
        problems.extend(on_postgres.differences_from(&tables, BACKENDS[1]));
        problems.extend(shape::between(&on_sqlite, &on_postgres));
        conclude("schema, on SQLite and PostgreSQL", &problems)
    } else {
        conclude("schema, on SQLite alone", &problems)
    }
}

/// A database that migrations can be tried on.
trait Migrated {
    /// Its kind, as the folders of the migrations name it.
    fn backend(&self) -> &'static str;
    /// Runs a file of statements.
    fn run(&mut self, file: &Path) -> Result<()>;
    /// Its tables, keys, indexes and triggers.
    fn shape(&mut self) -> Result<Shape>;
}

/// A migration's folder, by name.
type Step = (String, PathBuf);

/// The migrations of one kind of database, in order.
fn steps(folder: &Path) -> Result<Vec<Step>> {
    let steps = source::folders(folder)?;
    ensure!(!steps.is_empty(), "{}: no migrations", folder.display());
    Ok(steps)
}

/// Everything up, down, and up again; the shape that it has then.
///
/// What is found wrong on the way goes into `problems`.
fn round_trip(database: &mut dyn Migrated, steps: &[Step], problems: &mut Vec<String>) -> Result<Shape> {
    let backend = database.backend();
    let mut before = Vec::new();
    for (_, folder) in steps {
        before.push(database.shape()?);
        database.run(&folder.join("up.sql"))?;
    }
    let first = database.shape()?;
    let kept = first.kept(KEPT);
    problems.extend(kept.map(|table| format!("{backend}: {table} is left after every up")));
    let known = problems.len();
    for ((name, folder), before) in steps.iter().zip(&before).rev() {
        database.run(&folder.join("down.sql"))?;
        let after = database.shape()?.without(KEPT);
        let wrong = shape::differences(before, &after, "before it", "after it");
        problems.extend(wrong.iter().map(|wrong| format!("{backend}: down of {name}: {wrong}")));
    }
    if problems.len() > known {
        // What was left behind would only be in the way.
        return Ok(first);
    }
    for (_, folder) in steps {
        database.run(&folder.join("up.sql"))?;
    }
    let second = database.shape()?;
    let wrong = shape::differences(&first, &second, "the first time", "the second time");
    problems.extend(wrong.into_iter().map(|wrong| format!("{backend}: up again: {wrong}")));
    Ok(second)
}
