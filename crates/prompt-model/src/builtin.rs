//! The built-in templates: one for each type, written for this project.
//!
//! They are seeded as ordinary versions of the global project; these compiled-in copies serve where there
//! is no database.

use crate::OrchestrationTemplateType;

/// The author of seeded versions. A production version of another author is a person's choice, and an
/// upgrade leaves it alone.
pub const BUILTIN_AUTHOR: &str = "prompt-tool";

/// A template that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltinTemplate {
    /// Its type.
    pub template_type: OrchestrationTemplateType,
    /// Its name in the global project.
    pub name: &'static str,
    /// Its text.
    pub content: &'static str,
}

/// All of them, in the order in which a session uses them.
pub const BUILTIN_TEMPLATES: [BuiltinTemplate; 3] = [
    BuiltinTemplate {
        template_type: OrchestrationTemplateType::Orchestrator,
        name: "prompt-tool/orchestrator",
        content: include_str!("../builtin/orchestrator.hbs"),
    },
    BuiltinTemplate {
        template_type: OrchestrationTemplateType::Analysis,
        name: "prompt-tool/analysis",
        content: include_str!("../builtin/analysis.hbs"),
    },
    BuiltinTemplate {
        template_type: OrchestrationTemplateType::Implementation,
        name: "prompt-tool/implementation",
        content: include_str!("../builtin/implementation.hbs"),
    },
];

/// The name of the prompt whose text says which feature type a request suggests. It is plain text; a project
/// may have its own of the same name.
pub const FEATURE_TYPES_PROMPT: &str = "prompt-tool/feature-types";

/// Its text as it comes with the program; its head explains the format.
pub const FEATURE_RULES: &str = include_str!("../builtin/feature-types.txt");

/// Whether this name in the global project is that of a built-in template.
pub fn is_builtin_name(name: &str) -> bool {
    BUILTIN_TEMPLATES.iter().any(|builtin| builtin.name == name)
}
