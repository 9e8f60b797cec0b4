//! All queries, one file a subject. Each says how many statements it runs where that is not one.

/// Joins the version that `production` names, with what is ours of it, to a query of prompts. The caller imports
/// the tables.
macro_rules! with_production {
    ($query:expr) => {
        $query
            .left_join(
                prompt_labels::table
                    .on(prompt_labels::prompt_id.eq(prompts::id).and(prompt_labels::label.eq("production"))),
            )
            .left_join(
                prompt_versions::table.on(prompt_versions::prompt_id
                    .eq(prompt_labels::prompt_id)
                    .and(prompt_versions::version_number.eq(prompt_labels::version_number))),
            )
            .left_join(
                prompt_version_details::table
                    .on(prompt_version_details::prompt_version_id.eq(prompt_versions::id)),
            )
    };
}

mod changes;
mod gates;
mod labels;
mod projects;
mod prompts;
mod resolution;
mod session_writes;
mod sessions;
mod templates;
mod usage;
mod versions;

pub use prompts::{NewPrompt, PromptFilter, PromptPlace, PromptText};
pub use resolution::CandidateDepth;
pub use session_writes::{PhaseChange, SessionChange};
pub use sessions::SessionFilter;

use super::connection::AnyConnection;
use crate::{Error, Result};

/// The queries, on one connection; handed out by [`Database::read`](super::Database::read),
/// [`snapshot`](super::Database::snapshot) and [`write`](super::Database::write).
pub struct Queries<'c> {
    connection: &'c mut AnyConnection,
}

impl<'c> Queries<'c> {
    pub(super) fn new(connection: &'c mut AnyConnection) -> Self {
        Self { connection }
    }
}

/// A unique violation, where the row that stands in the way has this name.
///
/// SQLite names no constraint, so the caller says what it may have been.
fn exists_or(error: diesel::result::Error, what: &'static str, name: &str) -> Error {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Error::Exists { what, name: name.to_owned() }
        }
        other => other.into(),
    }
}

/// Parses a stored text; a text that cannot be parsed is a corrupt row.
fn stored<T: std::str::FromStr>(what: &'static str, value: &str) -> Result<T> {
    value.parse().map_err(|_| Error::Corrupt { what, value: value.to_owned() })
}

/// Parses a stored JSON text.
fn stored_json<T: serde::de::DeserializeOwned>(what: &'static str, value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(|error| Error::Corrupt { what, value: error.to_string() })
}

/// A pattern of LIKE, with `\` as its escape, for a text as it is between two patterns.
fn like_pattern(before: &str, text: &str, after: &str) -> String {
    let escaped =
        text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]));
    before.chars().chain(escaped).chain(after.chars()).collect()
}
