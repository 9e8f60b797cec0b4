//! Failures: what the libraries say, with the exit code and the hint of the command line.

use std::collections::BTreeSet;

use owo_colors::OwoColorize;
use prompt_runner::manager::{self, Missing};
use prompt_runner::model;
use prompt_runner::orchestrator::session;
use prompt_runner::template::Diagnostic;
use serde_json::{Value, json};

use crate::visible::visible;

mod refusal;

pub(crate) use refusal::{in_project, quoted, set_label, ways_out};

/// The classes of failures, each with its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Failed,
    Usage,
    NotFound,
    PermissionDenied,
    Conflict,
}

impl Code {
    pub(crate) fn exit(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::PermissionDenied => 4,
            Self::Conflict => 5,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::PermissionDenied => "permission_denied",
            Self::Conflict => "conflict",
        }
    }
}

/// Why a command failed, for a person and for a program. Boxed: every result of this crate holds one.
#[derive(Debug, Clone)]
pub(crate) struct Failure(Box<Reason>);

#[derive(Debug, Clone)]
struct Reason {
    code: Code,
    kind: Option<&'static str>,
    message: String,
    hint: Option<String>,
    /// What stands in place of the message in a text: excerpts of templates, the tests of a gate.
    report: Option<String>,
    diagnostics: Vec<Diagnostic>,
    /// Further keys of the JSON object.
    details: Option<(&'static str, Value)>,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Reason {
            code,
            kind: None,
            message: message.into(),
            hint: None,
            report: None,
            diagnostics: Vec::new(),
            details: None,
        }))
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Code::Failed, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// A further hint, behind the one that is there.
    pub(crate) fn also(mut self, hint: impl AsRef<str>) -> Self {
        let hint = hint.as_ref();
        self.0.hint = Some(self.0.hint.map_or_else(|| hint.to_owned(), |first| format!("{first}; {hint}")));
        self
    }

    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        self.0.kind = Some(kind);
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    fn report(mut self, report: String) -> Self {
        self.0.report = Some(report);
        self
    }

    fn details(mut self, key: &'static str, value: Value) -> Self {
        self.0.details = Some((key, value));
        self
    }

    fn diagnostics(mut self, diagnostics: &[Diagnostic]) -> Self {
        let excerpts: Vec<String> = diagnostics.iter().map(Diagnostic::render_excerpt).collect();
        self.0.report = (!excerpts.is_empty()).then(|| excerpts.join("\n"));
        self.0.diagnostics = diagnostics.to_vec();
        self
    }

    pub(crate) fn document(&self) -> Value {
        let mut error = json!({
            "code": self.0.code.as_str(),
            "message": self.0.message,
            "hint": self.0.hint,
        });
        if let Some(kind) = self.0.kind {
            error["kind"] = json!(kind);
        }
        if !self.0.diagnostics.is_empty() {
            error["diagnostics"] = json!(self.0.diagnostics);
        }
        if let Some((key, value)) = &self.0.details {
            error[*key] = value.clone();
        }
        json!({ "error": error })
    }

    pub(crate) fn text(&self, colour: bool) -> String {
        let paint = |label: &str| if colour { label.red().bold().to_string() } else { label.to_owned() };
        let mut text = match &self.0.report {
            Some(report) => report.split_inclusive('\n').map(|line| labelled(line, paint)).collect(),
            None => format!("{} {}\n", paint("error:"), visible(&self.0.message)),
        };
        if let Some(hint) = &self.0.hint {
            let label = if colour { "hint:".cyan().bold().to_string() } else { "hint:".to_owned() };
            text.push_str(&format!("{label} {}\n", visible(hint)));
        }
        text
    }
}

impl From<model::Error> for Failure {
    fn from(error: model::Error) -> Self {
        use model::Error as E;
        let message = with_causes(&error);
        match error {
            E::UnknownName { .. } | E::BadName { .. } => Self::usage(message).kind("bad_name"),
            E::TooLong { .. } => Self::usage(message).kind("too_long"),
            E::NulInText { .. } => {
                Self::usage(message).kind("nul").hint("texts are UTF-8 without NUL; remove it and try again")
            }
            E::BadUrl { .. } => Self::usage(message).kind("bad_database_url"),
            E::Database(ref reason) | E::Migration { ref reason, .. } | E::Connect { ref reason, .. }
                if reason.contains("permission denied") =>
            {
                Self::new(Code::PermissionDenied, message)
                    .hint("the user of the database URL may not do this")
            }
            E::Connect { ref reason, .. }
                if reason.contains("unable to open database file")
                    || reason.contains("readonly database") =>
            {
                Self::failed(message)
                    .kind("read_only")
                    .hint("the file of an SQLite database and its folder must be writable; see --database")
            }
            E::Connect { ref reason, .. } if reason.contains("SSL support is not compiled in") => {
                Self::failed(message)
                    .kind("no_tls")
                    .hint("this build has no TLS; build prompt-tool with --features postgres-tls")
            }
            E::Connect { .. } => Self::failed(message)
                .kind("connect")
                .hint("see which database is meant, and why: prompt-tool doctor"),
            E::NotADatabase { .. } => Self::failed(message)
                .kind("not_a_database")
                .hint("nothing was changed; name another file with --database sqlite:PATH"),
            E::UnknownSchema { .. } => Self::new(Code::Conflict, message).kind("unknown_schema").hint(
                "nothing was changed; use the version of prompt-tool that made it, or another --database",
            ),
            E::PendingMigrations { .. } => Self::new(Code::Conflict, message)
                .kind("pending_migrations")
                .hint("a shared database is migrated by hand: prompt-tool db migrate"),
            E::ForeignSchema { .. } => Self::new(Code::Conflict, message)
                .kind("foreign_schema")
                .hint("nothing was changed; use an empty database with --database"),
            E::Exists { .. } => Self::new(Code::Conflict, message).kind("exists"),
            E::Io { ref source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                Self::failed(message)
                    .kind("io")
                    .hint("the folder of an SQLite database must be writable; choose another with --database")
            }
            E::Io { .. } => Self::failed(message).kind("io"),
            E::Database(ref text) if text.contains("readonly database") => Self::failed(message)
                .kind("read_only")
                .hint("the file of an SQLite database and its folder must be writable; see --database"),
            _ => Self::failed(message),
        }
    }
}

