//! Slots and the templates that stand in them.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::Queries;
use crate::db::connection::AnyConnection;
use crate::db::schema::{orchestration_templates, template_slots};
use crate::db::types::UtcTime;
use crate::{FeatureType, OrchestrationTemplateType, ProjectId, PromptId, Result, SlotId, Stamp};

impl Queries<'_> {
    /// The slot of this place, made where it is missing, locked until the transaction ends. Returned
    /// with its active template.
    pub fn lock_slot(
        &mut self,
        template_type: OrchestrationTemplateType,
        project: ProjectId,
        feature_type: Option<&FeatureType>,
    ) -> Result<(SlotId, Option<PromptId>)> {
        let feature_type = feature_type.map_or("", FeatureType::as_str);
        let new = (
            template_slots::project_id.eq(project.0),
            template_slots::template_type.eq(template_type.as_str()),
            template_slots::feature_type.eq(feature_type),
        );
        macro_rules! ensure {
            ($connection:expr) => {
                diesel::insert_into(template_slots::table)
                    .values(new)
                    .on_conflict_do_nothing()
                    .execute($connection)?
            };
        }
        let place = template_slots::table
            .filter(template_slots::template_type.eq(template_type.as_str()))
            .filter(template_slots::project_id.eq(project.0))
            .filter(template_slots::feature_type.eq(feature_type))
            .select((template_slots::id, template_slots::active_prompt_id));
        let (id, active) = match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(c) => {
                ensure!(c);
                place.get_result::<(i32, Option<i32>)>(c)?
            }
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(c) => {
                ensure!(c);
                place.for_no_key_update().get_result::<(i32, Option<i32>)>(c)?
            }
        };
        Ok((SlotId(id), active.map(PromptId)))
    }

    /// The slot that a template stands in.
    pub fn slot_of(&mut self, template: PromptId) -> Result<Option<SlotId>> {
        let id = orchestration_templates::table
            .filter(orchestration_templates::prompt_id.eq(template.0))
            .select(orchestration_templates::slot_id)
            .get_result::<i32>(self.connection)
            .optional()?;
        Ok(id.map(SlotId))
    }

    /// Puts a prompt into a slot.
    pub fn insert_template(&mut self, template: PromptId, slot: SlotId) -> Result<()> {
        diesel::insert_into(orchestration_templates::table)
            .values((
                orchestration_templates::prompt_id.eq(template.0),
                orchestration_templates::slot_id.eq(slot.0),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Makes a template the active one of its slot, or leaves the slot without one.
    pub fn set_active(&mut self, slot: SlotId, template: Option<PromptId>) -> Result<()> {
        diesel::update(template_slots::table.filter(template_slots::id.eq(slot.0)))
            .set(template_slots::active_prompt_id.eq(template.map(|id| id.0)))
            .execute(self.connection)?;
        Ok(())
    }

    /// Marks a template as removed, or, with none, as not removed.
    pub fn set_removed(&mut self, template: PromptId, removed: Option<&Stamp>) -> Result<()> {
        diesel::update(
            orchestration_templates::table.filter(orchestration_templates::prompt_id.eq(template.0)),
        )
        .set(orchestration_templates::removed_at.eq(removed.map(|stamp| UtcTime(stamp.at))))
        .execute(self.connection)?;
        Ok(())
    }
}
