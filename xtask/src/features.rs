//! `cargo xtask features`: every crate alone, with none of its features, with each, and with all.

use anyhow::{Result, ensure};
use cargo_metadata::Package;

use crate::layers::{LIBRARIES, is_driver};
use crate::run::{check_without_warnings, conclude, read};
use crate::workspace::Workspace;

/// The feature that builds OpenSSL from source, for which not everybody has two minutes.
const TLS: &str = "postgres-tls";

/// Crates, with features, below which no database may be found.
const WITHOUT_DATABASE: &[(&str, &[&str])] = &[
    ("prompt-template", &["--all-features"]),
    ("prompt-ab", &["--no-default-features"]),
    ("prompt-orchestrator", &[]),
    ("prompt-orchestrator", &["--no-default-features"]),
    ("prompt-model", &["--no-default-features"]),
];

/// The trees, and then a build of every crate with every choice of features that counts.
pub(crate) fn run(workspace: &Workspace, tls: bool) -> Result<()> {
    trees(workspace)?;
    let mut problems = Vec::new();
    for name in LIBRARIES.iter().chain(&["prompt-tool"]) {
        for features in choices(workspace.package(name)?, tls) {
            let mut command = workspace.cargo(&["check", "--quiet", "--no-default-features"]);
            command.args(["-p", name]);
            if !features.is_empty() {
                command.args(["--features", &features.join(",")]);
            }
            problems.extend(check_without_warnings(&mut command).err().map(|error| error.to_string()));
        }
    }
    conclude("features", &problems)
}

/// What stands below each crate, which cargo knows without a build.
pub(crate) fn trees(workspace: &Workspace) -> Result<()> {
    let mut problems = Vec::new();
    for (name, features) in WITHOUT_DATABASE {
        let found = drivers_below(workspace, name, features)?;
        if !found.is_empty() {
            let line = [&["-p", name], *features].concat().join(" ");
            problems.push(format!("{name} reaches {} ({line})", found.join(", ")));
        }
    }
    // A look that finds no database where there is one proves nothing about the others.
    let stored = drivers_below(workspace, "prompt-model", &["--features", "sqlite"])?;
    ensure!(
        stored.iter().any(|driver| driver == "diesel"),
        "prompt-model with its feature sqlite has no diesel below it: this check is blind"
    );
    conclude("feature trees", &problems)
}

/// The crates below `name` that reach a database.
fn drivers_below(workspace: &Workspace, name: &str, features: &[&str]) -> Result<Vec<String>> {
    let options = ["tree", "-e", "normal", "--prefix", "none", "--format", "{p}", "-p", name];
    let tree = read(workspace.cargo(&options).args(features))?;
    let crates = tree.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<_> = crates.filter(|name| is_driver(name)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// None, each, and all; each choice once.
fn choices(package: &Package, tls: bool) -> Vec<Vec<&str>> {
    let named = package.features.keys().map(String::as_str);
    let mut features: Vec<_> =
        named.filter(|feature| *feature != "default" && (tls || *feature != TLS)).collect();
    features.sort_unstable();
    let mut choices = vec![Vec::new()];
    choices.extend(features.iter().map(|feature| vec![*feature]));
    if features.len() > 1 {
        choices.push(features);
    }
    choices
}
