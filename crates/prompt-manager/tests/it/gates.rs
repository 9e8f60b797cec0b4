//! Gates: what a version has to pass before a label names it.

use prompt_manager::model::{Label, LabelPolicy};
use prompt_manager::{
    Assertion, Error, GateFailure, GateRefusal, OrchestrationTemplateManager, Publication, Refusal,
    TemplateTest,
};
use test_support::{TestDatabase, backends};

use crate::support::{add, content, label, manager, reference, stamp, update};

/// A template whose label `canary` names its first version.
fn labelled(db: &TestDatabase) -> OrchestrationTemplateManager {
    let manager = manager(db);
    add(&manager, "default", "a", None);
    move_canary(&manager, 1).unwrap();
    manager
}

fn move_canary(manager: &OrchestrationTemplateManager, version: i32) -> prompt_manager::Result<()> {
    let target = reference(&format!("a@{version}"));
    manager.set_label(&label("canary"), &[target], "default", &stamp()).map(drop)
}

fn gate(manager: &OrchestrationTemplateManager, name: &str, change: impl FnOnce(LabelPolicy) -> LabelPolicy) {
    manager.set_label_policy(&label(name), &reference("a"), "default", change, &stamp()).unwrap();
}

fn needs_tests(policy: LabelPolicy) -> LabelPolicy {
    LabelPolicy { needs_tests: true, ..policy }
}

fn needs_known_variables(policy: LabelPolicy) -> LabelPolicy {
    LabelPolicy { needs_known_variables: true, ..policy }
}

fn store_test(manager: &OrchestrationTemplateManager, name: &str, assertion: Assertion) {
    let test = TemplateTest {
        name: name.to_owned(),
        variables: serde_json::Map::new(),
        assertions: vec![assertion],
    };
    manager.store_tests(&reference("a"), "default", &[test], &stamp()).unwrap();
}

/// What stands between `canary` and a version; the database is as it was.
fn refusal(db: &TestDatabase, manager: &OrchestrationTemplateManager, version: i32) -> GateRefusal {
    let before = db.dump();
    let refused = move_canary(manager, version).unwrap_err();
    assert_eq!(db.dump(), before);
    let Error::Refused(Refusal::Gates(mut gates)) = refused else { panic!("{refused}") };
    assert_eq!(gates.len(), 1);
    gates.remove(0)
}

