//! Prompts of any category; those of the orchestration come with their place.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
};

use super::{Queries, exists_or, stored};
use crate::db::connection::AnyConnection;
use crate::db::schema::{
    categories, orchestration_templates, projects, prompt_labels, prompt_versions, prompts, template_slots,
};
use crate::db::types::UtcTime;
use crate::record::Placement;
use crate::{OrchestrationTemplateType, ProjectId, Prompt, PromptId, Result, Stamp};

/// Which prompts a list shows; what is left out does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct PromptFilter {
    /// Only those of this project.
    pub project: Option<String>,
    /// Only those of this category.
    pub category: Option<String>,
    /// Only templates of the orchestration.
    pub templates_only: bool,
    /// Only templates of this type.
    pub template_type: Option<OrchestrationTemplateType>,
    /// Only templates for this feature type.
    pub feature_type: Option<crate::FeatureType>,
    /// Templates that were removed, too.
    pub with_removed: bool,
}

type PromptRow = (
    (i32, i32, String, String, Option<String>, bool, Option<String>),
    (Option<String>, Option<String>, Option<i32>, Option<UtcTime>),
    Option<i32>,
);

/// The joins and columns of a [`PromptRow`]; a macro, since the type of a join is not to be written down.
macro_rules! prompt_rows {
    () => {
        prompts::table
            .inner_join(projects::table.on(projects::id.eq(prompts::project_id)))
            .left_join(categories::table.on(prompts::category_id.eq(categories::id.nullable())))
            .left_join(orchestration_templates::table.on(orchestration_templates::prompt_id.eq(prompts::id)))
            .left_join(template_slots::table.on(template_slots::id.eq(orchestration_templates::slot_id)))
            .left_join(
                prompt_labels::table
                    .on(prompt_labels::prompt_id.eq(prompts::id).and(prompt_labels::label.eq("production"))),
            )
            .select((
                (
                    prompts::id,
                    prompts::project_id,
                    projects::name,
                    prompts::name,
                    categories::name.nullable(),
                    prompts::is_template,
                    prompts::description,
                ),
                (
                    template_slots::template_type.nullable(),
                    template_slots::feature_type.nullable(),
                    template_slots::active_prompt_id.nullable(),
                    orchestration_templates::removed_at.nullable(),
                ),
                prompt_labels::version_number.nullable(),
            ))
    };
}

