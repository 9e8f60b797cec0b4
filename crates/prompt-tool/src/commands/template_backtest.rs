//! `prompt-tool orchestration template test --against-sessions`: a version on past sessions.

use std::process::ExitCode;

use prompt_runner::manager::{OrchestrationTemplateManager, Reference};
use prompt_runner::orchestrator::Orchestrator;
use prompt_runner::orchestrator::session::{Backtest, BacktestSession};
use serde_json::json;

use super::{Outcome, passed};
use crate::output::{Output, table_text};

pub(super) fn run(
    manager: &OrchestrationTemplateManager,
    reference: &Reference,
    project: &str,
    count: u32,
    output: &mut Output,
) -> Outcome {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let backtest = Orchestrator::new(manager).backtest(reference, project, count)?;
    let document = json!({
        "name": backtest.name,
        "project": backtest.project,
        "version": backtest.version,
        "type": backtest.template_type,
        "items": backtest.sessions,
        "renders": backtest.renders(),
        "differs": backtest.differs(),
        "median_growth": backtest.median_growth(),
    });
    if backtest.sessions.is_empty() {
        output.data(&document, |_| String::new())?;
        output
            .note(format!("note: there is no session with a rendered {} prompt yet", backtest.template_type));
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = output.table(&["SESSION", "USED", "MISSING", "LINES", "BYTES"]);
    for session in &backtest.sessions {
        table.add_row(row(session));
    }
    output.data(&document, |_| format!("{}\n{}", table_text(&table), summary(&backtest)))?;
    for session in &backtest.sessions {
        if let Some(error) = &session.error {
            output.error(format!("session {}: {error}", session.session_id));
        }
    }
    Ok(passed(backtest.all_render()))
}

fn row(session: &BacktestSession) -> [String; 5] {
    let none = || "-".to_owned();
    let missing = match (&session.error, session.missing.as_slice()) {
        (Some(_), _) => "does not render".to_owned(),
        (None, []) => none(),
        (None, names) => names.join(", "),
    };
    let lines = session.changed.map_or_else(none, |lines| format!("+{} -{}", lines.added, lines.removed));
    let bytes = match (session.bytes_after, session.growth()) {
        (Some(after), Some(growth)) => format!("{} -> {after} ({growth:+})", session.bytes_before),
        _ => session.bytes_before.to_string(),
    };
    [session.session_id.clone(), session.used.clone().unwrap_or_else(none), missing, lines, bytes]
}

fn summary(backtest: &Backtest) -> String {
    let all = backtest.sessions.len();
    let sessions = if all == 1 { "session" } else { "sessions" };
    let mut text = format!(
        "{}@{} renders for {} of {all} {sessions}; {} would differ",
        backtest.name,
        backtest.version,
        backtest.renders(),
        backtest.differs(),
    );
    if let Some(median) = backtest.median_growth() {
        text.push_str(&format!("; median change of length {median:+} bytes"));
    }
    text
}
