//! What can be done to the registry, as the log names it.

use prompt_model::Error;

/// A kind of change. The part before the dot is what it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A project was made.
    ProjectAdded,
    /// A prompt or template was made, with its first version.
    PromptAdded,
    /// A version was added.
    VersionAdded,
    /// A label was set or moved.
    LabelSet,
    /// A label was taken off.
    LabelRemoved,
    /// What moving a label asks for was changed.
    LabelPolicySet,
    /// A test was stored, or replaced by another of its name.
    TestStored,
    /// A test was deleted.
    TestDeleted,
    /// A template became the active one of its slot.
    TemplateActivated,
    /// A template was taken out of resolution.
    TemplateRemoved,
    /// A removal was taken back.
    TemplateRestored,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ProjectAdded,
        Self::PromptAdded,
        Self::VersionAdded,
        Self::LabelSet,
        Self::LabelRemoved,
        Self::LabelPolicySet,
        Self::TestStored,
        Self::TestDeleted,
        Self::TemplateActivated,
        Self::TemplateRemoved,
        Self::TemplateRestored,
    ];

    /// The stored names of an action, or of all that are done to something: `label` means `label.set` and the
    /// like.
    pub(crate) fn named(name: &str) -> Result<Vec<String>, Error> {
        let is_named = |action: &str| {
            action.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let names: Vec<String> = Self::ALL
            .iter()
            .map(|action| action.as_str())
            .filter(|a| is_named(a))
            .map(str::to_owned)
            .collect();
        if names.is_empty() {
            return Err(Error::UnknownName {
                what: "action",
                name: name.to_owned(),
                known: "project, prompt, version, label, test, template, or one of them in full, as label.set",
            });
        }
        Ok(names)
    }

    /// The name that is stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProjectAdded => "project.add",
            Self::PromptAdded => "prompt.add",
            Self::VersionAdded => "version.add",
            Self::LabelSet => "label.set",
            Self::LabelRemoved => "label.remove",
            Self::LabelPolicySet => "label.policy",
            Self::TestStored => "test.store",
            Self::TestDeleted => "test.delete",
            Self::TemplateActivated => "template.activate",
            Self::TemplateRemoved => "template.remove",
            Self::TemplateRestored => "template.restore",
        }
    }
}
