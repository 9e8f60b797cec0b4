#![doc = include_str!("../README.md")]

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod db;

pub mod builtin;
pub mod error;
pub mod ids;
pub mod names;
pub mod record;
pub mod session_state;
pub mod template_type;

pub use error::{Error, Result};
pub use ids::{ProjectId, PromptId, SessionRowId, SlotId, VersionId};
pub use names::{DEFAULT_PROJECT, FeatureType, GLOBAL_PROJECT, Label, ORCHESTRATION_CATEGORY, Tag, TextRule};
pub use record::{
    Change, ChangeFilter, LabelPolicy, NewSession, NewVersion, PartialPin, PhaseRecord, Pin, Project, Prompt,
    SessionRecord, SessionSummary, SessionTexts, SessionUse, SlotCandidate, Stamp, StoredTest, Version,
    VersionHeader,
};
pub use session_state::SessionState;
pub use template_type::OrchestrationTemplateType;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use db::{Database, DatabaseUrl, OpenOptions, Queries};
