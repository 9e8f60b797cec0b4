//! Prompts of any category; those of the orchestration come with their place.

use std::collections::HashMap;

use diesel::sql_types::Bool;
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, IntoSql, JoinOnDsl,
    NullableExpressionMethods, QueryDsl, RunQueryDsl, TextExpressionMethods,
};

use super::versions::header;
use super::{Queries, exists_or, like_pattern, stored};
use crate::db::connection::AnyConnection;
use crate::db::schema::{
    categories, orchestration_templates, projects, prompt_labels, prompt_version_details, prompt_versions,
    prompts, template_slots, version_tags,
};
use crate::db::types::{Json, UtcTime};
use crate::record::Placement;
use crate::{OrchestrationTemplateType, ProjectId, Prompt, PromptId, Result, Stamp, Tag};

diesel::define_sql_function! {
    /// The text in lower case, as the database has it: SQLite knows ASCII alone.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// The first text where there is one, else the second.
    fn coalesce(
        first: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        second: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// The text with every occurrence of a part replaced; the case of letters matters on both backends.
    fn replace(
        text: diesel::sql_types::Text,
        part: diesel::sql_types::Text,
        by: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}

diesel::alias!(
    prompt_labels as any_labels: AnyLabels,
    prompt_versions as any_versions: AnyVersions,
    prompt_version_details as any_details: AnyDetails,
);

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
    /// Only those with this text in the name, the description or the current text. The case of ASCII letters
    /// does not matter.
    pub text: Option<String>,
    /// Only those whose current text is a template with this in it, as it is.
    pub content: Option<String>,
    /// Only those that have this label.
    pub label: Option<String>,
    /// Only those with a version of this author.
    pub author: Option<String>,
    /// Only those whose current version has this tag.
    pub tag: Option<Tag>,
    /// Only those that stand behind this place in the list.
    pub after: Option<PromptPlace>,
    /// At most so many.
    pub limit: Option<i64>,
}

/// A place in a list of prompts, which is ordered by project and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromptPlace {
    /// The project.
    pub project: String,
    /// The name.
    pub name: String,
}

type PromptRow = (
    (i32, i32, String, String, Option<String>, bool, Option<String>),
    (Option<String>, Option<String>, Option<i32>, Option<UtcTime>),
    (
        (Option<i32>, Option<i32>, Option<i32>),
        (Option<String>, Option<UtcTime>),
        (Option<String>, Option<String>, Option<Json>),
    ),
);

/// The joins of a prompt with its place and its current version.
macro_rules! joined_prompts {
    () => {
        with_production!(
            prompts::table
                .inner_join(projects::table.on(projects::id.eq(prompts::project_id)))
                .left_join(categories::table.on(prompts::category_id.eq(categories::id.nullable())))
                .left_join(
                    orchestration_templates::table.on(orchestration_templates::prompt_id.eq(prompts::id))
                )
                .left_join(template_slots::table.on(template_slots::id.eq(orchestration_templates::slot_id)))
        )
    };
}

/// The joins and columns of a [`PromptRow`]; a macro, since the type of a join is not to be written down.
macro_rules! prompt_rows {
    () => {
        joined_prompts!().select((
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
            (
                (
                    prompt_versions::id.nullable(),
                    prompt_versions::prompt_id.nullable(),
                    prompt_versions::version_number.nullable(),
                ),
                (prompt_versions::change_notes.nullable(), prompt_versions::created_at.nullable()),
                (
                    prompt_version_details::author.nullable(),
                    prompt_version_details::sha256.nullable(),
                    prompt_version_details::config.nullable(),
                ),
            ),
        ))
    };
}

/// The current text: of the version that `production` names, else what the prompt was made with. The predecessor
/// may have written another into the prompt since.
macro_rules! current_text {
    () => {
        coalesce(prompt_versions::content.nullable(), prompts::content)
    };
}

