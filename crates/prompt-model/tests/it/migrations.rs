//! Migrations: up, down and up again, from whatever is there.

use prompt_model::db::SchemaState;
use prompt_model::{Database, Error, OpenOptions};
use test_support::{Backend, TestDatabase, backends};

use crate::support::{migrated, opened, raw, stamp};

/// A session as the predecessor writes it, with characters that a careless copy would change.
const LEGACY_SESSION: &str = "INSERT INTO orchestration_sessions \
     (session_id, feature_request, status, orchestrator_template, analysis_template, created_at, updated_at) \
     VALUES ('20250624_115521_a1b2c3d4', ' Größe \t 日本語 👍  ', 'analysis', 'a\\n ''b''  ', '', \
     '2025-06-24 11:55:21', NULL)";

backends! {
    fn up_down_up_keeps_every_text(db: &TestDatabase) {
        let database = migrated(db);
        raw(db, LEGACY_SESSION).unwrap();
        database.write(|q| q.insert_project("campus", Some("a  b\r\n"), &stamp(0))).unwrap();
        let look = |database: &Database| {
            database
                .snapshot(|q| {
                    let (row, _) = q.session_ids("20250624")?.remove(0);
                    Ok::<_, Error>((q.session(row)?.unwrap(), q.projects()?))
                })
                .unwrap()
        };
        let before = look(&database);
        assert_eq!(before.0.summary.feature_request, " Größe \t 日本語 👍  ");
        for steps in 1..=5 {
            let reverted = database.rollback(steps).unwrap();
            assert_eq!(reverted.done.len(), steps);
            assert_eq!(database.schema_status().unwrap().pending.len(), steps);
            database.migrate().unwrap();
            assert_eq!(look(&database), before, "after {steps} down and up");
        }
        // Ids go on where they were.
        let added = database.write(|q| q.insert_project("later", None, &stamp(1))).unwrap();
        assert!(before.1.iter().all(|project| project.id < added.id));
    }

    fn many_that_start_together_apply_once(db: &TestDatabase) {
        let created = std::thread::scope(|scope| {
            let starts: Vec<_> =
                (0..16).map(|_| scope.spawn(|| opened(db).migrate().unwrap().created)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).filter(|made| *made).count()
        });
        assert_eq!(created, 1);
        assert_eq!(opened(db).schema_status().unwrap().state(), SchemaState::Current);
    }

    fn a_newer_schema_is_left_alone(db: &TestDatabase) {
        let database = migrated(db);
        raw(db, "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')").unwrap();
        for refused in [database.migrate(), database.rollback(1)] {
            assert!(matches!(refused, Err(Error::UnknownSchema { unknown, .. }) if unknown == "99990101000000"));
        }
        let opened = Database::open_current(database.url(), &OpenOptions::default());
        assert!(matches!(opened, Err(Error::UnknownSchema { .. })));
    }

    fn a_half_migrated_schema_is_left_alone(db: &TestDatabase) {
        let database = migrated(db);
        raw(db, "DELETE FROM __diesel_schema_migrations WHERE version = '00000000000002'").unwrap();
        assert_eq!(database.schema_status().unwrap().state(), SchemaState::Unknown);
        assert!(matches!(database.migrate(), Err(Error::UnknownSchema { .. })));
    }

    fn tables_of_others_are_left_alone(db: &TestDatabase) {
        raw(db, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)").unwrap();
        let database = opened(db);
        let refused = database.migrate().unwrap_err();
        assert!(matches!(&refused, Error::ForeignSchema { tables, .. } if tables == "alembic_version"));
        assert_eq!(database.schema_status().unwrap().foreign_tables, ["alembic_version"]);
    }

    fn an_older_schema_is_migrated_where_that_is_safe(db: &TestDatabase) {
        let database = migrated(db);
        database.rollback(3).unwrap();
        let again = Database::open_current(database.url(), &OpenOptions::default());
        match db.backend() {
            Backend::Sqlite => {
                let (_, report) = again.unwrap();
                assert_eq!(report.done, ["template_registry", "session_records", "change_log_and_gates"]);
                assert!(report.copy.unwrap().is_file());
            }
            Backend::Postgres => {
                assert!(matches!(again, Err(Error::PendingMigrations { pending: 3, .. })));
            }
        }
    }
}

#[test]
fn a_file_that_is_no_database_is_named_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "not a database, but longer than a header").unwrap();
    let url = format!("sqlite:{}", path.display()).parse().unwrap();
    let refused = Database::open(&url, &OpenOptions::default()).unwrap_err();
    assert!(matches!(refused, Error::NotADatabase { path: named } if named == path));
    assert_eq!(std::fs::read(&path).unwrap(), b"not a database, but longer than a header");
}
