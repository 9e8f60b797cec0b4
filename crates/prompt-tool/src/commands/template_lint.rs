//! `prompt-tool orchestration template lint`: all that can be said of templates without rendering them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use prompt_runner::manager::{self, OrchestrationTemplateManager, Reference};
use prompt_runner::model::db::PromptFilter;
use prompt_runner::model::{GLOBAL_PROJECT, OrchestrationTemplateType};
use prompt_runner::template::{CheckOptions, Diagnostic, Engine, Severity};
use serde_json::{Value, json};

use super::{Outcome, passed};
use crate::cli::LintArguments;
use crate::context::{Context, project};
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::{Output, table_text};
use crate::partial_files::PartialFiles;

/// Files of one folder that are looked at.
const MOST_FILES: usize = 10_000;

/// What is said of one template.
struct Finding {
    name: String,
    diagnostics: Vec<Diagnostic>,
    /// The template could not be read.
    failure: Option<Failure>,
}

impl Finding {
    fn of(name: String, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics
            .sort_by_key(|found| (found.template != name, found.template.clone(), found.span.range.start));
        Self { name, diagnostics, failure: None }
    }

    fn count(&self, severity: Severity) -> usize {
        let failed = usize::from(self.failure.is_some() && severity == Severity::Error);
        failed + self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    fn document(&self) -> Value {
        json!({
            "name": self.name,
            "passed": self.count(Severity::Error) == 0,
            "diagnostics": self.diagnostics,
            "error": self.failure.as_ref().map(Failure::message),
        })
    }
}

pub(super) fn run(arguments: &LintArguments, context: &Context, output: &mut Output) -> Outcome {
    let is_file = |target: &&String| target.as_str() == "-" || Path::new(target).exists();
    let (paths, references): (Vec<_>, Vec<_>) = arguments.targets.iter().partition(is_file);
    let mut files = Vec::new();
    for path in paths.into_iter().map(PathBuf::from).chain(arguments.files.iter().cloned()) {
        collect(&path, &mut files)?;
    }
    let mut findings = Vec::new();
    for file in &files {
        findings.push(file_finding(file, arguments, context, output));
    }
    if files.is_empty() || !references.is_empty() {
        findings.extend(stored(&references, arguments, context, output)?);
    }
    let total = |severity| findings.iter().map(|finding| finding.count(severity)).sum::<usize>();
    let (errors, warnings) = (total(Severity::Error), total(Severity::Warning));
    if !output.is_json() {
        for finding in &findings {
            for diagnostic in &finding.diagnostics {
                output.excerpt(diagnostic);
            }
            if let Some(failure) = &finding.failure {
                output.error(failure.message());
            }
        }
    }
    let mut table = output.table(&["TEMPLATE", "ERRORS", "WARNINGS"]);
    for finding in &findings {
        let count = |severity| finding.count(severity).to_string();
        table.add_row([finding.name.clone(), count(Severity::Error), count(Severity::Warning)]);
    }
    let items: Vec<_> = findings.iter().map(Finding::document).collect();
    let document = json!({ "items": items, "errors": errors, "warnings": warnings });
    output.data(&document, |_| table_text(&table))?;
    Ok(passed(errors == 0))
}

/// A file as it is, and of a folder all files of templates, sorted.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let before = files.len();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| Failure::failed(format!("cannot read a folder: {error}")))?;
        let is_prompt = entry.path().extension().is_some_and(|extension| extension == "prompt");
        if entry.file_type().is_file() && is_prompt {
            files.push(entry.into_path());
        }
        if files.len() - before > MOST_FILES {
            let message = format!("{} holds more than {MOST_FILES} templates", path.display());
            return Err(Failure::usage(message).kind("too_many"));
        }
    }
    if files.len() == before {
        let message = format!("there is no template in {}", path.display());
        return Err(Failure::new(Code::NotFound, message).hint("files of templates end in .prompt"));
    }
    Ok(())
}

fn file_finding(file: &Path, arguments: &LintArguments, context: &Context, output: &mut Output) -> Finding {
    let name = input::name(file);
    match file_diagnostics(&name, file, arguments, context, output) {
        Ok(diagnostics) => Finding::of(name, diagnostics),
        Err(failure) => Finding { name, diagnostics: Vec::new(), failure: Some(failure) },
    }
}

