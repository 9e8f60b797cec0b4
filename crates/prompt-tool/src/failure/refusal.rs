//! Refusals: changes that do not fit what is there, gates among them.

use prompt_runner::manager::{GateFailure, GateRefusal, Refusal};
use prompt_runner::model::{DEFAULT_PROJECT, GLOBAL_PROJECT, Label};
use serde_json::json;

use super::{Code, Failure};
use crate::checks;
use crate::visible::visible;

const TEMPLATE: &str = "prompt-tool orchestration template";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let conflict = |message| Self::new(Code::Conflict, message);
        match refusal {
            Refusal::EmptyText => Self::usage(message).kind("empty"),
            Refusal::NamesVersion { reference } => {
                Self::usage(message).hint(format!("name the prompt alone: {}", reference.name))
            }
            Refusal::NamesNoVersion { reference } => Self::usage(message).kind("no_version").hint(format!(
                "name one: {reference}@3, {reference}@latest; see them: {TEMPLATE} history {reference}"
            )),
            Refusal::NotATemplate { .. } => Self::usage(message).hint("use prompt-tool prompt for it"),
            Refusal::PlainText { .. } => {
                Self::usage(message).kind("plain_text").hint("see it: prompt-tool prompt show NAME")
            }
            Refusal::TooManyTests { name, .. } => Self::usage(message)
                .kind("too_many_tests")
                .hint(format!("nothing was stored; see: {TEMPLATE} test {name} --list")),
            Refusal::NamedTwice { .. } => Self::usage(message).kind("named_twice"),
            Refusal::OtherType { .. } | Refusal::AmbiguousDigest { .. } | Refusal::Reserved { .. } => {
                Self::usage(message)
            }
            Refusal::Removed { name } => conflict(message)
                .kind("removed")
                .hint(format!("its versions are kept; take it back: {TEMPLATE} restore {}", place(&name))),
            Refusal::NotRemoved { .. } => conflict(message).kind("not_removed"),
            Refusal::NoProduction { name } => conflict(message)
                .kind("no_production")
                .hint(format!("publish a version: {TEMPLATE} update {} --file F", place(&name))),
            Refusal::PlainPartial { .. } => {
                Self::failed(message).hint("add it as a template: prompt-tool prompt add without --plain")
            }
            Refusal::Overtaken { name, based_on, .. } => conflict(message).kind("overtaken").hint(format!(
                "nothing was changed; see what is new: {TEMPLATE} diff {name}@{based_on} {name}@latest"
            )),
            Refusal::IsCurrent { name, .. } => conflict(message)
                .kind("is_current")
                .hint(format!("nothing was changed; see its versions: {TEMPLATE} history {}", place(&name))),
            Refusal::Gates(refused) => gates(message, &refused),
            _ => Self::failed(message),
        }
    }
}

/// What stands between a label and versions, test by test, and what to do about each.
fn gates(message: String, refused: &[GateRefusal]) -> Failure {
    let failures = || refused.iter().flat_map(|refusal| &refusal.failures);
    let is_protection = failures().all(|failure| *failure == GateFailure::Protected);
    let mut report = String::new();
    for refusal in refused {
        for failure in &refusal.failures {
            let sentence = sentence(refusal, failure);
            report.push_str(&format!("error: refused: {}\n", visible(&sentence)));
            if let GateFailure::Tests(outcomes) = failure {
                report.push_str(&visible(&checks::failed_lines(outcomes)));
            }
        }
    }
    report.push_str("Nothing was changed.\n");
    let ways_out: Vec<String> = refused.iter().flat_map(ways_out).collect();
    Failure::new(Code::Conflict, message)
        .kind(if is_protection { "protected" } else { "gate" })
        .report(report)
        .hint(ways_out.join("; "))
        .details("gates", json!(refused))
}

fn sentence(refusal: &GateRefusal, failure: &GateFailure) -> String {
    if let GateFailure::Tests(outcomes) = failure {
        let GateRefusal { name, label, version, .. } = refusal;
        let tests = if outcomes.len() == 1 { "its test" } else { &format!("its {} tests", outcomes.len()) };
        return format!("{label} of {name} needs {tests} to pass on version {version}");
    }
    GateRefusal { failures: vec![failure.clone()], ..refusal.clone() }.to_string()
}

/// What a person can do about each failure.
pub(crate) fn ways_out(refusal: &GateRefusal) -> Vec<String> {
    let GateRefusal { name, label, version, project, .. } = refusal;
    let (name, place) = (quoted(name), in_project(project));
    let way_out = |failure: &GateFailure| match failure {
        GateFailure::Protected => format!("let it move: {TEMPLATE} label unprotect {label} {name}{place}"),
        GateFailure::NoTests => format!(
            "store a test: {TEMPLATE} test {name}{place} --save NAME --contains TEXT, or open the gate: {TEMPLATE} \
             label gate {label} {name}{place} --tests off"
        ),
        GateFailure::Tests(_) | GateFailure::Unusable(_) if refusal.through_partials => format!(
            "{name} includes what would move; mend {name} first, and move both together: {TEMPLATE} label set {label} \
             PARTIAL@N {name}@N"
        ),
        GateFailure::Tests(_) | GateFailure::Unusable(_) => {
            format!("see it: {TEMPLATE} test {name}@{version}{place}")
        }
        GateFailure::MeasuresVariables => {
            format!("to remove it all the same: {TEMPLATE} label gate {label} {name}{place} --variables off")
        }
        GateFailure::NewVariables(names) => format!(
            "give {} a default in the front matter, or open the gate: {TEMPLATE} label gate {label} {name}{place} \
             --variables off",
            if names.len() == 1 { "it" } else { "them" }
        ),
        _ => format!("see what the label asks for: {TEMPLATE} label list {name}{place}"),
    };
    refusal.failures.iter().map(way_out).collect()
}

/// The command that lets a label name a version.
pub(crate) fn set_label(label: &Label, project: &str, name: &str, version: i32) -> String {
    format!("{TEMPLATE} label set {label} {}@{version}{}", quoted(name), in_project(project))
}

/// A prompt as the argument of a command, from its name with its project in front.
fn place(full_name: &str) -> String {
    match full_name.split_once(':') {
        Some((project, name)) => format!("{}{}", quoted(name), in_project(project)),
        None => quoted(full_name),
    }
}

/// The option that names a project, where a command would not mean it by itself.
pub(crate) fn in_project(project: &str) -> String {
    match project {
        DEFAULT_PROJECT => String::new(),
        GLOBAL_PROJECT => " --global".to_owned(),
        project => format!(" --project {}", quoted(project)),
    }
}

/// A word of a command, in quotes where a shell would read more than one.
pub(crate) fn quoted(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}
