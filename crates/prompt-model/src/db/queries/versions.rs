//! Versions: added, read, never changed.

use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
};

use super::{Queries, exists_or, stored, stored_json};
use crate::db::connection::AnyConnection;
#[cfg(feature = "postgres")]
use crate::db::schema::prompts;
use crate::db::schema::{prompt_version_details, prompt_versions, version_tags};
use crate::db::types::{Json, UtcTime};
use crate::{NewVersion, PromptId, Result, Stamp, Tag, Version, VersionHeader, VersionId};

pub(super) type HeaderRow =
    ((i32, i32, i32), (Option<String>, Option<UtcTime>), (Option<String>, Option<String>, Option<Json>));

/// The joins of a version with what is ours of it.
macro_rules! version_rows {
    () => {
        prompt_versions::table.left_join(
            prompt_version_details::table
                .on(prompt_version_details::prompt_version_id.eq(prompt_versions::id)),
        )
    };
}

/// The columns of a [`HeaderRow`].
macro_rules! header_columns {
    () => {
        (
            (prompt_versions::id, prompt_versions::prompt_id, prompt_versions::version_number),
            (prompt_versions::change_notes, prompt_versions::created_at),
            (
                prompt_version_details::author.nullable(),
                prompt_version_details::sha256.nullable(),
                prompt_version_details::config.nullable(),
            ),
        )
    };
}

impl Queries<'_> {
    /// Waits until no other transaction adds versions to this prompt or moves its labels. Sessions may pin it
    /// meanwhile.
    ///
    /// On SQLite the write transaction has waited already.
    pub fn lock_prompt(&mut self, prompt: PromptId) -> Result<()> {
        match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => _ = prompt,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(c) => {
                prompts::table
                    .filter(prompts::id.eq(prompt.0))
                    .select(prompts::id)
                    .for_no_key_update()
                    .get_result::<i32>(c)?;
            }
        }
        Ok(())
    }

    /// All versions of a prompt without their texts, newest first.
    pub fn versions(&mut self, prompt: PromptId) -> Result<Vec<VersionHeader>> {
        let rows = version_rows!()
            .filter(prompt_versions::prompt_id.eq(prompt.0))
            .order(prompt_versions::version_number.desc())
            .select(header_columns!())
            .load::<HeaderRow>(self.connection)?;
        rows.into_iter().map(header).collect()
    }

    /// The version of this number.
    pub fn version_by_number(&mut self, prompt: PromptId, number: i32) -> Result<Option<Version>> {
        let row = version_rows!()
            .filter(prompt_versions::prompt_id.eq(prompt.0))
            .filter(prompt_versions::version_number.eq(number))
            .select((header_columns!(), prompt_versions::content))
            .get_result::<(HeaderRow, String)>(self.connection)
            .optional()?;
        row.map(version).transpose()
    }

    /// The text of the version of this row.
    pub fn version_content(&mut self, id: VersionId) -> Result<Option<String>> {
        // Fixed in shape, with no list, so that it is prepared once for each connection.
        Ok(prompt_versions::table
            .filter(prompt_versions::id.eq(id.0))
            .select(prompt_versions::content)
            .get_result(self.connection)
            .optional()?)
    }

    /// Stores the next version of a prompt and returns it without its text. Call
    /// [`lock_prompt`](Self::lock_prompt) first: the number is the newest plus one. Three statements, and one
    /// for each tag.
    pub fn insert_version(
        &mut self,
        prompt: PromptId,
        new: &NewVersion<'_>,
        stamp: &Stamp,
    ) -> Result<VersionHeader> {
        let newest: Option<i32> = prompt_versions::table
            .filter(prompt_versions::prompt_id.eq(prompt.0))
            .select(diesel::dsl::max(prompt_versions::version_number))
            .get_result(self.connection)?;
        let number = newest.unwrap_or(0) + 1;
        let id: i32 = diesel::insert_into(prompt_versions::table)
            .values((
                prompt_versions::prompt_id.eq(prompt.0),
                prompt_versions::version_number.eq(number),
                prompt_versions::content.eq(new.content),
                prompt_versions::change_notes.eq(new.message),
                prompt_versions::created_at.eq(Some(UtcTime(stamp.at))),
            ))
            .returning(prompt_versions::id)
            .get_result(self.connection)
            .map_err(|error| exists_or(error, "version", &number.to_string()))?;
        let variables = serde_json::to_string(new.variables).expect("a list of texts is JSON");
        let config = new.config.map(|config| serde_json::to_string(config).expect("a JSON object is JSON"));
        diesel::insert_into(prompt_version_details::table)
            .values((
                prompt_version_details::prompt_version_id.eq(id),
                prompt_version_details::author.eq(&stamp.actor),
                prompt_version_details::sha256.eq(new.sha256),
                prompt_version_details::variables.eq(Some(Json(variables))),
                prompt_version_details::config.eq(config.map(Json)),
            ))
            .execute(self.connection)?;
        for tag in new.tags {
            diesel::insert_into(version_tags::table)
                .values((version_tags::prompt_version_id.eq(id), version_tags::tag.eq(tag.as_str())))
                .execute(self.connection)?;
        }
        Ok(VersionHeader {
            id: VersionId(id),
            prompt_id: prompt,
            number,
            author: Some(stamp.actor.clone()),
            message: new.message.map(str::to_owned),
            sha256: Some(new.sha256.to_owned()),
            created_at: Some(stamp.at),
            config: new.config.cloned(),
        })
    }

    /// The tags of these versions, by version and tag.
    pub fn tags(&mut self, versions: &[VersionId]) -> Result<Vec<(VersionId, Tag)>> {
        let ids: Vec<i32> = versions.iter().map(|id| id.0).collect();
        let rows = version_tags::table
            .filter(version_tags::prompt_version_id.eq_any(ids))
            .order((version_tags::prompt_version_id, version_tags::tag))
            .load::<(i32, String)>(self.connection)?;
        rows.into_iter().map(|(id, tag)| Ok((VersionId(id), stored("tag", &tag)?))).collect()
    }
}

pub(super) fn header(row: HeaderRow) -> Result<VersionHeader> {
    let ((id, prompt_id, number), (message, created_at), (author, sha256, config)) = row;
    Ok(VersionHeader {
        id: VersionId(id),
        prompt_id: PromptId(prompt_id),
        number,
        author,
        message,
        sha256,
        created_at: created_at.map(|t| t.0),
        config: config.map(|text| stored_json("config of a version", &text.0)).transpose()?,
    })
}

fn version((row, content): (HeaderRow, String)) -> Result<Version> {
    Ok(Version { header: header(row)?, content })
}
