//! What a test may demand of a rendered text.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::phrase;

/// Something that has to hold of a rendered text.
///
/// As JSON, an object of one key such as `{"contains": "path"}`, or the word `"renders"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Assertion {
    /// It contains this text.
    Contains(String),
    /// It does not contain this text.
    NotContains(String),
    /// This regular expression, in the syntax of the crate `regex`, matches somewhere in it. `^` and `$` mean
    /// the ends of the text, unless the expression says `(?m)`.
    Matches(String),
    /// It is this text.
    Equals(String),
    /// It has at most so many characters.
    MaxLength(usize),
    /// It has a Markdown heading of this text. Case, a leading number such as `1.` or `2)`, and emphasis do
    /// not matter, and a heading in a fenced code block does not count.
    HasSection(String),
    /// It is there, which holds of each.
    Renders,
}

impl Assertion {
    /// The text that it holds, where it holds one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Contains(text)
            | Self::NotContains(text)
            | Self::Matches(text)
            | Self::Equals(text)
            | Self::HasSection(text) => Some(text),
            Self::MaxLength(_) | Self::Renders => None,
        }
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = phrase::quoted(self.text().unwrap_or_default());
        match self {
            Self::Contains(_) => write!(f, "contains {text}"),
            Self::NotContains(_) => write!(f, "does not contain {text}"),
            Self::Matches(_) => write!(f, "matches {text}"),
            Self::Equals(_) => write!(f, "equals {text}"),
            Self::MaxLength(most) => write!(f, "at most {}", phrase::count(*most, "character")),
            Self::HasSection(_) => write!(f, "has the section {text}"),
            Self::Renders => f.write_str("renders"),
        }
    }
}
