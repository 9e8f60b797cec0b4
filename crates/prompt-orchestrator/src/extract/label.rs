//! Labels in the notes: `**Complexity:** High`, `| Estimated Time | 5 hours |` (rules 13 and 14).

/// What stands behind a label.
pub(super) fn complexity(line: &str) -> Option<&str> {
    let rest = strip_word(front(line), "complexity")?;
    let mut rest = rest;
    for qualifier in [" level", " rating", " score", " assessment", " estimate"] {
        rest = strip_word(rest, qualifier).unwrap_or(rest);
    }
    after_separator(without_remark(rest))
}

/// What stands behind a label for the time at the start of a line.
pub(super) fn time(line: &str) -> Option<&str> {
    after_time_label(front(line))
}

/// What stands behind a label for the time anywhere in a line, set off by a separator.
pub(super) fn time_within(line: &str) -> Option<&str> {
    let starts = line.char_indices().filter(|&(_, c)| matches!(c, 'E' | 'e' | 'T' | 't')).map(|(at, _)| at);
    let mut found = starts.filter_map(|at| {
        let free = !line[..at].ends_with(|c: char| c.is_alphanumeric());
        free.then(|| after_time_label(&line[at..])).flatten()
    });
    found.next()
}

/// Whether a line begins with one of the labels.
pub(super) fn is_metadata(line: &str) -> bool {
    complexity(line).is_some() || time(line).is_some()
}

/// No label goes on for more characters than this; a line is never searched further for its separator.
const LONGEST_LABEL: usize = 40;

fn after_time_label(text: &str) -> Option<&str> {
    let rest = strip_pair(text, "estimated", "time").or_else(|| strip_pair(text, "time", "estimate"))?;
    let direct = rest.trim_start_matches(['*', '_', '`', ' ', '\t', '~', '≈']);
    if direct.starts_with(|c: char| c.is_ascii_digit()) && rest.starts_with([' ', '\t', '*', '_', '`']) {
        return Some(rest);
    }
    after_separator(rest).or_else(|| {
        // `Estimated Time to complete: 3 hours`
        let mut near = rest.char_indices().take(LONGEST_LABEL);
        let (end, _) = near.find(|&(_, c)| matches!(c, ':' | '：' | '=' | '|'))?;
        let words = |c: char| c.is_alphabetic() || matches!(c, ' ' | '*' | '_' | '(' | ')' | '/' | '`');
        (rest.starts_with([' ', '*']) && rest[..end].chars().all(words))
            .then(|| &rest[rest[..end].find('(').unwrap_or(end)..])
    })
}

fn strip_pair<'a>(text: &'a str, first: &str, second: &str) -> Option<&'a str> {
    let rest = strip_word(text, first)?;
    strip_word(rest.strip_prefix([' ', '_', '-', '\u{a0}'])?.trim_ascii_start(), second)
        .filter(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (front, rest) = text.split_at_checked(word.len())?;
    front.eq_ignore_ascii_case(word).then_some(rest)
}

/// A line without bullets, marks, cells, emoji and a number before its text.
fn front(line: &str) -> &str {
    let text = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match after.strip_prefix(['.', ')']) {
        Some(rest) if after.len() < text.len() => rest.trim_start_matches(|c: char| !c.is_alphanumeric()),
        _ => text,
    }
}

/// Drops `(overall)` between a label and its separator.
fn without_remark(text: &str) -> &str {
    let remark = text.trim_ascii_start().strip_prefix('(').and_then(|inner| inner.split_once(')'));
    remark.map_or(text, |(_, rest)| rest)
}

/// What stands behind the separator of a label, which may also be its closing mark or the end of the line.
fn after_separator(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(['*', '_', '`', ' ', '\t']);
    let marked = text[..text.len() - rest.len()].contains(['*', '`']);
    if let Some(value) = rest.strip_prefix([':', '：', '=', '|']) {
        return Some(value);
    }
    let spaced = text.starts_with([' ', '*', '`']);
    if let Some(value) = rest.strip_prefix(['-', '–', '—']).filter(|_| spaced) {
        return Some(value);
    }
    (marked || rest.is_empty()).then_some(rest)
}