fn file_diagnostics(
    name: &str,
    file: &Path,
    arguments: &LintArguments,
    context: &Context,
    output: &mut Output,
) -> Result<Vec<Diagnostic>, Failure> {
    let text = input::text(file, "template", output, !context.no_input)?;
    let engine = Engine::default();
    let partials = PartialFiles::beside(file, &arguments.partials).read(&engine, &text, output)?;
    let mut diagnostics = checked(&engine, name, &text, arguments.template_type);
    match engine.compile(name, &text, &partials) {
        Ok(template) => add(&mut diagnostics, template.warnings()),
        Err(error) => add(&mut diagnostics, error.diagnostics()),
    }
    Ok(diagnostics)
}

/// What the text says of itself, and what sessions do not give it.
fn checked(
    engine: &Engine,
    name: &str,
    text: &str,
    template_type: Option<OrchestrationTemplateType>,
) -> Vec<Diagnostic> {
    let every = OrchestrationTemplateType::Implementation.system_variables();
    let given = template_type.map_or(every, OrchestrationTemplateType::system_variables);
    let check = engine.check_with(name, text, &CheckOptions::default().also_given(given.iter().copied()));
    let mut unknown = match template_type {
        Some(_) => check.unknown_variables(given),
        None => Vec::new(),
    };
    for diagnostic in &mut unknown {
        // It may be meant for --var.
        diagnostic.severity = Severity::Warning;
        diagnostic.message.push_str(" by sessions");
    }
    let mut diagnostics = check.diagnostics;
    add(&mut diagnostics, &unknown);
    diagnostics
}

/// Adds what is not said of the same place yet.
fn add(diagnostics: &mut Vec<Diagnostic>, more: &[Diagnostic]) {
    for diagnostic in more {
        let is_known = diagnostics.iter().any(|known| {
            (known.code, &known.template, &known.span)
                == (diagnostic.code, &diagnostic.template, &diagnostic.span)
        });
        if !is_known {
            diagnostics.push(diagnostic.clone());
        }
    }
}

/// The named templates, or all of the project and the global ones.
fn stored(
    references: &[&String],
    arguments: &LintArguments,
    context: &Context,
    output: &mut Output,
) -> Result<Vec<Finding>, Failure> {
    let project = project(arguments.place.project.as_deref(), arguments.place.global);
    let manager = context.open(output)?;
    let mut named = Vec::new();
    for text in references {
        named.push(text.parse::<Reference>().map_err(|error| Failure::usage(error.to_string()))?);
    }
    if named.is_empty() {
        for owner in BTreeSet::from([project.as_str(), GLOBAL_PROJECT]) {
            let filter = PromptFilter { project: Some(owner.to_owned()), ..PromptFilter::default() };
            for entry in manager.list(&filter)?.items.into_iter().filter(|entry| entry.prompt.is_template) {
                let latest = format!("{owner}:{}@{}", entry.prompt.name, entry.prompt.latest);
                named.push(latest.parse()?);
            }
        }
    }
    named.iter().map(|reference| stored_finding(reference, &project, &manager)).collect()
}

fn stored_finding(
    reference: &Reference,
    project: &str,
    manager: &OrchestrationTemplateManager,
) -> Result<Finding, Failure> {
    let selected = manager.get(reference, project)?;
    let prompt = &selected.prompt;
    let name = format!("{}@{}", prompt.name, selected.version.header.number);
    let text = &selected.version.content;
    let template_type = prompt.placement.as_ref().map(|place| place.template_type);
    let mut diagnostics = checked(manager.engine(), &name, text, template_type);
    match manager.check(&name, &prompt.project, template_type, text) {
        Ok(_) => {}
        Err(manager::Error::Unusable(more)) => add(&mut diagnostics, &more),
        Err(manager::Error::Template(error)) => add(&mut diagnostics, error.diagnostics()),
        Err(error) => {
            return Ok(Finding { name, diagnostics, failure: Some(error.into()) });
        }
    }
    Ok(Finding::of(name, diagnostics))
}
