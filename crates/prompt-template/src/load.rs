//! Sources on their way to a template: read, checked one by one, and parsed by handlebars.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use handlebars::{TemplateError, TemplateErrorReason};

use crate::diagnostic::{Code, Diagnostic, Problem, Source};
use crate::error::Error;
use crate::excerpt::short;
use crate::file::Front;
use crate::helpers::{inline_name, lint};
use crate::limits::{Limit, Limits};
use crate::syntax::{Body, Item, Parsed, parse};
use crate::walk::Unit;

/// A source with its tree.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) parsed: Parsed,
    pub(crate) front: Front,
}

impl Loaded {
    pub(crate) fn new(name: &str, text: &str, limits: &Limits) -> Self {
        let mut source = Source::new(name, text);
        // A text that is too long is not read at all.
        let front = if text.len() > limits.source_bytes { Front::default() } else { Front::read(text) };
        source.body = front.body;
        Self { source, parsed: parse(text, front.body, limits), front }
    }

    pub(crate) fn as_unit(&self) -> Unit<'_> {
        Unit {
            name: &self.source.name,
            text: &self.source.text,
            body: &self.parsed.body,
            depth: self.parsed.depth,
        }
    }

    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = self.front.problems.clone();
        problems.extend(self.parsed.problems.iter().cloned());
        if !has_limit(&problems) {
            problems.extend(lint(&self.source.text, &self.parsed.body));
            problems.extend(self.parsed.foreign.clone().map(foreign));
            problems.sort_by_key(|problem| problem.range.start);
            problems.truncate(100);
        }
        problems
    }

    pub(crate) fn refuse_problems(&self) -> Result<(), Error> {
        let mut problems = self.problems();
        problems.retain(Problem::is_error);
        if problems.is_empty() { Ok(()) } else { Err(self.refuse(problems)) }
    }

    pub(crate) fn refuse(&self, problems: Vec<Problem>) -> Error {
        let mut all = problems.into_iter().map(|problem| Diagnostic::new(&self.source, problem));
        let first = all.next().expect("there is a problem to report");
        Error::of(first, all)
    }

    /// The names of the partials that are not its own inline ones, sorted.
    pub(crate) fn wanted(&self) -> BTreeSet<&str> {
        let mut names = Names { source: &self.source.text, ..Names::default() };
        names.read(&self.parsed.body);
        let Names { wanted, inline, .. } = names;
        let wanted = wanted.into_iter().map(|(name, _)| name);
        wanted.filter(|name| !inline.contains(name) && *name != "@partial-block").collect()
    }
}

fn foreign(range: Range<usize>) -> Problem {
    let message = "this is a tag of Jinja2 and plain text here; the template can be converted from Jinja2";
    Problem::new(Code::ForeignTag, range, message).warning()
}

/// The names of partials in one source.
#[derive(Default)]
struct Names<'a> {
    source: &'a str,
    /// Each name, and how it is spelt.
    wanted: BTreeSet<(&'a str, &'a str)>,
    inline: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn read(&mut self, body: &'a Body) {
        for item in &body.items {
            match item {
                Item::Partial { call, body } => {
                    if !call.computed {
                        self.wanted.insert((call.partial_name(), &call.name));
                    }
                    if let Some(body) = body {
                        self.read(body);
                    }
                }
                Item::Inline { call, body } => {
                    self.inline.extend(inline_name(self.source, call));
                    self.read(body);
                }
                Item::Block { body, otherwise, .. } => {
                    self.read(body);
                    if let Some(otherwise) = otherwise {
                        self.read(otherwise);
                    }
                }
                Item::Print(_) | Item::Raw(_) | Item::Decorator(_) => {}
            }
        }
    }
}

/// How each partial is spelt: handlebars keeps the quotes of a quoted name.
pub(crate) fn spellings(units: &[Loaded]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut spellings: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for unit in units {
        let mut names = Names { source: &unit.source.text, ..Names::default() };
        names.read(&unit.parsed.body);
        for (name, spelling) in names.wanted {
            spellings.entry(name).or_default().insert(spelling);
        }
    }
    spellings
}

/// What all sources of a template take together.
#[derive(Default)]
pub(crate) struct Total {
    bytes: usize,
    tags: usize,
    work: u64,
}

impl Total {
    pub(crate) fn add(&mut self, unit: &Loaded, limits: &Limits) -> Result<(), Problem> {
        self.bytes += unit.source.text.len();
        self.tags += unit.parsed.tags;
        self.work += unit.parsed.plan.work;
        let at_start: Range<usize> = 0..0;
        if self.bytes > limits.source_bytes {
            Err(Problem::limit(Limit::SourceBytes, limits.source_bytes as u64, at_start))
        } else if self.tags > limits.tags {
            Err(Problem::limit(Limit::Tags, limits.tags as u64, at_start))
        } else if self.work > limits.compile_work {
            Err(Problem::limit(Limit::CompileWork, limits.compile_work, at_start))
        } else {
            Ok(())
        }
    }
}

pub(crate) fn has_limit(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| matches!(problem.code, Code::Limit(_)))
}

/// The template of handlebars. The plan has bounded what its parser does.
pub(crate) fn compiled(unit: &Loaded) -> Result<handlebars::Template, Problem> {
    let (text, name) = (unit.source.body(), &unit.source.name);
    let plan = &unit.parsed.plan;
    if let Some(template) = plan.compile(text, name) {
        return Ok(template);
    }
    if plan.whole_work > plan.allowed {
        return Err(Problem::limit(Limit::CompileWork, plan.allowed, 0..0));
    }
    handlebars::Template::compile_with_name(text, name.clone())
        .map_err(|error| rejected(&unit.source, &error))
}

/// What the scan let pass and handlebars does not.
fn rejected(source: &Source, error: &TemplateError) -> Problem {
    let at = match (error.pos(), error.reason()) {
        (Some((line, column)), _) => source.offset(line, column),
        (None, TemplateErrorReason::InvalidParam(param)) => {
            source.body + source.body().find(param.as_str()).unwrap_or_default()
        }
        (None, _) => source.body,
    };
    let message = match error.reason() {
        TemplateErrorReason::InvalidParam(param) => {
            format!("`{}` is not a value", short(param))
        }
        TemplateErrorReason::InvalidSyntax(_) => "handlebars does not understand this".to_owned(),
        reason => reason.to_string().to_lowercase(),
    };
    Problem::new(Code::Syntax, at..at + 1, message)
}
