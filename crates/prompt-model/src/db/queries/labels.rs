//! Labels: movable names for versions. `latest` is derived and never stored.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};

use super::Queries;
use crate::db::schema::prompt_labels;
use crate::{Label, PromptId, Result};

impl Queries<'_> {
    /// The stored labels of these prompts, by prompt and name.
    pub fn labels(&mut self, prompts: &[PromptId]) -> Result<Vec<(PromptId, String, i32)>> {
        let ids: Vec<i32> = prompts.iter().map(|id| id.0).collect();
        let rows = prompt_labels::table
            .filter(prompt_labels::prompt_id.eq_any(ids))
            .order((prompt_labels::prompt_id, prompt_labels::label))
            .select((prompt_labels::prompt_id, prompt_labels::label, prompt_labels::version_number))
            .load::<(i32, String, i32)>(self.connection)?;
        Ok(rows.into_iter().map(|(id, label, number)| (PromptId(id), label, number)).collect())
    }

    /// Lets a label name a version of a prompt. One or two statements.
    pub fn set_label(&mut self, prompt: PromptId, label: &Label, number: i32) -> Result<()> {
        let place = prompt_labels::prompt_id.eq(prompt.0).and(prompt_labels::label.eq(label.as_str()));
        let moved = diesel::update(prompt_labels::table.filter(place))
            .set(prompt_labels::version_number.eq(number))
            .execute(self.connection)?;
        if moved == 0 {
            diesel::insert_into(prompt_labels::table)
                .values((
                    prompt_labels::prompt_id.eq(prompt.0),
                    prompt_labels::label.eq(label.as_str()),
                    prompt_labels::version_number.eq(number),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// Takes a label off a prompt.
    pub fn remove_label(&mut self, prompt: PromptId, label: &Label) -> Result<()> {
        let place = prompt_labels::prompt_id.eq(prompt.0).and(prompt_labels::label.eq(label.as_str()));
        diesel::delete(prompt_labels::table.filter(place)).execute(self.connection)?;
        Ok(())
    }
}
