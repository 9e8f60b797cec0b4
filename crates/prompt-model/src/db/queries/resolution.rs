//! The candidates of a resolution, in one statement whatever the depth.

use diesel::sql_types::Bool;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, IntoSql, JoinOnDsl, NullableExpressionMethods, QueryDsl,
    RunQueryDsl,
};

use super::{Queries, stored};
use crate::db::connection::AnyConnection;
use crate::db::schema::{
    orchestration_templates, projects, prompt_labels, prompt_version_details, prompt_versions, prompts,
    template_slots,
};
use crate::db::types::UtcTime;
use crate::record::{ProductionVersion, SlotCandidate};
use crate::{FeatureType, GLOBAL_PROJECT, OrchestrationTemplateType, PromptId, Result, VersionId};

/// Which candidates a resolution looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateDepth {
    /// The active template of each slot: enough to choose.
    Active,
    /// All templates of each slot: enough to explain.
    All,
}

type CandidateRow = (
    String,
    (Option<String>, Option<i32>),
    (Option<i32>, Option<String>, Option<UtcTime>),
    (Option<i32>, Option<i32>, Option<String>),
);

impl Queries<'_> {
    /// The templates of the up to four slots that a resolution looks at: of the project and of the
    /// global one, for the feature type and for none. Unordered. `None` where there is no such project.
    pub fn slot_candidates(
        &mut self,
        template_type: OrchestrationTemplateType,
        project: &str,
        feature_type: Option<&FeatureType>,
        depth: CandidateDepth,
    ) -> Result<Option<Vec<SlotCandidate>>> {
        // Fixed in shape, with no list and no box, so that it is prepared once for each connection.
        let feature_type = feature_type.map_or_else(String::new, ToString::to_string);
        let in_slot = template_slots::feature_type.eq("").or(template_slots::feature_type.eq(feature_type));
        // A slot without a template keeps its row: it tells that the project is there.
        let deep_enough = prompts::id
            .nullable()
            .is_null()
            .or(template_slots::active_prompt_id.eq(prompts::id.nullable()).assume_not_null())
            .or((depth == CandidateDepth::All).into_sql::<Bool>());
        let query = with_production!(
            projects::table
                .left_join(
                    template_slots::table.on(template_slots::project_id
                        .eq(projects::id)
                        .and(template_slots::template_type.eq(template_type.as_str()))
                        .and(in_slot)),
                )
                .left_join(
                    orchestration_templates::table
                        .on(orchestration_templates::slot_id.eq(template_slots::id)),
                )
                .left_join(prompts::table.on(prompts::id.eq(orchestration_templates::prompt_id)))
        )
        .filter(projects::name.eq(project).or(projects::name.eq(GLOBAL_PROJECT)))
        .filter(deep_enough)
        .select((
            projects::name,
            (template_slots::feature_type.nullable(), template_slots::active_prompt_id.nullable()),
            (
                prompts::id.nullable(),
                prompts::name.nullable(),
                orchestration_templates::removed_at.nullable(),
            ),
            (
                prompt_versions::id.nullable(),
                prompt_versions::version_number.nullable(),
                prompt_version_details::sha256.nullable(),
            ),
        ));
        // On the connection itself a prepared statement is found by its type; over both backends its text
        // would be written first, which takes a quarter of the time.
        let rows = match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(c) => query.load::<CandidateRow>(c)?,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(c) => query.load::<CandidateRow>(c)?,
        };
        let known = rows.iter().any(|row| row.0 == project)
            // All its slots may hold nothing but inactive templates.
            || (depth == CandidateDepth::Active && self.project_by_name(project)?.is_some());
        if !known {
            return Ok(None);
        }
        rows.into_iter().filter_map(|row| candidate(row).transpose()).collect::<Result<_>>().map(Some)
    }
}

fn candidate(row: CandidateRow) -> Result<Option<SlotCandidate>> {
    let (project, (feature_type, active), (prompt_id, name, removed_at), version) = row;
    let (Some(prompt_id), Some(name)) = (prompt_id, name) else { return Ok(None) };
    let production = match version {
        (Some(id), Some(number), sha256) => Some(ProductionVersion { id: VersionId(id), number, sha256 }),
        _ => None,
    };
    Ok(Some(SlotCandidate {
        project,
        feature_type: match feature_type.as_deref() {
            None | Some("") => None,
            Some(text) => Some(stored("feature type", text)?),
        },
        prompt_id: PromptId(prompt_id),
        name,
        active: active == Some(prompt_id),
        removed: removed_at.is_some(),
        production,
    }))
}
