//! Session rows: ours, the predecessor's, and rows that both wrote.

use prompt_model::db::SessionChange;
use prompt_model::{NewSession, SessionRecord, SessionRowId, SessionState};
use serde_json::json;
use test_support::{TestDatabase, backends};

use crate::support::{migrated, raw, stamp};

fn planned(database: &prompt_model::Database) -> SessionRowId {
    let variables = json!({ "team": "web  \u{1f44d}" });
    database
        .write(|q| {
            let project = q.insert_project("campus", None, &stamp(0))?;
            let new = NewSession {
                session_id: "abc_%1",
                project_id: project.id,
                feature_request: "a waiting list\r\n",
                feature_reason: None,
                feature_type: None,
                variables: variables.as_object().unwrap(),
                nonce: "n",
                rendered_orchestrator: "the prompt",
                pins: &[],
                partials: &[],
            };
            q.insert_session(&new, &stamp(1))
        })
        .unwrap()
}

fn load(database: &prompt_model::Database, row: SessionRowId) -> SessionRecord {
    database.snapshot(|q| q.session(row)).unwrap().unwrap()
}

backends! {
    fn a_session_comes_back_as_it_was_stored(db: &TestDatabase) {
        let database = migrated(db);
        let row = planned(&database);
        let record = load(&database, row);
        assert_eq!(record.summary.state, SessionState::Planned);
        assert_eq!(record.summary.feature_request, "a waiting list\r\n");
        assert_eq!(record.summary.created_at, Some(stamp(1).at));
        assert_eq!(record.variables["team"], json!("web  \u{1f44d}"));
        assert_eq!(record.texts.rendered_orchestrator.as_deref(), Some("the prompt"));
    }

    fn what_the_predecessor_writes_counts(db: &TestDatabase) {
        let database = migrated(db);
        let row = planned(&database);
        raw(db, "UPDATE orchestration_sessions SET status = 'analysis', analysis_results = 'found'").unwrap();
        assert_eq!(load(&database, row).summary.state, SessionState::AnalysisComplete);
        raw(db, "UPDATE orchestration_sessions SET status = 'planning', analysis_results = NULL").unwrap();
        // It is again what we wrote.
        assert_eq!(load(&database, row).summary.state, SessionState::Planned);
    }

    fn our_writes_show_in_its_status(db: &TestDatabase) {
        let database = migrated(db);
        let row = planned(&database);
        for (state, status) in [
            (SessionState::TemplatesReady, "analysis"),
            (SessionState::Implementing, "implementation"),
            (SessionState::Cancelled, "implementation"),
        ] {
            database.write(|q| q.update_session(row, state, &SessionChange::default(), &stamp(2))).unwrap();
            assert_eq!(load(&database, row).summary.state, state);
            let changed = format!(
                "UPDATE orchestration_sessions SET complexity = 'x' WHERE status = '{status}'"
            );
            raw(db, "UPDATE orchestration_sessions SET complexity = NULL").unwrap();
            raw(db, &changed).unwrap();
            assert_eq!(load(&database, row).complexity.as_deref(), Some("x"), "{status}");
        }
    }

    fn an_id_is_found_by_its_beginning_alone(db: &TestDatabase) {
        let database = migrated(db);
        let row = planned(&database);
        let found = |prefix: &str| database.read(|q| q.session_ids(prefix)).unwrap();
        assert_eq!(found("abc_%"), [(row, "abc_%1".to_owned())]);
        for other in ["ABC", "abcx", "%", "_", "\\", "bc"] {
            assert_eq!(found(other), [], "{other}");
        }
    }
}
