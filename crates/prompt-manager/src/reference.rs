//! References: how a person or a partial names a version of a prompt.

use std::fmt;
use std::str::FromStr;

use prompt_model::{Error, Label, Result};

/// `[project:]name[@version]`, where the version is a number, a label or `sha256:` with the first 8 or more
/// hex digits of its digest; left out, it is `production`.
///
/// ```
/// use prompt_manager::{Reference, Selector};
/// let reference: Reference = "campus:campus/analysis@3".parse()?;
/// assert_eq!(reference.project.as_deref(), Some("campus"));
/// assert_eq!(reference.name, "campus/analysis");
/// assert_eq!(reference.selector, Selector::Number(3));
/// # Ok::<(), prompt_manager::model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The project that is named; none means the one at hand, then the global one.
    pub project: Option<String>,
    /// The prompt's name.
    pub name: String,
    /// Which version.
    pub selector: Selector,
    /// Whether the version was written out. What changes a whole prompt refuses such a reference.
    pub names_version: bool,
}

/// Which version of a prompt a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selector {
    /// The version that a label names.
    Label(Label),
    /// The version of this number.
    Number(i32),
    /// The version whose SHA-256 starts with these hex digits.
    Digest(String),
}

/// The fewest digits that may stand for a digest.
const DIGEST_DIGITS: usize = 8;

impl Reference {
    /// The version of `name` that `production` names.
    pub fn production(name: impl Into<String>) -> Self {
        let selector = Selector::Label(Label::production());
        Self { project: None, name: name.into(), selector, names_version: false }
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (place, selector, names_version) = match text.rsplit_once('@') {
            Some((place, selector)) => (place, selector.parse()?, true),
            None => (text, Selector::Label(Label::production()), false),
        };
        let (project, name) = match place.split_once(':') {
            Some((project, name)) => (Some(project.to_owned()), name),
            None => (None, place),
        };
        if name.trim().is_empty() || project.as_deref() == Some("") {
            return Err(Error::BadName {
                what: "reference",
                name: text.to_owned(),
                reason: "write name, name@3, name@label, name@sha256:PREFIX, or project:name",
            });
        }
        Ok(Self { project, name: name.to_owned(), selector, names_version })
    }
}

impl FromStr for Selector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(digits) = text.strip_prefix("sha256:") {
            let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
            if hex && (DIGEST_DIGITS..=64).contains(&digits.len()) {
                return Ok(Self::Digest(digits.to_ascii_lowercase()));
            }
            return Err(Error::BadName {
                what: "digest",
                name: text.to_owned(),
                reason: "write sha256: and 8 to 64 hex digits",
            });
        }
        let number = text.strip_prefix('v').unwrap_or(text);
        if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
            return number.parse().map(Self::Number).map_err(|_| Error::BadName {
                what: "version",
                name: text.to_owned(),
                reason: "the number is too large",
            });
        }
        text.parse().map(Self::Label)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(label) => label.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Digest(digits) => write!(f, "sha256:{digits}"),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(project) = &self.project {
            write!(f, "{project}:")?;
        }
        f.write_str(&self.name)?;
        match &self.selector {
            _ if !self.names_version => Ok(()),
            selector => write!(f, "@{selector}"),
        }
    }
}
