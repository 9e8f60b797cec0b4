//! The active session of a folder, and sessions by the beginning of their id.

use std::fs;

use serde_json::Value;
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_says, string};

fn active(tool: &Tool) -> String {
    string(&tool.json("orchestration status")["session_id"])
}

backends! {
    fn each_folder_remembers_its_own(db: &TestDatabase) {
        let tool = Tool::on(db);
        let (here, there) = (tool.within("here"), tool.within("there"));
        let first = here.plan("First");
        let second = there.plan("Second");
        assert_eq!(active(&here), first);
        assert_eq!(active(&there), second);
        assert_eq!(here.json("doctor")["active_session"], Value::String(first.clone()));
        assert!(here.run("orchestration status").stderr.contains(&first), "its id is said on stderr");

        let used = here.json(&format!("orchestration use {second}"));
        assert_eq!(used["session_id"], Value::String(second.clone()));
        assert_eq!(active(&here), second);
        here.step("process", &first);
        assert_eq!(active(&here), second, "a session that is named does not become active");
        assert_eq!(here.show(&first)["status"], "templates_ready");
        assert_eq!(here.show(&second)["status"], "planned");
        assert_eq!(fs::read_dir(tool.home().join("here")).unwrap().count(), 0, "nothing is left in the folder");
    }

    fn a_folder_without_one_says_what_to_do(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.plan("Elsewhere");
        let empty = tool.within("empty");
        tool.keeps(|| for words in [
            "orchestration status",
            "orchestration show",
            "orchestration verify",
            "orchestration analyze",
            "orchestration implement",
            "orchestration cancel",
            "orchestration process --file -",
        ] {
            let error = empty.fails_with(2, words, crate::answers::PLAIN);
            assert_says(&error, "hint", "--session");
            assert_says(&error, "hint", "prompt-tool orchestration use");
        });
    }

    fn the_beginning_of_an_id_will_do(db: &TestDatabase) {
        let tool = Tool::on(db);
        let id = tool.plan("Feature");
        let short = &id[..4];
        assert_eq!(string(&tool.show(short)["session_id"]), id);
        assert_eq!(string(&tool.json(&format!("orchestration show --session {short}"))["session_id"]), id);
        assert_eq!(string(&tool.json(&format!("orchestration use {short}"))["session_id"]), id);
        assert_eq!(string(&tool.step("process", short)["session_id"]), id);
        tool.fails(2, &format!("orchestration show {id} --session {id}"));
    }

    fn what_is_no_id_names_no_session(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.plan("Feature");
        for id in ["nosuch", "%", "_", "*", "'", "zzzzzzzzzzzzzzzzzzzz", "\u{e9}"] {
            let error = tool.fails(3, &format!("orchestration show {id}"));
            assert_says(&error, "hint", "prompt-tool orchestration list");
            tool.fails(3, &format!("orchestration use {id}"));
            tool.fails_with(3, &format!("orchestration process --session {id}"), crate::answers::PLAIN);
        }
        let mut command = tool.command("--format json orchestration show --session");
        let output = command.arg("").output().unwrap();
        assert!(matches!(output.status.code(), Some(2 | 3)), "an empty id names nothing: {output:?}");
    }
}

#[test]
fn another_database_has_another_active_session() {
    let tool = Tool::alone();
    let first = tool.plan("First");
    tool.fails(2, "--database sqlite:other.db orchestration status");
    assert_eq!(active(&tool), first);
}
