//! The arguments, and the help that teaches them.

#![allow(clippy::doc_markdown, reason = "these comments are shown in a terminal, not as Markdown")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use prompt_runner::manager::{LogHead, Reference};
use prompt_runner::model::{FeatureType, OrchestrationTemplateType};

use crate::output::Format;

pub(crate) use template::*;

mod label;
mod template;

pub(crate) use label::{LabelCommand, LabelOfPrompt, Switch};

/// Runs a feature through a language model in phases, with versioned prompt templates.
#[derive(Parser)]
#[command(
    name = "prompt-tool",
    version,
    propagate_version = true,
    after_help = "Start here:\n  \
        prompt-tool orchestration plan \"Add a waiting list for full courses\"\n  \
        prompt-tool orchestration process --file answer.md\n  \
        prompt-tool orchestration status\n\n\
        Exit codes: 0 done, 1 failed or a check did not pass, 2 usage, 3 not found, 4 permission denied,\n\
        5 conflict (wrong state, lost race, refused)."
)]
pub(crate) struct Cli {
    /// The database: sqlite:PATH or postgres://USER@HOST/NAME
    ///
    /// Left out: PROMPT_TOOL_DATABASE_URL, else .prompt-tool/prompt-tool.db in the nearest folder upwards that
    /// has a .prompt-tool folder, else a file in your data folder. `prompt-tool doctor` says which it is.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub(crate) database: Option<String>,

    /// Who acts, as versions and sessions record it [default: your user name]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global options")]
    pub(crate) actor: Option<String>,

    /// What is printed
    #[arg(long, global = true, value_enum, default_value_t, help_heading = "Global options")]
    pub(crate) format: Format,

    /// Never wait for a person: fail instead of asking
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_input: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Projects, which own templates and sessions
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Sessions: one feature through a model, phase by phase; and the templates that they use
    #[command(subcommand)]
    Orchestration(Box<OrchestrationCommand>),
    /// Prompts of any category; those that are templates can be partials: {{> name}}
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// The change log: who changed what, and whether it is whole
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The database: its schema, up and down
    #[command(subcommand)]
    Db(DbCommand),
    /// Which database and why, its schema, the actor, and what is switched off
    Doctor,
}

#[derive(Subcommand)]
pub(crate) enum ProjectCommand {
    /// Make a project
    Add {
        /// Its name: at most 100 characters, without `:` and `@`
        name: String,
        /// A line about it
        #[arg(long)]
        description: Option<String>,
    },
    /// All projects
    List,
    /// One project
    Show {
        /// Its name
        name: String,
    },
}

/// A project by name, or the global one.
#[derive(Args)]
pub(crate) struct InProject {
    /// The project [default: default]
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// The global project, whose templates serve all others
    #[arg(long, conflicts_with = "project")]
    pub(crate) global: bool,
}

/// A session by id, or the active one.
#[derive(Args)]
pub(crate) struct SessionArgument {
    /// The session's id, or the beginning of it [default: the active session of this folder]
    #[arg(value_name = "SESSION", conflicts_with = "session")]
    pub(crate) id: Option<String>,
    /// The same, as an option
    #[arg(long, value_name = "SESSION")]
    pub(crate) session: Option<String>,
}

impl SessionArgument {
    pub(crate) fn named(&self) -> Option<&str> {
        self.id.as_deref().or(self.session.as_deref())
    }
}

/// A session by id, or the active one, and the model's answer.
#[derive(Args)]
pub(crate) struct Answer {
    /// The answer: a file, or `-` for stdin
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,
    /// The session's id, or the beginning of it [default: the active session of this folder]
    #[arg(long, value_name = "SESSION")]
    pub(crate) session: Option<String>,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    prompt-tool orchestration plan \"Add a waiting list for full courses\"\n  \
    prompt-tool orchestration plan --file feature.md --project campus --feature-type api > prompt.md\n  \
    prompt-tool orchestration plan \"Fix the login\" --template analysis=campus/short@3 --var team=web")]
