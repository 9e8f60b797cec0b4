//! Lists of templates and prompts: narrowed, in pages.

use std::process::ExitCode;

use comfy_table::Table;
use prompt_runner::manager::{Page, PromptListing, Search};
use prompt_runner::model::db::{PromptFilter, PromptPlace};
use prompt_runner::model::{FeatureType, GLOBAL_PROJECT, OrchestrationTemplateType, Prompt, VersionHeader};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::template::{prompt_document, state};
use crate::age::age;
use crate::cli::SearchArguments;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Output, table_text};

/// What narrows a list of templates beside the search.
pub(super) struct TemplatesOnly<'a> {
    pub(super) template_type: Option<OrchestrationTemplateType>,
    pub(super) feature_type: Option<&'a FeatureType>,
    pub(super) removed: bool,
}

pub(super) fn templates(
    arguments: &SearchArguments,
    only: &TemplatesOnly<'_>,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let mut search = search(arguments)?;
    search.filter.templates_only = true;
    search.filter.template_type = only.template_type;
    search.filter.feature_type = only.feature_type.cloned();
    search.filter.with_removed = only.removed;
    let page = context.open(output)?.search(&search)?;
    let head = ["TEMPLATE", "TYPE", "PROJECT", "FEATURE", "PRODUCTION", "LATEST", "STATE", "UPDATED"];
    let mut table = output.table(&head);
    for PromptListing { prompt, .. } in &page.items {
        let Some(place) = &prompt.placement else { continue };
        table.add_row([
            prompt.name.clone(),
            place.template_type.to_string(),
            prompt.project.clone(),
            place.feature_type.as_ref().map(ToString::to_string).unwrap_or_default(),
            production(prompt),
            prompt.latest.to_string(),
            state(prompt).to_owned(),
            updated(prompt, context),
        ]);
    }
    print(&page, &table, output)
}

pub(super) fn prompts(arguments: &SearchArguments, context: &Context, output: &mut Output) -> Outcome {
    let page = context.open(output)?.search(&search(arguments)?)?;
    let mut table = output.table(&["PROMPT", "PROJECT", "CATEGORY", "PRODUCTION", "LATEST", "UPDATED"]);
    for PromptListing { prompt, .. } in &page.items {
        table.add_row([
            prompt.name.clone(),
            prompt.project.clone(),
            prompt.category.clone().unwrap_or_default(),
            production(prompt),
            prompt.latest.to_string(),
            updated(prompt, context),
        ]);
    }
    print(&page, &table, output)
}

fn search(arguments: &SearchArguments) -> Result<Search, Failure> {
    let project = if arguments.global { Some(GLOBAL_PROJECT.to_owned()) } else { arguments.project.clone() };
    let filter = PromptFilter {
        project,
        category: arguments.category.clone(),
        text: arguments.search.clone(),
        // Every prompt has its newest version; that label is not stored.
        label: arguments.label.as_ref().filter(|label| !label.is_latest()).map(ToString::to_string),
        author: arguments.author.clone(),
        tag: arguments.tag.clone(),
        after: arguments.after.as_deref().map(place).transpose()?,
        limit: arguments.limit,
        ..PromptFilter::default()
    };
    Ok(Search { filter, variable: arguments.variable.clone() })
}

fn place(text: &str) -> Result<PromptPlace, Failure> {
    match text.split_once(':') {
        Some((project, name)) if !project.is_empty() && !name.is_empty() => {
            Ok(PromptPlace { project: project.to_owned(), name: name.to_owned() })
        }
        _ => Err(Failure::usage(format!("`{text}` is no place in the list"))
            .hint("write --after PROJECT:NAME, as the last page ended with it")),
    }
}

fn production(prompt: &Prompt) -> String {
    prompt.production().map(|number| number.to_string()).unwrap_or_default()
}

/// How old the version is that sessions see.
fn updated(prompt: &Prompt, context: &Context) -> String {
    let at = prompt.current.as_ref().and_then(|version| version.created_at);
    at.map(|at| age(at, context.now())).unwrap_or_default()
}

fn print(page: &Page, table: &Table, output: &mut Output) -> Outcome {
    let items: Vec<Value> = page.items.iter().map(item).collect();
    let next = page.next.as_ref().map(|place| format!("{}:{}", place.project, place.name));
    output.data(&json!({ "items": items, "next": next }), |_| table_text(table))?;
    if let Some(next) = next.filter(|_| !output.is_json()) {
        output.note(format!("There are more: the same again with --after '{next}'"));
    }
    Ok(ExitCode::SUCCESS)
}

fn item(listing: &PromptListing) -> Value {
    let mut item = prompt_document(&listing.prompt);
    let labels: Map<String, Value> =
        listing.labels.iter().map(|(label, number)| (label.clone(), json!(number))).collect();
    item["labels"] = json!(labels);
    item["current"] = json!(listing.prompt.current.as_ref().map(version_document));
    item
}

/// What is said of a version wherever one is listed.
pub(super) fn version_document(version: &VersionHeader) -> Value {
    json!({
        "version": version.number,
        "sha256": version.sha256,
        "author": version.author,
        "message": version.message,
        "created_at": version.created_at,
        "config": version.config,
    })
}
