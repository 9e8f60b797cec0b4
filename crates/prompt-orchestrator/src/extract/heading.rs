//! Whether a line is a heading for one of the three names (rules 2 and 3).

use std::borrow::Cow;

use super::Section;
use super::suffix::Suffix;

/// A line that reads as a heading.
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of the line, none excludes another")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) section: Section,
    /// `#`s, bold or code around the whole, or an underline: nothing but a heading looks so.
    pub(super) strong: bool,
    /// Begins with `#`s, so that no underline belongs to it.
    pub(super) atx: bool,
    /// Begins as an item of a list does.
    pub(super) listed: bool,
    /// Says that it goes on with a section that was begun before.
    pub(super) continued: bool,
    /// The number of words behind a colon or a dash, where the line is not strong: it may be prose.
    pub(super) prose: usize,
}

/// Reads a line as a heading. `underlined` says that a row of `=` follows.
pub(super) fn parse(line: &str, underlined: bool) -> Option<Heading> {
    if line.is_ascii() {
        return parse_visible(line, underlined);
    }
    let visible = visible(line, " ");
    // A no-break space may stand for a space or within a name: both are tried, neither is kept.
    parse_visible(&visible, underlined).or_else(|| match visible_without(line) {
        Cow::Borrowed(_) => None,
        Cow::Owned(joined) => parse_visible(&joined, underlined),
    })
}

fn is_no_break(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

fn visible_without(line: &str) -> Cow<'_, str> {
    if line.contains(is_no_break) { Cow::Owned(visible(line, "")) } else { Cow::Borrowed(line) }
}

/// The line as the eye reads it: no zero-width characters, full-width forms and hyphens as ASCII.
fn visible(line: &str, no_break: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0e}' | '\u{fe0f}' => {}
            c if is_no_break(c) => text.push_str(no_break),
            '\u{3000}' => text.push(' '),
            '\u{2010}' | '\u{2011}' => text.push('-'),
            '、' => text.push('.'),
            '\u{ff01}'..='\u{ff5e}' => text.push(char::from_u32(c as u32 - 0xfee0).unwrap_or(c)),
            c => text.push(c),
        }
    }
    text
}

fn parse_visible(line: &str, underlined: bool) -> Option<Heading> {
    let mut prefix = Prefix::default();
    let rest = prefix.read(line)?;
    let (section, rest) = name(rest)?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || (c == '_' && !prefix.underscore)) {
        return None;
    }
    let mut text = rest.trim_end_matches([' ', '\t', '\\']);
    if prefix.atx {
        text = text.trim_end_matches('#').trim_end();
    }
    let wrapped = prefix.marked && text.ends_with(MARKS);
    let strong = prefix.atx || underlined || wrapped;
    if prefix.bare_number && !strong {
        return None;
    }
    let suffix = Suffix::read(text, section, strong)?;
    Some(Heading {
        section,
        strong,
        atx: prefix.atx,
        listed: prefix.listed,
        continued: suffix.continued,
        prose: suffix.prose,
    })
}

/// What makes text bold, italic or code.
pub(super) const MARKS: [char; 3] = ['*', '_', '`'];

/// What stands before the name.
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of the line, none excludes another")]
#[derive(Default)]
struct Prefix {
    atx: bool,
    marked: bool,
    underscore: bool,
    listed: bool,
    word: bool,
    number: bool,
    bare_number: bool,
}

