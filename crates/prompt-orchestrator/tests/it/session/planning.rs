//! Plans: what they pin, and what they refuse.

use prompt_manager::model::db::SessionFilter;
use prompt_manager::model::{OrchestrationTemplateType, Stamp};
use prompt_manager::{
    Content, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager, Publication, Reference,
};
use prompt_orchestrator::session::{Error, PlanRequest};
use prompt_orchestrator::{Orchestrator, Step};
use rand::SeedableRng;
use serde_json::json;
use test_support::{TestDatabase, backends};

use super::{manager, plan, request, stamp, take};

fn content(text: &str) -> Content<'_> {
    Content::new(text)
}

fn variables(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_value(value).unwrap()
}

fn add_orchestrator(manager: &OrchestrationTemplateManager, name: &str, text: &str) {
    let new = NewTemplate {
        name,
        template_type: OrchestrationTemplateType::Orchestrator,
        project: "default",
        feature_type: None,
        description: None,
        content: content(text),
    };
    manager.add(&new, &stamp(0)).unwrap();
}

backends! {
    fn a_session_keeps_what_it_pinned(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let partial = NewPlainPrompt {
            name: "style",
            project: "default",
            category: None,
            description: None,
            is_template: true,
            content: content("first style"),
        };
        manager.add_prompt(&partial, &stamp(0)).unwrap();
        add_orchestrator(&manager, "mine", "{{> style}}: {{feature_request}}");
        let orchestrator = Orchestrator::new(&manager);
        let planned = plan(orchestrator, "x");
        assert_eq!(planned.prompt, "first style: x");
        let reference = Reference::production("style");
        manager.update(&reference, "default", Publication::Any, &content("second"), &stamp(1)).unwrap();
        assert!(orchestrator.verify(&planned.session_id).unwrap().is_valid());
        assert_eq!(plan(orchestrator, "y").prompt, "second: y");
        let record = orchestrator.session(&planned.session_id).unwrap();
        assert_eq!(record.partials.len(), 1);
        let reasons = &record.summary.pins[0].reasons;
        assert_eq!(reasons[1]["reason"], json!("active, production"));
        assert_eq!(reasons[2]["reason"], json!("shadowed by mine (project)"));
    }

    fn every_missing_variable_is_named_before_anything_is_stored(db: &TestDatabase) {
        let (manager, _) = manager(db);
        add_orchestrator(&manager, "mine", "{{team}} {{#if tone}}x{{/if}} {{feature_request}}");
        let orchestrator = Orchestrator::new(&manager);
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let mut asked = request("x");
        let refused = orchestrator.plan(&asked, &stamp(0), &mut rng).unwrap_err();
        let Error::MissingVariables(missing) = &refused else { panic!("{refused:?}") };
        let names: Vec<&str> = missing.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["team", "tone"]);
        assert!(orchestrator.list(&SessionFilter::default()).unwrap().is_empty());
        asked.variables = variables(json!({ "team": "{{web}}", "tone": "", "spare": "1" }));
        let planned = orchestrator.plan(&asked, &stamp(0), &mut rng).unwrap();
        assert_eq!(planned.prompt, "{{web}}  x");
        assert_eq!(planned.unused_variables, ["spare"]);
        assert!(orchestrator.verify(&planned.session_id).unwrap().is_valid());
    }

    fn bad_requests_store_nothing(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let mut reserved = request("x");
        reserved.variables = variables(json!({ "project": "other" }));
        let nowhere = PlanRequest { project: "nowhere".to_owned(), ..request("x") };
        let mut other_type = request("x");
        other_type.templates =
            vec![(OrchestrationTemplateType::Analysis, Reference::production("prompt-tool/orchestrator"))];
        let huge = request(&"x".repeat(2 << 20));
        for bad in [request(""), request(" \n "), request("nul \0"), huge, reserved, nowhere, other_type] {
            orchestrator.plan(&bad, &stamp(0), &mut rng).unwrap_err();
        }
        let nobody = Stamp { actor: String::new(), ..stamp(0) };
        orchestrator.plan(&request("x"), &nobody, &mut rng).unwrap_err();
        assert!(orchestrator.list(&SessionFilter::default()).unwrap().is_empty());
    }

    fn a_dry_run_shows_the_plan_and_stores_nothing(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let dry = orchestrator.dry_plan(&request("x"), &mut rand::rngs::StdRng::seed_from_u64(1)).unwrap();
        assert!(orchestrator.list(&SessionFilter::default()).unwrap().is_empty());
        let planned =
            orchestrator.plan(&request("x"), &stamp(0), &mut rand::rngs::StdRng::seed_from_u64(1)).unwrap();
        assert_eq!(dry, planned);
    }

    fn a_removed_template_still_serves_the_sessions_that_pin_it(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let id = plan(orchestrator, "x").session_id;
        manager.remove(&Reference::production("prompt-tool/analysis"), "__global__", &stamp(1)).unwrap();
        take(orchestrator, &id, Step::Process).unwrap();
        take(orchestrator, &id, Step::Analyze).unwrap();
        assert!(orchestrator.verify(&id).unwrap().is_valid());
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        orchestrator.plan(&request("y"), &stamp(2), &mut rng).unwrap_err();
    }
}