impl From<prompt_runner::template::Error> for Failure {
    fn from(error: prompt_runner::template::Error) -> Self {
        Self::failed(error.to_string()).kind("template").diagnostics(error.diagnostics())
    }
}

impl From<manager::Error> for Failure {
    fn from(error: manager::Error) -> Self {
        use manager::Error as E;
        let message = error.to_string();
        match error {
            E::Model(error) => error.into(),
            E::Template(error) => error.into(),
            E::Unusable(diagnostics) => Self::failed(message).kind("template").diagnostics(&diagnostics),
            E::Test(_) => Self::usage(message).kind("bad_test").hint("nothing was stored"),
            E::Rules { ref prompt, .. } => {
                let name = prompt.rsplit_once('@').map_or(prompt.as_str(), |(name, _)| name);
                let hint = format!("mend it: prompt-tool orchestration template edit {name}");
                Self::failed(with_causes(&error)).kind("bad_rules").hint(hint)
            }
            E::NotFound(missing) => missing.into(),
            E::Refused(refusal) => refusal.into(),
            other => Self::failed(with_causes(&other)),
        }
    }
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        let hint = match &missing {
            Missing::Project { .. } => {
                "see them: prompt-tool project list; make one: prompt-tool project add NAME"
            }
            Missing::Prompt { .. } => {
                "see them: prompt-tool prompt list, prompt-tool orchestration template list"
            }
            Missing::OnlyGlobal { .. } => "to change it for all projects, add --global",
            Missing::Version { .. } | Missing::Label { .. } => {
                "see its versions and labels: prompt-tool orchestration template history NAME"
            }
            Missing::Test { .. } => "see its tests: prompt-tool orchestration template test NAME --list",
            Missing::ActiveTemplate { .. } => {
                "see why: prompt-tool orchestration template resolve --type TYPE --explain; add one, or \
                 activate one that waits"
            }
            _ => "see prompt-tool --help",
        };
        Self::new(Code::NotFound, missing.to_string()).hint(hint)
    }
}

impl From<session::Error> for Failure {
    fn from(error: session::Error) -> Self {
        use session::Error as E;
        let message = error.to_string();
        match error {
            E::Manager(error) => error.into(),
            E::Empty { .. } => Self::usage(message).kind("empty"),
            E::NoSession { .. } => {
                Self::new(Code::NotFound, message).hint("see them: prompt-tool orchestration list")
            }
            E::AmbiguousSession { .. } => Self::usage(message).hint("give more of the id"),
            E::WrongState { session_id, next, .. } => {
                let hint = match next {
                    Some(step) => format!("next is: prompt-tool orchestration {step} --session {session_id}"),
                    None => "the session has ended; plan a new one: prompt-tool orchestration plan".to_owned(),
                };
                Self::new(Code::Conflict, message).kind("wrong_state").hint(hint)
            }
            E::MissingSections { missing, extraction } => Self::failed(message)
                .kind("missing_sections")
                .hint(
                    "nothing was changed; see what is found: prompt-tool orchestration extract FILE, or ask the \
                     model for the three sections again",
                )
                .details("extraction", json!({ "missing": missing, "duplicated": extraction.duplicated,
                    "warnings": extraction.warnings })),
            E::PromptPastedBack { .. } => Self::failed(message)
                .kind("prompt_pasted_back")
                .hint("give the prompt to your model, and its answer to this command"),
            E::ReservedVariable { .. } => Self::usage(message),
            E::MissingVariables(missing) => {
                let names: BTreeSet<&str> = missing.iter().map(|m| m.name.as_str()).collect();
                let given: Vec<String> = names.iter().map(|name| format!("--var {name}=VALUE")).collect();
                Self::failed(message)
                    .kind("missing_variables")
                    .hint(format!("give it when planning: {}", given.join(" ")))
                    .details("missing", json!(names))
            }
            other => Self::failed(with_causes(&other)),
        }
    }
}

/// A line of a report with its label painted.
fn labelled(line: &str, paint: impl Fn(&str) -> String) -> String {
    const LABEL: &str = "error:";
    line.strip_prefix(LABEL).map_or_else(|| line.to_owned(), |rest| format!("{}{rest}", paint(LABEL)))
}

/// The message of an error and of what caused it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}
