//! The helpers that templates may use: one table, the check of how they are used, and what they do.
//!
//! Those that handlebars has stay its own, but for comparisons. All others are known to it under one name:
//! a compiled template names the site of the call, and the site names the helper. So a template pays
//! for the helpers that it uses, and each call knows its place in the source.

mod block;
mod compare;
mod given;
mod json;
mod lint;
mod list;
mod python;
mod table;
mod takes;
mod text;
mod value;

use std::fmt::Write as _;

pub(crate) use given::{Given, Halt};
pub(crate) use lint::{inline_name, lint};
pub(crate) use table::{Does, Known, find};
use table::{Group, all};
pub(crate) use takes::Param;

/// The names of all helpers, in the order in which they are documented.
pub fn helper_names() -> impl Iterator<Item = &'static str> {
    all().map(|(_, known)| known.name)
}

/// What all helpers do, in the order in which they are documented.
///
/// ```
/// use prompt_template::helpers;
///
/// let indent = helpers().find(|helper| helper.name() == "indent").unwrap();
/// assert_eq!(indent.usage(), "{{indent text [width] [first=false] [blank=false]}}");
/// assert_eq!(indent.template(), "- {{indent rule 2}}");
/// ```
pub fn helpers() -> impl Iterator<Item = HelperDoc> {
    all().map(|(group, known)| HelperDoc { group, known })
}

/// The documentation of one helper, with an example that runs.
#[derive(Debug, Clone, Copy)]
pub struct HelperDoc {
    group: &'static Group,
    known: &'static Known,
}

impl HelperDoc {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.known.name
    }

    /// The heading that it is documented under.
    pub fn group(&self) -> &'static str {
        self.group.title
    }

    /// How it is written; what may be left out stands in brackets.
    pub fn usage(&self) -> String {
        let Known { name, params, least, rest, named, form, .. } = *self.known;
        let mut usage = name.to_owned();
        for (at, param) in params.iter().enumerate() {
            let more = if rest && at + 1 == params.len() { " ..." } else { "" };
            let name = param.name;
            // Writing to a `String` cannot fail.
            let _ =
                if at < least { write!(usage, " {name}{more}") } else { write!(usage, " [{name}{more}]") };
        }
        for param in named {
            let _ = write!(usage, " [{}={}]", param.name, param.default);
        }
        form.written(name, &usage)
    }

    /// What it does, in one or more sentences.
    pub fn about(&self) -> &'static str {
        self.known.about
    }

    /// A template that uses it.
    pub fn template(&self) -> &'static str {
        self.known.example.template
    }

    /// The variables of the example, as JSON.
    pub fn variables(&self) -> &'static str {
        self.known.example.variables
    }

    /// What the example renders to, with the nonce `nonce`.
    pub fn output(&self) -> &'static str {
        self.known.example.output
    }
}
