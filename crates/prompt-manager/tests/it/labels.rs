//! Labels: moved together or not at all, removed, protected.

use prompt_manager::model::{FeatureType, Label, LabelPolicy};
use prompt_manager::{Error, GateFailure, LabelMove, Missing, OrchestrationTemplateManager, Refusal, Result};
use test_support::{TestDatabase, backends};

use crate::support::{add, label, manager, reference, stamp, update};

fn set(manager: &OrchestrationTemplateManager, name: &str, references: &[&str]) -> Result<Vec<LabelMove>> {
    let references: Vec<_> = references.iter().map(|text| reference(text)).collect();
    manager.set_label(&label(name), &references, "default", &stamp())
}

/// Three templates with two versions each, of which `production` names the second.
fn three(db: &TestDatabase) -> OrchestrationTemplateManager {
    let manager = manager(db);
    for name in ["a", "b", "c"] {
        add(&manager, "default", name, None);
        update(&manager, name, "second");
    }
    manager
}

fn named(manager: &OrchestrationTemplateManager, name: &str, of: &str) -> Option<i32> {
    let (_, states) = manager.label_states(&reference(of), "default").unwrap();
    states.into_iter().find(|state| state.label == name).and_then(|state| state.version)
}

backends! {
    fn several_move_in_one_step(db: &TestDatabase) {
        let manager = three(db);
        let moves = set(&manager, "production", &["c@1", "a@1", "b@2"]).unwrap();
        let told: Vec<_> =
            moves.iter().map(|m| (m.prompt.name.as_str(), m.from, m.to, m.prompt.production())).collect();
        assert_eq!(
            told,
            [("c", Some(2), 1, Some(1)), ("a", Some(2), 1, Some(1)), ("b", Some(2), 2, Some(2))],
            "in the order in which they were given"
        );
        set(&manager, "canary", &["a@latest", "b@1"]).unwrap();
        assert_eq!(manager.get(&reference("a@canary"), "default").unwrap().version.header.number, 2);
        assert_eq!(named(&manager, "canary", "b"), Some(1));
        // A label is a version like any other.
        set(&manager, "production", &["a@canary"]).unwrap();
        assert_eq!(manager.get(&reference("a"), "default").unwrap().version.content, "second");
    }

    fn one_that_cannot_move_keeps_all_in_place(db: &TestDatabase) {
        let manager = three(db);
        manager.remove(&reference("c"), "default", &stamp()).unwrap();
        let before = db.dump();
        let refused = |references: &[&str]| {
            let error = set(&manager, "production", references).unwrap_err();
            assert_eq!(db.dump(), before, "{references:?}");
            error
        };
        let no_version = refused(&["a@1", "b@3"]);
        assert!(matches!(no_version, Error::NotFound(Missing::Version { latest: 2, .. })), "{no_version}");
        let no_label = refused(&["a@1", "b@canary"]);
        assert!(matches!(no_label, Error::NotFound(Missing::Label { .. })), "{no_label}");
        let no_prompt = refused(&["a@1", "nowhere@1"]);
        assert!(matches!(no_prompt, Error::NotFound(Missing::Prompt { .. })), "{no_prompt}");
        let global = refused(&["a@1", "prompt-tool/analysis@1"]);
        assert!(matches!(global, Error::NotFound(Missing::OnlyGlobal { .. })), "{global}");
        let removed = refused(&["a@1", "c@1"]);
        assert!(matches!(removed, Error::Refused(Refusal::Removed { .. })), "{removed}");
        let twice = refused(&["a@1", "b@1", "default:a@2"]);
        assert!(matches!(&twice, Error::Refused(Refusal::NamedTwice { name }) if name == "default:a"), "{twice}");
        let none = refused(&["a@1", "b"]);
        assert!(matches!(none, Error::Refused(Refusal::NamesNoVersion { .. })), "{none}");
    }

    fn latest_is_not_set_or_removed_or_protected(db: &TestDatabase) {
        let manager = three(db);
        let before = db.dump();
        let latest = Label::latest();
        let is_reserved = |error: Error| matches!(error, Error::Refused(Refusal::Reserved { what: "label", .. }));
        assert!(is_reserved(set(&manager, "latest", &["a@1"]).unwrap_err()));
        assert!(is_reserved(manager.remove_label(&latest, &reference("a"), "default", &stamp()).unwrap_err()));
        let policy = manager.set_label_policy(&latest, &reference("a"), "default", |policy| policy, &stamp());
        assert!(is_reserved(policy.unwrap_err()));
        assert_eq!(db.dump(), before);
    }

    fn a_label_can_be_removed(db: &TestDatabase) {
        let manager = three(db);
        set(&manager, "canary", &["a@1"]).unwrap();
        let remove = |name: &str, of: &str| manager.remove_label(&label(name), &reference(of), "default", &stamp());
        remove("canary", "a").unwrap();
        assert_eq!(named(&manager, "canary", "a"), None);
        let before = db.dump();
        assert!(matches!(remove("canary", "a"), Err(Error::NotFound(Missing::Label { .. }))));
        assert!(matches!(remove("production", "a@1"), Err(Error::Refused(Refusal::NamesVersion { .. }))));
        assert_eq!(db.dump(), before);
        assert_eq!(remove("production", "a").unwrap().production(), None);
        let gone = manager.get(&reference("a"), "default").unwrap_err();
        assert!(matches!(gone, Error::NotFound(Missing::Label { .. })), "{gone}");
        assert_eq!(manager.get(&reference("a@latest"), "default").unwrap().version.header.number, 2);
    }

    fn what_is_protected_stays(db: &TestDatabase) {
        let manager = three(db);
        let protect = |is_protected| {
            let change = |policy| LabelPolicy { is_protected, ..policy };
            manager.set_label_policy(&Label::production(), &reference("b"), "default", change, &stamp()).unwrap()
        };
        let state = protect(true);
        assert!(state.policy.is_protected && state.version == Some(2));
        let before = db.dump();
        for refused in [
            set(&manager, "production", &["a@1", "b@1", "c@1"]).unwrap_err(),
            manager.remove_label(&Label::production(), &reference("b"), "default", &stamp()).unwrap_err(),
        ] {
            let Error::Refused(Refusal::Gates(gates)) = refused else { panic!("{refused}") };
            assert_eq!(gates.len(), 1);
            assert_eq!((gates[0].name.as_str(), gates[0].label.as_str()), ("b", "production"));
            assert_eq!(gates[0].failures, [GateFailure::Protected]);
            assert_eq!(gates[0].to_string(), "production of b is protected");
        }
        // Where it is already it need not move, and another label is free.
        set(&manager, "production", &["b@2"]).unwrap();
        assert_eq!(db.dump(), before);
        set(&manager, "canary", &["b@1"]).unwrap();
        protect(false);
        set(&manager, "production", &["a@1", "b@1", "c@1"]).unwrap();
        assert_eq!(named(&manager, "production", "b"), Some(1));
    }

    fn a_label_may_be_protected_before_it_is_set(db: &TestDatabase) {
        let manager = three(db);
        let change = |policy| LabelPolicy { is_protected: true, ..policy };
        let state = manager.set_label_policy(&label("eu"), &reference("a"), "default", change, &stamp()).unwrap();
        assert_eq!((state.version, state.policy.is_protected), (None, true));
        assert!(matches!(set(&manager, "eu", &["a@1"]), Err(Error::Refused(Refusal::Gates(_)))));
        let (_, states) = manager.label_states(&reference("a"), "default").unwrap();
        let told: Vec<_> = states.iter().map(|s| (s.label.as_str(), s.version, s.policy.is_protected)).collect();
        assert_eq!(told, [("eu", None, true), ("latest", Some(2), false), ("production", Some(2), false)]);
        // Labels are each template's own.
        set(&manager, "eu", &["b@1"]).unwrap();
    }

    fn a_label_belongs_to_one_project(db: &TestDatabase) {
        let manager = three(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        let feature_type: FeatureType = "api".parse().unwrap();
        add(&manager, "campus", "a", Some(&feature_type));
        set(&manager, "canary", &["campus:a@1", "a@2"]).unwrap();
        let of = |text: &str| manager.get(&reference(text), "campus").unwrap().version.header.number;
        assert_eq!((of("a@canary"), of("default:a@canary")), (1, 2));
    }
}
