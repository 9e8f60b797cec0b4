//! `features` sees what stands below a crate. Its builds are its own proof, and slow.

use crate::workspace::{Copy, root, xtask};

const TREES: &[&str] = &["features", "--trees-only"];

#[test]
fn this_workspace_passes() {
    xtask(root(), TREES).passes();
}

#[test]
fn a_database_below_the_template_engine_fails() {
    let copy = Copy::new();
    let line = "prompt-model = { workspace = true, features = [\"sqlite\"] }";
    copy.depend("prompt-template", "dependencies", line);
    copy.xtask(TREES).fails_with(&["prompt-template reaches diesel"]);
}

#[test]
fn a_database_in_the_file_mode_fails() {
    let copy = Copy::new();
    let manifest = "crates/prompt-orchestrator/Cargo.toml";
    copy.replace(manifest, "default = []", "default = [\"sqlite\"]");
    copy.xtask(TREES).fails_with(&["prompt-orchestrator reaches diesel"]);
}

#[test]
fn a_cycle_fails() {
    let copy = Copy::new();
    copy.depend("prompt-model", "dependencies", "prompt-manager.workspace = true");
    copy.xtask(TREES).fails_with(&["cyclic package dependency", "prompt-manager"]);
}
