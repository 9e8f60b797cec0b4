//! `cargo xtask tidy`: the rules of the house that a machine can read.

use std::path::Path;

use anyhow::Result;

use crate::layers::{self, STORAGE};
use crate::run::conclude;
use crate::source::{self, Source};
use crate::workspace::{Workspace, folder};

/// A file that is longer has more than one subject.
const LONGEST: usize = 600;

/// Folders that exist on one machine alone. Written in halves, so that this file may hold them.
const MACHINE: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// What an unfinished function calls.
const UNFINISHED: &str = concat!("to", "do!(");

/// Both kinds of database, as the migrations' folders name them.
pub(crate) const BACKENDS: [&str; 2] = ["sqlite", "postgres"];

/// Looks at everything and fails with all that is wrong.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut problems = layers::problems(workspace);
    problems.extend(storage_types(workspace)?);
    problems.extend(modules(workspace)?);
    problems.extend(migrations(&workspace.root.join("migrations"))?);
    for source in source::below(&workspace.root, &workspace.root)? {
        problems.extend(text(&source));
    }
    conclude("tidy", &problems)
}

/// diesel is named in the storage crate alone; words about it in comments are welcome anywhere.
fn storage_types(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in workspace.packages() {
        if [STORAGE, "xtask"].contains(&package.name.as_str()) {
            continue;
        }
        for source in source::below(&workspace.root, folder(package))? {
            let lines = source.text.lines().zip(1..).filter(|(line, _)| {
                let code = line.split("//").next().unwrap_or_default();
                source.is_rust() && names_diesel(code)
            });
            problems.extend(lines.map(|(_, number)| {
                format!("{}:{number}: diesel stops at the edge of {STORAGE}", source.name)
            }));
        }
    }
    Ok(problems)
}

fn names_diesel(code: &str) -> bool {
    let mut words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| word == "diesel" || word == "diesel_migrations")
}

/// Every module says what it is for.
fn modules(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in workspace.packages() {
        // A package of benchmarks alone has no such folder.
        let sources = folder(package).join("src");
        if !sources.is_dir() {
            continue;
        }
        for source in source::below(&workspace.root, &sources)? {
            let start = source.text.trim_start();
            if source.is_rust() && !start.starts_with("//!") && !start.starts_with("#![doc") {
                problems.push(format!("{}: does not open with //!", source.name));
            }
        }
    }
    Ok(problems)
}

/// Both databases have the same migrations, each with a way up and a way down.
fn migrations(folder: &Path) -> Result<Vec<String>> {
    let [sqlite, postgres] = BACKENDS.map(|backend| source::folders(&folder.join(backend)));
    let sides = [(BACKENDS[0], sqlite?), (BACKENDS[1], postgres?)];
    let mut problems = Vec::new();
    for (index, (backend, steps)) in sides.iter().enumerate() {
        let (other, theirs) = &sides[1 - index];
        for (name, path) in steps {
            if !theirs.iter().any(|(their, _)| their == name) {
                problems.push(format!("migrations/{other}/{name}: missing; {backend} has it"));
            }
            for file in ["up.sql", "down.sql"] {
                let text = std::fs::read_to_string(path.join(file)).unwrap_or_default();
                if text.trim().is_empty() {
                    problems.push(format!("migrations/{backend}/{name}/{file}: missing or empty"));
                }
            }
        }
    }
    Ok(problems)
}

/// What no file may hold, and how long a module may be.
fn text(source: &Source) -> Vec<String> {
    let mut problems = Vec::new();
    for (line, number) in source.text.lines().zip(1..) {
        if let Some(path) = MACHINE.iter().find(|path| starts_path(line, path)) {
            problems.push(format!("{}:{number}: {path} is a folder of one machine", source.name));
        }
        if source.is_rust() && line.contains(UNFINISHED) {
            problems.push(format!("{}:{number}: unfinished ({UNFINISHED}..))", source.name));
        }
    }
    let lines = source.text.lines().count();
    if source.is_rust() && lines > LONGEST {
        problems.push(format!("{}: {lines} lines, more than {LONGEST}", source.name));
    }
    problems
}

/// Whether `path` begins a path somewhere in `line`, rather than standing inside one.
fn starts_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-/}~".contains(letter))
    })
}
