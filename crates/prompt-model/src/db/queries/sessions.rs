//! Reading sessions; rows of the predecessor without ours get their state from their status and texts.

use std::collections::HashMap;

use diesel::{
    EscapeExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension,
    QueryDsl, RunQueryDsl, TextExpressionMethods,
};

use super::{Queries, like_pattern, stored, stored_json};
use crate::db::connection::AnyConnection;
use crate::db::schema::{
    orchestration_sessions, projects, prompt_version_details, prompt_versions, prompts, session_details,
    session_partials, session_phases, session_pins,
};
use crate::db::types::{Json, UtcTime};
use crate::session_state::LegacyTexts;
use crate::{
    OrchestrationTemplateType, PartialPin, PhaseRecord, Pin, PromptId, Result, SessionRecord, SessionRowId,
    SessionState, SessionSummary, SessionTexts, VersionId,
};

/// Which sessions a list shows; what is left out does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// Only those of this project.
    pub project: Option<String>,
    /// Only those that rendered this prompt.
    pub rendered: Option<OrchestrationTemplateType>,
    /// Only those that are older than this one.
    pub before: Option<SessionRowId>,
    /// At most so many, the newest.
    pub limit: Option<i64>,
}

type SummaryRow = (
    (i32, String, Option<String>, String, Option<String>),
    (Option<UtcTime>, Option<UtcTime>),
    (Option<bool>, Option<bool>, Option<bool>),
    (Option<String>, Option<String>, Option<String>, Option<UtcTime>),
);

/// The joins of a session with its project and with what is ours of it.
macro_rules! session_rows {
    () => {
        orchestration_sessions::table
            .left_join(projects::table.on(orchestration_sessions::project_id.eq(projects::id.nullable())))
            .left_join(
                session_details::table
                    .on(session_details::orchestration_session_id.eq(orchestration_sessions::id)),
            )
    };
}

/// The columns of a [`SummaryRow`].
macro_rules! summary_columns {
    () => {
        (
            (
                orchestration_sessions::id,
                orchestration_sessions::session_id,
                orchestration_sessions::status,
                orchestration_sessions::feature_request,
                projects::name.nullable(),
            ),
            (orchestration_sessions::created_at, orchestration_sessions::updated_at),
            (
                orchestration_sessions::analysis_template.gt(""),
                orchestration_sessions::implementation_template.gt(""),
                orchestration_sessions::analysis_results.gt(""),
            ),
            (
                session_details::state.nullable(),
                session_details::feature_type.nullable(),
                session_details::written_status.nullable(),
                session_details::written_at.nullable(),
            ),
        )
    };
}

type TextRow = (
    (Option<String>, Option<String>, Option<String>, Option<String>),
    (Option<String>, Option<String>, Option<String>, Option<String>),
);
type DetailRow = (
    (Option<String>, Option<String>, Option<String>),
    (Option<String>, Option<Json>, Option<String>, Option<String>),
);

