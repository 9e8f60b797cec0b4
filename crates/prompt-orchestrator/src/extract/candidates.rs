//! Lines that read as headings, and which of them their surroundings rule out (rules 2 and 4).
//!
//! What the line itself says is read in `heading`; here a table of contents, a list of the names and a
//! wrapped sentence are told from headings. Code fences are not looked at yet.

use super::Section;
use super::fence::Fence;
use super::heading::{self, Heading};
use super::lines::{indent, is_blank, is_item, is_rule};

/// A heading and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The line of the heading.
    pub(super) at: usize,
    /// The first line of the body.
    pub(super) body: usize,
    pub(super) heading: Heading,
    /// The columns before the heading.
    pub(super) indent: usize,
}

impl Candidate {
    pub(super) fn section(&self) -> Section {
        self.heading.section
    }
}

/// Finds all candidates, in their order.
pub(super) fn find(lines: &[&str], noise: &[bool]) -> Vec<Candidate> {
    let all: Vec<_> =
        (0..lines.len()).filter(|&at| !noise[at]).filter_map(|at| candidate(lines, at)).collect();
    let mut candidates = without_contents(lines, &all);
    candidates.retain(|c| c.heading.prose == 0 || is_set_apart(lines, noise, c));
    let candidates = without_list_items(lines, candidates);
    without_indented_code(lines, noise, candidates)
}

fn candidate(lines: &[&str], at: usize) -> Option<Candidate> {
    let underline = lines.get(at + 1).map_or(b' ', |line| underline(line));
    let heading = heading::parse(lines[at], underline == b'=')?;
    let underlined = !heading.atx && underline != b' ';
    let body = at + 1 + usize::from(underlined);
    Some(Candidate { at, body, heading, indent: indent(lines[at]) })
}

/// The character of a setext underline, a space where the line is none.
fn underline(line: &str) -> u8 {
    let line = line.trim_ascii();
    match line.bytes().next() {
        Some(mark @ (b'=' | b'-')) if line.len() >= 2 && line.bytes().all(|b| b == mark) => mark,
        _ => b' ',
    }
}

/// Drops each table of contents: candidates for all three names with nothing between them.
fn without_contents(lines: &[&str], all: &[Candidate]) -> Vec<Candidate> {
    let mut kept = Vec::with_capacity(all.len());
    let mut rest = all;
    while let [first, tail @ ..] = rest {
        if let [second, third, ..] = tail
            && are_all_names([first, second, third])
            && is_empty_between(lines, first, second)
            && is_empty_between(lines, second, third)
        {
            rest = &tail[2..];
        } else {
            kept.push(*first);
            rest = tail;
        }
    }
    kept
}

fn are_all_names(candidates: [&Candidate; 3]) -> bool {
    Section::ALL.iter().all(|&section| candidates.iter().any(|c| c.section() == section))
}

fn is_empty_between(lines: &[&str], first: &Candidate, second: &Candidate) -> bool {
    lines[first.body.min(second.at)..second.at].iter().all(|line| is_blank(line))
}

/// Whether a heading that may be prose stands apart from the text around it.
fn is_set_apart(lines: &[&str], noise: &[bool], candidate: &Candidate) -> bool {
    let is_border = |at: usize| {
        let line = lines[at];
        noise[at] || is_blank(line) || is_rule(line) || Fence::parse(line).is_some()
    };
    let before = candidate.at == 0 || is_border(candidate.at - 1);
    let behind =
        lines.len() <= candidate.at + 1 || candidate.body > candidate.at + 1 || is_border(candidate.at + 1);
    before && (behind || candidate.heading.prose <= 3)
}

/// Drops the names in a list or within a paragraph, where the same section has a heading that stands free.
fn without_list_items(lines: &[&str], candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut free = [false; 3];
    for candidate in candidates.iter().filter(|c| !is_within_text(lines, c)) {
        free[candidate.section() as usize] = true;
    }
    let dropped = |c: &Candidate| free[c.section() as usize] && is_within_text(lines, c);
    candidates.into_iter().filter(|c| !dropped(c)).collect()
}

fn is_within_text(lines: &[&str], candidate: &Candidate) -> bool {
    let Candidate { at, heading, .. } = *candidate;
    if heading.strong || candidate.body > at + 1 {
        return false;
    }
    let is_text = |line: &str| !is_blank(line) && !is_rule(line) && Fence::parse(line).is_none();
    let follows_text = at > 0 && is_text(lines[at - 1]);
    follows_text || (heading.listed && lines.get(at + 1).is_some_and(|line| is_item(line)))
}

/// Drops what is indented as code is, four columns deeper than the text, unless a section would be lost:
/// then it is the copy that is indented, not the code.
fn without_indented_code(lines: &[&str], noise: &[bool], candidates: Vec<Candidate>) -> Vec<Candidate> {
    if candidates.iter().all(|c| c.indent < 4) {
        return candidates;
    }
    // A selection that began within its first line has lost the margin of that line.
    let text = (0..lines.len()).filter(|&at| !noise[at] && !is_blank(lines[at])).skip(1);
    let margin = text.map(|at| indent(lines[at])).min().unwrap_or(0);
    let flush: Vec<Candidate> = candidates.iter().copied().filter(|c| c.indent < margin + 4).collect();
    let has = |some: &[Candidate], section| some.iter().any(|c| c.section() == section);
    let complete = Section::ALL.iter().all(|&s| has(&flush, s) == has(&candidates, s));
    if complete { flush } else { candidates }
}
