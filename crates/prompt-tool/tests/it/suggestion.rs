//! Feature types that the rules suggest: asked for, and on the side.

use serde_json::json;
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_says, string};

const PLAN: &str = "orchestration plan --file request";

fn tool_on(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.file("request", "The login does not work");
    tool.file("t", "{{feature_request}}");
    tool
}

backends! {
    fn a_feature_type_that_a_template_serves_is_mentioned(db: &TestDatabase) {
        let tool = tool_on(db);
        let planned = tool.json(PLAN);
        assert_eq!((&planned["feature_type"], &planned["suggested"]), (&json!(null), &json!(null)));
        tool.json("orchestration template add fix --type analysis --global --feature-type bugfix --file t");
        let ran = tool.run(PLAN);
        assert_eq!(ran.code, 0);
        let note = "the request looks like bugfix (the request says \"does not work\"): plan with --feature-type bugfix, \
                    or --feature-type auto";
        assert!(ran.stderr.contains(note), "{}", ran.stderr);
        let planned = tool.json(PLAN);
        assert_eq!((&planned["feature_type"], &planned["suggested"]["feature_type"]), (&json!(null), &json!("bugfix")));
        assert_eq!(planned["templates"]["analysis"]["name"], "prompt-tool/analysis", "what is planned stays");
        assert_eq!(tool.show(&string(&planned["session_id"]))["feature_type"], json!(null));
        let named = tool.run(&format!("{PLAN} --feature-type ui"));
        assert!(!named.stderr.contains("looks like"), "{}", named.stderr);
    }

    fn a_feature_type_that_is_asked_for_is_planned_with_its_reason(db: &TestDatabase) {
        let tool = tool_on(db);
        tool.json("orchestration template add fix --type analysis --global --feature-type bugfix --file t");
        let planned = tool.json(&format!("{PLAN} --feature-type auto"));
        assert_eq!((&planned["feature_type"], &planned["suggested"]["terms"]), (&json!("bugfix"), &json!(["does not work"])));
        assert_eq!(planned["templates"]["analysis"]["name"], "fix");
        let session = string(&planned["session_id"]);
        let shown = tool.show(&session);
        assert_eq!(shown["feature_type"], "bugfix");
        let reason = string(&shown["feature_reason"]);
        assert!(reason.contains("does not work") && reason.contains("prompt-tool/feature-types@1"), "{reason}");
        assert!(tool.text(&format!("orchestration show {session} --why")).starts_with(&format!("feature type bugfix: {reason}\n")));
        let named = tool.json(&format!("{PLAN} --feature-type bugfix"));
        assert_eq!((&named["feature_type"], &named["suggested"]), (&json!("bugfix"), &json!(null)));
        assert_eq!(tool.show(&string(&named["session_id"]))["feature_reason"], json!(null));
    }

    fn rules_that_cannot_be_read(db: &TestDatabase) {
        let tool = tool_on(db);
        for words in ["prompt add prompt-tool/feature-types", "prompt update prompt-tool/feature-types --global"] {
            let plain = if words.contains("add") { "--plain" } else { "" };
            let error = tool.refuses_with(1, &format!("{words} {plain} --file -"), "no rule");
            assert_eq!(error["kind"], "bad_rules");
        }
        // Another program can store them all the same.
        for statement in [
            "INSERT INTO prompts (project_id, name, content, is_template) \
             SELECT id, 'prompt-tool/feature-types', 'no rule', false FROM projects WHERE name = 'default'",
            "INSERT INTO prompt_versions (prompt_id, version_number, content) \
             SELECT id, 1, 'no rule' FROM prompts WHERE content = 'no rule'",
            "INSERT INTO prompt_labels (prompt_id, label, version_number) \
             SELECT id, 'production', 1 FROM prompts WHERE content = 'no rule'",
        ] {
            db.raw(statement).unwrap();
        }
        let ran = tool.run(PLAN);
        assert!(ran.code == 0 && ran.stderr.contains("warning: no feature type is suggested"), "{ran:#?}");
        let error = tool.refuses(1, &format!("{PLAN} --feature-type auto"));
        assert_eq!(error["kind"], "bad_rules");
        assert_says(&error, "message", "line 1");
        assert_says(&error, "hint", "template edit default:prompt-tool/feature-types");
    }
}
