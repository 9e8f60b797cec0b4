//! The lines of an answer, with what every later step asks about them.

use super::candidates::{self, Candidate};
use super::fence::{Fence, FenceLine};
use super::terminal;

/// An answer cut into lines.
pub(super) struct Document<'a> {
    /// The lines, without their ends.
    pub(super) lines: Vec<&'a str>,
    /// For each line whether it is blank.
    blank: Vec<bool>,
    /// For each line the last one before it that is not blank.
    previous: Vec<Option<usize>>,
    /// For each line whether it is a tool's output in a terminal.
    pub(super) noise: Vec<bool>,
    /// The lines that can be fences, in their order.
    pub(super) fences: Vec<FenceLine>,
    /// The lines that read as a heading of a section, in their order.
    pub(super) candidates: Vec<Candidate>,
    /// Where the text itself ends; lines from there on are outside of a fence around the whole.
    pub(super) end: usize,
    /// Whether the answer can have been cut off at `end`.
    pub(super) open_ended: bool,
}

impl<'a> Document<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let lines: Vec<&str> = text.split('\n').collect();
        let noise = terminal::noise(&lines);
        let fences = lines
            .iter()
            .enumerate()
            .filter(|&(at, _)| !noise[at])
            .filter_map(|(at, line)| Fence::parse(line).map(|fence| FenceLine { at, fence }))
            .collect();
        let candidates = candidates::find(&lines, &noise);
        let end = lines.len();
        let blank: Vec<bool> = lines.iter().map(|line| is_blank(line)).collect();
        let previous = previous_text(&blank);
        Self { lines, blank, previous, noise, fences, candidates, end, open_ended: true }
    }

    /// The first line before `at` that is not blank.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        self.previous[at]
    }

    /// Whether a fence line looks as if it opened a block, or as if it closed one.
    pub(super) fn look(&self, at: usize) -> Look {
        Look::of(at, |at| self.blank.get(at).copied().unwrap_or(true))
    }
}

fn previous_text(blank: &[bool]) -> Vec<Option<usize>> {
    let mut last = None;
    let step = |(at, &blank): (usize, &bool)| {
        let before = last;
        if !blank {
            last = Some(at);
        }
        before
    };
    blank.iter().enumerate().map(step).collect()
}

/// What the blank lines around a fence say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Blank before, text behind.
    Opening,
    /// Text before, blank behind.
    Closing,
    /// Nothing can be said.
    Either,
}

impl Look {
    /// How the line `at` looks, where `is_blank` says which lines are blank or beyond the text.
    pub(super) fn of(at: usize, is_blank: impl Fn(usize) -> bool) -> Self {
        match (at.checked_sub(1).is_none_or(&is_blank), is_blank(at + 1)) {
            (true, false) => Self::Opening,
            (false, true) => Self::Closing,
            _ => Self::Either,
        }
    }
}

/// Whether a line holds nothing. A no-break space is something: it is never removed from a body.
pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|b| b.is_ascii_whitespace())
}

/// The columns of white space at the front; a tab counts four.
pub(super) fn indent(line: &str) -> usize {
    line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).map(|b| if b == b'\t' { 4 } else { 1 }).sum()
}

/// Whether a line is a thematic break: three or more of `-`, `*` or `_`, spaces between them or not.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim_ascii();
    let Some(mark @ (b'-' | b'*' | b'_')) = line.bytes().next() else { return false };
    let marks = line.bytes().filter(|&b| b == mark).count();
    marks >= 3 && line.bytes().all(|b| b == mark || b == b' ')
}

/// Whether a line is an item of a list, bulleted or numbered.
pub(super) fn is_item(line: &str) -> bool {
    let line = line.trim_ascii_start();
    if let Some(rest) = line.strip_prefix(['-', '*', '+', '•']) {
        return rest.starts_with([' ', '\t']);
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// Whether a line is a Markdown heading with `#`.
pub(super) fn is_atx(line: &str) -> bool {
    let line = line.trim_ascii_start();
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// The lines without the blank ones at both ends.
pub(super) fn trim_blank<'l, 't>(lines: &'l [&'t str]) -> &'l [&'t str] {
    let Some(first) = lines.iter().position(|line| !is_blank(line)) else { return &[] };
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last);
    &lines[first..=last]
}
