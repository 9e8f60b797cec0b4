//! `soak`: the long runs, of which a plain test run takes a seeded tenth.

use anyhow::Result;

use crate::run::{check, conclude};
use crate::workspace::Workspace;

/// The variable that tells a test to run in full.
const SOAK_VARIABLE: &str = "PROMPT_RUNNER_SOAK";

/// Tests that have more to do in a soak, by package, target and name.
const LONG_TESTS: [(&str, &str, &str); 2] =
    [("prompt-template", "it", "hostile::generated"), ("prompt-manager", "it", "moving_together")];

/// Runs each of them in full, in debug and in release.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut failed = Vec::new();
    for (package, target, name) in LONG_TESTS {
        for profile in ["dev", "release"] {
            let arguments = ["test", "--profile", profile, "-p", package, "--all-features", "--test", target];
            let mut command = workspace.cargo(&arguments);
            command.args(["--", "--nocapture", name]).env(SOAK_VARIABLE, "1");
            if let Err(error) = check(&mut command) {
                failed.push(error.to_string());
            }
        }
    }
    conclude("soak", &failed)
}
