//! The contents of a database as text, to be compared.

use std::fmt::Write;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::postgres::psql;

/// Every row of every table of a SQLite file, in the order in which they were stored.
pub(crate) fn sqlite(path: &Path) -> rusqlite::Result<String> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // One state, whoever writes at the same time.
    let connection = connection.unchecked_transaction()?;
    let mut names =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut dump = String::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\" ORDER BY rowid"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            dump.push_str(&name);
            for column in 0..columns {
                dump.push('\t');
                push_value(&mut dump, row.get_ref(column)?);
            }
            dump.push('\n');
        }
    }
    Ok(dump)
}

fn push_value(dump: &mut String, value: ValueRef<'_>) {
    let written = match value {
        ValueRef::Text(text) => write!(dump, "{:?}", String::from_utf8_lossy(text)),
        other => write!(dump, "{other:?}"),
    };
    written.expect("a String takes whatever is written");
}

/// Every row of every table of a PostgreSQL database, sorted: a table has no order there.
pub(crate) fn postgres(url: &str) -> Result<String, String> {
    let run = |arguments: &[String]| {
        let output = psql(url).args(arguments).output().map_err(|error| format!("psql: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    let names = run(&["-At".to_owned(), "-c".to_owned(), names.to_owned()])?;
    let copy = |name: &str| format!("COPY (SELECT '{name}', rows.* FROM \"{name}\" AS rows) TO STDOUT");
    let arguments: Vec<String> = names.lines().flat_map(|name| ["-c".to_owned(), copy(name)]).collect();
    let rows = run(&arguments)?;
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_unstable();
    Ok(rows.join("\n"))
}
