//! What a resolution costs, and what it says.

use std::sync::atomic::Ordering;

use prompt_manager::{Error, Missing, ResolveRequest, Scope};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, add, counting_manager, manager, stamp};

backends! {
    fn resolving_is_one_statement(db: &TestDatabase) {
        let (manager, count) = counting_manager(db);
        let feature_type = "api".parse().unwrap();
        for scope in ["default", "__global__"] {
            add(&manager, scope, &format!("{scope}/plain"), None);
            add(&manager, scope, &format!("{scope}/api"), Some(&feature_type));
            add(&manager, scope, &format!("{scope}/waits"), Some(&feature_type));
        }
        for feature_type in [None, Some(&feature_type)] {
            let request = ResolveRequest { template_type: ANALYSIS, project: "default", feature_type, explicit: None };
            let before = count.load(Ordering::Relaxed);
            manager.resolve(&request).unwrap();
            assert_eq!(count.load(Ordering::Relaxed) - before, 1);
        }
    }

    fn a_list_costs_three_statements(db: &TestDatabase) {
        let (manager, count) = counting_manager(db);
        let cost = || {
            let before = count.load(Ordering::Relaxed);
            let listed = manager.list(&prompt_manager::model::db::PromptFilter::default()).unwrap().items.len();
            (listed, count.load(Ordering::Relaxed) - before)
        };
        assert_eq!(cost(), (4, 3));
        for n in 0..20 {
            add(&manager, "default", &format!("t{n}"), None);
        }
        assert_eq!(cost(), (24, 3));
    }

    fn an_explanation_names_every_candidate(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        let feature_type = "bugfix".parse().unwrap();
        add(&manager, "campus", "campus/analysis", None);
        add(&manager, "campus", "campus/other", None);
        add(&manager, "__global__", "bugs", Some(&feature_type));
        let request = ResolveRequest {
            template_type: ANALYSIS,
            project: "campus",
            feature_type: Some(&feature_type),
            explicit: None,
        };
        let resolution = manager.explain(&request).unwrap();
        let lines: Vec<String> = resolution
            .candidates
            .iter()
            .map(|c| format!("{} {} {}: {}", c.taken, c.scope, c.name.as_deref().unwrap_or("-"), c.reason))
            .collect();
        assert_eq!(
            lines,
            [
                "false explicit -: none given",
                "false project+feature_type -: no template",
                "true project campus/analysis: active, production",
                "false project campus/other: waits: it is not active",
                "false global+feature_type bugs: shadowed by campus/analysis (project)",
                "false global prompt-tool/analysis: shadowed by campus/analysis (project)",
            ]
        );
        let reference = "bugs".parse().unwrap();
        let explicit = ResolveRequest { explicit: Some(&reference), ..request };
        assert_eq!(manager.resolve(&explicit).unwrap().scope, Scope::Explicit);
    }

    fn an_unknown_project_is_named(db: &TestDatabase) {
        let manager = manager(db);
        let request =
            ResolveRequest { template_type: ANALYSIS, project: "nowhere", feature_type: None, explicit: None };
        let Err(Error::NotFound(Missing::Project { name })) = manager.resolve(&request) else { panic!() };
        assert_eq!(name, "nowhere");
    }
}
