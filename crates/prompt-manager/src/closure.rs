//! Closures: a version with every partial that it reaches, compiled, and kept in memory.
//!
//! A version never changes, so a compiled closure is named by the rows of its versions and never stale:
//! when a label moves, the closure has another name.

use std::collections::BTreeMap;
use std::sync::Arc;

use prompt_model::{PartialPin, Queries, VersionId};
use prompt_template::Template;
use quick_cache::sync;

use crate::read::select_included;
use crate::{Error, OrchestrationTemplateManager, Reference, Refusal, Result};

/// How many compiled closures and how many sources are kept.
const KEPT: usize = 1_000;
/// How deep partials may lead to partials.
const DEEPEST: usize = 16;

/// A compiled version, and the partial versions that it was compiled with.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The template, ready to render.
    pub template: Arc<Template>,
    /// The partials that it reaches, by reference.
    pub partials: Vec<PartialPin>,
}

pub(crate) struct Cache {
    sources: sync::Cache<VersionId, Arc<Source>>,
    compiled: sync::Cache<Key, Arc<Template>>,
}

/// The root and each partial with the reference under which it is included.
type Key = (VersionId, Vec<(String, VersionId)>);

struct Source {
    content: String,
    partials: Vec<String>,
}

impl Default for Cache {
    fn default() -> Self {
        Self { sources: sync::Cache::new(KEPT), compiled: sync::Cache::new(KEPT) }
    }
}

/// The texts of the partials that a text reaches, and the versions that they come from.
pub(crate) struct StoredPartials {
    pub(crate) texts: BTreeMap<String, String>,
    pins: Vec<PartialPin>,
}

impl StoredPartials {
    fn none() -> Self {
        Self { texts: BTreeMap::new(), pins: Vec::new() }
    }

    /// Looks up every partial that is reached from these references, in `project`, then globally. One
    /// that is not there is left out: the compiler says where it is used.
    pub(crate) fn load(
        manager: &OrchestrationTemplateManager,
        queries: &mut Queries<'_>,
        project: &str,
        references: &[String],
    ) -> Result<Self> {
        let mut found = Self::none();
        let mut level: Vec<String> = references.to_vec();
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for name in level {
                if found.texts.contains_key(&name) {
                    continue;
                }
                if let Some((id, source)) = stored_partial(manager, queries, project, &name)? {
                    next.extend(source.partials.iter().cloned());
                    found.pins.push(PartialPin { reference: name.clone(), version_id: id });
                    found.texts.insert(name, source.content.clone());
                }
            }
            if next.is_empty() {
                found.pins.sort_by(|a, b| a.reference.cmp(&b.reference));
                return Ok(found);
            }
            level = next;
        }
        let name = references.first().cloned().unwrap_or_default();
        Err(Error::Refused(Refusal::PartialsTooDeep { name, limit: DEEPEST }))
    }
}

fn stored_partial(
    manager: &OrchestrationTemplateManager,
    queries: &mut Queries<'_>,
    project: &str,
    name: &str,
) -> Result<Option<(VersionId, Arc<Source>)>> {
    let Ok(reference) = name.parse::<Reference>() else { return Ok(None) };
    let selected = match select_included(queries, &reference, project) {
        Ok(selected) => selected,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    if !selected.prompt.is_template {
        return Err(Error::Refused(Refusal::PlainPartial { name: selected.prompt.name }));
    }
    let id = selected.version.header.id;
    Ok(Some((id, manager.keep_source(id, selected.version.content))))
}

impl OrchestrationTemplateManager {
    /// Compiles a version with its partials as they resolve now in `project`, or takes it from memory.
    ///
    /// `name` is what errors call it.
    pub fn load(&self, version: VersionId, name: &str, project: &str) -> Result<Loaded> {
        // A version never changes, so without partials there is nothing to look up.
        if let Some(source) = self.cache.sources.get(&version).filter(|source| source.partials.is_empty()) {
            return self.compiled(version, name, &source, StoredPartials::none());
        }
        self.database.snapshot(|q| self.load_in(q, version, name, project))
    }

    /// As [`load`](Self::load), in a transaction of the caller's.
    pub fn load_in(
        &self,
        queries: &mut Queries<'_>,
        version: VersionId,
        name: &str,
        project: &str,
    ) -> Result<Loaded> {
        let source = self.source(queries, version, name)?;
        let partials = StoredPartials::load(self, queries, project, &source.partials)?;
        self.compiled(version, name, &source, partials)
    }

    /// Compiles a version with exactly these partials, or takes it from memory: what a session pinned.
    ///
    /// Pins of the session's other templates may stand among them.
    pub fn load_pinned(
        &self,
        queries: &mut Queries<'_>,
        version: VersionId,
        name: &str,
        pins: &[PartialPin],
    ) -> Result<Loaded> {
        let source = self.source(queries, version, name)?;
        let mut reached = StoredPartials::none();
        let mut open = source.partials.clone();
        while let Some(reference) = open.pop() {
            let pin = pins.iter().find(|pin| pin.reference == reference);
            let Some(pin) = pin.filter(|_| !reached.texts.contains_key(&reference)) else { continue };
            let partial = self.source(queries, pin.version_id, &reference)?;
            open.extend(partial.partials.iter().cloned());
            reached.texts.insert(reference, partial.content.clone());
            reached.pins.push(pin.clone());
        }
        reached.pins.sort_by(|a, b| a.reference.cmp(&b.reference));
        self.compiled(version, name, &source, reached)
    }

    fn source(&self, queries: &mut Queries<'_>, version: VersionId, name: &str) -> Result<Arc<Source>> {
        if let Some(source) = self.cache.sources.get(&version) {
            return Ok(source);
        }
        let content = queries.version_content(version)?.ok_or_else(|| {
            Error::Model(prompt_model::Error::Corrupt {
                what: "reference to a version",
                value: format!("{name}, row {}", version.0),
            })
        })?;
        Ok(self.keep_source(version, content))
    }

    fn keep_source(&self, version: VersionId, content: String) -> Arc<Source> {
        if let Some(source) = self.cache.sources.get(&version) {
            return source;
        }
        let partials = self.engine.partials(&content);
        let source = Arc::new(Source { content, partials });
        self.cache.sources.insert(version, source.clone());
        source
    }

    fn compiled(
        &self,
        version: VersionId,
        name: &str,
        source: &Source,
        partials: StoredPartials,
    ) -> Result<Loaded> {
        let key: Key =
            (version, partials.pins.iter().map(|pin| (pin.reference.clone(), pin.version_id)).collect());
        let template = match self.cache.compiled.get(&key) {
            Some(template) => template,
            None => {
                let template = Arc::new(self.engine.compile(name, &source.content, &partials.texts)?);
                self.cache.compiled.insert(key, template.clone());
                template
            }
        };
        Ok(Loaded { template, partials: partials.pins })
    }
}
