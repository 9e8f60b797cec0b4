//! Looking at sessions: `status`, `use`, `list`, `verify`.

use std::process::ExitCode;

use prompt_runner::model::db::SessionFilter;
use prompt_runner::model::{PhaseRecord, SessionSummary};
use prompt_runner::orchestrator::session::PhaseCheck;
use prompt_runner::orchestrator::{Orchestrator, Step};
use serde_json::{Value, json};

use super::step::next_command;
use super::{Outcome, passed};
use crate::cli::SessionArgument;
use crate::context::Context;
use crate::output::{Output, table_text};

pub(super) fn status(session: &SessionArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let record = Orchestrator::new(&manager).session(&id)?;
    let summary = &record.summary;
    let next = Step::next_in(summary.state);
    let document = json!({
        "session_id": summary.session_id,
        "status": summary.state,
        "project": summary.project,
        "feature_request": summary.feature_request,
        "phases": record.phases,
        "next": next.map(Step::as_str),
    });
    output.data(&document, |_| {
        let mut text = format!(
            "{} · {} · project {}\n{}\n",
            summary.session_id,
            summary.state,
            summary.project.as_deref().unwrap_or("-"),
            first_line(&summary.feature_request)
        );
        for phase in &record.phases {
            text.push_str(&format!("{}\n", phase_line(phase)));
        }
        if let Some(step) = next {
            text.push_str(&format!("Next     {}\n", next_command(step, session.named(), context)));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

fn phase_line(phase: &PhaseRecord) -> String {
    let Some(finished) = phase.finished_at else {
        return format!("  {:<15} waits for an answer", phase.phase);
    };
    let seconds = (finished - phase.started_at).num_seconds();
    let answers = if phase.attempts == 1 { "answer" } else { "answers" };
    format!("  {:<15} {} {answers}, {} min {:02} s", phase.phase, phase.attempts, seconds / 60, seconds % 60)
}

pub(super) fn make_active(id: &str, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let record = Orchestrator::new(&manager).session(id)?;
    context.memory()?.write(&record.summary.session_id)?;
    let document = json!({ "session_id": record.summary.session_id, "status": record.summary.state });
    output.data(&document, |_| {
        format!("{} · {} · active in this folder", record.summary.session_id, record.summary.state)
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list(
    project: Option<&str>,
    limit: Option<i64>,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let manager = context.open(output)?;
    let filter = SessionFilter { project: project.map(str::to_owned), limit, ..SessionFilter::default() };
    let sessions = Orchestrator::new(&manager).list(&filter)?;
    let mut table = output.table(&["SESSION", "STATUS", "PROJECT", "TEMPLATES", "FEATURE"]);
    for session in &sessions {
        table.add_row([
            session.session_id.clone(),
            session.state.to_string(),
            session.project.clone().unwrap_or_default(),
            template_names(session),
            first_line(&session.feature_request),
        ]);
    }
    let items: Vec<Value> = sessions.iter().map(item).collect();
    output.data(&json!({ "items": items }), |_| {
        if sessions.is_empty() { "No sessions yet.\n".to_owned() } else { table_text(&table) }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn item(session: &SessionSummary) -> Value {
    json!({
        "session_id": session.session_id,
        "status": session.state,
        "project": session.project,
        "feature_type": session.feature_type,
        "feature_request": session.feature_request,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        "templates": super::show::templates(&session.pins),
    })
}

fn template_names(session: &SessionSummary) -> String {
    let names: Vec<String> = session.pins.iter().map(|pin| format!("{}@{}", pin.name, pin.version)).collect();
    names.join(" ")
}

/// The first line of a request, short enough for a table.
pub(super) fn first_line(text: &str) -> String {
    const WIDTH: usize = 60;
    let line = text.trim().lines().next().unwrap_or_default();
    let rest = line.chars().count() > WIDTH || text.trim().lines().count() > 1;
    let mut shown: String = line.chars().take(WIDTH).collect();
    if rest {
        shown.push('…');
    }
    shown
}

pub(super) fn verify(session: &SessionArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let id = context.session(session.named(), output)?;
    let verification = Orchestrator::new(&manager).verify(&id)?;
    let valid = verification.is_valid();
    let document = json!({
        "session_id": verification.session_id,
        "valid": valid,
        "phases": verification.phases,
    });
    output.data(&document, |_| {
        let line = |check: &PhaseCheck| {
            let mark = if check.passed { "✓" } else { "✗" };
            format!("{mark} {:<15} {}", check.phase, check.detail)
        };
        verification.phases.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(passed(valid))
}
