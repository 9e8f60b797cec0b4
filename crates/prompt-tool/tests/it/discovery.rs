//! Finding prompts: lists that are narrowed and come in pages, and who uses one.

use prompt_runner::manager::{Content, NewPlainPrompt, NewTemplate, Publication, Reference};
use prompt_runner::model::{OrchestrationTemplateType, Tag};
use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_keys, assert_says, library, minutes_ago, string};

/// A tool with the project campus: two templates of analysis, a partial, and a plain text.
fn campus(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus");
    let manager = library(db);
    let content = |text: &'static str, tags: &'static [Tag]| Content {
        message: Some("first"),
        tags: Some(tags),
        ..Content::new(text)
    };
    let tags: &'static [Tag] = vec!["house-style".parse().unwrap()].leak();
    for (name, text, is_template) in
        [("rules", "be brief", true), ("notes", "{{team}} and {{> rules}} as they are written", false)]
    {
        let new = NewPlainPrompt {
            name,
            project: "campus",
            category: Some("partials"),
            description: Some("A line"),
            is_template,
            content: content(text, &[]),
        };
        manager.add_prompt(&new, &minutes_ago("ada", 60)).unwrap();
    }
    for (name, author, text, tags) in [
        ("ask", "ada", "{{> rules}} {{feature_request}} for {{team}}", tags),
        ("look", "bob", "{{#if team}}{{team}}{{/if}} 100%_done", &[][..]),
    ] {
        let new = NewTemplate {
            name,
            template_type: OrchestrationTemplateType::Analysis,
            project: "campus",
            feature_type: None,
            description: None,
            content: content(text, tags),
        };
        manager.add(&new, &minutes_ago(author, 120)).unwrap();
    }
    tool
}

fn names(listed: &Value) -> Vec<String> {
    listed["items"].as_array().unwrap().iter().map(|item| string(&item["name"])).collect()
}

