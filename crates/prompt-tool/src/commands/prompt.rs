//! `prompt-tool prompt`: prompts of any category.

use prompt_runner::manager::{NewPlainPrompt, Publication};

use super::template_published::published;
use super::{Outcome, template, template_list};
use crate::cli::PromptCommand;
use crate::context::{Context, project};
use crate::input;
use crate::output::Output;

pub(super) fn run(command: &PromptCommand, context: &Context, output: &mut Output) -> Outcome {
    match command {
        PromptCommand::List(search) => template_list::prompts(search, context, output),
        PromptCommand::Show(target) => template::show(target, context, output),
        PromptCommand::Update(arguments) => template::update(arguments, Publication::Any, context, output),
        PromptCommand::Add { name, place, category, file, plain, description, new } => {
            let config = template::settings(new)?;
            let text = input::text(file, "prompt", output, !context.no_input)?;
            let project = project(place.project.as_deref(), place.global);
            let prompt = NewPlainPrompt {
                name,
                project: &project,
                category: category.as_deref(),
                description: description.as_deref(),
                is_template: !plain,
                content: template::content(&text, new, config.as_ref()),
            };
            let manager = context.open(output)?;
            published(&manager.add_prompt(&prompt, &context.stamp())?, output)
        }
    }
}
