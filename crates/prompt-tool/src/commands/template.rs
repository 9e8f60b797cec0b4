//! `prompt-tool orchestration template`.

use std::process::ExitCode;

use prompt_runner::manager::{Audience, Content, NewTemplate, OrchestrationTemplateManager, Publication};
use prompt_runner::model::Prompt;
use serde_json::{Map, Value, json};

use super::template_list::TemplatesOnly;
use super::template_published::published;
use super::{
    Outcome, template_edit, template_history, template_label, template_list, template_resolve,
    template_used_by,
};
use crate::cli::{AddArguments, NewContent, ReferenceArgument, TemplateCommand, UpdateArguments};
use crate::context::{Context, project};
use crate::failure::Failure;
use crate::input;
use crate::output::Output;

pub(super) fn run(command: &TemplateCommand, context: &Context, output: &mut Output) -> Outcome {
    match command {
        TemplateCommand::List { search, template_type, feature_type, removed } => {
            let only = TemplatesOnly {
                template_type: *template_type,
                feature_type: feature_type.as_ref(),
                removed: *removed,
            };
            template_list::templates(search, &only, context, output)
        }
        TemplateCommand::Add(arguments) => add(arguments, context, output),
        TemplateCommand::Update(arguments) => update(arguments, Publication::Template, context, output),
        TemplateCommand::Show(target) => show(target, context, output),
        TemplateCommand::Edit { target, new } => template_edit::edit(target, new, context, output),
        TemplateCommand::History { target, limit } => {
            template_history::history(target, *limit, context, output)
        }
        TemplateCommand::Diff { from, to, place } => {
            template_history::diff(from, to.as_ref(), place, context, output)
        }
        TemplateCommand::Rollback { target, draft } => {
            template_edit::rollback(target, *draft, context, output)
        }
        TemplateCommand::Label(command) => template_label::run(command, context, output),
        TemplateCommand::UsedBy { target, limit } => template_used_by::run(target, *limit, context, output),
        TemplateCommand::Test(arguments) => super::template_test::run(arguments, context, output),
        TemplateCommand::Lint(arguments) => super::template_lint::run(arguments, context, output),
        TemplateCommand::Convert(arguments) => super::template_convert::run(arguments, context, output),
        TemplateCommand::Remove(target) => place(target, context, output, |manager, stamped| {
            let placed = manager.remove(&target.reference, &in_project(target), stamped)?;
            let note = (!placed.slot_is_served).then(|| {
                "its place has no active template now; see what serves it: template resolve --explain"
                    .to_owned()
            });
            Ok((placed.prompt, note))
        }),
        TemplateCommand::Restore(target) => place(target, context, output, |manager, stamped| {
            let placed = manager.restore(&target.reference, &in_project(target), stamped)?;
            let active = placed.prompt.placement.as_ref().is_some_and(|place| place.active);
            let note = (!active)
                .then(|| format!("another template is active; template activate {}", placed.prompt.name));
            Ok((placed.prompt, note))
        }),
        TemplateCommand::Activate(target) => place(target, context, output, |manager, stamped| {
            Ok((manager.activate(&target.reference, &in_project(target), stamped)?.prompt, None))
        }),
        TemplateCommand::Resolve(arguments) => template_resolve::run(arguments, context, output),
    }
}

pub(super) fn in_project(target: &ReferenceArgument) -> String {
    project(target.place.project.as_deref(), target.place.global)
}

pub(super) fn state(prompt: &Prompt) -> &'static str {
    match &prompt.placement {
        Some(place) if place.removed_at.is_some() => "removed",
        Some(place) if place.active => "active",
        Some(_) => "waits",
        None => "",
    }
}

/// What is said of a prompt wherever one is printed.
pub(super) fn prompt_document(prompt: &Prompt) -> Value {
    let place = prompt.placement.as_ref();
    json!({
        "name": prompt.name,
        "type": place.map(|p| p.template_type),
        "project": prompt.project,
        "feature_type": place.and_then(|p| p.feature_type.as_ref()),
        "category": prompt.category,
        "description": prompt.description,
        "is_template": prompt.is_template,
        "active": place.map(|p| p.active),
        "removed": place.map(|p| p.removed_at.is_some()),
        "production": prompt.production(),
        "latest": prompt.latest,
    })
}

