//! `db`: migrations up, down and up again, with everything that is stored kept.

use serde_json::json;
use test_support::{Backend, TestDatabase, backends};

use crate::tool::{Tool, assert_says, string};

const MIGRATIONS: [&str; 5] =
    ["base", "orchestration_template_system", "template_registry", "session_records", "change_log_and_gates"];

/// A database with some of everything; returns the session that is complete.
fn furnished(db: &TestDatabase) -> (Tool, String) {
    let tool = Tool::on(db);
    tool.json("project add campus --description Courses");
    tool.file("rules", "be brief\r\n");
    tool.file("t.hbs", "{{feature_request}} {{> rules}} \u{1f393}");
    tool.json("prompt add rules --global --category shared --file rules");
    tool.json("orchestration template add main --type orchestrator --project campus --feature-type api --file t.hbs -m first");
    tool.json("orchestration template update main --project campus --file rules -m second");
    tool.json("orchestration template update main --project campus --file t.hbs -m third --draft");
    tool.json("orchestration template add gone --type analysis --global --file t.hbs");
    tool.json("orchestration template remove gone --global");
    tool.json("orchestration template activate prompt-tool/analysis --global");
    let plan =
        "orchestration plan Wäiting --project campus --feature-type api --template orchestrator=main@1";
    let complete = string(&tool.json(plan)["session_id"]);
    tool.finish(&complete);
    let cancelled = tool.plan("Given up\r\n");
    tool.step("process", &cancelled);
    tool.step("cancel", &cancelled);
    let waiting = tool.plan("Waits");
    tool.step("process", &waiting);
    tool.step("analyze", &waiting);
    (tool, complete)
}

backends! {
    fn down_and_up_again_keeps_everything(db: &TestDatabase) {
        let (tool, session) = furnished(db);
        let before = tool.everything();
        for steps in [1, 2, 3, 4, 5] {
            let reverted = tool.json(&format!("db rollback --steps {steps}"));
            let newest_first: Vec<&str> = MIGRATIONS.into_iter().rev().take(steps).collect();
            assert_eq!(reverted["reverted"], json!(newest_first));
            let status = tool.json("db status");
            assert_eq!(status["applied"], json!(MIGRATIONS[..5 - steps]), "{status:#}");
            assert_eq!(status["pending"], json!(MIGRATIONS[5 - steps..]), "{status:#}");
            let migrated = tool.json("db migrate");
            assert_eq!(migrated["applied"], json!(MIGRATIONS[5 - steps..]));
            assert_eq!(migrated["seeded"], json!([]), "what was seeded is still there");
            assert_eq!(tool.everything(), before, "after {steps} down and up");
            assert!(tool.verifies(&session));
        }
        tool.file("next", "be brief, and exact");
        tool.json("orchestration template update main --project campus --file next");
        let planned = tool.json("orchestration plan More --project campus --feature-type api");
        assert_eq!(planned["templates"]["orchestrator"]["version"], 4, "{planned:#}");
    }

    fn an_older_schema_is_migrated_where_it_is_ours_alone(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        let before = tool.everything();
        tool.json("db rollback --to base");
        assert_eq!(tool.json("db status")["state"], "older");
        if db.backend() == Backend::Postgres {
            let error = tool.fails(5, "orchestration list");
            assert_says(&error, "hint", "prompt-tool db migrate");
            tool.json("db migrate");
        } else {
            let ran = tool.run("orchestration list");
            assert_eq!(ran.code, 0, "{ran:#?}");
            assert!(ran.stderr.contains("Kept a copy as it was"), "{ran:#?}");
        }
        assert_eq!(tool.everything(), before);
    }

    fn migrate_twice_does_nothing(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.json("db migrate");
        let again = tool.json("db migrate");
        assert_eq!(again["applied"], json!([]));
        assert_eq!(again["seeded"], json!([]));
        assert!(tool.text("db migrate").contains("nothing to do"));
        assert!(tool.text("db status").contains("current"));
    }

    fn rollback_of_too_many_goes_down_to_nothing_and_no_further(db: &TestDatabase) {
        let (tool, _) = furnished(db);
        let before = tool.everything();
        tool.json("db rollback --to base");
        tool.fails(3, "db rollback --to session_records");
        tool.fails(3, "db rollback --to nosuch");
        tool.fails(2, "db rollback --to base --steps 1");
        tool.run("db rollback --steps 99");
        tool.json("db migrate");
        assert_eq!(tool.everything(), before);
    }
}
