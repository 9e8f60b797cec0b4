//! Values as YAML that is read back as the same values.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::excerpt::is_hidden;
use crate::yaml::Yaml;
use crate::yaml::scalar::plain;

/// A mapping in block style, each line indented by two blanks for each level.
pub(crate) fn block(map: &Map<String, Value>, level: usize, out: &mut String) {
    for (name, value) in map {
        out.extend(std::iter::repeat_n("  ", level));
        out.push_str(&key(name));
        out.push(':');
        under(value, level, out);
    }
}

/// What follows a key or a dash.
fn under(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            block(map, level + 1, out);
        }
        Value::Array(items) if !items.is_empty() && items.iter().any(|item| !is_scalar(item)) => {
            out.push('\n');
            for item in items {
                out.extend(std::iter::repeat_n("  ", level + 1));
                out.push('-');
                under(item, level + 1, out);
            }
        }
        value => {
            out.push(' ');
            flow(value, out);
            out.push('\n');
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// A scalar, a list of scalars, or something empty.
fn flow(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(&scalar(text)),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                match item {
                    Value::String(text) if text.contains(',') => out.push_str(&quoted(text)),
                    item => flow(item, out),
                }
            }
            out.push(']');
        }
        // Null, booleans, numbers and `{}` are the same in JSON.
        other => out.push_str(&other.to_string()),
    }
}

/// A key, in quotes where it needs them.
fn key(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_?-.".contains(c));
    if is_plain && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A text, without quotes where it is plainly one.
fn scalar(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_alphabetic() && !is_hidden(c));
    let holds = text.chars().all(|c| c.is_alphanumeric() || " _-./,;()'+".contains(c));
    let is_plain = begins && holds && !text.ends_with(' ') && matches!(plain(text), Ok(Yaml::Text(_)));
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// In double quotes, with escapes for what cannot be seen.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) || is_noncharacter(c) => {
                let number = u32::from(c);
                // Writing to a `String` cannot fail.
                let _ = if number > 0xffff {
                    write!(out, "\\U{number:08X}")
                } else {
                    write!(out, "\\u{number:04X}")
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that YAML does not let stand as they are.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}
