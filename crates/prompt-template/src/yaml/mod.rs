//! YAML as front matter has it: a tree with the place of each key and value.
//!
//! What YAML would read in more than one way, or would change in silence, is refused: aliases, tags,
//! duplicate keys, numbers that JSON cannot hold. Depth and size are bounded.

mod read;
mod scalar;
mod write;

use std::ops::Range;

use serde_json::{Map, Number, Value};

pub(crate) use read::read;
pub(crate) use write::block;

/// Bytes of one front matter.
pub(crate) const LONGEST: usize = 64 << 10;
/// Lists and mappings within each other.
const DEEPEST: usize = 32;
/// Keys and values.
const MOST_NODES: usize = 5_000;

/// A value with its place in the whole file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) yaml: Yaml,
    pub(crate) range: Range<usize>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_range: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// The same without places.
    pub(crate) fn to_json(&self) -> Value {
        match &self.yaml {
            Yaml::Null => Value::Null,
            Yaml::Bool(bool) => Value::Bool(*bool),
            Yaml::Number(number) => Value::Number(number.clone()),
            Yaml::Text(text) => Value::String(text.clone()),
            Yaml::List(items) => items.iter().map(Self::to_json).collect(),
            Yaml::Map(entries) => Value::Object(to_map(entries)),
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.yaml {
            Yaml::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.yaml {
            Yaml::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.yaml == Yaml::Null
    }

    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.yaml {
            Yaml::Null => "nothing",
            Yaml::Bool(_) => "a boolean",
            Yaml::Number(_) => "a number",
            Yaml::Text(_) => "a text",
            Yaml::List(_) => "a list",
            Yaml::Map(_) => "a mapping",
        }
    }
}

pub(crate) fn to_map(entries: &[Entry]) -> Map<String, Value> {
    entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
}
