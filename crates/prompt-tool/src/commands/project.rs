//! `prompt-tool project`.

use std::process::ExitCode;

use prompt_runner::model::GLOBAL_PROJECT;
use serde_json::json;

use super::Outcome;
use crate::cli::ProjectCommand;
use crate::context::Context;
use crate::output::{Output, table_text};

pub(super) fn run(command: &ProjectCommand, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    match command {
        ProjectCommand::Add { name, description } => {
            let project = manager.add_project(name, description.as_deref(), &context.stamp())?;
            output.data(&project, |project| format!("{} · new project", project.name))?;
        }
        ProjectCommand::Show { name } => {
            let project = manager.project(name)?;
            output.data(&project, |project| {
                let about = project.description.as_deref().map(|d| format!(" · {d}")).unwrap_or_default();
                format!("{}{about}", project.name)
            })?;
        }
        ProjectCommand::List => {
            let projects = manager.projects()?;
            let mut table = output.table(&["PROJECT", "ABOUT"]);
            for project in &projects {
                let name =
                    if project.name == GLOBAL_PROJECT { "__global__ (--global)" } else { &project.name };
                table.add_row([name, project.description.as_deref().unwrap_or_default()]);
            }
            output.data(&json!({ "items": projects }), |_| table_text(&table))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
