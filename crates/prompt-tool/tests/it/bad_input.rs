//! Bad input: each a clear error with its exit code, and nothing half-written.

use serde_json::json;
use test_support::{TestDatabase, backends};

use crate::answers::{PLAIN, SECTIONS, WITHOUT_NOTES};
use crate::tool::{Tool, assert_says, step_words, string};

/// More than any text may have.
const HUGE: usize = 2 << 20;

/// A database with a session, a template and a prompt, beside the built-in ones.
fn furnished(db: &TestDatabase) -> (Tool, String) {
    let tool = Tool::on(db);
    tool.file("t.hbs", "{{feature_request}}");
    tool.json("orchestration template add mine --type orchestrator --file t.hbs");
    tool.json("prompt add notes --file t.hbs");
    let session = tool.plan("Feature");
    (tool, session)
}

backends! {
    fn names_that_are_unknown(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        tool.keeps(|| {
        for (words, name) in [
            ("project show nosuch", "nosuch"),
            ("orchestration plan F --project nosuch", "nosuch"),
            ("orchestration plan F --template orchestrator=nosuch", "nosuch"),
            ("orchestration plan F --template orchestrator=mine@7", "7"),
            ("orchestration plan F --template orchestrator=mine@staging", "staging"),
            ("orchestration template add x --type analysis --project nosuch --file t.hbs", "nosuch"),
            ("orchestration template add x --type analysis --from nosuch", "nosuch"),
            ("orchestration template add x --type analysis --file nosuch", "nosuch"),
            ("orchestration template update nosuch --file t.hbs", "nosuch"),
            ("orchestration template show nosuch", "nosuch"),
            ("orchestration template show mine --project nosuch", "nosuch"),
            ("orchestration template show nosuch:mine", "nosuch"),
            ("orchestration template show mine@0", "0"),
            ("orchestration template show mine@2", "2"),
            ("orchestration template show mine@nolabel", "nolabel"),
            ("orchestration template show mine@sha256:00000000", "sha256:00000000"),
            ("orchestration template test nosuch", "nosuch"),
            ("orchestration template remove nosuch", "nosuch"),
            ("orchestration template restore nosuch", "nosuch"),
            ("orchestration template activate nosuch", "nosuch"),
            ("orchestration template resolve --type analysis --project nosuch", "nosuch"),
            ("orchestration template resolve --type analysis --template nosuch", "nosuch"),
            ("orchestration show nosuch", "nosuch"),
            ("orchestration status nosuch", "nosuch"),
            ("orchestration verify nosuch", "nosuch"),
            ("orchestration cancel nosuch", "nosuch"),
            ("orchestration analyze --session nosuch", "nosuch"),
            ("orchestration extract nosuch", "nosuch"),
            ("orchestration process --file nosuch", "nosuch"),
            ("prompt show nosuch", "nosuch"),
            ("prompt update nosuch --file t.hbs", "nosuch"),
        ] {
            let error = tool.fails(3, words);
            assert_says(&error, "message", name);
        }
        });
    }

    fn names_that_cannot_be(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        let long = "x".repeat(201);
        let words = [
            "project add a:b".to_owned(),
            "project add a@b".to_owned(),
            format!("project add {}", &long[..101]),
            format!("orchestration template add {long} --type analysis --file t.hbs"),
            "orchestration template add a@b --type analysis --file t.hbs".to_owned(),
            "orchestration template add a:b --type analysis --file t.hbs".to_owned(),
            "orchestration template add x --type nosuch --file t.hbs".to_owned(),
            "orchestration template resolve --type nosuch".to_owned(),
            "orchestration plan F --template nosuch=mine".to_owned(),
            "orchestration plan F --template mine".to_owned(),
            "orchestration plan F --template analysis=mine".to_owned(),
            "orchestration plan F --template orchestrator=notes".to_owned(),
            "orchestration plan F --template orchestrator=mine --template orchestrator=mine".to_owned(),
            "orchestration plan F --feature-type A!".to_owned(),
            "orchestration plan F --var novalue".to_owned(),
            "orchestration plan F --var 1a=x".to_owned(),
            "orchestration plan F --var a=1 --var a=2".to_owned(),
            "orchestration plan F --var session_id=mine".to_owned(),
            "orchestration plan F --var feature_request=mine".to_owned(),
            "orchestration template show mine@99999999999".to_owned(),
            "orchestration template show mine@sha256:12".to_owned(),
            "orchestration template show mine@sha256:zzzzzzzz".to_owned(),
            "orchestration template update notes --file t.hbs".to_owned(),
            "orchestration template activate notes".to_owned(),
            "orchestration template remove notes".to_owned(),
            "prompt add x --category __orchestration__ --file t.hbs".to_owned(),
        ];
        tool.keeps(|| {
            for words in &words {
                tool.fails(2, words);
            }
        });
    }

    fn names_that_are_taken(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        tool.keeps(|| {
            for words in [
                "project add default",
                "orchestration template add mine --type orchestrator --file t.hbs",
                "orchestration template add mine --type analysis --file t.hbs",
                "orchestration template add notes --type analysis --file t.hbs",
                "prompt add mine --file t.hbs",
                "prompt add notes --file t.hbs",
            ] {
                tool.fails(5, words);
            }
            let reserved = tool.run("--format json project add __global__");
            assert!(matches!(reserved.code, 2 | 5), "{reserved:#?}");
        });
    }

    fn a_template_that_does_not_compile(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        tool.file("bad.hbs", "line one\n  {{#if feature_request}}\nnever closed\n");
        for words in [
            "orchestration template add bad --type orchestrator --file bad.hbs",
            "orchestration template update mine --file bad.hbs",
            "orchestration template update mine --draft --file bad.hbs",
            "prompt add bad --file bad.hbs",
            "orchestration template test --file bad.hbs",
        ] {
            let error = tool.refuses(1, words);
            assert_eq!(error["kind"], "template");
            assert_eq!(error["diagnostics"][0]["span"]["line"], 2, "{error:#}");
            let ran = tool.run(words);
            assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
            assert!(ran.stderr.contains(":2:3"), "{}", ran.stderr);
            assert!(ran.stderr.contains("{{#if feature_request}}") && ran.stderr.contains("^^^"), "{}", ran.stderr);
        }
    }

    fn a_template_that_uses_what_is_not_there(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        tool.file("bad.hbs", "{{> nosuch/partial}}");
        for words in [
            "orchestration template add bad --type orchestrator --file bad.hbs",
            "orchestration template update mine --file bad.hbs",
        ] {
            let ran = tool.run(words);
            assert!(matches!(ran.code, 1 | 3), "{ran:#?}");
            assert_says(&tool.refuses(ran.code, words), "message", "nosuch/partial");
        }
        tool.file("loop.hbs", "{{> notes}}");
        assert_says(&tool.refuses(1, "prompt update notes --file loop.hbs"), "message", "notes");
    }

    fn a_variable_that_nobody_gives(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        tool.file("team.hbs", "{{team}} {{feature_request}}");
        tool.json("orchestration template add team --type implementation --file team.hbs");
        let error = tool.refuses(1, "orchestration plan F");
        assert_eq!(error["kind"], "missing_variables");
        assert_says(&error, "message", "team");
        assert_says(&error, "hint", "--var team=VALUE");
        let planned = tool.json("orchestration plan F --var team=web");
        assert_eq!(planned["status"], "planned");
    }

    fn an_answer_without_a_section(db: &TestDatabase) {
        let (tool, session) = furnished(db);
        let missing = |answer: &str| {
            let error = tool.refuses_with(1, &step_words("process", &session), answer);
            assert_eq!(error["kind"], "missing_sections");
            assert_says(&error, "hint", "nothing was changed");
            error["extraction"]["missing"].clone()
        };
        assert_eq!(missing(WITHOUT_NOTES), json!(["execution_notes"]));
        assert_eq!(missing("I cannot help with that."), json!(SECTIONS));
        let empty = PLAIN.replace("Build it.", "");
        assert_eq!(missing(&empty), json!(["implementation_template"]));
        tool.step("process", &session);
        let before = tool.show(&session);
        missing(WITHOUT_NOTES);
        assert_eq!(tool.show(&session), before, "the answer before stays");
    }

    fn the_prompt_pasted_back(db: &TestDatabase) {
        let tool = Tool::on(db);
        let planned = tool.json("orchestration plan Feature");
        let session = string(&planned["session_id"]);
        let prompt = string(&planned["prompt"]);
        for pasted in [prompt.clone(), format!("\n{prompt}\n\n"), prompt.replace('\n', "\r\n")] {
            let error = tool.refuses_with(1, &step_words("process", &session), &pasted);
            assert_ne!(error["kind"], json!(null), "{error:#}");
        }
        tool.json_with(&step_words("process", &session), format!("{prompt}\n\n{PLAIN}"));
        for (give, take) in [("analyze", "save-analysis"), ("implement", "complete")] {
            let prompt = string(&tool.step(give, &session)["prompt"]);
            let error = tool.refuses_with(1, &step_words(take, &session), &prompt);
            assert_eq!(error["kind"], "prompt_pasted_back");
            tool.step(take, &session);
        }
    }

    fn texts_that_are_empty_or_too_long(db: &TestDatabase) {
        let (tool, session) = furnished(db);
        let huge = "x".repeat(HUGE);
        tool.keeps(|| {
            for request in ["", " ", "\n\t \u{a0}\u{2003}\r\n"] {
                let error = tool.fails_with(2, "orchestration plan --file -", request);
                assert_says(&error, "message", "feature request");
                tool.fails_with(2, &step_words("process", &session), request);
            }
        });
        let mut command = tool.command("--format json orchestration plan");
        assert_eq!(command.arg("").output().unwrap().status.code(), Some(2));
        let error = tool.refuses_with(2, "orchestration plan --file -", &huge);
        assert_eq!(error["kind"], "too_long");
        let error = tool.refuses_with(2, "orchestration template add x --type analysis --file -", &huge);
        assert_eq!(error["kind"], "too_long");
        let error = tool.refuses_with(2, "orchestration template update mine --file -", &huge);
        assert_eq!(error["kind"], "too_long");
        let actor = &huge[..101];
        let error = tool.refuses(2, &format!("--actor {actor} orchestration template update mine --file t.hbs"));
        assert_eq!(error["kind"], "too_long");
        let largest = "y".repeat(1 << 20);
        let id = tool.plan(&largest);
        assert_eq!(tool.show(&id)["feature_request"], json!(largest), "what fits is whole");
    }

    fn bytes_that_are_no_text(db: &TestDatabase) {
        let (tool, session) = furnished(db);
        tool.step("process", &session);
        tool.step("analyze", &session);
        let words = [
            "orchestration plan --file bad".to_owned(),
            "orchestration template add x --type analysis --file bad".to_owned(),
            "orchestration template update mine --file bad".to_owned(),
            "prompt add x --file bad".to_owned(),
            "prompt add x --plain --file bad".to_owned(),
            "prompt update notes --file bad".to_owned(),
            "orchestration save-analysis --file bad".to_owned(),
        ];
        for (bytes, kind) in [(b"one\0two".as_slice(), "nul"), (b"one \xff two".as_slice(), "not_utf8")] {
            tool.file("bad", bytes);
            tool.keeps(|| {
                for words in &words {
                    let error = tool.fails(2, words);
                    assert_eq!(error["kind"], kind, "{words}: {error:#}");
                }
            });
        }
        let fresh = tool.plan("Fresh");
        tool.refuses_with(2, &step_words("process", &fresh), PLAIN.replace("Build", "Bu\0ild"));
        tool.within("folder");
        tool.refuses(1, "orchestration plan --file folder");
    }
}

