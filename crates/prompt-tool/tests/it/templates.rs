//! Templates: added, updated, named, removed; and prompts, which they use as partials.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_keys, assert_says, string};

const PUBLISHED: [&str; 7] = ["name", "type", "project", "feature_type", "version", "sha256", "production"];

/// A tool with the project campus and the analysis template campus/analysis, version 1 of it `One`.
fn campus(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus");
    tool.file("one", "One");
    tool.file("two", "Two  \r\n");
    tool.json("orchestration template add campus/analysis --type analysis --project campus --file one");
    tool
}

/// The text of a version in the project campus.
fn content(tool: &Tool, reference: &str) -> Value {
    tool.json(&format!("orchestration template show {reference} --project campus"))["content"].clone()
}

backends! {
    fn add_and_update_print_what_they_made(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.json("project add campus");
        tool.file("one", "One");
        tool.file("two", "Two  \r\n");
        let added =
            tool.json("orchestration template add campus/a --type analysis --project campus --feature-type api --file one");
        assert_keys(&added, &PUBLISHED);
        for (key, value) in [
            ("name", json!("campus/a")),
            ("type", json!("analysis")),
            ("project", json!("campus")),
            ("feature_type", json!("api")),
            ("version", json!(1)),
            ("sha256", json!("8b12507783d5becacbf2ebe5b01a60024d8728a8f86dcc818bce699e8b3320bc")),
            ("production", json!(1)),
        ] {
            assert_eq!(added[key], value, "{key}");
        }
        let updated = tool.json("orchestration template update campus/a --project campus --file two -m second");
        assert_keys(&updated, &PUBLISHED);
        assert_eq!((&updated["version"], &updated["production"]), (&json!(2), &json!(2)));
        assert_ne!(updated["sha256"], added["sha256"]);
        assert_eq!(content(&tool, "campus/a"), "Two  \r\n");
        assert_eq!(content(&tool, "campus/a@1"), "One");
        assert_eq!(tool.text("orchestration template show campus/a --project campus"), "Two  \r\n");
        let shown = tool.json("orchestration template show campus/a --project campus");
        assert_eq!(shown["message"], "second");
        assert_eq!(shown["labels"], json!({"latest": 2, "production": 2}));
    }

    fn a_draft_is_seen_by_nobody_until_it_is_named(db: &TestDatabase) {
        let tool = campus(db);
        let draft = tool.json("orchestration template update campus/analysis --project campus --file two --draft");
        assert_eq!((&draft["version"], &draft["production"]), (&json!(2), &json!(1)));
        assert_eq!(content(&tool, "campus/analysis"), "One");
        assert_eq!(content(&tool, "campus/analysis@latest"), "Two  \r\n");
        let resolved = tool.json("orchestration template resolve --type analysis --project campus");
        assert_eq!(resolved["chosen"]["version"], 1);
        let planned = tool.json("orchestration plan F --project campus --template analysis=campus/analysis@latest");
        assert_eq!(planned["templates"]["analysis"]["version"], 2);
        assert_eq!(planned["templates"]["analysis"]["scope"], "explicit");
    }

    fn a_first_draft_serves_no_session(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.file("one", "One");
        let added = tool.json("orchestration template add d --type analysis --file one --draft");
        assert_eq!((&added["version"], &added["production"]), (&json!(1), &Value::Null));
        assert_eq!(
            tool.json("orchestration template resolve --type analysis")["chosen"]["name"],
            "prompt-tool/analysis"
        );
        let published = tool.json("orchestration template update d --file one");
        assert_eq!((&published["version"], &published["production"]), (&json!(1), &json!(1)));
        assert_eq!(published["unchanged"], true, "the draft itself is published");
        assert_eq!(tool.json("orchestration template resolve --type analysis")["chosen"]["name"], "d");
    }

    fn a_template_starts_from_another(db: &TestDatabase) {
        let tool = campus(db);
        tool.json("orchestration template update campus/analysis --project campus --file two");
        let add = |name: &str, from: &str| {
            let words = format!("orchestration template add {name} --type analysis --project campus --from {from}");
            assert_eq!(tool.json(&words)["version"], 1);
            content(&tool, name)
        };
        assert_eq!(add("old", "campus/analysis@1"), "One");
        assert_eq!(add("new", "campus/analysis"), "Two  \r\n");
        let builtin = tool.json("orchestration template show prompt-tool/analysis")["content"].clone();
        assert_eq!(add("ours", "prompt-tool/analysis"), builtin);
        assert_eq!(
            tool.json("orchestration template show ours --project campus")["message"],
            "from prompt-tool/analysis@1"
        );
    }

    fn a_version_has_many_names(db: &TestDatabase) {
        let tool = campus(db);
        let two = tool.json("orchestration template update campus/analysis --project campus --file two");
        let one = tool.json("orchestration template show campus/analysis@1 --project campus");
        let digest = |published: &Value, length: usize| string(&published["sha256"])[..length].to_owned();
        for (reference, text) in [
            ("campus/analysis@1".to_owned(), "One"),
            ("campus/analysis@v1".to_owned(), "One"),
            ("campus/analysis@latest".to_owned(), "Two  \r\n"),
            ("campus/analysis@production".to_owned(), "Two  \r\n"),
            ("campus:campus/analysis@2".to_owned(), "Two  \r\n"),
            (format!("campus/analysis@sha256:{}", digest(&one, 8)), "One"),
            (format!("campus/analysis@sha256:{}", digest(&two, 64)), "Two  \r\n"),
            (format!("campus/analysis@sha256:{}", digest(&two, 12).to_uppercase()), "Two  \r\n"),
        ] {
            assert_eq!(content(&tool, &reference), text, "{reference}");
        }
        let named = tool.json("orchestration template show campus:campus/analysis@1");
        assert_eq!(named["content"], "One", "from a project that is not its own");
    }

    fn a_removed_template_serves_nobody_and_keeps_its_name(db: &TestDatabase) {
        let tool = campus(db);
        let resolved = || tool.json("orchestration template resolve --type analysis --project campus")["chosen"]["name"].clone();
        let names = |words: &str| -> Vec<String> {
            tool.json(words)["items"].as_array().unwrap().iter().map(|item| string(&item["name"])).collect()
        };
        assert_eq!(resolved(), "campus/analysis");
        let removed = tool.json("orchestration template remove campus/analysis --project campus");
        assert_eq!((&removed["removed"], &removed["active"]), (&json!(true), &json!(false)));
        assert_eq!(resolved(), "prompt-tool/analysis");
        assert!(!names("orchestration template list --project campus").contains(&"campus/analysis".to_owned()));
        assert!(names("orchestration template list --project campus --removed").contains(&"campus/analysis".to_owned()));
        assert_eq!(content(&tool, "campus/analysis@1"), "One", "its versions stay");

        tool.keeps(|| for words in [
            "orchestration template add campus/analysis --type analysis --project campus --file two",
            "orchestration template add campus/analysis --type orchestrator --project campus --file two",
            "prompt add campus/analysis --project campus --file two",
            "orchestration template update campus/analysis --project campus --file two",
            "orchestration template activate campus/analysis --project campus",
            "orchestration template remove campus/analysis --project campus",
            "orchestration plan F --project campus --template analysis=campus/analysis",
        ] {
            let error = tool.fails(5, words);
            assert_says(&error, "hint", "template restore campus/analysis");
        });

        let restored = tool.json("orchestration template restore campus/analysis --project campus");
        assert_eq!((&restored["removed"], &restored["active"]), (&json!(false), &json!(true)));
        assert_eq!(resolved(), "campus/analysis");
        tool.refuses(5, "orchestration template restore campus/analysis --project campus");
        let updated = tool.json("orchestration template update campus/analysis --project campus --file two");
        assert_eq!(updated["version"], 2, "no number is used again");
    }

    fn a_restored_template_waits_where_another_took_its_place(db: &TestDatabase) {
        let tool = campus(db);
        tool.json("orchestration template remove campus/analysis --project campus");
        let second = tool.json("orchestration template add b --type analysis --project campus --file two");
        assert_eq!(second["active"], true);
        assert_eq!(tool.json("orchestration template restore campus/analysis --project campus")["active"], false);
        assert_eq!(tool.json("orchestration template activate campus/analysis --project campus")["active"], true);
        assert_eq!(
            tool.json("orchestration template resolve --type analysis --project campus")["chosen"]["name"],
            "campus/analysis"
        );
    }

    fn list_filters(db: &TestDatabase) {
        let tool = campus(db);
        tool.json("orchestration template add api --type analysis --global --feature-type api --file two");
        let names = |filter: &str| -> Vec<String> {
            let list = tool.json(&format!("orchestration template list {filter}"));
            list["items"].as_array().unwrap().iter().map(|item| string(&item["name"])).collect()
        };
        assert_eq!(names("--project campus"), ["campus/analysis"]);
        assert_eq!(names("--global --feature-type api"), ["api"]);
        assert_eq!(names("--global --type implementation"), ["prompt-tool/implementation"]);
        assert_eq!(names("").len(), 5);
        let table = tool.text("orchestration template list");
        assert_eq!(table.lines().count(), 6, "{table}");
        assert!(table.lines().all(|line| line.trim_end() == line), "{table}");
    }

    fn test_renders_without_storing(db: &TestDatabase) {
        let tool = campus(db);
        tool.file("t.hbs", "{{feature_request}} for {{team}}\r\n");
        tool.json("orchestration template add t --type orchestrator --file t.hbs");
        tool.file("vars.json", r#"{"team": "web", "feature_request": "Login"}"#);
        let before = tool.everything();
        let tested = tool.json("orchestration template test t --vars vars.json --var team=ops");
        assert_eq!(tested["rendered"], "Login for ops\r\n", "--var goes before --vars");
        for check in tested["checks"].as_array().unwrap() {
            assert_keys(check, &["name", "passed", "detail"]);
            assert_eq!(check["passed"], true);
        }
        assert_eq!(tool.text("orchestration template test t --vars vars.json"), "Login for web\r\n");
        assert_eq!(tool.everything(), before);
        let error = tool.fails(1, "orchestration template test t");
        assert_says(&error, "message", "team");
        assert!(tool.json("orchestration template test t --lenient")["rendered"].as_str().unwrap().ends_with(" for \r\n"));
        for builtin in ["orchestrator", "analysis", "implementation"] {
            tool.json(&format!("orchestration template test prompt-tool/{builtin}"));
        }
    }

    fn partials_are_pinned(db: &TestDatabase) {
        let tool = campus(db);
        tool.file("rules", "be brief");
        tool.file("strict", "be very brief");
        tool.file("main.hbs", "{{feature_request}}: {{> shared/rules}}");
        tool.json("prompt add shared/rules --project campus --file rules");
        tool.json("orchestration template add main --type orchestrator --project campus --file main.hbs");
        let planned = tool.json("orchestration plan F --project campus");
        assert_eq!(planned["prompt"], "F: be brief");
        let old = string(&planned["session_id"]);

        assert_eq!(tool.json("prompt update shared/rules --project campus --file strict")["version"], 2);
        let planned = tool.json("orchestration plan F --project campus");
        assert_eq!(planned["prompt"], "F: be very brief");
        let new = string(&planned["session_id"]);
        for session in [&old, &new] {
            assert!(tool.verifies(session));
            tool.finish(session);
            assert!(tool.verifies(session));
        }
        assert_eq!(tool.show(&old)["rendered_orchestrator"], "F: be brief");
        assert_eq!(tool.show(&old)["templates"]["orchestrator"]["version"], 1);
        assert_eq!(tool.json("prompt show shared/rules@1 --project campus")["content"], "be brief");
    }

    fn what_a_template_declares_is_held_against_what_a_session_gives(db: &TestDatabase) {
        let tool = Tool::on(db);
        let source = "---\ninput:\n  schema:\n    feature_request: string\n    words: integer\n    tone?: string\n---\n\
                      {{feature_request}} in {{words}}{{#if tone}}, {{tone}}{{/if}}";
        tool.file("t.prompt", source);
        tool.json("orchestration template add t --type orchestrator --file t.prompt");
        // The project, the feature type and the session's id are given too, and not declared.
        let planned = tool.json("orchestration plan F --var words=9");
        assert_eq!(planned["prompt"], "F in 9");
        assert!(tool.verifies(&string(&planned["session_id"])));
        for (given, culprit) in [("words=nine", "words"), ("words=9 --var ton=dry", "ton"), ("tone=dry", "words")] {
            let error = tool.fails(1, &format!("orchestration plan F --var {given}"));
            assert_says(&error, "message", &format!("`{culprit}`"));
        }
        let tested = tool.json("orchestration template test --file t.prompt --var feature_request=F --var words=9 --var tone=dry");
        assert_eq!(tested["rendered"], "F in 9, dry");
        tool.file("wrong.prompt", source.replace("words: integer", "word: integer"));
        let error = tool.fails(1, "orchestration template add u --type orchestrator --file wrong.prompt");
        assert_says(&error, "message", "`words` is not declared");
    }

    fn a_plain_prompt_keeps_its_braces(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.file("plain", "{{#if}} {{> nowhere}}");
        let added = tool.json("prompt add notes --file plain --plain --category misc");
        assert_eq!((&added["is_template"], &added["category"]), (&json!(false), &json!("misc")));
        assert_eq!(tool.text("prompt show notes"), "{{#if}} {{> nowhere}}");
        let listed = tool.json("prompt list --category misc");
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }
}
