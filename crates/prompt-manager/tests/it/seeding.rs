//! The reserved projects and the built-in templates.

use std::time::SystemTime;

use prompt_manager::model::builtin::{BUILTIN_AUTHOR, BUILTIN_TEMPLATES, is_builtin_name};
use prompt_manager::model::db::{NewPrompt, PromptFilter};
use prompt_manager::model::{
    Database, DatabaseUrl, GLOBAL_PROJECT, Label, LabelPolicy, NewVersion, ORCHESTRATION_CATEGORY,
    OpenOptions, PromptId, Stamp,
};
use prompt_manager::template::{Engine, RenderOptions};
use prompt_manager::{Publication, Reference, open};
use test_support::{TestDatabase, backends};

use crate::support::{content, counting_manager, manager, stamp};

/// Stores a version as some build of this program did.
fn publish(database: &Database, prompt: PromptId, text: &str) {
    let stamp = Stamp::new(BUILTIN_AUTHOR, SystemTime::UNIX_EPOCH);
    let sha256 = prompt_manager::template::sha256_hex(text);
    let new = NewVersion { content: text, sha256: &sha256, ..NewVersion::default() };
    database
        .write(|q| {
            let number = q.insert_version(prompt, &new, &stamp)?.number;
            q.set_label(prompt, &Label::production(), number)
        })
        .unwrap();
}

/// A database in which an older build stored one of the built-in templates.
fn with_older_text(db: &TestDatabase) -> prompt_manager::OrchestrationTemplateManager {
    let builtin = BUILTIN_TEMPLATES[1];
    let database = Database::open(&db.url().parse().unwrap(), &OpenOptions::default()).unwrap();
    database.migrate().unwrap();
    let id = database
        .write(|q| {
            let project = q.insert_project(GLOBAL_PROJECT, None, &stamp())?;
            let new = NewPrompt {
                project_id: project.id,
                name: builtin.name,
                category: Some(ORCHESTRATION_CATEGORY),
                description: None,
                content: "older",
                is_template: true,
            };
            q.insert_prompt(&new, &stamp())
        })
        .unwrap();
    publish(&database, id, "older");
    prompt_manager::OrchestrationTemplateManager::new(database)
}

backends! {
    fn seeding_twice_is_seeding_once(db: &TestDatabase) {
        let (manager, count) = counting_manager(db);
        let before = count.load(std::sync::atomic::Ordering::Relaxed);
        let again = manager.seed(SystemTime::now()).unwrap();
        assert!(again.added.is_empty() && again.upgraded.is_empty());
        assert!(count.load(std::sync::atomic::Ordering::Relaxed) - before < 10, "it only looks");
        let templates = manager.list(&PromptFilter { templates_only: true, ..PromptFilter::default() }).unwrap();
        assert_eq!(templates.items.len(), BUILTIN_TEMPLATES.len());
        assert!(templates.items.iter().all(|t| is_builtin_name(&t.prompt.name) && t.prompt.latest == 1));
    }

    fn a_newer_builds_text_is_left_alone(db: &TestDatabase) {
        let manager = manager(db);
        let reference = Reference::production(BUILTIN_TEMPLATES[1].name);
        let current = || manager.get(&reference, GLOBAL_PROJECT).unwrap();
        publish(manager.database(), current().prompt.id, "newer");
        assert!(manager.seed(SystemTime::now()).unwrap().upgraded.is_empty());
        assert_eq!(current().version.content, "newer");
    }

    fn a_protected_builtin_gets_a_draft(db: &TestDatabase) {
        let manager = with_older_text(db);
        let reference = Reference::production(BUILTIN_TEMPLATES[1].name);
        let protect = |policy| LabelPolicy { is_protected: true, ..policy };
        let production = Label::production();
        manager.set_label_policy(&production, &reference, GLOBAL_PROJECT, protect, &stamp()).unwrap();
        for _ in 0..2 {
            manager.seed(SystemTime::now()).unwrap();
            let prompt = manager.get(&reference, GLOBAL_PROJECT).unwrap().prompt;
            assert_eq!((prompt.production(), prompt.latest), (Some(1), 2));
        }
    }

    fn an_older_builds_text_is_followed_by_ours(db: &TestDatabase) {
        let manager = with_older_text(db);
        let builtin = BUILTIN_TEMPLATES[1];
        let report = manager.seed(SystemTime::now()).unwrap();
        assert_eq!((report.added.len(), report.upgraded), (2, vec![builtin.name]));
        let current = manager.get(&Reference::production(builtin.name), GLOBAL_PROJECT).unwrap();
        assert_eq!((current.version.header.number, current.version.content.as_str()), (2, builtin.content));
    }

    fn a_persons_version_of_a_builtin_stays(db: &TestDatabase) {
        let manager = manager(db);
        let name = BUILTIN_TEMPLATES[1].name;
        let reference = Reference::production(name);
        manager.update(&reference, GLOBAL_PROJECT, Publication::Template, &content("mine"), &stamp()).unwrap();
        manager.seed(SystemTime::now()).unwrap();
        assert_eq!(manager.get(&reference, GLOBAL_PROJECT).unwrap().version.content, "mine");
    }
}

#[test]
fn opening_seeds_a_new_file() {
    let db = TestDatabase::sqlite();
    let url: DatabaseUrl = db.url().parse().unwrap();
    let first = open(&url, SystemTime::now()).unwrap();
    assert!(first.migration.created);
    assert_eq!(first.seeds.added.len(), 3);
    let second = open(&url, SystemTime::now()).unwrap();
    assert!(!second.migration.created && second.seeds.added.is_empty());
}

#[test]
fn builtins_use_nothing_but_what_their_type_is_given() {
    for builtin in BUILTIN_TEMPLATES {
        let template = Engine::default()
            .compile(builtin.name, builtin.content, &prompt_manager::template::NoPartials)
            .unwrap();
        let given = builtin.template_type.system_variables();
        let variables: serde_json::Map<String, serde_json::Value> =
            given.iter().map(|name| ((*name).to_owned(), format!("<{name}> & \"more\"").into())).collect();
        let rendered = template.render(&variables, &RenderOptions::default()).unwrap();
        assert!(rendered.contains("<feature_request> & \"more\""), "nothing is escaped: {rendered}");
    }
}
