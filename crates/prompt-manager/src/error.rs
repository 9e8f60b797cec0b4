//! What can go wrong with templates, in a form that a program can read.

use std::fmt;

use prompt_model::OrchestrationTemplateType;
use prompt_template::{Diagnostic, Severity};

use crate::Reference;
use crate::feature_rules::BadRules;
use crate::template_test::{BadTest, TestOutcome};

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
    /// A test that cannot be stored.
    #[error(transparent)]
    Test(#[from] BadTest),
    /// The rules that suggest a feature type cannot be read.
    #[error("the rules in `{prompt}` cannot be read")]
    Rules {
        /// The prompt that holds them, with its version.
        prompt: String,
        /// What is wrong with them.
        #[source]
        source: BadRules,
    },
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
    /// A test of a prompt that is there.
    #[error("`{prompt}` has no test `{name}`")]
    Test {
        /// The prompt's name.
        prompt: String,
        /// The test's name.
        name: String,
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
    /// What is done concerns a version, and none was named.
    #[error("`{reference}` names no version")]
    NamesNoVersion {
        /// As it was given.
        reference: Reference,
    },
    /// One prompt is named twice in one change.
    #[error("`{name}` is named twice")]
    NamedTwice {
        /// Its name with its project.
        name: String,
    },
    /// Versions were added since the one that a change was made from.
    #[error("`{name}` is at version {latest} now, and the change was made from version {based_on}")]
    Overtaken {
        /// Its name with its project.
        name: String,
        /// The version that the change was made from.
        based_on: i32,
        /// The newest version.
        latest: i32,
    },
    /// A rollback to what is current already.
    #[error("version {version} of `{name}` is what production names already")]
    IsCurrent {
        /// Its name with its project.
        name: String,
        /// The version that was asked for.
        version: i32,
    },
    /// What is done needs a template, and the prompt is plain text.
    #[error("`{name}` is plain text, which has nothing to render")]
    PlainText {
        /// Its name.
        name: String,
    },
    /// More tests than a prompt may have.
    #[error("`{name}` would have more than {limit} tests")]
    TooManyTests {
        /// Its name with its project.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// Gates or protections stand between a label and versions.
    #[error("{}", gates(.0))]
    Gates(Vec<GateRefusal>),
    /// Partials that lead to partials, too deep.
    #[error("`{name}` includes partials more than {limit} levels deep")]
    PartialsTooDeep {
        /// The template.
        name: String,
        /// The limit.
        limit: usize,
    },
}

/// Why a label of one prompt was not moved or removed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GateRefusal {
    /// The prompt's project.
    pub project: String,
    /// The prompt's name.
    pub name: String,
    /// The label.
    pub label: String,
    /// The version that it should name, or, where it should be removed, names.
    pub version: i32,
    /// Whether it renders otherwise for what it includes: its label was not to move itself.
    pub through_partials: bool,
    /// What stands in the way.
    pub failures: Vec<GateFailure>,
}

/// What stands between a label and a version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GateFailure {
    /// The label is protected.
    Protected,
    /// The label needs tests to pass, and none are stored.
    NoTests,
    /// The label needs the tests to pass; all of them, with what came of each.
    Tests(Vec<TestOutcome>),
    /// With the partials as they would be, the version cannot be used.
    Unusable(String),
    /// The label cannot be removed: what it names is what new variables are measured by.
    MeasuresVariables,
    /// The version asks for variables that callers of the labelled version need not give.
    NewVariables(Vec<String>),
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl GateRefusal {
    pub(crate) fn new(
        prompt: &prompt_model::Prompt,
        label: &prompt_model::Label,
        version: i32,
        failures: Vec<GateFailure>,
    ) -> Self {
        Self {
            project: prompt.project.clone(),
            name: prompt.name.clone(),
            label: label.to_string(),
            version,
            through_partials: false,
            failures,
        }
    }

    /// Whether both are of one label of one prompt.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        (&self.project, &self.name, &self.label) == (&other.project, &other.name, &other.label)
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl Missing {
    pub(crate) fn no_label(prompt: &prompt_model::Prompt, label: &prompt_model::Label) -> Self {
        let mut reference = Reference::production(prompt.name.clone());
        reference.selector = crate::Selector::Label(label.clone());
        Self::Label { reference }
    }
}

impl fmt::Display for GateRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, label, version, failures, .. } = self;
        for (at, failure) in failures.iter().enumerate() {
            f.write_str(if at > 0 { "; " } else { "" })?;
            match failure {
                GateFailure::Protected => write!(f, "{label} of {name} is protected")?,
                GateFailure::NoTests => write!(f, "{label} of {name} needs tests to pass, and it has none")?,
                GateFailure::Tests(outcomes) => {
                    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
                    let all = outcomes.len();
                    write!(f, "{label} of {name} needs its tests to pass on version {version}, and ")?;
                    write!(f, "{failed} of {all} {}", if failed == 1 { "fails" } else { "fail" })?;
                }
                GateFailure::Unusable(reason) => {
                    write!(
                        f,
                        "version {version} of {name}, which {label} names, could not be used: {reason}"
                    )?;
                }
                GateFailure::MeasuresVariables => {
                    write!(f, "new variables are measured by what {label} of {name} names, so it stays")?;
                }
                GateFailure::NewVariables(names) => {
                    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                    write!(f, "version {version} of {name} asks for {}, ", names.join(", "))?;
                    write!(f, "which callers of {label} need not give")?;
                }
            }
        }
        Ok(())
    }
}

fn gates(refusals: &[GateRefusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn first_message(diagnostics: &[Diagnostic]) -> String {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    error.or(diagnostics.first()).map(ToString::to_string).unwrap_or_default()
}

fn places(projects: &[String]) -> String {
    let quoted: Vec<String> = projects.iter().map(|p| format!("`{p}`")).collect();
    quoted.join(" or ")
}
