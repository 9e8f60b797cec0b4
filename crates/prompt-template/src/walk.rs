//! Which variables and partials a template uses, followed through blocks and partials.
//!
//! The walk keeps the same stack of frames as handlebars does while rendering: one for the whole,
//! one for each `each`, `with` and partial around a tag. A name that is looked up in the lowest frame
//! is a variable; one that is looked up in an item of a list is not.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::helpers::{self, Known, inline_name};
use crate::limits::{Limit, Limits};
use crate::syntax::{Arg, Body, Call, Item, Path};

/// Warnings of one walk that are reported.
const MOST_WARNINGS: usize = 20;

/// A named text and its tree.
pub(crate) struct Unit<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    pub(crate) body: &'a Body,
    pub(crate) depth: usize,
}

/// One place where a variable is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// The index of the unit.
    pub(crate) unit: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) path: String,
    pub(crate) guarded: bool,
    /// A missing value is no mistake here.
    pub(crate) optional: bool,
}

/// A name that is looked up in the value of a block, by itself: `name`, not `this.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
    /// The helper of the block.
    pub(crate) block: String,
    /// What the block is over, as it is written.
    pub(crate) path: String,
    /// The block gives names after `as`.
    pub(crate) named: bool,
    /// How its value is reached from the variables, where that is known.
    pub(crate) origin: Option<Vec<Step>>,
}

/// A step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Field(String),
    /// Each item of a list.
    Item,
}

/// What a walk finds.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) variables: BTreeMap<String, Vec<Found>>,
    /// Names inside of the blocks of the first unit.
    pub(crate) lookups: Vec<Lookup>,
    /// The variables are used as a whole: `this` of the outermost level.
    pub(crate) whole: bool,
    /// Problems with the unit that holds each.
    pub(crate) problems: Vec<(usize, Problem)>,
    /// The names along the first cycle.
    pub(crate) cycle: Option<Vec<String>>,
}

/// Walks the first unit. The others are its partials; `open` says that they are not known.
pub(crate) fn walk(units: &[Unit<'_>], open: bool, limits: &Limits) -> Findings {
    let Some(main) = units.first() else {
        return Findings::default();
    };
    let mut walker = Walker {
        units,
        by_name: units.iter().enumerate().rev().map(|(at, unit)| (unit.name, at)).collect(),
        open,
        limits,
        frames: vec![Frame::default()],
        guards: Vec::new(),
        unseen: 0,
        active: vec![Active { place: (0, 0), name: main.name, depth: main.depth }],
        seen: HashSet::new(),
        steps: 0,
        findings: Findings::default(),
    };
    walker.frames[0].root = true;
    walker.body(0, main.body);
    for places in walker.findings.variables.values_mut() {
        places.sort();
        // The same place, reached twice, is guarded if it always is.
        places.dedup_by(|later, kept| {
            (later.unit, later.start, later.end) == (kept.unit, kept.start, kept.end)
        });
    }
    walker.findings
}

/// A block of handlebars: what names mean inside of it.
#[derive(Default)]
struct Frame<'a> {
    /// Names are looked up among the variables.
    root: bool,
    /// Names after `as |...|`, or given to a partial.
    bound: Vec<&'a str>,
    inlines: BTreeMap<&'a str, (usize, &'a Body)>,
    /// The block that it belongs to, where that is an `each` or a `with`.
    over: Option<&'a Call>,
    origin: Option<Vec<Step>>,
}

/// A partial that is being walked, by its unit and the start of its body.
struct Active<'a> {
    place: (usize, usize),
    name: &'a str,
    depth: usize,
}

/// A variable that the block around a tag tests.
#[derive(Hash)]
struct Guard {
    name: String,
    /// The block is left out where the variable is missing, without a complaint.
    defined: bool,
}

struct Walker<'a, 'u> {
    units: &'u [Unit<'a>],
    by_name: HashMap<&'u str, usize>,
    open: bool,
    limits: &'u Limits,
    frames: Vec<Frame<'a>>,
    guards: Vec<Guard>,
    /// Bodies around the place whose text is thrown away; what they define stays.
    unseen: usize,
    active: Vec<Active<'a>>,
    seen: HashSet<u64>,
    steps: u64,
    findings: Findings,
}

