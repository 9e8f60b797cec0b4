//! `doctor`: which database and why; it looks, and makes nothing.

use std::fs;

use serde_json::json;
use test_support::{Backend, TestDatabase, backends};

use crate::tool::{Tool, assert_keys, string};

/// Why this database, as JSON and as text; both say the same.
fn because(tool: &Tool, options: &str) -> String {
    let document = tool.json(&format!("{options} doctor"));
    assert_keys(&document, &["version", "database", "actor", "active_session", "switched_off", "healthy"]);
    let because = string(&document["database"]["because"]);
    let text = tool.text(&format!("{options} doctor"));
    assert!(text.contains(&because), "{text}");
    because
}

#[test]
fn says_why_the_database_is_the_one() {
    let tool = Tool::alone();
    assert!(because(&tool, "").contains("data folder"));
    fs::create_dir(tool.home().join(".prompt-tool")).unwrap();
    let below = tool.within("deep/below");
    assert!(because(&below, "").contains(".prompt-tool"));
    let url = string(&below.json("doctor")["database"]["url"]);
    assert!(url.ends_with("/.prompt-tool/prompt-tool.db"), "{url}");

    let named = TestDatabase::sqlite();
    let tool = Tool::beside(&named);
    assert_eq!(because(&tool, ""), "PROMPT_TOOL_DATABASE_URL");
    assert_eq!(tool.json("doctor")["database"]["url"], named.url());
    assert_eq!(because(&tool, "--database sqlite:here.db"), "--database");
}

#[test]
fn makes_no_database() {
    let tool = Tool::alone();
    let document = tool.json("doctor");
    assert_eq!(document["database"]["schema"]["state"], "missing");
    assert_eq!(document["healthy"], true);
    tool.fails(3, "db status");
    tool.fails(3, "db rollback");
    assert_eq!(fs::read_dir(tool.home()).unwrap().count(), 0);
}

#[test]
fn says_what_is_switched_off_and_who_acts() {
    let tool = Tool::alone();
    let mut command = tool.command("--format json --actor ada doctor");
    command.env("NO_COLOR", "1").env("PROMPT_TOOL_TEMPLATES", "off");
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["actor"]["name"], "ada");
    let off = document["switched_off"].to_string();
    assert!(off.contains("NO_COLOR") && off.contains("PROMPT_TOOL_TEMPLATES=off"), "{off}");
}

#[test]
fn keeps_passwords_to_itself() {
    let url = "postgres://ada:secret@127.0.0.1:1/x";
    for format in ["table", "json"] {
        let ran = Tool::alone().run(&format!("--format {format} --database {url} doctor"));
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(!format!("{ran:?}").contains("secret"), "{ran:#?}");
    }
}

backends! {
    fn knows_the_schema(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.text("project list");
        let document = tool.json("doctor");
        assert_eq!(document["database"]["schema"]["state"], "current");
        assert_eq!(document["healthy"], true);
        let kind = if db.backend() == Backend::Sqlite { "sqlite" } else { "postgres" };
        assert!(string(&document["database"]["kind"]).starts_with(kind), "{document:#}");
        assert_eq!(document["database"]["schema"]["pending"], json!([]));
    }

    fn an_empty_postgres_is_not_healthy(db: &TestDatabase) {
        if db.backend() == Backend::Postgres {
            let ran = Tool::beside(db).run("doctor");
            assert_eq!(ran.code, 1, "{ran:#?}");
            assert!(ran.stdout.contains("empty"), "{ran:#?}");
        }
    }
}
