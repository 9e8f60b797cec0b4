//! Adding templates and prompts, and new versions of them.

use prompt_model::db::NewPrompt;
use prompt_model::{
    FeatureType, GLOBAL_PROJECT, Label, ORCHESTRATION_CATEGORY, OrchestrationTemplateType, Prompt, PromptId,
    Queries, Stamp, Tag, TextRule, VersionHeader, builtin,
};
use prompt_template::{CheckOptions, Diagnostic};
use serde_json::{Map, Value, json};

use crate::closure::StoredPartials;
use crate::diff::LineCounts;
use crate::error::GateRefusal;
use crate::gates::required;
use crate::labels::{lock, refuse_removed};
use crate::projects::refuse_reference_characters;
use crate::read::known_project;
use crate::{Error, OrchestrationTemplateManager, Reference, Refusal, Result};

/// A template to be added.
#[derive(Debug, Clone)]
pub struct NewTemplate<'a> {
    /// Its name, unique in the project.
    pub name: &'a str,
    /// Its type.
    pub template_type: OrchestrationTemplateType,
    /// Its project.
    pub project: &'a str,
    /// The feature type that it is for, where it is for one.
    pub feature_type: Option<&'a FeatureType>,
    /// A line about it.
    pub description: Option<&'a str>,
    /// Its first version.
    pub content: Content<'a>,
}

/// A prompt of any category but that of the orchestration, to be added.
#[derive(Debug, Clone)]
pub struct NewPlainPrompt<'a> {
    /// Its name, unique in the project.
    pub name: &'a str,
    /// Its project.
    pub project: &'a str,
    /// Its category; made where it is missing.
    pub category: Option<&'a str>,
    /// A line about it.
    pub description: Option<&'a str>,
    /// Whether its text is a template, which alone may be used as a partial, or plain.
    pub is_template: bool,
    /// Its first version.
    pub content: Content<'a>,
}

/// The text of a new version.
#[derive(Debug, Clone, Copy, Default)]
pub struct Content<'a> {
    /// The text; stored byte for byte.
    pub text: &'a str,
    /// A note about it.
    pub message: Option<&'a str>,
    /// Who will see it.
    pub audience: Audience,
    /// Settings for whoever calls a model with it; left out, those of the newest version.
    pub config: Option<&'a Map<String, Value>>,
    /// Tags; left out, those of the newest version.
    pub tags: Option<&'a [Tag]>,
    /// The version that the text was made from. Where a newer one is there by now, nothing is stored.
    pub based_on: Option<i32>,
}

impl<'a> Content<'a> {
    /// A text for sessions, and nothing else said of it.
    pub fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}

/// Who sees a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Sessions: the label `production` moves to it.
    #[default]
    Production,
    /// Nobody, until a label names it.
    Draft,
}

/// What became of a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The prompt as it is now.
    pub prompt: Prompt,
    /// The version.
    pub version: VersionHeader,
    /// The version that `production` named before.
    pub production_before: Option<i32>,
    /// Whether the version was there already: the same text, settings and tags make no new one.
    pub unchanged: bool,
    /// The lines that a version that was added adds and removes against the one that `production` named before;
    /// none where nothing was added, or nothing was named.
    pub changed: Option<LineCounts>,
    /// Why `production` did not move to it, where it should have.
    pub held_back: Vec<GateRefusal>,
    /// What the text uses that no session gives by itself; it has to be given with the session.
    pub extra_variables: Vec<String>,
}

/// Which prompts an update is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// Templates of the orchestration alone.
    Template,
    /// Prompts of any category, templates among them.
    Any,
}

