//! Labels: set for several prompts in one transaction, removed, protected.

use prompt_model::{Label, LabelPolicy, Prompt, PromptId, Queries, Stamp, Version};
use serde_json::json;

use crate::change_log::{Action, Entry, label_move, record};
use crate::error::{GateFailure, GateRefusal};
use crate::gates::{Watch, labelled};
use crate::publish::check_actor;
use crate::read::{find_for_change, find_in_project, selected_version};
use crate::{Error, OrchestrationTemplateManager, Reference, Refusal, Result};

/// A label after it was set or moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelMove {
    /// The prompt as it is now.
    pub prompt: Prompt,
    /// The label.
    pub label: Label,
    /// The version that it named before.
    pub from: Option<i32>,
    /// The version that it names.
    pub to: i32,
}

/// A label of a prompt and what moving it asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LabelState {
    /// The label.
    pub label: String,
    /// The version that it names; none for a label that is only protected or gated so far.
    pub version: Option<i32>,
    /// What moving it asks for.
    pub policy: LabelPolicy,
}

impl OrchestrationTemplateManager {
    /// Lets a label name these versions, each of another prompt, in one transaction: all or none. The
    /// prompts of a strategy move together, and no session sees some of them moved.
    ///
    /// # Errors
    /// [`Refusal::Gates`] where a gate or a protection stands in the way of any of them; nothing is changed.
    pub fn set_label(
        &self,
        label: &Label,
        references: &[Reference],
        project: &str,
        stamp: &Stamp,
    ) -> Result<Vec<LabelMove>> {
        check_actor(stamp)?;
        refuse_system_label(label)?;
        if let Some(reference) = references.iter().find(|reference| !reference.names_version) {
            return Err(Error::Refused(Refusal::NamesNoVersion { reference: reference.clone() }));
        }
        self.database.write(|q| {
            let targets = lock_targets(q, references, project)?;
            let ids: Vec<PromptId> = targets.iter().map(|(prompt, _)| prompt.id).collect();
            let watch = Watch::before(self, q, &ids)?;
            let mut refused = Vec::new();
            let mut entries = Vec::new();
            let mut done = Vec::new();
            for (prompt, version) in &targets {
                let from = labelled(q, prompt, label)?;
                let number = version.header.number;
                if from != Some(number) {
                    refused.extend(protection(q, prompt, label, number)?);
                    name_version(q, prompt, label, version, stamp)?;
                    let details = json!({ "labels": label_move(label.as_str(), from, Some(number)) });
                    entries.push(Entry::of_prompt(Action::LabelSet, prompt, details));
                }
                done.push(LabelMove { prompt: now(q, prompt)?, label: label.clone(), from, to: number });
            }
            // All of them have moved, which an error takes back.
            for gate in watch.after(self, q)? {
                match refused.iter_mut().find(|refusal: &&mut GateRefusal| refusal.is_of(&gate)) {
                    Some(refusal) => refusal.failures.extend(gate.failures),
                    None => refused.push(gate),
                }
            }
            refuse_any(refused)?;
            record(q, entries, stamp)?;
            Ok(done)
        })
    }

    /// Takes a label off a prompt. Without `production` a template serves no session.
    pub fn remove_label(
        &self,
        label: &Label,
        reference: &Reference,
        project: &str,
        stamp: &Stamp,
    ) -> Result<Prompt> {
        check_actor(stamp)?;
        refuse_system_label(label)?;
        self.database.write(|q| {
            let prompt = lock(q, reference, project)?;
            let from = labelled(q, &prompt, label)?
                .ok_or_else(|| Error::NotFound(crate::Missing::no_label(&prompt, label)))?;
            refuse_any(protection(q, &prompt, label, from)?.into_iter().collect())?;
            if q.label_policy(prompt.id, label)?.needs_known_variables {
                let failures = vec![GateFailure::MeasuresVariables];
                refuse_any(vec![GateRefusal::new(&prompt, label, from, failures)])?;
            }
            let watch = Watch::before(self, q, &[])?;
            q.remove_label(prompt.id, label)?;
            // Others may include it by this label.
            refuse_any(watch.after(self, q)?)?;
            let details = json!({ "labels": label_move(label.as_str(), Some(from), None) });
            record(q, vec![Entry::of_prompt(Action::LabelRemoved, &prompt, details)], stamp)?;
            now(q, &prompt)
        })
    }

