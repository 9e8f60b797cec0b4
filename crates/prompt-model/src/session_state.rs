//! The states of a session, and how the predecessor's `status` maps to them.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// The orchestrator prompt is rendered; its answer is awaited.
    Planned,
    /// The three sections are stored.
    TemplatesReady,
    /// The analysis prompt is rendered; its answer is awaited.
    Analyzing,
    /// The analysis is stored.
    AnalysisComplete,
    /// The implementation prompt is rendered; its answer is awaited.
    Implementing,
    /// The implementation is stored. Final.
    Complete,
    /// The session cannot go on. Final.
    Failed,
    /// The session was given up. Final.
    Cancelled,
}

impl SessionState {
    /// All states, in the order of a session's life.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::TemplatesReady,
        Self::Analyzing,
        Self::AnalysisComplete,
        Self::Implementing,
        Self::Complete,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name that is stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::TemplatesReady => "templates_ready",
            Self::Analyzing => "analyzing",
            Self::AnalysisComplete => "analysis_complete",
            Self::Implementing => "implementing",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether no step leads out of this state.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Complete | Self::Failed | Self::Cancelled)
    }

    /// Whether one step may lead from this state to `next`.
    ///
    /// `templates_ready`, `analyzing` and `implementing` may follow themselves: an answer may be
    /// replaced, a prompt printed again.
    pub const fn may_become(self, next: Self) -> bool {
        use SessionState::{
            AnalysisComplete, Analyzing, Cancelled, Complete, Failed, Implementing, Planned, TemplatesReady,
        };
        matches!(
            (self, next),
            (Planned | TemplatesReady, TemplatesReady)
                | (TemplatesReady | Analyzing, Analyzing)
                | (Analyzing, AnalysisComplete)
                | (AnalysisComplete | Implementing, Implementing)
                | (Implementing, Complete)
        ) || (!self.is_final() && matches!(next, Failed | Cancelled))
    }

    /// The predecessor's `status` for this state; none where the status stays as it was.
    pub const fn legacy_status(self) -> Option<&'static str> {
        match self {
            Self::Planned => Some("planning"),
            Self::TemplatesReady | Self::Analyzing | Self::AnalysisComplete => Some("analysis"),
            Self::Implementing => Some("implementation"),
            Self::Complete => Some("completed"),
            Self::Failed | Self::Cancelled => None,
        }
    }

    /// The state of a row that the predecessor wrote last, from its status and its texts.
    ///
    /// A status that neither program writes is taken by its texts: the furthest phase whose text
    /// is there.
    pub fn from_legacy(status: Option<&str>, texts: LegacyTexts) -> Self {
        match status {
            Some("planning") => Self::Planned,
            Some("analysis") if texts.has_analysis_results => Self::AnalysisComplete,
            Some("analysis") => Self::Analyzing,
            Some("implementation") => Self::Implementing,
            Some("completed") => Self::Complete,
            Some(own) if own.parse::<Self>().is_ok() => own.parse().expect("the guard parsed the same text"),
            _ if texts.has_analysis_results => Self::AnalysisComplete,
            _ if texts.has_templates => Self::TemplatesReady,
            _ => Self::Planned,
        }
    }
}

/// Which of the predecessor's texts a session row holds; an empty text counts as none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LegacyTexts {
    /// `analysis_template` and `implementation_template` are there.
    pub has_templates: bool,
    /// `analysis_results` is there.
    pub has_analysis_results: bool,
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SessionState {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or_else(|| Error::UnknownName {
            what: "session state",
            name: text.to_owned(),
            known: "planned, templates_ready, analyzing, analysis_complete, implementing, complete, \
                    failed, cancelled",
        })
    }
}
