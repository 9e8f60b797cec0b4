//! `prompt-tool orchestration template convert`: prompts in other notations, as Handlebars.

use prompt_runner::model::OrchestrationTemplateType;
use prompt_runner::template::convert::{ConvertOptions, Includes, Report, Values, convert};
use serde_json::json;

use super::{Outcome, passed};
use crate::cli::{ConvertArguments, PrintedAs};
use crate::context::Context;
use crate::input;
use crate::output::Output;
use crate::partial_files::PartialFiles;

pub(super) fn run(arguments: &ConvertArguments, context: &Context, output: &mut Output) -> Outcome {
    let file = &arguments.file;
    let text = input::text(file, "prompt", output, !context.no_input)?;
    let system = OrchestrationTemplateType::Implementation.system_variables();
    let texts = system.iter().copied().chain(arguments.texts.iter().map(String::as_str));
    let includes = arguments.includes.iter().cloned().chain(PartialFiles::beside(file, &[]).names());
    let values = match arguments.values {
        PrintedAs::Python => Values::Python,
        PrintedAs::Text => Values::Text,
    };
    let includes = Includes::Named(includes.collect());
    let options = ConvertOptions::default().texts(texts).values(values).includes(includes);
    let conversion = convert(arguments.from, &text, &options);
    let name = input::name(file);
    let at = |report: &Report| format!("{name}:{}: {}: {}", report.line, report.construct, report.reason);
    if !output.is_json() {
        for report in &conversion.report {
            output.error(at(report));
        }
        for note in &conversion.notes {
            output.note(format!("note: {}", at(note)));
        }
    }
    let document = json!({
        "convertible": conversion.is_convertible(),
        "handlebars": conversion.handlebars,
        "report": conversion.report,
        "notes": conversion.notes,
    });
    output.document(&document, conversion.handlebars.as_deref().unwrap_or_default())?;
    Ok(passed(conversion.is_convertible()))
}
