//! Rules of Python that templates converted from Jinja2 rely on.
//!
//! Sources: the reference of Python 3.11 (`str.splitlines`, `str.strip`, `str.capitalize`, `repr`,
//! comparisons) and the Unicode Character Database. Fixtures of the tests were made by Python itself.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::helpers::given::{Growing, Halt};

/// What `str.strip` removes.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The lines of `str.splitlines`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(at) = rest.find(is_line_end) else {
            return Some(std::mem::take(&mut rest));
        };
        let line = &rest[..at];
        let after = &rest[at..];
        let width =
            if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(0, char::len_utf8) };
        rest = &after[width..];
        Some(line)
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `str.capitalize`: the first character in title case, all others in lower case.
pub(super) fn capitalized(text: &str) -> String {
    let Some(first) = text.chars().next() else {
        return String::new();
    };
    let mut out = title(first);
    // Lowering the whole sees that a sigma is the last letter of its word.
    let lower = text.to_lowercase();
    out.extend(lower.chars().skip(first.to_lowercase().count()));
    out
}

/// A character in title case, which is upper case but for letters that stand for two or more, and
/// for Georgian, which has no capitals at the start of a word.
fn title(c: char) -> String {
    match c {
        '\u{1c4}'..='\u{1c6}' => "\u{1c5}".to_owned(),
        '\u{1c7}'..='\u{1c9}' => "\u{1c8}".to_owned(),
        '\u{1ca}'..='\u{1cc}' => "\u{1cb}".to_owned(),
        '\u{1f1}'..='\u{1f3}' => "\u{1f2}".to_owned(),
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c.to_string(),
        '\u{1f80}'..='\u{1faf}' => char::from_u32(u32::from(c) | 8).unwrap_or(c).to_string(),
        '\u{1fb3}' | '\u{1fbc}' => "\u{1fbc}".to_owned(),
        '\u{1fc3}' | '\u{1fcc}' => "\u{1fcc}".to_owned(),
        '\u{1ff3}' | '\u{1ffc}' => "\u{1ffc}".to_owned(),
        // A small iota below the letter stays below it.
        '\u{1fb2}' | '\u{1fb4}' | '\u{1fb7}' | '\u{1fc2}' | '\u{1fc4}' | '\u{1fc7}' | '\u{1ff2}'
        | '\u{1ff4}' | '\u{1ff7}' => {
            c.to_uppercase().map(|c| if c == '\u{399}' { '\u{345}' } else { c }).collect()
        }
        'ß' | '\u{587}' | '\u{fb00}'..='\u{fb06}' | '\u{fb13}'..='\u{fb17}' => {
            let mut upper = c.to_uppercase();
            let first = upper.next();
            first.into_iter().chain(upper.flat_map(char::to_lowercase)).collect()
        }
        _ => c.to_uppercase().collect(),
    }
}

/// `str(value)`: a text as it is, everything else as `repr` has it.
pub(super) fn str(value: &Value, out: &mut Growing<'_>) -> Result<(), Halt> {
    match value {
        Value::String(text) => out.push(text),
        _ => repr(value, out),
    }
}

/// `repr(value)`. The value is known not to be nested too deep.
fn repr(value: &Value, out: &mut Growing<'_>) -> Result<(), Halt> {
    match value {
        Value::Null => out.push("None"),
        Value::Bool(true) => out.push("True"),
        Value::Bool(false) => out.push("False"),
        Value::Number(number) => out.push(&repr_of_number(number)),
        Value::String(text) => repr_of_text(text, out),
        Value::Array(items) => {
            out.push("[")?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(", ")?;
                }
                repr(item, out)?;
            }
            out.push("]")
        }
        Value::Object(items) => {
            out.push("{")?;
            for (at, (key, item)) in items.iter().enumerate() {
                if at > 0 {
                    out.push(", ")?;
                }
                repr_of_text(key, out)?;
                out.push(": ")?;
                repr(item, out)?;
            }
            out.push("}")
        }
    }
}

fn repr_of_number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => repr_of_float(float),
        _ => number.to_string(),
    }
}

/// The fewest digits that are read back as the same number, with an exponent below 1e-4 and from 1e16.
pub(super) fn repr_of_float(float: f64) -> String {
    let shortest = format!("{float:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = float.to_string();
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn repr_of_text(text: &str, out: &mut Growing<'_>) -> Result<(), Halt> {
    let quote = if text.contains('\'') && !text.contains('"') { "\"" } else { "'" };
    out.push(quote)?;
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let Some(escaped) = escape(c, quote) else { continue };
        out.push(&text[plain..at])?;
        out.push(&escaped)?;
        plain = at + c.len_utf8();
    }
    out.push(&text[plain..])?;
    out.push(quote)
}

fn escape(c: char, quote: &str) -> Option<String> {
    let code = u32::from(c);
    Some(match c {
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '"' | '\'' if quote.starts_with(c) => format!("\\{c}"),
        ' '..='~' => return None,
        _ if is_printable(c) => return None,
        _ if code <= 0xff => format!("\\x{code:02x}"),
        _ if code <= 0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    })
}

/// True for what neither Python nor Rust escapes: both escape the same general categories.
fn is_printable(c: char) -> bool {
    // Behind another letter, as Rust escapes a combining mark that stands first.
    let mut pair = [b'a'; 5];
    let length = c.encode_utf8(&mut pair[1..]).len();
    str::from_utf8(&pair[..=length]).is_ok_and(|pair| pair.escape_debug().nth(1) == Some(c))
}

/// `left == right`: numbers are equal by value, and true is 1.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => super::compare::numbers(&left, &right).is_some_and(Ordering::is_eq),
            _ => left == right,
        },
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Bool(flag) => Some(Number::from(u8::from(*flag))),
        _ => None,
    }
}

/// False for what Python takes for false in a condition.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
    }
}
