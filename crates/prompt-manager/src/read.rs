//! Reading prompts and versions by reference.

use prompt_model::{Database, GLOBAL_PROJECT, Prompt, Queries, Tag, Version, VersionHeader};
use prompt_template::PromptFile;
use serde_json::{Map, Value, json};

use crate::{Error, Missing, OrchestrationTemplateManager, Reference, Refusal, Result, Selector};

/// A version, the prompt that it belongs to, and what else names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectedVersion {
    /// The prompt.
    pub prompt: Prompt,
    /// The version, with its text.
    pub version: Version,
}

impl OrchestrationTemplateManager {
    /// The version that a reference means, looked up in `project`, then globally.
    pub fn get(&self, reference: &Reference, project: &str) -> Result<SelectedVersion> {
        self.database.snapshot(|q| select(q, reference, project))
    }

    /// All versions of a prompt without their texts, newest first.
    pub fn versions(&self, prompt: &Prompt) -> Result<Vec<VersionHeader>> {
        Ok(self.database.read(|q| q.versions(prompt.id))?)
    }

    /// The tags of a version, by name.
    pub fn tags(&self, version: &VersionHeader) -> Result<Vec<Tag>> {
        let tags = Database::read(&self.database, |q| q.tags(&[version.id]))?;
        Ok(tags.into_iter().map(|(_, tag)| tag).collect())
    }

    /// The settings of a version for whoever calls a model with it: those of its front matter, `model` among
    /// them, and over them those that were given when it was stored.
    pub fn config(&self, version: &Version) -> Map<String, Value> {
        let file = PromptFile::parse("version", version.content.as_str()).ok();
        let front = file.as_ref().and_then(PromptFile::front_matter);
        let model =
            front.and_then(|front| front.model.clone()).map(|model| ("model".to_owned(), json!(model)));
        let config = front.map(|front| front.config.clone()).unwrap_or_default();
        let stored = version.header.config.clone().unwrap_or_default();
        model.into_iter().chain(config).chain(stored).collect()
    }

    /// The labels of a prompt and the versions that they name, by name; `latest` among them.
    pub fn labels(&self, prompt: &Prompt) -> Result<Vec<(String, i32)>> {
        let stored = Database::read(&self.database, |q| q.labels(&[prompt.id]))?;
        let mut labels: Vec<(String, i32)> = stored.into_iter().map(|(_, l, n)| (l, n)).collect();
        labels.push(("latest".to_owned(), prompt.latest));
        labels.sort();
        Ok(labels)
    }
}

/// The projects that a reference is looked up in, in order.
fn lookup_projects(reference: &Reference, project: &str) -> Vec<String> {
    match &reference.project {
        Some(named) => vec![named.clone()],
        None if project == GLOBAL_PROJECT => vec![GLOBAL_PROJECT.to_owned()],
        None => vec![project.to_owned(), GLOBAL_PROJECT.to_owned()],
    }
}

pub(crate) fn known_project(queries: &mut Queries<'_>, name: &str) -> Result<prompt_model::Project> {
    queries.project_by_name(name)?.ok_or_else(|| Error::NotFound(Missing::Project { name: name.to_owned() }))
}

/// The prompt that a reference means, whichever its version.
pub(crate) fn find(queries: &mut Queries<'_>, reference: &Reference, project: &str) -> Result<Prompt> {
    let places = lookup_projects(reference, project);
    let names: Vec<&str> = places.iter().map(String::as_str).collect();
    let mut found = queries.prompts_named(&names, &[&reference.name])?;
    found.sort_by_key(|prompt| places.iter().position(|p| *p == prompt.project));
    if found.is_empty() {
        // An unknown project is the better message.
        known_project(queries, &places[0])?;
        return Err(Error::NotFound(Missing::Prompt { reference: reference.clone(), projects: places }));
    }
    Ok(found.swap_remove(0))
}

/// The prompt that a text means by a partial: as [`find`], but one of the project that waits as a draft hides
/// no global one.
pub(crate) fn find_included(
    queries: &mut Queries<'_>,
    reference: &Reference,
    project: &str,
) -> Result<Prompt> {
    let prompt = find(queries, reference, project)?;
    if prompt.current.is_none() && reference.project.is_none() && prompt.project != GLOBAL_PROJECT {
        let global = queries.prompt_by_name(GLOBAL_PROJECT, &reference.name)?;
        return Ok(global.unwrap_or(prompt));
    }
    Ok(prompt)
}

