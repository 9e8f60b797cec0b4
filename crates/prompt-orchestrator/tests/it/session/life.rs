//! A session from its plan to its end.

use std::sync::atomic::Ordering;

use prompt_manager::model::SessionState;
use prompt_manager::model::db::SessionFilter;
use prompt_manager::{Content, Publication, Reference};
use prompt_orchestrator::session::Error;
use prompt_orchestrator::{Orchestrator, Step};
use test_support::{TestDatabase, backends};

use super::{ANSWER, manager, plan, stamp, take};

backends! {
    fn every_text_is_kept_and_every_prompt_comes_out_again(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let planned = plan(orchestrator, "a waiting list <b>&</b> {{braces}}\r\n");
        let id = &planned.session_id;
        assert!(planned.prompt.contains("a waiting list <b>&</b> {{braces}}\r\n"));
        for step in Step::LIFE {
            take(orchestrator, id, step).unwrap();
            assert_eq!(orchestrator.session(id).unwrap().summary.state, step.leads_to());
            let verification = orchestrator.verify(id).unwrap();
            assert!(verification.is_valid(), "{step}: {verification:?}");
        }
        let record = orchestrator.session(id).unwrap();
        let texts = &record.texts;
        let found = prompt_orchestrator::extract(ANSWER);
        assert_eq!(texts.rendered_orchestrator.as_ref(), Some(&planned.prompt));
        assert_eq!(texts.analysis_template, found.analysis_template);
        assert_eq!(texts.analysis_template.as_deref(), Some("1. Find  \u{1f44d}\n\n```sh\nls {{not a tag}}\n```"));
        assert_eq!(texts.implementation_template.as_deref(), Some("Add <it> & \"test\""));
        assert_eq!(texts.analysis_results.as_deref(), Some("found\r\n  it  "));
        assert_eq!(texts.implementation_output.as_deref(), Some("done\n\n"));
        assert!(texts.rendered_analysis.as_ref().unwrap().contains("ls {{not a tag}}"));
        assert!(texts.rendered_implementation.as_ref().unwrap().contains("found\r\n  it  "));
        assert_eq!((record.complexity.as_deref(), record.time_estimate.as_deref()), (Some("High"), Some("2-3 days")));
        assert_eq!(record.phases.len(), 3);
        assert!(record.phases.iter().all(|phase| phase.attempts == 1 && phase.finished_at.is_some()));
        assert_eq!(orchestrator.verify(id).unwrap().phases.len(), 3);
    }

    fn a_prompt_is_printed_again_as_it_was(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let id = plan(orchestrator, "again").session_id;
        take(orchestrator, &id, Step::Process).unwrap();
        let first = orchestrator.analyze(&id, &stamp(2)).unwrap();
        let content = Content::new("other");
        let reference = Reference::production("prompt-tool/analysis");
        manager.update(&reference, "__global__", Publication::Template, &content, &stamp(3)).unwrap();
        assert_eq!(orchestrator.analyze(&id, &stamp(4)).unwrap(), first);
        assert!(orchestrator.verify(&id).unwrap().is_valid());
    }

    fn an_answer_may_be_replaced_until_it_is_used(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let id = plan(orchestrator, "replace").session_id;
        take(orchestrator, &id, Step::Process).unwrap();
        let second = ANSWER.replace("1. Find", "2. Look for");
        orchestrator.process(&id, &second, &stamp(9)).unwrap();
        let record = orchestrator.session(&id).unwrap();
        assert!(record.texts.analysis_template.unwrap().starts_with("2. Look for"));
        assert_eq!(record.phases[0].attempts, 2);
    }

    fn of_two_that_race_one_wins(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let id = plan(orchestrator, "race").session_id;
        for step in [Step::Process, Step::Analyze] {
            take(orchestrator, &id, step).unwrap();
        }
        let results: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..4)
                .map(|racer| {
                    let id = &id;
                    scope.spawn(move || orchestrator.save_analysis(id, &format!("by {racer}"), &stamp(3)))
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let winner = results.iter().position(Result::is_ok).unwrap();
        let losers = results.iter().filter(|r| matches!(r, Err(Error::WrongState { .. }))).count();
        assert_eq!(losers, 3);
        let stored = orchestrator.session(&id).unwrap();
        assert_eq!(stored.texts.analysis_results, Some(format!("by {winner}")));
        assert_eq!(stored.summary.state, SessionState::AnalysisComplete);
    }

    fn a_list_costs_the_same_however_long(db: &TestDatabase) {
        let (manager, count) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let cost = |expected: usize| {
            let before = count.load(Ordering::Relaxed);
            let sessions = orchestrator.list(&SessionFilter::default()).unwrap();
            assert_eq!(sessions.len(), expected);
            assert!(sessions.iter().all(|session| session.pins.len() == 3));
            count.load(Ordering::Relaxed) - before
        };
        plan(orchestrator, "first");
        let of_one = cost(1);
        for n in 0..15 {
            plan(orchestrator, &format!("feature {n}"));
        }
        assert_eq!((of_one, cost(16)), (2, 2));
    }
}
