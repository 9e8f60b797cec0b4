//! `prompt-tool audit`: the change log, and whether it is whole.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use prompt_runner::manager::change_log::Action;
use prompt_runner::manager::{LogEntry, LogFilter, LogHead, LogVerification, OrchestrationTemplateManager};
use serde_json::{Value, json};

use super::template_history::whole_prompt;
use super::{Outcome, passed};
use crate::age::age;
use crate::cli::{AuditCommand, InProject};
use crate::context::{Context, project};
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::{Output, table_text};

/// A log of more entries takes long enough to show how far its verification is.
const LONG_LOG: u64 = 20_000;

pub(super) fn run(command: &AuditCommand, context: &Context, output: &mut Output) -> Outcome {
    match command {
        AuditCommand::List { reference, place, by, action, before, limit } => {
            let project = project(place.project.as_deref(), place.global);
            if let Some(reference) = reference {
                whole_prompt(reference)?;
            } else {
                refuse_place(place)?;
            }
            let filter = LogFilter {
                prompt: reference.as_ref().map(|reference| (reference, project.as_str())),
                actor: by.as_deref(),
                action: action.as_deref(),
                before: *before,
                limit: Some(*limit),
            };
            list(&filter, context, output)
        }
        AuditCommand::Verify { head, head_file } => {
            let kept = match head_file {
                Some(file) => Some(head_of_file(file, context, output)?),
                None => head.clone(),
            };
            verify(kept.as_ref(), context, output)
        }
        AuditCommand::Checkpoint => checkpoint(context, output),
    }
}

/// A project says where a prompt is looked up; without a prompt it would narrow nothing.
fn refuse_place(place: &InProject) -> Result<(), Failure> {
    if place.project.is_none() && !place.global {
        return Ok(());
    }
    let option = if place.global { "--global" } else { "--project" };
    Err(Failure::usage(format!("`{option}` says where a prompt is looked up, and none is named"))
        .hint(format!("name a prompt: prompt-tool audit list NAME {option} ...")))
}

