//! Which step is allowed in which state, and what a refusal says.

use serde_json::json;
use test_support::{TestDatabase, backends};

use crate::answers::PLAIN;
use crate::tool::{Tool, assert_says, step_words};

const STEPS: [&str; 6] = ["process", "analyze", "save-analysis", "implement", "complete", "cancel"];

/// The states, the steps that are allowed there, and the one that moves on.
const STATES: [(&str, &[&str], Option<&str>); 6] = [
    ("planned", &["process", "cancel"], Some("process")),
    ("templates_ready", &["process", "analyze", "cancel"], Some("analyze")),
    ("analyzing", &["analyze", "save-analysis", "cancel"], Some("save-analysis")),
    ("analysis_complete", &["implement", "cancel"], Some("implement")),
    ("implementing", &["implement", "complete", "cancel"], Some("complete")),
    ("complete", &[], None),
];

/// Takes every step that is not allowed, and sees it refused.
fn refuse_all_but(allowed: &[&str], state: &str, next: Option<&str>, tool: &Tool, id: &str) {
    let before = tool.show(id);
    assert_eq!(before["status"], json!(state));
    for step in STEPS.into_iter().filter(|step| !allowed.contains(step)) {
        let error = tool.fails_with(5, &step_words(step, id), PLAIN);
        assert_says(&error, "message", &format!("is {state}"));
        assert_says(&error, "message", step);
        match next {
            Some(next) => {
                assert_says(&error, "hint", &format!("prompt-tool orchestration {next} --session {id}"));
            }
            None => assert_says(&error, "hint", "prompt-tool orchestration plan"),
        }
        assert_eq!(tool.show(id), before, "{step} in {state} changed something");
    }
}

backends! {
    fn a_step_in_the_wrong_state_is_refused(db: &TestDatabase) {
        let tool = Tool::on(db);
        let id = tool.plan("Add a waiting list");
        for (state, allowed, next) in STATES {
            refuse_all_but(allowed, state, next, &tool, &id);
            let repeated = allowed.iter().filter(|step| Some(**step) != next && **step != "cancel");
            for step in repeated {
                let stepped = tool.step(step, &id);
                assert_eq!(stepped["status"], json!(state), "{step} again in {state}");
            }
            if let Some(next) = next {
                tool.step(next, &id);
            }
        }
        assert!(tool.verifies(&id));
    }

    fn a_session_is_cancelled_from_every_state_but_the_last(db: &TestDatabase) {
        let tool = Tool::on(db);
        for reached in 0..5 {
            let id = tool.plan("Add a waiting list");
            for (_, _, next) in &STATES[..reached] {
                tool.step(next.unwrap(), &id);
            }
            let before = tool.show(&id);
            assert_eq!(tool.step("cancel", &id)["status"], "cancelled", "from {}", STATES[reached].0);
            let after = tool.show(&id);
            for text in ["feature_request", "rendered_orchestrator", "analysis_template", "analysis_results"] {
                assert_eq!(after[text], before[text], "what it holds stays");
            }
            refuse_all_but(&[], "cancelled", None, &tool, &id);
            assert!(tool.verifies(&id));
        }
    }
}
