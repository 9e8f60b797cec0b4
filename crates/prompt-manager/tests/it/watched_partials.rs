//! A gate holds for what its template includes, too.

use prompt_manager::model::{Label, LabelPolicy};
use prompt_manager::{
    Assertion, Error, GateFailure, GateRefusal, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager,
    Publication, Published, Reference, Refusal, TemplateTest,
};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, content, manager, partial, stamp};

/// A template that includes `style`, and whose production needs its test to pass and asks for nothing new.
fn gated(manager: &OrchestrationTemplateManager) {
    partial(manager, "default", "style", "Be brief.");
    let new = NewTemplate {
        name: "plan",
        template_type: ANALYSIS,
        project: "default",
        feature_type: None,
        description: None,
        content: content("{{feature_request}} {{> style}}"),
    };
    manager.add(&new, &stamp()).unwrap();
    let test = TemplateTest {
        name: "brief".to_owned(),
        variables: serde_json::Map::new(),
        assertions: vec![Assertion::Contains("brief".to_owned())],
    };
    let plan = Reference::production("plan");
    manager.store_tests(&plan, "default", &[test], &stamp()).unwrap();
    let gate = |policy| LabelPolicy { needs_tests: true, needs_known_variables: true, ..policy };
    manager.set_label_policy(&Label::production(), &plan, "default", gate, &stamp()).unwrap();
}

fn update(manager: &OrchestrationTemplateManager, name: &str, text: &str) -> Published {
    let reference = Reference::production(name);
    manager.update(&reference, "default", Publication::Any, &content(text), &stamp()).unwrap()
}

fn set(manager: &OrchestrationTemplateManager, references: &[&str]) -> Result<(), Vec<GateRefusal>> {
    let references: Vec<Reference> = references.iter().map(|text| text.parse().unwrap()).collect();
    match manager.set_label(&Label::production(), &references, "default", &stamp()) {
        Ok(_) => Ok(()),
        Err(Error::Refused(Refusal::Gates(refusals))) => Err(refusals),
        Err(other) => panic!("{other}"),
    }
}

