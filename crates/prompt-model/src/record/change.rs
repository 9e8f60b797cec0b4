//! Entries of the change log.

use chrono::{DateTime, Utc};

use crate::PromptId;

/// One entry of the change log, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the log: 1, 2, 3, ...
    pub sequence: i32,
    /// When the change was made, to the microsecond.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// What it was done to, as it was called then.
    pub subject: String,
    /// The prompt that it was done to, where it was one.
    pub prompt_id: Option<PromptId>,
    /// What else there is to say, as JSON, byte for byte as it was hashed.
    pub details: String,
    /// The digest over the entry before and this one, in lower-case hex.
    pub sha256: String,
}

/// Which entries are read; what is left out does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// Only those of this prompt.
    pub prompt: Option<PromptId>,
    /// Only those of this actor.
    pub actor: Option<String>,
    /// Only those of one of these actions; none means all.
    pub actions: Vec<String>,
    /// Only those older than this entry.
    pub before: Option<i32>,
    /// At most so many, the newest.
    pub limit: Option<i64>,
}
