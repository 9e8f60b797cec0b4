//! `prompt-tool orchestration show`: everything of a session.

use std::process::ExitCode;

use prompt_runner::model::{Pin, SessionRecord};
use prompt_runner::orchestrator::Orchestrator;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::template_resolve::candidates_text;
use crate::cli::SessionArgument;
use crate::context::Context;
use crate::output::Output;

pub(super) fn run(session: &SessionArgument, why: bool, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let record = Orchestrator::new(&manager).session(&id)?;
    output.data(&document(&record), |_| if why { reasons(&record) } else { text(&record) })?;
    Ok(ExitCode::SUCCESS)
}

/// The pinned templates by type, as `plan` prints them.
pub(super) fn templates(pins: &[Pin]) -> Map<String, Value> {
    let pinned = pins.iter().map(|pin| {
        let value = json!({
            "name": pin.name,
            "version": pin.version,
            "sha256": pin.sha256,
            "scope": pin.scope,
            "project": pin.project,
            "closure_digest": pin.closure_digest,
        });
        (pin.template_type.to_string(), value)
    });
    pinned.collect()
}

fn document(record: &SessionRecord) -> Value {
    let summary = &record.summary;
    let why: Map<String, Value> =
        summary.pins.iter().map(|pin| (pin.template_type.to_string(), pin.reasons.clone())).collect();
    let mut document = json!({
        "session_id": summary.session_id,
        "status": summary.state,
        "project": summary.project,
        "feature_type": summary.feature_type,
        "feature_reason": record.feature_reason,
        "actor": record.actor,
        "created_at": summary.created_at,
        "updated_at": summary.updated_at,
        "complexity": record.complexity,
        "time_estimate": record.time_estimate,
        "variables": record.variables,
        "nonce": record.nonce,
        "templates": templates(&summary.pins),
        "partials": record.partials.iter().map(|pin| &pin.reference).collect::<Vec<_>>(),
        "experiment": null,
        "why": why,
        "phases": record.phases,
        "feature_request": summary.feature_request,
    });
    let texts = json!(record.texts);
    if let (Value::Object(document), Value::Object(texts)) = (&mut document, texts) {
        document.extend(texts);
    }
    document
}

fn text(record: &SessionRecord) -> String {
    let summary = &record.summary;
    let mut text = format!(
        "{} · {} · project {}\n",
        summary.session_id,
        summary.state,
        summary.project.as_deref().unwrap_or("-")
    );
    for pin in &summary.pins {
        text.push_str(&format!("  {:<15} {}@{} ({})\n", pin.template_type, pin.name, pin.version, pin.scope));
    }
    let mut section = |title: &str, body: Option<&String>| {
        if let Some(body) = body {
            let end = if body.ends_with('\n') { "" } else { "\n" };
            text.push_str(&format!("\n== {title} ==\n{body}{end}"));
        }
    };
    let texts = &record.texts;
    section("feature request", Some(&summary.feature_request));
    section("orchestrator prompt", texts.rendered_orchestrator.as_ref());
    section("analysis template", texts.analysis_template.as_ref());
    section("implementation template", texts.implementation_template.as_ref());
    section("execution notes", texts.execution_notes.as_ref());
    section("analysis prompt", texts.rendered_analysis.as_ref());
    section("analysis results", texts.analysis_results.as_ref());
    section("implementation prompt", texts.rendered_implementation.as_ref());
    section("implementation output", texts.implementation_output.as_ref());
    text
}

fn reasons(record: &SessionRecord) -> String {
    let mut text = String::new();
    if let (Some(feature_type), Some(reason)) = (&record.summary.feature_type, &record.feature_reason) {
        text.push_str(&format!("feature type {feature_type}: {reason}\n\n"));
    }
    for pin in &record.summary.pins {
        text.push_str(&format!("{}: {}@{} ({})\n", pin.template_type, pin.name, pin.version, pin.scope));
        text.push_str(&candidates_text(&pin.reasons));
        text.push('\n');
    }
    text
}
