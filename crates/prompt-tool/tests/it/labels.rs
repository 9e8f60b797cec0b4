//! Labels: set, moved together, removed, listed with their history; settings, tags and what an update says.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_says, run, string};

/// A tool with the templates a (versions 1 and 2, production 2) and b (version 1).
fn two_templates(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.file("one", "One\nline\n");
    tool.file("two", "Two\nlines\nline\n");
    tool.json("orchestration template add a --type analysis --file one");
    tool.json("orchestration template update a --file two");
    tool.json("orchestration template add b --type implementation --file one");
    tool
}

fn labels(tool: &Tool, name: &str) -> Value {
    let listed = tool.json(&format!("orchestration template label list {name}"));
    let items = listed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| (string(&item["label"]), item["version"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

backends! {
    fn a_label_names_a_version(db: &TestDatabase) {
        let tool = two_templates(db);
        let set = tool.json("orchestration template label set canary a@1");
        for (key, value) in
            [("name", json!("a")), ("project", json!("default")), ("label", json!("canary")), ("from", json!(null)), ("to", json!(1))]
        {
            assert_eq!((&set[key], &set["items"][0][key]), (&value, &value), "{key}");
        }
        assert_eq!(tool.json("orchestration template show a@canary")["content"], "One\nline\n");
        assert_eq!(tool.text("orchestration template label set canary a@2"), "a · project default · canary moved 1 -> 2\n");
        assert_eq!(tool.text("orchestration template label set canary a@2"), "a · project default · canary names 2 already\n");
        assert_eq!(labels(&tool, "a"), json!({"canary": 2, "latest": 2, "production": 2}));
        tool.json("orchestration template label remove canary a");
        assert_eq!(labels(&tool, "a"), json!({"latest": 2, "production": 2}));
        let history = tool.json("orchestration template label list a --history");
        let moves: Vec<Value> = history["items"].as_array().unwrap().iter()
            .filter(|event| event["label"] == "canary").map(|event| json!([event["from"], event["to"]])).collect();
        assert_eq!(moves, [json!([2, null]), json!([1, 2]), json!([null, 1])]);
        let table = tool.text("orchestration template label list a --history");
        assert!(table.contains(" UTC ") && table.contains("1 -> 2") && table.contains("removed from 2"), "{table}");
    }

    fn labels_move_together_or_not_at_all(db: &TestDatabase) {
        let tool = two_templates(db);
        let set = tool.json("orchestration template label set stable a@1 b@1");
        assert_eq!(set["items"].as_array().unwrap().len(), 2);
        assert_eq!(set["name"], json!(null), "two are no one");
        tool.json("orchestration template label protect stable b");
        tool.json("orchestration template update b --file two");
        let error = tool.refuses(5, "orchestration template label set stable a@2 b@2");
        assert_eq!(error["kind"], "protected");
        assert_eq!(labels(&tool, "a")["stable"], 1);
        tool.json("orchestration template label unprotect stable b");
        tool.json("orchestration template label set stable a@2 b@2");
        assert_eq!((&labels(&tool, "a")["stable"], &labels(&tool, "b")["stable"]), (&json!(2), &json!(2)));
    }

    fn labels_that_cannot_be_set(db: &TestDatabase) {
        let tool = two_templates(db);
        tool.keeps(|| {
            let error = tool.fails(2, "orchestration template label set canary a");
            assert_eq!(error["kind"], "no_version");
            assert_says(&error, "hint", "a@3");
            assert_eq!(tool.fails(2, "orchestration template label set canary a@1 a@2")["kind"], "named_twice");
            tool.fails(2, "orchestration template label set latest a@1");
            tool.fails(3, "orchestration template label set canary a@9");
            tool.fails(3, "orchestration template label set canary nosuch@1");
            tool.fails(3, "orchestration template label remove canary a");
            tool.fails(2, "orchestration template label gate production a");
            let error = tool.fails(5, "orchestration template rollback a@2");
            assert_eq!(error["kind"], "is_current");
            assert_eq!(tool.fails(2, "orchestration template rollback a")["kind"], "no_version");
        });
    }

    fn a_rollback_is_a_version(db: &TestDatabase) {
        let tool = two_templates(db);
        let back = tool.json("orchestration template rollback a@1");
        assert_eq!((&back["version"], &back["production"], &back["unchanged"]), (&json!(3), &json!(3), &json!(false)));
        assert_eq!(back["changed"], json!({"added": 1, "removed": 2}));
        let shown = tool.json("orchestration template show a");
        assert_eq!((&shown["content"], &shown["message"]), (&json!("One\nline\n"), &json!("rollback to version 1")));
        let draft = tool.json("orchestration template rollback a@2 --draft");
        assert_eq!((&draft["version"], &draft["production"]), (&json!(4), &json!(3)));
    }

    fn an_update_says_what_it_changed(db: &TestDatabase) {
        let tool = two_templates(db);
        assert_eq!(tool.text("orchestration template update a --file two"), "a@2 · unchanged\n");
        let again = tool.json("orchestration template update a --file two");
        assert_eq!((&again["unchanged"], &again["version"], &again["changed"]), (&json!(true), &json!(2), &json!(null)));
        assert_eq!(
            tool.text("orchestration template update a --file one"),
            "a@3 · +1 -2 lines · production moved 2 -> 3\n"
        );
        assert_eq!(tool.text("orchestration template update a --file two --draft"), "a@4 · +2 -1 lines · draft\n");
        assert_eq!(
            tool.text("orchestration template update a --file two"),
            "a@4 · unchanged · production moved 3 -> 4\n"
        );
    }

    fn settings_and_tags_make_a_version(db: &TestDatabase) {
        let tool = two_templates(db);
        let mut command = tool.command(
            "--format json orchestration template update a --file two --tag fast --config temperature=0.2 --config stream=true \
             --config stop=null --config model=gpt",
        );
        command.args(["--config", "list=[1, 2]", "--config", "text=\"quoted\"", "--config", "words=a b=c"]);
        let ran = run(command, "");
        assert_eq!(ran.code, 0, "{ran:#?}");
        let published: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((&published["version"], &published["unchanged"]), (&json!(3), &json!(false)));
        assert_eq!(tool.text("orchestration template update a --file two"), "a@3 · unchanged\n", "they stay as before");
        let text = tool.text("orchestration template update a --file two --tag slow");
        assert_eq!(text, "a@4 · the same text · production moved 3 -> 4\n");
        let bare = tool.json("orchestration template update a --file two --no-tags --no-config");
        let shown = tool.json(&format!("orchestration template show a@{}", bare["version"]));
        assert_eq!((&shown["tags"], &shown["config"]), (&json!([]), &json!({})));
        tool.fails(2, "orchestration template update a --file two --no-tags --tag slow");
        let before = tool.everything();
        for words in ["x", "=1", "x=1 --config x=2"] {
            tool.fails(2, &format!("orchestration template update a --file one --config {words}"));
            tool.fails(2, &format!("prompt add p --file one --config {words}"));
        }
        assert_eq!(tool.everything(), before);
    }
}
