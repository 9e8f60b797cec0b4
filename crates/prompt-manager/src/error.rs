//! What can go wrong with templates, in a form that a program can read.

use prompt_model::OrchestrationTemplateType;
use prompt_template::{Diagnostic, Severity};

use crate::Reference;

/// A result whose error is [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database, or a name or text that it cannot hold.
    #[error(transparent)]
    Model(#[from] prompt_model::Error),
    /// A template that does not compile, or does not render.
    #[error(transparent)]
    Template(#[from] prompt_template::Error),
    /// A template compiles and still cannot be used as it is.
    #[error("{}", first_message(.0))]
    Unusable(Vec<Diagnostic>),
    /// Something that was named is not there.
    #[error(transparent)]
    NotFound(Missing),
    /// The change does not fit what is there. Nothing was changed.
    #[error(transparent)]
    Refused(Refusal),
}

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Missing {
    /// A project.
    #[error("there is no project `{name}`")]
    Project {
        /// Its name.
        name: String,
    },
    /// A prompt or template.
    #[error("there is no prompt `{}` in {}", reference.name, places(projects))]
    Prompt {
        /// As it was given.
        reference: Reference,
        /// The projects that were looked through.
        projects: Vec<String>,
    },
    /// A prompt that is to be changed in a project and is there globally alone.
    #[error("`{name}` is global, there is none in `{project}`")]
    OnlyGlobal {
        /// Its name.
        name: String,
        /// The project that was meant.
        project: String,
    },
    /// A version of a prompt that is there.
    #[error("`{}` has no version `{}`: its newest is {latest}", reference.name, reference.selector)]
    Version {
        /// As it was given.
        reference: Reference,
        /// The newest version.
        latest: i32,
    },
    /// A label of a prompt that is there.
    #[error("`{}` has no label `{}`", reference.name, reference.selector)]
    Label {
        /// As it was given.
        reference: Reference,
    },
    /// An active template for a slot.
    #[error("no active {template_type} template with a production version for project `{project}`")]
    ActiveTemplate {
        /// The type.
        template_type: OrchestrationTemplateType,
        /// The project.
        project: String,
    },
}

/// Why a change was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The prompt is no template of the orchestration.
    #[error("`{name}` is not a template of the orchestration")]
    NotATemplate {
        /// Its name.
        name: String,
    },
    /// What is done concerns the whole prompt, and a version was named.
    #[error("`{reference}` names a version, and this concerns all of `{}`", reference.name)]
    NamesVersion {
        /// As it was given.
        reference: Reference,
    },
    /// The template is of another type.
    #[error("`{name}` is of the type {actual}, not {wanted}")]
    OtherType {
        /// Its name.
        name: String,
        /// Its type.
        actual: OrchestrationTemplateType,
        /// The type that was asked for.
        wanted: OrchestrationTemplateType,
    },
    /// The template was removed.
    #[error("`{name}` was removed")]
    Removed {
        /// Its name.
        name: String,
    },
    /// The template is not removed.
    #[error("`{name}` is not removed")]
    NotRemoved {
        /// Its name.
        name: String,
    },
    /// The template has no version that `production` names.
    #[error("`{name}` has no production version")]
    NoProduction {
        /// Its name.
        name: String,
    },
    /// A digest that several versions start with.
    #[error("`{reference}` could be version {first} or {second}")]
    AmbiguousDigest {
        /// As it was given.
        reference: Reference,
        /// One.
        first: i32,
        /// Another.
        second: i32,
    },
    /// A text that holds nothing.
    #[error("the text is empty")]
    EmptyText,
    /// A name that is reserved.
    #[error("the {what} `{name}` is reserved")]
    Reserved {
        /// What it would name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A partial that is plain text, whose braces would be read as tags.
    #[error("`{name}` is plain text and cannot be used as a partial")]
    PlainPartial {
        /// Its name.
        name: String,
    },
    /// Partials that lead to partials, too deep.
    #[error("`{name}` includes partials more than {limit} levels deep")]
    PartialsTooDeep {
        /// The template.
        name: String,
        /// The limit.
        limit: usize,
    },
}

fn first_message(diagnostics: &[Diagnostic]) -> String {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    error.or(diagnostics.first()).map(ToString::to_string).unwrap_or_default()
}

fn places(projects: &[String]) -> String {
    let quoted: Vec<String> = projects.iter().map(|p| format!("`{p}`")).collect();
    quoted.join(" or ")
}
