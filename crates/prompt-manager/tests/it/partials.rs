//! Partials: looked up like any reference, compiled with the version that uses them, never stale.

use prompt_manager::model::GLOBAL_PROJECT;
use prompt_manager::model::db::PromptFilter;
use prompt_manager::template::RenderOptions;
use prompt_manager::{Error, NewPlainPrompt, Publication, Reference, Refusal, ResolveRequest, Search};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, content, manager, partial, stamp};

fn rendered(manager: &prompt_manager::OrchestrationTemplateManager, project: &str) -> String {
    let request = ResolveRequest { template_type: ANALYSIS, project, feature_type: None, explicit: None };
    let chosen = manager.resolve(&request).unwrap();
    let loaded = manager.load(chosen.version_id, &chosen.name, project).unwrap();
    loaded.template.render(&serde_json::json!({}), &RenderOptions::default()).unwrap()
}

backends! {
    fn the_projects_own_partial_goes_first(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        partial(&manager, GLOBAL_PROJECT, "style", "global");
        partial(&manager, GLOBAL_PROJECT, "outer", "[{{> style}}]");
        let new = prompt_manager::NewTemplate {
            name: "uses",
            template_type: ANALYSIS,
            project: GLOBAL_PROJECT,
            feature_type: None,
            description: None,
            content: content("{{> outer}}"),
        };
        manager.add(&new, &stamp()).unwrap();
        assert_eq!(rendered(&manager, "campus"), "[global]");
        partial(&manager, "campus", "style", "campus");
        assert_eq!(rendered(&manager, "campus"), "[campus]", "nothing stale is served");
        assert_eq!(rendered(&manager, "default"), "[global]");
        let reference = Reference::production("style");
        manager.update(&reference, "campus", Publication::Any, &content("newer"), &stamp()).unwrap();
        assert_eq!(rendered(&manager, "campus"), "[newer]");
    }

    fn a_partial_that_leads_to_itself_is_refused(db: &TestDatabase) {
        let manager = manager(db);
        partial(&manager, "default", "a", "one");
        partial(&manager, "default", "b", "{{> a}}");
        let reference = Reference::production("a");
        let refused = manager.update(&reference, "default", Publication::Any, &content("{{> b}}"), &stamp());
        assert!(matches!(refused, Err(Error::Template(_))), "{refused:?}");
        assert_eq!(manager.get(&reference, "default").unwrap().version.content, "one");
    }

    fn plain_text_is_no_partial(db: &TestDatabase) {
        let manager = manager(db);
        let new = NewPlainPrompt {
            name: "plain",
            project: "default",
            category: None,
            description: None,
            is_template: false,
            content: content("braces {{ mean nothing"),
        };
        manager.add_prompt(&new, &stamp()).unwrap();
        let refused = manager.check("x", "default", Some(ANALYSIS), "{{> plain}}");
        assert!(matches!(refused, Err(Error::Refused(Refusal::PlainPartial { .. }))));
    }

    fn a_plain_text_includes_nothing_and_uses_no_variable(db: &TestDatabase) {
        let manager = manager(db);
        partial(&manager, GLOBAL_PROJECT, "rules", "{{team}}");
        partial(&manager, GLOBAL_PROJECT, "z", "{{> rules}} {{team}}");
        let plain = NewPlainPrompt {
            name: "notes",
            project: GLOBAL_PROJECT,
            category: None,
            description: None,
            is_template: false,
            content: content("{{> rules}} {{team}}"),
        };
        manager.add_prompt(&plain, &stamp()).unwrap();
        let usage = manager.used_by(&Reference::production("rules"), GLOBAL_PROJECT).unwrap();
        let users: Vec<&str> = usage.prompts.iter().map(|user| user.name.as_str()).collect();
        assert_eq!((usage.prompt.name.as_str(), users), ("rules", vec!["z"]));

        let filter = PromptFilter { limit: Some(1), ..PromptFilter::default() };
        let page = manager.search(&Search { filter, variable: Some("team".to_owned()) }).unwrap();
        assert_eq!(page.next.map(|place| place.name).as_deref(), Some("rules"), "z follows, and notes does not count");
    }
}
