//! `prompt-tool orchestration template label`.

use std::process::ExitCode;

use prompt_runner::manager::change_log::LabelEvent;
use prompt_runner::manager::{LabelMove, LabelState, OrchestrationTemplateManager, Reference};
use prompt_runner::model::{Label, LabelPolicy};
use serde_json::{Value, json};

use super::Outcome;
use super::template::in_project;
use crate::cli::{InProject, LabelCommand, LabelOfPrompt, ReferenceArgument, Switch};
use crate::context::{Context, project};
use crate::failure::{self, Failure};
use crate::output::{Output, table_text};

pub(super) fn run(command: &LabelCommand, context: &Context, output: &mut Output) -> Outcome {
    match command {
        LabelCommand::Set { label, references, place } => set(label, references, place, context, output),
        LabelCommand::Remove(target) => remove(target, context, output),
        LabelCommand::List { target, history: false } => list(target, context, output),
        LabelCommand::List { target, history: true } => history(target, context, output),
        LabelCommand::Protect(target) => {
            let protect = |policy| LabelPolicy { is_protected: true, ..policy };
            policy(target, protect, context, output).map(|_| ExitCode::SUCCESS)
        }
        LabelCommand::Unprotect(target) => {
            let unprotect = |policy| LabelPolicy { is_protected: false, ..policy };
            policy(target, unprotect, context, output).map(|_| ExitCode::SUCCESS)
        }
        LabelCommand::Gate { label, tests, variables } => gate(label, *tests, *variables, context, output),
    }
}

fn set(
    label: &Label,
    references: &[Reference],
    place: &InProject,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let project = project(place.project.as_deref(), place.global);
    let moves = context.open(output)?.set_label(label, references, &project, &context.stamp())?;
    let items: Vec<Value> = moves.iter().map(move_document).collect();
    let mut document = json!({ "items": items });
    if let ([Value::Object(only)], Value::Object(document)) = (items.as_slice(), &mut document) {
        document.extend(only.clone());
    }
    output.data(&document, |_| moves.iter().map(move_line).collect())?;
    Ok(ExitCode::SUCCESS)
}

fn move_document(moved: &LabelMove) -> Value {
    json!({
        "name": moved.prompt.name,
        "project": moved.prompt.project,
        "label": moved.label,
        "from": moved.from,
        "to": moved.to,
    })
}

fn move_line(moved: &LabelMove) -> String {
    let LabelMove { prompt, label, from, to } = moved;
    let what = match from {
        None => format!("set to {to}"),
        Some(from) if from == to => format!("names {to} already"),
        Some(from) => format!("moved {from} -> {to}"),
    };
    format!("{} · project {} · {label} {what}\n", prompt.name, prompt.project)
}

fn remove(target: &LabelOfPrompt, context: &Context, output: &mut Output) -> Outcome {
    let LabelOfPrompt { label, target } = target;
    let manager = context.open(output)?;
    let prompt = manager.remove_label(label, &target.reference, &in_project(target), &context.stamp())?;
    let document = json!({ "name": prompt.name, "project": prompt.project, "label": label, "to": null });
    output.data(&document, |_| format!("{} · project {} · {label} removed", prompt.name, prompt.project))?;
    if *label == Label::production() && prompt.placement.is_some() {
        output.note("note: without production the template serves no session");
    }
    Ok(ExitCode::SUCCESS)
}

fn list(target: &ReferenceArgument, context: &Context, output: &mut Output) -> Outcome {
    let (prompt, states) = context.open(output)?.label_states(&target.reference, &in_project(target))?;
    let document = json!({ "name": prompt.name, "project": prompt.project, "items": states });
    let mut table = output.table(&["LABEL", "VERSION", "ASKS FOR"]);
    for state in &states {
        let version = state.version.map_or_else(|| "-".to_owned(), |version| version.to_string());
        table.add_row([state.label.clone(), version, asks_for(state.policy)]);
    }
    output.data(&document, |_| table_text(&table))?;
    Ok(ExitCode::SUCCESS)
}

fn history(target: &ReferenceArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let project = in_project(target);
    let (prompt, _) = manager.label_states(&target.reference, &project)?;
    let events = manager.label_history(&target.reference, &project, None)?;
    let document = json!({ "name": prompt.name, "project": prompt.project, "items": events });
    let mut table = output.table(&["WHEN", "ACTOR", "LABEL", "CHANGE"]);
    for event in &events {
        let at = event.at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        table.add_row([at, event.actor.clone(), event.label.clone(), change(event)]);
    }
    output.data(&document, |_| table_text(&table))?;
    Ok(ExitCode::SUCCESS)
}

fn change(event: &LabelEvent) -> String {
    match (event.from, event.to) {
        (Some(from), Some(to)) => format!("{from} -> {to}"),
        (None, Some(to)) => format!("set to {to}"),
        (Some(from), None) => format!("removed from {from}"),
        (None, None) => String::new(),
    }
}

fn gate(
    target: &LabelOfPrompt,
    tests: Option<Switch>,
    variables: Option<Switch>,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let is_on = |switch: Option<Switch>, before| switch.map_or(before, |switch| switch == Switch::On);
    let change = |policy: LabelPolicy| LabelPolicy {
        needs_tests: is_on(tests, policy.needs_tests),
        needs_known_variables: is_on(variables, policy.needs_known_variables),
        ..policy
    };
    let (manager, state) = policy(target, change, context, output)?;
    let target = &target.target;
    if state.policy.needs_tests && manager.tests(&target.reference, &in_project(target))?.is_empty() {
        output.note(format!(
            "note: there is no test yet, so {} cannot move; store one: prompt-tool orchestration template test {}{} \
             --save NAME --contains TEXT",
            state.label,
            failure::quoted(&target.reference.to_string()),
            failure::in_project(&in_project(target)),
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn policy(
    target: &LabelOfPrompt,
    change: impl FnOnce(LabelPolicy) -> LabelPolicy,
    context: &Context,
    output: &mut Output,
) -> Result<(OrchestrationTemplateManager, LabelState), Failure> {
    let LabelOfPrompt { label, target } = target;
    let (reference, project) = (&target.reference, in_project(target));
    let manager = context.open(output)?;
    let state = manager.set_label_policy(label, reference, &project, change, &context.stamp())?;
    let project = reference.project.as_ref().unwrap_or(&project);
    let document = json!({
        "name": reference.name,
        "project": project,
        "label": state.label,
        "version": state.version,
        "policy": state.policy,
    });
    output.data(&document, |_| {
        format!(
            "{} · project {project} · {} asks for {}",
            reference.name,
            state.label,
            asks_for(state.policy)
        )
    })?;
    Ok((manager, state))
}

/// What moving a label asks for, in words.
fn asks_for(policy: LabelPolicy) -> String {
    let words = [
        (policy.is_protected, "unprotecting"),
        (policy.needs_tests, "tests that pass"),
        (policy.needs_known_variables, "no new variables"),
    ];
    let asked: Vec<&str> =
        words.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, word)| word).collect();
    if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") }
}
