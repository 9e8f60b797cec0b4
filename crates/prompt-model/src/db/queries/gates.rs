//! What stands between a label and a version: policies of labels, and tests.

use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::{Queries, stored, stored_json};
use crate::db::schema::{label_policies, template_tests};
use crate::db::types::Json;
use crate::{Label, LabelPolicy, PromptId, Result, StoredTest};

impl Queries<'_> {
    /// What moving this label of a prompt asks for; nothing where nothing is set.
    pub fn label_policy(&mut self, prompt: PromptId, label: &Label) -> Result<LabelPolicy> {
        let row = label_policies::table
            .filter(label_policies::prompt_id.eq(prompt.0))
            .filter(label_policies::label.eq(label.as_str()))
            .select((
                label_policies::is_protected,
                label_policies::needs_tests,
                label_policies::needs_known_variables,
            ))
            .get_result::<(bool, bool, bool)>(self.connection)
            .optional()?;
        Ok(row.map_or_else(LabelPolicy::default, policy))
    }

    /// The policies of a prompt that ask for something, by label.
    pub fn label_policies(&mut self, prompt: PromptId) -> Result<Vec<(String, LabelPolicy)>> {
        let rows = label_policies::table
            .filter(label_policies::prompt_id.eq(prompt.0))
            .order(label_policies::label)
            .select((
                label_policies::label,
                (
                    label_policies::is_protected,
                    label_policies::needs_tests,
                    label_policies::needs_known_variables,
                ),
            ))
            .load::<(String, (bool, bool, bool))>(self.connection)?;
        Ok(rows.into_iter().map(|(label, row)| (label, policy(row))).collect())
    }

    /// Every label that asks for tests or known variables, by prompt and label.
    pub fn gated_labels(&mut self) -> Result<Vec<(PromptId, Label, LabelPolicy)>> {
        let rows = label_policies::table
            .filter(label_policies::needs_tests.or(label_policies::needs_known_variables))
            .order((label_policies::prompt_id, label_policies::label))
            .load::<(i32, String, bool, bool, bool)>(self.connection)?;
        let gated =
            |(prompt, label, is_protected, needs_tests, needs_known_variables): (i32, String, _, _, _)| {
                let policy = LabelPolicy { is_protected, needs_tests, needs_known_variables };
                Ok((PromptId(prompt), stored("label", &label)?, policy))
            };
        rows.into_iter().map(gated).collect()
    }

    /// Sets what moving a label asks for; a policy that asks for nothing leaves no row. One or two
    /// statements.
    pub fn set_label_policy(&mut self, prompt: PromptId, label: &Label, policy: LabelPolicy) -> Result<()> {
        let place = label_policies::prompt_id.eq(prompt.0).and(label_policies::label.eq(label.as_str()));
        diesel::delete(label_policies::table.filter(place)).execute(self.connection)?;
        if policy != LabelPolicy::default() {
            diesel::insert_into(label_policies::table)
                .values((
                    label_policies::prompt_id.eq(prompt.0),
                    label_policies::label.eq(label.as_str()),
                    label_policies::is_protected.eq(policy.is_protected),
                    label_policies::needs_tests.eq(policy.needs_tests),
                    label_policies::needs_known_variables.eq(policy.needs_known_variables),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// The tests of a prompt, by name.
    pub fn template_tests(&mut self, prompt: PromptId) -> Result<Vec<StoredTest>> {
        let rows = template_tests::table
            .filter(template_tests::prompt_id.eq(prompt.0))
            .order(template_tests::name)
            .select((template_tests::name, template_tests::variables, template_tests::assertions))
            .load::<(String, Json, Json)>(self.connection)?;
        rows.into_iter()
            .map(|(name, variables, assertions)| {
                Ok(StoredTest {
                    name,
                    variables: stored_json("variables of a test", &variables.0)?,
                    assertions: stored_json("assertions of a test", &assertions.0)?,
                })
            })
            .collect()
    }

    /// Stores a test, in the place of one of the same name. Two statements.
    pub fn set_template_test(&mut self, prompt: PromptId, test: &StoredTest) -> Result<()> {
        self.delete_template_test(prompt, &test.name)?;
        let variables = serde_json::to_string(&test.variables).expect("a JSON object is JSON");
        diesel::insert_into(template_tests::table)
            .values((
                template_tests::prompt_id.eq(prompt.0),
                template_tests::name.eq(&test.name),
                template_tests::variables.eq(Json(variables)),
                template_tests::assertions.eq(Json(test.assertions.to_string())),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Deletes the test of this name, and tells whether there was one.
    pub fn delete_template_test(&mut self, prompt: PromptId, name: &str) -> Result<bool> {
        let place = template_tests::prompt_id.eq(prompt.0).and(template_tests::name.eq(name));
        Ok(diesel::delete(template_tests::table.filter(place)).execute(self.connection)? > 0)
    }
}

fn policy((is_protected, needs_tests, needs_known_variables): (bool, bool, bool)) -> LabelPolicy {
    LabelPolicy { is_protected, needs_tests, needs_known_variables }
}
