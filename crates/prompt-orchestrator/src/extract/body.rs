//! The body of a section: what stands between two headings, without its fence (rules 6 to 10).

use super::Section;
use super::candidates::Candidate;
use super::chatter::{is_chatter, is_offer, is_turn};
use super::fence::{Fence, FenceLine, Info, Open};
use super::label;
use super::lines::{Document, Look, is_blank, is_rule, trim_blank};
use super::terminal::{bulleted, margin, without_margin};

/// What stands under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) section: Section,
    pub(super) continued: bool,
    pub(super) text: String,
    /// The fence around it was still open at the end of the answer.
    pub(super) cut_off: bool,
}

/// Reads the body under each heading.
pub(super) fn read_all(document: &Document<'_>, headings: &[Candidate]) -> Vec<Body> {
    let ends = headings.iter().skip(1).map(|next| next.at).chain([document.end]);
    let regions: Vec<Region<'_>> =
        headings.iter().zip(ends).map(|(heading, end)| Region::read(document, heading, end)).collect();
    let cuts: Vec<Cut<'_>> = regions.iter().map(Region::cut).collect();
    let copied = is_terminal_copy(document, headings, &cuts);
    let finish = |(heading, cut): (&Candidate, &Cut<'_>)| Body {
        section: heading.section(),
        continued: heading.heading.continued,
        text: cut.text(copied),
        cut_off: cut.truncated,
    };
    headings.iter().zip(&cuts).map(finish).collect()
}

/// Whether the left margin of unfenced bodies comes from a terminal: it left other traces, or all bodies
/// have one. A single body that is indented is code.
fn is_terminal_copy(document: &Document<'_>, headings: &[Candidate], cuts: &[Cut<'_>]) -> bool {
    let mut plain = cuts.iter().filter(|cut| !cut.fenced && !cut.lines.is_empty()).peekable();
    let traces = document.noise.contains(&true)
        || headings.iter().any(|c| c.indent > 0 || bulleted(document.lines[c.at]).is_some());
    traces || (plain.peek().is_some() && plain.all(|cut| !margin(&cut.lines).is_empty()))
}

/// The lines between two headings.
struct Region<'a> {
    lines: Vec<&'a str>,
    /// No heading follows.
    last: bool,
    /// The answer can have been cut off at the end of it.
    open_ended: bool,
}

/// The lines of a body.
struct Cut<'a> {
    lines: Vec<&'a str>,
    fenced: bool,
    truncated: bool,
}

/// Where the fence around a body closes.
#[derive(Clone, Copy)]
enum Close {
    At(usize),
    /// It was cut off.
    Never,
}

impl<'a> Region<'a> {
    fn read(document: &Document<'a>, heading: &Candidate, end: usize) -> Self {
        let kept =
            (heading.body.min(end)..end).filter(|&at| !document.noise[at]).map(|at| document.lines[at]);
        let lines: Vec<&str> = kept.collect();
        let last = end == document.end;
        let lines = without_messages(trim_blank(&lines));
        Self { lines, last, open_ended: last && document.open_ended }
    }

