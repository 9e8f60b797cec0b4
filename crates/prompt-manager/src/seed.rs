//! Seeds: the reserved projects and the built-in templates.

use prompt_model::builtin::{BUILTIN_AUTHOR, BUILTIN_TEMPLATES, BuiltinTemplate};
use prompt_model::db::NewPrompt;
use prompt_model::{
    DEFAULT_PROJECT, GLOBAL_PROJECT, Label, NewVersion, ORCHESTRATION_CATEGORY, Project, PromptId, Queries,
    Stamp,
};
use prompt_template::sha256_hex;

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
            let global = ensure_project(q, GLOBAL_PROJECT, "Templates for all projects", &stamp)?;
            ensure_project(q, DEFAULT_PROJECT, "Where no project is named", &stamp)?;
            let mut report = SeedReport::default();
            for builtin in &BUILTIN_TEMPLATES {
                seed_one(q, &global, builtin, &mut report, &stamp)?;
            }
            Ok(report)
        })
    }
}

/// Whether each built-in is there, and no old version of one is in use.
fn is_seeded(q: &mut Queries<'_>) -> Result<bool> {
    let names: Vec<&str> = BUILTIN_TEMPLATES.iter().map(|builtin| builtin.name).collect();
    let stored = q.prompts_named(&[GLOBAL_PROJECT], &names)?;
    if stored.len() < names.len() || q.project_by_name(DEFAULT_PROJECT)?.is_none() {
        return Ok(false);
    }
    for prompt in stored {
        let builtin = BUILTIN_TEMPLATES.iter().find(|b| b.name == prompt.name);
        if builtin.is_some_and(|b| outdated(q, prompt.id, prompt.production, b).unwrap_or(true)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn outdated(
    q: &mut Queries<'_>,
    prompt: PromptId,
    production: Option<i32>,
    builtin: &BuiltinTemplate,
) -> Result<bool> {
    let Some(number) = production else { return Ok(false) };
    let version = q.version_by_number(prompt, number)?;
    Ok(version
        .is_some_and(|v| v.header.author.as_deref() == Some(BUILTIN_AUTHOR) && v.content != builtin.content))
}

fn ensure_project(q: &mut Queries<'_>, name: &str, description: &str, stamp: &Stamp) -> Result<Project> {
    match q.project_by_name(name)? {
        Some(project) => Ok(project),
        None => Ok(q.insert_project(name, Some(description), stamp)?),
    }
}

fn seed_one(
    q: &mut Queries<'_>,
    global: &Project,
    builtin: &BuiltinTemplate,
    report: &mut SeedReport,
    stamp: &Stamp,
) -> Result<()> {
    let prompt = match q.prompt_by_name(GLOBAL_PROJECT, builtin.name)? {
        Some(prompt) => {
            if !outdated(q, prompt.id, prompt.production, builtin)? {
                return Ok(());
            }
            q.lock_prompt(prompt.id)?;
            report.upgraded.push(builtin.name);
            prompt.id
        }
        None => {
            report.added.push(builtin.name);
            insert_builtin(q, global, builtin, stamp)?
        }
    };
    let sha256 = sha256_hex(builtin.content);
    let variables: Vec<String> =
        builtin.template_type.system_variables().iter().map(ToString::to_string).collect();
    let new = NewVersion {
        content: builtin.content,
        sha256: &sha256,
        message: Some("built-in"),
        variables: &variables,
    };
    let version = q.insert_version(prompt, &new, stamp)?;
    q.set_label(prompt, &Label::production(), version.number)?;
    Ok(q.set_prompt_content(prompt, builtin.content, stamp)?)
}

fn insert_builtin(
    q: &mut Queries<'_>,
    global: &Project,
    builtin: &BuiltinTemplate,
    stamp: &Stamp,
) -> Result<PromptId> {
    let (slot, active) = q.lock_slot(builtin.template_type, global.id, None)?;
    let id = q.insert_prompt(
        &NewPrompt {
            project_id: global.id,
            name: builtin.name,
            category: Some(ORCHESTRATION_CATEGORY),
            description: Some("built-in"),
            content: builtin.content,
            is_template: true,
        },
        stamp,
    )?;
    q.insert_template(id, slot)?;
    if active.is_none() {
        q.set_active(slot, Some(id))?;
    }
    Ok(id)
}