impl Queries<'_> {
    /// The prompts of these names in these projects. Two statements.
    pub fn prompts_named(&mut self, projects: &[&str], names: &[&str]) -> Result<Vec<Prompt>> {
        let rows = prompt_rows!()
            .filter(projects::name.eq_any(projects.to_vec()))
            .filter(prompts::name.eq_any(names.to_vec()))
            .load::<PromptRow>(self.connection)?;
        self.with_latest(rows)
    }

    /// The prompt of this name in this project. Two statements.
    pub fn prompt_by_name(&mut self, project: &str, name: &str) -> Result<Option<Prompt>> {
        Ok(self.prompts_named(&[project], &[name])?.pop())
    }

    /// The prompts that pass the filter, by project and name. Two statements, however many there are.
    pub fn prompts(&mut self, filter: &PromptFilter) -> Result<Vec<Prompt>> {
        let mut query = prompt_rows!().into_boxed();
        if let Some(project) = &filter.project {
            query = query.filter(projects::name.eq(project));
        }
        if let Some(category) = &filter.category {
            query = query.filter(categories::name.eq(category));
        }
        if filter.templates_only {
            query = query.filter(template_slots::template_type.is_not_null());
        }
        if let Some(template_type) = filter.template_type {
            query = query.filter(template_slots::template_type.eq(template_type.as_str()));
        }
        if let Some(feature_type) = &filter.feature_type {
            query = query.filter(template_slots::feature_type.eq(feature_type.as_str()));
        }
        if !filter.with_removed {
            query = query.filter(orchestration_templates::removed_at.is_null());
        }
        let rows = query.order((projects::name, prompts::name)).load::<PromptRow>(self.connection)?;
        self.with_latest(rows)
    }

    fn with_latest(&mut self, rows: Vec<PromptRow>) -> Result<Vec<Prompt>> {
        let ids: Vec<i32> = rows.iter().map(|row| row.0.0).collect();
        let latest: HashMap<i32, Option<i32>> = prompt_versions::table
            .filter(prompt_versions::prompt_id.eq_any(ids))
            .group_by(prompt_versions::prompt_id)
            .select((prompt_versions::prompt_id, diesel::dsl::max(prompt_versions::version_number)))
            .load::<(i32, Option<i32>)>(self.connection)?
            .into_iter()
            .collect();
        rows.into_iter()
            .map(|row| {
                let newest = latest.get(&row.0.0).copied().flatten().unwrap_or(0);
                prompt(row, newest)
            })
            .collect()
    }

    /// The text that the predecessor's view of a prompt holds.
    pub fn prompt_content(&mut self, prompt: PromptId) -> Result<String> {
        Ok(prompts::table
            .filter(prompts::id.eq(prompt.0))
            .select(prompts::content)
            .get_result(self.connection)?)
    }

    /// Stores a prompt, in a category that is made where it is missing.
    pub fn insert_prompt(&mut self, new: &NewPrompt<'_>, stamp: &Stamp) -> Result<PromptId> {
        let category_id = match new.category {
            Some(name) => Some(self.ensure_category(new.project_id, name)?),
            None => None,
        };
        let id: i32 = diesel::insert_into(prompts::table)
            .values((
                prompts::project_id.eq(new.project_id.0),
                prompts::category_id.eq(category_id),
                prompts::name.eq(new.name),
                prompts::description.eq(new.description),
                prompts::content.eq(new.content),
                prompts::is_template.eq(new.is_template),
                prompts::created_at.eq(Some(UtcTime(stamp.at))),
            ))
            .returning(prompts::id)
            .get_result(self.connection)
            .map_err(|error| exists_or(error, "prompt", new.name))?;
        Ok(PromptId(id))
    }

    /// The category of this name, made where it is missing; another writer may make it at the same time.
    fn ensure_category(&mut self, project: ProjectId, name: &str) -> Result<i32> {
        let new = (categories::project_id.eq(project.0), categories::name.eq(name));
        macro_rules! ensure {
            ($connection:expr) => {
                diesel::insert_into(categories::table)
                    .values(new)
                    .on_conflict_do_nothing()
                    .execute($connection)?
            };
        }
        match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(c) => ensure!(c),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(c) => ensure!(c),
        };
        Ok(categories::table
            .filter(categories::project_id.eq(project.0))
            .filter(categories::name.eq(name))
            .select(categories::id)
            .get_result(self.connection)?)
    }

    /// Sets the text that the predecessor sees as current.
    pub fn set_prompt_content(&mut self, prompt: PromptId, content: &str, stamp: &Stamp) -> Result<()> {
        diesel::update(prompts::table.filter(prompts::id.eq(prompt.0)))
            .set((prompts::content.eq(content), prompts::updated_at.eq(Some(UtcTime(stamp.at)))))
            .execute(self.connection)?;
        Ok(())
    }
}

/// A prompt to be stored.
#[derive(Debug, Clone)]
pub struct NewPrompt<'a> {
    /// Its project.
    pub project_id: ProjectId,
    /// Its name, unique in the project.
    pub name: &'a str,
    /// Its category.
    pub category: Option<&'a str>,
    /// A line about it.
    pub description: Option<&'a str>,
    /// Its text.
    pub content: &'a str,
    /// Whether its text is a template.
    pub is_template: bool,
}

fn prompt(row: PromptRow, latest: i32) -> Result<Prompt> {
    let ((id, project_id, project, name, category, is_template, description), place, production) = row;
    let (template_type, feature_type, active, removed_at) = place;
    let placement = match template_type {
        Some(template_type) => Some(Placement {
            template_type: stored("template type", &template_type)?,
            feature_type: match feature_type.as_deref() {
                None | Some("") => None,
                Some(text) => Some(stored("feature type", text)?),
            },
            active: active == Some(id),
            removed_at: removed_at.map(|t| t.0),
        }),
        None => None,
    };
    Ok(Prompt {
        id: PromptId(id),
        project_id: ProjectId(project_id),
        project,
        name,
        category,
        is_template,
        description,
        placement,
        production,
        latest,
    })
}
