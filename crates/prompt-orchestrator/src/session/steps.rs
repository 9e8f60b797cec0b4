//! The steps of a session, each one transaction with the state checked in it.

use prompt_manager::model::db::{PhaseChange, Queries, SessionChange};
use prompt_manager::model::{
    OrchestrationTemplateType, Pin, SessionRecord, SessionRowId, SessionState, Stamp, TextRule,
};
use prompt_manager::{Loaded, ResolveRequest};

use super::read::{find, load};
use super::render::Given;
use super::{Error, Orchestrator, Result};
use crate::extract::{self, Extraction};
use crate::step::Step;

/// A session after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stepped {
    /// Its id, whole.
    pub session_id: String,
    /// Its state now.
    pub status: SessionState,
    /// The prompt that the step rendered.
    pub prompt: Option<String>,
}

/// A session after its first answer was processed.
#[derive(Debug, Clone)]
pub struct Processed {
    /// The session.
    pub session: Stepped,
    /// What was found in the answer.
    pub extraction: Extraction,
}

impl Orchestrator<'_> {
    /// Cuts the answer to the orchestrator prompt into its sections and stores them. Repeated, it replaces
    /// them.
    ///
    /// # Errors
    /// [`Error::MissingSections`] where a section is not there or empty; nothing is changed then.
    pub fn process(&self, id: &str, answer: &str, stamp: &Stamp) -> Result<Processed> {
        check_answer(answer)?;
        let mut extraction = extract::extract(answer);
        if !extraction.is_complete() {
            let record = self.session(id)?;
            refuse_wrong_state(&record, Step::Process)?;
            refuse_prompt(&record, OrchestrationTemplateType::Orchestrator, answer)?;
            let missing = extraction.missing.clone();
            return Err(Error::MissingSections { missing, extraction: Box::new(extraction) });
        }
        let complexity = storable(extraction.complexity.clone(), TextRule::COMPLEXITY, &mut extraction);
        let time = extraction.time_estimate.as_ref().map(legacy_time);
        let time = storable(time, TextRule::TIME_ESTIMATE, &mut extraction);
        let change = SessionChange {
            analysis_template: extraction.analysis_template.as_deref(),
            implementation_template: extraction.implementation_template.as_deref(),
            execution_notes: extraction.execution_notes.as_deref(),
            complexity: Some(complexity.as_deref()),
            time_estimate: Some(time.as_deref()),
            ..SessionChange::default()
        };
        let session = self.step(id, Step::Process, stamp, |q, record| {
            q.update_session(record.summary.row, SessionState::TemplatesReady, &change, stamp)?;
            answered(q, record, OrchestrationTemplateType::Orchestrator, stamp)?;
            Ok(None)
        })?;
        Ok(Processed { session, extraction })
    }

    /// Renders the analysis prompt, or, once it is rendered, returns the same again.
    pub fn analyze(&self, id: &str, stamp: &Stamp) -> Result<Stepped> {
        self.render_step(id, Step::Analyze, OrchestrationTemplateType::Analysis, stamp)
    }

    /// Stores the answer to the analysis prompt.
    pub fn save_analysis(&self, id: &str, answer: &str, stamp: &Stamp) -> Result<Stepped> {
        check_answer(answer)?;
        let phase = OrchestrationTemplateType::Analysis;
        self.step(id, Step::SaveAnalysis, stamp, |q, record| {
            refuse_prompt(record, phase, answer)?;
            let change = SessionChange { analysis_results: Some(answer), ..SessionChange::default() };
            q.update_session(record.summary.row, SessionState::AnalysisComplete, &change, stamp)?;
            answered(q, record, phase, stamp)?;
            Ok(None)
        })
    }

    /// Renders the implementation prompt, or, once it is rendered, returns the same again.
    pub fn implement(&self, id: &str, stamp: &Stamp) -> Result<Stepped> {
        self.render_step(id, Step::Implement, OrchestrationTemplateType::Implementation, stamp)
    }

    /// Stores the answer to the implementation prompt. The session is complete.
    pub fn complete(&self, id: &str, answer: &str, stamp: &Stamp) -> Result<Stepped> {
        check_answer(answer)?;
        let phase = OrchestrationTemplateType::Implementation;
        self.step(id, Step::Complete, stamp, |q, record| {
            refuse_prompt(record, phase, answer)?;
            let row = record.summary.row;
            q.update_session(row, SessionState::Complete, &SessionChange::default(), stamp)?;
            q.set_implementation_output(row, answer)?;
            answered(q, record, phase, stamp)?;
            Ok(None)
        })
    }

    /// Gives a session up. What it holds stays.
    pub fn cancel(&self, id: &str, stamp: &Stamp) -> Result<Stepped> {
        self.step(id, Step::Cancel, stamp, |q, record| {
            let change = SessionChange::default();
            q.update_session(record.summary.row, SessionState::Cancelled, &change, stamp)?;
            Ok(None)
        })
    }

    fn render_step(
        self,
        id: &str,
        step: Step,
        phase: OrchestrationTemplateType,
        stamp: &Stamp,
    ) -> Result<Stepped> {
        self.step(id, step, stamp, |q, record| {
            let rendered_before = match phase {
                OrchestrationTemplateType::Analysis => &record.texts.rendered_analysis,
                _ => &record.texts.rendered_implementation,
            };
            if let Some(prompt) = rendered_before.as_ref().filter(|_| record.summary.state == step.leads_to())
            {
                return Ok(Some(prompt.clone()));
            }
            let loaded = self.load_for(q, record, phase)?;
            let prompt = Given::of(record).render(phase, &loaded.template, &record.texts)?;
            let mut change = SessionChange::default();
            match phase {
                OrchestrationTemplateType::Analysis => change.rendered_analysis = Some(&prompt),
                _ => change.rendered_implementation = Some(&prompt),
            }
            q.update_session(record.summary.row, step.leads_to(), &change, stamp)?;
            q.record_phase(record.summary.row, phase, PhaseChange::Started, stamp)?;
            Ok(Some(prompt))
        })
    }

    /// What the session pinned. A session of the predecessor pinned nothing: its template is resolved now,
    /// and pinned.
    fn load_for(
        self,
        q: &mut Queries<'_>,
        record: &SessionRecord,
        phase: OrchestrationTemplateType,
    ) -> Result<Loaded> {
        if let Some(pin) = pinned(record, phase) {
            return Ok(self.manager.load_pinned(q, pin.version_id, &pin.name, &record.partials)?);
        }
        let project = Given::of(record).project;
        let request = ResolveRequest {
            template_type: phase,
            project,
            feature_type: record.summary.feature_type.as_ref(),
            explicit: None,
        };
        let resolution = self.manager.explain_in(q, &request)?;
        let chosen = resolution.chosen()?;
        let resolved = self.manager.load_in(q, chosen.version_id, &chosen.name, project)?;
        // An earlier phase may have pinned some of the partials: the whole session keeps to them.
        let mut partials = record.partials.clone();
        for partial in resolved.partials {
            if !partials.iter().any(|pinned| pinned.reference == partial.reference) {
                partials.push(partial);
            }
        }
        let loaded = self.manager.load_pinned(q, chosen.version_id, &chosen.name, &partials)?;
        let pin = super::plan::pin(phase, chosen, &loaded, serde_json::json!(resolution.candidates));
        q.insert_pins(record.summary.row, &[pin], &partials)?;
        Ok(loaded)
    }

    fn step(
        self,
        id: &str,
        step: Step,
        stamp: &Stamp,
        body: impl FnOnce(&mut Queries<'_>, &SessionRecord) -> Result<Option<String>>,
    ) -> Result<Stepped> {
        TextRule::ACTOR.apply_name(&stamp.actor)?;
        self.manager.database().write(|q| {
            let row: SessionRowId = find(q, id)?;
            q.lock_session(row)?;
            let record = load(q, row, id)?;
            refuse_wrong_state(&record, step)?;
            let prompt = body(q, &record)?;
            Ok(Stepped { session_id: record.summary.session_id, status: step.leads_to(), prompt })
        })
    }
}

