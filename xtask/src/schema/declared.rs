//! The tables that the diesel schema declares, read out of its source.
//!
//! Only what `table!` blocks of this project hold is understood: a header `name (keys) {` and lines
//! `column -> Type,`, with attributes and comments between. Anything else is an error, not a guess.

use anyhow::{Context, Result, bail};

/// One `table!`.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Table {
    /// Its name in the database.
    pub(super) name: String,
    /// In the order of the declaration.
    pub(super) columns: Vec<Column>,
}

/// One line of a table.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Column {
    /// Its name in the database.
    pub(super) name: String,
    /// The SQL type, without `Nullable` and without a path.
    pub(super) kind: String,
    /// Whether it is `Nullable`.
    pub(super) nullable: bool,
}

/// Every table of a source text.
pub(super) fn tables(source: &str) -> Result<Vec<Table>> {
    let without_comments = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    let code: Vec<_> = source.lines().map(without_comments).collect();
    let code = code.join("\n");
    let blocks = code.split("table! {").skip(1);
    blocks.map(|block| table(enclosed(block)?)).collect()
}

/// The text up to the brace that closes one opened before it.
fn enclosed(text: &str) -> Result<&str> {
    let mut depth = 1_u32;
    for (at, letter) in text.char_indices() {
        depth = match letter {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return Ok(&text[..at]);
        }
    }
    bail!("a `table!` block is not closed")
}

fn table(block: &str) -> Result<Table> {
    // What stands before the header are imports, each ended by a semicolon; they may hold braces.
    let start = block.rfind(';').map_or(0, |at| at + 1);
    let (header, rest) = block[start..].split_once('{').context("a `table!` without columns")?;
    let mut attributes = Attributes::default();
    let header = attributes.strip(header);
    let name = header.split('(').next().unwrap_or_default().trim();
    let name = attributes.name.unwrap_or_else(|| name.to_owned());
    let lines = enclosed(rest)?.split(",\n").map(str::trim).filter(|line| !line.is_empty());
    let columns = lines.map(|line| column(line).with_context(|| format!("table {name}")));
    let columns = columns.collect::<Result<_>>()?;
    Ok(Table { name, columns })
}

fn column(line: &str) -> Result<Column> {
    let mut attributes = Attributes::default();
    let line = attributes.strip(line);
    let (name, kind) = line.split_once("->").with_context(|| format!("not a column: {line}"))?;
    let kind = kind.trim().trim_end_matches(',');
    let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
    let path = inner.unwrap_or(kind).trim();
    let kind = match path.rsplit("::").next().unwrap_or(path) {
        "Varchar" => "Text",
        "Int4" => "Integer",
        "Int8" => "BigInt",
        "Float8" => "Double",
        kind => kind,
    };
    Ok(Column {
        name: attributes.name.unwrap_or_else(|| name.trim().to_owned()),
        kind: kind.to_owned(),
        nullable: inner.is_some(),
    })
}

/// The attributes in front of a table or a column.
#[derive(Default)]
struct Attributes {
    /// What `#[sql_name = "..."]` says.
    name: Option<String>,
}

impl Attributes {
    /// Takes the attributes off the front of `text`.
    fn strip<'a>(&mut self, text: &'a str) -> &'a str {
        let mut text = text.trim();
        while let Some((attribute, rest)) = text.strip_prefix("#[").and_then(|t| t.split_once(']')) {
            if let Some(value) = attribute.trim().strip_prefix("sql_name") {
                let name = value.trim_matches(|letter| " =\"".contains(letter));
                self.name = Some(name.to_owned());
            }
            text = rest.trim();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, tables};

    fn column(name: &str, kind: &str, nullable: bool) -> Column {
        Column { name: name.to_owned(), kind: kind.to_owned(), nullable }
    }

    #[test]
    fn tables_are_read_with_imports_attributes_and_comments() {
        let source = r#"
            //! A schema.
            diesel::table! {
                use diesel::sql_types::{Integer, Text};
                use super::types::*;

                /// Things { that are }.
                things (id) {
                    /// Its number.
                    id -> Integer,
                    #[sql_name = "type"]
                    type_ -> Varchar,
                    #[max_length = 36]
                    made_at -> Nullable<super::types::TimestamptzUtc>, // when
                }
            }
            diesel::table! {
                links (a, b) { a -> Integer,
                b -> Integer }
            }
            diesel::joinable!(links -> things (a));
        "#;
        let found = tables(source).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name, "things");
        let expected = [
            column("id", "Integer", false),
            column("type", "Text", false),
            column("made_at", "TimestamptzUtc", true),
        ];
        assert_eq!(found[0].columns, expected);
        assert_eq!(found[1].name, "links");
        assert_eq!(found[1].columns, [column("a", "Integer", false), column("b", "Integer", false)]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        assert!(tables("table! { a (id) { id }}").is_err());
        assert!(tables("table! { a (id) { id -> Integer,").is_err());
    }
}
