//! All helpers: what each takes, where it may stand, what it does, and an example.

use crate::helpers::given::{Given, Made};
use crate::helpers::takes::{Param, Takes};
use crate::helpers::{block, compare, list, text, value};

/// Helpers that are documented under one heading.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) helpers: &'static [Known],
}

pub(super) static GROUPS: [Group; 5] = [
    Group { title: "Blocks", helpers: block::HELPERS },
    Group { title: "Texts", helpers: text::HELPERS },
    Group { title: "Lists", helpers: list::HELPERS },
    Group { title: "Values", helpers: value::HELPERS },
    Group { title: "Comparison and logic", helpers: compare::HELPERS },
];

/// Where a helper may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Block,
    Inline,
    Both,
    Raw,
}

impl Form {
    /// A call as it stands in a template.
    pub(super) fn written(self, name: &str, call: &str) -> String {
        match self {
            Self::Block => format!("{{{{#{call}}}}} ... {{{{/{name}}}}}"),
            Self::Raw => format!("{{{{{{{{{call}}}}}}}}} ... {{{{{{{{/{name}}}}}}}}}"),
            Self::Inline | Self::Both => format!("{{{{{call}}}}}"),
        }
    }
}

/// Who does what a helper does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    /// Handlebars itself.
    Handlebars,
    /// A helper that a rendering brings with it under its own name.
    Rendering,
    /// A function, whose value is printed or passed on.
    Value(fn(&Given<'_, '_>) -> Made),
    /// A function that also decides which body of a block is rendered.
    Test(fn(&Given<'_, '_>) -> Made),
}

/// A template with its variables, and what comes out.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) template: &'static str,
    pub(super) variables: &'static str,
    pub(super) output: &'static str,
}

/// A helper.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(super) about: &'static str,
    pub(super) example: Example,
    pub(super) params: &'static [Param],
    /// How many of the parameters must be given.
    pub(super) least: usize,
    /// The last parameter may be given more than once.
    pub(super) rest: bool,
    pub(super) named: &'static [Param],
    pub(super) block_params: usize,
    pub(super) form: Form,
    pub(crate) does: Does,
    /// It gives back values as they come in, which may not be fit to be printed.
    pub(crate) passes_on: bool,
}

impl Known {
    /// The parameter at a position.
    pub(crate) fn param(&self, at: usize) -> Option<&'static Param> {
        let last = self.params.last().filter(|_| self.rest);
        self.params.get(at).or(last)
    }

    /// True where a value that is not given is no mistake.
    pub(crate) fn may_miss(&self, at: usize) -> bool {
        self.param(at).is_some_and(|param| param.may_be_missing)
    }

    pub(super) const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub(super) const fn example(
        self,
        template: &'static str,
        variables: &'static str,
        output: &'static str,
    ) -> Self {
        Self { example: Example { template, variables, output }, ..self }
    }

    pub(super) const fn block_params(self, block_params: usize) -> Self {
        Self { block_params, ..self }
    }

    /// It is a helper that a rendering brings with it.
    pub(super) const fn by_rendering(self) -> Self {
        Self { does: Does::Rendering, ..self }
    }

    pub(super) const fn named(self, named: &'static [Param]) -> Self {
        Self { named, ..self }
    }

    /// How many of the parameters must be given, where not all must.
    pub(super) const fn least(self, least: usize) -> Self {
        Self { least, ..self }
    }

    pub(super) const fn rest(self) -> Self {
        Self { rest: true, ..self }
    }

    pub(super) const fn passes_on(self) -> Self {
        Self { passes_on: true, ..self }
    }
}

/// All helpers, in the order in which they are documented.
pub(super) fn all() -> impl Iterator<Item = (&'static Group, &'static Known)> {
    GROUPS.iter().flat_map(|group| group.helpers.iter().map(move |known| (group, known)))
}

/// The helper of a name.
pub(crate) fn find(name: &str) -> Option<&'static Known> {
    all().map(|(_, known)| known).find(|known| known.name == name)
}

/// A helper that is not ours, unless told otherwise.
pub(super) const fn known(form: Form, name: &'static str, params: &'static [Param]) -> Known {
    Known {
        name,
        about: "",
        example: Example { template: "", variables: "", output: "" },
        params,
        least: params.len(),
        rest: false,
        named: &[],
        block_params: 0,
        form,
        does: Does::Handlebars,
        passes_on: false,
    }
}

/// A helper of ours that makes a value.
pub(super) const fn makes(
    name: &'static str,
    params: &'static [Param],
    make: fn(&Given<'_, '_>) -> Made,
) -> Known {
    Known { does: Does::Value(make), ..known(Form::Inline, name, params) }
}

/// A helper of ours that compares two values.
pub(super) const fn tests(name: &'static str, test: fn(&Given<'_, '_>) -> Made) -> Known {
    Known { does: Does::Test(test), ..known(Form::Both, name, PAIR) }
}

pub(super) const VALUE: &[Param] = &[Param::new("value", Takes::Any)];
pub(super) const TEXT: &[Param] = &[Param::new("text", Takes::Text)];
pub(super) const PAIR: &[Param] = &[Param::new("left", Takes::Any), Param::new("right", Takes::Any)];
