//! The versions of a prompt, and what differs between two.

use prompt_runner::manager::{Audience, Content, NewTemplate, Publication, Reference};
use prompt_runner::model::{OrchestrationTemplateType, Tag};
use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::tool::{Tool, assert_keys, assert_says, library, minutes_ago};

const HISTORY: &str = "orchestration template history plan --project campus";
const DIFF: &str = "orchestration template diff --project campus";

/// A tool with three versions of the template plan in the project campus, the third a draft.
fn campus(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus");
    let manager = library(db);
    let content = |text, message, audience| Content { message, audience, ..Content::new(text) };
    let new = NewTemplate {
        name: "plan",
        template_type: OrchestrationTemplateType::Orchestrator,
        project: "campus",
        feature_type: None,
        description: None,
        content: content("Read.\nAnswer.", None, Audience::Production),
    };
    manager.add(&new, &minutes_ago("ada", 3 * 24 * 60)).unwrap();
    let plan = Reference::production("plan");
    let second = content("Read all.\nAnswer.\n", Some("campus wording\n\nand more"), Audience::Production);
    manager.update(&plan, "campus", Publication::Template, &second, &minutes_ago("bob", 60)).unwrap();
    let tags: [Tag; 1] = ["short".parse().unwrap()];
    let config = json!({"temperature": 0.2}).as_object().unwrap().clone();
    let third = Content {
        tags: Some(&tags),
        config: Some(&config),
        ..content("Read all.\nThink.\nAnswer.\n", Some("think first"), Audience::Draft)
    };
    manager.update(&plan, "campus", Publication::Template, &third, &minutes_ago("ada", 2)).unwrap();
    tool
}