pub(super) fn pinned(record: &SessionRecord, phase: OrchestrationTemplateType) -> Option<&Pin> {
    record.summary.pins.iter().find(|pin| pin.template_type == phase)
}

fn refuse_wrong_state(record: &SessionRecord, step: Step) -> Result<()> {
    let state = record.summary.state;
    if step.is_allowed_in(state) {
        return Ok(());
    }
    Err(Error::WrongState {
        session_id: record.summary.session_id.clone(),
        state,
        step,
        next: Step::next_in(state),
    })
}

/// A prompt that comes back as its own answer is a slip of the clipboard.
fn refuse_prompt(record: &SessionRecord, prompt: OrchestrationTemplateType, answer: &str) -> Result<()> {
    let sent = match prompt {
        OrchestrationTemplateType::Orchestrator => &record.texts.rendered_orchestrator,
        OrchestrationTemplateType::Analysis => &record.texts.rendered_analysis,
        OrchestrationTemplateType::Implementation => &record.texts.rendered_implementation,
    };
    if sent.as_deref().is_some_and(|sent| sent.trim() == answer.trim()) {
        return Err(Error::PromptPastedBack { prompt });
    }
    Ok(())
}

fn check_answer(answer: &str) -> Result<()> {
    if answer.trim().is_empty() {
        return Err(Error::Empty { what: "answer" });
    }
    Ok(TextRule::ANSWER.apply(answer)?)
}

fn answered(
    q: &mut Queries<'_>,
    record: &SessionRecord,
    phase: OrchestrationTemplateType,
    stamp: &Stamp,
) -> Result<()> {
    Ok(q.record_phase(record.summary.row, phase, PhaseChange::Answered, stamp)?)
}

/// A value that its column cannot hold is not stored, and the answer is not refused for it.
fn storable(value: Option<String>, rule: TextRule, extraction: &mut Extraction) -> Option<String> {
    let value = value?;
    match rule.apply(&value) {
        Ok(()) => Some(value),
        Err(error) => {
            extraction.warnings.push(format!("not stored: {error}"));
            None
        }
    }
}

/// The predecessor stores hours as `16-20` or `8`, without their unit.
fn legacy_time(time: &extract::TimeEstimate) -> String {
    let range =
        if time.min == time.max { time.min.to_string() } else { format!("{}-{}", time.min, time.max) };
    let in_hours = matches!(time.unit.to_lowercase().as_str(), "hours" | "hour" | "hrs" | "hr" | "h");
    if in_hours { range } else { format!("{range} {}", time.unit) }
}
