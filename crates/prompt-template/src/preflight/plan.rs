//! What a rendering will read of its variables, as far as a template shows it before it has any.
//!
//! A plan follows handlebars' own rules for names: the nearest block parameter or named parameter of
//! a partial, else the frame of the innermost `each`, `with` or partial. What those rules say only
//! while rendering is not planned: such a template is always rendered under guard.

use std::collections::HashMap;

use crate::helpers::{self, Does};
use crate::load::Loaded;
use crate::syntax::{Arg, Body, Call, Item, Path};

/// Steps of a plan, where partials are written out at each place that includes them.
const MOST_STEPS: usize = 10_000;

/// What one body reads.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Work of one turn, apart from the steps' own.
    pub(super) cost: u64,
    pub(super) steps: Vec<Step>,
}

/// One tag of a body.
#[derive(Debug)]
pub(super) enum Step {
    /// A path is printed.
    Print(Lookup),
    /// A path is a parameter of a helper.
    Needs(Lookup),
    /// A path is a parameter of a helper that does without.
    MayMiss(Lookup),
    /// `if` or `unless`; the condition is planned where it is a path.
    Test {
        on: Option<Lookup>,
        negated: bool,
        body: Plan,
        otherwise: Plan,
    },
    Each {
        over: Lookup,
        body: Plan,
        otherwise: Plan,
    },
    With {
        over: Lookup,
        body: Plan,
        otherwise: Plan,
    },
    /// A partial with its context, which is the current one if it is not given.
    Partial {
        context: Option<Lookup>,
        extended: bool,
        body: Plan,
    },
}

/// A path, with its first part resolved.
#[derive(Debug, Clone)]
pub(super) struct Lookup {
    pub(super) base: Base,
    pub(super) names: Vec<String>,
}

/// Where a path begins. Frames are numbered from the outermost.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    Frame(usize),
    /// `@key`, which lists do not have.
    Key(usize),
    /// A text, number or truth value that `each` gives.
    Scalar,
}

/// The plan of a template with its partials, where there is one, and whether it calls helpers that
/// need the rendering.
pub(super) fn plan(units: &[Loaded]) -> Option<(Plan, bool)> {
    let by_name = units.iter().skip(1).map(|unit| (unit.source.name.as_str(), &unit.parsed.body));
    let mut planner = Planner {
        partials: by_name.collect(),
        frames: vec![Frame { loops: false, bound: Vec::new() }],
        steps: 0,
        calls_helpers: false,
    };
    let plan = planner.body(&units.first()?.parsed.body)?;
    Some((plan, planner.calls_helpers))
}

struct Frame<'a> {
    loops: bool,
    bound: Vec<(&'a str, Lookup)>,
}

struct Planner<'a> {
    partials: HashMap<&'a str, &'a Body>,
    frames: Vec<Frame<'a>>,
    steps: usize,
    calls_helpers: bool,
}

