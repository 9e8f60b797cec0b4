//! Declarations and uses of variables held against each other.

use std::collections::BTreeMap;

use crate::declare::{Declarations, Kind};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::helpers::helper_names;
use crate::syntax::{Arg, Body, Call, Item};
use crate::walk::{Findings, Found, Lookup, Step};

/// What a source is checked against.
pub(crate) struct Lint<'a> {
    pub(crate) text: &'a str,
    pub(crate) body: &'a Body,
    pub(crate) declared: &'a Declarations,
    pub(crate) findings: &'a Findings,
    /// Variables that are given without being declared.
    pub(crate) also_given: &'a [String],
    /// Every partial is known, and so every use.
    pub(crate) whole: bool,
}

/// Reports what declarations and uses say against each other, and names that mean two things.
pub(crate) fn lint(lint: &Lint<'_>) -> Vec<Problem> {
    let mut problems = lint.undeclared();
    if lint.whole {
        problems.extend(unused(lint.declared, lint.findings));
    }
    problems.extend(lint.declared_helpers());
    let variables = &lint.findings.variables;
    problems.extend(
        lint.findings.lookups.iter().filter_map(|lookup| root_needed(lookup, lint.declared, variables)),
    );
    lint.clashes(lint.body, &mut problems);
    problems
}

impl Lint<'_> {
    fn undeclared(&self) -> Vec<Problem> {
        if !self.declared.is_complete() {
            return Vec::new();
        }
        let is_known = |name: &String| self.declared.get(name).is_some() || self.also_given.contains(name);
        let unknown = self.findings.variables.iter().filter(|(name, _)| !is_known(name));
        let uses = unknown.flat_map(|(name, places)| places.iter().map(move |found| (name, found)));
        uses.take(100)
            .map(|(name, found)| {
                let message = format!("variable `{}` is not declared", short(name));
                let problem = Problem::new(Code::UndeclaredVariable, found.start..found.end, message);
                problem.suggest(name, self.declared.names())
            })
            .collect()
    }

    fn declared_helpers(&self) -> Vec<Problem> {
        let clash = |name: &str| helper_names().any(|helper| helper == name);
        let declared = self.declared.iter().filter(|declaration| clash(&declaration.name));
        declared
            .map(|declaration| {
                let name = &declaration.name;
                let message = format!(
                    "`{name}` is a helper too: as a variable it is written `this.{name}` or `@root.{name}`"
                );
                Problem::new(Code::NameClash, declaration.place.range.clone(), message).warning()
            })
            .collect()
    }

    /// Parameters of blocks and partials that have the name of a helper.
    fn clashes(&self, body: &Body, problems: &mut Vec<Problem>) {
        for item in &body.items {
            match item {
                Item::Block { call, body, otherwise } => {
                    self.block_params(call, problems);
                    self.clashes(body, problems);
                    if let Some(otherwise) = otherwise {
                        self.clashes(otherwise, problems);
                    }
                }
                Item::Partial { call, body } => {
                    self.partial_params(call, problems);
                    if let Some(body) = body {
                        self.clashes(body, problems);
                    }
                }
                Item::Inline { body, .. } => self.clashes(body, problems),
                Item::Print(_) | Item::Raw(_) | Item::Decorator(_) => {}
            }
        }
    }

    fn block_params(&self, call: &Call, problems: &mut Vec<Problem>) {
        for name in call.block_params.iter().filter(|name| is_helper(name)) {
            let tag = &self.text[call.range.clone()];
            let bar = tag.rfind(" as ").and_then(|at| Some(at + tag[at..].find('|')?)).unwrap_or_default();
            let at = call.range.start + tag[bar..].find(name.as_str()).map_or(0, |at| bar + at);
            let message = format!("`{name}` is a helper, which `{{{{{name}}}}}` means: take another name");
            problems.push(Problem::new(Code::NameClash, at..at + name.len(), message).warning());
        }
    }

    fn partial_params(&self, call: &Call, problems: &mut Vec<Problem>) {
        for (name, arg) in call.hash.iter().filter(|(name, _)| is_helper(name)) {
            let end = match arg {
                Arg::Path { range, .. } | Arg::Literal(range) => range.start,
                Arg::Call(call) => call.range.start,
            };
            let before = &self.text[call.range.start..end.max(call.range.start)];
            let at = call.range.start + before.rfind(name.as_str()).unwrap_or_default();
            let message = format!("`{name}` is a helper too: in the partial it is written `this.{name}`");
            problems.push(Problem::new(Code::NameClash, at..at + name.len(), message).warning());
        }
    }
}

