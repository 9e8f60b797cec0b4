//! Versions, labels and places.

use prompt_manager::model::{FeatureType, GLOBAL_PROJECT};
use prompt_manager::{
    Audience, Content, Error, Missing, NewTemplate, Publication, Reference, Refusal, ResolveRequest,
};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, add, content, manager, stamp};

fn request(project: &str) -> ResolveRequest<'_> {
    ResolveRequest { template_type: ANALYSIS, project, feature_type: None, explicit: None }
}

backends! {
    fn every_version_can_be_read_back(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let reference = Reference::production("a");
        for number in 2..=4 {
            let text = format!("text {number}\r\n  ");
            let published = manager
                .update(&reference, "default", Publication::Template, &content(&text), &stamp())
                .unwrap();
            assert_eq!(published.version.number, number);
            assert_eq!(published.prompt.production(), Some(number));
        }
        let get = |text: &str| manager.get(&text.parse().unwrap(), "default");
        assert_eq!(get("a").unwrap().version.content, "text 4\r\n  ");
        let second = get("a@2").unwrap().version;
        assert_eq!(second.content, "text 2\r\n  ");
        assert_eq!(second.header.author.as_deref(), Some("ada"));
        let digest = second.header.sha256.clone().unwrap();
        assert_eq!(get(&format!("a@sha256:{}", &digest[..8])).unwrap().version, second);
        assert!(matches!(get("a@9"), Err(Error::NotFound(Missing::Version { latest: 4, .. }))));
        assert!(matches!(get("a@canary"), Err(Error::NotFound(Missing::Label { .. }))));
        assert!(matches!(get("b"), Err(Error::NotFound(Missing::Prompt { .. }))));
        let elsewhere = manager.get(&Reference::production("a"), "nowhere");
        assert!(matches!(elsewhere, Err(Error::NotFound(Missing::Project { .. }))));
    }

    fn a_draft_waits_for_a_label(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let draft = Content { audience: Audience::Draft, ..content("better") };
        let reference = Reference::production("a");
        let published =
            manager.update(&reference, "default", Publication::Template, &draft, &stamp()).unwrap();
        assert_eq!((published.prompt.production(), published.prompt.latest), (Some(1), 2));
        assert_eq!(manager.resolve(&request("default")).unwrap().version, 1);
        assert_eq!(manager.get(&"a@latest".parse().unwrap(), "default").unwrap().version.content, "better");
    }

    fn a_change_is_for_one_whole_prompt_of_one_project(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, GLOBAL_PROJECT, "ours", None);
        let update = |reference: &str, project: &str| {
            let reference = reference.parse().unwrap();
            manager.update(&reference, project, Publication::Template, &content("x"), &stamp())
        };
        assert!(matches!(update("ours@1", GLOBAL_PROJECT), Err(Error::Refused(Refusal::NamesVersion { .. }))));
        assert!(matches!(update("ours", "default"), Err(Error::NotFound(Missing::OnlyGlobal { .. }))));
        let removed = manager.remove(&Reference::production("ours"), "default", &stamp());
        assert!(matches!(removed, Err(Error::NotFound(Missing::OnlyGlobal { .. }))));
        assert_eq!(update("ours", GLOBAL_PROJECT).unwrap().version.number, 2);
        let again = update("__global__:ours", "default").unwrap();
        assert!(again.unchanged, "the same text makes no new version");
        assert_eq!(again.version.number, 2);
    }

    fn many_add_to_a_new_project_at_once(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("fresh", None, &stamp()).unwrap();
        std::thread::scope(|scope| {
            for adder in 0..6 {
                let manager = &manager;
                scope.spawn(move || add(manager, "fresh", &format!("t{adder}"), None));
            }
        });
        let filter = prompt_manager::model::db::PromptFilter {
            project: Some("fresh".to_owned()),
            ..Default::default()
        };
        let listed = manager.list(&filter).unwrap().items;
        let active = listed.iter().filter(|t| t.prompt.placement.as_ref().unwrap().active).count();
        assert_eq!((listed.len(), active), (6, 1));
    }

    fn a_global_draft_leaves_the_builtin_in_place(db: &TestDatabase) {
        let manager = manager(db);
        let new = NewTemplate {
            name: "draft",
            template_type: ANALYSIS,
            project: GLOBAL_PROJECT,
            feature_type: None,
            description: None,
            content: Content { audience: Audience::Draft, ..content("not yet") },
        };
        let published = manager.add(&new, &stamp()).unwrap();
        assert!(!published.prompt.placement.unwrap().active);
        assert_eq!(manager.resolve(&request("default")).unwrap().name, "prompt-tool/analysis");
    }

    fn a_place_has_one_active_template(db: &TestDatabase) {
        let manager = manager(db);
        let is_active = |published: &prompt_manager::Published| published.prompt.placement.as_ref().unwrap().active;
        assert!(is_active(&add(&manager, "default", "first", None)));
        assert!(!is_active(&add(&manager, "default", "second", None)));
        // Globally the built-in is active, and gives way.
        assert!(is_active(&add(&manager, GLOBAL_PROJECT, "ours", None)));
        assert!(!is_active(&add(&manager, GLOBAL_PROJECT, "late", None)));
        manager.activate(&Reference::production("second"), "default", &stamp()).unwrap();
        assert_eq!(manager.resolve(&request("default")).unwrap().name, "second");
    }

    fn a_removal_can_be_taken_back(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let reference = Reference::production("a");
        let removed = manager.remove(&reference, "default", &stamp()).unwrap();
        assert!(!removed.slot_is_served);
        assert_eq!(manager.resolve(&request("default")).unwrap().name, "prompt-tool/analysis");
        let refused = manager.update(&reference, "default", Publication::Template, &content("x"), &stamp());
        assert!(matches!(refused, Err(Error::Refused(Refusal::Removed { .. }))));
        assert!(matches!(
            manager.remove(&reference, "default", &stamp()),
            Err(Error::Refused(Refusal::Removed { .. }))
        ));
        let again = NewTemplate {
            name: "a",
            template_type: ANALYSIS,
            project: "default",
            feature_type: None,
            description: None,
            content: content("again"),
        };
        assert!(matches!(manager.add(&again, &stamp()), Err(Error::Refused(Refusal::Removed { .. }))));
        assert!(manager.restore(&reference, "default", &stamp()).unwrap().slot_is_served);
        let next = manager.update(&reference, "default", Publication::Template, &content("x"), &stamp());
        assert_eq!(next.unwrap().version.number, 2, "a number is never used again");
    }

    fn what_cannot_be_used_is_not_stored(db: &TestDatabase) {
        let manager = manager(db);
        let feature_type: FeatureType = "api".parse().unwrap();
        for text in [
            "{{#if feature_request}} not closed",
            "{{feature_reqest}}",
            "{{analysis_results}}",
            "{{> nowhere}}",
            "{{shout feature_request}}",
            "nul \0",
        ] {
            let new = NewTemplate {
                name: "bad",
                template_type: ANALYSIS,
                project: "default",
                feature_type: Some(&feature_type),
                description: None,
                content: content(text),
            };
            manager.add(&new, &stamp()).unwrap_err();
            let found = manager.get(&Reference::production("bad"), "default");
            assert!(matches!(found, Err(Error::NotFound(_))), "{text}");
        }
        // A name that no session gives may be given with --var.
        let new = NewTemplate {
            name: "good",
            template_type: ANALYSIS,
            project: "default",
            feature_type: None,
            description: None,
            content: content("{{team}} {{project}}"),
        };
        assert_eq!(manager.add(&new, &stamp()).unwrap().extra_variables, ["team"]);
    }

    fn names_that_cannot_be_are_refused(db: &TestDatabase) {
        let manager = manager(db);
        for name in ["", "  ", "a@b", "a:b", " a", "a\n", "a\u{202e}b", &"x".repeat(201)] {
            let new = NewTemplate {
                name,
                template_type: ANALYSIS,
                project: "default",
                feature_type: None,
                description: None,
                content: content("x"),
            };
            assert!(matches!(manager.add(&new, &stamp()), Err(Error::Model(_))), "{name}");
        }
        assert!(manager.add_project("__global__", None, &stamp()).is_err());
        assert!(manager.add_project("default", None, &stamp()).is_err());
    }
}
