//! The change log: read in pages, verified, and its head kept elsewhere.

use serde_json::{Value, json};
use test_support::{TestDatabase, backends, psql};

use crate::tool::{Tool, assert_keys, assert_says, string};

/// A tool with the project campus and the template plan, version 2 of it by bob.
fn campus(db: &TestDatabase) -> Tool {
    let tool = Tool::on(db);
    tool.json("project add campus --actor ada");
    tool.file("one", "One");
    tool.file("two", "Two");
    tool.json("orchestration template add plan --type analysis --project campus --file one --actor ada");
    tool.json("orchestration template update plan --project campus --file two --actor bob");
    tool
}

fn sequences(listed: &Value) -> Vec<i64> {
    listed["items"].as_array().unwrap().iter().map(|item| item["sequence"].as_i64().unwrap()).collect()
}

backends! {
    fn list_says_who_did_what(db: &TestDatabase) {
        let tool = campus(db);
        let listed = tool.json("audit list plan --project campus");
        for item in listed["items"].as_array().unwrap() {
            assert_keys(item, &["sequence", "at", "actor", "action", "subject", "details", "sha256"]);
            assert_eq!(item["subject"], "campus:plan");
        }
        assert_eq!(listed["items"][0]["details"]["labels"], json!([{"label": "production", "from": 1, "to": 2}]));
        let text = tool.text("audit list plan --project campus");
        let lines: Vec<String> =
            text.lines().map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "WHEN WHO ACTION SUBJECT DETAILS",
                "just now bob version.add campus:plan version 2, production 1 -> 2",
                "just now ada prompt.add campus:plan version 1, production -> 1",
            ],
        );
        let count = |filter: &str| sequences(&tool.json(&format!("audit list {filter}"))).len();
        assert_eq!(count("--by ada"), 2);
        assert_eq!(count("--by bob --action version.add"), 1);
        assert_eq!(count("--by bob --action version"), 1);
        assert_eq!(count("--by bob --action prompt"), 0);
    }

    fn list_comes_in_pages(db: &TestDatabase) {
        let tool = campus(db);
        let whole = tool.json("audit list");
        assert_eq!(whole["next"], Value::Null);
        let mut pages = Vec::new();
        let mut before = String::new();
        loop {
            let page = tool.json(&format!("audit list --limit 2{before}"));
            pages.extend(sequences(&page));
            match page["next"].as_i64() {
                None => break,
                Some(next) => before = format!(" --before {next}"),
            }
        }
        assert_eq!(pages, sequences(&whole));
        let newest = pages[0];
        assert_eq!(pages, (1..=newest).rev().collect::<Vec<_>>());
        let ran = tool.run("audit list --limit 2");
        assert!(ran.stderr.contains(&format!("--before {}", newest - 1)), "{ran:?}");
        assert_eq!(tool.run("audit list").stderr, "");
    }

    fn list_refuses_what_narrows_nothing(db: &TestDatabase) {
        let tool = campus(db);
        assert_says(&tool.fails(2, "audit list --action lable.set"), "message", "label.set");
        assert_says(&tool.fails(2, "audit list --project campus"), "message", "--project");
        assert_says(&tool.fails(2, "audit list --global"), "message", "--global");
        assert_says(&tool.fails(2, "audit list plan@2 --project campus"), "hint", "plan");
        tool.fails(3, "audit list nothing");
        tool.fails(3, "audit list plan --project nowhere");
    }

    fn a_log_that_is_whole_is_valid(db: &TestDatabase) {
        let tool = campus(db);
        let entries = sequences(&tool.json("audit list"))[0];
        let found = tool.json("audit verify");
        assert_eq!(found, json!({"valid": true, "entries": entries, "first_bad": null}));
        let text = tool.text("audit verify");
        assert!(text.contains("whole") && text.contains(&entries.to_string()), "{text}");

        let kept = tool.text("audit checkpoint");
        let document = tool.json("audit checkpoint");
        assert_eq!(kept, format!("{}\n", string(&document["head"])));
        assert_eq!(kept, format!("{}:{}\n", document["sequence"], string(&document["sha256"])));
        tool.json("orchestration template remove plan --project campus");
        tool.file("head", &kept);
        for words in [format!("--head {}", kept.trim()), "--head-file head".to_owned()] {
            assert_eq!(tool.json(&format!("audit verify {words}"))["entries"], entries + 1, "{words}");
        }
        assert_eq!(tool.json_with("audit verify --head-file -", &kept)["valid"], true);
        let text = tool.text("audit verify --head-file head");
        assert!(text.contains(&format!("entry {entries} is the one that was kept")), "{text}");
    }

    fn a_head_that_does_not_fit_is_found(db: &TestDatabase) {
        let tool = campus(db);
        let newest = sequences(&tool.json("audit list"))[0];
        let digest = "0".repeat(64);
        for (sequence, bad) in [(2, 2), (newest + 5, newest + 1)] {
            let words = format!("audit verify --head {sequence}:{digest}");
            let ran = tool.run(&format!("--format json {words}"));
            assert_eq!(ran.code, 1, "{ran:?}");
            let found: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert_eq!((&found["valid"], &found["first_bad"]["sequence"]), (&json!(false), &json!(bad)));
            assert_ne!(string(&found["first_bad"]["reason"]), "");
            let ran = tool.run(&words);
            assert_eq!(ran.code, 1, "{ran:?}");
            assert!(ran.stdout.contains(&format!("entry {bad}: ")), "{ran:?}");
        }
        tool.file("head", "nonsense");
        for words in ["--head 3", "--head 0:ab", "--head-file head", "--head-file head --head 1:00"] {
            tool.fails(2, &format!("audit verify {words}"));
        }
        tool.fails(3, "audit verify --head-file nowhere");
    }
}

/// Changes a log by hand, as only whoever owns the database can; one kind of it is enough.
fn tamper(db: &TestDatabase, statement: &str) {
    let statement = format!("ALTER TABLE changes DISABLE TRIGGER ALL; {statement}");
    let output = psql(db.url()).args(["-c", &statement]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn an_entry_that_was_changed_is_found() {
    let Some(db) = TestDatabase::postgres() else { return };
    let tool = campus(&db);
    tamper(&db, "UPDATE changes SET actor = 'eve', details = '[]' WHERE sequence = 3");
    let ran = tool.run("--format json audit verify");
    assert_eq!(ran.code, 1, "{ran:?}");
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["first_bad"]["sequence"], &found["entries"]), (&json!(3), &json!(2)));
    assert_eq!(sequences(&tool.json("audit list --by eve")), [3], "it is shown as it is");
}

#[test]
fn an_empty_log_has_no_head() {
    let Some(db) = TestDatabase::postgres() else { return };
    let tool = campus(&db);
    tamper(&db, "DELETE FROM changes");
    assert_says(&tool.fails(3, "audit checkpoint"), "message", "empty");
    assert_eq!(tool.json("audit list"), json!({"items": [], "next": null}));
    assert_eq!(tool.json("audit verify"), json!({"valid": true, "entries": 0, "first_bad": null}));
}
