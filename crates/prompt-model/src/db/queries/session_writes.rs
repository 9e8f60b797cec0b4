//! Writing sessions. The predecessor's columns are filled as it fills them; what is ours stands beside.

#![allow(clippy::ref_option_ref, reason = "diesel's derive borrows the fields of a change")]

use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
};

use super::{Queries, exists_or};
use crate::db::schema::{
    orchestration_sessions, session_details, session_partials, session_phases, session_pins,
};
use crate::db::types::{Json, UtcTime};
use crate::{
    FeatureType, NewSession, OrchestrationTemplateType, PartialPin, Pin, Result, SessionRowId, SessionState,
    Stamp,
};

/// The texts and values that a step stores; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, AsChangeset)]
#[diesel(table_name = orchestration_sessions)]
pub struct SessionChange<'a> {
    /// A section of the first answer.
    pub analysis_template: Option<&'a str>,
    /// A section of the first answer.
    pub implementation_template: Option<&'a str>,
    /// A section of the first answer.
    pub execution_notes: Option<&'a str>,
    /// The answer to the analysis prompt.
    pub analysis_results: Option<&'a str>,
    /// The complexity that the first answer named; an inner `None` clears it.
    pub complexity: Option<Option<&'a str>>,
    /// The time that the first answer named; an inner `None` clears it.
    pub time_estimate: Option<Option<&'a str>>,
    /// The analysis prompt as it is given out.
    pub rendered_analysis: Option<&'a str>,
    /// The implementation prompt as it is given out.
    pub rendered_implementation: Option<&'a str>,
}

/// What a step does to the record of its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseChange {
    /// The prompt of the phase is given out; the first time counts.
    Started,
    /// An answer of the phase is stored.
    Answered,
}

