//! Sessions, and what they pin.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    FeatureType, OrchestrationTemplateType, ProjectId, PromptId, SessionRowId, SessionState, VersionId,
};

/// What a session pins for one type of template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The type.
    pub template_type: OrchestrationTemplateType,
    /// The version's row.
    pub version_id: VersionId,
    /// The prompt's row.
    pub prompt_id: PromptId,
    /// The prompt's project.
    pub project: String,
    /// The prompt's name.
    pub name: String,
    /// The version's number.
    pub version: i32,
    /// SHA-256 of the version's text; none for a version of the predecessor.
    pub sha256: Option<String>,
    /// Where it was found: `explicit`, `project+feature_type`, `project`, `global+feature_type`, `global`.
    pub scope: String,
    /// Digest of the version and every partial that it reaches.
    pub closure_digest: String,
    /// Why it was chosen: the candidates that were looked at.
    pub reasons: Value,
}

/// A partial that a session's templates reach, pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialPin {
    /// As it is written in the template.
    pub reference: String,
    /// The version's row.
    pub version_id: VersionId,
}

/// Times of one phase. A phase is named like the template that starts it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PhaseRecord {
    /// The phase.
    pub phase: OrchestrationTemplateType,
    /// When its prompt was first given out.
    pub started_at: DateTime<Utc>,
    /// When its answer was last stored.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many answers were stored.
    pub attempts: i32,
}

/// The texts of a session, each whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SessionTexts {
    /// The orchestrator prompt as it was given out.
    pub rendered_orchestrator: Option<String>,
    /// The section of the answer.
    pub analysis_template: Option<String>,
    /// The section of the answer.
    pub implementation_template: Option<String>,
    /// The section of the answer.
    pub execution_notes: Option<String>,
    /// The analysis prompt as it was given out.
    pub rendered_analysis: Option<String>,
    /// The answer to it.
    pub analysis_results: Option<String>,
    /// The implementation prompt as it was given out.
    pub rendered_implementation: Option<String>,
    /// The answer to it.
    pub implementation_output: Option<String>,
}

/// A line of a list of sessions, with its templates.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionSummary {
    /// Its row.
    pub row: SessionRowId,
    /// Its public id.
    pub session_id: String,
    /// Its state.
    pub state: SessionState,
    /// The project's name; none for a session of the predecessor without one.
    pub project: Option<String>,
    /// Its feature type.
    pub feature_type: Option<FeatureType>,
    /// The feature request, whole.
    pub feature_request: String,
    /// When it was planned.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Its templates; none for a session of the predecessor.
    pub pins: Vec<Pin>,
}

/// Everything of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRecord {
    /// What a list shows.
    pub summary: SessionSummary,
    /// Its texts.
    pub texts: SessionTexts,
    /// The complexity that the answer named.
    pub complexity: Option<String>,
    /// The time that the answer named.
    pub time_estimate: Option<String>,
    /// Who planned it; none for a session of the predecessor.
    pub actor: Option<String>,
    /// The values of `--var`.
    pub variables: serde_json::Map<String, Value>,
    /// What `untrusted` draws its markers from; none for a session of the predecessor.
    pub nonce: Option<String>,
    /// Why it has its feature type, where that was suggested and not given.
    pub feature_reason: Option<String>,
    /// The partials that it pins.
    pub partials: Vec<PartialPin>,
    /// Times of the phases that have started.
    pub phases: Vec<PhaseRecord>,
}

/// A session to be stored, in the state `planned`.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Its public id, at most 36 characters.
    pub session_id: &'a str,
    /// Its project.
    pub project_id: ProjectId,
    /// The request.
    pub feature_request: &'a str,
    /// Its feature type.
    pub feature_type: Option<&'a FeatureType>,
    /// Why it is that one, where it was suggested and not given.
    pub feature_reason: Option<&'a str>,
    /// The values of `--var`.
    pub variables: &'a serde_json::Map<String, Value>,
    /// What `untrusted` draws its markers from.
    pub nonce: &'a str,
    /// The orchestrator prompt as it is given out.
    pub rendered_orchestrator: &'a str,
    /// The three templates.
    pub pins: &'a [Pin],
    /// The partials that they reach.
    pub partials: &'a [PartialPin],
}

/// A session that uses a version of some prompt.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SessionUse {
    /// The session's public id.
    pub session_id: String,
    /// The version that it pins.
    pub version: i32,
    /// When it was planned.
    pub created_at: Option<DateTime<Utc>>,
}