/// Narrows a boxed query of joined prompts.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
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
        if let Some(text) = &filter.text {
            let pattern = like_pattern("%", text, "%");
            let named = lower(prompts::name).like(lower(pattern.clone())).escape('\\');
            let described = lower(prompts::description.assume_not_null());
            let described = described.like(lower(pattern.clone())).escape('\\');
            let described = prompts::description.is_not_null().and(described);
            let says = lower(current_text!()).like(lower(pattern)).escape('\\');
            query = query.filter(named.or(described).or(says));
        }
        if let Some(text) = &filter.content {
            query = query.filter(prompts::is_template.eq(true));
            // LIKE would take `a` for `A` on SQLite. To replace nothing by nothing changes no text.
            let is_empty = text.is_empty().into_sql::<Bool>();
            query = query.filter(replace(current_text!(), text, "").ne(current_text!()).or(is_empty));
        }
        if let Some(label) = &filter.label {
            let labelled = any_labels
                .filter(any_labels.field(prompt_labels::label).eq(label))
                .select(any_labels.field(prompt_labels::prompt_id));
            query = query.filter(prompts::id.eq_any(labelled));
        }
        if let Some(author) = &filter.author {
            let written = any_versions
                .inner_join(
                    any_details.on(any_details
                        .field(prompt_version_details::prompt_version_id)
                        .eq(any_versions.field(prompt_versions::id))),
                )
                .filter(any_details.field(prompt_version_details::author).eq(author))
                .select(any_versions.field(prompt_versions::prompt_id));
            query = query.filter(prompts::id.eq_any(written));
        }
        if let Some(tag) = &filter.tag {
            let tagged = version_tags::table
                .filter(version_tags::tag.eq(tag.as_str()))
                .select(version_tags::prompt_version_id.nullable());
            query = query.filter(prompt_versions::id.nullable().eq_any(tagged));
        }
        // With a bound on the project SQLite walks through the index of names and stops at the limit; without
        // one it reads and sorts the whole table.
        let (project, name) = match &filter.after {
            Some(PromptPlace { project, name }) => (project.as_str(), name.as_str()),
            None => ("", ""),
        };
        query = query.filter(projects::name.ge(project));
        query = query.filter(projects::name.gt(project).or(prompts::name.gt(name)));
        if let Some(limit) = filter.limit {
            query = query.limit(limit);
        }
        query.order((projects::name, prompts::name))
    }};
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
        let rows = narrowed!(prompt_rows!().into_boxed(), filter).load::<PromptRow>(self.connection)?;
        self.with_latest(rows)
    }

    /// The prompts of these rows, unordered. Two statements.
    pub fn prompts_by_id(&mut self, ids: &[PromptId]) -> Result<Vec<Prompt>> {
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let rows = prompt_rows!().filter(prompts::id.eq_any(ids)).load::<PromptRow>(self.connection)?;
        self.with_latest(rows)
    }

    /// The current texts of the prompts that pass the filter, by project and name.
    pub fn prompt_texts(&mut self, filter: &PromptFilter) -> Result<Vec<PromptText>> {
        let query = joined_prompts!().select((prompts::id, projects::name, prompts::name, current_text!()));
        let rows =
            narrowed!(query.into_boxed(), filter).load::<(i32, String, String, String)>(self.connection)?;
        let text = |(id, project, name, content)| PromptText {
            id: PromptId(id),
            place: PromptPlace { project, name },
            content,
        };
        Ok(rows.into_iter().map(text).collect())
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

/// A prompt with its current text and little else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptText {
    /// Its row.
    pub id: PromptId,
    /// Where it stands in a list.
    pub place: PromptPlace,
    /// The text of the version that `production` names, or, before there was one, of the first.
    pub content: String,
}

fn prompt(row: PromptRow, latest: i32) -> Result<Prompt> {
    let ((id, project_id, project, name, category, is_template, description), place, current) = row;
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
    let current = match current {
        ((Some(id), Some(prompt), Some(number)), noted, ours) => {
            Some(header(((id, prompt, number), noted, ours))?)
        }
        _ => None,
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
        current,
        latest,
    })
}