impl Prefix {
    /// Reads up to the name and returns the rest; `None` where the line cannot be a heading.
    fn read<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let mut rest = line;
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let first = rest.chars().next()?;
            rest = match first {
                '#' => self.hashes(rest)?,
                '*' | '_' | '`' => self.mark(rest, first)?,
                '-' | '+' => self.bullet(rest)?,
                '(' | '0'..='9' => self.digits(rest)?,
                c if c.is_ascii_alphabetic() => match self.section_word(rest) {
                    Some(after) => after,
                    None => return Some(rest),
                },
                '–' | '—' if self.number => &rest[first.len_utf8()..],
                '①'..='⑨' if !self.number => {
                    self.number = true;
                    &rest[first.len_utf8()..]
                }
                c if is_ornament(c) => &rest[c.len_utf8()..],
                _ => return None,
            };
        }
    }

    fn hashes<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let after = rest.trim_start_matches('#');
        let valid = !self.atx && !self.number && rest.len() - after.len() <= 6;
        self.atx = true;
        valid.then_some(after)
    }

    fn mark<'a>(&mut self, rest: &'a str, mark: char) -> Option<&'a str> {
        let after = rest.trim_start_matches(mark);
        let length = rest.len() - after.len();
        if mark == '*' && length == 1 && after.starts_with([' ', '\t']) {
            self.listed = true;
        } else {
            self.marked = true;
            self.underscore |= mark == '_';
        }
        (length <= 3).then_some(after)
    }

    fn bullet<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let after = &rest[1..];
        self.listed = true;
        // Between a number and the name a dash is no bullet, and the number is set off by it.
        self.bare_number = false;
        after.starts_with([' ', '\t']).then_some(after)
    }

    /// `1.`, `1)`, `1:`, `(1)`, `1\.`, or a number alone, which only a strong heading may have.
    fn digits<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if self.number {
            return None;
        }
        self.number = true;
        let inner = rest.strip_prefix('(').unwrap_or(rest);
        let after = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        if !(1..=3).contains(&(inner.len() - after.len())) {
            return None;
        }
        self.after_number(after)
    }

    fn after_number<'a>(&mut self, after: &'a str) -> Option<&'a str> {
        let unescaped = after.strip_prefix('\\').unwrap_or(after);
        if let Some(rest) = unescaped.strip_prefix(['.', ')', ':', '\u{20e3}']) {
            self.listed |= !self.word;
            let rest = rest.strip_prefix(['.', ')', ':']).unwrap_or(rest);
            return (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest);
        }
        self.bare_number = !self.word;
        after.starts_with([' ', '\t', '*', '_', '`']).then_some(after)
    }

    /// `Section`, `Part` or `Step`, and the number of it as a word or in Roman figures.
    fn section_word<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
        if !self.word && !self.number && is(&["section", "part", "step"]) {
            self.word = true;
            return Some(after.strip_prefix([':', '.']).unwrap_or(after));
        }
        let counted = is(&["i", "ii", "iii"]) || (self.word && is(&["one", "two", "three"]));
        if self.number || !counted {
            return None;
        }
        self.number = true;
        if after.starts_with(['.', ')', ':']) || self.word { self.after_number(after) } else { None }
    }
}

/// A symbol that decorates: emoji, bullets of all kinds. Boxes to tick and the frames of tables are not, nor
/// are quotation marks: they say that something else is going on.
pub(super) fn is_ornament(c: char) -> bool {
    !c.is_ascii()
        && !c.is_alphanumeric()
        && !c.is_whitespace()
        && !matches!(c, '\u{2010}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '「'..='』' | '…' | '¿' | '¡')
        && !matches!(c, '☐' | '☑' | '☒' | '◻' | '◼' | '⎿' | '\u{2500}'..='\u{257f}' | '，' | '。')
}

/// The section whose name is at the front, and what follows.
pub(super) fn name(text: &str) -> Option<(Section, &str)> {
    Section::ALL.into_iter().find_map(|section| {
        let (first, second) = section.words();
        let rest = strip_word(text, first)?;
        let rest = match rest.as_bytes() {
            [b'\\', b'_' | b'-', ..] => &rest[2..],
            [b'_' | b'-', ..] => &rest[1..],
            _ => rest.trim_start_matches([' ', '\t']),
        };
        Some((section, strip_word(rest, second)?))
    })
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (front, rest) = text.split_at_checked(word.len())?;
    front.eq_ignore_ascii_case(word).then_some(rest)
}
