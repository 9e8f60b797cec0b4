//! The shape of a database: what a migration may change, in words that both kinds share.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Table;

/// A column's type in the words of the database: the name, and the width in parentheses or nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Column {
    /// The name of the type, in capitals.
    pub(super) kind: String,
    /// `100` of `VARCHAR(100)`, `10,6` of `NUMERIC(10, 6)`.
    pub(super) width: String,
    /// Whether it may hold NULL.
    pub(super) nullable: bool,
    /// Whether it has a default. The texts of defaults differ between the databases.
    pub(super) default: bool,
}

/// The columns of a table, by name.
type Columns = BTreeMap<String, Column>;

/// Tables, and everything that hangs on them.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// By name.
    pub(super) tables: BTreeMap<String, Columns>,
    /// Keys, indexes, triggers, each as a line that reads the same for both kinds of database.
    pub(super) objects: BTreeSet<String>,
}

/// diesel's types, and the names that each database has for them.
const TYPES: &[(&str, &[&str], &[&str])] = &[
    ("Integer", &["INTEGER"], &["INTEGER"]),
    ("BigInt", &["BIGINT", "INTEGER"], &["BIGINT"]),
    ("Text", &["TEXT", "VARCHAR"], &["TEXT", "CHARACTER VARYING"]),
    ("Bool", &["BOOLEAN"], &["BOOLEAN"]),
    ("Double", &["FLOAT", "DOUBLE", "REAL"], &["DOUBLE PRECISION"]),
    ("JsonText", &["JSON", "TEXT"], &["JSON"]),
    ("TimestamptzUtc", &["DATETIME"], &["TIMESTAMP WITH TIME ZONE"]),
    ("NumericValue", &["NUMERIC"], &["NUMERIC"]),
];

impl Shape {
    /// What one database and the diesel schema disagree about.
    pub(super) fn differences_from(&self, declared: &[Table], backend: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let names = declared.iter().map(|table| table.name.as_str()).collect();
        let live = self.tables.keys().map(String::as_str).collect();
        problems.extend(one_sided(&live, &names, &format!("table of {backend}"), "the diesel schema"));
        problems.extend(one_sided(&names, &live, "table of the diesel schema", backend));
        for table in declared {
            if let Some(columns) = self.tables.get(&table.name) {
                problems.extend(compare(table, columns, backend));
            }
        }
        problems
    }

    /// The tables whose names begin with `prefix`.
    pub(super) fn kept<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a String> {
        self.tables.keys().filter(move |table| table.starts_with(prefix))
    }

    /// This without those tables.
    pub(super) fn without(mut self, prefix: &str) -> Self {
        self.tables.retain(|table, _| !table.starts_with(prefix));
        self
    }
}

/// What two shapes of one database disagree about.
pub(super) fn differences(a: &Shape, b: &Shape, when_a: &str, when_b: &str) -> Vec<String> {
    let [lines_a, lines_b] = [a, b].map(|shape| {
        let columns = shape.tables.iter().flat_map(|(table, columns)| {
            columns.iter().map(move |(name, column)| format!("{table}.{name}: {column:?}"))
        });
        columns.chain(shape.objects.iter().cloned()).collect::<BTreeSet<_>>()
    });
    let only_a = lines_a.difference(&lines_b).map(|line| format!("only {when_a}: {line}"));
    let only_b = lines_b.difference(&lines_a).map(|line| format!("only {when_b}: {line}"));
    only_a.chain(only_b).collect()
}

/// What SQLite and PostgreSQL disagree about, beyond what each has against the diesel schema.
pub(super) fn between(sqlite: &Shape, postgres: &Shape) -> Vec<String> {
    let mut problems = Vec::new();
    for (table, ours) in &sqlite.tables {
        for (name, ours) in ours {
            let Some(theirs) = postgres.tables.get(table).and_then(|columns| columns.get(name)) else {
                continue;
            };
            if ours.width != theirs.width {
                let widths = [&ours.width, &theirs.width].map(|width| match width.as_str() {
                    "" => "no width",
                    width => width,
                });
                let [ours, theirs] = widths;
                problems.push(format!("{table}.{name}: {ours} on sqlite, {theirs} on postgres"));
            }
            if ours.default != theirs.default {
                let only = if ours.default { "sqlite" } else { "postgres" };
                problems.push(format!("{table}.{name}: has a default on {only} alone"));
            }
        }
    }
    let only = |a: &Shape, b: &Shape, name: &str| {
        let lines = a.objects.difference(&b.objects);
        lines.map(|line| format!("on {name} alone: {line}")).collect::<Vec<_>>()
    };
    problems.extend(only(sqlite, postgres, "sqlite"));
    problems.extend(only(postgres, sqlite, "postgres"));
    problems
}

fn compare(declared: &Table, live: &Columns, backend: &str) -> Vec<String> {
    let table = &declared.name;
    let names = declared.columns.iter().map(|column| column.name.as_str()).collect();
    let ours = live.keys().map(String::as_str).collect();
    let what = format!("column of {backend}.{table}");
    let mut problems = one_sided(&ours, &names, &what, "the diesel schema");
    let what = format!("column of the diesel schema's {table}");
    problems.extend(one_sided(&names, &ours, &what, backend));
    for column in &declared.columns {
        let Some(live) = live.get(&column.name) else {
            continue;
        };
        let place = format!("{table}.{}", column.name);
        let kinds = TYPES.iter().find(|(kind, ..)| *kind == column.kind);
        match kinds.map(|(_, sqlite, postgres)| if backend == "sqlite" { sqlite } else { postgres }) {
            None => problems.push(format!("{place}: the check knows no type {}", column.kind)),
            Some(kinds) if !kinds.contains(&live.kind.as_str()) => {
                let (kind, declared) = (&live.kind, &column.kind);
                problems.push(format!("{place}: {kind} on {backend}, {declared} in the diesel schema"));
            }
            Some(_) => {}
        }
        if live.nullable != column.nullable {
            let [live, declared] = [live.nullable, column.nullable]
                .map(|nullable| if nullable { "may be NULL" } else { "is NOT NULL" });
            problems.push(format!("{place}: {live} on {backend}, {declared} in the diesel schema"));
        }
    }
    problems
}

/// What is in `here` and not in `there`.
fn one_sided(here: &BTreeSet<&str>, there: &BTreeSet<&str>, what: &str, other: &str) -> Vec<String> {
    let missing = here.difference(there);
    missing.map(|name| format!("{name}: a {what} that {other} does not have")).collect()
}
