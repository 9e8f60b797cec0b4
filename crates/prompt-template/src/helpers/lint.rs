//! The check of how helpers are used.
//!
//! Handlebars ignores what it does not expect: a second parameter of `if`, a misspelt named one, the
//! body of a helper that has none. Each of these is a mistake of the author's, so it is reported.

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::helpers::helper_names;
use crate::helpers::table::{Form, Known, find};
use crate::helpers::takes::{Param, literal};
use crate::syntax::{Arg, Body, Call, Item, else_if};

/// The fixed name of an inline partial, which stands in quotes after `inline`.
pub(crate) fn inline_name<'s>(source: &'s str, call: &Call) -> Option<&'s str> {
    let Some(Arg::Literal(range)) = call.params.first() else {
        return None;
    };
    let text = &source[range.clone()];
    let inner = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).filter(|name| !name.contains(['\\', '\n', '\r']))
}

/// Reports every helper, decorator and partial of a source that is not used as it must be.
pub(crate) fn lint(source: &str, body: &Body) -> Vec<Problem> {
    let mut lint = Lint { source, problems: Vec::new() };
    lint.body(body);
    lint.problems
}

/// How a call stands in its source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Print,
    Parentheses,
    Block,
    Raw,
}

struct Lint<'s> {
    source: &'s str,
    problems: Vec<Problem>,
}

impl Lint<'_> {
    fn report(&mut self, code: Code, call: &Call, message: String) {
        self.problems.push(Problem::new(code, call.name_range.clone(), message));
    }

    fn body(&mut self, body: &Body) {
        for item in &body.items {
            match item {
                Item::Block { call, body, .. } if call.broken => self.body(body),
                Item::Partial { call, .. } | Item::Inline { call, .. } if call.broken => {}
                Item::Print(call) => self.print(call),
                Item::Block { call, body, otherwise } => {
                    self.helper(call, Place::Block);
                    self.body(body);
                    if let Some(otherwise) = otherwise {
                        self.body(otherwise);
                    }
                }
                Item::Raw(call) => self.helper(call, Place::Raw),
                Item::Partial { call, body } => {
                    self.partial(call);
                    if let Some(body) = body {
                        self.body(body);
                    }
                }
                Item::Inline { call, body } => {
                    self.inline(call);
                    self.body(body);
                }
                Item::Decorator(call) => {
                    let message = "decorators stand at the start of a block: `{{#*inline ...}}`";
                    self.report(Code::Decorator, call, message.to_owned());
                }
            }
        }
    }

    fn print(&mut self, call: &Call) {
        if call.computed {
            let message = "a tag does not begin with parentheses";
            self.problems.push(Problem::new(Code::Syntax, call.range.clone(), message));
        } else if !call.is_bare() {
            self.helper(call, Place::Print);
        } else if find(&call.name).is_some() {
            let name = &call.name;
            let message =
                format!("`{name}` is a helper and lacks its parameters; for a variable write `this.{name}`");
            self.report(Code::HelperUse, call, message);
        }
    }

    fn helper(&mut self, call: &Call, place: Place) {
        for arg in call.args() {
            if let Arg::Call(inner) = arg {
                self.parameter(call, place, inner);
            }
        }
        let name = short(&call.name);
        let Some(known) = find(&call.name) else {
            let mut message = format!("there is no helper `{name}`");
            if place == Place::Block && call.is_bare() {
                message = format!("there is no helper `{name}`; a variable is tested with `#if {name}`");
            } else if place == Place::Print && matches!(call.name.as_str(), "elif" | "elsif") {
                let hint = else_if(&self.source[call.name_range.end..call.range.end]);
                message = format!("there is no helper `{name}`; {hint}");
            }
            let problem = Problem::new(Code::UnknownHelper, call.name_range.clone(), message);
            self.problems.push(problem.suggest(&call.name, helper_names()));
            return;
        };
        if let Some(message) = misplaced(known, place).or_else(|| miscounted(known, call)) {
            self.report(Code::HelperUse, call, message);
            return;
        }
        for (key, arg) in &call.hash {
            match known.named.iter().find(|param| param.name == key) {
                Some(param) => self.literal(known, param, false, arg),
                None => {
                    let message = format!("`{}` has no parameter named `{}`", known.name, short(key));
                    let problem = Problem::new(Code::HelperUse, call.name_range.clone(), message);
                    let names = known.named.iter().map(|param| param.name);
                    self.problems.push(problem.suggest(key, names));
                }
            }
        }
        for (at, arg) in call.params.iter().enumerate() {
            if let Some(param) = known.param(at) {
                self.literal(known, param, at == 0, arg);
            }
        }
    }

    /// A call in parentheses that is a parameter of another one.
    fn parameter(&mut self, outer: &Call, place: Place, inner: &Call) {
        if inner.name == "untrusted" {
            // A helper may cut or change what says where foreign text ends.
            let message = "`untrusted` stands where its text is printed, not within another helper: \
                           `{{untrusted text}}`";
            self.report(Code::HelperUse, inner, message.to_owned());
        }
        if !inner.is_bare() || find(&inner.name).is_some() {
            self.helper(inner, Place::Parentheses);
            return;
        }
        let (name, value) = (short(&outer.name), short(&inner.name));
        let written = match place {
            _ if outer.args().count() > 1 => format!("`{value}`"),
            Place::Block => format!("`{{{{#{name} {value}}}}}`"),
            Place::Print => format!("`{{{{{name} {value}}}}}`"),
            Place::Parentheses | Place::Raw => format!("`({name} {value})`"),
        };
        let message =
            format!("there is no helper `{value}`; for a variable write {written}, without parentheses");
        let problem = Problem::new(Code::UnknownHelper, inner.name_range.clone(), message);
        self.problems.push(problem.suggest(&inner.name, helper_names()));
    }

    /// Reports a literal that a parameter does not take.
    fn literal(&mut self, known: &Known, param: &Param, first: bool, arg: &Arg) {
        let Arg::Literal(range) = arg else { return };
        let value = literal(&self.source[range.clone()]);
        if let Some(value) = value.filter(|value| !param.takes.fits(value)) {
            let message = param.refusal(known.name, first, &value);
            self.problems.push(Problem::new(Code::HelperUse, range.clone(), message));
        }
    }

    fn partial(&mut self, call: &Call) {
        if call.computed {
            let message = "the name of a partial must be fixed: it cannot be computed";
            let range = call.name_range.clone();
            self.problems.push(Problem::new(Code::DynamicPartial, range, message));
        } else if call.params.len() > 1 {
            let message = "a partial takes one unnamed parameter at most, its context";
            self.report(Code::HelperUse, call, message.to_owned());
        }
        for arg in call.args() {
            if let Arg::Call(call) = arg {
                self.helper(call, Place::Parentheses);
            }
        }
    }

    fn inline(&mut self, call: &Call) {
        if call.name != "inline" {
            let message = format!("there is no decorator `{}`", short(&call.name));
            let problem = Problem::new(Code::Decorator, call.name_range.clone(), message);
            self.problems.push(problem.suggest(&call.name, ["inline"]));
        } else if inline_name(self.source, call).is_none() || call.args().count() > 1 {
            let message = "an inline partial has a fixed name in quotes: `{{#*inline \"name\"}}`";
            self.report(Code::Decorator, call, message.to_owned());
        }
    }
}

