//! Placeholders in brackets: `[PROJECT_NAME]`.
//!
//! A placeholder is written in capitals, with digits, and with underscores, blanks or hyphens between
//! its words. Links, footnotes, checkboxes and indexes of code are not placeholders; of what may be
//! one or not, a note is taken and the text stays.

use std::collections::BTreeMap;

use crate::convert::Findings;
use crate::convert::path::Path;
use crate::convert::pieces::Piece;
use crate::excerpt::short;

/// Words in brackets that are signs to a reader or to a model, and hardly ever placeholders.
const SIGNS: [&str; 32] = [
    "ASSISTANT",
    "BUG",
    "CAUTION",
    "CRITICAL",
    "DEBUG",
    "DONE",
    "DRAFT",
    "END",
    "ERROR",
    "EXAMPLE",
    "FIXME",
    "HACK",
    "HIGH",
    "IMPORTANT",
    "INFO",
    "INST",
    "LOW",
    "MEDIUM",
    "NEW",
    "NOTE",
    "OK",
    "OPTIONAL",
    "REQUIRED",
    "START",
    "SYSTEM",
    "TBD",
    "TIP",
    "TODO",
    "USER",
    "WARN",
    "WARNING",
    "WIP",
];

/// The template as pieces; what is doubtful is noted.
pub(super) fn convert(source: &str, findings: &mut Findings) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let (mut kept, mut at, mut line, mut counted) = (0, 0, 1, 0);
    while let Some(start) = source[at..].find('[').map(|found| at + found) {
        at = start + 1;
        let Some(inner) = inner(&source[at..]) else {
            continue;
        };
        line += source[counted..start].matches('\n').count();
        counted = start;
        let end = at + inner.len() + 1;
        let doubt = match judge(source, start, end, inner) {
            Verdict::Text => continue,
            Verdict::Placeholder => {
                let name = variable(inner);
                let first = names.entry(name.clone()).or_insert_with(|| inner.to_owned());
                if first == inner {
                    pieces.push(Piece::Text(source[kept..start].to_owned()));
                    pieces.push(Piece::Print(format!("{{{{{}}}}}", Path::variable(&name).spell(false))));
                    (kept, at) = (end, end);
                    continue;
                }
                format!("`[{}]` has the same name", short(first))
            }
            Verdict::Doubtful(doubt) => doubt.to_owned(),
        };
        let name = variable(inner);
        let shown = short(inner);
        let reason = format!("`[{shown}]` stays as it is: {doubt}; for a variable write `{{{{{name}}}}}`");
        findings.note(line, format!("[{shown}]"), reason);
        at = end;
    }
    pieces.push(Piece::Text(source[kept..].to_owned()));
    pieces
}

enum Verdict {
    Text,
    Placeholder,
    Doubtful(&'static str),
}

/// What stands between brackets on one line.
fn inner(rest: &str) -> Option<&str> {
    let end = rest.find(['[', ']', '\n'])?;
    rest[end..].starts_with(']').then(|| &rest[..end])
}

fn judge(source: &str, start: usize, end: usize, inner: &str) -> Verdict {
    let before = source[..start].chars().next_back();
    let after = source[end..].chars().next();
    // An index, a second part of a link, an image, an escape, and the beginnings of links.
    let is_index =
        before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '!' | '\\' | '['));
    if is_index || matches!(after, Some('(' | '[')) {
        return Verdict::Text;
    }
    let letters = inner.chars().filter(char::is_ascii_uppercase).count();
    if !inner.starts_with(|c: char| c.is_ascii_uppercase()) || letters < 2 {
        return Verdict::Text;
    }
    if !is_name(inner) {
        let words =
            inner.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).count();
        let is_title =
            words > 1 && inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-'));
        return if is_title { Verdict::Doubtful("it is not written in capitals") } else { Verdict::Text };
    }
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    if after == Some(':')
        && source[line_start..start].trim().is_empty()
        && source[end..].starts_with(": http")
    {
        return Verdict::Text;
    }
    if SIGNS.contains(&inner) {
        return Verdict::Doubtful("it may be a sign to the reader");
    }
    Verdict::Placeholder
}

/// Capitals and digits, with single separators between them; `A-Z` is a range of letters.
fn is_name(inner: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let is_range = inner.contains('-') && inner.split('-').any(|word| word.len() < 2);
    !is_range && inner.split(['_', ' ', '-']).all(is_word)
}

fn variable(inner: &str) -> String {
    inner.to_ascii_lowercase().replace([' ', '-'], "_")
}