backends! {
    fn a_list_says_which_version_is_current(db: &TestDatabase) {
        let tool = campus(db);
        let manager = library(db);
        let draft = Content {
            audience: prompt_runner::manager::Audience::Draft,
            ..Content::new("{{feature_request}}")
        };
        let ask = Reference::production("ask");
        manager.update(&ask, "campus", Publication::Template, &draft, &minutes_ago("bob", 1)).unwrap();
        manager.set_label(&"canary".parse().unwrap(), &["ask@2".parse().unwrap()], "campus", &minutes_ago("bob", 1)).unwrap();
        for words in ["orchestration template list --project campus", "prompt list --project campus"] {
            let listed = tool.json(words);
            let item = listed["items"].as_array().unwrap().iter().find(|item| item["name"] == "ask").unwrap();
            assert_keys(
                item,
                &["name", "type", "project", "feature_type", "category", "description", "is_template", "active",
                    "removed", "production", "latest"],
            );
            assert_eq!(item["labels"], json!({"canary": 2, "production": 1}), "{words}");
            assert_keys(&item["current"], &["version", "sha256", "author", "message", "created_at", "config"]);
            assert_eq!(
                (&item["current"]["version"], &item["current"]["author"], &item["current"]["message"]),
                (&json!(1), &json!("ada"), &json!("first")),
            );
            assert!(string(&item["current"]["created_at"]).ends_with('Z'));
        }
        let table = tool.text("orchestration template list --project campus");
        assert_eq!(
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>(),
            [
                "TEMPLATE TYPE PROJECT FEATURE PRODUCTION LATEST STATE UPDATED",
                "ask analysis campus 1 2 active 2 hours ago",
                "look analysis campus 1 1 waits 2 hours ago",
            ],
        );
    }

    fn a_list_is_narrowed(db: &TestDatabase) {
        let tool = campus(db);
        let found = |words: &str| names(&tool.json(words));
        for (filter, expected) in [
            ("--project campus", vec!["ask", "look", "notes", "rules"]),
            ("--category partials", vec!["notes", "rules"]),
            ("--search BRIEF", vec!["rules"]),
            ("--search 0%_d", vec!["look"]),
            ("--search %", vec!["look"]),
            ("--tag house-style", vec!["ask"]),
            ("--author bob", vec!["look"]),
            ("--variable team", vec!["ask", "look"]),
            ("--variable tea", vec![]),
            ("--label production --project campus", vec!["ask", "look", "notes", "rules"]),
            ("--label latest --project campus", vec!["ask", "look", "notes", "rules"]),
            ("--label canary", vec![]),
            ("--global --search feature-types", vec!["prompt-tool/feature-types"]),
        ] {
            assert_eq!(found(&format!("prompt list {filter}")), expected, "{filter}");
        }
        let templates = |filter: &str| found(&format!("orchestration template list --type analysis {filter}"));
        assert_eq!(templates("--variable team --author ada"), ["ask"]);
        assert_eq!(templates("--category partials"), Vec::<String>::new());
        let untagged = Content { tags: Some(&[]), ..Content::new("{{feature_request}}") };
        let ask = Reference::production("ask");
        library(db).update(&ask, "campus", Publication::Template, &untagged, &minutes_ago("bob", 1)).unwrap();
        assert_eq!(found("prompt list --tag house-style"), Vec::<String>::new(), "an older version has it");
        assert_eq!(found("prompt list --author bob"), ["ask", "look"]);
        tool.fails(3, "prompt list --project nowhere");
        tool.fails(2, "prompt list --tag Not-A-Tag");
    }

    fn a_list_comes_in_pages(db: &TestDatabase) {
        let tool = campus(db);
        for (words, count) in [("prompt list", 8), ("orchestration template list", 5), ("prompt list --variable team", 2)] {
            let whole = tool.json(words);
            assert_eq!(whole["next"], Value::Null, "{words}");
            let mut pages = Vec::new();
            let mut after = String::new();
            loop {
                let page = tool.json(&format!("{words} --limit 1{after}"));
                pages.extend(page["items"].as_array().unwrap().clone());
                match &page["next"] {
                    Value::Null => break,
                    next => after = format!(" --after {}", string(next)),
                }
            }
            assert_eq!(Value::from(pages), whole["items"], "{words}");
            assert_eq!(names(&whole).len(), count, "{words}");
        }
        let ran = tool.run("prompt list --project campus --limit 2");
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 3), "{ran:?}");
        assert!(ran.stderr.contains("--after 'campus:look'"), "{ran:?}");
        assert_eq!(tool.run("prompt list --project campus --limit 4").stderr, "");
        for place in ["ask", ":ask", "campus:"] {
            let error = tool.fails(2, &format!("prompt list --after {place}"));
            assert_says(&error, "message", place);
        }
    }

    fn a_partial_is_used_by_templates_and_sessions(db: &TestDatabase) {
        let tool = campus(db);
        let words = "orchestration template used-by rules --project campus";
        let plan = "orchestration plan F --project campus --var team=web";
        let first = string(&tool.json(plan)["session_id"]);
        let second = string(&tool.json(plan)["session_id"]);
        let used = tool.json(words);
        assert_eq!((&used["name"], &used["project"]), (&json!("rules"), &json!("campus")));
        assert_eq!(
            used["templates"],
            json!([{"project": "campus", "name": "ask", "reference": "rules"}]),
            "the braces of a plain text mean nothing"
        );
        let ids = |used: &Value| -> Vec<String> {
            used["sessions"].as_array().unwrap().iter().map(|session| string(&session["session_id"])).collect()
        };
        assert_eq!(ids(&used), [second.clone(), first]);
        assert_eq!(used["session_count"], 2);
        assert_keys(&used["sessions"][0], &["session_id", "version", "created_at"]);

        let newest = tool.json(&format!("{words} --limit 1"));
        assert_eq!((ids(&newest), &newest["session_count"]), (vec![second.clone()], &json!(2)));
        let ran = tool.run(&format!("{words} --limit 1"));
        assert!(ran.stderr.contains("--limit 2"), "{ran:?}");
        assert_eq!(
            ran.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>(),
            [
                "INCLUDED BY PROJECT AS",
                "ask campus rules",
                "",
                "PINNED BY VERSION PLANNED",
                &format!("{second} 1 just now"),
            ],
        );
        let unused = tool.text("orchestration template used-by look --project campus");
        assert_eq!(unused, "Nothing uses look.\n");
        tool.fails(3, "orchestration template used-by nothing");
        tool.fails(3, "orchestration template used-by rules@2 --project campus");
    }
}
