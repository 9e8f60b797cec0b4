//! The steps of a session: which is allowed where, and where it leads.
//!
//! Both modes share this table: sessions in a database and standalone workspaces.

use std::fmt;

use prompt_model::SessionState;

/// A step that moves a session on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The answer to the orchestrator prompt is cut into its sections.
    Process,
    /// The analysis prompt is rendered.
    Analyze,
    /// The answer to it is stored.
    SaveAnalysis,
    /// The implementation prompt is rendered.
    Implement,
    /// The answer to it is stored.
    Complete,
    /// The session is given up.
    Cancel,
}

impl Step {
    /// The steps of a whole session, in order.
    pub const LIFE: [Self; 5] =
        [Self::Process, Self::Analyze, Self::SaveAnalysis, Self::Implement, Self::Complete];

    /// The name of its command.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Analyze => "analyze",
            Self::SaveAnalysis => "save-analysis",
            Self::Implement => "implement",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
        }
    }

    /// The state that it leads to.
    pub const fn leads_to(self) -> SessionState {
        match self {
            Self::Process => SessionState::TemplatesReady,
            Self::Analyze => SessionState::Analyzing,
            Self::SaveAnalysis => SessionState::AnalysisComplete,
            Self::Implement => SessionState::Implementing,
            Self::Complete => SessionState::Complete,
            Self::Cancel => SessionState::Cancelled,
        }
    }

    /// Whether it may be taken in this state. `process`, `analyze` and `implement` may be repeated.
    ///
    /// ```
    /// use prompt_model::SessionState;
    /// use prompt_orchestrator::Step;
    /// assert!(Step::Process.is_allowed_in(SessionState::TemplatesReady));
    /// assert!(!Step::Process.is_allowed_in(SessionState::Analyzing));
    /// ```
    pub const fn is_allowed_in(self, state: SessionState) -> bool {
        state.may_become(self.leads_to())
    }

    /// The step that comes next in this state; none where the session has ended.
    pub fn next_in(state: SessionState) -> Option<Self> {
        // A repeated step is allowed, but the one that moves on is the one that fits.
        Self::LIFE.into_iter().rev().find(|step| step.is_allowed_in(state))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_moves_on() {
        let next: Vec<_> = SessionState::ALL.into_iter().map(Step::next_in).collect();
        assert_eq!(
            next,
            [
                Some(Step::Process),
                Some(Step::Analyze),
                Some(Step::SaveAnalysis),
                Some(Step::Implement),
                Some(Step::Complete),
                None,
                None,
                None,
            ]
        );
    }

    #[test]
    fn only_section_5_is_allowed() {
        use SessionState::{AnalysisComplete, Analyzing, Implementing, Planned, TemplatesReady};
        let allowed = |step: Step| -> Vec<SessionState> {
            SessionState::ALL.into_iter().filter(|state| step.is_allowed_in(*state)).collect()
        };
        assert_eq!(allowed(Step::Process), [Planned, TemplatesReady]);
        assert_eq!(allowed(Step::Analyze), [TemplatesReady, Analyzing]);
        assert_eq!(allowed(Step::SaveAnalysis), [Analyzing]);
        assert_eq!(allowed(Step::Implement), [AnalysisComplete, Implementing]);
        assert_eq!(allowed(Step::Complete), [Implementing]);
        assert_eq!(
            allowed(Step::Cancel),
            [Planned, TemplatesReady, Analyzing, AnalysisComplete, Implementing]
        );
    }
}
