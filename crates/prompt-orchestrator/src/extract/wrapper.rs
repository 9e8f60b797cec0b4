//! A fence around the whole answer, headings and all (rule 5).

use super::Section;
use super::candidates::Candidate;
use super::chatter::is_chatter;
use super::fence::{FenceLine, Info, Open};
use super::lines::{Document, Look, is_blank};

/// The fence around an answer.
pub(super) struct Wrapper {
    open: FenceLine,
    /// Where it seems to close.
    close: Option<usize>,
}

/// Takes the fence around the whole answer away, where there is one.
pub(super) fn take(document: &mut Document<'_>) -> Option<Wrapper> {
    let open = wrapping_fence(document)?;
    let last = document.fences.last().filter(|last| last.at > open.at && last.fence.is_own_close(open.fence));
    let close = last.map(|last| last.at).filter(|&close| is_end(&document.lines[close + 1..]));
    document.fences.retain(|fence| open.at < fence.at && Some(fence.at) != close);
    Some(Wrapper { open, close })
}

fn is_end(rest: &[&str]) -> bool {
    rest.iter().all(|line| is_blank(line)) || is_chatter(rest)
}

impl Wrapper {
    /// Ends the document where the fence around it closes, unless that fence closes the last body.
    pub(super) fn end(&self, document: &mut Document<'_>, headings: &[Candidate]) {
        let (Some(close), Some(last)) = (self.close, headings.last()) else { return };
        let fences = document.fences.as_slice();
        let start = |at: usize| fences.partition_point(|line| line.at < at);
        let mut shared = headings.windows(2).map(|pair| &fences[start(pair[0].at)..start(pair[1].at)]);
        // Where the last body is still open, this fence closes it, unless bodies and blocks share theirs.
        let of_body = self.leaves_body_open(document, *last) && !shared.any(leaves_open);
        if !of_body {
            document.end = close;
            document.open_ended = false;
        }
    }

    /// Whether the fence around the last body, of the same kind, is all that is open behind it.
    fn leaves_body_open(&self, document: &Document<'_>, last: Candidate) -> bool {
        let mut state = Open::default();
        let mut body = None;
        for line in document.fences.iter().filter(|line| line.at > last.at) {
            let heads = document.before(line.at).is_some_and(|text| text < last.body);
            state.step(line.fence);
            body = body.or(heads.then_some(line.fence));
        }
        let same = body.is_some_and(|fence| self.open.fence.is_same_kind(fence));
        same && state.depth() == 1 && state.outermost() == body
    }
}

fn leaves_open(fences: &[FenceLine]) -> bool {
    let mut state = Open::default();
    for line in fences {
        state.step(line.fence);
    }
    state.depth() > 0
}

/// A fence that says "just text" and is still open at the first heading.
fn wrapping_fence(document: &Document<'_>) -> Option<FenceLine> {
    let first = document.candidates.first()?;
    let mut state = Open::default();
    let mut outermost = None;
    for line in document.fences.iter().take_while(|line| line.at < first.at) {
        let before = state.depth();
        state.step(line.fence);
        outermost = match (before, state.depth()) {
            (_, 0) => None,
            (0, _) => Some(*line),
            _ => outermost,
        };
    }
    let open = outermost.filter(|line| line.fence.info != Info::Other)?;
    (!is_example(document, open)).then_some(open)
}

/// Whether the fence holds an example of the form: it closes, and the sections in it come again behind it.
fn is_example(document: &Document<'_>, open: FenceLine) -> bool {
    let mut state = Open::of(&[open.fence]);
    let mut inside = document.fences.iter().skip_while(|line| line.at <= open.at);
    let close = inside.by_ref().find(|line| {
        state.step(line.fence);
        state.depth() == 0
    });
    let Some(close) = close.filter(|line| document.look(line.at) != Look::Opening) else { return false };
    let behind = document.candidates.partition_point(|c| c.at < close.at);
    let (held, behind) = document.candidates.split_at(behind);
    let end = behind.first().map_or(document.end, |c| c.at);
    inside.take_while(|line| line.at < end).for_each(|line| state.step(line.fence));
    let opens_a_body =
        held.last().is_some_and(|c| document.before(close.at).is_some_and(|text| text < c.body));
    let has = |some: &[Candidate], section| some.iter().any(|c| c.section() == section);
    state.depth() == 0 && !opens_a_body && Section::ALL.iter().all(|&s| !has(held, s) || has(behind, s))
}
