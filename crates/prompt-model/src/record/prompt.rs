//! Prompts, their versions and their places.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{FeatureType, OrchestrationTemplateType, ProjectId, PromptId, Tag, VersionId};

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
    pub current: Option<VersionHeader>,
    /// The newest version; 0 where the predecessor stored none.
    pub latest: i32,
}

impl Prompt {
    /// The number of the version that `production` names.
    pub fn production(&self) -> Option<i32> {
        self.current.as_ref().map(|version| version.number)
    }

    /// Its name with its project in front, as a reference names it wherever it is read.
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.project, self.name)
    }

    /// Whether it is a template that was taken out of resolution.
    pub fn is_removed(&self) -> bool {
        self.placement.as_ref().is_some_and(|place| place.removed_at.is_some())
    }
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
    /// Settings for whoever calls a model with it: model, temperature, and the like.
    pub config: Option<Map<String, Value>>,
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
#[derive(Debug, Clone, Copy, Default)]
pub struct NewVersion<'a> {
    /// The text.
    pub content: &'a str,
    /// SHA-256 of the text in lower-case hex.
    pub sha256: &'a str,
    /// A note.
    pub message: Option<&'a str>,
    /// The variables that callers have to give.
    pub variables: &'a [String],
    /// Settings for whoever calls a model with it.
    pub config: Option<&'a Map<String, Value>>,
    /// Its tags.
    pub tags: &'a [Tag],
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
