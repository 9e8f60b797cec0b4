//! Editing: an editor that changes, breaks, fails, or is slower than somebody else.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Ran, Tool, assert_says, error_of, run, string};

/// A tool with the template t and the plain prompt notes.
fn tool_on(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    fs::create_dir(tool.home().join("tmp")).unwrap();
    tool.file("one", "One\nline\n");
    tool.file("other", "Other\n");
    tool.json("orchestration template add t --type orchestrator --file one");
    tool.json("prompt add notes --plain --file one");
    tool
}

/// Edits with a script that has the file as `$1` and the program as `$TOOL`.
fn edit(tool: &Tool, words: &str, script: &str) -> Ran {
    tool.file("editor.sh", script);
    let mut command = tool.command(words);
    let program = command.get_program().to_owned();
    command
        .env("VISUAL", format!("sh '{}'", tool.home().join("editor.sh").display()))
        .env("EDITOR", "never-run")
        .env("TMPDIR", tool.home().join("tmp"))
        .env("TOOL", program);
    run(command, "")
}

/// Edits on a terminal, which `script` of util-linux makes; a person types `answer`.
fn edit_on_a_terminal(tool: &Tool, editor: &str, answer: &str) -> Ran {
    tool.file("editor.sh", editor);
    let plain = tool.command("");
    let program = plain.get_program().display().to_string();
    let mut command = Command::new("script");
    command.args(["-qec", &format!("'{program}' orchestration template edit t"), "/dev/null"]).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
        .env("VISUAL", "sh editor.sh")
        .env("TERM", "dumb")
        .env("SHELL", "/bin/sh")
        .env("TMPDIR", tool.home().join("tmp"))
        .current_dir(tool.home());
    run(command, answer)
}

/// What is left where the editor's files are made.
fn left(tool: &Tool) -> usize {
    fs::read_dir(tool.home().join("tmp")).unwrap().count()
}

/// The text that a failure says it kept.
fn kept(error: &Value) -> String {
    let hint = string(&error["hint"]);
    let (_, rest) = hint.split_once("your text is kept in ").unwrap_or_else(|| panic!("{error:#}"));
    fs::read_to_string(rest.split_once("; to store it:").unwrap().0).unwrap()
}

const EDIT: &str = "--format json orchestration template edit t";

