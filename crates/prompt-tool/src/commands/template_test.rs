//! `prompt-tool orchestration template test`: renders a version or a file, and checks it.

use std::path::Path;

use prompt_runner::manager::stored_tests::{TEST_NONCE, example_variables, render_example};
use prompt_runner::manager::{OrchestrationTemplateManager, Reference, Tested};
use prompt_runner::model::OrchestrationTemplateType;
use prompt_runner::template::{Code, Engine, Error as TemplateError, Missing, RenderOptions, Template};
use serde_json::{Map, Value, json};

use super::{Outcome, passed, template_backtest, template_test_store};
use crate::checks;
use crate::cli::TestArguments;
use crate::context::{Context, project};
use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use crate::partial_files::PartialFiles;

pub(super) fn run(arguments: &TestArguments, context: &Context, output: &mut Output) -> Outcome {
    match (&arguments.reference, &arguments.file) {
        (Some(reference), _) => stored(reference, arguments, context, output),
        (None, Some(path)) => file(path, arguments, context, output),
        (None, None) => unreachable!("clap requires one of the two"),
    }
}

/// The variables of a call: those of a file, and those of the command line, whose kinds a template declares.
pub(super) struct Given {
    file: Map<String, Value>,
    texts: Map<String, Value>,
}

impl Given {
    pub(super) fn read(arguments: &TestArguments, output: &mut Output) -> Result<Self, Failure> {
        let texts = input::variables(&arguments.variables)?;
        let file = match &arguments.vars {
            Some(file) => input::variables_file(file, output)?,
            None => Map::new(),
        };
        Ok(Self { file, texts })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.file.is_empty() && self.texts.is_empty()
    }

    /// All of them, over these examples, for this template.
    pub(super) fn over(
        mut self,
        mut examples: Map<String, Value>,
        template: Option<&Template>,
    ) -> Map<String, Value> {
        if let Some(template) = template {
            template.declarations().parse_texts(&mut self.texts);
        }
        examples.extend(self.file);
        examples.extend(self.texts);
        examples
    }
}

fn file(path: &Path, arguments: &TestArguments, context: &Context, output: &mut Output) -> Outcome {
    let given = Given::read(arguments, output)?;
    let text = input::text(path, "template", output, !context.no_input)?;
    let engine = Engine::default();
    let partials = PartialFiles::beside(path, &arguments.partials).read(&engine, &text, output)?;
    let template = engine.compile(&input::name(path), &text, &partials)?;
    warn(&template, output);
    let rendered = render(&template, &given.over(Map::new(), Some(&template)), arguments.lenient)?;
    untested(&template, &rendered, output)
}

fn stored(
    reference: &Reference,
    arguments: &TestArguments,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let project = project(arguments.place.project.as_deref(), arguments.place.global);
    let given = Given::read(arguments, output)?;
    if let Some(change) = template_test_store::wanted(arguments, &given)? {
        return template_test_store::run(change, reference, &project, given, context, output);
    }
    let manager = context.open(output)?;
    if let Some(count) = arguments.against_sessions {
        return template_backtest::run(&manager, reference, &project, count, output);
    }
    let tested = manager.run_tests(reference, &project)?;
    let template = &tested.template;
    warn(template, output);
    let may_lack_variables = given.is_empty() && !tested.outcomes.is_empty();
    let examples = template_type(&tested).map(|of| example_variables(of, &project)).unwrap_or_default();
    let rendered = match render(template, &given.over(examples, Some(template)), arguments.lenient) {
        Ok(rendered) => Some(rendered),
        Err(error) if may_lack_variables && lacks_variables(&error) => {
            first_rendering(&manager, reference, &project, &tested)?
        }
        Err(error) => return Err(error.into()),
    };
    match rendered {
        Some(rendered) if tested.outcomes.is_empty() => untested(template, &rendered, output),
        rendered => {
            let document =
                json!({ "rendered": rendered, "checks": tested.outcomes, "warnings": template.warnings() });
            output.document(&document, rendered.as_deref().unwrap_or_default())?;
            if !output.is_json() {
                output.note(checks::lines(&tested.outcomes).trim_end());
            }
            Ok(passed(tested.outcomes.iter().all(|outcome| outcome.passed)))
        }
    }
}

fn template_type(tested: &Tested) -> Option<OrchestrationTemplateType> {
    tested.selected.prompt.placement.as_ref().map(|place| place.template_type)
}

fn render(
    template: &Template,
    variables: &Map<String, Value>,
    lenient: bool,
) -> Result<String, TemplateError> {
    let missing = if lenient { Missing::Empty } else { Missing::Refuse };
    let system = OrchestrationTemplateType::Implementation.system_variables();
    let options =
        RenderOptions::default().missing(missing).nonce(TEST_NONCE).also_given(system.iter().copied());
    template.render(variables, &options)
}

/// Whether a rendering fails for nothing but variables that nobody gave.
fn lacks_variables(error: &TemplateError) -> bool {
    let problems = error.diagnostics();
    !problems.is_empty() && problems.iter().all(|problem| problem.code == Code::MissingVariable)
}

/// The rendering of the first stored test that renders.
fn first_rendering(
    manager: &OrchestrationTemplateManager,
    reference: &Reference,
    project: &str,
    tested: &Tested,
) -> Result<Option<String>, Failure> {
    let own_project = &tested.selected.prompt.project;
    let render = |variables| render_example(&tested.template, template_type(tested), own_project, variables);
    let tests = manager.tests(reference, project)?;
    Ok(tests.iter().find_map(|test| render(&test.variables).ok()))
}

fn warn(template: &Template, output: &mut Output) {
    for warning in template.warnings() {
        output.excerpt(warning);
    }
}

/// A rendering of what has no stored tests.
fn untested(template: &Template, rendered: &str, output: &mut Output) -> Outcome {
    let checks = [
        json!({ "name": "compiles", "passed": true, "detail": format!("{} variables", template.variables().len()) }),
        json!({ "name": "renders", "passed": true, "detail": format!("{} bytes", rendered.len()) }),
    ];
    let document = json!({ "rendered": rendered, "checks": checks, "warnings": template.warnings() });
    output.document(&document, rendered)?;
    Ok(passed(true))
}
