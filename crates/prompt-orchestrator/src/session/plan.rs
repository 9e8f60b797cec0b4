//! Planning: three templates resolved, pinned, checked; the orchestrator prompt rendered.

use prompt_manager::model::db::Queries;
use prompt_manager::model::{
    FeatureType, NewSession, OrchestrationTemplateType, PartialPin, Pin, SessionTexts, Stamp, TextRule,
};
use prompt_manager::resolution::Chosen;
use prompt_manager::template::Declaration;
use prompt_manager::{Loaded, Reference, ResolveRequest, Scope};
use rand::{Rng, RngExt};
use serde_json::{Map, Value};

use super::error::MissingVariable;
use super::render::Given;
use super::{Error, Orchestrator, Result};

/// What is to be planned.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// The request; it must hold something.
    pub feature_request: String,
    /// The project.
    pub project: String,
    /// The feature type, where there is one.
    pub feature_type: Option<FeatureType>,
    /// Why it is that one, where it was suggested and not given; kept with the session.
    pub feature_reason: Option<String>,
    /// Templates that are named instead of resolved.
    pub templates: Vec<(OrchestrationTemplateType, Reference)>,
    /// Further variables, for every prompt.
    pub variables: Map<String, Value>,
}

/// A planned session, or, where it was not stored, what it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its id.
    pub session_id: String,
    /// Its project.
    pub project: String,
    /// The orchestrator prompt.
    pub prompt: String,
    /// The three templates, in the order in which they are used.
    pub templates: Vec<PlannedTemplate>,
    /// Variables that were given and that no template uses.
    pub unused_variables: Vec<String>,
}

/// A template that a session pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTemplate {
    /// Its type.
    pub template_type: OrchestrationTemplateType,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i32,
    /// SHA-256 of the version's text.
    pub sha256: String,
    /// Where it was found.
    pub scope: Scope,
}

/// Everything that storing a plan takes.
struct Draft {
    planned: Planned,
    nonce: String,
    pins: Vec<Pin>,
    partials: Vec<PartialPin>,
}

impl Orchestrator<'_> {
    /// Plans a session and stores it.
    pub fn plan(&self, request: &PlanRequest, stamp: &Stamp, rng: &mut impl Rng) -> Result<Planned> {
        TextRule::ACTOR.apply_name(&stamp.actor)?;
        let draft = self.draft(request, rng)?;
        self.manager.database().write(|q| {
            let project = q.project_by_name(&request.project)?.expect("the draft found the project");
            let new = NewSession {
                session_id: &draft.planned.session_id,
                project_id: project.id,
                feature_request: &request.feature_request,
                feature_type: request.feature_type.as_ref(),
                feature_reason: request.feature_reason.as_deref(),
                variables: &request.variables,
                nonce: &draft.nonce,
                rendered_orchestrator: &draft.planned.prompt,
                pins: &draft.pins,
                partials: &draft.partials,
            };
            q.insert_session(&new, stamp)?;
            Ok::<_, Error>(())
        })?;
        Ok(draft.planned)
    }

    /// As [`plan`](Self::plan), and stores nothing.
    pub fn dry_plan(&self, request: &PlanRequest, rng: &mut impl Rng) -> Result<Planned> {
        Ok(self.draft(request, rng)?.planned)
    }

    fn draft(self, request: &PlanRequest, rng: &mut impl Rng) -> Result<Draft> {
        check(request)?;
        // 64 random bits: ids are unique in practice, and the database refuses the rest.
        let session_id = format!("{:016x}", rng.random::<u64>());
        let nonce = format!("{:032x}", rng.random::<u128>());
        self.manager.database().snapshot(|q| {
            let mut draft = Draft {
                planned: Planned {
                    session_id,
                    project: request.project.clone(),
                    prompt: String::new(),
                    templates: Vec::new(),
                    unused_variables: Vec::new(),
                },
                nonce,
                pins: Vec::new(),
                partials: Vec::new(),
            };
            let mut loaded = Vec::new();
            for template_type in OrchestrationTemplateType::ALL {
                loaded.push((template_type, self.choose(q, request, template_type, &mut draft)?));
            }
            refuse_missing_variables(&loaded, &request.variables)?;
            draft.planned.unused_variables = unused_variables(&loaded, &request.variables);
            let given = Given {
                feature_request: &request.feature_request,
                project: &request.project,
                feature_type: request.feature_type.as_ref().map_or("", FeatureType::as_str),
                session_id: &draft.planned.session_id,
                extra: &request.variables,
                nonce: &draft.nonce,
            };
            let (template_type, first) = &loaded[0];
            draft.planned.prompt = given.render(*template_type, &first.template, &SessionTexts::default())?;
            Ok(draft)
        })
    }

    fn choose(
        self,
        queries: &mut Queries<'_>,
        request: &PlanRequest,
        template_type: OrchestrationTemplateType,
        draft: &mut Draft,
    ) -> Result<Loaded> {
        let explicit = request.templates.iter().find(|(t, _)| *t == template_type).map(|(_, r)| r);
        let resolve = ResolveRequest {
            template_type,
            project: &request.project,
            feature_type: request.feature_type.as_ref(),
            explicit,
        };
        let resolution = self.manager.explain_in(queries, &resolve)?;
        let chosen = resolution.chosen()?;
        let loaded = self.manager.load_in(queries, chosen.version_id, &chosen.name, &request.project)?;
        let pin = pin(template_type, chosen, &loaded, serde_json::json!(resolution.candidates));
        draft.planned.templates.push(PlannedTemplate {
            template_type,
            project: pin.project.clone(),
            name: pin.name.clone(),
            version: pin.version,
            sha256: pin.sha256.clone().unwrap_or_default(),
            scope: chosen.scope,
        });
        draft.pins.push(pin);
        for partial in &loaded.partials {
            if !draft.partials.contains(partial) {
                draft.partials.push(partial.clone());
            }
        }
        Ok(loaded)
    }
}

