//! Placeholders in brackets: `[PROJECT_NAME]`.
//!
//! A placeholder is written in capitals, with digits, and with underscores, blanks or hyphens between
//! its words. Footnotes, checkboxes and classes of characters are not placeholders. Whatever else is in
//! capitals stays as it is where it may be something else, such as a link or an index, with a note.

use std::collections::BTreeMap;

use crate::convert::Findings;
use crate::convert::path::{Path, Step};
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
    let (mut kept, mut at, mut line, mut line_start, mut counted) = (0, 0, 1, 0, 0);
    while let Some(start) = source[at..].find('[').map(|found| at + found) {
        at = start + 1;
        let Some(inner) = inner(&source[at..]) else {
            continue;
        };
        line += source[counted..start].matches('\n').count();
        line_start = source[counted..start].rfind('\n').map_or(line_start, |found| counted + found + 1);
        counted = start;
        let end = at + inner.len() + 1;
        let place =
            Place { line: &source[line_start..start], before: &source[..start], after: &source[end..] };
        let doubt = match judge(&place, inner) {
            Verdict::Text => continue,
            Verdict::Placeholder => {
                let name = variable(inner);
                if !can_be_spelt(&name) {
                    let reason = format!("no path of Handlebars can name `{name}`; rename the placeholder");
                    findings.report(line, "name clash", reason);
                }
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
        let (shown, wanted) = (short(inner), wanted(inner));
        let reason = format!("`[{shown}]` stays as it is: {doubt}; {wanted}");
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

/// What stands between brackets.
fn inner(rest: &str) -> Option<&str> {
    let end = rest.find(['[', ']'])?;
    rest[end..].starts_with(']').then(|| &rest[..end])
}

fn judge(place: &Place<'_>, inner: &str) -> Verdict {
    let is_in_capitals = is_in_capitals(inner);
    if !is_in_capitals && !is_title(inner) {
        return Verdict::Text;
    }
    let doubt = place.doubt();
    if !is_in_capitals {
        // Links, whose texts are often titles, are too many to be noted.
        return if doubt.is_some() {
            Verdict::Text
        } else {
            Verdict::Doubtful("it is not written in capitals")
        };
    }
    if is_class(inner) || (inner == "X" && place.is_item()) {
        return Verdict::Text;
    }
    let is_sign = || SIGNS.contains(&inner).then_some("it may be a sign to the reader");
    match doubt.or_else(|| doubt_of_name(inner)).or_else(is_sign) {
        Some(doubt) => Verdict::Doubtful(doubt),
        None => Verdict::Placeholder,
    }
}

/// What stands around brackets.
struct Place<'s> {
    /// From the start of the line up to the bracket.
    line: &'s str,
    before: &'s str,
    after: &'s str,
}

impl Place<'_> {
    /// What Markdown or a program would read it as.
    fn doubt(&self) -> Option<&'static str> {
        match self.before.chars().next_back() {
            Some('\\') => Some("a backslash stands before it"),
            Some('[') => Some("it stands in brackets of its own"),
            Some(']' | '!') => Some("it may be a part of a link or of an image"),
            Some(c) if c.is_alphanumeric() || matches!(c, '_' | ')') => Some("it may be an index"),
            _ if self.after.starts_with(['(', '[']) => Some("it may be the text of a link"),
            _ if self.after.starts_with(": http") => Some("it may be the name of a link"),
            _ => None,
        }
    }

    /// True after the sign of an item of a list: `- `, `* `, `1. `.
    fn is_item(&self) -> bool {
        const LONGEST: usize = 100;
        if self.line.len() > LONGEST {
            return false;
        }
        let sign = self.line.trim_start_matches([' ', '\t']);
        let after_number = sign.trim_start_matches(|c: char| c.is_ascii_digit());
        after_number
            .strip_prefix(['-', '*', '+', '.', ')'])
            .is_some_and(|blanks| !blanks.is_empty() && blanks.trim_start_matches([' ', '\t']).is_empty())
    }
}

/// True for what looks like a placeholder, whether it is one or not.
fn is_in_capitals(inner: &str) -> bool {
    inner.contains(char::is_uppercase) && !inner.contains(char::is_lowercase)
}

/// Words in ASCII, of which more than one begins with a capital.
fn is_title(inner: &str) -> bool {
    let words = inner.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).count();
    inner.starts_with(|c: char| c.is_ascii_uppercase())
        && words > 1
        && inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-'))
}

/// A class of characters of a regular expression: `A-Z`, `^A-Z0-9_`.
fn is_class(inner: &str) -> bool {
    let first = inner.strip_prefix('^').unwrap_or(inner);
    first.chars().nth(1) == Some('-') && first.chars().count() > 2 && !first.contains(char::is_whitespace)
}

/// What is in capitals, but is no name: words of capitals and digits, with single separators between.
fn doubt_of_name(inner: &str) -> Option<&'static str> {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !inner.starts_with(|c: char| c.is_ascii_uppercase()) || !inner.split(['_', ' ', '-']).all(is_word) {
        return Some(
            "a name begins with a capital and is made of A to Z, digits and single separators, on one line",
        );
    }
    if inner.contains('-') && inner.split('-').any(|word| word.len() < 2) {
        return Some("it may be a range of letters");
    }
    let letters = inner.chars().filter(char::is_ascii_uppercase).count();
    (letters < 2).then_some("it has only one letter")
}

/// The name of the variable. What no name can hold becomes an underscore.
fn variable(inner: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() { c } else { '_' };
    inner.to_lowercase().chars().map(kept).collect()
}

fn can_be_spelt(name: &str) -> bool {
    Step::Key(name.to_owned()).can_be_spelt()
}

/// What a person writes where a variable is meant after all.
fn wanted(inner: &str) -> String {
    let name = variable(inner);
    if !can_be_spelt(&name) {
        return "for a variable rename it".to_owned();
    }
    format!("for a variable write `{{{{{}}}}}`", short(&Path::variable(&name).spell(false)))
}
