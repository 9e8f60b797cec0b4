//! The complexity that the notes name (rule 13).

use super::label;
use super::lines::is_blank;

/// Words that grade. A value that begins with one ends with the last of them: the rest is a remark.
const GRADES: [&str; 30] = [
    "very",
    "extremely",
    "fairly",
    "quite",
    "rather",
    "relatively",
    "moderately",
    "low",
    "lower",
    "medium",
    "med",
    "mid",
    "moderate",
    "high",
    "higher",
    "trivial",
    "simple",
    "easy",
    "hard",
    "complex",
    "minimal",
    "minor",
    "significant",
    "substantial",
    "average",
    "normal",
    "small",
    "large",
    "critical",
    "extreme",
];

/// The value behind the first label, `None` where it is not filled in.
pub(super) fn find(notes: &str) -> Option<String> {
    let mut lines = notes.split('\n').peekable();
    while let Some(line) = lines.next() {
        let Some(value) = label::complexity(line) else { continue };
        if let Some(row) = row_below(line, &mut lines) {
            return clean(cell(row, column(line)));
        }
        if !bare(value).is_empty() {
            return clean(value);
        }
        // A label that stands alone, as a heading does, has its value on the next line.
        let below = lines.find(|line| !is_blank(line))?;
        return if graded(bare(below)).is_some() && !super::lines::is_item(below) {
            clean(below)
        } else {
            None
        };
    }
    None
}

/// The row below the head of a table, where the line is one.
fn row_below<'a>(line: &str, lines: &mut std::iter::Peekable<std::str::Split<'a, char>>) -> Option<&'a str> {
    let is_divider = |line: &&str| {
        line.contains("--") && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
    };
    if !line.contains('|') || !lines.peek().is_some_and(is_divider) {
        return None;
    }
    lines.next();
    lines.next()
}

fn column(head: &str) -> usize {
    let cells = head.trim_ascii().trim_start_matches('|').split('|');
    cells.take_while(|cell| label::complexity(cell).is_none()).count()
}

fn cell(row: &str, column: usize) -> &str {
    row.trim_ascii().trim_start_matches('|').split('|').nth(column).unwrap_or_default()
}

/// A value without marks around it.
fn bare(value: &str) -> &str {
    let marks =
        |c: char| matches!(c, '*' | '_' | '`' | '~' | '|' | ':' | '：' | '"' | '\'') || c.is_whitespace();
    let value = value.trim_matches(marks);
    // Emoji and other symbols before a grade are marks too.
    value.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric()).trim_matches(marks)
}

fn clean(value: &str) -> Option<String> {
    let value = bare(value);
    let inner =
        value.strip_prefix(['[', '<', '(', '{']).and_then(|rest| rest.split([']', '>', ')', '}']).next());
    let value = bare(inner.unwrap_or(value));
    if is_choice(value) {
        return None;
    }
    if let Some(graded) = graded(value) {
        return Some(graded.to_owned());
    }
    // What is bracketed and no grade asks for a value.
    let value = if inner.is_some() { "" } else { bare(without_remark(value)) };
    let value = value.trim_end_matches(['.', '…']).trim_end();
    let unknown = ["", "tbd", "todo", "n/a", "na", "?", "-", "–", "—", "x", "tba", "xxx"];
    (!unknown.iter().any(|word| word.eq_ignore_ascii_case(value))).then(|| value.to_owned())
}

/// Whether all grades are offered: nobody has chosen.
fn is_choice(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let parts = value.split(|c: char| !c.is_alphanumeric());
    let offered =
        parts.filter(|word| matches!(*word, "low" | "medium" | "high" | "moderate")).take(3).count();
    offered >= 3 && value.contains(['/', '|', ','])
}

/// The grades at the front: `High`, `Low-Medium`, `Medium to High`.
fn graded(value: &str) -> Option<&str> {
    let mut end = 0;
    let mut rest = value;
    loop {
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = &rest[..length];
        if !GRADES.iter().any(|grade| grade.eq_ignore_ascii_case(word)) {
            break;
        }
        end = value.len() - rest.len() + length;
        let behind = &rest[length..];
        let next = behind.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | '~' | '→')
        });
        rest = strip_joiner(next).unwrap_or(next);
        if rest.len() == behind.len() {
            break;
        }
    }
    (end > 0).then(|| &value[..end])
}

fn strip_joiner(text: &str) -> Option<&str> {
    ["to ", "or ", "and "].iter().find_map(|joiner| {
        let (front, rest) = text.split_at_checked(joiner.len())?;
        front.eq_ignore_ascii_case(joiner).then_some(rest)
    })
}

/// A value without what is added behind it.
fn without_remark(value: &str) -> &str {
    let ends = [" (", " [", "（", ",", ";", " - ", " – ", " — ", "—", ". ", "|", " because ", " due to "];
    let end = ends.iter().filter_map(|mark| value.find(mark)).min().unwrap_or(value.len());
    &value[..end]
}
