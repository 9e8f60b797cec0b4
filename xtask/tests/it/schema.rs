//! `schema` names the table and the column that differ.

use test_support::TestDatabase;

use crate::workspace::{Copy, Verdict, root, xtask};

const SCHEMA: &str = "crates/prompt-model/src/db/schema.rs";
const SQLITE_UP: &str = "migrations/sqlite/1_things/up.sql";
const SQLITE_DOWN: &str = "migrations/sqlite/1_things/down.sql";
const POSTGRES_UP: &str = "migrations/postgres/1_things/up.sql";
const POSTGRES_DOWN: &str = "migrations/postgres/1_things/down.sql";

/// Two tables that agree everywhere.
fn agreeing() -> Copy {
    let copy = Copy::empty();
    copy.write(
        SCHEMA,
        "diesel::table! {
            things (id) {
                id -> Integer,
                name -> Text,
                made_at -> Nullable<TimestamptzUtc>,
                cost -> Nullable<NumericValue>,
            }
        }
        diesel::table! {
            parts (thing_id, place) {
                thing_id -> Integer,
                place -> Integer,
                notes -> JsonText,
            }
        }\n",
    );
    copy.write(
        SQLITE_UP,
        "CREATE TABLE things (
            id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE,
            made_at DATETIME DEFAULT CURRENT_TIMESTAMP, cost NUMERIC(10, 6)
        );
        CREATE TABLE parts (
            thing_id INTEGER NOT NULL, place INTEGER NOT NULL, notes JSON NOT NULL,
            PRIMARY KEY (thing_id, place),
            FOREIGN KEY (thing_id) REFERENCES things (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_things_made_at ON things (made_at, name);\n",
    );
    copy.write(
        POSTGRES_UP,
        "CREATE TABLE things (
            id SERIAL PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE,
            made_at TIMESTAMP WITH TIME ZONE DEFAULT now(), cost NUMERIC(10, 6)
        );
        CREATE TABLE parts (
            thing_id INTEGER NOT NULL REFERENCES things (id) ON DELETE CASCADE,
            place INTEGER NOT NULL, notes JSON NOT NULL,
            PRIMARY KEY (thing_id, place)
        );
        CREATE INDEX ix_things_made_at ON things (made_at, name);\n",
    );
    copy.write(SQLITE_DOWN, "DROP TABLE parts; DROP TABLE things;\n");
    copy.write(POSTGRES_DOWN, "DROP TABLE parts; DROP TABLE things;\n");
    copy
}

/// What `schema` says after one change to the tables that agree.
fn after(file: &str, from: &str, to: &str) -> Verdict {
    let copy = agreeing();
    copy.replace(file, from, to);
    copy.xtask(&["schema"])
}

/// Whether the PostgreSQL side is looked at here.
fn has_postgres() -> bool {
    TestDatabase::postgres().is_some()
}

#[test]
fn this_workspace_agrees() {
    xtask(root(), &["schema"]).passes();
}

#[test]
fn tables_that_agree_pass() {
    agreeing().xtask(&["schema"]).passes();
}

#[test]
fn a_type_that_differs_is_named() {
    after(SCHEMA, "name -> Text", "name -> Integer")
        .fails_with(&["things.name: VARCHAR on sqlite, Integer in the diesel schema"]);
    after(SQLITE_UP, "notes JSON", "notes BLOB")
        .fails_with(&["parts.notes: BLOB on sqlite, JsonText in the diesel schema"]);
}

#[test]
fn a_null_that_differs_is_named() {
    let reason = "things.cost: may be NULL on sqlite, is NOT NULL in the diesel schema";
    after(SCHEMA, "cost -> Nullable<NumericValue>", "cost -> NumericValue").fails_with(&[reason]);
}

#[test]
fn a_column_or_table_on_one_side_is_named() {
    after(SCHEMA, "cost -> Nullable<NumericValue>,", "")
        .fails_with(&["cost: a column of sqlite.things that the diesel schema does not have"]);
    after(SQLITE_UP, ", cost NUMERIC(10, 6)", "")
        .fails_with(&["cost: a column of the diesel schema's things that sqlite does not have"]);
    after(SCHEMA, "parts (thing_id, place)", "pieces (thing_id, place)").fails_with(&[
        "parts: a table of sqlite that the diesel schema does not have",
        "pieces: a table of the diesel schema that sqlite does not have",
    ]);
}

#[test]
fn databases_that_differ_are_named() {
    if !has_postgres() {
        return;
    }
    after(POSTGRES_UP, "VARCHAR(20)", "VARCHAR(30)")
        .fails_with(&["things.name: 20 on sqlite, 30 on postgres"]);
    after(POSTGRES_UP, "TIMESTAMP WITH TIME ZONE", "TIMESTAMP")
        .fails_with(&["things.made_at: TIMESTAMP WITHOUT TIME ZONE on postgres"]);
    after(POSTGRES_UP, " ON DELETE CASCADE", "").fails_with(&[
        "on sqlite alone: foreign key of parts (thing_id) to things (id) on delete cascade",
        "on postgres alone: foreign key of parts (thing_id) to things (id) on delete no action",
    ]);
    after(SQLITE_UP, "(made_at, name)", "(name)").fails_with(&[
        "on sqlite alone: index ix_things_made_at on things (name)",
        "on postgres alone: index ix_things_made_at on things (made_at, name)",
    ]);
    after(SQLITE_UP, " UNIQUE", "").fails_with(&["on postgres alone: unique constraint on things (name)"]);
    after(POSTGRES_UP, " DEFAULT now()", "").fails_with(&["things.made_at: has a default on sqlite alone"]);
}

#[test]
fn a_way_down_leaves_nothing() {
    let copy = agreeing();
    let keeping = "CREATE TABLE kept_things AS SELECT * FROM things; DROP TABLE things;";
    copy.replace(SQLITE_DOWN, "DROP TABLE things;", keeping);
    let reason = "sqlite: up again: only the second time: kept_things.id";
    copy.xtask(&["schema"]).fails_with(&[reason]);

    let copy = agreeing();
    copy.replace(SQLITE_DOWN, "DROP TABLE things;", "CREATE TABLE left_over (id INTEGER);");
    copy.replace(SQLITE_UP, "CREATE TABLE things", "CREATE TABLE IF NOT EXISTS things");
    copy.replace(SQLITE_UP, "CREATE INDEX", "CREATE INDEX IF NOT EXISTS");
    copy.xtask(&["schema"]).fails_with(&["sqlite: down of 1_things: only after it: left_over.id"]);
}
