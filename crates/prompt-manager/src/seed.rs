//! Seeds: the reserved projects, the built-in templates, and the rules that suggest a feature type.

use prompt_model::builtin::{BUILTIN_AUTHOR, BUILTIN_TEMPLATES, FEATURE_RULES, FEATURE_TYPES_PROMPT};
use prompt_model::db::NewPrompt;
use prompt_model::{
    DEFAULT_PROJECT, GLOBAL_PROJECT, ORCHESTRATION_CATEGORY, Project, Prompt, PromptId, Queries, SlotId,
    Stamp, VersionHeader,
};
use prompt_template::sha256_hex;
use serde_json::json;

use crate::change_log::{Action, Entry, record};
use crate::publish::current;
use crate::{Content, OrchestrationTemplateManager, Result};

/// What seeding did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// Built-in templates that were not there.
    pub added: Vec<&'static str>,
    /// Built-in templates that got a newer version.
    pub upgraded: Vec<&'static str>,
}

impl OrchestrationTemplateManager {
    /// Makes the reserved projects and the built-in templates where they are missing, and adds a version
    /// where sessions still use an older built-in. What a person made of them stays as it is.
    ///
    /// Nothing is written where nothing is to be done.
    pub fn seed(&self, at: std::time::SystemTime) -> Result<SeedReport> {
        let stamp = Stamp::new(BUILTIN_AUTHOR, at);
        if self.database.snapshot(is_seeded)? {
            return Ok(SeedReport::default());
        }
        self.database.write(|q| {
            q.lock_setup()?;
            let mut seeding = Seeding { manager: self, stamp: &stamp, report: SeedReport::default() };
            seeding.run(q)?;
            Ok(seeding.report)
        })
    }
}

/// Whether each built-in is there, and no old version of one is in use.
fn is_seeded(q: &mut Queries<'_>) -> Result<bool> {
    let mut names: Vec<&str> = BUILTIN_TEMPLATES.iter().map(|builtin| builtin.name).collect();
    names.push(FEATURE_TYPES_PROMPT);
    let stored = q.prompts_named(&[GLOBAL_PROJECT], &names)?;
    if stored.len() < names.len() || q.project_by_name(DEFAULT_PROJECT)?.is_none() {
        return Ok(false);
    }
    for prompt in stored {
        if outdated(q, &prompt, builtin_text(&prompt.name)).unwrap_or(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn builtin_text(name: &str) -> &'static str {
    BUILTIN_TEMPLATES
        .iter()
        .find(|builtin| builtin.name == name)
        .map_or(FEATURE_RULES, |builtin| builtin.content)
}

/// Whether sessions use an older text of ours. A text that was once stored is not stored again: a newer build
/// that shares the database went on from it.
fn outdated(q: &mut Queries<'_>, prompt: &Prompt, text: &str) -> Result<bool> {
    let sha256 = sha256_hex(text);
    let is_ours = |version: &VersionHeader| version.author.as_deref() == Some(BUILTIN_AUTHOR);
    let Some(ours) = prompt.current.as_ref().filter(|version| is_ours(version)) else { return Ok(false) };
    // Where production names another than the newest, somebody chose it.
    if ours.sha256.as_deref() == Some(&sha256) || ours.number != prompt.latest {
        return Ok(false);
    }
    let stored = q.versions(prompt.id)?;
    Ok(!stored.iter().any(|version| is_ours(version) && version.sha256.as_deref() == Some(&sha256)))
}

/// What is seeded, and what came of it.
struct Seeding<'a> {
    manager: &'a OrchestrationTemplateManager,
    stamp: &'a Stamp,
    report: SeedReport,
}

impl Seeding<'_> {
    fn run(&mut self, q: &mut Queries<'_>) -> Result<()> {
        // Every row is locked before the first entry of the change log.
        let new_projects =
            [(GLOBAL_PROJECT, "Templates for all projects"), (DEFAULT_PROJECT, "Where no project is named")];
        let mut entries = Vec::new();
        for (name, description) in new_projects {
            if q.project_by_name(name)?.is_none() {
                q.insert_project(name, Some(description), self.stamp)?;
                let details = json!({ "description": description });
                entries.push(Entry::of_project(Action::ProjectAdded, name, details));
            }
        }
        let global = q.project_by_name(GLOBAL_PROJECT)?.expect("it was made where it was missing");
        let mut slots = Vec::new();
        for builtin in &BUILTIN_TEMPLATES {
            slots.push(q.lock_slot(builtin.template_type, global.id, None)?);
            lock(q, builtin.name)?;
        }
        lock(q, FEATURE_TYPES_PROMPT)?;
        record(q, entries, self.stamp)?;
        for (builtin, slot) in BUILTIN_TEMPLATES.iter().zip(slots) {
            self.prompt(q, &global, builtin.name, builtin.content, Some(slot))?;
        }
        self.prompt(q, &global, FEATURE_TYPES_PROMPT, FEATURE_RULES, None)
    }

    /// One of ours: made where it is missing, followed up where sessions use an older text of ours. It
    /// passes the gates and protections that any version passes. A template has a slot.
    fn prompt(
        &mut self,
        q: &mut Queries<'_>,
        global: &Project,
        name: &'static str,
        text: &'static str,
        slot: Option<(SlotId, Option<PromptId>)>,
    ) -> Result<()> {
        let content = Content { message: Some("built-in"), ..Content::new(text) };
        if let Some(prompt) = q.prompt_by_name(GLOBAL_PROJECT, name)? {
            if outdated(q, &prompt, text)? {
                self.manager.store_builtin(q, &prompt, &content, Action::VersionAdded, self.stamp)?;
                self.report.upgraded.push(name);
            }
            return Ok(());
        }
        let category = slot.map(|_| ORCHESTRATION_CATEGORY);
        let id = q.insert_prompt(&new_prompt(global, name, text, category), self.stamp)?;
        if let Some((slot, active)) = slot {
            q.insert_template(id, slot)?;
            if active.is_none() {
                q.set_active(slot, Some(id))?;
            }
            self.report.added.push(name);
        }
        let prompt = current(q, GLOBAL_PROJECT, name)?;
        self.manager.store_builtin(q, &prompt, &content, Action::PromptAdded, self.stamp)?;
        Ok(())
    }
}

fn lock(q: &mut Queries<'_>, name: &str) -> Result<()> {
    match q.prompt_by_name(GLOBAL_PROJECT, name)? {
        Some(prompt) => Ok(q.lock_prompt(prompt.id)?),
        None => Ok(()),
    }
}

fn new_prompt<'a>(
    global: &Project,
    name: &'a str,
    content: &'a str,
    category: Option<&'a str>,
) -> NewPrompt<'a> {
    NewPrompt {
        project_id: global.id,
        name,
        category,
        description: Some("built-in"),
        content,
        is_template: category.is_some(),
    }
}
