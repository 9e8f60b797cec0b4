//! A SQLite file that migrations are tried on.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::Connection;

use super::Migrated;
use super::shape::{Column, Shape};

/// The columns of every table: table, name, type, nullable, default.
const COLUMNS: &str = include_str!("sqlite_columns.sql");

/// Keys, indexes and triggers, a line each.
const OBJECTS: &str = include_str!("sqlite_objects.sql");

/// An open file.
pub(super) struct Database(Connection);

impl Database {
    /// Makes the file.
    pub(super) fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file).with_context(|| file.display().to_string())?;
        // A migration that builds a table again needs it so, and that is how the program runs them.
        connection.pragma_update(None, "foreign_keys", false)?;
        Ok(Self(connection))
    }
}

impl Migrated for Database {
    fn backend(&self) -> &'static str {
        "sqlite"
    }

    fn run(&mut self, file: &Path) -> Result<()> {
        let place = || file.display().to_string();
        let text = fs::read_to_string(file).with_context(place)?;
        let transaction = self.0.transaction()?;
        transaction.execute_batch(&text).with_context(place)?;
        Ok(transaction.commit()?)
    }

    fn shape(&mut self) -> Result<Shape> {
        let mut shape = Shape::default();
        let mut columns = self.0.prepare(COLUMNS)?;
        let mut rows = columns.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, width) = split(&row.get::<_, String>(2)?);
            let column = Column { kind, width, nullable: row.get(3)?, default: row.get(4)? };
            shape.tables.entry(row.get(0)?).or_default().insert(row.get(1)?, column);
        }
        let mut objects = self.0.prepare(OBJECTS)?;
        let lines = objects.query_map([], |row| row.get(0))?;
        shape.objects = lines.collect::<rusqlite::Result<_>>()?;
        Ok(shape)
    }
}

/// `NUMERIC(10, 6)` into `NUMERIC` and `10,6`.
fn split(kind: &str) -> (String, String) {
    let (name, width) = kind.split_once('(').unwrap_or((kind, ""));
    let width = width.chars().filter(|letter| letter.is_ascii_digit() || *letter == ',');
    (name.trim().to_uppercase(), width.collect())
}
