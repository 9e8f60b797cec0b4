//! Seeds: the reserved projects, the built-in templates, and the rules that suggest a feature type.

use prompt_model::builtin::{
    BUILTIN_AUTHOR, BUILTIN_TEMPLATES, BuiltinTemplate, FEATURE_RULES, FEATURE_TYPES_PROMPT,
};
use prompt_model::db::NewPrompt;
use prompt_model::{
    DEFAULT_PROJECT, GLOBAL_PROJECT, Label, NewVersion, ORCHESTRATION_CATEGORY, Project, Prompt, Queries,
    Stamp, VersionHeader,
};
use prompt_template::sha256_hex;
use serde_json::json;

use crate::change_log::{Action, Entry, label_move, record};
use crate::publish::current;
use crate::{OrchestrationTemplateManager, Result};

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
            let mut seeding = Seeding { stamp: &stamp, report: SeedReport::default(), entries: Vec::new() };
            let global = seeding.project(q, GLOBAL_PROJECT, "Templates for all projects")?;
            seeding.project(q, DEFAULT_PROJECT, "Where no project is named")?;
            for builtin in &BUILTIN_TEMPLATES {
                seeding.template(q, &global, builtin)?;
            }
            seeding.feature_rules(q, &global)?;
            record(q, seeding.entries, &stamp)?;
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
    if ours.sha256.as_deref() == Some(&sha256) {
        return Ok(false);
    }
    let stored = q.versions(prompt.id)?;
    Ok(!stored.iter().any(|version| is_ours(version) && version.sha256.as_deref() == Some(&sha256)))
}

/// What seeding does, and what it has to say of it.
struct Seeding<'a> {
    stamp: &'a Stamp,
    report: SeedReport,
    /// Written at the end: the log is locked behind everything else.
    entries: Vec<Entry>,
}

impl Seeding<'_> {
    fn project(&mut self, q: &mut Queries<'_>, name: &str, description: &str) -> Result<Project> {
        if let Some(project) = q.project_by_name(name)? {
            return Ok(project);
        }
        let details = json!({ "description": description });
        self.entries.push(Entry::of_project(Action::ProjectAdded, name, details));
        Ok(q.insert_project(name, Some(description), self.stamp)?)
    }

    fn template(&mut self, q: &mut Queries<'_>, global: &Project, builtin: &BuiltinTemplate) -> Result<()> {
        match q.prompt_by_name(GLOBAL_PROJECT, builtin.name)? {
            Some(prompt) => {
                if outdated(q, &prompt, builtin.content)? {
                    q.lock_prompt(prompt.id)?;
                    self.report.upgraded.push(builtin.name);
                    self.version(q, &prompt, builtin.content, Action::VersionAdded)?;
                }
            }
            None => {
                self.report.added.push(builtin.name);
                let (slot, active) = q.lock_slot(builtin.template_type, global.id, None)?;
                let new = new_prompt(global, builtin.name, builtin.content, Some(ORCHESTRATION_CATEGORY));
                let id = q.insert_prompt(&new, self.stamp)?;
                q.insert_template(id, slot)?;
                if active.is_none() {
                    q.set_active(slot, Some(id))?;
                }
                let prompt = current(q, GLOBAL_PROJECT, builtin.name)?;
                self.version(q, &prompt, builtin.content, Action::PromptAdded)?;
            }
        }
        Ok(())
    }

    /// The rules that suggest a feature type: a plain prompt, which people edit like any other.
    fn feature_rules(&mut self, q: &mut Queries<'_>, global: &Project) -> Result<()> {
        match q.prompt_by_name(GLOBAL_PROJECT, FEATURE_TYPES_PROMPT)? {
            Some(prompt) => {
                if outdated(q, &prompt, FEATURE_RULES)? {
                    q.lock_prompt(prompt.id)?;
                    self.version(q, &prompt, FEATURE_RULES, Action::VersionAdded)?;
                }
                Ok(())
            }
            None => {
                q.insert_prompt(&new_prompt(global, FEATURE_TYPES_PROMPT, FEATURE_RULES, None), self.stamp)?;
                let prompt = current(q, GLOBAL_PROJECT, FEATURE_TYPES_PROMPT)?;
                self.version(q, &prompt, FEATURE_RULES, Action::PromptAdded)
            }
        }
    }

    fn version(&mut self, q: &mut Queries<'_>, prompt: &Prompt, text: &str, action: Action) -> Result<()> {
        let production = Label::production();
        let sha256 = sha256_hex(text);
        let new =
            NewVersion { content: text, sha256: &sha256, message: Some("built-in"), ..NewVersion::default() };
        let version = q.insert_version(prompt.id, &new, self.stamp)?;
        q.set_label(prompt.id, &production, version.number)?;
        q.set_prompt_content(prompt.id, text, self.stamp)?;
        let labels = label_move(production.as_str(), prompt.production(), Some(version.number));
        let details =
            json!({ "version": version.number, "sha256": sha256, "message": "built-in", "labels": labels });
        self.entries.push(Entry::of_prompt(action, prompt, details));
        Ok(())
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
