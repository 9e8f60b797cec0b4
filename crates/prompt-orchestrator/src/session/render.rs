//! The variables of each prompt, and rendering from what a session pins.

use prompt_manager::model::{DEFAULT_PROJECT, OrchestrationTemplateType, SessionRecord, SessionTexts};
use prompt_manager::template::{RenderOptions, Template};
use serde_json::{Map, Value};

use super::Result;

/// What every prompt of a session is given, before any answer is there.
pub(super) struct Given<'a> {
    pub(super) feature_request: &'a str,
    pub(super) project: &'a str,
    pub(super) feature_type: &'a str,
    pub(super) session_id: &'a str,
    pub(super) extra: &'a Map<String, Value>,
    pub(super) nonce: &'a str,
}

impl<'a> Given<'a> {
    pub(super) fn of(record: &'a SessionRecord) -> Self {
        let summary = &record.summary;
        Self {
            feature_request: &summary.feature_request,
            project: summary.project.as_deref().unwrap_or(DEFAULT_PROJECT),
            feature_type: summary.feature_type.as_ref().map_or("", |f| f.as_str()),
            session_id: &summary.session_id,
            extra: &record.variables,
            // A session of the predecessor has none; its id is its own, too.
            nonce: record.nonce.as_deref().unwrap_or(&summary.session_id),
        }
    }

    /// The variables of one prompt. A text that is not there yet is empty.
    fn variables(&self, prompt: OrchestrationTemplateType, texts: &SessionTexts) -> Map<String, Value> {
        let mut variables = self.extra.clone();
        for name in prompt.system_variables() {
            let value = match *name {
                "feature_request" => self.feature_request,
                "project" => self.project,
                "feature_type" => self.feature_type,
                "session_id" => self.session_id,
                "analysis_template" => texts.analysis_template.as_deref().unwrap_or_default(),
                "implementation_template" => texts.implementation_template.as_deref().unwrap_or_default(),
                "execution_notes" => texts.execution_notes.as_deref().unwrap_or_default(),
                "analysis_results" => texts.analysis_results.as_deref().unwrap_or_default(),
                other => unreachable!("`{other}` is no system variable"),
            };
            variables.insert((*name).to_owned(), Value::from(value));
        }
        variables
    }

    pub(super) fn render(
        &self,
        prompt: OrchestrationTemplateType,
        template: &Template,
        texts: &SessionTexts,
    ) -> Result<String> {
        let mut variables = self.variables(prompt, texts);
        template.declarations().parse_texts(&mut variables);
        let options =
            RenderOptions::default().nonce(self.nonce).also_given(prompt.system_variables().iter().copied());
        Ok(template.render(&variables, &options)?)
    }
}