backends! {
    fn a_change_becomes_a_version(db: &TestDatabase) {
        let tool = tool_on(db);
        let ran = edit(&tool, "orchestration template edit t -m wording", "echo noise; printf 'Two\\nline\\n' > \"$1\"");
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "t@2 · +1 -1 lines · production moved 1 -> 2\n"), "{ran:#?}");
        assert!(ran.stderr.contains("-One\n+Two\n line"), "{}", ran.stderr);
        let shown = tool.json("orchestration template show t");
        assert_eq!((&shown["content"], &shown["message"]), (&json!("Two\nline\n"), &json!("wording")));
        assert_eq!(left(&tool), 0);

        let ran = edit(&tool, "orchestration template edit t@1 --draft", "cat \"$1\" > \"$1.seen\"; printf 'Three' > \"$1\"");
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "t@3 · +1 -2 lines · draft\n"), "{ran:#?}");
        let ran = edit(&tool, "orchestration template edit notes", "echo '{{#if}}' >> \"$1\"");
        assert_eq!(ran.code, 0, "a plain text is not checked: {ran:#?}");
        assert_eq!(tool.text("prompt show notes"), "One\nline\n{{#if}}\n");
        assert_eq!(left(&tool), 0);
    }

    fn the_file_is_private_and_may_be_replaced(db: &TestDatabase) {
        let tool = tool_on(db);
        let script = "case $1 in *.prompt) ;; *) exit 9;; esac; ls -ld \"$(dirname \"$1\")\" > mode\n\
                      cat \"$1\" > \"$1.new\"; echo more >> \"$1.new\"; mv \"$1.new\" \"$1\"";
        let ran = edit(&tool, EDIT, script);
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(fs::read_to_string(tool.home().join("mode")).unwrap().starts_with("drwx------"));
        assert_eq!(tool.json("orchestration template show t")["content"], "One\nline\nmore\n");
    }

    fn no_change_makes_no_version(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.keeps(|| {
            let ran = edit(&tool, EDIT, "true");
            let document: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert_eq!((ran.code, &document["unchanged"], &document["version"]), (0, &json!(true), &json!(1)));
            assert_eq!(left(&tool), 0);
            for (words, code) in [("nosuch", 3), ("t@9", 3), ("prompt-tool/analysis", 3), ("t --config x", 2)] {
                error_of(code, &edit(&tool, &format!("--format json orchestration template edit {words}"), "exit 1"));
            }
        });
    }

    fn a_template_that_breaks_is_kept_and_not_saved(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.keeps(|| {
            let error = error_of(1, &edit(&tool, EDIT, "printf '{{#if team}}' > \"$1\""));
            assert_eq!((&error["kind"], &error["diagnostics"][0]["span"]["line"]), (&json!("template"), &json!(1)));
            assert_eq!(kept(&error), "{{#if team}}");
            assert_says(&error, "hint", "template update t --file");
            let ran = edit(&tool, "--no-input orchestration template edit t", "printf '{{#if team}}' > \"$1\"");
            assert!(ran.code == 1 && ran.stderr.contains("^^^") && ran.stderr.contains("kept in"), "{ran:#?}");
        });
    }

    fn a_person_is_asked_to_edit_again(db: &TestDatabase) {
        let tool = tool_on(db);
        let script = "if [ -e again ]; then echo Two > \"$1\"; else touch again; echo '{{#if team}}' > \"$1\"; fi";
        let ran = edit_on_a_terminal(&tool, script, "y\n");
        assert!(ran.code == 0 && ran.stdout.contains("Edit again? [Y/n]"), "{ran:#?}");
        assert!(ran.stdout.contains("t@2 · +1 -2 lines · production moved 1 -> 2"), "{ran:#?}");
        assert_eq!((tool.text("orchestration template show t").as_str(), left(&tool)), ("Two\n", 0));
        fs::remove_file(tool.home().join("again")).unwrap();
        tool.keeps(|| {
            let ran = edit_on_a_terminal(&tool, script, "n\n");
            assert!(ran.code == 1 && ran.stdout.contains("your text is kept in"), "{ran:#?}");
            assert_eq!(left(&tool), 1);
        });
    }

    fn an_editor_that_fails_is_named(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.keeps(|| {
            let error = error_of(1, &edit(&tool, EDIT, "exit 3"));
            assert_says(&error, "message", "`sh`");
            assert_says(&error, "message", "VISUAL");
            assert_eq!(left(&tool), 0, "nothing was written, so nothing is kept");
            let error = error_of(1, &edit(&tool, EDIT, "printf half > \"$1\"; exit 3"));
            assert_eq!(kept(&error), "half");
            let error = error_of(2, &edit(&tool, EDIT, ": > \"$1\""));
            assert_eq!(error["kind"], "empty");
            let error = error_of(2, &edit(&tool, EDIT, "printf '\\377' > \"$1\""));
            assert_eq!(error["kind"], "not_utf8");
            for (editor, code) in [("/no/such-editor", 1), ("'unclosed", 2), ("$(touch shell)", 1)] {
                let mut command = tool.command(EDIT);
                command.env("EDITOR", editor);
                assert_says(&error_of(code, &run(command, "")), "message", editor.split(' ').next().unwrap());
            }
            assert!(!tool.home().join("shell").exists(), "no shell reads it");
        });
    }

    fn a_newer_version_of_somebody_else_is_a_conflict(db: &TestDatabase) {
        let tool = tool_on(db);
        let script = "\"$TOOL\" orchestration template update t --file other > /dev/null || exit 9\nprintf mine > \"$1\"";
        let error = error_of(5, &edit(&tool, EDIT, script));
        assert_eq!(error["kind"], "overtaken");
        assert_says(&error, "hint", "template diff default:t@1 default:t@latest");
        assert_eq!(kept(&error), "mine");
        let shown = tool.json("orchestration template show t@latest");
        assert_eq!((&shown["version"], &shown["content"]), (&json!(2), &json!("Other\n")));
    }
}
