//! Discovery: pages of prompts, and who uses one.

use std::collections::HashMap;

use prompt_model::db::{PromptFilter, PromptPlace, PromptText};
use prompt_model::{Label, Prompt, PromptId, Queries, SessionUse, TextRule};

use crate::read::{find, find_included, known_project};
use crate::{OrchestrationTemplateManager, Reference, Result};

/// How many rows are read at once, however long a list is.
const BATCH: usize = 1_000;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What the database can tell by itself.
    pub filter: PromptFilter,
    /// Only templates whose current text uses this variable.
    pub variable: Option<String>,
}

/// A prompt of a list, with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptListing {
    /// The prompt, with its current version.
    pub prompt: Prompt,
    /// Its stored labels and the versions that they name, by name.
    pub labels: Vec<(String, i32)>,
}

/// A part of a list, ordered by project and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The prompts.
    pub items: Vec<PromptListing>,
    /// Where the next page begins: behind this place; none at the end of the list.
    pub next: Option<PromptPlace>,
}

/// Who uses a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The prompt that the reference means.
    pub prompt: Prompt,
    /// The prompts whose current text includes it as a partial, by project and name.
    pub prompts: Vec<PromptUse>,
    /// The sessions that pin a version of it, newest first.
    pub sessions: Vec<SessionUse>,
}

/// A prompt that includes another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PromptUse {
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The partial as it is written there.
    pub reference: String,
}

impl OrchestrationTemplateManager {
    /// The prompts that pass the filter, by project and name, with their labels and current versions: three
    /// statements for each page of up to 1,000.
    pub fn list(&self, filter: &PromptFilter) -> Result<Page> {
        self.search(&Search { filter: filter.clone(), variable: None })
    }

    /// As [`list`](Self::list), for more than the database can tell by itself.
    pub fn search(&self, search: &Search) -> Result<Page> {
        for text in [&search.filter.text, &search.variable].into_iter().flatten() {
            TextRule::SEARCH.apply(text)?;
        }
        self.database.snapshot(|q| {
            // Every prompt has a newest version; the label is not stored.
            let is_latest = |label: &String| *label == Label::latest().as_str();
            let label = search.filter.label.clone().filter(|label| !is_latest(label));
            let filter = PromptFilter { label, ..search.filter.clone() };
            let limit = filter.limit.map(|limit| usize::try_from(limit).unwrap_or(0));
            // One more than asked for tells whether there is a next page.
            let wanted = limit.map_or(usize::MAX, |limit| limit.saturating_add(1));
            let mut prompts = match &search.variable {
                Some(variable) => self.that_use_variable(q, &filter, variable, wanted)?,
                None => in_batches(q, &filter, wanted)?,
            };
            if let Some(project) = filter.project.as_ref().filter(|_| prompts.is_empty()) {
                known_project(q, project)?;
            }
            let next = limit.filter(|limit| prompts.len() > *limit).map(|limit| {
                prompts.truncate(limit);
                prompts.last().map(place)
            });
            let labels = labels(q, &prompts)?;
            Ok(Page { items: with_labels(prompts, labels), next: next.flatten() })
        })
    }

    /// The prompts that include a prompt as a partial, and the sessions that pin one of its versions, or,
    /// where the reference names one, that version.
    pub fn used_by(&self, reference: &Reference, project: &str) -> Result<Usage> {
        self.database.snapshot(|q| {
            let prompt = find(q, reference, project)?;
            let mut sessions = q.sessions_that_use(prompt.id)?;
            if reference.names_version {
                let version = crate::read::selected_version(q, &prompt, reference)?.header.number;
                sessions.retain(|session| session.version == version);
            }
            Ok(Usage { prompts: self.that_include(q, &prompt)?, sessions, prompt })
        })
    }

