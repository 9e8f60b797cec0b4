//! Stored tests: saved, listed, run, deleted.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_says};

fn tool_on(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.file("t", "# Plan\n{{feature_request}} for {{team}}\n");
    tool.json("orchestration template add t --type orchestrator --file t");
    tool
}

const TEST: &str = "orchestration template test t";

backends! {
    fn a_test_is_stored_and_run(db: &TestDatabase) {
        let tool = tool_on(db);
        let saved = tool.json(&format!("{TEST} --save web --var team=web --contains web --has-section Plan --max-length 99"));
        assert_eq!((&saved["name"], &saved["project"]), (&json!("t"), &json!("default")));
        let expected = json!({
            "name": "web",
            "variables": {"team": "web"},
            "assertions": [{"contains": "web"}, {"has_section": "Plan"}, {"max_length": 99}],
        });
        assert_eq!(saved["items"], json!([expected]));
        assert_eq!(tool.json(&format!("{TEST} --list"))["items"], json!([expected]));
        assert!(tool.text(&format!("{TEST} --list")).contains("contains \"web\"; has the section"));

        let rendered = "# Plan\nAdd a waiting list for full courses for web\n";
        let tested = tool.json(TEST);
        assert_eq!(tested["rendered"], rendered, "the first test that renders");
        assert_eq!(tested["checks"], json!([{"name": "web", "passed": true, "detail": "3 checks, 51 characters"}]));
        let ran = tool.run(TEST);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, rendered));
        assert!(ran.stderr.contains("✓ web"), "{}", ran.stderr);

        tool.json(&format!("{TEST} --save ops --var team=ops --not-contains ops"));
        let ran = tool.run(&format!("{TEST} --var team=x"));
        assert_eq!((ran.code, ran.stdout.ends_with("for x\n")), (1, true), "{ran:#?}");
        assert!(ran.stderr.contains("✗ ops") && ran.stderr.contains("✓ web"), "{}", ran.stderr);
        let ran = tool.run(&format!("--format json {TEST}"));
        let checks: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &checks["checks"][0]["passed"]), (1, &json!(false)));
        tool.json(&format!("{TEST} --delete ops"));
        assert_eq!(tool.run(TEST).code, 0);
        assert_says(&tool.refuses(3, &format!("{TEST} --delete ops")), "hint", "--list");
    }

    fn a_test_that_nothing_renders_for(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.json(&format!("{TEST} --save bare"));
        let ran = tool.run(&format!("--format json {TEST}"));
        let tested: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &tested["rendered"], &tested["checks"][0]["passed"]), (1, &json!(null), &json!(false)));
        let ran = tool.run(TEST);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert!(ran.stderr.contains("✗ bare") && ran.stderr.contains("team"), "{}", ran.stderr);
        tool.file("vars.json", r#"{"team": {"a": 1}}"#);
        assert_says(&tool.fails(1, &format!("{TEST} --vars vars.json")), "message", "team");
    }

    fn declared_values_are_stored_as_what_they_are(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.file("t", "---\ninput:\n  schema:\n    words: integer\n---\n{{words}}");
        tool.json("orchestration template add t --type orchestrator --file t");
        let saved = tool.json_with(&format!("{TEST} --save nine --var words=9 --equals -"), "9");
        assert_eq!(saved["items"][0]["variables"], json!({"words": 9}));
        assert_eq!(tool.json(TEST)["checks"][0]["passed"], true);
    }

    fn tests_that_cannot_be_stored(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.file("plain", "{{x}}");
        tool.json("prompt add plain --file plain --plain");
        tool.file("bad.json", r#"[{"name": "a"}, {"name": "a"}]"#);
        tool.keeps(|| {
            for words in ["--save bad --matches (", "--save-file bad.json"] {
                assert_eq!(tool.fails(2, &format!("{TEST} {words}"))["kind"], "bad_test", "{words}");
            }
            tool.fails(2, &format!("{TEST}@1 --save a"));
            tool.fails(2, &format!("{TEST} --list --var a=b"));
            tool.fails(2, &format!("{TEST} --contains a"));
            tool.fails(3, "orchestration template test nosuch --save a");
            for words in ["", "--save a"] {
                let error = tool.fails(2, &format!("orchestration template test plain {words}"));
                assert_eq!(error["kind"], "plain_text");
            }
            assert_eq!(tool.json(&format!("{TEST} --list"))["items"], json!([]));
        });
        let many: Vec<Value> = (0..100).map(|n| json!({"name": n.to_string()})).collect();
        tool.file("many.json", json!(many).to_string());
        tool.json(&format!("{TEST} --save-file many.json"));
        assert_eq!(tool.refuses(2, &format!("{TEST} --save more"))["kind"], "too_many_tests");
    }
}
