//! The change log: entries are added and read, never changed.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::Queries;
use crate::db::connection::AnyConnection;
use crate::db::schema::changes;
use crate::db::types::{Json, UtcTime};
use crate::{Change, ChangeFilter, PromptId, Result};

type ChangeRow = (i32, UtcTime, String, String, String, Option<i32>, Json, String);

impl Queries<'_> {
    /// Waits until no other transaction adds to the log, and keeps others waiting until this one ends. Call
    /// it last, when every other row of the transaction is locked.
    ///
    /// On SQLite the write transaction has waited already.
    pub fn lock_changes(&mut self) -> Result<()> {
        match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(_) => self.connection.lock_changes(),
        }
    }

    /// The newest entry. Two statements.
    pub fn last_change(&mut self) -> Result<Option<Change>> {
        let newest: Option<i32> =
            changes::table.select(diesel::dsl::max(changes::sequence)).get_result(self.connection)?;
        match newest {
            Some(sequence) => self.change(sequence),
            None => Ok(None),
        }
    }

    /// The entry with this number.
    pub fn change(&mut self, sequence: i32) -> Result<Option<Change>> {
        let row = changes::table
            .filter(changes::sequence.eq(sequence))
            .get_result::<ChangeRow>(self.connection)
            .optional()?;
        Ok(row.map(change))
    }

    /// Adds an entry. Call [`lock_changes`](Self::lock_changes) first.
    pub fn insert_change(&mut self, new: &Change) -> Result<()> {
        diesel::insert_into(changes::table)
            .values((
                changes::sequence.eq(new.sequence),
                changes::at.eq(UtcTime(new.at)),
                changes::actor.eq(&new.actor),
                changes::action.eq(&new.action),
                changes::subject.eq(&new.subject),
                changes::prompt_id.eq(new.prompt_id.map(|id| id.0)),
                changes::details.eq(Json(new.details.clone())),
                changes::sha256.eq(&new.sha256),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// The entries that pass the filter, newest first.
    pub fn changes(&mut self, filter: &ChangeFilter) -> Result<Vec<Change>> {
        let mut query = changes::table.into_boxed();
        if let Some(PromptId(prompt)) = filter.prompt {
            query = query.filter(changes::prompt_id.eq(prompt));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(changes::actor.eq(actor));
        }
        if !filter.actions.is_empty() {
            query = query.filter(changes::action.eq_any(&filter.actions));
        }
        if let Some(before) = filter.before {
            query = query.filter(changes::sequence.lt(before));
        }
        if let Some(limit) = filter.limit {
            query = query.limit(limit);
        }
        let rows = query.order(changes::sequence.desc()).load::<ChangeRow>(self.connection)?;
        Ok(rows.into_iter().map(change).collect())
    }

    /// At most `limit` entries that stand behind `sequence`, oldest first: a walk through the log.
    pub fn changes_after(&mut self, sequence: i32, limit: i64) -> Result<Vec<Change>> {
        let rows = changes::table
            .filter(changes::sequence.gt(sequence))
            .order(changes::sequence)
            .limit(limit)
            .load::<ChangeRow>(self.connection)?;
        Ok(rows.into_iter().map(change).collect())
    }
}

fn change((sequence, at, actor, action, subject, prompt_id, details, sha256): ChangeRow) -> Change {
    Change {
        sequence,
        at: at.0,
        actor,
        action,
        subject,
        prompt_id: prompt_id.map(PromptId),
        details: details.0,
        sha256,
    }
}