backends! {
    fn history_is_a_line_a_version(db: &TestDatabase) {
        let tool = campus(db);
        insta::allow_duplicates! {
            insta::assert_snapshot!(tool.text(HISTORY), @r"
            3  latest      2 minutes ago  ada  think first      +1 -0
            2  production  1 hour ago     bob  campus wording…  +2 -2
            1              3 days ago     ada
            ");
        }
        let history = tool.json(HISTORY);
        assert_eq!(
            (&history["name"], &history["project"], &history["left_out"]),
            (&json!("plan"), &json!("campus"), &json!(0))
        );
        let items = history["items"].as_array().unwrap();
        for item in items {
            assert_keys(
                item,
                &["version", "labels", "author", "message", "created_at", "sha256", "tags", "config", "added",
                    "removed"],
            );
        }
        let all = |key: &str| -> Vec<&Value> { items.iter().map(|item| &item[key]).collect() };
        assert_eq!(all("version"), [3, 2, 1]);
        assert_eq!(all("labels"), [&json!(["latest"]), &json!(["production"]), &json!([])]);
        assert_eq!(all("added"), [&json!(1), &json!(2), &Value::Null]);
        assert_eq!(all("removed"), [&json!(0), &json!(2), &Value::Null]);
        assert_eq!(all("tags"), [&json!(["short"]), &json!([]), &json!([])]);
        assert_eq!(items[0]["config"], json!({"temperature": 0.2}));
        assert_eq!(items[1]["message"], "campus wording\n\nand more");
        assert!(items[0]["created_at"].as_str().unwrap().ends_with('Z'));
    }

    fn history_is_cut_off_where_it_is_long(db: &TestDatabase) {
        let tool = campus(db);
        let ran = tool.run(&format!("{HISTORY} --limit 1"));
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 1), "{ran:?}");
        assert_eq!(ran.stderr, "2 older versions are not shown; see all with --limit 3\n");
        assert!(ran.stdout.trim_end().ends_with("+1 -0"), "against a version that is not shown: {ran:?}");
        let history = tool.json(&format!("{HISTORY} --limit 2"));
        assert_eq!((history["items"].as_array().unwrap().len(), &history["left_out"]), (2, &json!(1)));
        let error = tool.fails(2, "orchestration template history plan@2 --project campus");
        assert_says(&error, "hint", "plan");
        tool.fails(3, "orchestration template history nothing");
        tool.fails(2, &format!("{HISTORY} --limit 0"));
    }

    fn show_says_what_else_belongs_to_a_version(db: &TestDatabase) {
        let tool = campus(db);
        let protected = |policy| prompt_runner::model::LabelPolicy { is_protected: true, ..policy };
        let label = "production".parse().unwrap();
        let plan = Reference::production("plan");
        library(db).set_label_policy(&label, &plan, "campus", protected, &minutes_ago("ada", 1)).unwrap();
        for words in ["orchestration template show", "prompt show"] {
            let shown = tool.json(&format!("{words} plan@3 --project campus"));
            assert_eq!((&shown["tags"], &shown["config"]), (&json!(["short"]), &json!({"temperature": 0.2})));
            assert_eq!(shown["label_policies"]["production"]["protected"], true, "{shown:#}");
            assert_eq!(shown["label_policies"]["latest"]["protected"], false, "{shown:#}");
        }
        tool.file("front.prompt", "---\nmodel: m1\nconfig:\n  temperature: 1\n---\nText");
        tool.json("orchestration template update plan --project campus --file front.prompt --draft");
        let shown = tool.json("prompt show plan@4 --project campus");
        assert_eq!(shown["config"], json!({"model": "m1", "temperature": 0.2}), "what is given goes first");
    }

    fn diff_is_what_patch_reads(db: &TestDatabase) {
        let tool = campus(db);
        let first = "--- plan@1\n+++ plan@2\n@@ -1,2 +1,2 @@\n-Read.\n-Answer.\n\\ No newline at end of file\n+Read all.\n+Answer.\n";
        let second = "--- plan@2\n+++ plan@3\n@@ -1,2 +1,3 @@\n Read all.\n+Think.\n Answer.\n";
        assert_eq!(tool.text(&format!("{DIFF} plan@1 plan@2")), first);
        assert_eq!(tool.text(&format!("{DIFF} plan@1")), first, "against production");
        assert_eq!(tool.text(&format!("{DIFF} plan")), second, "production against the newest");
        assert_eq!(tool.text("orchestration template diff campus:plan"), second, "in the project that is named");
        let document = tool.json(&format!("{DIFF} plan@1 plan@2"));
        assert_eq!((&document["added"], &document["removed"]), (&json!(2), &json!(2)));
        assert_eq!(document["unified"], first);
        assert_eq!(document["hunks"][0]["lines"][0]["kind"], "removed");
        for (side, version) in [("from", 1), ("to", 2)] {
            assert_eq!(document[side]["name"], "plan");
            assert_eq!(document[side]["project"], "campus");
            assert_eq!(document[side]["version"], version);
            assert_eq!(document[side]["sha256"].as_str().unwrap().len(), 64);
        }
    }

    fn diff_of_equal_texts_is_empty(db: &TestDatabase) {
        let tool = campus(db);
        let ran = tool.run(&format!("{DIFF} plan@2"));
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.stderr, "plan@2 and plan@2 have the same text\n");
        let document = tool.json(&format!("{DIFF} plan@2 plan@2"));
        assert_eq!((&document["unified"], &document["hunks"]), (&json!(""), &json!([])));
    }

    fn diff_names_what_is_not_there_and_which_prompt_is_which(db: &TestDatabase) {
        let tool = campus(db);
        assert_says(&tool.fails(3, &format!("{DIFF} plan@1 plan@9")), "message", "`9`");
        tool.fails(3, &format!("{DIFF} nothing"));
        tool.file("text", "Other\n");
        tool.json("orchestration template add plan --type orchestrator --file text");
        let text = tool.text(&format!("{DIFF} plan default:plan"));
        assert!(text.starts_with("--- campus:plan@2\n+++ default:plan@1\n"), "{text}");
        let text = tool.text(&format!("{DIFF} plan prompt-tool/analysis"));
        assert!(text.starts_with("--- plan@2\n+++ prompt-tool/analysis@1\n"), "{text}");
    }
}
