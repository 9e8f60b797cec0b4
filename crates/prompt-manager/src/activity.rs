//! Which template of a slot is active, and removal, which can be taken back.

use prompt_model::{Prompt, PromptId, Queries, SlotId, Stamp, TextRule};

use crate::read::find_for_change;
use crate::{Error, OrchestrationTemplateManager, Reference, Refusal, Result};

/// A template after its place changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The template as it is now.
    pub prompt: Prompt,
    /// Whether its slot has an active template now, this one or another.
    pub slot_is_served: bool,
}

/// A template and its slot, locked.
struct Locked {
    prompt: Prompt,
    slot: SlotId,
    active: Option<PromptId>,
    removed: bool,
}

impl OrchestrationTemplateManager {
    /// Makes a template the active one of its slot.
    pub fn activate(&self, reference: &Reference, project: &str) -> Result<Placed> {
        self.database.write(|q| {
            let locked = lock(q, reference, project)?;
            if locked.removed {
                return Err(Error::Refused(Refusal::Removed { name: locked.prompt.name }));
            }
            if locked.prompt.production.is_none() {
                return Err(Error::Refused(Refusal::NoProduction { name: locked.prompt.name }));
            }
            q.set_active(locked.slot, Some(locked.prompt.id))?;
            placed(q, &locked.prompt)
        })
    }

    /// Takes a template out of resolution. Its versions stay, and so do the sessions that pin them. Where it
    /// was the active one, its slot has none until another is activated.
    pub fn remove(&self, reference: &Reference, project: &str, stamp: &Stamp) -> Result<Placed> {
        TextRule::ACTOR.apply_name(&stamp.actor)?;
        self.database.write(|q| {
            let locked = lock(q, reference, project)?;
            if locked.removed {
                return Err(Error::Refused(Refusal::Removed { name: locked.prompt.name }));
            }
            if locked.active == Some(locked.prompt.id) {
                q.set_active(locked.slot, None)?;
            }
            q.set_removed(locked.prompt.id, Some(stamp))?;
            placed(q, &locked.prompt)
        })
    }

    /// Takes a removal back. The template becomes the active one where its slot has none.
    pub fn restore(&self, reference: &Reference, project: &str) -> Result<Placed> {
        self.database.write(|q| {
            let locked = lock(q, reference, project)?;
            if !locked.removed {
                return Err(Error::Refused(Refusal::NotRemoved { name: locked.prompt.name }));
            }
            q.set_removed(locked.prompt.id, None)?;
            if locked.active.is_none() {
                q.set_active(locked.slot, Some(locked.prompt.id))?;
            }
            placed(q, &locked.prompt)
        })
    }
}

fn lock(q: &mut Queries<'_>, reference: &Reference, project: &str) -> Result<Locked> {
    let prompt = find_for_change(q, reference, project)?;
    let Some(place) = prompt.placement.clone() else {
        return Err(Error::Refused(Refusal::NotATemplate { name: prompt.name }));
    };
    let (slot, active) = q.lock_slot(place.template_type, prompt.project_id, place.feature_type.as_ref())?;
    // What was read before the lock may have changed while it was awaited.
    let prompt = now(q, &prompt)?;
    let removed = prompt.placement.as_ref().is_some_and(|place| place.removed_at.is_some());
    Ok(Locked { prompt, slot, active, removed })
}

fn placed(q: &mut Queries<'_>, prompt: &Prompt) -> Result<Placed> {
    let prompt = now(q, prompt)?;
    let place = prompt.placement.as_ref().expect("a template keeps its place");
    let (_, active) = q.lock_slot(place.template_type, prompt.project_id, place.feature_type.as_ref())?;
    Ok(Placed { slot_is_served: active.is_some(), prompt })
}

fn now(q: &mut Queries<'_>, prompt: &Prompt) -> Result<Prompt> {
    Ok(q.prompt_by_name(&prompt.project, &prompt.name)?.expect("a prompt is never deleted"))
}
