//! Running commands, and what they leave behind.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// Runs a command for its effect; its output goes where ours goes.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command.status().with_context(|| line.clone())?;
    ensure!(status.success(), "`{line}` failed: {status}");
    Ok(())
}

/// Runs a cargo command that builds; a warning is a failure.
///
/// `RUSTFLAGS` would say so too, and build every dependency again.
pub(crate) fn check_without_warnings(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("$ {line}");
    let output = command.output().with_context(|| line.clone())?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    ensure!(output.status.success(), "`{line}` failed: {}", output.status);
    let warned = said.lines().any(|line| line.starts_with("warning"));
    ensure!(!warned, "`{line}` warned");
    Ok(())
}

/// Runs a command for what it prints on stdout.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let line = line(command);
    let output = command.output().with_context(|| line.clone())?;
    if !output.status.success() {
        let cause = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed:\n{}", cause.trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("what `{line}` printed"))
}

/// Fails with all of `problems`, one a line, or says that `what` is in order.
pub(crate) fn conclude(what: &str, problems: &[String]) -> Result<()> {
    match problems.len() {
        0 => println!("{what}: in order"),
        1 => bail!("{what}: {}", problems[0]),
        count => bail!("{what}: {count} problems\n  {}", problems.join("\n  ")),
    }
    Ok(())
}

/// A command as a person would type it, near enough.
fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
