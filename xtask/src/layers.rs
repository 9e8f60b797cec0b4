//! The layers of the workspace, and the arrows between them that a manifest draws.
//!
//! This is the one place that says which crate may use which. A new arrow is a decision: it is
//! entered here first.

use std::collections::BTreeMap;

use cargo_metadata::{Dependency, DependencyKind};

use crate::workspace::Workspace;

/// A crate and what it may use of the workspace.
pub(crate) struct Layer {
    /// The crate.
    pub(crate) name: &'static str,
    /// Crates that it may depend on.
    always: &'static [&'static str],
    /// Crates that it may depend on behind a feature.
    optional: &'static [&'static str],
}

/// From the ground up: nothing depends on a crate that stands after it, not even a test.
pub(crate) const LAYERS: &[Layer] = &[
    layer("test-support", &[], &[]),
    layer("prompt-template", &[], &[]),
    layer("prompt-model", &[], &[]),
    layer("prompt-manager", &["prompt-template", "prompt-model"], &[]),
    layer("prompt-ab", &[], &["prompt-model", "prompt-manager"]),
    layer("prompt-orchestrator", &["prompt-template", "prompt-model"], &["prompt-manager", "prompt-ab"]),
    layer(
        "prompt-runner",
        &["prompt-template", "prompt-model", "prompt-manager", "prompt-ab", "prompt-orchestrator"],
        &[],
    ),
    layer("prompt-tool", &["prompt-runner"], &[]),
    layer("examples", LIBRARIES, &[]),
    layer("benches", LIBRARIES, &[]),
    layer("xtask", &["test-support"], &[]),
];

/// The crates that others embed.
pub(crate) const LIBRARIES: &[&str] = &[
    "prompt-template",
    "prompt-model",
    "prompt-manager",
    "prompt-ab",
    "prompt-orchestrator",
    "prompt-runner",
];

/// The one crate that knows how things are stored.
pub(crate) const STORAGE: &str = "prompt-model";

/// Crates that reach a database, and who may use each beside [`STORAGE`].
const DRIVERS: &[(&str, &[&str])] = &[
    ("diesel", &[]),
    ("diesel_migrations", &[]),
    ("libsqlite3-sys", &[]),
    ("pq-sys", &[]),
    ("rusqlite", &["benches", "test-support", "xtask"]),
];

/// Whether a crate of that name reaches a database.
pub(crate) fn is_driver(name: &str) -> bool {
    name.starts_with("diesel") || DRIVERS.iter().any(|(driver, _)| *driver == name)
}

/// Every arrow of the manifests that the layers do not allow.
pub(crate) fn problems(workspace: &Workspace) -> Vec<String> {
    let packages = workspace.packages();
    let ranks: BTreeMap<_, _> = LAYERS.iter().map(|layer| layer.name).zip(0..).collect();
    let mut problems = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            problems.push(format!("{name}: stands in no layer of xtask/src/layers.rs"));
            continue;
        };
        let arrows = package.dependencies.iter();
        problems.extend(arrows.filter_map(|arrow| {
            let why = refused(layer, arrow, &ranks)?;
            let kind = if arrow.kind == DependencyKind::Development { " (in tests)" } else { "" };
            Some(format!("{name} -> {}{kind}: {why}", arrow.name))
        }));
    }
    problems
}

const fn layer(
    name: &'static str,
    always: &'static [&'static str],
    optional: &'static [&'static str],
) -> Layer {
    Layer { name, always, optional }
}

/// Why a crate of `layer` may not have `arrow`.
fn refused(layer: &Layer, arrow: &Dependency, ranks: &BTreeMap<&str, usize>) -> Option<String> {
    let target = arrow.name.as_str();
    let in_tests = arrow.kind == DependencyKind::Development;
    if is_driver(target) {
        let others = DRIVERS.iter().find(|(driver, _)| *driver == target);
        let allowed = others.is_some_and(|(_, others)| others.contains(&layer.name));
        let why = format!("only {STORAGE} may reach a database");
        return (layer.name != STORAGE && !allowed).then_some(why);
    }
    let Some(rank) = ranks.get(target) else {
        // A crate of the workspace that stands in no layer is reported by itself.
        return None;
    };
    if in_tests && target == layer.name {
        // The tests of a crate ask for features of its own.
        return None;
    }
    if ranks[layer.name] <= *rank {
        return Some("an upward dependency".to_owned());
    }
    if target == "test-support" && !in_tests && layer.name != "xtask" {
        return Some("for tests alone".to_owned());
    }
    if in_tests || layer.always.contains(&target) {
        return None;
    }
    if layer.optional.contains(&target) {
        let why = "allowed behind a feature alone (`optional = true`)".to_owned();
        return (!arrow.optional).then_some(why);
    }
    let allowed: Vec<_> = layer.always.iter().chain(layer.optional).copied().collect();
    let allowed = match allowed.len() {
        0 => "nothing of the workspace".to_owned(),
        _ => allowed.join(", "),
    };
    Some(format!("an undeclared dependency; it may use {allowed}"))
}
