//! The steps of a session, from `process` to `complete`, and `extract`.

use std::path::Path;
use std::process::ExitCode;

use prompt_runner::orchestrator::session::Stepped;
use prompt_runner::orchestrator::{Extraction, Orchestrator, Step};
use serde_json::{Value, json};

use super::{Outcome, passed};
use crate::cli::{Answer, SessionArgument};
use crate::context::Context;
use crate::input;
use crate::output::Output;

pub(super) fn process(answer: &Answer, context: &Context, output: &mut Output) -> Outcome {
    let text = input::text(&answer.file, "answer", output, !context.no_input)?;
    let manager = context.open(output)?;
    let id = context.session(answer.session.as_deref(), output)?;
    let processed = Orchestrator::new(&manager).process(&id, &text, &context.stamp())?;
    for warning in &processed.extraction.warnings {
        output.warn(warning);
    }
    let mut document = json!(processed.extraction);
    document["session_id"] = json!(processed.session.session_id);
    document["status"] = json!(processed.session.status);
    output.data(&document, |_| summary(&processed.extraction))?;
    next(&processed.session, answer.session.as_deref(), context, output);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn analyze(session: &SessionArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let step = Orchestrator::new(&manager).analyze(&id, &context.stamp())?;
    prompt(&step, session.named(), context, output)
}

pub(super) fn implement(session: &SessionArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let step = Orchestrator::new(&manager).implement(&id, &context.stamp())?;
    prompt(&step, session.named(), context, output)
}

pub(super) fn save_analysis(answer: &Answer, context: &Context, output: &mut Output) -> Outcome {
    let text = input::text(&answer.file, "analysis", output, !context.no_input)?;
    let manager = context.open(output)?;
    let id = context.session(answer.session.as_deref(), output)?;
    let step = Orchestrator::new(&manager).save_analysis(&id, &text, &context.stamp())?;
    stepped(&step, answer.session.as_deref(), context, output)
}

pub(super) fn complete(answer: &Answer, context: &Context, output: &mut Output) -> Outcome {
    let text = input::text(&answer.file, "implementation", output, !context.no_input)?;
    let manager = context.open(output)?;
    let id = context.session(answer.session.as_deref(), output)?;
    let step = Orchestrator::new(&manager).complete(&id, &text, &context.stamp())?;
    stepped(&step, answer.session.as_deref(), context, output)
}

pub(super) fn cancel(session: &SessionArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let step = Orchestrator::new(&manager).cancel(&id, &context.stamp())?;
    stepped(&step, session.named(), context, output)
}

pub(super) fn extract(file: &Path, context: &Context, output: &mut Output) -> Outcome {
    let text = input::text(file, "answer", output, !context.no_input)?;
    let extraction = prompt_runner::orchestrator::extract(&text);
    for warning in &extraction.warnings {
        output.warn(warning);
    }
    output.data(&extraction, summary)?;
    Ok(passed(extraction.missing.is_empty()))
}

/// A session after a step that gives out a prompt.
fn prompt(step: &Stepped, named: Option<&str>, context: &Context, output: &mut Output) -> Outcome {
    let prompt = step.prompt.clone().unwrap_or_default();
    let document = json!({ "session_id": step.session_id, "status": step.status, "prompt": prompt });
    output.document(&document, &prompt)?;
    next(step, named, context, output);
    Ok(ExitCode::SUCCESS)
}

/// A session after a step that takes an answer.
fn stepped(step: &Stepped, named: Option<&str>, context: &Context, output: &mut Output) -> Outcome {
    let document = json!({ "session_id": step.session_id, "status": step.status });
    output.data(&document, |_: &Value| format!("{} · {}", step.session_id, step.status))?;
    next(step, named, context, output);
    Ok(ExitCode::SUCCESS)
}

fn next(step: &Stepped, named: Option<&str>, context: &Context, output: &mut Output) {
    if let Some(next) = Step::next_in(step.status) {
        output.labelled("Next", next_command(next, named, context));
    }
}

/// The command of a step, with the database and the session where they were named.
pub(super) fn next_command(step: Step, session: Option<&str>, context: &Context) -> String {
    let session = session.map(|id| format!(" --session {id}")).unwrap_or_default();
    let command = format!("{} orchestration {step}{session}", context.program());
    match step {
        Step::Process | Step::SaveAnalysis | Step::Complete => {
            format!("give the prompt to your model, then:  {command} --file ANSWER")
        }
        Step::Analyze | Step::Implement | Step::Cancel => command,
    }
}

/// What was found, a line a section.
fn summary(extraction: &Extraction) -> String {
    let sections = [
        ("analysis_template", &extraction.analysis_template),
        ("implementation_template", &extraction.implementation_template),
        ("execution_notes", &extraction.execution_notes),
    ];
    let mut text = String::new();
    for (name, section) in sections {
        let found = match section {
            Some(section) => format!("{} lines, {} bytes", section.lines().count(), section.len()),
            None => "missing".to_owned(),
        };
        text.push_str(&format!("{name:<24} {found}\n"));
    }
    if let Some(complexity) = &extraction.complexity {
        text.push_str(&format!("{:<24} {complexity}\n", "complexity"));
    }
    if let Some(time) = &extraction.time_estimate {
        text.push_str(&format!("{:<24} {}-{} {}\n", "time_estimate", time.min, time.max, time.unit));
    }
    for section in &extraction.duplicated {
        text.push_str(&format!("{:<24} there were several, the last is taken\n", section.to_string()));
    }
    text
}