#[test]
fn usage_errors_are_objects_too() {
    let tool = Tool::alone();
    for words in [
        "",
        "nosuch",
        "project",
        "project nosuch",
        "orchestration plan",
        "orchestration plan a b",
        "orchestration plan a --file b",
        "orchestration plan a --nosuch",
        "orchestration plan a --project x --global",
        "orchestration list --limit 0",
        "orchestration list --limit x",
        "orchestration template add x --file t.hbs",
        "orchestration template add x --type analysis",
        "orchestration template add x --type analysis --file a --from b",
        "orchestration template test",
        "db rollback --steps x",
        "db rollback --steps -1",
    ] {
        let error = tool.fails(2, words);
        assert!(!string(&error["message"]).contains('\n'), "{error:#}");
        let text = tool.run(words);
        assert_eq!((text.code, text.stdout.as_str()), (2, ""), "{words}");
    }
    let late = tool.run("nosuch --format=json");
    assert!(late.stderr.starts_with('{'), "{}", late.stderr);
    assert_eq!(std::fs::read_dir(tool.home()).unwrap().count(), 0, "no database is made for a usage error");
}

#[test]
fn a_misspelled_command_is_corrected() {
    let error = Tool::alone().fails(2, "orchestraton plan x");
    assert_says(&error, "hint", "orchestration");
}

#[test]
fn the_switch_that_is_not_there_yet_is_not_passed_over() {
    let tool = Tool::alone();
    let mut command = tool.command("--format json orchestration plan F");
    let output = command.env("PROMPT_TOOL_TEMPLATES", "off").output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
}