    fn that_use_variable(
        &self,
        q: &mut Queries<'_>,
        filter: &PromptFilter,
        variable: &str,
        wanted: usize,
    ) -> Result<Vec<Prompt>> {
        let filter = PromptFilter { content: Some(variable.to_owned()), ..filter.clone() };
        let mut found: Vec<PromptId> = Vec::new();
        each_template(q, &filter, |_, text| {
            let uses = self.engine.check("search", &text.content).variables;
            if uses.iter().any(|used| used.name == variable) {
                found.push(text.id);
            }
            Ok(found.len() < wanted)
        })?;
        let mut prompts = Vec::new();
        for ids in found.chunks(BATCH) {
            prompts.extend(q.prompts_by_id(ids)?);
        }
        let order: HashMap<PromptId, usize> =
            found.into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        prompts.sort_by_key(|prompt| order.get(&prompt.id).copied());
        Ok(prompts)
    }

    fn that_include(&self, q: &mut Queries<'_>, prompt: &Prompt) -> Result<Vec<PromptUse>> {
        let filter = PromptFilter { content: Some(prompt.name.clone()), ..PromptFilter::default() };
        let mut found = Vec::new();
        each_template(q, &filter, |q, text| {
            for name in self.engine.partials(&text.content) {
                let Ok(reference) = name.parse::<Reference>() else { continue };
                if reference.name != prompt.name {
                    continue;
                }
                // A partial is looked up from where it is used.
                let meant = find_included(q, &reference, &text.place.project).ok();
                if meant.is_some_and(|meant| meant.id == prompt.id) {
                    let PromptPlace { project, name: user } = text.place.clone();
                    found.push(PromptUse { project, name: user, reference: name });
                }
            }
            Ok(true)
        })?;
        Ok(found)
    }
}

/// Walks through the templates that pass the filter, a batch at a time, until `visit` has enough.
fn each_template(
    q: &mut Queries<'_>,
    filter: &PromptFilter,
    mut visit: impl FnMut(&mut Queries<'_>, &PromptText) -> Result<bool>,
) -> Result<()> {
    // Texts are up to 1 MiB each.
    const TEXTS: usize = 100;
    let mut filter = PromptFilter { limit: i64::try_from(TEXTS).ok(), ..filter.clone() };
    loop {
        let batch = q.prompt_texts(&filter)?;
        for text in &batch {
            if !visit(q, text)? {
                return Ok(());
            }
        }
        match batch.last() {
            Some(last) if batch.len() == TEXTS => filter.after = Some(last.place.clone()),
            _ => return Ok(()),
        }
    }
}

/// A list of any length, read in batches: SQLite binds some thousands of values at most.
fn in_batches(q: &mut Queries<'_>, filter: &PromptFilter, wanted: usize) -> Result<Vec<Prompt>> {
    let mut filter = filter.clone();
    let mut prompts: Vec<Prompt> = Vec::new();
    loop {
        let asked = wanted.saturating_sub(prompts.len()).min(BATCH);
        filter.limit = i64::try_from(asked).ok();
        let batch = q.prompts(&filter)?;
        let is_last = batch.len() < asked;
        prompts.extend(batch);
        if is_last || prompts.len() >= wanted {
            return Ok(prompts);
        }
        filter.after = prompts.last().map(place);
    }
}

fn labels(q: &mut Queries<'_>, prompts: &[Prompt]) -> Result<HashMap<PromptId, Vec<(String, i32)>>> {
    let mut labels: HashMap<PromptId, Vec<(String, i32)>> = HashMap::new();
    for chunk in prompts.chunks(BATCH) {
        let ids: Vec<PromptId> = chunk.iter().map(|prompt| prompt.id).collect();
        for (id, label, number) in q.labels(&ids)? {
            labels.entry(id).or_default().push((label, number));
        }
    }
    Ok(labels)
}

fn with_labels(
    prompts: Vec<Prompt>,
    mut labels: HashMap<PromptId, Vec<(String, i32)>>,
) -> Vec<PromptListing> {
    let listing = |prompt: Prompt| {
        let labels = labels.remove(&prompt.id).unwrap_or_default();
        PromptListing { prompt, labels }
    };
    prompts.into_iter().map(listing).collect()
}

fn place(prompt: &Prompt) -> PromptPlace {
    PromptPlace { project: prompt.project.clone(), name: prompt.name.clone() }
}
