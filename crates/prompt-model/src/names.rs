//! Names and texts at the edge: what a column can hold, and what a label or a feature type may look like.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// The project of templates that all projects share. Its name is reserved.
pub const GLOBAL_PROJECT: &str = "__global__";
/// The project that is meant where none is named. It always exists.
pub const DEFAULT_PROJECT: &str = "default";
/// The category that makes a prompt a template of the orchestration.
pub const ORCHESTRATION_CATEGORY: &str = "__orchestration__";

/// A check of one text against its column: the name of the field and its limit.
///
/// ```
/// use prompt_model::TextRule;
/// assert!(TextRule::PROJECT_NAME.apply("campus").is_ok());
/// assert!(TextRule::PROJECT_NAME.apply("nul\0inside").is_err());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TextRule {
    field: &'static str,
    limit: Limit,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    Characters(usize),
    Bytes(usize),
}

impl TextRule {
    /// `projects.name`, 100 characters.
    pub const PROJECT_NAME: Self = Self::characters("project name", 100);
    /// `categories.name`, 100 characters.
    pub const CATEGORY_NAME: Self = Self::characters("category name", 100);
    /// `prompts.name`, 200 characters.
    pub const PROMPT_NAME: Self = Self::characters("prompt name", 200);
    /// The author of a version, 100 characters.
    pub const ACTOR: Self = Self::characters("actor", 100);
    /// `orchestration_sessions.complexity`, 20 characters.
    pub const COMPLEXITY: Self = Self::characters("complexity", 20);
    /// `orchestration_sessions.time_estimate`, 50 characters.
    pub const TIME_ESTIMATE: Self = Self::characters("time estimate", 50);
    /// The text of a template or prompt, 1 MiB.
    pub const CONTENT: Self = Self::bytes("content", 1 << 20);
    /// The note of a version or a project's description, 64 KiB.
    pub const NOTE: Self = Self::bytes("note", 64 << 10);
    /// A feature request, 1 MiB.
    pub const FEATURE_REQUEST: Self = Self::bytes("feature request", 1 << 20);
    /// A model's answer, 16 MiB.
    pub const ANSWER: Self = Self::bytes("answer", 16 << 20);
    /// A text that is searched for, 1,000 characters.
    pub const SEARCH: Self = Self::characters("search text", 1_000);
    /// The settings of a version, as JSON, 64 KiB.
    pub const CONFIG: Self = Self::bytes("config", 64 << 10);
    /// All values of `--var` together, as JSON, 1 MiB.
    pub const VARIABLES: Self = Self::bytes("variables", 1 << 20);

    const fn characters(field: &'static str, limit: usize) -> Self {
        Self { field, limit: Limit::Characters(limit) }
    }

    const fn bytes(field: &'static str, limit: usize) -> Self {
        Self { field, limit: Limit::Bytes(limit) }
    }

    /// Refuses a text that its column cannot hold: too long, or with a NUL in it.
    pub fn apply(self, text: &str) -> Result<()> {
        if let Some(at) = text.find('\0') {
            return Err(Error::NulInText { field: self.field, offset: at });
        }
        let (length, limit, unit) = match self.limit {
            Limit::Characters(limit) => (text.chars().count(), limit, "characters"),
            Limit::Bytes(limit) => (text.len(), limit, "bytes"),
        };
        if length > limit {
            return Err(Error::TooLong { field: self.field, length, limit, unit });
        }
        Ok(())
    }

    /// As [`TextRule::apply`], and refuses what is empty or only blanks, and control characters.
    pub fn apply_name(self, text: &str) -> Result<()> {
        if text.trim().is_empty() {
            return Err(Error::BadName { what: self.field, name: text.to_owned(), reason: "it is empty" });
        }
        self.apply(text)?;
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(Error::BadName {
                what: self.field,
                name: text.to_owned(),
                reason: "it starts or ends with a blank, or holds a control character",
            });
        }
        Ok(())
    }
}

macro_rules! checked_text {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

/// A kind of feature that may have templates of its own: `api`, `ui`, `bugfix`, any slug of 1 to 50 of
/// `a-z 0-9 - _ .`, starting with a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct FeatureType(String);
checked_text!(FeatureType);

impl FromStr for FeatureType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        checked_slug("feature type", text).map(Self)
    }
}

/// A word that versions are found by: 1 to 50 of `a-z 0-9 - _ .`, starting with a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Tag(String);
checked_text!(Tag);

impl FromStr for Tag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        checked_slug("tag", text).map(Self)
    }
}

/// A movable name for a version: 1 to 36 of `a-z 0-9 _ . -`, not all digits, not `v<number>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Label(String);
checked_text!(Label);

impl Label {
    /// What sessions use.
    pub fn production() -> Self {
        Self("production".to_owned())
    }

    /// The newest version, always; it is derived, never stored.
    pub fn latest() -> Self {
        Self("latest".to_owned())
    }

    /// Whether this is `latest`, which only the system moves.
    pub fn is_latest(&self) -> bool {
        self.0 == "latest"
    }
}

impl FromStr for Label {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all_digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
        let reserved = all_digits(text) || text.strip_prefix('v').is_some_and(all_digits);
        if (1..=36).contains(&text.len()) && text.chars().all(is_slug_char) && !reserved {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::BadName {
            what: "label",
            name: text.to_owned(),
            reason: "it must be 1 to 36 of a-z, 0-9, '_', '.' and '-', and neither a number nor v<number>",
        })
    }
}

fn checked_slug(what: &'static str, text: &str) -> Result<String> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts_well && text.len() <= 50 && text.chars().all(is_slug_char) {
        return Ok(text.to_owned());
    }
    Err(Error::BadName {
        what,
        name: text.to_owned(),
        reason: "it must be 1 to 50 of a-z, 0-9, '-', '_' and '.', starting with a letter or a digit",
    })
}

fn is_slug_char(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.')
}
