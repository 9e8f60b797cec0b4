//! The linear scan over a whole source: texts, tags, and which block belongs to which.

use std::ops::Range;

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::helpers::find;
use crate::limits::{Limit, Limits};
use crate::pieces::{Mark, Plan};
use crate::syntax::tag::{self, Opens, Tag};
use crate::syntax::{Body, Call, Item};
use crate::syntax::{foreign, hint};

/// Problems of one source that are reported; more do not help anyone.
const MOST_PROBLEMS: usize = 100;

/// A scanned source. Without problems it is safe to give to handlebars.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) problems: Vec<Problem>,
    pub(crate) tags: usize,
    /// Blocks within blocks at the deepest place.
    pub(crate) depth: usize,
    /// What handlebars is given, where there are no problems.
    pub(crate) plan: Plan,
    /// The first statement of Jinja2 in the text.
    pub(crate) foreign: Option<Range<usize>>,
}

/// Scans a source from its body on, in time linear in its length.
pub(crate) fn parse(source: &str, body: usize, limits: &Limits) -> Parsed {
    let mut scan = Scan {
        source,
        start: body,
        limits,
        parsed: Parsed::default(),
        open: Vec::new(),
        forced: Vec::new(),
        body: Body::default(),
        marks: Vec::new(),
    };
    if source.len() > limits.source_bytes {
        let allowed = limits.source_bytes as u64;
        let start = source.floor_char_boundary(limits.source_bytes);
        let problem = Problem::limit(Limit::SourceBytes, allowed, start..start);
        scan.parsed.problems.push(problem);
        return scan.parsed;
    }
    scan.refuse_nul();
    scan.run();
    scan.plan();
    scan.parsed.foreign = scan.foreign();
    scan.parsed
}

/// A block that is not closed yet.
struct Open {
    opens: Opens,
    call: Call,
    /// True for `{{else if ...}}`, which the end of the first `{{#if ...}}` closes.
    chained: bool,
    /// The part before `{{else}}`, once that is passed.
    first: Option<Body>,
    /// What came before this block in the body around it.
    around: Body,
}

struct Scan<'s> {
    source: &'s str,
    /// Where the body begins.
    start: usize,
    limits: &'s Limits,
    parsed: Parsed,
    open: Vec<Open>,
    /// The names of blocks that the end of a block around them has closed.
    forced: Vec<String>,
    /// The innermost body.
    body: Body,
    /// All tags so far.
    marks: Vec<Mark>,
}

