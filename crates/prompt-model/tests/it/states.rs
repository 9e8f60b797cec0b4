//! The states of a session, and how the predecessor's status maps to them.

use prompt_model::SessionState;
use prompt_model::session_state::LegacyTexts;

#[test]
fn nothing_leads_out_of_a_final_state() {
    for state in SessionState::ALL {
        let leaves = SessionState::ALL.into_iter().any(|next| state.may_become(next));
        assert_eq!(leaves, !state.is_final(), "{state}");
    }
}

#[test]
fn every_state_is_read_as_it_is_written() {
    for state in SessionState::ALL {
        assert_eq!(state.as_str().parse::<SessionState>().unwrap(), state);
    }
    assert!("planning".parse::<SessionState>().is_err());
}

#[test]
fn the_status_of_the_predecessor_and_its_texts_give_a_state() {
    let none = LegacyTexts::default();
    let templates = LegacyTexts { has_templates: true, ..none };
    let results = LegacyTexts { has_templates: true, has_analysis_results: true };
    for (status, texts, state) in [
        (Some("planning"), none, SessionState::Planned),
        (Some("analysis"), templates, SessionState::Analyzing),
        (Some("analysis"), results, SessionState::AnalysisComplete),
        (Some("implementation"), results, SessionState::Implementing),
        (Some("completed"), results, SessionState::Complete),
        (Some("templates_ready"), templates, SessionState::TemplatesReady),
        (None, none, SessionState::Planned),
        (None, templates, SessionState::TemplatesReady),
        (Some("archived"), results, SessionState::AnalysisComplete),
    ] {
        assert_eq!(SessionState::from_legacy(status, texts), state, "{status:?}");
    }
}

#[test]
fn a_status_that_we_write_is_read_back_as_a_state_of_the_same_phase() {
    for state in SessionState::ALL {
        let Some(status) = state.legacy_status() else { continue };
        let texts = LegacyTexts {
            has_templates: state > SessionState::Planned,
            has_analysis_results: state >= SessionState::AnalysisComplete,
        };
        let read = SessionState::from_legacy(Some(status), texts);
        assert_eq!(read.legacy_status(), Some(status), "{state}");
    }
}
