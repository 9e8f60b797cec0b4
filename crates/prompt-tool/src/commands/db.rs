//! `prompt-tool db`: the schema, up and down.

use std::process::ExitCode;
use std::time::SystemTime;

use prompt_runner::manager;
use prompt_runner::model::{Database, DatabaseUrl, OpenOptions};
use serde_json::json;

use super::Outcome;
use crate::cli::DbCommand;
use crate::context::{Context, shown};
use crate::failure::{Code, Failure};
use crate::output::Output;

pub(super) fn run(command: &DbCommand, context: &Context, output: &mut Output) -> Outcome {
    let url = context.database_url()?.value;
    match command {
        DbCommand::Migrate => migrate(&url, output),
        DbCommand::Status => status(&url, output),
        DbCommand::Rollback { steps, to } => rollback(&url, *steps, to.as_deref(), output),
    }
}

fn migrate(url: &DatabaseUrl, output: &mut Output) -> Outcome {
    let opened = manager::migrate(url, SystemTime::now())?;
    let document = json!({
        "database": url.to_string(),
        "applied": opened.migration.done,
        "copy": opened.migration.copy,
        "seeded": opened.seeds.added,
        "upgraded": opened.seeds.upgraded,
    });
    output.data(&document, |_| {
        let mut text = match opened.migration.done.as_slice() {
            [] => format!("{}: nothing to do\n", shown(url)),
            done => format!("{}: applied {}\n", shown(url), done.join(", ")),
        };
        if !opened.seeds.added.is_empty() {
            text.push_str(&format!("{} built-in templates\n", opened.seeds.added.len()));
        }
        if let Some(copy) = &opened.migration.copy {
            text.push_str(&format!("Kept a copy as it was: {}\n", copy.display()));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Opens a database that is there; looking at one must not make one.
fn existing(url: &DatabaseUrl) -> Result<Database, Failure> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        return Err(Failure::new(Code::NotFound, format!("there is no database {}", shown(url)))
            .hint("it is made on first use, or by: prompt-tool db migrate"));
    }
    Ok(Database::open(url, &OpenOptions::default())?)
}

fn status(url: &DatabaseUrl, output: &mut Output) -> Outcome {
    let status = existing(url)?.schema_status()?;
    let mut document = json!(status);
    document["database"] = json!(url.to_string());
    document["state"] = json!(format!("{:?}", status.state()).to_lowercase());
    output.data(&document, |_| {
        let mut text = format!("{}: {}\n", shown(url), document["state"].as_str().unwrap_or_default());
        let lists = [
            ("applied", &status.applied),
            ("pending", &status.pending),
            ("unknown", &status.unknown),
            ("foreign table", &status.foreign_tables),
        ];
        for (what, names) in lists {
            for name in names {
                text.push_str(&format!("  {what:<14} {name}\n"));
            }
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

fn rollback(url: &DatabaseUrl, steps: usize, to: Option<&str>, output: &mut Output) -> Outcome {
    let database = existing(url)?;
    let status = database.schema_status()?;
    let steps = match to {
        None => steps,
        Some(name) => {
            let at = status.applied.iter().position(|applied| applied == name).ok_or_else(|| {
                Failure::new(Code::NotFound, format!("the migration `{name}` is not applied"))
                    .hint("see them: prompt-tool db status")
            })?;
            status.applied.len() - at - 1
        }
    };
    let report = database.rollback(steps)?;
    let document = json!({ "database": url.to_string(), "reverted": report.done });
    output.data(&document, |_| match report.done.as_slice() {
        [] => format!("{}: nothing to revert\n", shown(url)),
        done => format!("{}: reverted {}\n", shown(url), done.join(", ")),
    })?;
    if !report.done.is_empty() {
        output.note("note: the rows are kept aside; prompt-tool db migrate brings them back");
    }
    Ok(ExitCode::SUCCESS)
}
