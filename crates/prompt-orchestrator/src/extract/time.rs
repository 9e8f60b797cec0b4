//! The time that the notes estimate (rule 14).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Number;

use super::label;

/// An estimate of time, from one number or a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeEstimate {
    /// The lower end; an integer where it was written as one.
    pub min: Number,
    /// The upper end; the same as the lower one where a single number was given.
    pub max: Number,
    /// The unit as it was written, empty where there was none.
    pub unit: String,
}

/// The first number or range behind a label on its own line. The parts of an estimate are never summed.
pub(super) fn find(notes: &str) -> Option<TimeEstimate> {
    let notes = &with_ascii_digits(notes);
    let mut labelled = notes.split('\n').filter_map(label::time).peekable();
    if labelled.peek().is_some() {
        return labelled.find_map(estimate);
    }
    notes.split('\n').filter_map(label::time_within).find_map(estimate)
}

/// Full-width figures are figures; nothing else of the text is changed, so that a unit stays as written.
fn with_ascii_digits(notes: &str) -> Cow<'_, str> {
    let is_wide = |c: char| ('０'..='９').contains(&c);
    if !notes.contains(is_wide) {
        return Cow::Borrowed(notes);
    }
    let narrow = |c: char| if is_wide(c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
    Cow::Owned(notes.chars().map(narrow).collect())
}

/// A number and the unit behind it.
struct Amount<'a> {
    digits: &'a str,
    unit: &'a str,
    rest: &'a str,
}

fn estimate(value: &str) -> Option<TimeEstimate> {
    let (hint, value) = bracketed_unit(value);
    if is_placeholder(value) {
        return None;
    }
    let first = first_amount(value)?;
    let last = range_end(&first);
    let (low, unit) = (number(first.digits)?, if first.unit.is_empty() { hint } else { first.unit });
    let Some(last) = last else {
        return Some(TimeEstimate { min: low.clone(), max: low, unit: unit.to_owned() });
    };
    let high = number(last.digits)?;
    let unit = if last.unit.is_empty() { unit } else { last.unit };
    let (min, max) = if low.as_f64() <= high.as_f64() { (low, high) } else { (high, low) };
    Some(TimeEstimate { min, max, unit: unit.to_owned() })
}

/// `(hours): 5` gives its unit before the number.
fn bracketed_unit(value: &str) -> (&str, &str) {
    let inner = value.trim_ascii_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match inner {
        Some((unit, rest)) if rest.contains(':') => (unit.strip_prefix("in ").unwrap_or(unit).trim(), rest),
        _ => ("", value),
    }
}

/// Whether brackets still ask for the value: `[X-Y hours]`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '[' | '<' | '{'));
    let Some(rest) = value.strip_prefix(['[', '<', '{']) else { return false };
    let inner = rest.split([']', '>', '}']).next().unwrap_or_default();
    let mut words = inner.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "X" | "Y" | "N" | "x" | "y" | "n" | "eg" | "example" | "e"))
        || !inner.contains(|c: char| c.is_ascii_digit())
}

/// The first number that a unit of time follows; else the first number.
fn first_amount(value: &str) -> Option<Amount<'_>> {
    let first = amount(value)?;
    let mut next = Some(Amount { ..first });
    while let Some(candidate) = next {
        let end = range_end(&candidate);
        if is_time(candidate.unit) || end.as_ref().is_some_and(|end| is_time(end.unit)) {
            return Some(candidate);
        }
        next = amount(candidate.rest);
    }
    amount(value)
}

/// The number at the front or further on.
fn amount(text: &str) -> Option<Amount<'_>> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let text = &text[start..];
    let end = digits_end(text);
    let (digits, rest) = text.split_at(end);
    let (unit, rest) = unit(rest);
    Some(Amount { digits, unit, rest })
}

/// The end of a number: digits, and points or commas between digits.
fn digits_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let inner = matches!(byte, b'.' | b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !inner {
            break;
        }
        end += 1;
    }
    end
}

/// The unit behind a number, with an adjective such as `working` before it, and what follows.
fn unit(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches(['*', '_', '`', '+', ' ', '\t', '\u{a0}', '\u{202f}']);
    let text = text.strip_prefix('-').filter(|rest| rest.starts_with(char::is_alphabetic)).unwrap_or(text);
    let word = word_end(text);
    if word == 0 || text[..word].eq_ignore_ascii_case("to") || text[..word].eq_ignore_ascii_case("and") {
        return ("", text);
    }
    let behind = text[word..].trim_start_matches(' ');
    let second = word_end(behind);
    let gap = text.len() - word - behind.len();
    if gap == 1 && is_time(&behind[..second]) && !is_time(&text[..word]) {
        return text.split_at(word + gap + second);
    }
    text.split_at(word)
}

fn word_end(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(text.len());
    text[..end].trim_end_matches('-').len()
}

/// Units by which time is measured or planned.
const UNITS: [&str; 26] = [
    "h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minute", "minutes", "d", "day", "days", "w",
    "wk", "wks", "week", "weeks", "mo", "month", "months", "sprint", "sprints", "points", "year", "years",
];

fn is_time(unit: &str) -> bool {
    let last = unit.rsplit([' ', '-']).next().unwrap_or_default().to_lowercase();
    UNITS.contains(&last.as_str())
}

/// The upper end of a range that an amount begins: a dash or `to`, and a number of the same unit.
fn range_end<'a>(first: &Amount<'a>) -> Option<Amount<'a>> {
    let rest = first.rest.trim_start_matches(['*', '_', '`', ' ', '\t']);
    let dash = rest
        .strip_prefix(['-', '–', '—', '−', '~', '～', '‑', '‒'])
        .map(|rest| rest.trim_start_matches(['-', '>']));
    let after = dash.or_else(|| {
        let (word, rest) = rest.split_at_checked(rest.find(' ')?)?;
        ["to", "and", "bis"].iter().any(|joiner| joiner.eq_ignore_ascii_case(word)).then_some(rest)
    })?;
    let after = after.trim_start_matches(['*', '_', '`', ' ', '\t', '~', '≈']);
    if !after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let last = amount(after)?;
    (first.unit.is_empty() || first.unit.eq_ignore_ascii_case(last.unit)).then_some(last)
}

/// Reads a number; a comma before three digits groups them, any other stands for the point.
fn number(digits: &str) -> Option<Number> {
    let grouped = digits.split(',').skip(1).all(|group| group.len() == 3);
    let plain = if grouped { digits.replace(',', "") } else { digits.replace(',', ".") };
    match plain.parse::<u64>() {
        Ok(integer) => Some(Number::from(integer)),
        Err(_) => plain.parse().ok().and_then(Number::from_f64),
    }
}
