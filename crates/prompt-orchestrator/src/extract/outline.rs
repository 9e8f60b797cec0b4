//! Which candidates are headings and which are content of a code block (rules 5 and 7).
//!
//! The fences of a section cannot be matched before its end is known, and its end is a heading that may
//! stand in one of them. So each candidate inside an open fence is weighed: the reading that leaves fewer
//! fences open is taken. A block that closes leaves none; a fence that was never closed leaves one too many
//! wherever its end is assumed.

use super::candidates::Candidate;
use super::fence::{Fence, FenceLine, Info, Open};
use super::lines::{Document, Look, is_blank};

/// The candidates that start a section.
pub(super) fn real_headings(document: &Document<'_>) -> Vec<Candidate> {
    let steps = 64 + 16 * (document.fences.len() + document.candidates.len());
    Outline { document, open: Open::default(), next: 0, wrapper: None, real: Vec::new(), steps }.read()
}

struct Outline<'d, 'a> {
    document: &'d Document<'a>,
    /// The fences that are open where reading stands.
    open: Open,
    /// The next fence to take.
    next: usize,
    /// The fence in which the whole body of the present section seems to stand.
    wrapper: Option<FenceLine>,
    real: Vec<Candidate>,
    /// How many more fences may be looked at ahead. Looking ahead from each of many candidates would be
    /// quadratic; a text that needs more than this was made to, and its candidates are headings.
    steps: usize,
}

impl<'d> Outline<'d, '_> {
    fn read(mut self) -> Vec<Candidate> {
        let candidates: &'d [Candidate] = &self.document.candidates;
        let mut at = 0;
        while let Some(candidate) = candidates.get(at) {
            self.take_fences(candidate.at);
            if let Some(close) = self.enclosing_close(at) {
                // All up to the end of the block is content.
                while candidates.get(at).is_some_and(|c| c.at < close) {
                    at += 1;
                }
                continue;
            }
            self.start(*candidate);
            at += 1;
        }
        self.real
    }

    fn take_fences(&mut self, line: usize) {
        while let Some(fence) = self.document.fences.get(self.next).filter(|fence| fence.at < line) {
            self.open.step(fence.fence);
            self.next += 1;
        }
    }

    fn start(&mut self, candidate: Candidate) {
        self.real.push(candidate);
        self.open.clear();
        let first = self.document.fences.get(self.next).filter(|fence| {
            fence.fence.info != Info::Other
                && self.document.before(fence.at).is_none_or(|text| text < candidate.body)
        });
        self.wrapper = first.copied();
    }

    /// The line of the fence that closes the block in which a candidate stands as content. The state then
    /// stands behind that fence.
    fn enclosing_close(&mut self, at: usize) -> Option<usize> {
        if self.heads_a_block(at) {
            return None;
        }
        let open = if self.open.depth() > 0 { self.open.clone() } else { self.bare_block(at)? };
        let doubled = self.open.depth() == 0;
        let (closing, mut inside) = self.close_of(&open)?;
        let close = self.document.fences[closing];
        if self.opens_a_body(close) || (doubled && self.document.look(close.at) == Look::Opening) {
            return None;
        }
        let candidates = &self.document.candidates;
        let behind = candidates[at..].partition_point(|c| c.at < close.at) + at;
        let end = candidates.get(behind).map_or(self.document.end, |c| c.at);
        let after = inside.clone();
        let if_content = self.left_open(&mut inside, closing + 1, end)?;
        let if_heading = self.open.depth() + self.left_open_between(&candidates[at..behind], end)?;
        let content = if_content < if_heading
            || (if_content == if_heading && (doubled || self.document.look(close.at) == Look::Closing));
        content.then(|| {
            self.open = after;
            self.next = closing + 1;
            close.at
        })
    }

    /// Whether a block with an info string, of the kind of the open ones, is the first thing behind a
    /// candidate, or behind an empty one and its successor: nested in them it would be an example in an
    /// example, behind a heading it is a body.
    fn heads_a_block(&self, at: usize) -> bool {
        let Some(line) = self.document.fences.get(self.next) else { return false };
        let kind = self.open.innermost().is_some_and(|open| open.is_same_kind(line.fence));
        let follows = |at: usize, behind: usize| {
            let heading = self.document.candidates.get(at);
            heading.is_some_and(|c| {
                self.document.before(behind).is_some_and(|text| text < c.body && c.at <= text)
            })
        };
        let next = self.document.candidates.get(at + 1);
        let successor = || next.is_some_and(|next| follows(at, next.at) && follows(at + 1, line.at));
        kind && line.fence.info != Info::Bare && (follows(at, line.at) || successor())
    }

    /// The fences that are open if the last one, which closed the wrapper as it is counted, was an inner one
    /// without a language that opened.
    fn bare_block(&self, at: usize) -> Option<Open> {
        let wrapper = self.wrapper?;
        let last = self.document.fences[..self.next].last().filter(|last| last.at > wrapper.at)?;
        let inner = last.fence.is_own_close(Fence { info: Info::Bare, ..wrapper.fence });
        let from = self.document.candidates[at].at;
        let looks = self.document.look(last.at) == Look::Opening && last.at < from;
        (inner && looks).then(|| Open::of(&[wrapper.fence, last.fence]))
    }

    /// The fence that closes the innermost open one, and what is open behind it.
    fn close_of(&mut self, open: &Open) -> Option<(usize, Open)> {
        let mut state = open.clone();
        for (index, line) in self.document.fences.iter().enumerate().skip(self.next) {
            self.steps = self.steps.checked_sub(1)?;
            state.step(line.fence);
            if state.depth() < open.depth() {
                return Some((index, state));
            }
        }
        None
    }

    /// Whether a fence begins the body of a section: it is the first thing behind its heading. One that
    /// follows without a blank line and has one behind it ends an example that ends with a heading.
    fn opens_a_body(&self, fence: FenceLine) -> bool {
        let candidates = &self.document.candidates;
        let before = candidates.partition_point(|c| c.at < fence.at).checked_sub(1);
        let Some(heading) = before.map(|index| &candidates[index]) else { return false };
        let follows = self.document.before(fence.at).is_some_and(|text| text < heading.body);
        follows && (heading.body < fence.at || !self.is_blank(fence.at + 1))
    }

    fn is_blank(&self, line: usize) -> bool {
        self.document.lines.get(line).is_none_or(|line| is_blank(line))
    }

    /// How many fences are open at a line.
    fn left_open(&mut self, state: &mut Open, from: usize, end: usize) -> Option<usize> {
        for line in self.document.fences[from..].iter().take_while(|line| line.at < end) {
            self.steps = self.steps.checked_sub(1)?;
            state.step(line.fence);
        }
        Some(state.depth())
    }

    /// How many fences are left open if each of the candidates starts a section.
    fn left_open_between(&mut self, headings: &[Candidate], end: usize) -> Option<usize> {
        let mut left = 0;
        let mut from = self.next;
        for (index, _) in headings.iter().enumerate() {
            let stop = headings.get(index + 1).map_or(end, |next| next.at);
            self.steps = self.steps.checked_sub(1)?;
            left += self.left_open(&mut Open::default(), from, stop)?;
            from += self.document.fences[from..].iter().take_while(|line| line.at < stop).count();
        }
        Some(left)
    }
}