pub(super) fn pin(
    template_type: OrchestrationTemplateType,
    chosen: &Chosen,
    loaded: &Loaded,
    reasons: Value,
) -> Pin {
    // A version of the predecessor has no digest beside it.
    let digest = || prompt_manager::template::sha256_hex(loaded.template.source());
    Pin {
        template_type,
        version_id: chosen.version_id,
        prompt_id: chosen.prompt_id,
        project: chosen.project.clone(),
        name: chosen.name.clone(),
        version: chosen.version,
        sha256: Some(chosen.sha256.clone().unwrap_or_else(digest)),
        scope: chosen.scope.to_string(),
        closure_digest: loaded.template.closure_digest(),
        reasons,
    }
}

fn check(request: &PlanRequest) -> Result<()> {
    if request.feature_request.trim().is_empty() {
        return Err(Error::Empty { what: "feature request" });
    }
    TextRule::FEATURE_REQUEST.apply(&request.feature_request)?;
    if let Some(reason) = &request.feature_reason {
        TextRule::NOTE.apply(reason)?;
    }
    let reserved = OrchestrationTemplateType::Implementation.system_variables();
    if let Some(name) = request.variables.keys().find(|name| reserved.contains(&name.as_str())) {
        return Err(Error::ReservedVariable { name: name.clone() });
    }
    for (name, value) in &request.variables {
        TextRule::VARIABLES.apply(name)?;
        TextRule::VARIABLES.apply(value.as_str().unwrap_or_default())?;
    }
    Ok(TextRule::VARIABLES.apply(&Value::from(request.variables.clone()).to_string())?)
}

/// Names every variable that any of the three templates lacks, before the first prompt is sent.
fn refuse_missing_variables(
    loaded: &[(OrchestrationTemplateType, Loaded)],
    variables: &Map<String, Value>,
) -> Result<()> {
    let mut missing: Vec<MissingVariable> = Vec::new();
    for (template_type, loaded) in loaded {
        let system = template_type.system_variables();
        for variable in loaded.template.variables() {
            let name = variable.name.as_str();
            let declared = loaded.template.declarations().get(name);
            let has_value = declared.is_some_and(Declaration::may_be_left_out);
            let known = has_value || system.contains(&name) || variables.contains_key(name);
            let template = loaded.template.name();
            if known || missing.iter().any(|m| m.name == name && m.template == template) {
                continue;
            }
            let place = variable.uses.first().map_or_else(
                || template.to_owned(),
                |first| format!("{}:{}:{}", first.template, first.span.line, first.span.column),
            );
            missing.push(MissingVariable { name: name.to_owned(), template: template.to_owned(), place });
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::MissingVariables(missing)) }
}

fn unused_variables(
    loaded: &[(OrchestrationTemplateType, Loaded)],
    variables: &Map<String, Value>,
) -> Vec<String> {
    let is_used =
        |name: &str| loaded.iter().any(|(_, l)| l.template.variables().iter().any(|v| v.name == name));
    variables.keys().filter(|name| !is_used(name)).cloned().collect()
}