fn misplaced(known: &Known, place: Place) -> Option<String> {
    let name = known.name;
    let fits = match place {
        Place::Print | Place::Parentheses => matches!(known.form, Form::Inline | Form::Both),
        Place::Block => matches!(known.form, Form::Block | Form::Both),
        Place::Raw => known.form == Form::Raw,
    };
    if fits {
        return None;
    }
    let written = known.form.written(name, &format!("{name} ..."));
    Some(match known.form {
        Form::Block => format!("`{name}` is a block: `{written}`"),
        Form::Raw => format!("`{name}` is a raw block: `{}`", known.form.written(name, name)),
        Form::Inline | Form::Both if place == Place::Raw => format!("`{name}` is not a raw block"),
        Form::Inline | Form::Both => format!("`{name}` has no body: `{written}`"),
    })
}

fn miscounted(known: &Known, call: &Call) -> Option<String> {
    let name = known.name;
    let given = call.params.len();
    let (least, most) = (known.least, known.params.len());
    if given < least || (given > most && !known.rest) {
        let wanted = match (least, most) {
            (1, 1) if known.rest => "1 parameter or more".to_owned(),
            (1, 1) => "1 parameter".to_owned(),
            _ if least == most => format!("{least} parameters"),
            _ => format!("{least} or {most} parameters"),
        };
        return Some(format!("`{name}` takes {wanted}, {given} given"));
    }
    let names = call.block_params.len();
    if names > known.block_params {
        return Some(format!("`{name}` gives {} names after `as`, {names} wanted", known.block_params));
    }
    None
}
