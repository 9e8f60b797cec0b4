//! `prompt-tool orchestration template test --save | --save-file | --delete | --list`: the stored tests.

use std::process::ExitCode;

use prompt_runner::manager::{Assertion, OrchestrationTemplateManager, Reference, Selector, TemplateTest};
use prompt_runner::model::Label;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::template_test::Given;
use crate::cli::{StoreTest, TestArguments};
use crate::context::Context;
use crate::failure::Failure;
use crate::input;
use crate::output::{Output, table_text};

/// What is to be done with the stored tests.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    List,
    Save { name: &'a str, asked: &'a StoreTest },
    SaveFile(&'a std::path::Path),
    Delete(&'a str),
}

/// What a call wants of the stored tests, if anything.
pub(super) fn wanted<'a>(arguments: &'a TestArguments, given: &Given) -> Result<Option<Change<'a>>, Failure> {
    let store = &arguments.store;
    let change = match (&store.save, &store.save_file, &store.delete) {
        (Some(name), _, _) => Change::Save { name, asked: store },
        (_, Some(file), _) => Change::SaveFile(file),
        (_, _, Some(name)) => Change::Delete(name),
        _ if arguments.list => Change::List,
        _ => return Ok(None),
    };
    if arguments.against_sessions.is_some() || arguments.lenient {
        return Err(Failure::usage("stored tests are run without --against-sessions and --lenient"));
    }
    if !given.is_empty() && !matches!(change, Change::Save { .. }) {
        return Err(Failure::usage("variables are for running a test, or for --save"));
    }
    Ok(Some(change))
}

pub(super) fn run(
    change: Change<'_>,
    reference: &Reference,
    project: &str,
    given: Given,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    match change {
        Change::List => {
            let tests = context.open(output)?.tests(reference, project)?;
            listed(&tests, reference, project, output)
        }
        Change::Save { name, asked } => {
            let assertions = assertions(asked, context, output)?;
            let manager = context.open(output)?;
            let variables = variables(&manager, reference, project, given);
            let test = TemplateTest { name: name.to_owned(), variables, assertions };
            store(&manager, reference, project, &[test], context, output)
        }
        Change::SaveFile(file) => {
            let text = input::text(file, "tests", output, !context.no_input)?;
            let tests = TemplateTest::parse_file(&text).map_err(prompt_runner::manager::Error::from)?;
            store(&context.open(output)?, reference, project, &tests, context, output)
        }
        Change::Delete(name) => {
            let manager = context.open(output)?;
            manager.delete_test(reference, project, name, &context.stamp())?;
            let mut document = place(reference, project);
            document["deleted"] = json!(name);
            output.data(&document, |_| format!("{} · test deleted: {name}", reference.name))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn place(reference: &Reference, project: &str) -> Value {
    json!({ "name": reference.name, "project": reference.project.as_deref().unwrap_or(project) })
}

fn store(
    manager: &OrchestrationTemplateManager,
    reference: &Reference,
    project: &str,
    tests: &[TemplateTest],
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let all = manager.store_tests(reference, project, tests, &context.stamp())?;
    listed(&all, reference, project, output)
}

fn listed(tests: &[TemplateTest], reference: &Reference, project: &str, output: &mut Output) -> Outcome {
    let mut document = place(reference, project);
    document["items"] = json!(tests);
    let mut table = output.table(&["TEST", "VARIABLES", "THE TEXT"]);
    for test in tests {
        let names: Vec<&str> = test.variables.keys().map(String::as_str).collect();
        let variables = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
        let asserted: Vec<String> = test.assertions.iter().map(ToString::to_string).collect();
        let asserted = if asserted.is_empty() { "renders".to_owned() } else { asserted.join("; ") };
        table.add_row([test.name.clone(), variables, asserted]);
    }
    output.data(&document, |_| table_text(&table))?;
    Ok(ExitCode::SUCCESS)
}

/// The variables of a test; their texts are taken as the newest version declares them, where it compiles.
fn variables(
    manager: &OrchestrationTemplateManager,
    reference: &Reference,
    project: &str,
    given: Given,
) -> Map<String, Value> {
    let newest = Reference { selector: Selector::Label(Label::latest()), ..reference.clone() };
    let template = manager.get(&newest, project).and_then(|selected| {
        Ok(manager.load(selected.version.header.id, &selected.prompt.name, project)?.template)
    });
    given.over(Map::new(), template.ok().as_deref())
}

fn assertions(asked: &StoreTest, context: &Context, output: &mut Output) -> Result<Vec<Assertion>, Failure> {
    let each = |texts: &[String], assertion: fn(String) -> Assertion| -> Vec<Assertion> {
        texts.iter().cloned().map(assertion).collect()
    };
    let mut assertions = each(&asked.contains, Assertion::Contains);
    assertions.extend(each(&asked.not_contains, Assertion::NotContains));
    assertions.extend(each(&asked.matches, Assertion::Matches));
    assertions.extend(each(&asked.has_section, Assertion::HasSection));
    assertions.extend(asked.max_length.map(Assertion::MaxLength));
    if let Some(file) = &asked.equals {
        let text = input::text(file, "text", output, !context.no_input)?;
        assertions.push(Assertion::Equals(text));
    }
    Ok(assertions)
}