fn is_helper(name: &str) -> bool {
    helper_names().any(|helper| helper == name)
}

/// Declared variables that nothing uses, unless the variables are used as a whole.
pub(crate) fn unused(declared: &Declarations, findings: &Findings) -> Vec<Problem> {
    if findings.whole {
        return Vec::new();
    }
    let is_used = |name: &str| {
        findings.variables.contains_key(name) || findings.lookups.iter().any(|lookup| lookup.name == name)
    };
    let unused = declared.iter().filter(|declaration| !is_used(&declaration.name));
    unused
        .map(|declaration| {
            let message = format!("variable `{}` is declared, but not used", short(&declaration.name));
            let problem = Problem::new(Code::UnusedVariable, declaration.place.range.clone(), message);
            let undeclared = findings.variables.keys().filter(|name| declared.get(name).is_none());
            problem.suggest(&declaration.name, undeclared.map(String::as_str)).warning()
        })
        .collect()
}

/// A name inside of a block that is meant for a variable, as it seems.
fn root_needed(
    lookup: &Lookup,
    declared: &Declarations,
    variables: &BTreeMap<String, Vec<Found>>,
) -> Option<Problem> {
    let Lookup { name, path, block, .. } = lookup;
    let is_declared = declared.get(name).is_some();
    let is_used = lookup.named && variables.contains_key(name);
    if !is_declared && !is_used {
        return None;
    }
    let shown = short(name);
    let (message, is_certain) = match lookup.origin.as_deref().map(|steps| has_field(declared, steps, name)) {
        Some(Has::Field) => return None,
        Some(Has::Nothing) => {
            let of = short(path);
            (
                format!("what `{block}` takes from `{of}` has no `{shown}`; the variable is `@root.{shown}`"),
                true,
            )
        }
        _ => {
            let message = format!(
                "inside of `{block}`, `{shown}` is looked up in its value; the variable is `@root.{shown}`, a field \
                 `this.{shown}`"
            );
            (message, false)
        }
    };
    let mut problem = Problem::new(Code::RootNeeded, lookup.range.clone(), message);
    problem.subject = Some(name.clone());
    problem.suggestion = Some(format!("@root.{name}"));
    Some(if is_certain { problem } else { problem.warning() })
}

/// Whether a value has a field.
enum Has {
    Field,
    Nothing,
    Unknown,
}

/// Follows the steps from a variable through the declared kinds.
fn has_field(declared: &Declarations, steps: &[Step], name: &str) -> Has {
    let mut steps = steps.iter();
    let Some(Step::Field(first)) = steps.next() else { return Has::Unknown };
    let Some(declaration) = declared.get(first) else { return Has::Unknown };
    let mut kind = &declaration.kind;
    for step in steps.chain([&Step::Field(name.to_owned())]) {
        kind = match (step, kind) {
            (_, Kind::Any | Kind::OneOf(_) | Kind::Enum(_)) | (Step::Field(_), Kind::List(_)) => {
                return Has::Unknown;
            }
            (Step::Item, Kind::List(items)) => items,
            (Step::Field(field), Kind::Object(fields)) => match fields.get(field) {
                Some(kind) => kind,
                None => return Has::Nothing,
            },
            // A loop over an object goes through its values, of several kinds.
            (Step::Item, Kind::Object(_)) => return Has::Unknown,
            _ => return Has::Nothing,
        };
    }
    Has::Field
}
