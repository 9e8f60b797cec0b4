//! The arguments, and the help that teaches them.

#![allow(clippy::doc_markdown, reason = "these comments are shown in a terminal, not as Markdown")]

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use prompt_runner::manager::Reference;
use prompt_runner::model::{FeatureType, OrchestrationTemplateType};
use prompt_runner::template::convert::Dialect;

use crate::output::Format;
use crate::partial_files;

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
    /// The kind of feature: api, ui, bugfix, refactor, or any slug
    #[arg(long, value_name = "SLUG")]
    pub(crate) feature_type: Option<FeatureType>,
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

/// The text of a new version.
#[derive(Args)]
pub(crate) struct NewContent {
    /// A note about it
    #[arg(long, short, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Store it without moving `production`: sessions do not see it
    #[arg(long)]
    pub(crate) draft: bool,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    prompt-tool orchestration template add campus/analysis --type analysis --project campus --from prompt-tool/analysis\n  \
    prompt-tool orchestration template add bugfix --type orchestrator --global --feature-type bugfix --file bugfix.hbs")]
pub(crate) struct AddArguments {
    /// Its name, unique in its project; may hold `/`
    pub(crate) name: String,
    /// Which prompt of a session it renders: orchestrator, analysis, implementation
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) template_type: OrchestrationTemplateType,
    #[command(flatten)]
    pub(crate) place: InProject,
    /// Only for features of this kind
    #[arg(long, value_name = "SLUG")]
    pub(crate) feature_type: Option<FeatureType>,
    /// Its text: a file, or `-` for stdin
    #[arg(long, value_name = "FILE", required_unless_present = "from", conflicts_with = "from")]
    pub(crate) file: Option<PathBuf>,
    /// Its text: that of another version, as prompt-tool/analysis@1
    #[arg(long, value_name = "REF")]
    pub(crate) from: Option<Reference>,
    /// A line about it
    #[arg(long)]
    pub(crate) description: Option<String>,
    #[command(flatten)]
    pub(crate) new: NewContent,
}

/// A version by reference.
#[derive(Args)]
pub(crate) struct ReferenceArgument {
    /// NAME, NAME@3, NAME@LABEL, NAME@sha256:PREFIX, or PROJECT:NAME
    #[arg(value_name = "REF")]
    pub(crate) reference: Reference,
    #[command(flatten)]
    pub(crate) place: InProject,
}

#[derive(Args)]
pub(crate) struct UpdateArguments {
    #[command(flatten)]
    pub(crate) target: ReferenceArgument,
    /// Its new text: a file, or `-` for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) new: NewContent,
}

#[derive(Args)]
pub(crate) struct TestArguments {
    /// A stored version; or give --file
    #[arg(value_name = "REF", required_unless_present = "file", conflicts_with = "file")]
    pub(crate) reference: Option<Reference>,
    /// A file instead, or `-` for stdin; needs no database
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: InProject,
    /// Variables from a JSON file that holds one object
    #[arg(long, value_name = "FILE.json")]
    pub(crate) vars: Option<PathBuf>,
    /// A variable; may be repeated, and goes before --vars
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(crate) variables: Vec<String>,
    /// Let missing variables be empty
    #[arg(long)]
    pub(crate) lenient: bool,
    /// With --file: a partial by its name; others are _NAME.prompt or NAME.prompt beside the file
    #[arg(long = "partial", value_name = "NAME=FILE", value_parser = partial_files::named, conflicts_with = "reference")]
    pub(crate) partials: Vec<(String, PathBuf)>,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    prompt-tool orchestration template lint prompts/\n  \
    prompt-tool orchestration template lint plan.prompt --type orchestrator\n  \
    prompt-tool orchestration template lint campus/analysis@latest --project campus\n\n\
    Exits with 1 where there is an error; warnings alone are no failure.")]
pub(crate) struct LintArguments {
    /// Files, folders of .prompt files, `-` for stdin, or stored versions
    ///
    /// What is there as a file or a folder is taken for it. Files need no database. Nothing at all means
    /// the newest versions of the project and the global ones.
    #[arg(value_name = "FILE|FOLDER|REF")]
    pub(crate) targets: Vec<String>,
    /// A file or a folder, also where a stored template has that name; may be repeated
    #[arg(long = "file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) place: InProject,
    /// What the files are: then variables that sessions do not give are named too
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) template_type: Option<OrchestrationTemplateType>,
    /// A partial of a file by its name; others are _NAME.prompt or NAME.prompt beside the file
    #[arg(long = "partial", value_name = "NAME=FILE", value_parser = partial_files::named)]
    pub(crate) partials: Vec<(String, PathBuf)>,
}

