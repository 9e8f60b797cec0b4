//! The reserved projects and the built-in templates.

use std::time::SystemTime;

use prompt_manager::model::builtin::{BUILTIN_TEMPLATES, is_builtin_name};
use prompt_manager::model::db::PromptFilter;
use prompt_manager::model::{DatabaseUrl, GLOBAL_PROJECT};
use prompt_manager::template::{Engine, RenderOptions};
use prompt_manager::{Publication, Reference, open};
use test_support::{TestDatabase, backends};

use crate::support::{content, counting_manager, manager, stamp};

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