fn list(filter: &LogFilter<'_>, context: &Context, output: &mut Output) -> Outcome {
    // One more than asked for tells whether there are older ones.
    let limit = filter.limit.unwrap_or(i64::MAX);
    let one_more = LogFilter { limit: Some(limit.saturating_add(1)), ..filter.clone() };
    let mut entries = context.open(output)?.changes(&one_more)?;
    let has_older = i64::try_from(entries.len()).is_ok_and(|count| count > limit);
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = entries.last().filter(|_| has_older).map(|entry| entry.sequence);
    let mut table = output.table(&["ENTRY", "WHEN", "WHO", "ACTION", "SUBJECT", "DETAILS"]);
    let now = context.now();
    for entry in &entries {
        table.add_row([
            entry.sequence.to_string(),
            age(entry.at, now),
            entry.actor.clone(),
            entry.action.clone(),
            entry.subject.clone(),
            phrase(entry),
        ]);
    }
    output.data(&json!({ "items": entries, "next": next }), |_| table_text(&table))?;
    if let Some(next) = next.filter(|_| !output.is_json()) {
        output.note(format!("There are older ones: the same again with --before {next}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What the details of an entry say, in a few words. Somebody may have tampered with them: whatever they
/// are, this does not fail.
fn phrase(entry: &LogEntry) -> String {
    let details = &entry.details;
    let mut parts = Vec::new();
    if let Some(version) = details["version"].as_i64() {
        parts.push(format!("version {version}"));
    }
    for moved in details["labels"].as_array().into_iter().flatten() {
        let label = moved["label"].as_str().unwrap_or_default();
        match (moved["from"].as_i64(), moved["to"].as_i64()) {
            (Some(from), Some(to)) => parts.push(format!("{label} {from} -> {to}")),
            (None, Some(to)) => parts.push(format!("{label} -> {to}")),
            (Some(from), None) => parts.push(format!("{label} off {from}")),
            (None, None) => {}
        }
    }
    if details["held_back"] == json!(true) {
        parts.push("production held back".to_owned());
    }
    if let Some(label) = details["label"].as_str() {
        parts.push(format!("{label}: {}", policy(&details["to"])));
    }
    if entry.action == Action::TemplateActivated.as_str()
        && let Some(before) = details["active_before"].as_str()
    {
        parts.push(format!("instead of {before}"));
    }
    if let Some(test) = details["test"]["name"].as_str() {
        parts.push(format!("test {test}"));
    }
    parts.join(", ")
}

/// What moving a label asks for.
fn policy(policy: &Value) -> String {
    let asked: Vec<&str> =
        ["protected", "tests", "variables"].into_iter().filter(|what| policy[*what] == json!(true)).collect();
    if asked.is_empty() { "moves freely".to_owned() } else { asked.join(", ") }
}

fn head_of_file(file: &Path, context: &Context, output: &mut Output) -> Result<LogHead, Failure> {
    Ok(input::text(file, "head of the change log", output, !context.no_input)?.parse()?)
}

fn verify(kept: Option<&LogHead>, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let bar = bar(&manager, output)?;
    let found = manager.verify_log(kept, |entries| bar.set_position(entries));
    bar.finish_and_clear();
    let found = found?;
    output.data(&found, |found| sentence(found, kept))?;
    Ok(passed(found.valid))
}

/// How far a verification is; hidden where nobody looks, or it is over at once.
fn bar(manager: &OrchestrationTemplateManager, output: &Output) -> Result<ProgressBar, Failure> {
    if output.is_json() || !std::io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let newest = manager.log_head()?.and_then(|head| u64::try_from(head.sequence).ok()).unwrap_or(0);
    if newest <= LONG_LOG {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} entries")
        .expect("the template of the bar is well formed");
    Ok(ProgressBar::new(newest).with_style(style))
}

fn sentence(found: &LogVerification, kept: Option<&LogHead>) -> String {
    match (&found.first_bad, kept) {
        (Some(bad), _) => format!("The log is not what it was: entry {}: {}.", bad.sequence, bad.reason),
        (None, None) => format!("The log is whole: {} entries, each fits the one before.", found.entries),
        (None, Some(kept)) => format!(
            "The log is whole: {} entries, each fits the one before, and entry {} is the one that was kept.",
            found.entries, kept.sequence
        ),
    }
}

fn checkpoint(context: &Context, output: &mut Output) -> Outcome {
    let head = context.open(output)?.log_head()?.ok_or_else(|| {
        Failure::new(Code::NotFound, "the change log is empty")
            .hint("it has a head once something was changed")
    })?;
    let document = json!({ "sequence": head.sequence, "sha256": head.sha256, "head": head.to_string() });
    output.data(&document, |_| head.to_string())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use prompt_runner::manager::LogEntry;
    use serde_json::{Value, json};

    use super::phrase;

    fn said_of(details: Value) -> String {
        let at = chrono::DateTime::<chrono::Utc>::UNIX_EPOCH;
        let text = String::new;
        phrase(&LogEntry {
            sequence: 1,
            at,
            actor: text(),
            action: text(),
            subject: text(),
            details,
            sha256: text(),
        })
    }

    #[test]
    fn says_what_was_done_in_a_few_words() {
        let moved = |from: Value, to: Value| json!({"labels": [{"label": "canary", "from": from, "to": to}]});
        for (details, words) in [
            (moved(json!(1), json!(2)), "canary 1 -> 2"),
            (moved(Value::Null, json!(2)), "canary -> 2"),
            (moved(json!(2), Value::Null), "canary off 2"),
            (json!({"version": 3, "held_back": true}), "version 3, production held back"),
            (
                json!({"label": "production", "to": {"protected": true, "tests": true, "variables": false}}),
                "production: protected, tests",
            ),
            (json!({"label": "canary", "to": {"protected": false}}), "canary: moves freely"),
            (json!({"test": {"name": "paths"}}), "test paths"),
            (json!({"description": null}), ""),
        ] {
            assert_eq!(said_of(details.clone()), words, "{details}");
        }
    }

    #[test]
    fn of_details_that_were_tampered_with_says_nothing() {
        for details in [json!("{"), json!([1]), json!({"labels": 3, "version": "x", "label": 4}), Value::Null]
        {
            assert_eq!(said_of(details.clone()), "", "{details}");
        }
    }
}
