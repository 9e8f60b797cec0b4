//! Gates: what a version must pass before a label may name it, checked inside the move itself.

use std::collections::BTreeSet;

use prompt_model::{Label, LabelPolicy, OrchestrationTemplateType, Prompt, Queries, Version};
use prompt_template::{Declaration, Template};

use crate::error::GateFailure;
use crate::{OrchestrationTemplateManager, Result};

/// The one check of a move: a label of a prompt, from the version that it names to another.
pub(crate) struct Gate<'a> {
    pub(crate) prompt: &'a Prompt,
    pub(crate) from: Option<i32>,
    pub(crate) policy: LabelPolicy,
}

impl<'a> Gate<'a> {
    /// The gate in front of a label, as it is in this transaction.
    pub(crate) fn of(q: &mut Queries<'_>, prompt: &'a Prompt, label: &Label) -> Result<Self> {
        let policy = q.label_policy(prompt.id, label)?;
        let from = labelled(q, prompt, label)?;
        Ok(Self { prompt, from, policy })
    }

    /// Why a version may not have the label; nothing where it may. `template` is the version compiled with
    /// its partials as they are now; a plain text has none.
    pub(crate) fn failures(
        &self,
        manager: &OrchestrationTemplateManager,
        q: &mut Queries<'_>,
        template: Option<&Template>,
    ) -> Result<Vec<GateFailure>> {
        let mut failures = Vec::new();
        if self.policy.is_protected {
            failures.push(GateFailure::Protected);
        }
        if let Some(template) = template {
            if self.policy.needs_tests {
                failures.extend(self.failed_tests(manager, q, template)?);
            }
            if self.policy.needs_known_variables {
                failures.extend(self.new_variables(manager, q, template)?);
            }
        }
        Ok(failures)
    }

    fn failed_tests(
        &self,
        manager: &OrchestrationTemplateManager,
        q: &mut Queries<'_>,
        template: &Template,
    ) -> Result<Option<GateFailure>> {
        let outcomes = manager.run_tests_in(q, self.prompt, template)?;
        Ok(match outcomes.as_slice() {
            [] => Some(GateFailure::NoTests),
            all if all.iter().all(|outcome| outcome.passed) => None,
            _ => Some(GateFailure::Tests(outcomes)),
        })
    }

    fn new_variables(
        &self,
        manager: &OrchestrationTemplateManager,
        q: &mut Queries<'_>,
        template: &Template,
    ) -> Result<Option<GateFailure>> {
        // Nobody calls what no label named yet.
        let Some(from) = self.from else { return Ok(None) };
        let Some(before) = q.version_by_number(self.prompt.id, from)? else { return Ok(None) };
        let before = manager.load_in(q, before.header.id, &self.prompt.name, &self.prompt.project)?;
        let template_type = self.prompt.placement.as_ref().map(|place| place.template_type);
        let given: BTreeSet<String> = required(&before.template, template_type).collect();
        let new: Vec<String> =
            required(template, template_type).filter(|name| !given.contains(name)).collect();
        Ok((!new.is_empty()).then_some(GateFailure::NewVariables(new)))
    }
}

impl OrchestrationTemplateManager {
    /// Compiles a stored version with its partials as they are now; a plain text has nothing to compile.
    pub(crate) fn compiled_version(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        version: &Version,
    ) -> Result<Option<std::sync::Arc<Template>>> {
        if !prompt.is_template {
            return Ok(None);
        }
        Ok(Some(self.load_in(q, version.header.id, &prompt.name, &prompt.project)?.template))
    }
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
