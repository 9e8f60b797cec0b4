//! `prompt-tool doctor`: which database and why, its schema, the actor, what is switched off.

use std::path::Path;

use prompt_runner::model::{Database, DatabaseUrl, OpenOptions};
use serde_json::{Value, json};

use super::{Outcome, passed};
use crate::context::{Context, environment, shown};
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn run(context: &Context, output: &mut Output) -> Outcome {
    let database = context.database_url()?;
    let (schema, healthy) = schema(&database.value);
    let actor = context.actor();
    let off = switched_off();
    let document = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "database": {
            "url": database.value.to_string(),
            "kind": database.value.kind(),
            "because": database.because,
            "schema": schema,
        },
        "actor": { "name": actor.value, "because": actor.because },
        "active_session": context.memory()?.read(),
        "switched_off": off.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect::<Vec<_>>(),
        "healthy": healthy,
    });
    output.data(&document, |_| {
        let mut text = format!("prompt-tool {}\n\n", env!("CARGO_PKG_VERSION"));
        let mut line = |label: &str, value: String| text.push_str(&format!("{label:<15} {value}\n"));
        line("Database", shown(&database.value));
        line("", format!("because of {}", database.because));
        line("Schema", schema["summary"].as_str().unwrap_or_default().to_owned());
        line("Actor", format!("{} ({})", actor.value, actor.because));
        let active = document["active_session"].as_str().unwrap_or("none in this folder");
        line("Active session", active.to_owned());
        for (what, why) in &off {
            line("Switched off", format!("{what}: {why}"));
        }
        if off.is_empty() {
            line("Switched off", "nothing".to_owned());
        }
        text
    })?;
    Ok(passed(healthy))
}

/// The state of the schema, without making a database that is not there.
fn schema(url: &DatabaseUrl) -> (Value, bool) {
    if let DatabaseUrl::Sqlite(path) = url
        && !Path::exists(path)
    {
        let summary = "no database yet; it is made on first use";
        return (json!({ "state": "missing", "summary": summary }), true);
    }
    let options = OpenOptions { max_connections: 1, ..OpenOptions::default() };
    let status = Database::open(url, &options).and_then(|database| database.schema_status());
    match status {
        Ok(status) => {
            let state = format!("{:?}", status.state()).to_lowercase();
            let healthy = state == "current"
                || (matches!(url, DatabaseUrl::Sqlite(_)) && matches!(state.as_str(), "empty" | "older"));
            let summary =
                format!("{state} ({} applied, {} pending)", status.applied.len(), status.pending.len());
            let mut document = json!(status);
            document["state"] = json!(state);
            document["summary"] = json!(summary);
            (document, healthy)
        }
        Err(error) => {
            let message = Failure::from(error).message().to_owned();
            (json!({ "state": "unreachable", "summary": message }), false)
        }
    }
}

/// What this build or this environment leaves out, and why.
fn switched_off() -> Vec<(&'static str, String)> {
    let mut off = Vec::new();
    if !cfg!(feature = "postgres") {
        off.push(("PostgreSQL", "this build is without the feature `postgres`".to_owned()));
    } else if !cfg!(feature = "postgres-tls") {
        off.push(("TLS to PostgreSQL", "this build is without the feature `postgres-tls`".to_owned()));
    }
    if let Some(value) = environment("PROMPT_TOOL_TEMPLATES").filter(|value| value == "off") {
        off.push(("planning", format!("PROMPT_TOOL_TEMPLATES={value}, which this version cannot do")));
    }
    if environment("NO_COLOR").is_some() {
        off.push(("colour", "NO_COLOR is set".to_owned()));
    }
    off
}
