//! Resolution: which template serves a type, a project and a feature type, and why.
//!
//! The first place that has an active template with a `production` version wins: explicit, project and
//! feature type, project, global and feature type, global.

use std::fmt;

use prompt_model::record::ProductionVersion;
use prompt_model::{
    FeatureType, GLOBAL_PROJECT, OrchestrationTemplateType, PromptId, SlotCandidate, VersionId,
};

/// A place where a resolution looks, in the order in which it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub enum Scope {
    /// Named by the caller.
    #[serde(rename = "explicit")]
    Explicit,
    /// Of the project, for the feature type.
    #[serde(rename = "project+feature_type")]
    ProjectFeatureType,
    /// Of the project, for no feature type.
    #[serde(rename = "project")]
    Project,
    /// Global, for the feature type.
    #[serde(rename = "global+feature_type")]
    GlobalFeatureType,
    /// Global, for no feature type.
    #[serde(rename = "global")]
    Global,
}

impl Scope {
    /// All scopes, in order.
    pub const ALL: [Self; 5] =
        [Self::Explicit, Self::ProjectFeatureType, Self::Project, Self::GlobalFeatureType, Self::Global];

    /// The name that is stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::ProjectFeatureType => "project+feature_type",
            Self::Project => "project",
            Self::GlobalFeatureType => "global+feature_type",
            Self::Global => "global",
        }
    }

    fn of(candidate: &SlotCandidate) -> Self {
        match (candidate.project == GLOBAL_PROJECT, candidate.feature_type.is_some()) {
            (false, true) => Self::ProjectFeatureType,
            (false, false) => Self::Project,
            (true, true) => Self::GlobalFeatureType,
            (true, false) => Self::Global,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a resolution is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ResolveRequest<'a> {
    /// The type.
    pub template_type: OrchestrationTemplateType,
    /// The project; it must be there.
    pub project: &'a str,
    /// The feature type, where there is one.
    pub feature_type: Option<&'a FeatureType>,
    /// A template that is named by the caller.
    pub explicit: Option<&'a crate::Reference>,
}

impl<'a> ResolveRequest<'a> {
    /// A request for the template of a type in a project, for no feature type in particular.
    pub fn new(template_type: OrchestrationTemplateType, project: &'a str) -> Self {
        Self { template_type, project, feature_type: None, explicit: None }
    }
}

/// The winner of a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The place where it was found.
    pub scope: Scope,
    /// The template's project.
    pub project: String,
    /// The template's row.
    pub prompt_id: PromptId,
    /// The template's name.
    pub name: String,
    /// The version's row.
    pub version_id: VersionId,
    /// The version's number.
    pub version: i32,
    /// SHA-256 of its text; none for a version of the predecessor.
    pub sha256: Option<String>,
}

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// The place.
    pub scope: Scope,
    /// The template; none where the place has none.
    pub name: Option<String>,
    /// Its production version.
    pub version: Option<i32>,
    /// Whether it was taken.
    pub taken: bool,
    /// Why it was taken or passed over.
    pub reason: String,
}

/// A winner, if there is one, and every candidate that was looked at, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The type that was asked for.
    pub template_type: OrchestrationTemplateType,
    /// The project that was asked for.
    pub project: String,
    /// The winner.
    pub chosen: Option<Chosen>,
    /// All candidates.
    pub candidates: Vec<Candidate>,
}

/// Chooses among the templates of the slots that a request looks at.
pub fn resolve(
    request: &ResolveRequest<'_>,
    explicit: Option<Chosen>,
    slots: &[SlotCandidate],
) -> Resolution {
    let mut resolution = Resolution {
        template_type: request.template_type,
        project: request.project.to_owned(),
        chosen: None,
        candidates: Vec::new(),
    };
    resolution.explicit(explicit);
    for scope in scopes(request) {
        let mut here: Vec<&SlotCandidate> = slots.iter().filter(|c| Scope::of(c) == scope).collect();
        here.sort_by(|a, b| b.active.cmp(&a.active).then_with(|| a.name.cmp(&b.name)));
        resolution.place(scope, &here);
    }
    resolution
}

/// The places that a request looks at, behind the explicit one.
fn scopes(request: &ResolveRequest<'_>) -> impl Iterator<Item = Scope> {
    let of_project = request.project != GLOBAL_PROJECT;
    let of_feature_type = request.feature_type.is_some();
    Scope::ALL.into_iter().skip(1).filter(move |scope| match scope {
        Scope::ProjectFeatureType => of_project && of_feature_type,
        Scope::Project => of_project,
        Scope::GlobalFeatureType => of_feature_type,
        _ => true,
    })
}

impl Resolution {
    /// The winner.
    ///
    /// # Errors
    /// [`Missing::ActiveTemplate`](crate::Missing::ActiveTemplate) where there is none.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub fn chosen(&self) -> crate::Result<&Chosen> {
        self.chosen.as_ref().ok_or_else(|| {
            crate::Error::NotFound(crate::Missing::ActiveTemplate {
                template_type: self.template_type,
                project: self.project.clone(),
            })
        })
    }

    fn explicit(&mut self, explicit: Option<Chosen>) {
        self.candidates.push(Candidate {
            scope: Scope::Explicit,
            name: explicit.as_ref().map(|c| c.name.clone()),
            version: explicit.as_ref().map(|c| c.version),
            taken: explicit.is_some(),
            reason: if explicit.is_some() { "named by the caller" } else { "none given" }.to_owned(),
        });
        self.chosen = explicit;
    }

    fn place(&mut self, scope: Scope, here: &[&SlotCandidate]) {
        if here.is_empty() {
            self.candidates.push(Candidate {
                scope,
                name: None,
                version: None,
                taken: false,
                reason: "no template".to_owned(),
            });
        }
        for candidate in here {
            let reason = self.judge(scope, candidate);
            self.candidates.push(Candidate {
                scope,
                name: Some(candidate.name.clone()),
                version: candidate.production.as_ref().map(|v| v.number),
                taken: reason.is_none(),
                reason: reason.unwrap_or_else(|| "active, production".to_owned()),
            });
        }
    }

    /// Takes a candidate, or says why not.
    fn judge(&mut self, scope: Scope, candidate: &SlotCandidate) -> Option<String> {
        if candidate.removed {
            return Some("removed".to_owned());
        }
        if !candidate.active {
            return Some("waits: it is not active".to_owned());
        }
        let Some(production) = &candidate.production else {
            return Some("active, but no version is production".to_owned());
        };
        if let Some(chosen) = &self.chosen {
            return Some(format!("shadowed by {} ({})", chosen.name, chosen.scope));
        }
        self.chosen = Some(Chosen::from_slot(scope, candidate, production));
        None
    }
}

impl Chosen {
    fn from_slot(scope: Scope, candidate: &SlotCandidate, production: &ProductionVersion) -> Self {
        Self {
            scope,
            project: candidate.project.clone(),
            prompt_id: candidate.prompt_id,
            name: candidate.name.clone(),
            version_id: production.id,
            version: production.number,
            sha256: production.sha256.clone(),
        }
    }
}