impl<'a> Walker<'a, '_> {
    fn report(&mut self, unit: usize, problem: Problem) {
        let known = self.findings.problems.iter();
        let is_known = known.rev().take(100).any(|(at, other)| *at == unit && *other == problem);
        if !is_known && self.findings.problems.len() < 100 {
            self.findings.problems.push((unit, problem));
        }
    }

    fn exhausted(&self) -> bool {
        self.steps > self.limits.work
    }

    fn body(&mut self, unit: usize, body: &'a Body) {
        for item in &body.items {
            self.steps += 1;
            if self.exhausted() {
                return;
            }
            match item {
                Item::Print(call) if call.is_bare() => {
                    self.path(unit, &call.name, &call.name_range, false);
                }
                Item::Print(call) => self.args(unit, call, helpers::find(&call.name)),
                Item::Block { call, body, otherwise } => {
                    self.args(unit, call, helpers::find(&call.name));
                    self.block(unit, call, body);
                    if let Some(otherwise) = otherwise {
                        self.otherwise(unit, call, otherwise);
                    }
                }
                Item::Partial { call, body } => {
                    self.args(unit, call, None);
                    self.partial(unit, call, body.as_ref());
                }
                Item::Inline { call, body } => self.inline(unit, call, body),
                Item::Raw(_) | Item::Decorator(_) => {}
            }
        }
    }

    fn args(&mut self, unit: usize, call: &'a Call, known: Option<&'static Known>) {
        for (at, arg) in call.args().enumerate() {
            self.steps += 1;
            match arg {
                Arg::Path { raw, range } => {
                    let may_miss = at < call.params.len() && known.is_some_and(|known| known.may_miss(at));
                    self.path(unit, raw, range, may_miss);
                }
                Arg::Call(call) => self.args(unit, call, helpers::find(&call.name)),
                Arg::Literal(_) => {}
            }
        }
    }

    fn path(&mut self, unit: usize, raw: &str, range: &Range<usize>, may_miss: bool) {
        let path = Path::parse(raw);
        if path.local {
            let known = ["index", "key", "first", "last"];
            let name = path.names.first().copied().unwrap_or_default();
            if !known.contains(&name) || path.names.len() > 1 {
                let message = if name == "root" {
                    "`@root` is followed by a name: `@root.name`".to_owned()
                } else {
                    format!("no block provides `{}`", short(raw))
                };
                let problem = Problem::new(Code::UnknownLocal, range.clone(), message);
                self.report(unit, problem.suggest(name, known));
            } else if self.open
                && !may_miss
                // Warnings leave room for errors.
                && self.findings.problems.len() < MOST_WARNINGS
                && self.is_outside_of_each()
            {
                // The whole may be a partial that a loop includes, so this may be right.
                let message = format!("`{}` has a value only inside of `each`", short(raw));
                self.report(unit, Problem::new(Code::UnknownLocal, range.clone(), message).warning());
            }
            return;
        }
        let Some(name) = path.names.first() else {
            self.findings.whole |= self.is_root(&path);
            return;
        };
        if self.unseen > 0 {
            return;
        }
        if !self.is_variable(&path, name) {
            self.looked_up(unit, raw, name, range);
            return;
        }
        let found = Found {
            unit,
            start: range.start,
            end: range.end,
            path: path.names.join("."),
            guarded: self.guards.iter().any(|guard| guard.name == *name),
            optional: may_miss || self.guards.iter().any(|guard| guard.defined && guard.name == *name),
        };
        self.findings.variables.entry((*name).to_owned()).or_default().push(found);
    }

    /// True where no block around a tag is an `each`, nor a partial, which may have one.
    fn is_outside_of_each(&self) -> bool {
        let is_other = |frame: &Frame<'_>| frame.over.is_some_and(|call| call.name != "each");
        self.active.len() == 1 && self.frames[1..].iter().all(is_other)
    }

    /// Takes note of a name that a block looks up in its value.
    fn looked_up(&mut self, unit: usize, raw: &str, name: &str, range: &Range<usize>) {
        let is_bound = self.frames.iter().any(|frame| frame.bound.contains(&name));
        let is_plain = raw.trim_start_matches('[').starts_with(name);
        let Some(Frame { over: Some(call), origin, .. }) = self.frames.last() else { return };
        if unit > 0 || is_bound || !is_plain || self.findings.lookups.len() >= 100 {
            return;
        }
        let path = match call.params.first() {
            Some(Arg::Path { raw, .. }) => raw.clone(),
            _ => "...".to_owned(),
        };
        let lookup = Lookup {
            name: name.to_owned(),
            range: range.clone(),
            block: call.name.clone(),
            path,
            named: !call.block_params.is_empty(),
            origin: origin.clone(),
        };
        if !self.findings.lookups.contains(&lookup) {
            self.findings.lookups.push(lookup);
        }
    }

    /// The way from the variables to the value of a block.
    fn origin(&self, call: &Call) -> Option<Vec<Step>> {
        let Some(Arg::Path { raw, .. }) = call.params.first() else { return None };
        let path = Path::parse(raw);
        let name = path.names.first()?;
        let mut steps = if self.is_variable(&path, name) {
            Vec::new()
        } else if path.local || path.ups > 0 || self.frames.iter().any(|frame| frame.bound.contains(name)) {
            return None;
        } else {
            self.frames.last()?.origin.clone()?
        };
        steps.extend(path.names.iter().map(|name| Step::Field((*name).to_owned())));
        if call.name == "each" {
            steps.push(Step::Item);
        }
        Some(steps)
    }

    fn is_variable(&self, path: &Path<'_>, name: &str) -> bool {
        let bound = !path.root && self.frames.iter().any(|frame| frame.bound.contains(&name));
        !bound && self.is_root(path)
    }

    /// True where the path begins at the variables: `this` of the frame that it names.
    fn is_root(&self, path: &Path<'_>) -> bool {
        // With more `../` than there are frames, handlebars looks in the innermost one.
        let top = self.frames.len() - 1;
        let frame = top.checked_sub(path.ups).unwrap_or(top);
        path.root || self.frames[frame].root
    }

    /// True where a block over this parameter looks names up among the variables.
    fn stays_root(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Path { raw, .. } => {
                let path = Path::parse(raw);
                !path.local && path.names.is_empty() && self.is_root(&path)
            }
            _ => false,
        }
    }

    fn block(&mut self, unit: usize, call: &'a Call, body: &'a Body) {
        let guards = self.guards.len();
        if matches!(call.name.as_str(), "if" | "with" | "each") {
            self.guard(call, false);
        }
        let frame = match (call.name.as_str(), call.params.first()) {
            ("each", Some(_)) => Some(false),
            ("with", Some(arg)) => Some(self.stays_root(arg)),
            _ => None,
        };
        if let Some(root) = frame {
            let bound = call.block_params.iter().map(String::as_str).collect();
            let (over, origin) = if root { (None, None) } else { (Some(call), self.origin(call)) };
            self.frames.push(Frame { root, bound, over, origin, ..Frame::default() });
        }
        self.body(unit, body);
        if frame.is_some() {
            self.frames.pop();
        }
        self.guards.truncate(guards);
    }

    /// The body after `{{else}}`, which can rely on what a test for the opposite asks for.
    fn otherwise(&mut self, unit: usize, call: &'a Call, body: &'a Body) {
        let guards = self.guards.len();
        let test = match (call.name.as_str(), call.params.first()) {
            ("unless", Some(Arg::Call(test))) => Some(test),
            ("if", Some(Arg::Call(not))) if not.name == "not" => match not.params.first() {
                Some(Arg::Call(test)) => Some(test),
                _ => None,
            },
            _ => None,
        };
        if let Some(test) = test.filter(|test| test.name == "isdef") {
            self.guard(test, true);
        }
        self.body(unit, body);
        self.guards.truncate(guards);
    }

    /// The variables that the body of a block can rely on.
    fn guard(&mut self, call: &Call, defined: bool) {
        for arg in &call.params {
            match arg {
                Arg::Path { raw, .. } => {
                    let path = Path::parse(raw);
                    if let Some(name) = path.names.first()
                        && !path.local
                        && self.is_variable(&path, name)
                    {
                        self.guards.push(Guard { name: (*name).to_owned(), defined });
                    }
                }
                Arg::Call(call) if call.name == "and" => self.guard(call, false),
                Arg::Call(call) if call.name == "isdef" => self.guard(call, true),
                _ => {}
            }
        }
    }

    fn inline(&mut self, unit: usize, call: &'a Call, body: &'a Body) {
        let Some(name) = inline_name(self.units[unit].text, call) else {
            return;
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.inlines.insert(name, (unit, body));
        }
        if self.open {
            // Who includes it is not known here, so it is read where it stands, as part of what is around it.
            self.active.push(Active { place: (unit, body.opened.end), name, depth: 0 });
            self.body(unit, body);
            self.active.pop();
        }
    }

    fn partial(&mut self, unit: usize, call: &'a Call, body: Option<&'a Body>) {
        let root = match call.params.first() {
            Some(arg) => self.stays_root(arg),
            None => self.frames.last().is_some_and(|frame| frame.root),
        };
        let bound = call.hash.iter().map(|(key, _)| key.as_str()).collect();
        let target = self.target(call);
        self.frames.push(Frame { root, bound, ..Frame::default() });
        if let Some(body) = body {
            // Handlebars renders it, but nothing of it is seen unless the partial asks for it.
            let is_seen = target.is_none_or(|(_, target)| target.asks_for_block());
            self.unseen += usize::from(!is_seen);
            self.body(unit, body);
            self.unseen -= usize::from(!is_seen);
        }
        let name = call.partial_name();
        match target {
            Some(target) => self.enter(target, name, unit, &call.name_range),
            None if body.is_some() || self.open || name == "@partial-block" => {}
            None => {
                let message = format!("there is no partial `{}`", short(name));
                let problem = Problem::new(Code::UnknownPartial, call.name_range.clone(), message);
                let inlines = self.frames.iter().flat_map(|frame| frame.inlines.keys().copied());
                let names = inlines.chain(self.units.iter().skip(1).map(|unit| unit.name));
                let problem = problem.suggest(name, names);
                self.report(unit, problem);
            }
        }
        self.frames.pop();
    }

    /// The body that handlebars would take: the nearest inline partial, else one of the source.
    fn target(&self, call: &Call) -> Option<(usize, &'a Body)> {
        let inline = self.frames.iter().rev().find_map(|frame| frame.inlines.get(call.name.as_str()));
        inline.copied().or_else(|| {
            let index = *self.by_name.get(call.partial_name())?;
            Some((index, self.units[index].body))
        })
    }

    fn enter(&mut self, target: (usize, &'a Body), name: &'a str, from: usize, at: &Range<usize>) {
        let (unit, body) = target;
        let place = (unit, body.opened.end);
        if let Some(first) = self.active.iter().position(|active| active.place == place) {
            let names = self.active[first..].iter().map(|active| active.name.to_owned());
            let path: Vec<_> = names.chain([name.to_owned()]).collect();
            let shown: Vec<_> = path.iter().map(|name| short(name)).collect();
            let message = format!("partials include each other: {}", shown.join(" -> "));
            self.report(from, Problem::new(Code::PartialCycle, at.clone(), message));
            self.findings.cycle.get_or_insert(path);
            return;
        }
        let depth = self.units[unit].depth + 1;
        let nesting = depth + self.active.iter().map(|active| active.depth + 1).sum::<usize>();
        let Limits { partial_depth, nesting: most, work, .. } = *self.limits;
        if self.active.len() > partial_depth || nesting > most {
            let allowed = if nesting > most { most } else { partial_depth } as u64;
            self.report(from, Problem::limit(Limit::PartialDepth, allowed, at.clone()));
            return;
        }
        let signature = self.signature(place);
        if !self.seen.insert(signature) {
            return;
        }
        self.active.push(Active { place, name, depth });
        self.body(unit, body);
        self.active.pop();
        if self.exhausted() {
            self.report(from, Problem::limit(Limit::Work, work, at.clone()));
        }
    }

    /// Two visits with the same signature find the same.
    fn signature(&mut self, place: (usize, usize)) -> u64 {
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        (&self.guards, self.unseen > 0).hash(&mut hasher);
        for frame in &self.frames {
            self.steps += 1 + frame.inlines.len() as u64;
            (frame.root, &frame.bound).hash(&mut hasher);
            for (name, (unit, body)) in &frame.inlines {
                (name, unit, body.opened.end).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}
