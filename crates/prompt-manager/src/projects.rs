//! Projects.

use prompt_model::{GLOBAL_PROJECT, Project, Stamp, TextRule};
use serde_json::json;

use crate::change_log::{Action, Entry, record};
use crate::publish::check_actor;
use crate::{Error, OrchestrationTemplateManager, Refusal, Result};

impl OrchestrationTemplateManager {
    /// Makes a project. A name may be 1 to 100 characters, with neither `:` nor `@`, which references use.
    pub fn add_project(&self, name: &str, description: Option<&str>, stamp: &Stamp) -> Result<Project> {
        check_actor(stamp)?;
        TextRule::PROJECT_NAME.apply_name(name)?;
        refuse_reference_characters("project name", name)?;
        if name == GLOBAL_PROJECT {
            return Err(Error::Refused(Refusal::Reserved { what: "project", name: name.to_owned() }));
        }
        if let Some(description) = description {
            TextRule::NOTE.apply(description)?;
        }
        self.database.write(|q| {
            let project = q.insert_project(name, description, stamp)?;
            let details = json!({ "description": description });
            record(q, vec![Entry::of_project(Action::ProjectAdded, name, details)], stamp)?;
            Ok(project)
        })
    }

    /// All projects, by name; the reserved global one among them.
    pub fn projects(&self) -> Result<Vec<Project>> {
        self.database.read(|q| Ok(q.projects()?))
    }

    /// The project of this name.
    pub fn project(&self, name: &str) -> Result<Project> {
        self.database.read(|q| crate::read::known_project(q, name))
    }
}

/// Refuses what a reference could not name, and what a reader would not see.
pub(crate) fn refuse_reference_characters(what: &'static str, name: &str) -> Result<()> {
    if name.chars().any(prompt_template::is_hidden) {
        return Err(Error::Model(prompt_model::Error::BadName {
            what,
            name: name.to_owned(),
            reason: "it holds an invisible or bidirectional control character",
        }));
    }
    if name.contains([':', '@']) {
        return Err(Error::Model(prompt_model::Error::BadName {
            what,
            name: name.to_owned(),
            reason: "':' and '@' have a meaning in references",
        }));
    }
    Ok(())
}
