//! A feature type for a request, suggested by rules that are the text of a prompt.

use prompt_model::builtin::FEATURE_TYPES_PROMPT;
use prompt_model::db::CandidateDepth;
use prompt_model::{FeatureType, OrchestrationTemplateType};

use crate::feature_rules::{FeatureRules, Suggestion};
use crate::read::select_included;
use crate::{Error, OrchestrationTemplateManager, Reference, Result};

/// A suggestion, and the rules that made it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Suggested {
    /// What is suggested, and why.
    #[serde(flatten)]
    pub suggestion: Suggestion,
    /// The prompt that holds the rules, with its version.
    pub rules: String,
}

impl OrchestrationTemplateManager {
    /// The feature type that the rules suggest for a request, if one fits.
    ///
    /// The rules are the production version of the prompt
    /// [`FEATURE_TYPES_PROMPT`](prompt_model::builtin::FEATURE_TYPES_PROMPT) in the project, else globally; where
    /// there is none, nothing is suggested.
    pub fn suggest_feature_type(&self, project: &str, request: &str) -> Result<Option<Suggested>> {
        let reference = Reference::production(FEATURE_TYPES_PROMPT);
        let rules = match self.database.snapshot(|q| select_included(q, &reference, project)) {
            Ok(rules) => rules,
            Err(Error::NotFound(crate::Missing::Prompt { .. } | crate::Missing::Label { .. })) => {
                return Ok(None);
            }
            Err(other) => return Err(other),
        };
        let name = format!("{}@{}", rules.prompt.full_name(), rules.version.header.number);
        let parsed = FeatureRules::parse(&rules.version.content)
            .map_err(|source| Error::Rules { prompt: name.clone(), source })?;
        Ok(parsed.suggest(request).map(|suggestion| Suggested { suggestion, rules: name }))
    }
    /// As [`suggest_feature_type`](Self::suggest_feature_type), where it would make a difference: the project, or
    /// the global one, has an active template of any type for that feature type.
    pub fn suggest_served_feature_type(&self, project: &str, request: &str) -> Result<Option<Suggested>> {
        let Some(suggested) = self.suggest_feature_type(project, request)? else { return Ok(None) };
        let is_served = self.is_served(project, &suggested.suggestion.feature_type)?;
        Ok(is_served.then_some(suggested))
    }

    fn is_served(&self, project: &str, feature_type: &FeatureType) -> Result<bool> {
        self.database.snapshot(|q| {
            for template_type in OrchestrationTemplateType::ALL {
                let found =
                    q.slot_candidates(template_type, project, Some(feature_type), CandidateDepth::Active)?;
                let mut candidates = found.unwrap_or_default().into_iter();
                if candidates.any(|candidate| {
                    candidate.feature_type.as_ref() == Some(feature_type)
                        && candidate.active
                        && candidate.production.is_some()
                }) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}