impl OrchestrationTemplateManager {
    /// Adds a template with its first version.
    ///
    /// It becomes the active one where its slot has none; unless it is a draft, also where the active one is
    /// a built-in, or has no production version itself.
    pub fn add(&self, new: &NewTemplate<'_>, stamp: &Stamp) -> Result<Published> {
        check_name(new.name)?;
        check_texts(new.description, &new.content, stamp)?;
        self.database.write(|q| {
            let project = known_project(q, new.project)?;
            let required =
                self.check_content(q, new.name, new.project, Some(new.template_type), new.content.text)?;
            let (slot, active) = q.lock_slot(new.template_type, project.id, new.feature_type)?;
            refuse_removed_name(q, new.project, new.name)?;
            let id = q.insert_prompt(
                &NewPrompt {
                    project_id: project.id,
                    name: new.name,
                    category: Some(ORCHESTRATION_CATEGORY),
                    description: new.description,
                    content: new.content.text,
                    is_template: true,
                },
                stamp,
            )?;
            q.insert_template(id, slot)?;
            let is_published = new.content.audience == Audience::Production;
            let becomes_active = match active {
                // A draft serves nobody, so it must not take the place of what serves all.
                Some(active) if is_published => serves_nobody(q, active)? || is_builtin(q, active)?,
                Some(_) => false,
                None => true,
            };
            if becomes_active {
                q.set_active(slot, Some(id))?;
            }
            let prompt = current(q, new.project, new.name)?;
            self.store_first(q, &prompt, &new.content, required, stamp)
        })
    }

    /// Adds a prompt that stands in no slot, with its first version.
    pub fn add_prompt(&self, new: &NewPlainPrompt<'_>, stamp: &Stamp) -> Result<Published> {
        check_name(new.name)?;
        check_texts(new.description, &new.content, stamp)?;
        if let Some(category) = new.category {
            TextRule::CATEGORY_NAME.apply_name(category)?;
            if category == ORCHESTRATION_CATEGORY {
                return Err(Error::Refused(Refusal::Reserved {
                    what: "category",
                    name: category.to_owned(),
                }));
            }
        }
        self.database.write(|q| {
            let project = known_project(q, new.project)?;
            let required =
                self.usable(q, (new.project, new.name, new.is_template), None, new.content.text)?;
            refuse_removed_name(q, new.project, new.name)?;
            q.insert_prompt(
                &NewPrompt {
                    project_id: project.id,
                    name: new.name,
                    category: new.category,
                    description: new.description,
                    content: new.content.text,
                    is_template: new.is_template,
                },
                stamp,
            )?;
            let prompt = current(q, new.project, new.name)?;
            self.store_first(q, &prompt, &new.content, required, stamp)
        })
    }

    /// Adds a version to a prompt of this project, or of the one that the reference names.
    ///
    /// Where text, settings and tags are those of the newest version, or of the one that `production` names,
    /// no version is added. Where a gate or a protection keeps `production` from moving to it, the version is
    /// stored as a draft, and [`Published::held_back`] says why.
    pub fn update(
        &self,
        reference: &Reference,
        project: &str,
        kind: Publication,
        content: &Content<'_>,
        stamp: &Stamp,
    ) -> Result<Published> {
        check_texts(None, content, stamp)?;
        self.database.write(|q| {
            let prompt = lock(q, reference, project)?;
            if kind == Publication::Template && prompt.placement.is_none() {
                return Err(Error::Refused(Refusal::NotATemplate { name: prompt.name }));
            }
            refuse_removed(&prompt)?;
            self.store_next(q, &prompt, content, stamp)
        })
    }

    /// Checks a text as [`add`](Self::add) and [`update`](Self::update) do, and stores nothing. Returns the
    /// variables that have to be given with a session.
    pub fn check(
        &self,
        name: &str,
        project: &str,
        template_type: Option<OrchestrationTemplateType>,
        text: &str,
    ) -> Result<Vec<String>> {
        let checked =
            self.database.snapshot(|q| self.check_content(q, name, project, template_type, text))?;
        Ok(checked)
    }

