//! The path of a value, and how Handlebars spells it.

use crate::helpers::helper_names;

/// Helpers of handlebars itself that are not ours, and words that have a meaning in a tag.
const TAKEN: [&str; 7] = ["log", "inline", "this", "as", "null", "true", "false"];

/// A variable, or a name of a loop, and what is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    /// A variable of the outermost level.
    Variable(String),
    /// A block parameter of a loop, as it is spelt.
    Local(String),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(u64),
}

impl Step {
    /// False for a key that no path can hold.
    pub(super) fn can_be_spelt(&self) -> bool {
        match self {
            Self::Index(_) => true,
            Self::Key(key) => {
                !key.is_empty() && key != "this" && !key.contains(']') && !key.chars().any(char::is_control)
            }
        }
    }
}

impl Path {
    pub(super) fn variable(name: &str) -> Self {
        Self { root: Root::Variable(name.to_owned()), steps: Vec::new() }
    }

    pub(super) fn local(name: &str) -> Self {
        Self { root: Root::Local(name.to_owned()), steps: Vec::new() }
    }

    /// The path as it is written; inside of a loop, variables are read from `@root`.
    pub(super) fn spell(&self, in_loop: bool) -> String {
        let mut spelt = match &self.root {
            Root::Local(name) => name.clone(),
            Root::Variable(name) => {
                let plain = is_identifier(name);
                let key = if plain { name.clone() } else { format!("[{name}]") };
                match (in_loop, plain && !is_taken(name)) {
                    (true, _) => format!("@root.{key}"),
                    (false, true) => key,
                    (false, false) => format!("this.{key}"),
                }
            }
        };
        for step in &self.steps {
            spelt.push('.');
            match step {
                Step::Key(key) if is_identifier(key) => spelt.push_str(key),
                Step::Key(key) => spelt.push_str(&format!("[{key}]")),
                Step::Index(index) => spelt.push_str(&format!("[{index}]")),
            }
        }
        spelt
    }
}

/// True for a name that Python would take, which Handlebars can hold as it is.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// True for a name that would not be read as a variable where it stands alone.
pub(super) fn is_taken(name: &str) -> bool {
    name.starts_with("else") || TAKEN.contains(&name) || helper_names().any(|helper| helper == name)
}
