//! The command line of prompt-runner: parse, one library call, render.

mod active;
mod age;
mod checks;
mod cli;
mod commands;
mod context;
mod editor;
mod failure;
mod input;
mod output;
mod partial_files;
mod visible;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::Cli;
use context::Context;
use failure::Failure;
use output::{Format, Output};

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse_arguments(&error, wants_json(&arguments)),
    };
    let mut output = Output::new(cli.format);
    let mut context = Context::new(&cli);
    match commands::run(&cli.command, &mut context, &mut output) {
        Ok(code) => {
            output.finish();
            code
        }
        Err(failure) => output.fail(&failure),
    }
}

/// Help and version are no failures; everything else that clap says is a usage error.
fn refuse_arguments(error: &clap::Error, json: bool) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if json {
        let text = error.render().to_string();
        let (message, hint) = split_clap_message(&text);
        return Output::new(Format::Json).fail(&Failure::usage(message).hint(hint));
    }
    let _ = error.print();
    ExitCode::from(failure::Code::Usage.exit())
}

/// The message of clap without its label, and the rest, which says what to do.
fn split_clap_message(text: &str) -> (String, String) {
    let text = text.trim().trim_start_matches("error:").trim_start();
    let (message, rest) = text.split_once("\n\n").unwrap_or((text, "try --help"));
    let fold = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    (fold(message), fold(rest))
}

/// Whether JSON was asked for, in arguments that could not be parsed.
fn wants_json(arguments: &[std::ffi::OsString]) -> bool {
    let follows = arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    follows || arguments.iter().any(|argument| argument == "--format=json")
}
