//! What a session refuses, and that nothing of it changes then.

use prompt_manager::model::SessionState;
use prompt_orchestrator::session::Error;
use prompt_orchestrator::{Orchestrator, Step};
use test_support::{TestDatabase, backends};

use super::{ANSWER, manager, plan, stamp, take};

const STEPS: [Step; 6] =
    [Step::Process, Step::Analyze, Step::SaveAnalysis, Step::Implement, Step::Complete, Step::Cancel];

backends! {
    fn each_step_is_allowed_where_section_5_says(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        for reached in 0..=Step::LIFE.len() {
            for step in STEPS {
                let id = plan(orchestrator, &format!("{reached} {step}")).session_id;
                for earlier in &Step::LIFE[..reached] {
                    take(orchestrator, &id, *earlier).unwrap();
                }
                let before = orchestrator.session(&id).unwrap();
                let state = before.summary.state;
                let result = take(orchestrator, &id, step);
                if step.is_allowed_in(state) {
                    result.unwrap();
                    continue;
                }
                let Err(Error::WrongState { next, .. }) = result else { panic!("{step} in {state}: {result:?}") };
                assert_eq!(next, Step::next_in(state));
                assert_eq!(orchestrator.session(&id).unwrap(), before, "{step} in {state}");
            }
        }
    }

    fn an_answer_without_a_section_changes_nothing(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let planned = plan(orchestrator, "x");
        let before = orchestrator.session(&planned.session_id).unwrap();
        let process = |answer: &str| orchestrator.process(&planned.session_id, answer, &stamp(1)).unwrap_err();
        let cut = &ANSWER[..ANSWER.find("### 3.").unwrap()];
        assert!(matches!(process(cut), Error::MissingSections { missing, .. } if missing.len() == 1));
        assert!(matches!(process("no sections"), Error::MissingSections { missing, .. } if missing.len() == 3));
        assert!(matches!(process(&planned.prompt), Error::PromptPastedBack { .. }));
        assert!(matches!(process("  \n"), Error::Empty { what: "answer" }));
        process(&ANSWER.replace("Find", "nul \0"));
        assert_eq!(orchestrator.session(&planned.session_id).unwrap(), before);
        assert_eq!(before.summary.state, SessionState::Planned);
    }

    fn a_prompt_is_no_answer_to_itself(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let id = plan(orchestrator, "x").session_id;
        take(orchestrator, &id, Step::Process).unwrap();
        let prompt = orchestrator.analyze(&id, &stamp(2)).unwrap().prompt.unwrap();
        let refused = orchestrator.save_analysis(&id, &format!("{prompt}\n"), &stamp(3));
        assert!(matches!(refused, Err(Error::PromptPastedBack { .. })));
    }

    fn a_session_is_named_by_the_beginning_of_its_id(db: &TestDatabase) {
        let (manager, _) = manager(db);
        let orchestrator = Orchestrator::new(&manager);
        let first = plan(orchestrator, "one").session_id;
        for n in 0..20 {
            plan(orchestrator, &format!("{n}"));
        }
        let short = orchestrator.short_id(&first).unwrap();
        assert!(short.len() >= 4 && short.len() < first.len());
        assert_eq!(orchestrator.session(&short).unwrap().summary.session_id, first);
        assert!(matches!(orchestrator.session("zzzz"), Err(Error::NoSession { .. })));
        assert!(matches!(orchestrator.session(""), Err(Error::NoSession { .. })));
        // 21 ids have 16 first digits.
        let ambiguous = (0..16).any(|digit| {
            matches!(orchestrator.session(&format!("{digit:x}")), Err(Error::AmbiguousSession { .. }))
        });
        assert!(ambiguous);
    }
}