backends! {
    fn a_partial_is_held_back_where_it_breaks_the_tests_of_a_template(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let published = update(&manager, "style", "Be thorough.");
        assert_eq!((published.version.number, published.prompt.production()), (2, Some(1)));
        let [held] = published.held_back.as_slice() else { panic!("{:?}", published.held_back) };
        assert_eq!((held.name.as_str(), held.version), ("plan", 1));
        assert!(matches!(held.failures.as_slice(), [GateFailure::Tests(outcomes)] if !outcomes[0].passed));
        let refused = set(&manager, &["style@2"]).unwrap_err();
        assert_eq!(refused, published.held_back);
        let style = manager.get(&Reference::production("style"), "default").unwrap();
        assert_eq!(style.version.content, "Be brief.");
    }

    fn a_partial_may_not_ask_for_more(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let published = update(&manager, "style", "Be brief, {{team}}.");
        let failures: Vec<&GateFailure> = published.held_back.iter().flat_map(|held| &held.failures).collect();
        assert!(matches!(failures.as_slice(), [GateFailure::Tests(_), GateFailure::NewVariables(names)] if names == &["team"]));
    }

    fn a_partial_that_is_needed_keeps_its_label(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let style = Reference::production("style");
        let removed = manager.remove_label(&Label::production(), &style, "default", &stamp());
        let Err(Error::Refused(Refusal::Gates(refusals))) = removed else { panic!("{removed:?}") };
        assert!(matches!(refusals[0].failures.as_slice(), [GateFailure::Unusable(_)]));
        assert_eq!(manager.get(&style, "default").unwrap().version.header.number, 1);
    }

    fn a_template_that_is_broken_already_blocks_nobody(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let plan = Reference::production("plan");
        let style = Reference::production("style");
        let open = |_| LabelPolicy::default();
        manager.set_label_policy(&Label::production(), &plan, "default", open, &stamp()).unwrap();
        manager.remove_label(&Label::production(), &style, "default", &stamp()).unwrap();
        let gate = |policy| LabelPolicy { needs_tests: true, ..policy };
        manager.set_label_policy(&Label::production(), &plan, "default", gate, &stamp()).unwrap();
        partial(&manager, "default", "other", "one");
        assert_eq!(update(&manager, "other", "two").prompt.production(), Some(2));
        set(&manager, &["style@1"]).unwrap();
        assert!(!update(&manager, "style", "Be thorough.").held_back.is_empty(), "the gate is there again");
    }

    fn a_draft_does_not_slip_under_a_gate_as_the_newest(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let latest = update(&manager, "plan", "{{feature_request}} {{> style@latest}}");
        assert_eq!(latest.prompt.production(), Some(2));
        let draft = prompt_manager::Content {
            audience: prompt_manager::Audience::Draft,
            ..content("Be thorough.")
        };
        let style = Reference::production("style");
        for content in [draft, content("Be thorough.")] {
            let refused = manager.update(&style, "default", Publication::Any, &content, &stamp());
            assert!(matches!(refused, Err(Error::Refused(Refusal::Gates(_)))), "{refused:?}");
        }
        assert_eq!(manager.get(&style, "default").unwrap().prompt.latest, 1);
    }

    fn a_removed_template_is_watched_as_well(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let plan = Reference::production("plan");
        manager.remove(&plan, "default", &stamp()).unwrap();
        assert!(!update(&manager, "style", "Be thorough.").held_back.is_empty());
        manager.restore(&plan, "default", &stamp()).unwrap();
        assert!(manager.run_tests(&plan, "default").unwrap().outcomes[0].passed);
    }

    fn what_new_variables_are_measured_by_stays(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let plan = Reference::production("plan");
        let removed = manager.remove_label(&Label::production(), &plan, "default", &stamp());
        let Err(Error::Refused(Refusal::Gates(refusals))) = removed else { panic!("{removed:?}") };
        assert_eq!(refusals[0].failures, [GateFailure::MeasuresVariables]);
    }

    fn a_protected_template_is_not_removed(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        let plan = Reference::production("plan");
        let protect = |policy| LabelPolicy { is_protected: true, ..policy };
        manager.set_label_policy(&Label::production(), &plan, "default", protect, &stamp()).unwrap();
        let before = db.dump();
        let removed = manager.remove(&plan, "default", &stamp());
        assert!(matches!(removed, Err(Error::Refused(Refusal::Gates(_)))), "{removed:?}");
        assert_eq!(db.dump(), before);
    }

    fn what_is_held_back_is_nowhere_current(db: &TestDatabase) {
        let manager = manager(db);
        let new = NewPlainPrompt {
            name: "tone",
            project: "default",
            category: None,
            description: None,
            is_template: true,
            content: prompt_manager::Content {
                audience: prompt_manager::Audience::Draft,
                ..content("Be kind.")
            },
        };
        manager.add_prompt(&new, &stamp()).unwrap();
        let tone = Reference::production("tone");
        let gate = |policy| LabelPolicy { needs_tests: true, ..policy };
        manager.set_label_policy(&Label::production(), &tone, "default", gate, &stamp()).unwrap();
        let held = update(&manager, "tone", "Be stern.");
        assert_eq!((held.prompt.production(), held.held_back.len()), (None, 1));
        let said = |text: &str| {
            let filter = prompt_manager::model::db::PromptFilter {
                text: Some(text.to_owned()),
                ..Default::default()
            };
            manager.list(&filter).unwrap().items.len()
        };
        assert_eq!((said("be KIND"), said("stern")), (1, 0));
    }

    fn what_moves_together_is_judged_together(db: &TestDatabase) {
        let manager = manager(db);
        gated(&manager);
        assert!(!update(&manager, "style", "Be thorough.").held_back.is_empty());
        let alone = update(&manager, "plan", "{{feature_request}} {{> style}} But brief.");
        assert!(alone.held_back.is_empty(), "with the old partial it passes");
        set(&manager, &["plan@1"]).unwrap();
        set(&manager, &["style@2"]).unwrap_err();
        set(&manager, &["style@2", "plan@2"]).unwrap();
        let run = manager.run_tests(&Reference::production("plan"), "default").unwrap();
        assert!(run.outcomes.iter().all(|outcome| outcome.passed));
        assert!(run.template.source().contains("But brief."));
    }

    fn a_draft_of_a_project_hides_no_global_partial(db: &TestDatabase) {
        let manager = manager(db);
        partial(&manager, "__global__", "tone", "Be kind.");
        let new = NewPlainPrompt {
            name: "tone",
            project: "default",
            category: None,
            description: None,
            is_template: true,
            content: prompt_manager::Content { audience: prompt_manager::Audience::Draft, ..content("Be stern.") },
        };
        manager.add_prompt(&new, &stamp()).unwrap();
        let template = NewTemplate {
            name: "plan",
            template_type: ANALYSIS,
            project: "default",
            feature_type: None,
            description: None,
            content: content("{{> tone}}"),
        };
        let added = manager.add(&template, &stamp()).unwrap();
        let loaded = manager.load(added.version.id, "plan", "default").unwrap();
        let rendered = loaded.template.render(&serde_json::json!({}), &prompt_manager::template::RenderOptions::default()).unwrap();
        assert_eq!(rendered, "Be kind.");
    }
}
