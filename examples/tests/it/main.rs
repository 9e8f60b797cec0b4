//! Each example runs, and shows what it is there to show.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail as the test does")]

use std::path::Path;

use test_support::hermetic;

/// Runs an example where there is nothing but a fresh folder and returns what it printed.
fn printed(binary: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = hermetic(Path::new(binary), home.path()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    let left = std::fs::read_dir(home.path()).unwrap().count();
    assert_eq!(left, 0, "an example leaves nothing behind");
    String::from_utf8(output.stdout).unwrap()
}

fn assert_shows(printed: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(printed.contains(text), "no {text:?} in:\n{printed}");
    }
}

#[test]
fn template_alone() {
    let printed = printed(env!("CARGO_BIN_EXE_template_alone"));
    let prompt = "Review the change \"waiting lists & seats\".\nLook at:\n0. src/course.rs\n1. src/seat.rs\n\
                  Answer in three sentences.";
    assert_shows(&printed, &[prompt, "variable `title` is not given", "titel"]);
}

#[test]
fn model_alone() {
    let printed = printed(env!("CARGO_BIN_EXE_model_alone"));
    assert_shows(&printed, &["first opening: created true", "second opening: created false"]);
    assert_shows(&printed, &["campus (Courses and seats)", "library (no description)"]);
    assert!(!printed.contains("archive"), "a refused transaction left a project:\n{printed}");
}

#[test]
fn manager_resolves() {
    let printed = printed(env!("CARGO_BIN_EXE_manager_resolves"));
    assert_shows(
        &printed,
        &["-> global ", "-> project+feature_type campus/bugs ", "shadowed by campus/bugs"],
    );
    assert_shows(&printed, &["version 2 is a draft", "  Find the cause of: seats are sold twice"]);
}

#[test]
fn registry_embedded() {
    let home = tempfile::tempdir().unwrap();
    let mut command = hermetic(Path::new(env!("CARGO_BIN_EXE_registry_embedded")), home.path());
    let output = command.arg("sqlite:prompts.db").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_shows(&String::from_utf8(output.stdout).unwrap(), &["a waiting list"]);
    assert!(home.path().join("prompts.db").is_file());
    let code = include_str!("../../registry_embedded.rs").lines();
    let code = code.filter(|line| !line.is_empty() && !line.starts_with("//"));
    assert!(code.count() < 15, "it is to be under 15 lines");
}

#[test]
fn extraction_alone() {
    let printed = printed(env!("CARGO_BIN_EXE_extraction_alone"));
    assert_shows(&printed, &["# Find where seats are counted\n```sh\ngrep -rn seat src\n```\n"]);
    assert_shows(&printed, &["complexity: Medium", "missing: execution_notes"]);
    assert!(!printed.contains("Shall I start"), "chatter is in a section:\n{printed}");
}

#[test]
fn assignment_alone() {
    let printed = printed(env!("CARGO_BIN_EXE_assignment_alone"));
    assert_shows(&printed, &["session-1: bucket 2388, variant control"]);
    assert_eq!(printed.matches(" 0 left or changed variant").count(), 4, "{printed}");
    assert_shows(&printed, &["0 units moved between the first two"]);
}

#[test]
fn session_whole() {
    let printed = printed(env!("CARGO_BIN_EXE_session_whole"));
    assert_shows(&printed, &["planned session ", "prompt-tool/orchestrator@1 (global)", "complexity Medium"]);
    assert_shows(&printed, &["refused: ", "\ncomplete\n"]);
    assert_eq!(printed.matches("  ok: ").count(), 3, "{printed}");
}
