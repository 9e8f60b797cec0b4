//! A PostgreSQL database that migrations are tried on, through its own client.

use std::path::Path;

use anyhow::{Context, Result};
use test_support::{TestDatabase, psql};

use super::Migrated;
use super::shape::{Column, Shape};
use crate::run::read;

/// The columns of every table: table, name, type, width, nullable, default.
const COLUMNS: &str = include_str!("postgres_columns.sql");

/// Keys, indexes and triggers, a line each.
const OBJECTS: &str = include_str!("postgres_objects.sql");

/// A database of a test server.
pub(super) struct Database<'a>(&'a TestDatabase);

impl<'a> Database<'a> {
    /// That database.
    pub(super) fn new(database: &'a TestDatabase) -> Self {
        Self(database)
    }

    fn ask(&self, question: &str) -> Result<String> {
        let options = ["-A", "-t", "-F", "\t", "-c", question];
        read(psql(self.0.url()).args(options)).context("psql")
    }
}

impl Migrated for Database<'_> {
    fn backend(&self) -> &'static str {
        "postgres"
    }

    fn run(&mut self, file: &Path) -> Result<()> {
        let mut command = psql(self.0.url());
        command.env("PGOPTIONS", "--client-min-messages=warning");
        read(command.args(["-1", "-f"]).arg(file)).map(|_| ())
    }

    fn shape(&mut self) -> Result<Shape> {
        let mut shape = Shape::default();
        for line in self.ask(COLUMNS)?.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [table, name, kind, width, nullable, default] = fields[..] else {
                anyhow::bail!("not a column: {line}");
            };
            let column = Column {
                kind: kind.to_uppercase(),
                width: width.to_owned(),
                nullable: nullable == "YES",
                default: default == "t",
            };
            shape.tables.entry(table.to_owned()).or_default().insert(name.to_owned(), column);
        }
        shape.objects = self.ask(OBJECTS)?.lines().map(str::to_owned).collect();
        Ok(shape)
    }
}
