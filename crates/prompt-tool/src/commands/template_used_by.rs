//! `prompt-tool orchestration template used-by`.

use std::process::ExitCode;

use prompt_runner::manager::Usage;
use serde_json::json;

use super::Outcome;
use super::template::in_project;
use crate::age::age;
use crate::cli::ReferenceArgument;
use crate::context::Context;
use crate::output::{Output, table_text};

pub(super) fn run(
    target: &ReferenceArgument,
    limit: usize,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let mut usage = context.open(output)?.used_by(&target.reference, &in_project(target))?;
    let count = usage.sessions.len();
    usage.sessions.truncate(limit);
    let document = json!({
        "name": usage.prompt.name,
        "project": usage.prompt.project,
        "templates": usage.prompts,
        "sessions": usage.sessions,
        "session_count": count,
    });
    let text = text(&usage, count, context, output);
    output.data(&document, |_| text)?;
    if count > limit && !output.is_json() {
        output.note(format!("{} more sessions; see all with --limit {count}", count - limit));
    }
    Ok(ExitCode::SUCCESS)
}

fn text(usage: &Usage, count: usize, context: &Context, output: &Output) -> String {
    if usage.prompts.is_empty() && count == 0 {
        return format!("Nothing uses {}.", usage.prompt.name);
    }
    let mut parts = Vec::new();
    if !usage.prompts.is_empty() {
        let mut table = output.table(&["INCLUDED BY", "PROJECT", "AS"]);
        for user in &usage.prompts {
            table.add_row([&user.name, &user.project, &user.reference]);
        }
        parts.push(table_text(&table));
    }
    if !usage.sessions.is_empty() {
        let now = context.now();
        let mut table = output.table(&["PINNED BY", "VERSION", "PLANNED"]);
        for session in &usage.sessions {
            table.add_row([
                session.session_id.clone(),
                session.version.to_string(),
                session.created_at.map(|at| age(at, now)).unwrap_or_default(),
            ]);
        }
        parts.push(table_text(&table));
    }
    parts.join("\n")
}