impl Queries<'_> {
    /// Waits until no other transaction works on this session.
    ///
    /// On SQLite the write transaction has waited already.
    pub fn lock_session(&mut self, session: SessionRowId) -> Result<()> {
        match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => _ = session,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(c) => {
                orchestration_sessions::table
                    .filter(orchestration_sessions::id.eq(session.0))
                    .select(orchestration_sessions::id)
                    .for_update()
                    .get_result::<i32>(c)?;
            }
        }
        Ok(())
    }

    /// The sessions that pass the filter with their templates, newest first. Two statements, however
    /// many there are.
    pub fn sessions(&mut self, filter: &SessionFilter) -> Result<Vec<SessionSummary>> {
        let mut query = session_rows!().select(summary_columns!()).into_boxed();
        if let Some(project) = &filter.project {
            query = query.filter(projects::name.eq(project));
        }
        match filter.rendered {
            Some(OrchestrationTemplateType::Orchestrator) => {
                query = query.filter(orchestration_sessions::rendered_orchestrator.is_not_null());
            }
            Some(OrchestrationTemplateType::Analysis) => {
                query = query.filter(orchestration_sessions::rendered_analysis.is_not_null());
            }
            Some(OrchestrationTemplateType::Implementation) => {
                query = query.filter(orchestration_sessions::rendered_implementation.is_not_null());
            }
            None => {}
        }
        if let Some(SessionRowId(before)) = filter.before {
            query = query.filter(orchestration_sessions::id.lt(before));
        }
        if let Some(limit) = filter.limit {
            query = query.limit(limit);
        }
        let rows = query.order(orchestration_sessions::id.desc()).load::<SummaryRow>(self.connection)?;
        let mut summaries = rows.into_iter().map(summary).collect::<Result<Vec<_>>>()?;
        let ids: Vec<i32> = summaries.iter().map(|s| s.row.0).collect();
        let mut pins = self.pins(&ids)?;
        for summary in &mut summaries {
            summary.pins = pins.remove(&summary.row).unwrap_or_default();
        }
        Ok(summaries)
    }

    /// The public ids that start with this text, at most three, and their rows.
    pub fn session_ids(&mut self, prefix: &str) -> Result<Vec<(SessionRowId, String)>> {
        let pattern = like_pattern("", prefix, "%");
        let rows = orchestration_sessions::table
            .filter(orchestration_sessions::session_id.like(pattern).escape('\\'))
            .order(orchestration_sessions::session_id)
            .select((orchestration_sessions::id, orchestration_sessions::session_id))
            .load::<(i32, String)>(self.connection)?;
        // LIKE ignores case on SQLite alone. A whole id is itself, though others start with it.
        let exact = rows.iter().find(|(_, id)| id == prefix).cloned();
        let matching = match exact {
            Some(row) => vec![row],
            None => rows.into_iter().filter(|(_, id)| id.starts_with(prefix)).take(3).collect(),
        };
        Ok(matching.into_iter().map(|(row, id)| (SessionRowId(row), id)).collect())
    }

    /// Everything of one session. Five statements.
    pub fn session(&mut self, session: SessionRowId) -> Result<Option<SessionRecord>> {
        let found = session_rows!()
            .filter(orchestration_sessions::id.eq(session.0))
            .select((
                summary_columns!(),
                (
                    (
                        orchestration_sessions::rendered_orchestrator,
                        orchestration_sessions::analysis_template,
                        orchestration_sessions::implementation_template,
                        orchestration_sessions::execution_notes,
                    ),
                    (
                        orchestration_sessions::rendered_analysis,
                        orchestration_sessions::analysis_results,
                        orchestration_sessions::rendered_implementation,
                        session_details::implementation_output.nullable(),
                    ),
                ),
                (
                    (
                        orchestration_sessions::complexity,
                        orchestration_sessions::time_estimate,
                        orchestration_sessions::orchestrator_template,
                    ),
                    (
                        session_details::actor.nullable(),
                        session_details::variables.nullable(),
                        session_details::nonce.nullable(),
                        session_details::feature_reason.nullable(),
                    ),
                ),
            ))
            .get_result::<(SummaryRow, TextRow, DetailRow)>(self.connection)
            .optional()?;
        let Some((summary_row, texts, details)) = found else { return Ok(None) };
        let mut summary = summary(summary_row)?;
        summary.pins = self.pins(&[session.0])?.remove(&session).unwrap_or_default();
        let partials = self.partial_pins(session)?;
        let phases = self.phases(session)?;
        record(summary, texts, details, partials, phases).map(Some)
    }

    fn pins(&mut self, sessions: &[i32]) -> Result<HashMap<SessionRowId, Vec<Pin>>> {
        type Row = ((i32, String, i32, String, String, Json), (i32, i32), (String, String), Option<String>);
        let rows = session_pins::table
            .inner_join(prompt_versions::table.on(prompt_versions::id.eq(session_pins::prompt_version_id)))
            .inner_join(prompts::table.on(prompts::id.eq(prompt_versions::prompt_id)))
            .inner_join(projects::table.on(projects::id.eq(prompts::project_id)))
            .left_join(
                prompt_version_details::table
                    .on(prompt_version_details::prompt_version_id.eq(prompt_versions::id)),
            )
            .filter(session_pins::orchestration_session_id.eq_any(sessions.to_vec()))
            .select((
                (
                    session_pins::orchestration_session_id,
                    session_pins::template_type,
                    session_pins::prompt_version_id,
                    session_pins::scope,
                    session_pins::closure_digest,
                    session_pins::reasons,
                ),
                (prompt_versions::prompt_id, prompt_versions::version_number),
                (projects::name, prompts::name),
                prompt_version_details::sha256.nullable(),
            ))
            .load::<Row>(self.connection)?;
        let mut pins: HashMap<SessionRowId, Vec<Pin>> = HashMap::new();
        for ((session, template_type, version_id, scope, closure_digest, reasons), ids, names, sha256) in rows
        {
            pins.entry(SessionRowId(session)).or_default().push(Pin {
                template_type: stored("template type", &template_type)?,
                version_id: VersionId(version_id),
                prompt_id: PromptId(ids.0),
                version: ids.1,
                project: names.0,
                name: names.1,
                sha256,
                scope,
                closure_digest,
                reasons: stored_json("list of reasons", &reasons.0)?,
            });
        }
        for of_one in pins.values_mut() {
            of_one.sort_by_key(|pin| pin.template_type);
        }
        Ok(pins)
    }

    fn partial_pins(&mut self, session: SessionRowId) -> Result<Vec<PartialPin>> {
        let rows = session_partials::table
            .filter(session_partials::orchestration_session_id.eq(session.0))
            .order(session_partials::reference)
            .select((session_partials::reference, session_partials::prompt_version_id))
            .load::<(String, i32)>(self.connection)?;
        Ok(rows
            .into_iter()
            .map(|(reference, id)| PartialPin { reference, version_id: VersionId(id) })
            .collect())
    }

    fn phases(&mut self, session: SessionRowId) -> Result<Vec<PhaseRecord>> {
        let rows = session_phases::table
            .filter(session_phases::orchestration_session_id.eq(session.0))
            .select((
                session_phases::phase,
                session_phases::started_at,
                session_phases::finished_at,
                session_phases::attempts,
            ))
            .load::<(String, UtcTime, Option<UtcTime>, i32)>(self.connection)?;
        let mut phases = rows
            .into_iter()
            .map(|(phase, started_at, finished_at, attempts)| {
                Ok(PhaseRecord {
                    phase: stored("phase", &phase)?,
                    started_at: started_at.0,
                    finished_at: finished_at.map(|t| t.0),
                    attempts,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        phases.sort_by_key(|phase| phase.phase);
        Ok(phases)
    }
}

fn summary(row: SummaryRow) -> Result<SessionSummary> {
    let ((id, session_id, status, feature_request, project), times, filled, ours) = row;
    let (state, feature_type, written_status, written_at) = ours;
    let texts = LegacyTexts {
        has_templates: filled.0 == Some(true) && filled.1 == Some(true),
        has_analysis_results: filled.2 == Some(true),
    };
    let written_last_by_us = written_status == status && written_at == times.1;
    let state = match state {
        Some(state) if written_last_by_us => stored("session state", &state)?,
        _ => SessionState::from_legacy(status.as_deref(), texts),
    };
    Ok(SessionSummary {
        row: SessionRowId(id),
        session_id,
        state,
        project,
        feature_type: match feature_type.as_deref() {
            None | Some("") => None,
            Some(text) => Some(stored("feature type", text)?),
        },
        feature_request,
        created_at: times.0.map(|t| t.0),
        updated_at: times.1.map(|t| t.0),
        pins: Vec::new(),
    })
}

fn record(
    summary: SessionSummary,
    (first, second): TextRow,
    ((complexity, time_estimate, orchestrator_template), (actor, variables, nonce, feature_reason)): DetailRow,
    partials: Vec<PartialPin>,
    phases: Vec<PhaseRecord>,
) -> Result<SessionRecord> {
    Ok(SessionRecord {
        texts: SessionTexts {
            // The predecessor before its template system kept the prompt here alone.
            rendered_orchestrator: first.0.or(orchestrator_template),
            analysis_template: first.1,
            implementation_template: first.2,
            execution_notes: first.3,
            rendered_analysis: second.0,
            analysis_results: second.1,
            rendered_implementation: second.2,
            implementation_output: second.3,
        },
        summary,
        complexity,
        time_estimate,
        actor,
        variables: match variables {
            Some(text) => stored_json("set of variables", &text.0)?,
            None => serde_json::Map::new(),
        },
        nonce,
        feature_reason,
        partials,
        phases,
    })
}
