//! Where front matter ends and the template begins.

use std::ops::Range;

use crate::file::is_key;

/// What the first lines of a text say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// There is no front matter.
    None,
    /// Two lines `---`, with this between them and the template after them.
    Found { yaml: Range<usize>, body: usize },
    /// It is no front matter, though it seems to be meant as such.
    Doubtful { range: Range<usize>, message: &'static str },
}

const MARK: &str = "---";

pub(super) fn split(text: &str) -> Split {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let Some(after) = text[start..].strip_prefix(MARK) else {
        return Split::None;
    };
    let Some(line_end) = after.find('\n') else {
        return Split::None;
    };
    let (blanks, rest) = after.split_at(line_end + 1);
    let is_exact = matches!(blanks, "\n" | "\r\n");
    if !blanks.trim().is_empty() {
        return Split::None;
    }
    let from = text.len() - rest.len();
    let mut at = from;
    let mut almost = None;
    for line in rest.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        if bare == MARK {
            let yaml = from..at;
            if is_exact && start == 0 {
                return Split::Found { yaml, body: at + line.len() };
            }
            let message = if start > 0 {
                "a byte order mark stands before `---`: this is no front matter, but text"
            } else {
                "blanks stand after `---`: this is no front matter, but text"
            };
            return doubtful(&text[yaml], 0..start + MARK.len(), message);
        }
        if bare.trim_end() == MARK && almost.is_none() {
            almost = Some(at..at + bare.len());
        }
        at += line.len();
    }
    let (yaml, message) = match &almost {
        Some(line) => (from..line.start, "blanks stand after `---`: this does not end front matter"),
        None => (from..text.len(), "no line `---` ends what begins here: this is no front matter, but text"),
    };
    doubtful(&text[yaml], almost.unwrap_or(start..start + MARK.len()), message)
}

fn doubtful(yaml: &str, range: Range<usize>, message: &'static str) -> Split {
    let first_line = yaml.lines().next().unwrap_or_default();
    if looks_like_front_matter(first_line) { Split::Doubtful { range, message } } else { Split::None }
}

/// True where a line begins with a known key.
pub(super) fn looks_like_front_matter(yaml: &str) -> bool {
    yaml.lines().any(|line| {
        let key =
            line.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with([' ', '\t']));
        key.is_some_and(|(key, _)| is_key(key.trim_end()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(&str, &str)> {
        match split(text) {
            Split::Found { yaml, body } => Some((&text[yaml], &text[body..])),
            _ => None,
        }
    }

    #[test]
    fn front_matter_stands_between_two_lines() {
        assert_eq!(parts("---\nname: a\n---\nbody"), Some(("name: a\n", "body")));
        assert_eq!(parts("---\r\nname: a\r\n---\r\nbody"), Some(("name: a\r\n", "body")));
        assert_eq!(parts("---\n---"), Some(("", "")));
        assert_eq!(parts("---\na\n---\n---\n"), Some(("a\n", "---\n")));
        for text in ["", "---", "---\n", "---\ntext", "----\na\n----\n", " ---\na\n---\n", "--- a\n---\n"] {
            assert_eq!(split(text), Split::None, "{text:?}");
        }
    }

    #[test]
    fn what_nearly_is_front_matter_is_doubtful() {
        for text in
            ["\u{feff}---\nname: a\n---\n", "--- \nname: a\n---\n", "---\nname: a\n--- \n", "---\nname: a\n"]
        {
            assert!(matches!(split(text), Split::Doubtful { .. }), "{text:?}");
        }
        for text in ["\u{feff}---\nnote\n---\n", "--- \n\n---\n", "---\nPlan: x\n--- \n"] {
            assert_eq!(split(text), Split::None, "{text:?}");
        }
    }
}
