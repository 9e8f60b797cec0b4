//! Gates and protections: a label moves where they let it, and else nothing is changed.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_says};

const TESTS: &str = r#"{"tests": [
    {"name": "renders with the example request"},
    {"name": "asks for file paths", "assertions": [{"contains": "path"}]}
]}"#;

/// campus/analysis of the project campus, version 1, with two tests that it passes.
fn campus(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus");
    tool.file("one", "Name each path.\n");
    tool.file("two", "Name each file.\n");
    tool.file("team", "Name each path of {{team}}.\n");
    tool.file("tests.json", TESTS);
    tool.json("orchestration template add campus/analysis --type analysis --project campus --file one");
    tool.json("orchestration template test campus/analysis --project campus --save-file tests.json");
    tool
}

fn update(tool: &Tool, file: &str) -> Value {
    tool.json(&format!("orchestration template update campus/analysis --project campus --file {file}"))
}

const SET: &str = "orchestration template label set production campus/analysis@2 --project campus";
const GATE: &str = "orchestration template label gate production campus/analysis --project campus";

backends! {
    fn a_version_whose_tests_fail_is_held_back(db: &TestDatabase) {
        let tool = campus(db);
        let gate = tool.json(&format!("{GATE} --tests on"));
        assert_eq!(gate["policy"], json!({"protected": false, "tests": true, "variables": false}));
        let held = update(&tool, "two");
        assert_eq!((&held["version"], &held["production"]), (&json!(2), &json!(1)));
        assert_eq!(held["held_back"][0]["failures"][0]["tests"][0]["passed"], json!(false), "{held:#}");

        let error = tool.refuses(5, SET);
        assert_eq!(error["kind"], "gate");
        assert_says(&error, "message", "production of campus/analysis needs its tests to pass on version 2");
        assert_says(&error, "hint", "template test campus/analysis@2 --project campus");
        let gate = &error["gates"][0];
        assert_eq!(
            (&gate["project"], &gate["name"], &gate["label"], &gate["version"]),
            (&json!("campus"), &json!("campus/analysis"), &json!("production"), &json!(2))
        );
        assert_eq!(gate["failures"][0]["tests"].as_array().unwrap().len(), 2);

        let ran = tool.run(SET);
        assert_eq!((ran.code, ran.stdout.as_str()), (5, ""));
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stderr, @r#"
            error: refused: production of campus/analysis needs its 2 tests to pass on version 2
              ✗ asks for file paths               expected to contain "path", and does not
              ✓ renders with the example request
            Nothing was changed.
            hint: see it: prompt-tool orchestration template test campus/analysis@2 --project campus
            "#);
        }
        tool.json(&format!("{GATE} --tests off"));
        assert_eq!(tool.json(SET)["to"], 2);
    }

    fn what_was_held_back_is_a_draft_and_says_so(db: &TestDatabase) {
        let tool = campus(db);
        tool.json(&format!("{GATE} --tests on"));
        let ran = tool.run("orchestration template update campus/analysis --project campus --file two");
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "campus/analysis@2 · +1 -1 lines · draft\n"));
        for said in ["warning:", "stored as a draft", "✗ asks for file paths", "label set production campus/analysis@2 --project campus"] {
            assert!(ran.stderr.contains(said), "no `{said}`: {}", ran.stderr);
        }
        tool.file("three", "Name each path, please.\n");
        assert_eq!(update(&tool, "three")["production"], 3, "what passes moves");
        let back = tool.json("orchestration template rollback campus/analysis@2 --project campus");
        assert_eq!((&back["version"], &back["production"]), (&json!(4), &json!(3)));
        assert_ne!(back["held_back"], json!([]));
    }

    fn a_gate_without_tests_lets_nothing_through(db: &TestDatabase) {
        let tool = campus(db);
        for test in ["renders with the example request", "asks for file paths"] {
            let mut command = tool.command("orchestration template test campus/analysis --project campus --delete");
            assert!(command.arg(test).output().unwrap().status.success());
        }
        let ran = tool.run(&format!("{GATE} --tests on"));
        assert!(ran.code == 0 && ran.stderr.contains("there is no test yet"), "{ran:#?}");
        assert_eq!(update(&tool, "two")["held_back"][0]["failures"], json!(["no_tests"]));
        assert_says(&tool.refuses(5, SET), "hint", "--save NAME");
    }

    fn a_variable_that_callers_do_not_give(db: &TestDatabase) {
        let tool = campus(db);
        tool.json(&format!("{GATE} --variables on"));
        let held = update(&tool, "team");
        assert_eq!((&held["production"], &held["held_back"][0]["failures"]), (&json!(1), &json!([{"new_variables": ["team"]}])));
        let error = tool.refuses(5, SET);
        assert_eq!(error["kind"], "gate");
        assert_says(&error, "message", "`team`");
        assert_says(&error, "hint", "front matter");
        assert_says(&error, "hint", "label gate production campus/analysis --project campus --variables off");
        let default = "---\ninput:\n  default:\n    team: web\n---\nName each path of {{team}}.\n";
        tool.file("default", default);
        assert_eq!(update(&tool, "default")["production"], 3);
    }

    fn a_protected_label_stays(db: &TestDatabase) {
        let tool = campus(db);
        let state = tool.json("orchestration template label protect production campus/analysis --project campus");
        assert_eq!((&state["label"], &state["version"], &state["policy"]["protected"]), (&json!("production"), &json!(1), &json!(true)));
        assert_eq!(update(&tool, "two")["held_back"][0]["failures"], json!(["protected"]));
        for words in [SET, "orchestration template label remove production campus/analysis --project campus"] {
            let error = tool.refuses(5, words);
            assert_eq!(error["kind"], "protected");
            assert_says(&error, "message", "production of campus/analysis is protected");
            assert_says(&error, "hint", "label unprotect production campus/analysis --project campus");
        }
        tool.json(&format!("{GATE} --tests on"));
        assert_eq!(tool.refuses(5, SET)["kind"], "gate", "more than the protection stands in the way");
        let listed = tool.json("orchestration template label list campus/analysis --project campus");
        assert_eq!(listed["items"][1], json!({
            "label": "production", "version": 1, "policy": {"protected": true, "tests": true, "variables": false}
        }));
        tool.json(&format!("{GATE} --tests off"));
        tool.json("orchestration template label unprotect production campus/analysis --project campus");
        assert_eq!(tool.json(SET)["to"], 2);
    }
}
