//! The error of this crate.

use std::fmt;

use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limit;

/// Why a template cannot be compiled or rendered.
///
/// The display is one line that begins with the place of the first problem;
/// [`report`](Error::report) shows all of them with their excerpts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not a template.
    #[error("{0}")]
    Syntax(Problems),
    /// A helper does not exist, or is not used as it must be.
    #[error("{0}")]
    Helper(Problems),
    /// A partial is not there, or has no fixed name.
    #[error("{0}")]
    Partial(Problems),
    /// Partials include each other.
    #[error("{problems}")]
    PartialCycle {
        /// The names along the cycle, the first again at the end.
        path: Vec<String>,
        /// Where the cycle closes.
        problems: Problems,
    },
    /// Variables have no value, or one that cannot be used where it stands.
    #[error("{problems}")]
    Variables {
        /// The paths of all variables without a value, sorted, such as `user.name`.
        missing: Vec<String>,
        /// Every place where one of them is used, and every unfit value.
        problems: Problems,
    },
    /// The front matter cannot be understood.
    #[error("{0}")]
    FrontMatter(Problems),
    /// A text is no value of the declared kind; see [`Declaration::parse_text`](crate::Declaration::parse_text).
    #[error("{reason}")]
    Text {
        /// The variable that it was meant for.
        variable: String,
        /// What is declared, and what is given.
        reason: String,
    },
    /// The variables are not an object of JSON.
    #[error("the variables of `{template}` are not named values: {reason}")]
    NotAnObject {
        /// The template that was to be rendered.
        template: String,
        /// What they are instead.
        reason: String,
    },
    /// The variables hold what JSON cannot, such as a number of 128 bits or a map with keys that are no
    /// texts.
    #[error("a value that is given to `{template}` cannot be written as JSON: {reason}")]
    NotJson {
        /// The template that was to be rendered.
        template: String,
        /// Why.
        reason: String,
    },
    /// One of the [`Limits`](crate::Limits) was reached.
    #[error("{problems}")]
    Limit {
        /// Which one.
        limit: Limit,
        /// Where.
        problems: Problems,
    },
    /// Rendering failed otherwise.
    #[error("{0}")]
    Render(Problems),
}

impl Error {
    /// All problems, in the order of the source; empty for [`Error::NotAnObject`],
    /// [`Error::NotJson`] and [`Error::Text`] alone.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Syntax(problems)
            | Self::Helper(problems)
            | Self::Partial(problems)
            | Self::Render(problems)
            | Self::FrontMatter(problems)
            | Self::PartialCycle { problems, .. }
            | Self::Variables { problems, .. }
            | Self::Limit { problems, .. } => &problems.0,
            Self::NotAnObject { .. } | Self::NotJson { .. } | Self::Text { .. } => &[],
        }
    }

    /// All problems with their excerpts, for a person to read.
    pub fn report(&self) -> String {
        if self.diagnostics().is_empty() {
            return format!("error: {self}\n");
        }
        let excerpts: Vec<_> = self.diagnostics().iter().map(Diagnostic::render_excerpt).collect();
        excerpts.join("\n")
    }

    /// The error of several problems, of the kind of the first.
    pub(crate) fn of(first: Diagnostic, rest: impl IntoIterator<Item = Diagnostic>) -> Self {
        let code = first.code;
        let problems = Problems(std::iter::once(first).chain(rest).collect());
        match code {
            Code::Limit(limit) => Self::Limit { limit, problems },
            Code::UnknownHelper | Code::HelperUse => Self::Helper(problems),
            Code::UnknownPartial | Code::DynamicPartial => Self::Partial(problems),
            Code::Render => Self::Render(problems),
            Code::PartialCycle => Self::PartialCycle { path: Vec::new(), problems },
            Code::FrontMatter | Code::Schema => Self::FrontMatter(problems),
            Code::MissingVariable
            | Code::UnknownVariable
            | Code::Value
            | Code::Undeclared
            | Code::Mistyped
            | Code::NotAllowed
            | Code::TooLong
            | Code::HiddenCharacters => Self::Variables { missing: Vec::new(), problems },
            _ => Self::Syntax(problems),
        }
    }
}

/// One or more diagnostics, displayed on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub(crate) Vec<Diagnostic>);

impl Problems {
    /// The diagnostics, at least one.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown: Vec<&str> = Vec::new();
        for diagnostic in &self.0 {
            if shown.is_empty() {
                write!(f, "{diagnostic}")?;
            } else if !shown.contains(&diagnostic.message.as_str()) {
                write!(f, "; {diagnostic}")?;
            }
            shown.push(&diagnostic.message);
            if shown.len() == 10 && self.0.len() > 10 {
                return write!(f, "; and {} more", self.0.len() - 10);
            }
        }
        Ok(())
    }
}
