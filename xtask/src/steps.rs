//! `test` and `ci`: the other tasks in a row, and the tests, counted.

use std::env;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use test_support::{PostgresServer, SERVER_VARIABLE, Unavailable, psql};

use crate::run::{check, conclude, read};
use crate::workspace::Workspace;
use crate::{features, outside, schema, tidy};

/// All tests, then the checks.
///
/// A check that fails counts as one more failure in the last line, so that the line never says that
/// nothing failed when something did.
pub(crate) fn test(workspace: &Workspace, full: bool, more: &[String]) -> Result<bool> {
    finish(workspace, full || on_ci(), more, Vec::new())
}

/// Everything. The tests come last, for the sake of the last line.
pub(crate) fn ci(workspace: &Workspace) -> Result<bool> {
    let before =
        vec![("lint", lint(workspace)), ("docs", docs(workspace)), ("outside", outside::run(workspace))];
    report(&before);
    finish(workspace, true, &[], before)
}

/// Formatting and lints; both are looked at, whatever the first says.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let looks = [&["fmt", "--all", "--check"][..], &clippy];
    let outcomes = looks.map(|arguments| check(&mut workspace.cargo(arguments)));
    let failed = outcomes.into_iter().filter_map(Result::err);
    conclude("lint", &failed.map(|error| error.to_string()).collect::<Vec<_>>())
}

/// The reference of every crate.
pub(crate) fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(&["doc", "--workspace", "--no-deps"]);
    check(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// A PostgreSQL server for this run; none is an error on CI and a remark elsewhere.
pub(crate) fn server() -> Result<Option<PostgresServer>> {
    match PostgresServer::find_or_start() {
        Ok(server) => Ok(Some(server)),
        Err(missing @ Unavailable::Missing) if !on_ci() => {
            println!("skipped: {missing}");
            Ok(None)
        }
        Err(unavailable) => bail!("{unavailable}"),
    }
}

type Outcome = (&'static str, Result<()>);

fn finish(workspace: &Workspace, full: bool, more: &[String], mut done: Vec<Outcome>) -> Result<bool> {
    let server = server()?;
    let mut counts = tests(workspace, server.as_ref(), more)?;
    let mut after = vec![("tidy", tidy::run(workspace))];
    after.push(("schema", schema::run(workspace, server.as_ref())));
    if full {
        after.push(("features", features::run(workspace, false)));
    }
    report(&after);
    done.extend(after);

    let failed = done.iter().filter(|(_, outcome)| outcome.is_err()).map(|(name, _)| *name);
    let failed: Vec<_> = failed.collect();
    if !failed.is_empty() {
        println!("checks that failed: {}", failed.join(", "));
    }
    counts.failed += failed.len();
    println!("databases: {}", databases(server.as_ref())?);
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    io::stdout().flush()?;
    Ok(counts.failed == 0)
}

fn report(outcomes: &[Outcome]) {
    for error in outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()) {
        eprintln!("error: {error:#}");
    }
}

/// What the tests came to.
#[derive(Debug, Default, Eq, PartialEq)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Counts {
    /// Adds what a line `test result: ok. 3 passed; 0 failed; 1 ignored; ...` says.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        // The first part holds the verdict too: `ok. 3 passed`.
        for part in result.split(['.', ';']).map(str::trim) {
            let Some((count, what)) = part.split_once(' ') else {
                continue;
            };
            let Ok(count) = count.parse::<usize>() else {
                continue;
            };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.skipped += count,
                _ => {}
            }
        }
    }
}

/// Runs `cargo test`, passing on what it prints.
fn tests(workspace: &Workspace, server: Option<&PostgresServer>, more: &[String]) -> Result<Counts> {
    let mut arguments = vec!["test", "--no-fail-fast"];
    let chosen = |option: &String| option.starts_with("-p") || option.starts_with("--package");
    if !more.iter().any(chosen) {
        arguments.push("--workspace");
    }
    arguments.extend(more.iter().map(String::as_str));
    println!("$ cargo {}", arguments.join(" "));
    let mut command = workspace.cargo(&arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(server) = server {
        command.env(SERVER_VARIABLE, server.url());
    }
    if io::stderr().is_terminal() && env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    stream(&mut command)
}

fn stream(command: &mut Command) -> Result<Counts> {
    let mut child = command.spawn().context("cargo test")?;
    let errors = child.stderr.take().expect("stderr is piped");
    // A test without its PostgreSQL says so on stderr and passes, as the harness sees it.
    let watch = thread::spawn(move || {
        let mut skipped = 0_usize;
        let copied = pass_on(errors, &mut io::stderr(), |line| {
            skipped += usize::from(line.starts_with("skipped: "));
        });
        copied.map(|()| skipped)
    });
    let mut counts = Counts::default();
    let output = child.stdout.take().expect("stdout is piped");
    pass_on(output, &mut io::stdout(), |line| counts.add(line))?;
    let skipped = watch.join().map_err(|_| anyhow!("the reader of stderr panicked"))??;
    counts.passed = counts.passed.saturating_sub(skipped);
    counts.skipped += skipped;
    let status = child.wait()?;
    if !status.success() && counts.failed == 0 {
        // A build that failed, or a test that took its whole process along.
        counts.failed = 1;
    }
    Ok(counts)
}

/// Copies line by line, and shows each line to `see`.
fn pass_on(from: impl Read, to: &mut impl Write, mut see: impl FnMut(&str)) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        see(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(())
}

/// Which databases the tests ran on, with their versions.
fn databases(server: Option<&PostgresServer>) -> Result<String> {
    let sqlite = format!("SQLite {}", rusqlite::version());
    let Some(server) = server else {
        return Ok(format!("{sqlite}; PostgreSQL was skipped, no server found"));
    };
    let version = read(psql(server.url()).args(["-A", "-t", "-c", "show server_version"]))?;
    let origin = if server.is_ours() { "started for this run" } else { SERVER_VARIABLE };
    Ok(format!("{sqlite} and PostgreSQL {} ({origin})", version.trim()))
}

fn on_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn results_are_summed() {
        let mut counts = Counts::default();
        counts.add(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
        );
        counts.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s");
        counts.add("test a::b ... ok");
        assert_eq!(counts, Counts { passed: 4, failed: 2, skipped: 1 });
    }
}
