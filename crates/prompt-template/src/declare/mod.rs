//! Variables as a template's front matter declares them.

mod join;
mod json;
mod kind;
mod lint;
mod pico;
mod prepare;
mod schema;
mod settings;
mod text;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;
use serde_json::Value;

use crate::sanitise::Hidden;

pub(crate) use join::join;
pub use kind::{Field, Fields, Kind};
pub(crate) use lint::{Lint, lint, unused};
pub(crate) use prepare::prepare;
pub(crate) use schema::declarations;

/// A variable that a template declares in its front matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Which values it takes.
    pub kind: Kind,
    /// It must have a value: one that is given, or the default.
    pub required: bool,
    /// Its value where none is given.
    pub default: Option<Value>,
    /// The characters that its text may have; those of all its texts together in a list or an object.
    pub max_length: Option<usize>,
    /// What it is for.
    pub description: Option<String>,
    /// False where its text may come from anyone. True unless declared otherwise.
    pub trusted: bool,
    /// What becomes of hidden characters in it, where that is declared.
    pub hidden: Option<Hidden>,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// Where a declaration stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) unit: usize,
    pub(crate) range: Range<usize>,
}

/// The variables that a template declares, in the order of its front matter.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Declarations {
    pub(crate) all: Vec<Declaration>,
    /// Where the schema stands that declares them all.
    #[serde(skip)]
    pub(crate) schema: Option<Range<usize>>,
    /// What variables beside the declared ones are, where the schema allows them.
    #[serde(skip)]
    pub(crate) others: Option<Kind>,
    /// Variables that a partial without declarations uses.
    #[serde(skip)]
    pub(crate) allowed: BTreeSet<String>,
}

impl Declarations {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Declaration> {
        self.all.iter()
    }

    /// The declaration of a variable.
    pub fn get(&self, name: &str) -> Option<&Declaration> {
        self.all.iter().find(|declaration| declaration.name == name)
    }

    /// True where no variable is declared.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// True where a variable that is not declared is a mistake: there is a schema of the input, and it
    /// does not allow others.
    pub fn is_complete(&self) -> bool {
        self.schema.is_some() && self.others.is_none()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|declaration| declaration.name.as_str())
    }
}
