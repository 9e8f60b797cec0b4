//! What may stand behind the name in a heading: nothing, a colon, or a remark set off by punctuation (rule 2).

use super::Section;
use super::heading::{MARKS, is_ornament, name};

/// What stands behind a name.
pub(super) struct Suffix {
    /// It says that a section goes on.
    pub(super) continued: bool,
    /// How many words it has, where they may be prose.
    pub(super) prose: usize,
}

impl Suffix {
    /// `None` where the line goes on as a sentence does.
    pub(super) fn read(text: &str, section: Section, strong: bool) -> Option<Self> {
        let spaced = text.trim_start_matches(MARKS).starts_with([' ', '\t']);
        let suffix = text.trim_matches(|c| MARKS.contains(&c) || c == ' ' || c == '\t');
        let exact = Self { continued: false, prose: 0 };
        let Some(first) = suffix.chars().next() else { return Some(exact) };
        if suffix == ":" || (suffix == "." && strong) || suffix.chars().all(|c| is_ornament(c) || c == ' ') {
            return Some(exact);
        }
        let said = suffix[first.len_utf8()..].trim_matches([' ', '\t', '*', '_', '`', '-']);
        let valid = match first {
            '-' => (spaced || suffix[1..].starts_with([' ', '-'])) && (strong || is_short(said, section)),
            ':' | '–' | '—' | '―' => strong || is_short(said, section),
            '(' | '[' | '{' => strong || is_enclosed(said),
            ',' | ';' => strong && !mentions_other(said, section),
            '.' => strong && suffix[1..].starts_with(' '),
            '|' => strong,
            c => strong && is_ornament(c),
        };
        let enclosed = matches!(first, '(' | '[' | '{');
        let prose = if strong || enclosed { 0 } else { said.split_ascii_whitespace().count() };
        valid.then(|| Self { continued: says_continued(suffix), prose })
    }
}

/// A remark has no more words.
const LONGEST_SUFFIX: usize = 8;

/// Whether a suffix is a remark, not the rest of a sentence.
fn is_short(said: &str, section: Section) -> bool {
    said.split_ascii_whitespace().take(LONGEST_SUFFIX + 1).count() <= LONGEST_SUFFIX
        && !said.ends_with(['.', ';', ',', '!', '?', '。'])
        && !mentions_other(said, section)
}

/// Whether the bracket that was opened closes at the very end.
fn is_enclosed(said: &str) -> bool {
    let said = said.trim_end_matches([':', ' ']);
    let inner = said.strip_suffix([')', ']', '}']).filter(|inner| !inner.contains([')', ']', '}']));
    inner.is_some_and(|inner| inner.split_ascii_whitespace().take(13).count() <= 12)
}

fn mentions_other(said: &str, section: Section) -> bool {
    let said = said.to_ascii_lowercase();
    Section::ALL.into_iter().filter(|&other| other != section).any(|other| {
        let (first, _) = other.words();
        said.match_indices(first).any(|(at, _)| name(&said[at..]).is_some())
    })
}

fn says_continued(suffix: &str) -> bool {
    let suffix = suffix.to_ascii_lowercase();
    !suffix.contains("to be continued")
        && suffix
            .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
            .any(|word| matches!(word, "continued" | "continuation" | "cont" | "cont'd" | "cont’d" | "contd"))
}