/// How values are printed by what a conversion gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum PrintedAs {
    /// As Python prints them, True and None and lists too: {{pystr x}}
    #[default]
    Python,
    /// All variables are texts or whole numbers: {{x}}
    Text,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    prompt-tool orchestration template convert --from jinja2 plan.j2 > plan.prompt\n  \
    prompt-tool orchestration template convert --from jinja2 plan.j2 --values text\n  \
    prompt-tool orchestration template convert --from brackets - < prompt.md\n\n\
    Nothing changes in silence: a prompt comes out only where it renders as before. Otherwise the command exits\n\
    with 1 and says what stands against it, on which line.")]
pub(crate) struct ConvertArguments {
    /// What the prompt is written in: jinja2, format (Python), brackets (PROJECT_NAME in brackets)
    #[arg(long, value_name = "NOTATION", value_parser = dialects())]
    pub(crate) from: Dialect,
    /// The prompt: a file, or `-` for stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Variables are printed as Python prints them, or known to be texts
    #[arg(long, value_enum, default_value_t, value_name = "AS")]
    pub(crate) values: PrintedAs,
    /// A variable that is always a text, as those are that sessions give; may be repeated
    #[arg(long = "text", value_name = "NAME")]
    pub(crate) texts: Vec<String>,
    /// A prompt that may be included, beside those that lie beside the file; may be repeated
    #[arg(long = "include", value_name = "NAME")]
    pub(crate) includes: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum TemplateCommand {
    /// Templates, by project and name
    List {
        /// Only those of this type
        #[arg(long = "type", value_name = "TYPE")]
        template_type: Option<OrchestrationTemplateType>,
        /// Only those of this project
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// Only those of the global project
        #[arg(long, conflicts_with = "project")]
        global: bool,
        /// Only those for this kind of feature
        #[arg(long, value_name = "SLUG")]
        feature_type: Option<FeatureType>,
        /// Removed ones too
        #[arg(long)]
        removed: bool,
    },
    /// Add a template; its first version is 1
    Add(Box<AddArguments>),
    /// Add a version; `production` moves to it
    Update(UpdateArguments),
    /// A version and its text
    Show(ReferenceArgument),
    /// Render a version or a file, and check it
    Test(Box<TestArguments>),
    /// What is wrong with templates, and what may be: all at once, with places
    Lint(Box<LintArguments>),
    /// Write a prompt of Jinja2, of Python's format or with brackets as Handlebars
    Convert(ConvertArguments),
    /// Take a template out of resolution; its versions stay
    Remove(ReferenceArgument),
    /// Take a removal back
    Restore(ReferenceArgument),
    /// Make a template the active one of its place
    Activate(ReferenceArgument),
    /// Which template serves a type, a project and a kind of feature
    Resolve {
        /// orchestrator, analysis, implementation
        #[arg(long = "type", value_name = "TYPE")]
        template_type: OrchestrationTemplateType,
        #[command(flatten)]
        place: InProject,
        /// The kind of feature
        #[arg(long, value_name = "SLUG")]
        feature_type: Option<FeatureType>,
        /// A template that is named instead
        #[arg(long, value_name = "REF")]
        template: Option<Reference>,
        /// Every candidate in order, and why it was taken or passed over
        #[arg(long)]
        explain: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum PromptCommand {
    /// Prompts of all categories, by project and name
    List {
        /// Only those of this project
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// Only those of this category
        #[arg(long, value_name = "NAME")]
        category: Option<String>,
    },
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

fn dialects() -> impl TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str))
        .map(|name| name.parse().expect("these are the dialects"))
}

fn template_choice(text: &str) -> Result<(OrchestrationTemplateType, Reference), String> {
    let (template_type, reference) =
        text.split_once('=').ok_or("write TYPE=REF, as analysis=campus/short@3")?;
    let template_type =
        template_type.parse().map_err(|error: prompt_runner::model::Error| error.to_string())?;
    let reference = reference.parse().map_err(|error: prompt_runner::model::Error| error.to_string())?;
    Ok((template_type, reference))
}
