//! Gates: what must hold of a version before a label names it, checked inside the move itself.
//!
//! A label that asks for something is watched through a transaction: what it renders from (its version and
//! every partial that it reaches) is noted before the move and looked at again after it. Where that changed, the
//! tests must pass on exactly the new texts, and nothing more may be asked of callers. So a partial cannot be
//! moved under a template whose tests it breaks.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use prompt_model::{Label, LabelPolicy, OrchestrationTemplateType, Prompt, PromptId, Queries, VersionId};
use prompt_template::{Declaration, Template};

use crate::error::{GateFailure, GateRefusal};
use crate::stored_tests::run_tests;
use crate::{Error, OrchestrationTemplateManager, Result};

/// The labels that ask for something, as they are before a move.
pub(crate) struct Watch(Vec<Watched>);

struct Watched {
    prompt: Prompt,
    label: Label,
    policy: LabelPolicy,
    before: Before,
}

/// What a label rendered from before the move.
enum Before {
    /// It named no version.
    Nothing,
    /// It could not be used then either, so that a move is not to blame for it.
    Broken,
    Closure(Closure),
}

/// What a label renders from.
struct Closure {
    version: i32,
    versions: Vec<(String, VersionId)>,
    template: Arc<Template>,
}

impl Watch {
    /// Notes every label that asks for something and that moving labels of these prompts may touch: their
    /// own, and those of all that include partials.
    pub(crate) fn before(
        manager: &OrchestrationTemplateManager,
        q: &mut Queries<'_>,
        moved: &[PromptId],
    ) -> Result<Self> {
        // Moves that may touch each other's gates take turns; every row of this one is locked by now.
        q.lock_changes()?;
        let gated = q.gated_labels()?;
        let ids: BTreeSet<PromptId> = gated.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<PromptId> = ids.into_iter().collect();
        let mut prompts = HashMap::new();
        for chunk in ids.chunks(1_000) {
            prompts.extend(q.prompts_by_id(chunk)?.into_iter().map(|prompt| (prompt.id, prompt)));
        }
        let mut watched = Vec::new();
        for (id, label, policy) in gated {
            let Some(prompt) = prompts.get(&id).filter(|prompt| prompt.is_template) else {
                continue;
            };
            let is_moved = moved.contains(&id);
            let before = match closure(manager, q, prompt, &label, !is_moved) {
                Ok(Some(closure)) => Before::Closure(closure),
                Ok(None) if is_moved => Before::Nothing,
                Ok(None) => continue,
                Err(error) if is_of_the_text(&error) => Before::Broken,
                Err(error) => return Err(error),
            };
            watched.push(Watched { prompt: prompt.clone(), label, policy, before });
        }
        Ok(Self(watched))
    }

    /// What stands against the labels as they are now.
    pub(crate) fn after(
        &self,
        manager: &OrchestrationTemplateManager,
        q: &mut Queries<'_>,
    ) -> Result<Vec<GateRefusal>> {
        let mut refused = Vec::new();
        if self.0.is_empty() {
            return Ok(refused);
        }
        // What this transaction stored may never be: nothing of it is kept in memory.
        let scratch = manager.with_empty_cache();
        for watched in &self.0 {
            let (prompt, label) = (&watched.prompt, &watched.label);
            let (version, failures) = match closure(&scratch, q, prompt, label, false) {
                Ok(None) => continue,
                Ok(Some(now)) if matches!(&watched.before, Before::Closure(before) if before.is(&now)) => {
                    continue;
                }
                Ok(Some(now)) => (now.version, watched.failures(q, &now.template)?),
                Err(error) if !is_of_the_text(&error) => return Err(error),
                Err(_) if matches!(watched.before, Before::Broken) => continue,
                Err(error) => {
                    let version = labelled(q, prompt, label)?.unwrap_or_default();
                    (version, vec![GateFailure::Unusable(error.to_string())])
                }
            };
            if !failures.is_empty() {
                let stayed = matches!(&watched.before, Before::Closure(before) if before.version == version);
                let refusal = GateRefusal::new(prompt, label, version, failures);
                refused.push(GateRefusal { through_partials: stayed, ..refusal });
            }
        }
        Ok(refused)
    }
}

impl Watched {
    fn failures(&self, q: &mut Queries<'_>, template: &Template) -> Result<Vec<GateFailure>> {
        let mut failures = Vec::new();
        if self.policy.needs_tests {
            let outcomes = run_tests(q, &self.prompt, template)?;
            if outcomes.is_empty() {
                failures.push(GateFailure::NoTests);
            } else if outcomes.iter().any(|outcome| !outcome.passed) {
                failures.push(GateFailure::Tests(outcomes));
            }
        }
        // Nobody calls what no label named yet.
        if let Before::Closure(before) = &self.before
            && self.policy.needs_known_variables
        {
            let template_type = self.prompt.placement.as_ref().map(|place| place.template_type);
            let given: BTreeSet<String> = required(&before.template, template_type).collect();
            let new: Vec<String> =
                required(template, template_type).filter(|name| !given.contains(name)).collect();
            if !new.is_empty() {
                failures.push(GateFailure::NewVariables(new));
            }
        }
        Ok(failures)
    }
}

impl Closure {
    fn is(&self, other: &Self) -> bool {
        self.version == other.version && self.versions == other.versions
    }
}

/// Whether an error is one of templates, and not of the database.
fn is_of_the_text(error: &Error) -> bool {
    matches!(error, Error::Template(_) | Error::Unusable(_) | Error::Refused(_) | Error::NotFound(_))
}

/// What a label of a prompt renders from; none where it names no version, or, with `only_with_partials`,
/// where the version includes none.
fn closure(
    manager: &OrchestrationTemplateManager,
    q: &mut Queries<'_>,
    prompt: &Prompt,
    label: &Label,
    only_with_partials: bool,
) -> Result<Option<Closure>> {
    let Some(number) = labelled(q, prompt, label)? else { return Ok(None) };
    let Some(version) = q.version_by_number(prompt.id, number)? else { return Ok(None) };
    if only_with_partials && manager.engine.partials(&version.content).is_empty() {
        return Ok(None);
    }
    let loaded = manager.load_in(q, version.header.id, &prompt.name, &prompt.project)?;
    let versions = loaded.partials.into_iter().map(|pin| (pin.reference, pin.version_id)).collect();
    Ok(Some(Closure { version: number, versions, template: loaded.template }))
}

/// The version that a label names now.
pub(crate) fn labelled(q: &mut Queries<'_>, prompt: &Prompt, label: &Label) -> Result<Option<i32>> {
    let labels = q.labels(&[prompt.id])?;
    Ok(labels.into_iter().find(|(_, name, _)| name == label.as_str()).map(|(.., number)| number))
}

/// The variables that whoever renders a template has to give: all but those that every session gives to its
/// type, and those that may be left out.
pub(crate) fn required(
    template: &Template,
    template_type: Option<OrchestrationTemplateType>,
) -> impl Iterator<Item = String> {
    let known = template_type.map(OrchestrationTemplateType::system_variables).unwrap_or_default();
    template.variables().iter().map(|variable| variable.name.clone()).filter(move |name| {
        let may_be_left_out = || template.declarations().get(name).is_some_and(Declaration::may_be_left_out);
        !known.contains(&name.as_str()) && !may_be_left_out()
    })
}