fn add(arguments: &AddArguments, context: &Context, output: &mut Output) -> Outcome {
    let project = project(arguments.place.project.as_deref(), arguments.place.global);
    let config = settings(&arguments.new)?;
    let text = match &arguments.file {
        Some(file) => Some(input::text(file, "template", output, !context.no_input)?),
        None => None,
    };
    let manager = context.open(output)?;
    let (text, from) = match (text, &arguments.from) {
        (Some(text), _) => (text, None),
        (None, Some(reference)) => {
            let source = manager.get(reference, &project)?;
            let name = format!("from {}@{}", source.prompt.name, source.version.header.number);
            (source.version.content, Some(name))
        }
        (None, None) => unreachable!("clap requires one of the two"),
    };
    let message = arguments.new.message.as_deref().or(from.as_deref());
    let new = NewTemplate {
        name: &arguments.name,
        template_type: arguments.template_type,
        project: &project,
        feature_type: arguments.feature_type.as_ref(),
        description: arguments.description.as_deref(),
        content: Content { message, ..content(&text, &arguments.new, config.as_ref()) },
    };
    published(&manager.add(&new, &context.stamp())?, output)
}

/// The settings that are given with a new version: an empty set where there are to be none any more.
pub(super) fn settings(new: &NewContent) -> Result<Option<Map<String, Value>>, Failure> {
    if new.no_config { Ok(Some(Map::new())) } else { input::settings(&new.config) }
}

/// The text of a new version with what was said of it.
pub(super) fn content<'a>(
    text: &'a str,
    new: &'a NewContent,
    config: Option<&'a Map<String, Value>>,
) -> Content<'a> {
    let audience = if new.draft { Audience::Draft } else { Audience::Production };
    let tags = (new.no_tags || !new.tags.is_empty()).then_some(new.tags.as_slice());
    Content { text, message: new.message.as_deref(), audience, config, tags, based_on: None }
}

pub(super) fn update(
    arguments: &UpdateArguments,
    kind: Publication,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let config = settings(&arguments.new)?;
    let text = input::text(&arguments.file, "text", output, !context.no_input)?;
    let manager = context.open(output)?;
    let target = &arguments.target;
    let version = content(&text, &arguments.new, config.as_ref());
    let project = in_project(target);
    published(&manager.update(&target.reference, &project, kind, &version, &context.stamp())?, output)
}

pub(super) fn show(target: &ReferenceArgument, context: &Context, output: &mut Output) -> Outcome {
    let manager = context.open(output)?;
    let selected = manager.get(&target.reference, &in_project(target))?;
    let labels: serde_json::Map<String, Value> =
        manager.labels(&selected.prompt)?.into_iter().map(|(label, number)| (label, json!(number))).collect();
    let policies: serde_json::Map<String, Value> = manager
        .label_states(&target.reference, &in_project(target))?
        .1
        .into_iter()
        .map(|state| (state.label, json!(state.policy)))
        .collect();
    let version = &selected.version;
    let check = manager.engine().check(&selected.prompt.name, &version.content);
    let is_template = selected.prompt.is_template;
    let mut document = prompt_document(&selected.prompt);
    document["version"] = json!(version.header.number);
    document["sha256"] = json!(
        version
            .header
            .sha256
            .clone()
            .unwrap_or_else(|| prompt_runner::template::sha256_hex(&version.content))
    );
    document["author"] = json!(version.header.author);
    document["message"] = json!(version.header.message);
    document["created_at"] = json!(version.header.created_at);
    document["labels"] = json!(labels);
    document["label_policies"] = json!(policies);
    document["tags"] = json!(manager.tags(&version.header)?);
    document["config"] = json!(manager.config(version));
    if is_template {
        document["variables"] = json!(check.variables.iter().map(|v| &v.name).collect::<Vec<_>>());
        document["partials"] = json!(check.partials);
    }
    document["content"] = json!(version.content);
    let names: Vec<String> = labels
        .iter()
        .filter(|(_, number)| **number == json!(version.header.number))
        .map(|(label, _)| label.clone())
        .collect();
    output.labelled(
        "Prompt",
        format!(
            "{}@{} · project {} · {}",
            selected.prompt.name,
            version.header.number,
            selected.prompt.project,
            if names.is_empty() { "no label".to_owned() } else { names.join(", ") }
        ),
    );
    output.document(&document, &version.content)?;
    Ok(ExitCode::SUCCESS)
}

/// A command that changes the place of a template.
fn place(
    target: &ReferenceArgument,
    context: &Context,
    output: &mut Output,
    change: impl FnOnce(
        &OrchestrationTemplateManager,
        &prompt_runner::model::Stamp,
    ) -> prompt_runner::manager::Result<(Prompt, Option<String>)>,
) -> Outcome {
    let manager = context.open(output)?;
    let (prompt, note) = change(&manager, &context.stamp())?;
    output.data(&prompt_document(&prompt), |_| {
        format!("{} · project {} · {}", target.reference.name, prompt.project, state(&prompt))
    })?;
    if let Some(note) = note {
        output.note(format!("note: {note}"));
    }
    Ok(ExitCode::SUCCESS)
}
