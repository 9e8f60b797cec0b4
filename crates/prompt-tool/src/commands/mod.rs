//! The commands, one file a subject: parse, one library call, render.

mod audit;
mod db;
mod doctor;
mod plan;
mod project;
mod prompt;
mod session;
mod show;
mod step;
mod template;
mod template_backtest;
mod template_convert;
mod template_edit;
mod template_history;
mod template_label;
mod template_lint;
mod template_list;
mod template_published;
mod template_resolve;
mod template_test;
mod template_test_store;
mod template_used_by;

use std::process::ExitCode;

use crate::cli::{Command, OrchestrationCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;

/// What a command ends with: an exit code of its own where a check did not pass.
pub(crate) type Outcome = Result<ExitCode, Failure>;

pub(crate) fn run(command: &Command, context: &mut Context, output: &mut Output) -> Outcome {
    match command {
        Command::Project(command) => project::run(command, context, output),
        Command::Orchestration(command) => orchestration(command, context, output),
        Command::Prompt(command) => prompt::run(command, context, output),
        Command::Audit(command) => audit::run(command, context, output),
        Command::Db(command) => db::run(command, context, output),
        Command::Doctor => doctor::run(context, output),
    }
}

fn orchestration(command: &OrchestrationCommand, context: &Context, output: &mut Output) -> Outcome {
    match command {
        OrchestrationCommand::Plan(arguments) => plan::run(arguments, context, output),
        OrchestrationCommand::Process(answer) => step::process(answer, context, output),
        OrchestrationCommand::Analyze(session) => step::analyze(session, context, output),
        OrchestrationCommand::SaveAnalysis(answer) => step::save_analysis(answer, context, output),
        OrchestrationCommand::Implement(session) => step::implement(session, context, output),
        OrchestrationCommand::Complete(answer) => step::complete(answer, context, output),
        OrchestrationCommand::Cancel(session) => step::cancel(session, context, output),
        OrchestrationCommand::Extract { file } => step::extract(file, context, output),
        OrchestrationCommand::Status(session) => session::status(session, context, output),
        OrchestrationCommand::Use { id } => session::make_active(id, context, output),
        OrchestrationCommand::List { project, limit } => {
            session::list(project.as_deref(), *limit, context, output)
        }
        OrchestrationCommand::Verify(session) => session::verify(session, context, output),
        OrchestrationCommand::Show { session, why } => show::run(session, *why, context, output),
        OrchestrationCommand::Template(command) => template::run(command, context, output),
    }
}

/// Whether a check passed, as an exit code.
pub(crate) fn passed(all: bool) -> ExitCode {
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
