//! Which template of a slot is active, and removal, which can be taken back.

use prompt_model::{Label, Prompt, PromptId, Queries, SlotId, Stamp};
use serde_json::json;

use crate::change_log::{Action, Entry, record};
use crate::labels::{now, protection, refuse_any};
use crate::publish::check_actor;
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
    pub fn activate(&self, reference: &Reference, project: &str, stamp: &Stamp) -> Result<Placed> {
        self.place(reference, project, stamp, |q, locked| {
            if locked.removed {
                return Err(Error::Refused(Refusal::Removed { name: locked.prompt.full_name() }));
            }
            if locked.prompt.current.is_none() {
                return Err(Error::Refused(Refusal::NoProduction { name: locked.prompt.full_name() }));
            }
            if locked.active == Some(locked.prompt.id) {
                return Ok(None);
            }
            q.set_active(locked.slot, Some(locked.prompt.id))?;
            Ok(Some((Action::TemplateActivated, locked.active)))
        })
    }

    /// Takes a template out of resolution. Its versions stay, and so do the sessions that pin them. Where it
    /// was the active one, its slot has none until another is activated.
    pub fn remove(&self, reference: &Reference, project: &str, stamp: &Stamp) -> Result<Placed> {
        self.place(reference, project, stamp, |q, locked| {
            if locked.removed {
                return Err(Error::Refused(Refusal::Removed { name: locked.prompt.full_name() }));
            }
            if let Some(current) = locked.prompt.production() {
                // Without its template the label serves nobody, so a protection holds for both.
                let production = Label::production();
                refuse_any(protection(q, &locked.prompt, &production, current)?.into_iter().collect())?;
            }
            if locked.active == Some(locked.prompt.id) {
                q.set_active(locked.slot, None)?;
            }
            q.set_removed(locked.prompt.id, Some(stamp))?;
            Ok(Some((Action::TemplateRemoved, locked.active)))
        })
    }

    /// Takes a removal back. The template becomes the active one where its slot has none.
    pub fn restore(&self, reference: &Reference, project: &str, stamp: &Stamp) -> Result<Placed> {
        self.place(reference, project, stamp, |q, locked| {
            if !locked.removed {
                return Err(Error::Refused(Refusal::NotRemoved { name: locked.prompt.name.clone() }));
            }
            q.set_removed(locked.prompt.id, None)?;
            if locked.active.is_none() {
                q.set_active(locked.slot, Some(locked.prompt.id))?;
            }
            Ok(Some((Action::TemplateRestored, locked.active)))
        })
    }

    /// One change of a place: in a transaction, under the lock of the slot, and recorded. The change says
    /// what was done and which template was active before; none where nothing was to be done.
    fn place(
        &self,
        reference: &Reference,
        project: &str,
        stamp: &Stamp,
        change: impl FnOnce(&mut Queries<'_>, &Locked) -> Result<Option<(Action, Option<PromptId>)>>,
    ) -> Result<Placed> {
        check_actor(stamp)?;
        self.database.write(|q| {
            let locked = lock(q, reference, project)?;
            let done = change(q, &locked)?;
            let placed = placed(q, &locked.prompt)?;
            if let Some((action, before)) = done {
                let place = placed.prompt.placement.as_ref().expect("a template keeps its place");
                let names: Vec<PromptId> = before.into_iter().collect();
                let before = q.prompts_by_id(&names)?.pop().map(|prompt| prompt.name);
                let details = json!({
                    "type": place.template_type,
                    "feature_type": place.feature_type,
                    "active": place.active,
                    "active_before": before,
                });
                record(q, vec![Entry::of_prompt(action, &placed.prompt, details)], stamp)?;
            }
            Ok(placed)
        })
    }
}

fn lock(q: &mut Queries<'_>, reference: &Reference, project: &str) -> Result<Locked> {
    let prompt = find_for_change(q, reference, project)?;
    let Some(place) = prompt.placement.clone() else {
        return Err(Error::Refused(Refusal::NotATemplate { name: prompt.name }));
    };
    let (slot, active) = q.lock_slot(place.template_type, prompt.project_id, place.feature_type.as_ref())?;
    q.lock_prompt(prompt.id)?;
    // What was read before the lock may have changed while it was awaited.
    let prompt = now(q, &prompt)?;
    let removed = prompt.is_removed();
    Ok(Locked { prompt, slot, active, removed })
}

fn placed(q: &mut Queries<'_>, prompt: &Prompt) -> Result<Placed> {
    let prompt = now(q, prompt)?;
    let place = prompt.placement.as_ref().expect("a template keeps its place");
    let (_, active) = q.lock_slot(place.template_type, prompt.project_id, place.feature_type.as_ref())?;
    Ok(Placed { slot_is_served: active.is_some(), prompt })
}
