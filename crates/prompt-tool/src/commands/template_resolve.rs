//! `prompt-tool orchestration template resolve`: which template serves, and why.

use prompt_runner::manager::{OrchestrationTemplateManager, ResolveRequest, Suggested};
use prompt_runner::model::FeatureType;
use serde_json::{Value, json};

use super::{Outcome, passed};
use crate::cli::{FeatureChoice, ResolveArguments};
use crate::context::{Context, project};
use crate::failure::Failure;
use crate::output::{Output, plain_table, table_text};

pub(super) fn run(arguments: &ResolveArguments, context: &Context, output: &mut Output) -> Outcome {
    let project = project(arguments.place.project.as_deref(), arguments.place.global);
    let manager = context.open(output)?;
    let request = arguments.request.as_deref();
    let feature = chosen_feature(&manager, &project, arguments.feature_type.as_ref(), request)?;
    feature.announce(output);
    let request = ResolveRequest {
        template_type: arguments.template_type,
        project: &project,
        feature_type: feature.feature_type.as_ref(),
        explicit: arguments.template.as_ref(),
    };
    resolve(&manager, &request, &feature, arguments.explain, output)
}

/// The feature type of a request, and, where it was suggested, why.
#[expect(clippy::struct_field_names, reason = "a feature type is called so everywhere")]
pub(super) struct Feature {
    pub(super) feature_type: Option<FeatureType>,
    pub(super) suggested: Option<Suggested>,
    asked: bool,
}

impl Feature {
    /// The reason in a sentence, to be kept with a session.
    pub(super) fn reason(&self) -> Option<String> {
        let suggested = self.suggested.as_ref()?;
        Some(format!("{} ({}, line {})", suggested.suggestion, suggested.rules, suggested.suggestion.line))
    }

    pub(super) fn announce(&self, output: &mut Output) {
        match (&self.feature_type, self.reason()) {
            (Some(feature_type), Some(reason)) => {
                output.labelled("Feature", format!("{feature_type}: {reason}"));
            }
            (None, _) if self.asked => output.labelled("Feature", "none: no rule fits the request"),
            _ => {}
        }
    }

    pub(super) fn document(&self) -> Value {
        json!(self.suggested)
    }
}

/// The feature type that was given, or, for `auto`, the one that the rules suggest.
pub(super) fn chosen_feature(
    manager: &OrchestrationTemplateManager,
    project: &str,
    choice: Option<&FeatureChoice>,
    request: Option<&str>,
) -> Result<Feature, Failure> {
    match (choice, request) {
        (None, _) => Ok(Feature { feature_type: None, suggested: None, asked: false }),
        (Some(FeatureChoice::Named(feature_type)), _) => {
            Ok(Feature { feature_type: Some(feature_type.clone()), suggested: None, asked: false })
        }
        (Some(FeatureChoice::Auto), None) => Err(Failure::usage("`--feature-type auto` needs a request")
            .hint("give it with --request TEXT, or name the feature type")),
        (Some(FeatureChoice::Auto), Some(request)) => {
            let suggested = manager.suggest_feature_type(project, request)?;
            let feature_type = suggested.as_ref().map(|s| s.suggestion.feature_type.clone());
            Ok(Feature { feature_type, suggested, asked: true })
        }
    }
}

fn resolve(
    manager: &OrchestrationTemplateManager,
    request: &ResolveRequest<'_>,
    feature: &Feature,
    explain: bool,
    output: &mut Output,
) -> Outcome {
    let resolution = manager.explain(request)?;
    if !explain {
        resolution.chosen()?;
    }
    let chosen = resolution.chosen.as_ref().map(|chosen| {
        json!({
            "name": chosen.name,
            "version": chosen.version,
            "scope": chosen.scope,
            "project": chosen.project,
            "sha256": chosen.sha256,
        })
    });
    let mut document = json!({ "chosen": chosen });
    if explain {
        document["candidates"] = json!(resolution.candidates);
        document["experiment"] = Value::Null;
        document["feature_type"] = json!(request.feature_type);
        document["suggested"] = feature.document();
    }
    output.data(&document, |_| match (&resolution.chosen, explain) {
        (Some(chosen), false) => format!("{}@{} ({})", chosen.name, chosen.version, chosen.scope),
        _ => candidates_text(&json!(resolution.candidates)),
    })?;
    Ok(passed(resolution.chosen.is_some()))
}

/// The candidates of a resolution, a line each; the one that was taken has an arrow.
pub(super) fn candidates_text(candidates: &Value) -> String {
    let mut table = plain_table();
    for candidate in candidates.as_array().into_iter().flatten() {
        let text = |key: &str| candidate[key].as_str().unwrap_or("-").to_owned();
        let name = match candidate["version"].as_i64() {
            Some(version) => format!("{}@{version}", text("name")),
            None => text("name"),
        };
        let arrow = if candidate["taken"] == json!(true) { "→" } else { " " };
        table.add_row([arrow.to_owned(), text("scope"), name, text("reason")]);
    }
    table_text(&table)
}
