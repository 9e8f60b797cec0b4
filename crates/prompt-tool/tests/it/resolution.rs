//! Slots, and which template serves: feature types, projects, the global ones, explicit ones.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_keys, string};

fn tool_on(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus");
    tool.file("t.hbs", "{{feature_request}}");
    tool
}

/// Adds an analysis template in this place, and says whether it became active.
fn add(tool: &Tool, name: &str, place: &str) -> bool {
    let words = format!("orchestration template add {name} --type analysis {place} --file t.hbs");
    tool.json(&words)["active"] == json!(true)
}

/// The template that serves, and by which scope.
fn chosen(tool: &Tool, place: &str) -> (String, String) {
    let chosen =
        tool.json(&format!("orchestration template resolve --type analysis {place}"))["chosen"].clone();
    assert_keys(&chosen, &["name", "version", "scope"]);
    (string(&chosen["name"]), string(&chosen["scope"]))
}

fn pair(name: &str, scope: &str) -> (String, String) {
    (name.to_owned(), scope.to_owned())
}

backends! {
    fn the_first_of_a_slot_is_active_and_the_second_waits(db: &TestDatabase) {
        let tool = tool_on(db);
        assert!(add(&tool, "a", "--project campus"));
        assert!(!add(&tool, "b", "--project campus"));
        assert!(add(&tool, "c", "--project campus --feature-type api"), "another slot");
        assert_eq!(chosen(&tool, "--project campus"), pair("a", "project"));
        tool.json("orchestration template activate b --project campus");
        assert_eq!(chosen(&tool, "--project campus"), pair("b", "project"));
        let listed = tool.json("orchestration template list --project campus --type analysis");
        let active: Vec<&Value> =
            listed["items"].as_array().unwrap().iter().filter(|item| item["active"] == json!(true)).collect();
        assert_eq!(active.len(), 2, "one in each slot: {listed:#}");
    }

    fn a_global_template_takes_the_place_of_a_builtin_once(db: &TestDatabase) {
        let tool = tool_on(db);
        assert!(add(&tool, "ours", "--global"), "the active one was a built-in");
        assert!(!add(&tool, "later", "--global"), "the active one is ours");
        assert_eq!(chosen(&tool, ""), pair("ours", "global"));
        tool.json("orchestration template remove ours --global");
        let ran = tool.run("--format json orchestration template resolve --type analysis");
        assert_eq!(ran.code, 3, "{ran:#?}");
        tool.json("orchestration template activate prompt-tool/analysis --global");
        assert_eq!(chosen(&tool, ""), pair("prompt-tool/analysis", "global"));
    }

    fn the_nearest_place_wins(db: &TestDatabase) {
        let tool = tool_on(db);
        let place = "--project campus --feature-type api";
        assert_eq!(chosen(&tool, place), pair("prompt-tool/analysis", "global"));
        assert!(add(&tool, "g-api", "--global --feature-type api"));
        assert_eq!(chosen(&tool, place), pair("g-api", "global+feature_type"));
        assert!(add(&tool, "c", "--project campus"));
        assert_eq!(chosen(&tool, place), pair("c", "project"));
        assert!(add(&tool, "c-api", "--project campus --feature-type api"));
        assert_eq!(chosen(&tool, place), pair("c-api", "project+feature_type"));
        assert_eq!(chosen(&tool, "--project campus --feature-type ui"), pair("c", "project"));
        assert_eq!(chosen(&tool, "--feature-type api"), pair("g-api", "global+feature_type"));
        assert_eq!(chosen(&tool, "--project campus --feature-type api --template g-api@1"), pair("g-api", "explicit"));

        let planned = tool.json("orchestration plan F --project campus --feature-type api");
        assert_eq!(planned["templates"]["analysis"]["name"], "c-api");
        assert_eq!(planned["templates"]["analysis"]["scope"], "project+feature_type");
        assert_eq!(planned["templates"]["orchestrator"]["scope"], "global");
        assert_eq!(tool.show(&string(&planned["session_id"]))["feature_type"], "api");
        let planned = tool.json("orchestration plan F --project campus --template analysis=prompt-tool/analysis@1");
        assert_eq!(planned["templates"]["analysis"]["name"], "prompt-tool/analysis");
        assert_eq!(planned["templates"]["analysis"]["scope"], "explicit");
    }

    fn explain_lists_every_candidate(db: &TestDatabase) {
        let tool = tool_on(db);
        add(&tool, "c", "--project campus");
        add(&tool, "waits", "--project campus");
        let words = "orchestration template resolve --type analysis --project campus --feature-type bugfix --explain";
        let explained = tool.json(words);
        assert_keys(&explained, &["chosen", "candidates", "experiment"]);
        let candidates = explained["candidates"].as_array().unwrap();
        for candidate in candidates {
            assert_keys(candidate, &["scope", "name", "version", "taken", "reason"]);
        }
        let scopes: Vec<String> = candidates.iter().map(|candidate| string(&candidate["scope"])).collect();
        assert_eq!(
            scopes,
            ["explicit", "project+feature_type", "project", "project", "global+feature_type", "global"]
        );
        let taken: Vec<&Value> = candidates.iter().filter(|c| c["taken"] == json!(true)).collect();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0]["name"], "c");
        let shadowed = candidates.last().unwrap();
        assert_eq!(shadowed["name"], "prompt-tool/analysis");
        assert!(string(&shadowed["reason"]).contains("shadowed"), "{shadowed:#}");
        let text = tool.text(words);
        assert_eq!(text.lines().count(), candidates.len(), "{text}");
        assert_eq!(text.lines().filter(|line| line.contains('→')).count(), 1, "{text}");
    }
}
