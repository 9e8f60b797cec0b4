//! The arguments of `orchestration template`.

#![allow(clippy::doc_markdown, reason = "these comments are shown in a terminal, not as Markdown")]

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use prompt_runner::manager::Reference;
use prompt_runner::model::{FeatureType, Label, OrchestrationTemplateType, Tag};
use prompt_runner::template::convert::Dialect;

use super::{FeatureChoice, InProject, LabelCommand};
use crate::partial_files;

/// The text of a new version.
#[derive(Args)]
pub(crate) struct NewContent {
    /// A note about it
    #[arg(long, short, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Store it without moving `production`: sessions do not see it
    #[arg(long)]
    pub(crate) draft: bool,
    /// A setting for whoever calls a model with it, as temperature=0.2; may be repeated [default: as before]
    #[arg(long = "config", value_name = "NAME=VALUE")]
    pub(crate) config: Vec<String>,
    /// No settings any more
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
    /// A tag to find it by; may be repeated [default: as before]
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<Tag>,
    /// No tags any more
    #[arg(long, conflicts_with = "tags")]
    pub(crate) no_tags: bool,
}

/// What a list is narrowed to, and which part of it is shown.
#[derive(Args)]
pub(crate) struct SearchArguments {
    /// Only those of this project
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Only those of the global project
    #[arg(long, conflicts_with = "project")]
    pub(crate) global: bool,
    /// Only those of this category
    #[arg(long, value_name = "NAME")]
    pub(crate) category: Option<String>,
    /// Only those with this text in the name, the description or the current text
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only those whose current version has this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<Tag>,
    /// Only those that have this label
    #[arg(long, value_name = "LABEL")]
    pub(crate) label: Option<Label>,
    /// Only those with a version of this author
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Only templates whose current text uses this variable
    #[arg(long, value_name = "NAME")]
    pub(crate) variable: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) limit: Option<i64>,
    /// Go on behind this one: the PROJECT:NAME that the last page ended with
    #[arg(long, value_name = "PROJECT:NAME")]
    pub(crate) after: Option<String>,
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
#[command(after_help = "Examples:\n  \
    prompt-tool orchestration template test campus/analysis@2\n  \
    prompt-tool orchestration template test campus/analysis --save paths --contains path --has-section Steps\n  \
    prompt-tool orchestration template test campus/analysis@latest --against-sessions 20\n  \
    prompt-tool orchestration template test --file plan.prompt --var team=web\n\n\
    Without variables of yours the stored tests run; the exit code is 1 where one does not pass.")]
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
    /// Render the version with the variables of the last N sessions of its project, and compare
    #[arg(long, value_name = "N", conflicts_with_all = ["file", "vars", "variables", "lenient"])]
    pub(crate) against_sessions: Option<u32>,
    /// The tests that are stored with the template, instead of running them
    #[arg(long, conflicts_with = "file")]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) store: StoreTest,
    /// With --file: a partial by its name; others are _NAME.prompt or NAME.prompt beside the file
    #[arg(long = "partial", value_name = "NAME=FILE", value_parser = partial_files::named, conflicts_with = "reference")]
    pub(crate) partials: Vec<(String, PathBuf)>,
}

