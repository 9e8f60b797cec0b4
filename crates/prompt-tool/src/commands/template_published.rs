//! What is said of a prompt after a version was added.

use std::process::ExitCode;

use prompt_runner::manager::{GateFailure, Published};
use prompt_runner::model::Label;
use serde_json::json;

use super::Outcome;
use super::template::{prompt_document, state};
use crate::checks;
use crate::failure::{set_label, ways_out};
use crate::output::Output;

pub(super) fn published(published: &Published, output: &mut Output) -> Outcome {
    let mut document = prompt_document(&published.prompt);
    document["version"] = json!(published.version.number);
    document["sha256"] = json!(published.version.sha256);
    document["unchanged"] = json!(published.unchanged);
    document["changed"] = json!(published.changed);
    document["held_back"] = json!(published.held_back);
    document["variables"] = json!(published.extra_variables);
    output.data(&document, |_| line(published))?;
    if !published.held_back.is_empty() {
        held_back(published, output);
    }
    for name in &published.extra_variables {
        output.note(format!("note: no session gives `{name}` by itself; plan with --var {name}=VALUE"));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(published: &Published) -> String {
    let prompt = &published.prompt;
    let number = published.version.number;
    let mut parts = vec![format!("{}@{number}", prompt.name)];
    if published.unchanged {
        parts.push("unchanged".to_owned());
    } else if number == 1 {
        parts.extend(prompt.placement.as_ref().map(|place| place.template_type.to_string()));
        parts.push(format!("project {}", prompt.project));
        parts.extend(prompt.placement.is_some().then(|| state(prompt).to_owned()));
    } else {
        parts.extend(published.changed.map(|lines| match (lines.added, lines.removed) {
            (0, 0) => "the same text".to_owned(),
            (added, removed) => format!("+{added} -{removed} lines"),
        }));
        let is_active = prompt.placement.as_ref().is_none_or(|place| place.active);
        parts.extend((!is_active).then(|| state(prompt).to_owned()));
    }
    match (published.production_before, prompt.production()) {
        (None, Some(now)) if now == number => parts.push("production".to_owned()),
        (Some(before), Some(now)) if before != now => {
            parts.push(format!("production moved {before} -> {now}"));
        }
        (_, now) if now != Some(number) => parts.push("draft".to_owned()),
        _ => {}
    }
    parts.join(" · ")
}

/// Why production does not name the version, and how it comes to.
fn held_back(published: &Published, output: &mut Output) {
    let prompt = &published.prompt;
    let version = published.version.number;
    let stays = if published.unchanged { "stays" } else { "is stored as" };
    let reasons: Vec<String> = published.held_back.iter().map(ToString::to_string).collect();
    let mut text = format!("{}@{version} {stays} a draft: {}", prompt.name, reasons.join("; "));
    for failure in published.held_back.iter().flat_map(|refusal| &refusal.failures) {
        if let GateFailure::Tests(outcomes) = failure {
            text.push('\n');
            text.push_str(checks::failed_lines(outcomes).trim_end());
        }
    }
    output.warn(text);
    for way_out in published.held_back.iter().flat_map(ways_out) {
        output.note(format!("hint: {way_out}"));
    }
    let set = set_label(&Label::production(), &prompt.project, &prompt.name, version);
    output.note(format!("hint: when it is mended: {set}"));
}