/// The version that a text means by a partial.
pub(crate) fn select_included(
    queries: &mut Queries<'_>,
    reference: &Reference,
    project: &str,
) -> Result<SelectedVersion> {
    let prompt = find_included(queries, reference, project)?;
    let version = selected_version(queries, &prompt, reference)?;
    Ok(SelectedVersion { prompt, version })
}

/// The prompt that is to be changed as a whole; see [`find_in_project`].
pub(crate) fn find_for_change(
    queries: &mut Queries<'_>,
    reference: &Reference,
    project: &str,
) -> Result<Prompt> {
    if reference.names_version {
        return Err(Error::Refused(Refusal::NamesVersion { reference: reference.clone() }));
    }
    find_in_project(queries, reference, project)
}

/// The prompt of the project that is meant, never the global one by accident.
pub(crate) fn find_in_project(
    queries: &mut Queries<'_>,
    reference: &Reference,
    project: &str,
) -> Result<Prompt> {
    let project = reference.project.as_deref().unwrap_or(project);
    let here = Reference { project: Some(project.to_owned()), ..reference.clone() };
    match find(queries, &here, project) {
        Err(Error::NotFound(Missing::Prompt { .. }))
            if queries.prompt_by_name(GLOBAL_PROJECT, &reference.name)?.is_some() =>
        {
            let (name, project) = (reference.name.clone(), project.to_owned());
            Err(Error::NotFound(Missing::OnlyGlobal { name, project }))
        }
        found => found,
    }
}

/// The version that a reference means.
pub(crate) fn select(
    queries: &mut Queries<'_>,
    reference: &Reference,
    project: &str,
) -> Result<SelectedVersion> {
    let prompt = find(queries, reference, project)?;
    let version = selected_version(queries, &prompt, reference)?;
    Ok(SelectedVersion { prompt, version })
}

/// The version of a prompt that a reference means.
pub(crate) fn selected_version(
    queries: &mut Queries<'_>,
    prompt: &Prompt,
    reference: &Reference,
) -> Result<Version> {
    let number = number(queries, prompt, reference)?;
    queries.version_by_number(prompt.id, number)?.ok_or_else(|| {
        Error::NotFound(Missing::Version { reference: reference.clone(), latest: prompt.latest })
    })
}

fn number(queries: &mut Queries<'_>, prompt: &Prompt, reference: &Reference) -> Result<i32> {
    let no_label = || Error::NotFound(Missing::Label { reference: reference.clone() });
    match &reference.selector {
        Selector::Number(number) => Ok(*number),
        Selector::Label(label) if label.is_latest() => Ok(prompt.latest),
        Selector::Label(label) if *label == prompt_model::Label::production() => {
            prompt.production().ok_or_else(no_label)
        }
        Selector::Label(label) => queries
            .labels(&[prompt.id])?
            .into_iter()
            .find(|(_, name, _)| name == label.as_str())
            .map(|(.., number)| number)
            .ok_or_else(no_label),
        Selector::Digest(prefix) => by_digest(queries, prompt, prefix, reference),
    }
}

fn by_digest(queries: &mut Queries<'_>, prompt: &Prompt, prefix: &str, reference: &Reference) -> Result<i32> {
    let mut matching = Vec::new();
    for header in queries.versions(prompt.id)? {
        let digest = match header.sha256 {
            Some(digest) => digest,
            // A version of the predecessor has no digest beside it.
            None => queries
                .version_by_number(prompt.id, header.number)?
                .map(|version| prompt_template::sha256_hex(&version.content))
                .unwrap_or_default(),
        };
        if digest.starts_with(prefix) {
            matching.push((header.number, digest));
        }
    }
    match matching.as_slice() {
        [] => Err(Error::NotFound(Missing::Version { reference: reference.clone(), latest: prompt.latest })),
        // The same text may stand in several versions, the newest is as good as any.
        [(number, digest), rest @ ..] => match rest.iter().find(|(_, other)| other != digest) {
            None => Ok(*number),
            Some((other, _)) => Err(Error::Refused(Refusal::AmbiguousDigest {
                reference: reference.clone(),
                first: *other,
                second: *number,
            })),
        },
    }
}
