//! Plain records: what the queries return and take. They hold no handle to a database.

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::Value;

use crate::{
    FeatureType, OrchestrationTemplateType, ProjectId, PromptId, SessionRowId, SessionState, VersionId,
};

/// Who did something, and when: given to every call that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The name that the record keeps.
    pub actor: String,
    /// The time that the record keeps, to the microsecond.
    pub at: DateTime<Utc>,
}

impl Stamp {
    /// A stamp of `actor` at `at`.
    pub fn new(actor: impl Into<String>, at: SystemTime) -> Self {
        Self { actor: actor.into(), at: DateTime::<Utc>::from(at).trunc_subsecs(6) }
    }
}

/// A project: the owner of prompts and sessions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Project {
    /// Its row.
    #[serde(skip)]
    pub id: ProjectId,
    /// Its name, unique.
    pub name: String,
    /// A line about it.
    pub description: Option<String>,
    /// When it was made, where that is known.
    pub created_at: Option<DateTime<Utc>>,
}

/// A prompt without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its row.
    pub id: PromptId,
    /// The project's row.
    pub project_id: ProjectId,
    /// The project's name.
    pub project: String,
    /// Its name, unique in the project.
    pub name: String,
    /// Its category, where it has one.
    pub category: Option<String>,
    /// Whether its text is a template.
    pub is_template: bool,
    /// A line about it.
    pub description: Option<String>,
    /// Its place, where it is a template of the orchestration.
    pub placement: Option<Placement>,
    /// The version that `production` names.
    pub production: Option<i32>,
    /// The newest version; 0 where the predecessor stored none.
    pub latest: i32,
}

/// Where a template stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Its type.
    pub template_type: OrchestrationTemplateType,
    /// Its feature type, where it is for one.
    pub feature_type: Option<FeatureType>,
    /// Whether it is the active one of its slot.
    pub active: bool,
    /// When it was removed, where it is.
    pub removed_at: Option<DateTime<Utc>>,
}

/// A version without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHeader {
    /// Its row.
    pub id: VersionId,
    /// The prompt's row.
    pub prompt_id: PromptId,
    /// Its number: 1, 2, 3, ...
    pub number: i32,
    /// Who made it; none for a version of the predecessor.
    pub author: Option<String>,
    /// The note that was given.
    pub message: Option<String>,
    /// SHA-256 of its text in lower-case hex; none for a version of the predecessor.
    pub sha256: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}

/// A version with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// All but the text.
    pub header: VersionHeader,
    /// The text, byte for byte as given.
    pub content: String,
}

/// A version to be stored.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// The text.
    pub content: &'a str,
    /// SHA-256 of the text in lower-case hex.
    pub sha256: &'a str,
    /// A note.
    pub message: Option<&'a str>,
    /// The variables that the text uses.
    pub variables: &'a [String],
}

/// One template of a slot that a resolution looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotCandidate {
    /// The project of the slot: the asked one or the global one.
    pub project: String,
    /// The feature type of the slot.
    pub feature_type: Option<FeatureType>,
    /// The template's row.
    pub prompt_id: PromptId,
    /// The template's name.
    pub name: String,
    /// Whether it is the active one of its slot.
    pub active: bool,
    /// Whether it was removed.
    pub removed: bool,
    /// The version that `production` names.
    pub production: Option<ProductionVersion>,
}

/// The version that `production` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductionVersion {
    /// Its row.
    pub id: VersionId,
    /// Its number.
    pub number: i32,
    /// SHA-256 of its text; none for a version of the predecessor.
    pub sha256: Option<String>,
}

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