/// A test to be stored with a template.
#[derive(Args)]
pub(crate) struct StoreTest {
    /// Store a test of this name, with the variables that are given, instead of running any
    #[arg(long, value_name = "TEST", help_heading = "Storing tests", conflicts_with_all = ["file", "list"])]
    pub(crate) save: Option<String>,
    /// It must contain this; may be repeated
    #[arg(long, value_name = "TEXT", requires = "save", help_heading = "Storing tests")]
    pub(crate) contains: Vec<String>,
    /// It must not contain this; may be repeated
    #[arg(long, value_name = "TEXT", requires = "save", help_heading = "Storing tests")]
    pub(crate) not_contains: Vec<String>,
    /// It must match this regular expression; may be repeated
    #[arg(long, value_name = "REGEX", requires = "save", help_heading = "Storing tests")]
    pub(crate) matches: Vec<String>,
    /// It must be this text exactly: a file, or `-` for stdin
    #[arg(long, value_name = "FILE", requires = "save", help_heading = "Storing tests")]
    pub(crate) equals: Option<PathBuf>,
    /// It must have at most so many characters
    #[arg(long, value_name = "N", requires = "save", help_heading = "Storing tests")]
    pub(crate) max_length: Option<usize>,
    /// It must have a Markdown heading with this text; may be repeated
    #[arg(long, value_name = "HEADING", requires = "save", help_heading = "Storing tests")]
    pub(crate) has_section: Vec<String>,
    /// Store the tests of a JSON file: {"tests": [{"name", "variables", "assertions"}]}
    #[arg(long, value_name = "FILE.json", help_heading = "Storing tests", conflicts_with_all = ["file", "list", "save"])]
    pub(crate) save_file: Option<PathBuf>,
    /// Delete the stored test of this name
    #[arg(long, value_name = "TEST", help_heading = "Storing tests", conflicts_with_all = ["file", "list", "save", "save_file"])]
    pub(crate) delete: Option<String>,
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

#[derive(Args)]
pub(crate) struct ResolveArguments {
    /// orchestrator, analysis, implementation
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) template_type: OrchestrationTemplateType,
    #[command(flatten)]
    pub(crate) place: InProject,
    /// The kind of feature; `auto`: what the rules suggest for --request
    #[arg(long, value_name = "SLUG")]
    pub(crate) feature_type: Option<FeatureChoice>,
    /// A feature request, for `--feature-type auto`
    #[arg(long, value_name = "TEXT")]
    pub(crate) request: Option<String>,
    /// A template that is named instead
    #[arg(long, value_name = "REF")]
    pub(crate) template: Option<Reference>,
    /// Every candidate in order, and why it was taken or passed over
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Subcommand)]
pub(crate) enum TemplateCommand {
    /// Templates, by project and name
    List {
        #[command(flatten)]
        search: SearchArguments,
        /// Only those of this type
        #[arg(long = "type", value_name = "TYPE")]
        template_type: Option<OrchestrationTemplateType>,
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
    /// Change a template in your editor ($VISUAL or $EDITOR): check, diff, save as a version
    Edit {
        #[command(flatten)]
        target: ReferenceArgument,
        #[command(flatten)]
        new: NewContent,
    },
    /// A version and its text
    Show(ReferenceArgument),
    /// Its versions, newest first: labels, age, author, note, lines changed
    History {
        #[command(flatten)]
        target: ReferenceArgument,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// What differs between two versions
    #[command(after_help = "Examples:\n  \
        prompt-tool orchestration template diff campus/analysis@1 campus/analysis@3\n  \
        prompt-tool orchestration template diff campus/analysis@1      (against what production names)\n  \
        prompt-tool orchestration template diff campus/analysis        (production against the newest)")]
    Diff {
        /// The one
        #[arg(value_name = "REF")]
        from: Reference,
        /// The other [default: production of the same, or its newest version where FROM names none]
        #[arg(value_name = "REF")]
        to: Option<Reference>,
        #[command(flatten)]
        place: InProject,
    },
    /// Go back: a new version with the text, settings and tags of an older one
    Rollback {
        /// The version to go back to: NAME@3
        #[command(flatten)]
        target: ReferenceArgument,
        /// Store it without moving `production`: sessions do not see it
        #[arg(long)]
        draft: bool,
    },
    /// Labels: which version each names, and what moving it asks for
    #[command(subcommand)]
    Label(LabelCommand),
    /// Which templates include a partial, and which sessions pin a prompt
    UsedBy {
        #[command(flatten)]
        target: ReferenceArgument,
        /// At most so many sessions
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Render a version or a file, run its stored tests, or try it on past sessions
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
    Resolve(Box<ResolveArguments>),
}

fn dialects() -> impl TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str))
        .map(|name| name.parse().expect("these are the dialects"))
}
