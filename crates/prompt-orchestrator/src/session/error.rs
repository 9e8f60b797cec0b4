//! What can go wrong with a session.

use prompt_manager::model::{OrchestrationTemplateType, SessionState};

use crate::extract::{Extraction, Section};
use crate::step::Step;

/// A result whose error is [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with a session. Nothing of it was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Templates, names, texts or the database.
    #[error(transparent)]
    Manager(#[from] prompt_manager::Error),
    /// A text that must hold something is empty.
    #[error("the {what} is empty")]
    Empty {
        /// What it is.
        what: &'static str,
    },
    /// No session has this id, or one that starts so.
    #[error("there is no session `{id}`")]
    NoSession {
        /// As it was given.
        id: String,
    },
    /// Several sessions have an id that starts so.
    #[error("`{id}` could be session {first} or {second}")]
    AmbiguousSession {
        /// As it was given.
        id: String,
        /// One.
        first: String,
        /// Another.
        second: String,
    },
    /// The step is not allowed in the state of the session.
    #[error("session {session_id} is {state}: `{step}` is not possible now")]
    WrongState {
        /// The session.
        session_id: String,
        /// Its state.
        state: SessionState,
        /// The step.
        step: Step,
        /// The step that fits; none where the session has ended.
        next: Option<Step>,
    },
    /// The answer lacks sections, or holds them empty.
    #[error("the answer has no {}", section_names(missing))]
    MissingSections {
        /// The sections.
        missing: Vec<Section>,
        /// What was found.
        extraction: Box<Extraction>,
    },
    /// The text that was given as an answer is the prompt.
    #[error("the text is the {prompt} prompt itself, not an answer to it")]
    PromptPastedBack {
        /// Which prompt.
        prompt: OrchestrationTemplateType,
    },
    /// A variable of the caller has the name of one that every session gives.
    #[error("the variable `{name}` is given by the session itself")]
    ReservedVariable {
        /// Its name.
        name: String,
    },
    /// Variables that templates use and nobody gives.
    #[error("no value for {}", missing_variables(.0))]
    MissingVariables(Vec<MissingVariable>),
}

/// A variable that a template uses and nobody gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingVariable {
    /// Its name.
    pub name: String,
    /// The template that uses it.
    pub template: String,
    /// Where it is first used: template or partial, line and column, from 1.
    pub place: String,
}

impl From<prompt_manager::model::Error> for Error {
    fn from(error: prompt_manager::model::Error) -> Self {
        Self::Manager(error.into())
    }
}

impl From<prompt_manager::template::Error> for Error {
    fn from(error: prompt_manager::template::Error) -> Self {
        Self::Manager(error.into())
    }
}

fn section_names(sections: &[Section]) -> String {
    let names: Vec<&str> = sections.iter().map(|section| section.as_str()).collect();
    names.join(", no ")
}

fn missing_variables(missing: &[MissingVariable]) -> String {
    let each: Vec<String> = missing.iter().map(|m| format!("`{}`, which {} uses", m.name, m.place)).collect();
    each.join("; ")
}