    fn cut(&self) -> Cut<'a> {
        let fence = self.lines.first().and_then(|line| Fence::parse(line));
        match fence.map(|fence| fence.info) {
            Some(Info::Bare | Info::Text) => self.unwrap(&self.lines, self.outer_close(&self.fences())),
            Some(Info::Other) => self.spanning(),
            None => self.plain(),
        }
    }

    fn fences(&self) -> Vec<FenceLine> {
        let parse = |(at, line): (usize, &&str)| Fence::parse(line).map(|fence| FenceLine { at, fence });
        self.lines.iter().enumerate().filter_map(parse).collect()
    }

    /// The body inside of its fence; what stands behind the fence is chatter.
    fn unwrap(&self, lines: &[&'a str], close: Close) -> Cut<'a> {
        let (block, inner) = match close {
            Close::At(at) => (&lines[..=at], &lines[1..at]),
            Close::Never if self.last => (lines, &lines[1..]),
            Close::Never => (lines, without_rule(&lines[1..])),
        };
        let margin = margin(block);
        let lines = inner.iter().map(|line| without_margin(line, margin)).collect();
        Cut { lines, fenced: true, truncated: matches!(close, Close::Never) && self.open_ended }
    }

    /// A block of a language is the body where nothing else is in it, else a part of the body.
    fn spanning(&self) -> Cut<'a> {
        let plain = self.plain();
        let fences = self.fences();
        let Some(outer) = fences.first() else { return plain };
        let mut open = Open::of(&[outer.fence]);
        let close = fences.iter().skip(1).find(|line| {
            open.step(line.fence);
            open.depth() == 0
        });
        let Some(close) = close else {
            return if self.open_ended { self.unwrap(&self.lines, Close::Never) } else { plain };
        };
        let rest = plain.lines.get(close.at + 1..).unwrap_or_default();
        if rest.iter().all(|line| is_blank(line)) || self.is_remark(close.at, rest) {
            return self.unwrap(&self.lines, Close::At(close.at));
        }
        plain
    }

    /// Whether the text behind the closing fence speaks to the reader: beyond doubt, or, at the end of the
    /// answer, where the block itself is the notes.
    fn is_remark(&self, close: usize, rest: &[&str]) -> bool {
        let noted = self.lines[..close].iter().any(|line| label::is_metadata(line));
        let offers = trim_blank(rest).first().is_some_and(|line| is_offer(line) || is_turn(line));
        is_chatter(rest) && ((self.last && noted) || offers)
    }

    /// A body without a fence, without the separator behind it and the chatter behind that.
    fn plain(&self) -> Cut<'a> {
        let mut lines = without_rule(&self.lines);
        if self.last {
            lines = without_chatter(lines);
        }
        Cut { lines: lines.to_vec(), fenced: false, truncated: false }
    }

    /// Where the fence around the body closes. Inner fences without a language cannot be told from it one
    /// by one: each that seems to close it, and is followed by another, was an inner one.
    fn outer_close(&self, fences: &[FenceLine]) -> Close {
        let Some((outer, rest)) = fences.split_first() else { return Close::Never };
        let mut open = Open::of(&[outer.fence]);
        let (mut closed, mut last_own) = (None, None);
        for line in rest {
            let own = line.fence.is_own_close(outer.fence);
            if let Some(at) = closed {
                if !own || (self.look(at) == Look::Closing && self.look(line.at) == Look::Opening) {
                    return Close::At(at);
                }
                open = Open::of(&[outer.fence]);
                closed = None;
                last_own = Some(line.at);
                continue;
            }
            open.step(line.fence);
            if own {
                last_own = Some(line.at);
            }
            if open.depth() == 0 {
                closed = Some(line.at);
            }
        }
        self.judge_close(closed, last_own)
    }

    fn judge_close(&self, closed: Option<usize>, last_own: Option<usize>) -> Close {
        let rest = |at: usize| without_rule(&self.lines[at + 1..]);
        match (closed, last_own) {
            // An inner block that opened last: the answer ends within it.
            (Some(at), _) if self.look(at) == Look::Opening && !rest(at).is_empty() => Close::Never,
            (Some(at), _) => Close::At(at),
            // One fence closed the inner and the outer block, unless the body goes on behind it.
            (None, Some(at)) if rest(at).is_empty() || is_chatter(rest(at)) => Close::At(at),
            _ => Close::Never,
        }
    }

    fn look(&self, at: usize) -> Look {
        Look::of(at, |at| self.lines.get(at).is_none_or(|line| is_blank(line)))
    }
}

impl Cut<'_> {
    fn text(&self, copied: bool) -> String {
        let margin = if copied && !self.fenced { margin(&self.lines) } else { "" };
        let lines: Vec<&str> = self.lines.iter().map(|line| without_margin(line, margin)).collect();
        trim_blank(&lines).join("\n")
    }
}

/// In a body with a margin, a bullet at column 0 begins another message: chatter, or more of the body.
fn without_messages<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indented: Vec<&str> = lines.iter().copied().filter(|line| bulleted(line).is_none()).collect();
    let margin = margin(&indented);
    if margin.is_empty() || indented.len() == lines.len() {
        return lines.to_vec();
    }
    let texts: Vec<&str> =
        lines.iter().map(|line| bulleted(line).unwrap_or_else(|| without_margin(line, margin))).collect();
    let chatter = (1..lines.len()).find(|&at| bulleted(lines[at]).is_some() && is_chatter(&texts[at..]));
    trim_blank(&texts[..chatter.unwrap_or(texts.len())]).to_vec()
}

/// The lines without a thematic break at their end.
fn without_rule<'l, 'a>(lines: &'l [&'a str]) -> &'l [&'a str] {
    let lines = trim_blank(lines);
    match lines.split_last() {
        Some((last, rest)) if is_rule(last) => trim_blank(rest),
        _ => lines,
    }
}

/// The lines before the last thematic break, where a remark to the reader follows it.
fn without_chatter<'l, 'a>(lines: &'l [&'a str]) -> &'l [&'a str] {
    let Some(rule) = lines.iter().rposition(|line| is_rule(line)) else { return lines };
    let rest = trim_blank(&lines[rule + 1..]);
    // A row of dashes right below a line makes a heading of that line.
    let apart = rule == 0 || is_blank(lines[rule - 1]);
    let offers = rest.first().is_some_and(|line| is_offer(line));
    if is_chatter(rest) && (apart || offers) { trim_blank(&lines[..rule]) } else { lines }
}