    /// Changes what moving a label of a prompt asks for. The label need not be set yet.
    pub fn set_label_policy(
        &self,
        label: &Label,
        reference: &Reference,
        project: &str,
        change: impl FnOnce(LabelPolicy) -> LabelPolicy,
        stamp: &Stamp,
    ) -> Result<LabelState> {
        check_actor(stamp)?;
        refuse_system_label(label)?;
        self.database.write(|q| {
            let prompt = lock(q, reference, project)?;
            let before = q.label_policy(prompt.id, label)?;
            let policy = change(before);
            if !prompt.is_template && (policy.needs_tests || policy.needs_known_variables) {
                return Err(Error::Refused(Refusal::PlainText { name: prompt.name }));
            }
            if policy != before {
                q.set_label_policy(prompt.id, label, policy)?;
                let details = json!({ "label": label, "from": before, "to": policy });
                record(q, vec![Entry::of_prompt(Action::LabelPolicySet, &prompt, details)], stamp)?;
            }
            Ok(LabelState { label: label.to_string(), version: labelled(q, &prompt, label)?, policy })
        })
    }

    /// The labels of a prompt with what moving each asks for, by name; `latest` among them.
    pub fn label_states(&self, reference: &Reference, project: &str) -> Result<(Prompt, Vec<LabelState>)> {
        self.database.snapshot(|q| {
            let prompt = crate::read::find(q, reference, project)?;
            let mut policies = q.label_policies(prompt.id)?;
            let mut states = Vec::new();
            for (_, label, version) in q.labels(&[prompt.id])? {
                let at = policies.iter().position(|(name, _)| *name == label);
                let policy = at.map(|at| policies.swap_remove(at).1).unwrap_or_default();
                states.push(LabelState { label, version: Some(version), policy });
            }
            let unset = policies.into_iter();
            states.extend(unset.map(|(label, policy)| LabelState { label, version: None, policy }));
            states.push(LabelState {
                label: Label::latest().to_string(),
                version: Some(prompt.latest),
                policy: LabelPolicy::default(),
            });
            states.sort_by(|a, b| a.label.cmp(&b.label));
            Ok((prompt, states))
        })
    }
}

/// Lets a label name a version; with `production` the predecessor's view of the text goes along.
pub(crate) fn name_version(
    q: &mut Queries<'_>,
    prompt: &Prompt,
    label: &Label,
    version: &Version,
    stamp: &Stamp,
) -> Result<()> {
    q.set_label(prompt.id, label, version.header.number)?;
    if *label == Label::production() {
        q.set_prompt_content(prompt.id, &version.content, stamp)?;
    }
    Ok(())
}

/// Why a label may not be moved or removed at all, where it is protected.
pub(crate) fn protection(
    q: &mut Queries<'_>,
    prompt: &Prompt,
    label: &Label,
    version: i32,
) -> Result<Option<GateRefusal>> {
    let is_protected = q.label_policy(prompt.id, label)?.is_protected;
    Ok(is_protected.then(|| GateRefusal::new(prompt, label, version, vec![GateFailure::Protected])))
}

pub(crate) fn refuse_any(refused: Vec<GateRefusal>) -> Result<()> {
    if refused.is_empty() { Ok(()) } else { Err(Error::Refused(Refusal::Gates(refused))) }
}

fn refuse_system_label(label: &Label) -> Result<()> {
    if label.is_latest() {
        return Err(Error::Refused(Refusal::Reserved { what: "label", name: label.to_string() }));
    }
    Ok(())
}

/// The versions that references mean, with their prompts, locked in one order whatever the order given, so
/// that two moves never wait for each other.
fn lock_targets(
    q: &mut Queries<'_>,
    references: &[Reference],
    project: &str,
) -> Result<Vec<(Prompt, Version)>> {
    let mut found = Vec::new();
    for reference in references {
        let prompt = find_in_project(q, reference, project)?;
        if found.iter().any(|(other, _): &(Prompt, &Reference)| other.id == prompt.id) {
            return Err(Error::Refused(Refusal::NamedTwice { name: prompt.full_name() }));
        }
        found.push((prompt, reference));
    }
    let mut order: Vec<_> = found.iter().map(|(prompt, _)| prompt.id).collect();
    order.sort_unstable();
    for id in order {
        q.lock_prompt(id)?;
    }
    let mut targets = Vec::new();
    for (prompt, reference) in found {
        // What was read before the lock may have changed while it was awaited.
        let prompt = now(q, &prompt)?;
        refuse_removed(&prompt)?;
        let version = selected_version(q, &prompt, reference)?;
        targets.push((prompt, version));
    }
    Ok(targets)
}

/// The prompt that is to be changed, locked.
pub(crate) fn lock(q: &mut Queries<'_>, reference: &Reference, project: &str) -> Result<Prompt> {
    let prompt = find_for_change(q, reference, project)?;
    q.lock_prompt(prompt.id)?;
    now(q, &prompt)
}

pub(crate) fn now(q: &mut Queries<'_>, prompt: &Prompt) -> Result<Prompt> {
    Ok(q.prompts_by_id(&[prompt.id])?.pop().expect("a prompt is never deleted"))
}

pub(crate) fn refuse_removed(prompt: &Prompt) -> Result<()> {
    if prompt.is_removed() {
        return Err(Error::Refused(Refusal::Removed { name: prompt.full_name() }));
    }
    Ok(())
}
