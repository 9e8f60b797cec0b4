//! The manager: the one handle to templates in a database.

use prompt_model::db::CandidateDepth;
use prompt_model::{Database, OrchestrationTemplateType, Queries};
use prompt_template::Engine;

use crate::closure::Cache;
use crate::resolution::{self, Chosen, Resolution, ResolveRequest};
use crate::{Error, Missing, Refusal, Result, Scope};

/// Templates in a database: created, read, updated, removed, resolved. Cheap to share by reference.
///
/// Compiled templates are kept in memory. A version never changes, so what is kept is never stale.
pub struct OrchestrationTemplateManager {
    pub(crate) database: Database,
    pub(crate) engine: Engine,
    pub(crate) cache: Cache,
}

impl OrchestrationTemplateManager {
    /// A manager of the templates in this database, with the default limits for templates.
    pub fn new(database: Database) -> Self {
        Self::with_engine(database, Engine::default())
    }

    /// A manager with an engine of the caller's.
    pub fn with_engine(database: Database, engine: Engine) -> Self {
        Self { database, engine, cache: Cache::default() }
    }

    /// The same templates with nothing kept in memory.
    pub(crate) fn with_empty_cache(&self) -> Self {
        Self::with_engine(self.database.clone(), self.engine.clone())
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The engine that templates are compiled with.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Finds the template for a request, in one statement unless one is named explicitly.
    ///
    /// # Errors
    /// [`Missing::ActiveTemplate`] where there is none, [`Missing::Project`] where the project is unknown.
    pub fn resolve(&self, request: &ResolveRequest<'_>) -> Result<Chosen> {
        let resolution = self.database.read(|q| resolve(q, request, CandidateDepth::Active))?;
        resolution.chosen().cloned()
    }

    /// As [`resolve`](Self::resolve), with every candidate and why it was taken or passed over.
    ///
    /// Where nothing can be chosen the candidates are there all the same.
    pub fn explain(&self, request: &ResolveRequest<'_>) -> Result<Resolution> {
        self.database.snapshot(|q| self.explain_in(q, request))
    }

    /// As [`explain`](Self::explain), in a transaction of the caller's.
    pub fn explain_in(&self, queries: &mut Queries<'_>, request: &ResolveRequest<'_>) -> Result<Resolution> {
        resolve(queries, request, CandidateDepth::All)
    }
}

fn resolve(
    queries: &mut Queries<'_>,
    request: &ResolveRequest<'_>,
    depth: CandidateDepth,
) -> Result<Resolution> {
    let explicit = match request.explicit {
        Some(reference) => Some(explicit(queries, request, reference)?),
        None => None,
    };
    let slots = queries
        .slot_candidates(request.template_type, request.project, request.feature_type, depth)?
        .ok_or_else(|| Error::NotFound(Missing::Project { name: request.project.to_owned() }))?;
    Ok(resolution::resolve(request, explicit, &slots))
}

fn explicit(
    queries: &mut Queries<'_>,
    request: &ResolveRequest<'_>,
    reference: &crate::Reference,
) -> Result<Chosen> {
    let selected = crate::read::select(queries, reference, request.project)?;
    let prompt = selected.prompt;
    let place = prompt
        .placement
        .as_ref()
        .ok_or_else(|| Error::Refused(Refusal::NotATemplate { name: prompt.name.clone() }))?;
    check_type(&prompt.name, place.template_type, request.template_type)?;
    if place.removed_at.is_some() {
        return Err(Error::Refused(Refusal::Removed { name: prompt.full_name() }));
    }
    Ok(Chosen {
        scope: Scope::Explicit,
        project: prompt.project,
        prompt_id: prompt.id,
        name: prompt.name,
        version_id: selected.version.header.id,
        version: selected.version.header.number,
        sha256: selected.version.header.sha256,
    })
}

fn check_type(
    name: &str,
    actual: OrchestrationTemplateType,
    wanted: OrchestrationTemplateType,
) -> Result<()> {
    if actual == wanted {
        return Ok(());
    }
    Err(Error::Refused(Refusal::OtherType { name: name.to_owned(), actual, wanted }))
}
