//! What the database refuses, whoever asks.

use prompt_model::db::NewPrompt;
use prompt_model::{NewVersion, PromptId};
use test_support::{Backend, TestDatabase, backends};

use crate::support::{migrated, raw, stamp};

fn one_version(db: &TestDatabase) -> PromptId {
    let database = migrated(db);
    database
        .write(|q| {
            let project = q.insert_project("campus", None, &stamp(0))?;
            let id = q.insert_prompt(
                &NewPrompt {
                    project_id: project.id,
                    name: "style",
                    category: Some("review"),
                    description: None,
                    content: "one",
                    is_template: true,
                },
                &stamp(0),
            )?;
            let new = NewVersion { content: "one", sha256: "00", ..NewVersion::default() };
            q.insert_version(id, &new, &stamp(0))?;
            Ok::<_, prompt_model::Error>(id)
        })
        .unwrap()
}

backends! {
    fn a_version_is_never_changed_or_deleted(db: &TestDatabase) {
        one_version(db);
        for statement in [
            "UPDATE prompt_versions SET content = 'two'",
            "UPDATE prompt_versions SET version_number = 7",
            "DELETE FROM prompt_versions",
            "UPDATE prompt_version_details SET sha256 = 'ff'",
            "DELETE FROM prompt_version_details",
        ] {
            let refused = raw(db, statement).unwrap_err();
            assert!(refused.contains("immutable"), "{statement}: {refused}");
        }
    }

    fn no_way_around_is_left(db: &TestDatabase) {
        let id = one_version(db);
        let around = match db.backend() {
            Backend::Sqlite => {
                "INSERT OR REPLACE INTO prompt_versions (id, prompt_id, version_number, content) \
                 SELECT id, prompt_id, version_number, 'other' FROM prompt_versions"
            }
            Backend::Postgres => "TRUNCATE prompt_versions CASCADE",
        };
        let refused = raw(db, around).unwrap_err();
        assert!(refused.contains("immutable") || refused.contains("never changed"), "{refused}");
        let left = migrated(db).read(|q| q.version_by_number(id, 1)).unwrap().unwrap();
        assert_eq!(left.content, "one");
    }

    fn a_prompt_with_versions_is_never_deleted(db: &TestDatabase) {
        let id = one_version(db);
        raw(db, "DELETE FROM prompts").unwrap_err();
        let database = migrated(db);
        let left = database.read(|q| q.version_by_number(id, 1)).unwrap().unwrap();
        assert_eq!(left.content, "one");
        let content = |id| database.read(|q| q.version_content(id)).unwrap();
        assert_eq!(content(left.header.id).as_deref(), Some("one"));
        assert_eq!(content(prompt_model::VersionId(left.header.id.0 + 1)), None);
    }

    fn a_transaction_that_fails_leaves_nothing(db: &TestDatabase) {
        let database = migrated(db);
        let failed = database.write(|q| {
            q.insert_project("campus", None, &stamp(0))?;
            q.insert_project("campus", None, &stamp(1))
        });
        assert_eq!(failed.unwrap_err().to_string(), "project `campus` exists already");
        assert!(database.read(|q| q.project_by_name("campus")).unwrap().is_none());
    }

    fn writers_take_turns(db: &TestDatabase) {
        let id = one_version(db);
        let database = migrated(db);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let database = &database;
                scope.spawn(move || {
                    for round in 0..10 {
                        let content = format!("{writer} {round}");
                        let new = NewVersion { content: &content, sha256: "00", ..NewVersion::default() };
                        database
                            .write(|q| {
                                q.lock_prompt(id)?;
                                q.insert_version(id, &new, &stamp(1))
                            })
                            .unwrap();
                    }
                });
            }
        });
        let mut numbers: Vec<i32> =
            database.read(|q| q.versions(id)).unwrap().iter().map(|version| version.number).collect();
        numbers.reverse();
        assert_eq!(numbers, (1..=41).collect::<Vec<_>>());
    }
}