impl Scan<'_> {
    fn refuse_nul(&mut self) {
        if let Some(at) = memchr::memchr(0, self.source.as_bytes()) {
            let message = "the template holds a NUL character";
            self.report(Problem::new(Code::Nul, at..at + 1, message));
        }
    }

    fn report(&mut self, problem: Problem) {
        if self.parsed.problems.len() < MOST_PROBLEMS {
            self.parsed.problems.push(problem);
        }
    }

    fn run(&mut self) {
        let mut at = self.start;
        while let Some(start) = next_tag(self.source, at, &mut self.parsed.tags) {
            self.parsed.tags += 1;
            if self.parsed.tags > self.limits.tags {
                let allowed = self.limits.tags as u64;
                self.report(Problem::limit(Limit::Tags, allowed, start..start + 2));
                return;
            }
            at = match tag::read(self.source, start, self.limits.subexpression_depth) {
                Ok((tag, end)) => {
                    let most = self.limits.parameters;
                    if tag.call().is_some_and(|call| call.parameters() > most) {
                        self.report(Problem::limit(Limit::Parameters, most as u64, start..end));
                        return;
                    }
                    let (comment, top) = (matches!(tag, Tag::Comment), self.open.is_empty());
                    let at = self.tag(tag, start..end);
                    self.marks.push(Mark { range: start - self.start..at - self.start, comment, top });
                    at
                }
                Err(problem) => match self.recover(problem, start) {
                    Some(at) => at,
                    None => break,
                },
            };
            let too_deep = self.parsed.depth > self.limits.block_depth;
            if too_deep || self.parsed.problems.len() >= MOST_PROBLEMS {
                return;
            }
        }
        self.finish();
    }

    /// Goes on after a tag that cannot be read, and returns where.
    fn recover(&mut self, problem: Problem, start: usize) -> Option<usize> {
        if problem.code == Code::UnclosedComment {
            self.report(problem);
            return None;
        }
        let found = self.source.get(problem.range.clone()).unwrap_or_default();
        // What is found may be the end of the tag.
        let from = if found.starts_with('}') { problem.range.start } else { problem.range.end };
        let from = from.max(start + 2);
        let Some(end) = self.source[from..].find("}}").map(|at| from + at + 2) else {
            self.report(problem);
            return None;
        };
        let one = found.chars().next().filter(|c| c.len_utf8() == found.len());
        let foreign = Some(&problem).filter(|problem| problem.code == Code::Syntax);
        match foreign.and_then(|_| hint::hint(&self.source[start..end], one)) {
            Some(message) => self.report(Problem { range: start..end, message, ..problem }),
            None => self.report(problem),
        }
        // A block that begins so is taken as open, for its end not to be a second problem.
        let inner = self.source[start..end].trim_start_matches(['{', '~', ' ']);
        if let Some(inner) = inner.strip_prefix('#') {
            let (opens, inner) = match inner.trim_start() {
                inner if inner.starts_with('>') => (Opens::Partial, &inner[1..]),
                inner if inner.starts_with('*') => (Opens::Inline, &inner[1..]),
                inner => (Opens::Helper, inner),
            };
            let name = inner.trim_start().split(|c: char| c.is_whitespace() || c == '}').next();
            let call = Call {
                name: name.unwrap_or_default().to_owned(),
                range: start..end,
                broken: true,
                ..Call::default()
            };
            self.push(opens, call, false);
        }
        Some(end)
    }

    fn plan(&mut self) {
        if !self.parsed.problems.is_empty() {
            return;
        }
        let Limits { compile_work: allowed, tags, .. } = *self.limits;
        if self.parsed.tags > tags {
            let end = self.source.len();
            self.report(Problem::limit(Limit::Tags, tags as u64, end..end));
            return;
        }
        match Plan::new(&self.source[self.start..], &self.marks, allowed) {
            Ok(plan) => self.parsed.plan = plan,
            Err(Range { start, end }) => {
                let range = self.start + start..self.start + end;
                self.report(Problem::limit(Limit::CompileWork, allowed, range));
            }
        }
    }

    /// The first statement of Jinja2 that stands outside of tags and raw blocks.
    fn foreign(&self) -> Option<Range<usize>> {
        foreign::statement(self.source, self.start, |at| {
            let at = at - self.start;
            let before = self.marks.partition_point(|mark| mark.range.start <= at);
            before.checked_sub(1).is_none_or(|last| self.marks[last].range.end <= at)
        })
    }

    /// Takes in a tag and returns where the scan goes on.
    fn tag(&mut self, tag: Tag, range: Range<usize>) -> usize {
        let end = range.end;
        match tag {
            Tag::Comment => {}
            Tag::Print(call) => self.body.items.push(Item::Print(call)),
            Tag::Partial(call) => self.body.items.push(Item::Partial { call, body: None }),
            Tag::Decorator(call) => self.body.items.push(Item::Decorator(call)),
            Tag::Open(Opens::Raw, call) => return self.raw_block(call, range),
            Tag::Open(opens, call) => self.push(opens, call, false),
            Tag::Else(call) => self.otherwise(call, range),
            Tag::Close { name, raw } => self.close(&name, raw, range),
        }
        end
    }

    fn push(&mut self, opens: Opens, call: Call, chained: bool) {
        let depth = self.open.len() + 1;
        self.parsed.depth = self.parsed.depth.max(depth);
        if depth > self.limits.block_depth {
            let allowed = self.limits.block_depth as u64;
            let problem = Problem::limit(Limit::BlockDepth, allowed, call.range.clone());
            self.report(problem);
        }
        let inner = Body { items: Vec::new(), opened: call.range.clone() };
        let around = std::mem::replace(&mut self.body, inner);
        self.open.push(Open { opens, call, chained, first: None, around });
    }

    fn raw_block(&mut self, call: Call, range: Range<usize>) -> usize {
        let mut at = range.end;
        while let Some(start) = next_tag(self.source, at, &mut self.parsed.tags) {
            if !self.source[start..].starts_with("{{{{") {
                at = start + 2;
                continue;
            }
            self.parsed.tags += 1;
            let closed = tag::read(self.source, start, self.limits.subexpression_depth);
            if let Ok((Tag::Close { name, raw: true }, end)) = closed
                && name == call.name
            {
                self.body.items.push(Item::Raw(call));
                return end;
            }
            break;
        }
        let name = short(&call.name);
        let message = format!("the raw block `{name}` is not closed: `{{{{{{{{/{name}}}}}}}}}` is missing");
        self.report(Problem::new(Code::UnclosedBlock, range, message));
        self.source.len()
    }

    fn otherwise(&mut self, call: Option<Call>, range: Range<usize>) {
        let fits = self.open.last().filter(|open| open.opens == Opens::Helper && open.first.is_none());
        let is_inverse = self.source[range.start..].trim_start_matches(['{', '~', ' ']).starts_with('^');
        if is_inverse
            && let Some(call) = &call
            && (fits.is_none() || (call.is_bare() && find(&call.name).is_none()))
        {
            self.inverse(call, range);
            return;
        }
        if fits.is_none() {
            let message = match self.open.last() {
                Some(open) if open.opens == Opens::Helper => "the block has a second `{{else}}`",
                _ => "`{{else}}` stands outside of a block that could have one",
            };
            self.report(Problem::new(Code::StrayElse, range, message));
            return;
        }
        let next = Body { items: Vec::new(), opened: range };
        let first = std::mem::replace(&mut self.body, next);
        if let Some(open) = self.open.last_mut() {
            open.first = Some(first);
        }
        if let Some(call) = call {
            self.push(Opens::Helper, call, true);
        }
    }

    /// Reports `{{^name}}`, which begins a block in other Handlebars, and takes it as open.
    fn inverse(&mut self, call: &Call, range: Range<usize>) {
        let args = self.source[call.name_range.end..range.end].trim_end_matches(['}', '~']).trim();
        let (opens, tested) = match call.name.as_str() {
            "unless" => ("if", args),
            _ if call.is_bare() => ("unless", call.name.as_str()),
            _ => ("unless", args),
        };
        let message = format!("a block does not begin with `^`: write `{{{{#{opens} {}}}}}`", short(tested));
        self.report(Problem::new(Code::Syntax, range.clone(), message));
        let name_range = call.name_range.clone();
        let call = Call { name: call.name.clone(), name_range, range, broken: true, ..Call::default() };
        self.push(Opens::Helper, call, false);
    }

    fn close(&mut self, name: &str, raw: bool, range: Range<usize>) {
        let closes = |open: &Open| {
            let unnamed = name.is_empty() && open.opens != Opens::Helper;
            !raw && !open.chained && (open.call.name == name || unnamed)
        };
        if let Some(at) = self.forced.iter().position(|forced| forced == name)
            && !self.open.iter().any(closes)
        {
            self.forced.swap_remove(at);
            return;
        }
        let innermost = self.open.iter().rposition(|open| !open.chained);
        let Some(innermost) = innermost else {
            let message = format!("`{}` closes nothing that is open", short(name));
            self.report(Problem::new(Code::StrayClose, range, message));
            return;
        };
        if closes(&self.open[innermost]) {
            self.pop_to(innermost);
            return;
        }
        let opened = &self.open[innermost].call;
        let line = self.source[..opened.range.start].matches('\n').count() + 1;
        let message =
            format!("`{}` is closed, but `{}` is open since line {line}", short(name), short(&opened.name));
        self.report(Problem::new(Code::MismatchedClose, range, message));
        let at = self.open.iter().rposition(closes).unwrap_or(innermost);
        let forced = self.open[at..].iter().skip(1).filter(|open| !open.chained);
        self.forced.extend(forced.map(|open| open.call.name.clone()));
        self.pop_to(at);
    }

    /// Closes the blocks from the innermost down to the one at `at`.
    fn pop_to(&mut self, at: usize) {
        while self.open.len() > at
            && let Some(open) = self.open.pop()
        {
            let last = std::mem::replace(&mut self.body, open.around);
            let (body, otherwise) = match open.first {
                Some(first) => (first, Some(last)),
                None => (last, None),
            };
            let call = open.call;
            self.body.items.push(match open.opens {
                Opens::Partial => Item::Partial { call, body: Some(body) },
                Opens::Inline => Item::Inline { call, body },
                Opens::Helper | Opens::Raw => Item::Block { call, body, otherwise },
            });
        }
    }

    fn finish(&mut self) {
        let unclosed: Vec<_> = self.open.iter().filter(|open| !open.chained).map(unclosed).collect();
        for problem in unclosed {
            self.report(problem);
        }
        self.pop_to(0);
        self.parsed.body = std::mem::take(&mut self.body);
        self.parsed.problems.sort_by_key(|problem| problem.range.start);
    }
}

fn unclosed(open: &Open) -> Problem {
    let name = short(&open.call.name);
    let end = match open.opens {
        Opens::Raw => format!("{{{{{{{{/{name}}}}}}}}}"),
        _ => format!("{{{{/{name}}}}}"),
    };
    let message = format!("the block `{name}` is not closed: `{end}` is missing");
    Problem::new(Code::UnclosedBlock, open.call.range.clone(), message)
}

/// The next `{{` from `at` on that is not escaped by a backslash. Those that are, are counted.
fn next_tag(source: &str, mut at: usize, escapes: &mut usize) -> Option<usize> {
    let bytes = source.as_bytes();
    loop {
        at += memchr::memchr2(b'\\', b'{', bytes.get(at..)?)?;
        if bytes[at] == b'\\' {
            let backslashes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
            let braces = bytes[at + backslashes..].iter().take(4).take_while(|byte| **byte == b'{').count();
            at += backslashes;
            if braces >= 2 && backslashes == 1 {
                *escapes += 1;
                at += if braces == 4 { 4 } else { 2 };
            }
        } else if bytes.get(at + 1) == Some(&b'{') {
            return Some(at);
        } else {
            at += 1;
        }
    }
}
