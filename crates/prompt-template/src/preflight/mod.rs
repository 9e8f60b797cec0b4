//! A look at the variables before a rendering, which shows for most prompts that nothing can go wrong.
//!
//! The guards that are woven into a template see each value in the moment in which handlebars uses
//! it; that costs as much as the rendering. But what most templates read can be told from their
//! tree, and reading it once from the variables is cheap. Where all of it is there, of a kind that
//! can be printed, and within the limits, plain handlebars renders the same text as under guard.
//! Where anything is in doubt, the guards have the word, and the errors are theirs alone.

mod plan;
#[cfg(test)]
mod tests;

use handlebars::JsonTruthy;
use serde_json::Value;

use crate::limits::Limits;
use crate::load::Loaded;
use crate::preflight::plan::{Base, Lookup, Plan, Step};
use crate::run::weight;

/// What a template reads, in the order of its tags.
#[derive(Debug)]
pub(crate) struct Preflight {
    plan: Plan,
    /// A helper needs the rendering that calls it.
    calls_helpers: bool,
    /// Bytes of the template and its partials.
    text: usize,
}

impl Preflight {
    /// The preflight of a template with its partials; `None` where only guards can tell.
    pub(crate) fn new(units: &[Loaded]) -> Option<Self> {
        let text = units.iter().map(|unit| unit.source.text.len()).sum();
        let (plan, calls_helpers) = plan::plan(units)?;
        Some(Self { plan, calls_helpers, text })
    }

    /// True where the rendering must bring its helpers.
    pub(crate) fn calls_helpers(&self) -> bool {
        self.calls_helpers
    }

    /// The probable length of the text, where it is certain that nothing can go wrong.
    pub(crate) fn clear(&self, data: &Value, limits: &Limits, lenient: bool) -> Option<usize> {
        // The guards count a little differently: what comes near the limit is theirs.
        let mut look = Look {
            strict: !lenient,
            frames: vec![Frame { this: data, in_object: false }],
            left: limits.work / 4,
            copies: 0,
            printed: 0,
        };
        look.body(&self.plan)?;
        Some((self.text + look.printed).min(limits.output_bytes))
    }
}

struct Frame<'d> {
    this: &'d Value,
    /// The frame is of an `each` over an object.
    in_object: bool,
}

/// One look at the variables. `None` means that something is missing, unfit or too much.
struct Look<'d> {
    strict: bool,
    frames: Vec<Frame<'d>>,
    left: u64,
    /// Partials around the place: their context is a copy, and so is what is read of it.
    copies: usize,
    printed: usize,
}

/// What a path leads to.
enum Found<'d> {
    Value(&'d Value),
    /// A key, a number or a truth value that `each` gives.
    Scalar,
    Missing,
}

impl<'d> Look<'d> {
    fn spend(&mut self, steps: u64) -> Option<()> {
        self.left = self.left.checked_sub(steps)?;
        Some(())
    }

    fn weigh(&mut self, value: &Value) -> Option<()> {
        self.spend(weight(value))
    }

    fn body(&mut self, plan: &Plan) -> Option<()> {
        self.spend(plan.cost)?;
        plan.steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &Step) -> Option<()> {
        match step {
            Step::Print(lookup) => self.print(lookup),
            // A helper may copy or compare what it is given.
            Step::Needs(lookup) => match self.find(lookup)? {
                Found::Value(value) => self.weigh(value),
                Found::Scalar | Found::Missing => Some(()),
            },
            Step::MayMiss(lookup) => match self.look(lookup)? {
                Found::Value(value) => self.weigh(value),
                Found::Scalar | Found::Missing => Some(()),
            },
            Step::Test { on: None, body, otherwise, .. } => {
                self.body(body)?;
                self.body(otherwise)
            }
            Step::Test { on: Some(on), negated, body, otherwise } => match self.find(on)? {
                Found::Value(value) => {
                    self.body(if value.is_truthy(false) == *negated { otherwise } else { body })
                }
                Found::Missing => self.body(if *negated { body } else { otherwise }),
                Found::Scalar => {
                    self.body(body)?;
                    self.body(otherwise)
                }
            },
            Step::Each { over, body, otherwise } => self.each(over, body, otherwise),
            Step::With { over, body, otherwise } => match self.find(over)? {
                Found::Value(value) if value.is_truthy(false) => self.inside(value, false, body),
                Found::Value(_) | Found::Missing => self.body(otherwise),
                Found::Scalar => None,
            },
            Step::Partial { context, extended, body } => {
                let this = match context {
                    None => self.frames.last()?.this,
                    Some(context) => match self.find(context)? {
                        Found::Value(value) => value,
                        Found::Missing | Found::Scalar => return None,
                    },
                };
                // Named parameters are put into a copy of the context.
                if *extended && !this.is_object() {
                    return None;
                }
                self.weigh(this)?;
                self.copies += 1;
                self.inside(this, false, body)?;
                self.copies -= 1;
                Some(())
            }
        }
    }

    fn print(&mut self, lookup: &Lookup) -> Option<()> {
        match self.find(lookup)? {
            Found::Value(Value::String(text)) => self.printed += text.len(),
            Found::Value(Value::Number(_) | Value::Bool(_)) | Found::Scalar => self.printed += 8,
            Found::Value(Value::Null) if self.strict => return None,
            Found::Value(Value::Null) | Found::Missing => {}
            Found::Value(Value::Array(_) | Value::Object(_)) => return None,
        }
        Some(())
    }

    fn each(&mut self, over: &Lookup, body: &Plan, otherwise: &Plan) -> Option<()> {
        match self.find(over)? {
            Found::Value(Value::Array(items)) if !items.is_empty() => {
                items.iter().try_for_each(|item| self.inside(item, false, body))
            }
            Found::Value(Value::Object(items)) if !items.is_empty() => {
                items.values().try_for_each(|item| self.inside(item, true, body))
            }
            Found::Value(Value::Array(_) | Value::Object(_) | Value::Null) | Found::Missing => {
                self.body(otherwise)
            }
            Found::Value(_) | Found::Scalar => None,
        }
    }

    fn inside(&mut self, this: &'d Value, in_object: bool, body: &Plan) -> Option<()> {
        self.frames.push(Frame { this, in_object });
        self.body(body)?;
        self.frames.pop();
        Some(())
    }

    /// The value of a path; `None` where it has none and needs one, or only handlebars can tell.
    fn find(&mut self, lookup: &Lookup) -> Option<Found<'d>> {
        self.look(lookup).filter(|found| !self.strict || !matches!(found, Found::Missing))
    }

    /// The value of a path; `None` where only handlebars can tell.
    fn look(&mut self, lookup: &Lookup) -> Option<Found<'d>> {
        let mut value = match lookup.base {
            Base::Frame(at) => self.frames.get(at)?.this,
            Base::Key(at) if !self.frames.get(at)?.in_object => return Some(Found::Missing),
            Base::Key(_) | Base::Scalar => {
                return if lookup.names.is_empty() { Some(Found::Scalar) } else { None };
            }
        };
        for name in &lookup.names {
            let next = match value {
                Value::Object(items) => items.get(name),
                Value::Array(items) => items.get(name.parse::<usize>().ok()?),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return Some(Found::Missing),
            }
        }
        if self.copies > 0 {
            self.weigh(value)?;
        }
        Some(Found::Value(value))
    }
}