impl<'a> Planner<'a> {
    fn body(&mut self, body: &'a Body) -> Option<Plan> {
        let mut plan = Plan { cost: 2 + 2 * body.items.len() as u64, steps: Vec::new() };
        for item in &body.items {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return None;
            }
            self.item(item, &mut plan)?;
        }
        Some(plan)
    }

    fn inner(&mut self, body: &'a Body, frame: Frame<'a>) -> Option<Plan> {
        self.frames.push(frame);
        let plan = self.body(body);
        self.frames.pop();
        plan
    }

    fn item(&mut self, item: &'a Item, plan: &mut Plan) -> Option<()> {
        match item {
            Item::Print(call) if call.is_bare() && !call.computed => {
                plan.steps.push(Step::Print(self.path(&call.name)?));
            }
            Item::Raw(_) => {}
            Item::Block { call, body, otherwise } => {
                let otherwise = match otherwise {
                    Some(otherwise) => self.body(otherwise)?,
                    None => Plan::default(),
                };
                self.block(call, body, otherwise, plan)?;
            }
            Item::Partial { call, body: None } => self.partial(call, plan)?,
            Item::Print(call) if !call.computed => self.call(call, plan)?,
            Item::Print(_) | Item::Partial { .. } | Item::Inline { .. } | Item::Decorator(_) => return None,
        }
        Some(())
    }

    fn block(&mut self, call: &'a Call, body: &'a Body, otherwise: Plan, plan: &mut Plan) -> Option<()> {
        let [param] = call.params.as_slice() else {
            self.call(call, plan)?;
            let body = self.body(body)?;
            plan.steps.push(Step::Test { on: None, negated: false, body, otherwise });
            return Some(());
        };
        let step = match call.name.as_str() {
            "if" | "unless" => {
                let on = match param {
                    Arg::Path { raw, .. } if call.hash.is_empty() => Some(self.path(raw)?),
                    _ => {
                        self.call(call, plan)?;
                        None
                    }
                };
                let negated = call.name == "unless";
                Step::Test { on, negated, body: self.body(body)?, otherwise }
            }
            "each" => {
                let over = self.argument(param)?;
                let depth = self.frames.len();
                let bases = [Base::Frame(depth), Base::Scalar];
                let bound = call.block_params.iter().zip(bases);
                let bound = bound.map(|(name, base)| (name.as_str(), Lookup { base, names: Vec::new() }));
                let frame = Frame { loops: true, bound: bound.collect() };
                Step::Each { over, body: self.inner(body, frame)?, otherwise }
            }
            "with" => {
                let over = self.argument(param)?;
                let base = Base::Frame(self.frames.len());
                let bound = call.block_params.iter();
                let bound = bound.map(|name| (name.as_str(), Lookup { base, names: Vec::new() }));
                let frame = Frame { loops: false, bound: bound.collect() };
                Step::With { over, body: self.inner(body, frame)?, otherwise }
            }
            _ => return None,
        };
        plan.steps.push(step);
        Some(())
    }

    /// Plans what a call of a helper reads. What it says is left open.
    fn call(&mut self, call: &Call, plan: &mut Plan) -> Option<()> {
        let known = helpers::find(&call.name)?;
        self.calls_helpers |= !matches!(known.does, Does::Handlebars);
        plan.cost += 1;
        for (at, arg) in call.params.iter().enumerate() {
            match arg {
                // It stands in the text, so it must be fit to be printed.
                Arg::Path { raw, .. } if call.name == "untrusted" => {
                    plan.steps.push(Step::Print(self.path(raw)?));
                }
                _ => self.parameter(arg, known.may_miss(at), plan)?,
            }
        }
        call.hash.iter().try_for_each(|(_, arg)| self.parameter(arg, false, plan))
    }

    fn parameter(&mut self, arg: &Arg, may_miss: bool, plan: &mut Plan) -> Option<()> {
        match arg {
            Arg::Literal(range) => plan.cost += 1 + range.len() as u64 / 64,
            Arg::Call(call) => self.call(call, plan)?,
            Arg::Path { raw, .. } => {
                let lookup = self.path(raw)?;
                plan.steps.push(if may_miss { Step::MayMiss(lookup) } else { Step::Needs(lookup) });
            }
        }
        Some(())
    }

    fn partial(&mut self, call: &'a Call, plan: &mut Plan) -> Option<()> {
        let body = *self.partials.get(call.partial_name())?;
        let context = match call.params.first() {
            Some(arg) => Some(self.argument(arg)?),
            None => None,
        };
        let mut bound = Vec::new();
        for (name, arg) in &call.hash {
            bound.push((name.as_str(), self.argument(arg)?));
        }
        // Of several with one name, the last counts.
        bound.reverse();
        let extended = !bound.is_empty();
        let body = self.inner(body, Frame { loops: false, bound })?;
        plan.steps.push(Step::Partial { context, extended, body });
        Some(())
    }

    fn argument(&self, arg: &Arg) -> Option<Lookup> {
        match arg {
            Arg::Path { raw, .. } => self.path(raw),
            // A list or an object of the template itself is rare enough.
            Arg::Literal(_) | Arg::Call(_) => None,
        }
    }

    fn path(&self, raw: &str) -> Option<Lookup> {
        let path = Path::parse(raw);
        if path.ups > 0 || raw.contains('[') && path.names.iter().any(|name| name.is_empty()) {
            return None;
        }
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        if path.local {
            return self.local(&path);
        }
        if path.root {
            return Some(Lookup { base: Base::Frame(0), names: names(&path.names) });
        }
        if let Some(first) = path.names.first()
            && let Some(bound) = self.bound(first)
        {
            let explicit = raw.starts_with("this") || raw.starts_with('.');
            if explicit || matches!(bound.base, Base::Scalar) && path.names.len() > 1 {
                return None;
            }
            let mut lookup = bound.clone();
            lookup.names.extend(path.names[1..].iter().map(|name| (*name).to_owned()));
            return Some(lookup);
        }
        let base = Base::Frame(self.frames.len() - 1);
        Some(Lookup { base, names: names(&path.names) })
    }

    fn bound(&self, name: &str) -> Option<&Lookup> {
        let bound = self.frames.iter().rev().flat_map(|frame| &frame.bound);
        bound.into_iter().find(|(known, _)| *known == name).map(|(_, lookup)| lookup)
    }

    /// `@index` and the like, which `with` and partials hand on from the `each` around them.
    fn local(&self, path: &Path<'_>) -> Option<Lookup> {
        let frame = self.frames.iter().rposition(|frame| frame.loops)?;
        let base = match path.names.as_slice() {
            ["index" | "first" | "last"] => Base::Scalar,
            ["key"] => Base::Key(frame),
            _ => return None,
        };
        Some(Lookup { base, names: Vec::new() })
    }
}
