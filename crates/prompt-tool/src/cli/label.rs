//! The arguments of `orchestration template label`.

#![allow(clippy::doc_markdown, reason = "these comments are shown in a terminal, not as Markdown")]

use clap::{Args, Subcommand};
use prompt_runner::manager::Reference;
use prompt_runner::model::Label;

use super::{InProject, ReferenceArgument};

/// A label of one prompt.
#[derive(Args)]
pub(crate) struct LabelOfPrompt {
    /// The label: production, or a name of your own
    #[arg(value_name = "LABEL")]
    pub(crate) label: Label,
    #[command(flatten)]
    pub(crate) target: ReferenceArgument,
}

#[derive(Subcommand)]
pub(crate) enum LabelCommand {
    /// Let a label name versions, each of another prompt: all of them at once, or none
    #[command(after_help = "Examples:\n  \
        prompt-tool orchestration template label set production campus/analysis@2\n  \
        prompt-tool orchestration template label set production plan@4 analyse@3 build@7 --project campus\n\n\
        Exits with 5 where a gate or a protection stands in the way of any of them; then nothing is changed.")]
    Set {
        /// The label: production, or a name of your own
        #[arg(value_name = "LABEL")]
        label: Label,
        /// NAME@3, NAME@LABEL, NAME@latest or NAME@sha256:PREFIX; may be repeated
        #[arg(value_name = "REF", required = true)]
        references: Vec<Reference>,
        #[command(flatten)]
        place: InProject,
    },
    /// Take a label off a prompt; without `production` a template serves no session
    Remove(LabelOfPrompt),
    /// The labels of a prompt, and what moving each asks for
    List {
        #[command(flatten)]
        target: ReferenceArgument,
        /// When each came, moved and went, and who did it
        #[arg(long)]
        history: bool,
    },
    /// Keep a label where it is, until it is unprotected
    Protect(LabelOfPrompt),
    /// Let a protected label move again
    Unprotect(LabelOfPrompt),
    /// Ask something of a version before a label may name it
    #[command(after_help = "Examples:\n  \
        prompt-tool orchestration template label gate production campus/analysis --tests on --variables on\n  \
        prompt-tool orchestration template label gate production campus/analysis --tests off")]
    Gate {
        #[command(flatten)]
        label: LabelOfPrompt,
        /// The stored tests must pass on that very version
        #[arg(long, value_name = "ON|OFF", value_enum, required_unless_present = "variables")]
        tests: Option<Switch>,
        /// No variable may become required that callers of the labelled version need not give
        #[arg(long, value_name = "ON|OFF", value_enum)]
        variables: Option<Switch>,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Switch {
    /// Asked for.
    On,
    /// Not asked for.
    Off,
}
