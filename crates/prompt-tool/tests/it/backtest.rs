//! A version on past sessions.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_keys, assert_says, string};

const BACKTEST: &str = "orchestration template test t@latest --against-sessions 10";

fn tool_on(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.file("one", "Plan {{feature_request}}.\n");
    tool.json("orchestration template add t --type orchestrator --file one");
    tool
}

fn draft(tool: &Tool, text: &str) {
    tool.json_with("orchestration template update t --draft --file -", text);
}

backends! {
    fn a_version_is_tried_on_past_sessions(db: &TestDatabase) {
        let tool = tool_on(db);
        let sessions = [tool.plan("A"), tool.plan("Bee")];
        let before = tool.everything();
        let same = tool.json(BACKTEST);
        assert_eq!((&same["renders"], &same["differs"], &same["version"]), (&json!(2), &json!(0), &json!(1)));
        draft(&tool, "Plan {{feature_request}}.\nWell.\n");
        let tried = tool.json(BACKTEST);
        assert_eq!((&tried["name"], &tried["project"], &tried["type"]), (&json!("t"), &json!("default"), &json!("orchestrator")));
        assert_eq!((&tried["renders"], &tried["differs"], &tried["version"]), (&json!(2), &json!(2), &json!(2)));
        let newest = &tried["items"][0];
        assert_keys(newest, &["session_id", "used", "missing", "changed", "bytes_before", "bytes_after"]);
        assert_eq!(string(&newest["session_id"]), sessions[1]);
        assert_eq!((&newest["used"], &newest["changed"]), (&json!("t@1"), &json!({"added": 1, "removed": 0})));
        assert_eq!((&newest["bytes_before"], &newest["bytes_after"]), (&json!(10), &json!(16)));
        let text = tool.text(BACKTEST);
        assert!(text.contains("10 -> 16 (+6)") && text.contains("+1 -0"), "{text}");
        assert!(text.ends_with("t@2 renders for 2 of 2 sessions; 2 would differ; median change of length +6 bytes\n"), "{text}");
        let one = tool.json("orchestration template test t --against-sessions 1");
        assert_eq!(one["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(tool.everything()["shows"], before["shows"], "no session was touched");
    }

    fn a_session_that_lacks_a_variable_is_named(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.plan("A");
        tool.json("orchestration plan B --var team=web");
        draft(&tool, "Plan {{feature_request}} for {{team}}.\n");
        let ran = tool.run(&format!("--format json {BACKTEST}"));
        let tried: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &tried["renders"]), (1, &json!(1)), "{ran:#?}");
        assert_eq!((&tried["items"][1]["missing"], &tried["items"][1]["bytes_after"]), (&json!(["team"]), &json!(null)));
        let ran = tool.run(BACKTEST);
        assert!(ran.code == 1 && ran.stdout.contains("team") && ran.stdout.contains("1 of 2 sessions"), "{ran:#?}");
    }

    fn without_sessions_there_is_nothing_to_try(db: &TestDatabase) {
        let tool = tool_on(db);
        let ran = tool.run(BACKTEST);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
        assert!(ran.stderr.contains("no session"), "{}", ran.stderr);
        assert_eq!(tool.json(BACKTEST)["items"], json!([]));
        tool.json_with("prompt add notes --file -", "x");
        let error = tool.refuses(2, "orchestration template test notes --against-sessions 3");
        assert_says(&error, "message", "not a template of the orchestration");
    }
}