pub(crate) struct PlanArguments {
    /// What you want, in your own words
    #[arg(value_name = "FEATURE", required_unless_present = "file", conflicts_with = "file")]
    pub(crate) feature: Option<String>,
    /// The request from a file, or `-` for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: InProject,
    /// The kind of feature: api, ui, bugfix, refactor, or any slug; `auto`: what the rules suggest
    #[arg(long, value_name = "SLUG")]
    pub(crate) feature_type: Option<FeatureChoice>,
    /// A template instead of the resolved one, as analysis=NAME@3; may be repeated
    #[arg(long = "template", value_name = "TYPE=REF", value_parser = template_choice)]
    pub(crate) templates: Vec<(OrchestrationTemplateType, Reference)>,
    /// A variable for every prompt of the session; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(crate) variables: Vec<String>,
    /// Show what would be planned, and store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Subcommand)]
pub(crate) enum OrchestrationCommand {
    /// Start a session: resolve and pin its templates, print the orchestrator prompt
    Plan(PlanArguments),
    /// Take the model's answer and cut it into its three sections
    Process(Answer),
    /// Print the analysis prompt
    Analyze(SessionArgument),
    /// Take the model's answer to the analysis prompt
    SaveAnalysis(Answer),
    /// Print the implementation prompt
    Implement(SessionArgument),
    /// Take the model's answer to the implementation prompt; the session is complete
    Complete(Answer),
    /// Where a session stands, and the next command
    Status(SessionArgument),
    /// Make a session the active one of this folder
    Use {
        /// Its id, or the beginning of it
        #[arg(value_name = "SESSION")]
        id: String,
    },
    /// Sessions, newest first
    List {
        /// Only those of this project
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
        limit: Option<i64>,
    },
    /// Everything of a session
    Show {
        #[command(flatten)]
        session: SessionArgument,
        /// Why each of its templates was chosen
        #[arg(long)]
        why: bool,
    },
    /// Give a session up; what it holds stays
    Cancel(SessionArgument),
    /// Render every prompt of a session again from its pins and compare byte for byte
    Verify(SessionArgument),
    /// Show what is found in an answer, without a session and without a database
    Extract {
        /// The answer: a file, or `-` for stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Templates: versioned, one active in each place
    #[command(subcommand)]
    Template(TemplateCommand),
}

#[derive(Subcommand)]
pub(crate) enum PromptCommand {
    /// Prompts of all categories, by project and name
    List(SearchArguments),
    /// A version and its text
    Show(ReferenceArgument),
    /// Add a prompt; its first version is 1
    Add {
        /// Its name, unique in its project; may hold `/`
        name: String,
        #[command(flatten)]
        place: InProject,
        /// Its category
        #[arg(long, value_name = "NAME")]
        category: Option<String>,
        /// Its text: a file, or `-` for stdin
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Plain text, whose braces mean nothing; it cannot be a partial
        #[arg(long)]
        plain: bool,
        /// A line about it
        #[arg(long)]
        description: Option<String>,
        #[command(flatten)]
        new: NewContent,
    },
    /// Add a version; `production` moves to it
    Update(UpdateArguments),
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Changes, newest first
    List {
        /// Only those of this prompt
        #[arg(value_name = "REF")]
        reference: Option<Reference>,
        #[command(flatten)]
        place: InProject,
        /// Only those of this actor
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Only those of this kind: label, label.set, version.add, template.remove, ...
        #[arg(long, value_name = "ACTION")]
        action: Option<String>,
        /// Only those older than this entry
        #[arg(long, value_name = "SEQUENCE")]
        before: Option<i32>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
    /// Follow the hash chain from the first entry to the last; name the first that does not fit
    Verify {
        /// A head that was kept, as `audit checkpoint` printed it: finds a log that was cut off or rewritten too
        #[arg(long, value_name = "SEQUENCE:SHA256", conflicts_with = "head_file")]
        head: Option<LogHead>,
        /// The same, from a file, or `-` for stdin
        #[arg(long, value_name = "FILE")]
        head_file: Option<PathBuf>,
    },
    /// Print the head of the log, to be kept where nobody who can write the database can change it
    Checkpoint,
}

#[derive(Subcommand)]
pub(crate) enum DbCommand {
    /// Apply pending migrations and seed the built-in templates
    Migrate,
    /// Applied and pending migrations; changes nothing
    Status,
    /// Revert migrations, the newest first; rows are kept aside for the next migrate
    Rollback {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "to")]
        steps: usize,
        /// All that are newer than this one
        #[arg(long, value_name = "MIGRATION")]
        to: Option<String>,
    },
}

/// A kind of feature by name, or the one that the rules suggest for the request.
#[derive(Debug, Clone)]
pub(crate) enum FeatureChoice {
    /// Suggested.
    Auto,
    /// Named.
    Named(FeatureType),
}

impl std::str::FromStr for FeatureChoice {
    type Err = prompt_runner::model::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "auto" { Ok(Self::Auto) } else { text.parse().map(Self::Named) }
    }
}

fn template_choice(text: &str) -> Result<(OrchestrationTemplateType, Reference), String> {
    let (template_type, reference) =
        text.split_once('=').ok_or("write TYPE=REF, as analysis=campus/short@3")?;
    let template_type =
        template_type.parse().map_err(|error: prompt_runner::model::Error| error.to_string())?;
    let reference = reference.parse().map_err(|error: prompt_runner::model::Error| error.to_string())?;
    Ok((template_type, reference))
}