impl Queries<'_> {
    /// Stores a planned session with its pins.
    pub fn insert_session(&mut self, new: &NewSession<'_>, stamp: &Stamp) -> Result<SessionRowId> {
        let pinned =
            |wanted| new.pins.iter().find(|pin| pin.template_type == wanted).map(|pin| pin.prompt_id.0);
        let status = SessionState::Planned.legacy_status();
        let id: i32 = diesel::insert_into(orchestration_sessions::table)
            .values((
                orchestration_sessions::session_id.eq(new.session_id),
                orchestration_sessions::project_id.eq(Some(new.project_id.0)),
                orchestration_sessions::feature_request.eq(new.feature_request),
                orchestration_sessions::status.eq(status),
                orchestration_sessions::orchestrator_template.eq(Some(new.rendered_orchestrator)),
                orchestration_sessions::rendered_orchestrator.eq(Some(new.rendered_orchestrator)),
                orchestration_sessions::orchestrator_prompt_id
                    .eq(pinned(OrchestrationTemplateType::Orchestrator)),
                orchestration_sessions::analysis_prompt_id.eq(pinned(OrchestrationTemplateType::Analysis)),
                orchestration_sessions::implementation_prompt_id
                    .eq(pinned(OrchestrationTemplateType::Implementation)),
                orchestration_sessions::created_at.eq(Some(UtcTime(stamp.at))),
                orchestration_sessions::updated_at.eq(Some(UtcTime(stamp.at))),
            ))
            .returning(orchestration_sessions::id)
            .get_result(self.connection)
            .map_err(|error| exists_or(error, "session", new.session_id))?;
        let variables = serde_json::to_string(new.variables).expect("a JSON object is JSON");
        diesel::insert_into(session_details::table)
            .values((
                session_details::orchestration_session_id.eq(id),
                session_details::state.eq(SessionState::Planned.as_str()),
                session_details::actor.eq(&stamp.actor),
                session_details::feature_type.eq(new.feature_type.map_or("", FeatureType::as_str)),
                session_details::feature_reason.eq(new.feature_reason),
                session_details::variables.eq(Json(variables)),
                session_details::nonce.eq(new.nonce),
                session_details::written_status.eq(status),
                session_details::written_at.eq(Some(UtcTime(stamp.at))),
            ))
            .execute(self.connection)?;
        self.insert_pins(SessionRowId(id), new.pins, new.partials)?;
        self.record_phase(
            SessionRowId(id),
            OrchestrationTemplateType::Orchestrator,
            PhaseChange::Started,
            stamp,
        )?;
        Ok(SessionRowId(id))
    }

    /// Stores pins; a partial that the session pins already stays as it is.
    pub fn insert_pins(
        &mut self,
        session: SessionRowId,
        pins: &[Pin],
        partials: &[PartialPin],
    ) -> Result<()> {
        for pin in pins {
            diesel::insert_into(session_pins::table)
                .values((
                    session_pins::orchestration_session_id.eq(session.0),
                    session_pins::template_type.eq(pin.template_type.as_str()),
                    session_pins::prompt_version_id.eq(pin.version_id.0),
                    session_pins::scope.eq(&pin.scope),
                    session_pins::closure_digest.eq(&pin.closure_digest),
                    session_pins::reasons.eq(Json(pin.reasons.to_string())),
                ))
                .execute(self.connection)?;
        }
        let pinned: Vec<String> = session_partials::table
            .filter(session_partials::orchestration_session_id.eq(session.0))
            .select(session_partials::reference)
            .load(self.connection)?;
        for partial in partials.iter().filter(|partial| !pinned.contains(&partial.reference)) {
            diesel::insert_into(session_partials::table)
                .values((
                    session_partials::orchestration_session_id.eq(session.0),
                    session_partials::reference.eq(&partial.reference),
                    session_partials::prompt_version_id.eq(partial.version_id.0),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// Stores what a step changes and moves the session to `state`. The caller holds
    /// [`lock_session`](Self::lock_session) and has seen that the step is allowed.
    pub fn update_session(
        &mut self,
        session: SessionRowId,
        state: SessionState,
        change: &SessionChange<'_>,
        stamp: &Stamp,
    ) -> Result<()> {
        let row = orchestration_sessions::table.filter(orchestration_sessions::id.eq(session.0));
        diesel::update(row)
            .set((change, orchestration_sessions::updated_at.eq(Some(UtcTime(stamp.at)))))
            .execute(self.connection)?;
        if let Some(status) = state.legacy_status() {
            diesel::update(row)
                .set(orchestration_sessions::status.eq(Some(status)))
                .execute(self.connection)?;
        }
        let status: Option<String> =
            row.select(orchestration_sessions::status).get_result(self.connection)?;
        self.write_state(session, state, status.as_deref(), stamp)
    }

    /// A session of the predecessor has no row of ours until we first write it.
    fn write_state(
        &mut self,
        session: SessionRowId,
        state: SessionState,
        status: Option<&str>,
        stamp: &Stamp,
    ) -> Result<()> {
        let written = (
            session_details::state.eq(state.as_str()),
            session_details::written_status.eq(status),
            session_details::written_at.eq(Some(UtcTime(stamp.at))),
        );
        let ours = session_details::table.filter(session_details::orchestration_session_id.eq(session.0));
        if diesel::update(ours).set(written).execute(self.connection)? == 0 {
            diesel::insert_into(session_details::table)
                .values((
                    written,
                    session_details::orchestration_session_id.eq(session.0),
                    session_details::actor.eq(&stamp.actor),
                    session_details::variables.eq(Json("{}".to_owned())),
                    session_details::nonce.eq(""),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// Stores the answer to the implementation prompt, for which the predecessor has no column. Call
    /// [`update_session`](Self::update_session) first.
    pub fn set_implementation_output(&mut self, session: SessionRowId, output: &str) -> Result<()> {
        diesel::update(
            session_details::table.filter(session_details::orchestration_session_id.eq(session.0)),
        )
        .set(session_details::implementation_output.eq(Some(output)))
        .execute(self.connection)?;
        Ok(())
    }

    /// Notes the times of a phase.
    pub fn record_phase(
        &mut self,
        session: SessionRowId,
        phase: OrchestrationTemplateType,
        change: PhaseChange,
        stamp: &Stamp,
    ) -> Result<()> {
        let at = UtcTime(stamp.at);
        let key = session_phases::orchestration_session_id
            .eq(session.0)
            .and(session_phases::phase.eq(phase.as_str()));
        let attempts: Option<i32> = session_phases::table
            .filter(key)
            .select(session_phases::attempts)
            .get_result(self.connection)
            .optional()?;
        let answered = change == PhaseChange::Answered;
        match attempts {
            None => {
                diesel::insert_into(session_phases::table)
                    .values((
                        session_phases::orchestration_session_id.eq(session.0),
                        session_phases::phase.eq(phase.as_str()),
                        session_phases::started_at.eq(at),
                        session_phases::finished_at.eq(answered.then_some(at)),
                        session_phases::attempts.eq(i32::from(answered)),
                    ))
                    .execute(self.connection)?;
            }
            Some(attempts) if answered => {
                diesel::update(session_phases::table.filter(key))
                    .set((
                        session_phases::finished_at.eq(Some(at)),
                        session_phases::attempts.eq(attempts + 1),
                    ))
                    .execute(self.connection)?;
            }
            Some(_) => {}
        }
        Ok(())
    }
}
