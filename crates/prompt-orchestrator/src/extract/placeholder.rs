//! Whether a body still holds the prompt's placeholders and nothing else (rule 12).
//!
//! A placeholder is wholly bracketed, wholly in angles, or an ellipsis; headings, labels and bullets around
//! it do not fill it. Any other text makes a body a real one, even a single line.

use super::fence::Fence;
use super::lines::{is_blank, is_rule};

/// Whether every line of a body is a placeholder or stands around one.
pub(super) fn is_unfilled(text: &str) -> bool {
    if is_enclosed(text.trim()) {
        return true;
    }
    let mut found = false;
    let mut lines = text.split('\n').filter(|line| !is_blank(line));
    while let Some(line) = lines.next() {
        if is_rule(line) || Fence::parse(line).is_some() {
            continue;
        }
        let (heading, value) = value(line);
        match kind(value) {
            Kind::Placeholder => found = true,
            Kind::Begun(mut depth) => {
                for line in lines.by_ref() {
                    depth += balance(line);
                    if depth <= 0 {
                        break;
                    }
                }
                found = true;
            }
            Kind::Empty => {}
            Kind::Text if heading => {}
            Kind::Text => return false,
        }
    }
    found
}

/// Whether the first paragraph of a body is a placeholder.
pub(super) fn begins_unfilled(text: &str) -> bool {
    text.split("\n\n").next().is_some_and(is_unfilled)
}

enum Kind {
    Placeholder,
    /// A bracket that goes on in the next lines, and how many are open.
    Begun(i64),
    Empty,
    Text,
}

/// Whether the line is a heading, and what it says behind bullets, numbers, marks and its label.
fn value(line: &str) -> (bool, &str) {
    let text = line.trim_ascii();
    let heading = text.starts_with('#');
    let mut rest = text.trim_start_matches(['#', '>', '-', '*', '+', '•', '_', '`', '|', ' ', '\t']);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if after.len() < rest.len() {
        rest = after.strip_prefix(['.', ')']).unwrap_or(rest);
    }
    let rest = rest.trim_matches(|c: char| matches!(c, '*' | '_' | '`' | '|' | ' ' | '\t'));
    match rest.split_once([':', '|']) {
        Some((label, value)) if is_label(label) => {
            (heading || label == "Feature", value.trim_matches(['*', '_', '`', ' ', '\t']))
        }
        _ => (heading, rest),
    }
}

fn is_label(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace().take(6);
    words.by_ref().count() <= 5 && !text.contains(['[', '<', '.'])
}

fn kind(value: &str) -> Kind {
    if value.is_empty() {
        Kind::Empty
    } else if is_enclosed(value) {
        Kind::Placeholder
    } else if value.starts_with('[') && balance(value) > 0 {
        Kind::Begun(balance(value))
    } else {
        Kind::Text
    }
}

/// Whether one pair of brackets spans the whole, or it is an ellipsis. A box to tick is not.
fn is_enclosed(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [b'[', inner @ .., b']'] if inner.trim_ascii().len() > 1 => spans(text),
        [b'<', .., b'>'] => !text[1..text.len() - 1].contains(['<', '>']),
        _ => text.chars().all(|c| matches!(c, '.' | '…')) && (text.len() > 2),
    }
}

/// Whether the first bracket is closed by the last one.
fn spans(text: &str) -> bool {
    let mut depth = 0_i64;
    let last = text.len() - 1;
    for (at, byte) in text.bytes().enumerate() {
        depth += i64::from(byte == b'[') - i64::from(byte == b']');
        if depth == 0 {
            return at == last;
        }
    }
    false
}

fn balance(text: &str) -> i64 {
    text.bytes().map(|byte| i64::from(byte == b'[') - i64::from(byte == b']')).sum()
}
