//! What a terminal adds to an answer: bullets, tool calls with their results, a margin (rule 9).

use super::fence::{Fence, Open};
use super::heading;
use super::lines::{indent, is_blank};

/// The bullets with which coding agents begin a message or a tool call in a terminal.
const BULLETS: [char; 2] = ['●', '⏺'];

/// The mark before the result of a tool call.
const RESULT: char = '⎿';

/// The text behind a terminal's bullet at column 0.
pub(super) fn bulleted(line: &str) -> Option<&str> {
    line.strip_prefix(BULLETS)?.strip_prefix([' ', '\u{a0}'])
}

/// For each line whether it belongs to a tool call or its result.
pub(super) fn noise(lines: &[&str]) -> Vec<bool> {
    let mut noise = vec![false; lines.len()];
    if !lines.iter().any(|line| line.contains(BULLETS) || line.contains(RESULT)) {
        return noise;
    }
    let mut open = Open::default();
    let mut at = 0;
    while at < lines.len() {
        let end = block_end(lines, at);
        if end > at && !is_quoted(lines, &open, end) {
            let gap = blank_gap(lines, &noise, at, end);
            noise[at..end + gap].fill(true);
            at = end + gap;
            continue;
        }
        if heading::parse(lines[at], false).is_some() {
            open.clear();
        } else if let Some(fence) = Fence::parse(lines[at]) {
            open.step(fence);
        }
        at += 1;
    }
    noise
}

/// Whether a tool call stands in a code block that itself begins at column 0, where it is an example. Right
/// before a heading the block was never closed, and the call is real.
fn is_quoted(lines: &[&str], open: &Open, end: usize) -> bool {
    let flush = open.outermost().is_some_and(|fence| !fence.indented);
    let next = lines[end..].iter().take(4).find(|line| !is_blank(line));
    flush && next.is_none_or(|line| heading::parse(line, false).is_none())
}

/// One blank line goes with the block, where it would leave two behind.
fn blank_gap(lines: &[&str], noise: &[bool], at: usize, end: usize) -> usize {
    let before = at == 0 || noise[at - 1] || is_blank(lines[at - 1]);
    usize::from(before && lines.get(end).is_some_and(|line| is_blank(line)))
}

/// Where the tool call or the result that begins at a line ends; `at` itself where none begins.
fn block_end(lines: &[&str], at: usize) -> usize {
    if lines[at].trim_ascii_start().starts_with(RESULT) {
        return result_end(lines, at);
    }
    let Some(text) = bulleted(lines[at]) else { return at };
    // A long call is wrapped; its result still follows without a blank line.
    let wrapped = lines[at + 1..].iter().take(20).take_while(|line| !is_blank(line) && indent(line) >= 2);
    let result = wrapped.take_while(|line| heading::parse(line, false).is_none());
    match result.clone().position(|line| line.trim_ascii_start().starts_with(RESULT)) {
        Some(offset) => result_end(lines, at + 1 + offset),
        None if is_call(text) => at + 1,
        None => at,
    }
}

fn result_end(lines: &[&str], at: usize) -> usize {
    let margin = indent(lines[at]);
    let belongs = |line: &&&str| {
        !is_blank(line) && (indent(line) > margin || line.trim_ascii_start().starts_with(RESULT))
    };
    at + 1 + lines[at + 1..].iter().take_while(belongs).count()
}

/// `Read(docs/setup.md)`: a name and its arguments, nothing else.
fn is_call(text: &str) -> bool {
    let text = text.trim_ascii_end();
    let Some((tool, arguments)) = text.split_once('(') else { return false };
    let named = tool.starts_with(|c: char| c.is_ascii_uppercase() || c == '_' || c.is_ascii_lowercase());
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    named && tool.chars().all(word) && arguments.ends_with(')')
}

/// The white space that all lines begin with; blank lines have no say.
pub(super) fn margin<'a>(lines: &[&'a str]) -> &'a str {
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !is_blank(line)) {
        let space = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let common = match margin {
            None => space.len(),
            Some(so_far) => so_far.bytes().zip(space.bytes()).take_while(|(a, b)| a == b).count(),
        };
        margin = Some(&space[..common]);
    }
    margin.unwrap_or_default()
}

/// A line without the margin; of a blank line that is shorter, nothing is left.
pub(super) fn without_margin<'a>(line: &'a str, margin: &str) -> &'a str {
    match line.strip_prefix(margin) {
        Some(rest) => rest,
        None if is_blank(line) => "",
        None => line,
    }
}
