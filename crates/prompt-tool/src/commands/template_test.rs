//! `prompt-tool orchestration template test`: renders a version or a file, and checks it.

use prompt_runner::manager::OrchestrationTemplateManager;
use prompt_runner::manager::Reference;
use prompt_runner::model::OrchestrationTemplateType;
use prompt_runner::template::{Engine, Missing, RenderOptions, Template};
use serde_json::{Map, Value, json};

use super::{Outcome, passed};
use crate::cli::TestArguments;
use crate::context::{Context, project};
use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use crate::partial_files::PartialFiles;

/// The nonce of a test; a session draws a random one.
const TEST_NONCE: &str = "00000000000000000000000000000000";

pub(super) fn run(arguments: &TestArguments, context: &Context, output: &mut Output) -> Outcome {
    let mut texts = input::variables(&arguments.variables)?;
    let given = match &arguments.vars {
        Some(file) => input::variables_file(file, output)?,
        None => Map::new(),
    };
    let (template, mut variables) = match (&arguments.reference, &arguments.file) {
        (Some(reference), _) => {
            let manager = context.open(output)?;
            stored(reference, arguments, &manager, given)?
        }
        (None, Some(file)) => {
            let text = input::text(file, "template", output, !context.no_input)?;
            let engine = Engine::default();
            let partials = PartialFiles::beside(file, &arguments.partials).read(&engine, &text, output)?;
            (std::sync::Arc::new(engine.compile(&input::name(file), &text, &partials)?), given)
        }
        (None, None) => unreachable!("clap requires one of the two"),
    };
    template.declarations().parse_texts(&mut texts);
    variables.extend(texts);
    let missing = if arguments.lenient { Missing::Empty } else { Missing::Refuse };
    let system = OrchestrationTemplateType::Implementation.system_variables();
    let options =
        RenderOptions::default().missing(missing).nonce(TEST_NONCE).also_given(system.iter().copied());
    for warning in template.warnings() {
        output.excerpt(warning);
    }
    let rendered = template.render(&variables, &options)?;
    let checks = [
        json!({ "name": "compiles", "passed": true, "detail": format!("{} variables", template.variables().len()) }),
        json!({ "name": "renders", "passed": true, "detail": format!("{} bytes", rendered.len()) }),
    ];
    let document = json!({ "rendered": rendered, "checks": checks, "warnings": template.warnings() });
    output.document(&document, &rendered)?;
    Ok(passed(true))
}

/// A stored version, with an example for each variable that every session gives and the caller does not.
fn stored(
    reference: &Reference,
    arguments: &TestArguments,
    manager: &OrchestrationTemplateManager,
    given: Map<String, Value>,
) -> Result<(std::sync::Arc<Template>, Map<String, Value>), Failure> {
    let project = project(arguments.place.project.as_deref(), arguments.place.global);
    let selected = manager.get(reference, &project)?;
    let loaded = manager.load(selected.version.header.id, &selected.prompt.name, &project)?;
    let mut variables =
        selected.prompt.placement.map(|place| examples(place.template_type, &project)).unwrap_or_default();
    variables.extend(given);
    Ok((loaded.template, variables))
}

fn examples(template_type: OrchestrationTemplateType, project: &str) -> Map<String, Value> {
    let example = |name: &&str| {
        let value = match *name {
            "feature_request" => "Add a waiting list for full courses",
            "project" => project,
            "feature_type" => "",
            "session_id" => "0123456789abcdef",
            "analysis_template" => "1. Find where courses are booked.",
            "implementation_template" => "1. Add the waiting list.",
            "execution_notes" => "Complexity: Medium\nEstimated Time: 6-8 hours",
            _ => "Courses are booked in `src/booking.rs:10-40`.",
        };
        ((*name).to_owned(), Value::from(value))
    };
    template_type.system_variables().iter().map(example).collect()
}
