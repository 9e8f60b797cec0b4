//! The three types of template, one for each prompt that a session sends.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// Which prompt of a session a template renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrchestrationTemplateType {
    /// The first prompt: asks for an analysis template, an implementation template and execution notes.
    Orchestrator,
    /// Wraps the analysis template out of the first answer.
    Analysis,
    /// Wraps the implementation template and the answer to the analysis.
    Implementation,
}

impl OrchestrationTemplateType {
    /// All types, in the order in which a session uses them.
    pub const ALL: [Self; 3] = [Self::Orchestrator, Self::Analysis, Self::Implementation];

    /// The name that is stored, typed and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orchestrator => "orchestrator",
            Self::Analysis => "analysis",
            Self::Implementation => "implementation",
        }
    }

    /// The variables that every session gives to templates of this type.
    ///
    /// A template may leave any of them unused.
    pub const fn system_variables(self) -> &'static [&'static str] {
        let given = match self {
            Self::Orchestrator => 4,
            Self::Analysis => 7,
            Self::Implementation => 8,
        };
        SYSTEM_VARIABLES.split_at(given).0
    }
}

/// In the order in which they come to be known: each prompt is given a beginning of this list.
const SYSTEM_VARIABLES: [&str; 8] = [
    "feature_request",
    "project",
    "feature_type",
    "session_id",
    "analysis_template",
    "implementation_template",
    "execution_notes",
    "analysis_results",
];

impl fmt::Display for OrchestrationTemplateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for OrchestrationTemplateType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|t| t.as_str() == text).ok_or_else(|| Error::UnknownName {
            what: "template type",
            name: text.to_owned(),
            known: "orchestrator, analysis, implementation",
        })
    }
}