    pub(crate) fn check_content(
        &self,
        queries: &mut Queries<'_>,
        name: &str,
        project: &str,
        template_type: Option<OrchestrationTemplateType>,
        text: &str,
    ) -> Result<Vec<String>> {
        let known = template_type.map(OrchestrationTemplateType::system_variables).unwrap_or_default();
        let options = CheckOptions::default().also_given(known.iter().copied());
        let check = self.engine.check_with(name, text, &options);
        if !check.is_ok() {
            return Err(Error::Unusable(check.diagnostics));
        }
        let partials = StoredPartials::load(self, queries, project, &check.partials)?;
        let template = self.engine.compile(name, text, &partials.texts)?;
        if let Some(template_type) = template_type {
            let mistaken = mistaken_variables(check.unknown_variables(known), template_type);
            if !mistaken.is_empty() {
                return Err(Error::Unusable(mistaken));
            }
        }
        Ok(required(&template, template_type).collect())
    }
}

/// A variable that no session gives may be meant for `--var`. One that is nearly the name of a given one,
/// or is given to other types alone, is a mistake.
fn mistaken_variables(unknown: Vec<Diagnostic>, template_type: OrchestrationTemplateType) -> Vec<Diagnostic> {
    const SLIPS: usize = 2;
    let given_elsewhere = OrchestrationTemplateType::Implementation.system_variables();
    let is_mistaken = |d: &Diagnostic| {
        let Some(name) = d.subject.clone() else { return false };
        let is_slip = |given: &String| strsim::damerau_levenshtein(given, &name) <= SLIPS;
        given_elsewhere.contains(&name.as_str()) || d.suggestion.as_ref().is_some_and(is_slip)
    };
    let mut mistaken: Vec<Diagnostic> = unknown.into_iter().filter(is_mistaken).collect();
    for diagnostic in &mut mistaken {
        diagnostic.message.push_str(&format!(" to {template_type} templates"));
    }
    mistaken
}

pub(crate) fn current(q: &mut Queries<'_>, project: &str, name: &str) -> Result<Prompt> {
    Ok(q.prompt_by_name(project, name)?.expect("the prompt was stored in this transaction"))
}

fn serves_nobody(q: &mut Queries<'_>, active: PromptId) -> Result<bool> {
    Ok(!q.labels(&[active])?.iter().any(|(_, label, _)| label == Label::production().as_str()))
}

fn is_builtin(q: &mut Queries<'_>, active: PromptId) -> Result<bool> {
    let names: Vec<&str> = builtin::BUILTIN_TEMPLATES.iter().map(|builtin| builtin.name).collect();
    Ok(q.prompts_named(&[GLOBAL_PROJECT], &names)?.iter().any(|prompt| prompt.id == active))
}

/// The name of a removed template is taken: its versions are still there.
fn refuse_removed_name(q: &mut Queries<'_>, project: &str, name: &str) -> Result<()> {
    match q.prompt_by_name(project, name)? {
        Some(prompt) => refuse_removed(&prompt),
        None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<()> {
    TextRule::PROMPT_NAME.apply_name(name)?;
    refuse_reference_characters("prompt name", name)
}

/// The name of a person or a program that is not this one.
pub(crate) fn check_actor(stamp: &Stamp) -> Result<()> {
    TextRule::ACTOR.apply_name(&stamp.actor)?;
    if stamp.actor == builtin::BUILTIN_AUTHOR {
        return Err(Error::Refused(Refusal::Reserved { what: "actor", name: stamp.actor.clone() }));
    }
    Ok(())
}

fn check_texts(description: Option<&str>, content: &Content<'_>, stamp: &Stamp) -> Result<()> {
    if content.text.trim().is_empty() {
        return Err(Error::Refused(Refusal::EmptyText));
    }
    TextRule::CONTENT.apply(content.text)?;
    check_actor(stamp)?;
    for note in [description, content.message].into_iter().flatten() {
        TextRule::NOTE.apply(note)?;
    }
    if let Some(config) = content.config {
        TextRule::CONFIG.apply(&json!(config).to_string())?;
    }
    Ok(())
}
