//! Which sessions use a prompt.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use super::Queries;
use crate::db::schema::{orchestration_sessions, prompt_versions, session_partials, session_pins};
use crate::db::types::UtcTime;
use crate::{PromptId, Result, SessionUse};

impl Queries<'_> {
    /// The sessions that pin a version of this prompt, as a template or as a partial, newest first. Two
    /// statements.
    pub fn sessions_that_use(&mut self, prompt: PromptId) -> Result<Vec<SessionUse>> {
        type Row = (i32, String, i32, Option<UtcTime>);
        let columns = (
            orchestration_sessions::id,
            orchestration_sessions::session_id,
            prompt_versions::version_number,
            orchestration_sessions::created_at,
        );
        let mut rows = session_pins::table
            .inner_join(prompt_versions::table.on(prompt_versions::id.eq(session_pins::prompt_version_id)))
            .inner_join(
                orchestration_sessions::table
                    .on(orchestration_sessions::id.eq(session_pins::orchestration_session_id)),
            )
            .filter(prompt_versions::prompt_id.eq(prompt.0))
            .select(columns)
            .load::<Row>(self.connection)?;
        rows.extend(
            session_partials::table
                .inner_join(
                    prompt_versions::table.on(prompt_versions::id.eq(session_partials::prompt_version_id)),
                )
                .inner_join(
                    orchestration_sessions::table
                        .on(orchestration_sessions::id.eq(session_partials::orchestration_session_id)),
                )
                .filter(prompt_versions::prompt_id.eq(prompt.0))
                .select(columns)
                .load::<Row>(self.connection)?,
        );
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(b.2.cmp(&a.2)));
        rows.dedup_by(|a, b| (a.0, a.2) == (b.0, b.2));
        Ok(rows
            .into_iter()
            .map(|(_, session_id, version, at)| SessionUse {
                session_id,
                version,
                created_at: at.map(|t| t.0),
            })
            .collect())
    }
}
