//! `prompt-tool orchestration template edit | rollback`.

use std::process::ExitCode;

use prompt_runner::manager::diff::diff;
use prompt_runner::manager::{
    Audience, Content, Error, Missing, OrchestrationTemplateManager, Publication, Reference, Refusal,
    SelectedVersion,
};
use prompt_runner::model::Tag;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::template::{content, in_project, prompt_document, settings};
use super::template_history::coloured;
use super::template_published::published;
use crate::cli::{NewContent, ReferenceArgument};
use crate::context::Context;
use crate::editor::{EditedFile, Editor};
use crate::failure::{self, Failure};
use crate::input;
use crate::output::Output;

pub(super) fn rollback(
    target: &ReferenceArgument,
    draft: bool,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let audience = if draft { Audience::Draft } else { Audience::Production };
    let manager = context.open(output)?;
    let made = manager.rollback(&target.reference, &in_project(target), audience, &context.stamp())?;
    published(&made, output)
}

pub(super) fn edit(
    target: &ReferenceArgument,
    new: &NewContent,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let config = settings(new)?;
    let editor = Editor::of_environment(!context.no_input && input::is_terminal())?;
    let manager = context.open(output)?;
    let old = to_be_edited(&manager, target)?;
    let old_tags = manager.tags(&old.version.header)?;
    let edit = Edit { old, old_tags, new, config, manager: &manager, context };
    let file = EditedFile::new(&edit.old.prompt.name, &edit.old.version.content)?;
    match edit.run(&editor, &file, output) {
        Ok(code) => {
            file.delete();
            Ok(code)
        }
        // Whatever went wrong, the text is the person's, and is not thrown away.
        Err(failure) => Err(match file.kept() {
            Some(path) => failure.also(format!(
                "your text is kept in {path}; to store it: prompt-tool {} update {}{} --file {}{}",
                if edit.old.prompt.placement.is_some() { "orchestration template" } else { "prompt" },
                failure::quoted(&edit.old.prompt.name),
                failure::in_project(&edit.old.prompt.project),
                failure::quoted(&path),
                if new.draft { " --draft" } else { "" },
            )),
            None => failure,
        }),
    }
}

/// The version that is named, of a prompt that may be changed.
fn to_be_edited(
    manager: &OrchestrationTemplateManager,
    target: &ReferenceArgument,
) -> Result<SelectedVersion, Failure> {
    let project = target.reference.project.clone().unwrap_or_else(|| in_project(target));
    let selected = manager.get(&target.reference, &project)?;
    let prompt = &selected.prompt;
    if prompt.project != project {
        return Err(Missing::OnlyGlobal { name: prompt.name.clone(), project }.into());
    }
    if prompt.is_removed() {
        return Err(Refusal::Removed { name: prompt.full_name() }.into());
    }
    Ok(selected)
}

/// A version that is being edited, and what is said of the one that comes of it.
struct Edit<'a> {
    old: SelectedVersion,
    old_tags: Vec<Tag>,
    new: &'a NewContent,
    config: Option<Map<String, Value>>,
    manager: &'a OrchestrationTemplateManager,
    context: &'a Context,
}

impl Edit<'_> {
    fn run(&self, editor: &Editor, file: &EditedFile, output: &mut Output) -> Outcome {
        let text = self.edited(editor, file, output)?;
        let (prompt, old) = (&self.old.prompt, &self.old.version);
        let has_settings = self.config.is_some() || self.new.no_tags || !self.new.tags.is_empty();
        if text == old.content && !has_settings {
            return self.unchanged(output);
        }
        let changes = diff(&old.content, &text);
        if !changes.is_empty() {
            let old_name = format!("{}@{}", prompt.name, old.header.number);
            let new_name = format!("{} (edited)", prompt.name);
            output.painted_note(changes.unified(&old_name, &new_name).trim_end(), || {
                coloured(&changes, &old_name, &new_name).trim_end().to_owned()
            });
        }
        // What is not given is as it was in the version that was opened, which need not be the newest.
        let old_config = old.header.config.clone().unwrap_or_default();
        let given = content(&text, self.new, Some(self.config.as_ref().unwrap_or(&old_config)));
        let tags = given.tags.or(Some(&self.old_tags));
        let content = Content { based_on: Some(prompt.latest), tags, ..given };
        let reference =
            Reference { project: Some(prompt.project.clone()), ..Reference::production(prompt.name.clone()) };
        let stamp = self.context.stamp();
        let made = self.manager.update(&reference, &prompt.project, Publication::Any, &content, &stamp)?;
        published(&made, output)
    }

    /// The text that comes out of the editor, once it can be saved.
    fn edited(&self, editor: &Editor, file: &EditedFile, output: &mut Output) -> Result<String, Failure> {
        loop {
            editor.open(file.path())?;
            let text = file.read(output)?;
            if text == self.old.version.content {
                return Ok(text);
            }
            match self.check(&text) {
                Ok(()) => return Ok(text),
                Err(error) => self.refuse(error, file, output)?,
            }
        }
    }

    fn unchanged(&self, output: &mut Output) -> Outcome {
        let (prompt, version) = (&self.old.prompt, self.old.version.header.number);
        let mut document = prompt_document(prompt);
        document["version"] = json!(version);
        document["unchanged"] = json!(true);
        output.data(&document, |_| format!("{}@{version} · unchanged", prompt.name))?;
        Ok(ExitCode::SUCCESS)
    }

    fn check(&self, text: &str) -> Result<(), Error> {
        let prompt = &self.old.prompt;
        if prompt.is_template {
            let template_type = prompt.placement.as_ref().map(|place| place.template_type);
            self.manager.check(&prompt.name, &prompt.project, template_type, text)?;
        }
        Ok(())
    }

    /// Says what is wrong, and asks whether to edit again; without a person that is the end.
    fn refuse(&self, error: Error, file: &EditedFile, output: &mut Output) -> Result<(), Failure> {
        let is_in_the_text =
            matches!(error, Error::Template(_) | Error::Unusable(_) | Error::NotFound(_) | Error::Refused(_));
        let failure = Failure::from(error);
        if !is_in_the_text || self.context.no_input || output.is_json() || !input::is_terminal() {
            return Err(failure);
        }
        output.failure(&failure);
        output.note(format!("Your text is in {}", file.path().display()));
        if input::agrees("Not saved. Edit again?") { Ok(()) } else { Err(Failure::failed("not saved")) }
    }
}