backends! {
    fn tests_have_to_be_there_and_to_pass(db: &TestDatabase) {
        let manager = labelled(db);
        update(&manager, "a", "Steps for {{feature_request}}");
        gate(&manager, "canary", needs_tests);
        let none = refusal(db, &manager, 2);
        assert_eq!(none.failures, [GateFailure::NoTests]);
        assert_eq!(none.to_string(), "canary of a needs tests to pass, and it has none");

        store_test(&manager, "names the request", Assertion::Contains("waiting list".to_owned()));
        store_test(&manager, "greets", Assertion::Contains("Hello".to_owned()));
        let failed = refusal(db, &manager, 2);
        let [GateFailure::Tests(outcomes)] = failed.failures.as_slice() else { panic!("{failed:?}") };
        let told: Vec<_> = outcomes.iter().map(|outcome| (outcome.name.as_str(), outcome.passed)).collect();
        assert_eq!(told, [("greets", false), ("names the request", true)]);
        assert_eq!(failed.to_string(), "canary of a needs its tests to pass on version 2, and 1 of 2 fails");

        manager.delete_test(&reference("a"), "default", "greets", &stamp()).unwrap();
        move_canary(&manager, 2).unwrap();
        // The tests are those of the template, whichever version: the first does not pass them.
        assert!(matches!(refusal(db, &manager, 1).failures.as_slice(), [GateFailure::Tests(_)]));
    }

    fn a_test_that_does_not_render_fails(db: &TestDatabase) {
        let manager = labelled(db);
        update(&manager, "a", "for {{team}}");
        store_test(&manager, "renders", Assertion::Renders);
        gate(&manager, "canary", needs_tests);
        let failed = refusal(db, &manager, 2);
        let [GateFailure::Tests(outcomes)] = failed.failures.as_slice() else { panic!("{failed:?}") };
        assert!(!outcomes[0].passed && outcomes[0].detail.contains("team"), "{outcomes:?}");
    }

    fn a_new_variable_is_refused(db: &TestDatabase) {
        let manager = labelled(db);
        update(&manager, "a", "{{team}} and {{words}}");
        let with_default =
            "---\ninput:\n  schema:\n    words: integer\n  default:\n    words: 3\n---\n{{words}} words";
        update(&manager, "a", with_default);
        update(&manager, "a", "{{feature_request}} {{project}} {{session_id}}");
        gate(&manager, "canary", needs_known_variables);
        let new = refusal(db, &manager, 2);
        assert_eq!(new.failures, [GateFailure::NewVariables(vec!["team".to_owned(), "words".to_owned()])]);
        // What has a default, and what every session gives, is no new one.
        move_canary(&manager, 3).unwrap();
        move_canary(&manager, 4).unwrap();
        move_canary(&manager, 1).unwrap();
        // What the labelled version asks for may be asked for again.
        gate(&manager, "canary", |_| LabelPolicy::default());
        move_canary(&manager, 2).unwrap();
        gate(&manager, "canary", needs_known_variables);
        update(&manager, "a", "{{words}} alone");
        move_canary(&manager, 5).unwrap();
        assert!(matches!(refusal(db, &manager, 2).failures.as_slice(), [GateFailure::NewVariables(new)] if *new == ["team"]));
        // Nobody calls what no label names; but the label does not come off while it is what is measured by.
        let remove = || manager.remove_label(&label("canary"), &reference("a"), "default", &stamp());
        assert!(matches!(remove(), Err(Error::Refused(Refusal::Gates(_)))));
        gate(&manager, "canary", |_| LabelPolicy::default());
        remove().unwrap();
        gate(&manager, "canary", needs_known_variables);
        move_canary(&manager, 2).unwrap();
    }

    fn all_that_stands_in_the_way_is_told(db: &TestDatabase) {
        let manager = labelled(db);
        update(&manager, "a", "{{team}}");
        gate(&manager, "canary", |_| LabelPolicy {
            is_protected: true,
            needs_tests: true,
            needs_known_variables: true,
        });
        let refused = refusal(db, &manager, 2);
        let new = GateFailure::NewVariables(vec!["team".to_owned()]);
        assert_eq!(refused.failures, [GateFailure::Protected, GateFailure::NoTests, new]);
        assert_eq!((refused.project.as_str(), refused.version), ("default", 2));
    }

    fn an_update_that_is_held_back_is_a_draft(db: &TestDatabase) {
        let manager = labelled(db);
        gate(&manager, "production", needs_tests);
        let held = update(&manager, "a", "Hello");
        assert_eq!((held.version.number, held.unchanged), (2, false));
        assert_eq!(held.held_back[0].failures, [GateFailure::NoTests]);
        assert_eq!((held.prompt.production(), held.prompt.latest), (Some(1), 2));

        let before = db.dump();
        let again = update(&manager, "a", "Hello");
        assert_eq!((again.version.number, again.unchanged), (2, true));
        assert_eq!(again.held_back[0].failures, [GateFailure::NoTests]);
        assert_eq!(db.dump(), before, "the same text again changes nothing");

        store_test(&manager, "greets", Assertion::Contains("Hello".to_owned()));
        let opened = update(&manager, "a", "Hello");
        assert_eq!((opened.version.number, opened.unchanged), (2, true));
        assert_eq!((opened.production_before, opened.prompt.production()), (Some(1), Some(2)));
        assert!(opened.held_back.is_empty());
        assert_eq!(opened.prompt.latest, 2);
    }

    fn a_rollback_passes_the_same_gate(db: &TestDatabase) {
        let manager = labelled(db);
        update(&manager, "a", "Hello");
        store_test(&manager, "greets", Assertion::Contains("Hello".to_owned()));
        gate(&manager, "production", needs_tests);
        let back = manager
            .rollback(&reference("a@1"), "default", prompt_manager::Audience::Production, &stamp())
            .unwrap();
        assert!(matches!(back.held_back[0].failures.as_slice(), [GateFailure::Tests(_)]));
        assert_eq!((back.version.number, back.prompt.production()), (3, Some(2)));
    }

    fn a_prompt_of_plain_text_has_nothing_to_test(db: &TestDatabase) {
        let manager = manager(db);
        let new = prompt_manager::NewPlainPrompt {
            name: "a",
            project: "default",
            category: None,
            description: None,
            is_template: false,
            content: content("one {{"),
        };
        manager.add_prompt(&new, &stamp()).unwrap();
        let gated = manager.set_label_policy(
            &Label::production(),
            &reference("a"),
            "default",
            needs_tests,
            &stamp(),
        );
        assert!(matches!(gated, Err(Error::Refused(Refusal::PlainText { .. }))));
        let two = content("two {{");
        let updated = manager.update(&reference("a"), "default", Publication::Any, &two, &stamp()).unwrap();
        assert_eq!((updated.prompt.production(), updated.held_back.len()), (Some(2), 0));
        let test = TemplateTest {
            name: "x".to_owned(),
            variables: serde_json::Map::new(),
            assertions: Vec::new(),
        };
        let refused = manager.store_tests(&reference("a"), "default", &[test], &stamp());
        assert!(matches!(refused, Err(Error::Refused(Refusal::PlainText { .. }))));
        let named = manager.set_label(&Label::production(), &[reference("a@1")], "default", &stamp()).unwrap();
        assert_eq!((named[0].from, named[0].to), (Some(2), 1));
    }
}
