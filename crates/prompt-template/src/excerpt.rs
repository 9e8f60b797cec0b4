//! One line of a source, made safe to print, with the columns that the culprit takes.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::diagnostic::Span;

/// Characters of a line that are shown; a longer one is cut around the culprit.
const SHOWN: usize = 100;
/// Characters kept before the culprit where the line is cut.
const BEFORE: usize = 40;

/// A printable source line and where its underline goes, in columns of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) line: String,
    pub(crate) indent: usize,
    pub(crate) width: usize,
}

impl Excerpt {
    pub(crate) fn new(text: &str, span: &Span) -> Self {
        let start = span.range.start;
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = span.range.end.clamp(start, line_end);

        let (before, head_cut) = last_chars(&text[line_start..start], BEFORE);
        let (culprit, tail_cut) = first_chars(&text[start..end], SHOWN - BEFORE);
        let room = (SHOWN - BEFORE).saturating_sub(culprit.chars().count());
        let rest = text[end..line_end].trim_end_matches('\r');
        let (after, rest_cut) = first_chars(rest, if tail_cut { 0 } else { room });

        let mut line = String::new();
        if head_cut {
            line.push('…');
        }
        line.push_str(&visible(before));
        let indent = columns(&line);
        let culprit = visible(culprit);
        line.push_str(&culprit);
        line.push_str(&visible(after));
        if tail_cut || (rest_cut && !rest.is_empty()) {
            line.push('…');
        }
        let width = columns(&culprit).max(1);
        Self { line, indent, width }
    }
}

/// The text with control, bidi and invisible characters spelled out, and tabs as single blanks.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c == '\t' || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == '\t' {
            shown.push(' ');
        } else if is_hidden(c) {
            // Writing to a `String` cannot fail.
            let _ = write!(shown, "<U+{:04X}>", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// A name for use in a message: cut where it is long.
pub(crate) fn short(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    let (head, cut) = first_chars(name, LONGEST);
    if cut { Cow::Owned(format!("{head}…")) } else { Cow::Borrowed(head) }
}

fn first_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().nth(count) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    }
}

fn last_chars(text: &str, count: usize) -> (&str, bool) {
    match text.char_indices().rev().nth(count) {
        Some((at, c)) => (&text[at + c.len_utf8()..], true),
        None => (text, false),
    }
}

/// Controls, and the format characters of Unicode that reorder text or cannot be seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Columns that a text takes, from the wide and the combining blocks of Unicode alone.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
            '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}' => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, culprit: &str) -> (String, String) {
        let start = text.find(culprit).unwrap();
        let range = start..start + culprit.len();
        let excerpt = Excerpt::new(text, &Span { line: 1, column: 1, range });
        let underline = " ".repeat(excerpt.indent) + &"^".repeat(excerpt.width);
        (excerpt.line, underline)
    }

    #[test]
    fn tabs_wide_and_hidden_characters_keep_the_underline_in_place() {
        assert_eq!(excerpt("\tab x", "x"), (" ab x".into(), "    ^".into()));
        assert_eq!(excerpt("日本 x", "x"), ("日本 x".into(), "     ^".into()));
        assert_eq!(excerpt("a\u{202e}b x\r\nc", "x").0, "a<U+202E>b x");
        assert_eq!(excerpt("\u{1b}[31m x", "x").1.len(), "<U+001B>[31m x".len());
    }

    #[test]
    fn a_long_line_is_cut_around_the_culprit() {
        let text = format!("{}CULPRIT{}", "a".repeat(5_000), "b".repeat(5_000));
        let (line, underline) = excerpt(&text, "CULPRIT");
        assert_eq!(line.chars().count(), 102);
        assert!(line.starts_with('…') && line.ends_with('…'));
        assert_eq!(underline.len(), 1 + 40 + 7);
        let (line, underline) = excerpt(&text, &"b".repeat(5_000));
        assert!(line.ends_with("bbb…") && underline.ends_with("^^^"));
    }
}
