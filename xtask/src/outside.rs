//! `cargo xtask outside`: each library's README example, in a crate of its own outside the
//! workspace that depends on that library alone, as a newcomer would try it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::layers::LIBRARIES;
use crate::run::{check, conclude};
use crate::workspace::{Workspace, folder};

/// Runs the first Rust block of every library's README.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut problems = Vec::new();
    for name in LIBRARIES {
        let outcome = example(workspace, name);
        problems.extend(outcome.err().map(|error| format!("{name}: {error:#}")));
    }
    conclude("outside", &problems)
}

fn example(workspace: &Workspace, name: &str) -> Result<()> {
    let library = folder(workspace.package(name)?);
    let readme = fs::read_to_string(library.join("README.md")).context("README.md")?;
    let code = first_block(&readme).context("README.md has no ```rust block")?;
    let outside = tempfile::Builder::new().prefix("outside-").tempdir()?;
    let folder = outside.path();
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), program(&code))?;
    fs::write(folder.join("Cargo.toml"), manifest(name, library))?;
    // The same versions of everything as the workspace has; cargo drops what is not needed.
    fs::copy(workspace.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut command = workspace.cargo(&["run", "--quiet", "--target-dir"]);
    command.arg(workspace.target().join("outside"));
    println!("the README of {name}:");
    check(command.current_dir(folder))
}

/// The text of the first block that is marked as Rust.
fn first_block(readme: &str) -> Option<String> {
    let mut lines = readme.lines().skip_while(|line| !line.starts_with("```rust"));
    lines.next()?;
    let block = lines.take_while(|line| !line.starts_with("```"));
    // rustdoc hides lines behind a `#` and a blank.
    let block = block.map(|line| match line.trim_start() {
        "#" => "",
        start => start.strip_prefix("# ").unwrap_or(line),
    });
    Some(block.collect::<Vec<_>>().join("\n"))
}

/// A whole program around an example, as rustdoc makes one.
fn program(code: &str) -> String {
    if code.contains("fn main()") {
        return code.to_owned();
    }
    if code.trim_end().ends_with("(())") {
        return format!(
            "fn main() {{\n    fn example() -> Result<(), impl std::fmt::Debug> {{\n{code}\n    }}\n    \
             example().unwrap();\n}}\n"
        );
    }
    format!("fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{code}\nOk(())\n}}\n")
}

fn manifest(name: &str, library: &Path) -> String {
    let path = library.display();
    format!(
        "[package]\nname = \"outside-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{name} = {{ path = {path:?} }}\n\n[workspace]\n",
        path = path.to_string()
    )
}

#[cfg(test)]
mod tests {
    use super::{first_block, program};

    #[test]
    fn the_first_rust_block_is_found_among_others() {
        let readme = "# x\n```sh\nls\n```\n```rust,no_run\n# use a::b;\nb();\n```\n```rust\nc();\n```\n";
        assert_eq!(first_block(readme).unwrap(), "use a::b;\nb();");
        assert_eq!(first_block("```sh\nls\n```\n"), None);
    }

    #[test]
    fn an_example_becomes_a_program() {
        assert_eq!(program("fn main() {}"), "fn main() {}");
        assert!(program("a()?;").contains("a()?;\nOk(())"));
        assert!(program("a()?;\nOk::<(), E>(())").contains("example().unwrap()"));
    }
}
