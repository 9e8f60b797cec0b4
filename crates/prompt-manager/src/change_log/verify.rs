//! Verification: the chain is followed from its first entry to its last.

use std::fmt;
use std::str::FromStr;

use prompt_model::{Change, Error as ModelError};

use super::{BEFORE_THE_FIRST, digest};
use crate::{OrchestrationTemplateManager, Result};

/// How many entries are read at once.
const BATCH: i64 = 1_000;

/// The end of the log at some time. Kept where the database's writers cannot reach it, it proves later that
/// nothing up to it was changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogHead {
    /// The number of the entry.
    pub sequence: i32,
    /// Its digest, in lower-case hex.
    pub sha256: String,
}

/// What a walk through the log found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogVerification {
    /// Whether every entry fits the one before it, and the kept head, where one was given.
    pub valid: bool,
    /// How many entries were followed; all of them where the log is valid.
    pub entries: u64,
    /// The first entry that does not fit.
    pub first_bad: Option<BadEntry>,
}

/// An entry that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BadEntry {
    /// Its number.
    pub sequence: i32,
    /// What is wrong.
    pub reason: String,
}

impl OrchestrationTemplateManager {
    /// Follows the log from its first entry to its last, and compares it with a head that was kept.
    ///
    /// `progress` is told after each batch how many entries were followed. Memory is flat.
    pub fn verify_log(
        &self,
        kept: Option<&LogHead>,
        mut progress: impl FnMut(u64),
    ) -> Result<LogVerification> {
        self.database.snapshot(|q| {
            let mut walk = Walk::new(kept);
            let mut after = i32::MIN;
            let bad = loop {
                let batch = match q.changes_after(after, BATCH) {
                    Ok(batch) => batch,
                    // One of them holds what cannot be read; one at a time tells which.
                    Err(ModelError::Database(_)) => match self::readable(q, walk.expected) {
                        Ok(change) => vec![change],
                        Err(reason) => break bad(walk.expected, reason),
                    },
                    Err(error) => return Err(error.into()),
                };
                let Some(last) = batch.last().map(|change| change.sequence) else { break walk.end() };
                if let Some(bad) = batch.iter().find_map(|change| walk.step(change)) {
                    break Some(bad);
                }
                progress(walk.entries);
                after = last;
            };
            Ok(LogVerification { valid: bad.is_none(), entries: walk.entries, first_bad: bad })
        })
    }
}

/// The entry with this number, or why it cannot be read.
fn readable(q: &mut prompt_model::Queries<'_>, sequence: i32) -> Result<Change, String> {
    match q.change(sequence) {
        Ok(Some(change)) => Ok(change),
        Ok(None) => Err("it is missing".to_owned()),
        Err(error) => Err(format!("it cannot be read: {error}")),
    }
}

/// A walk through the entries in order.
struct Walk<'a> {
    kept: Option<&'a LogHead>,
    expected: i32,
    previous: String,
    entries: u64,
}

impl<'a> Walk<'a> {
    fn new(kept: Option<&'a LogHead>) -> Self {
        Self { kept, expected: 1, previous: BEFORE_THE_FIRST.to_owned(), entries: 0 }
    }

    /// Takes the next entry; returns what is wrong.
    fn step(&mut self, change: &Change) -> Option<BadEntry> {
        let sequence = change.sequence;
        if sequence > self.expected {
            return bad(self.expected, format!("it is missing; the next one is {sequence}"));
        }
        if sequence < self.expected {
            return bad(sequence, "it stands before the first".to_owned());
        }
        let computed = digest(&self.previous, change);
        if computed != change.sha256 {
            let reason = "its digest does not fit: it, its digest, or the digest before it was changed";
            return bad(sequence, reason.to_owned());
        }
        if let Some(kept) = self.kept.filter(|kept| kept.sequence == sequence && kept.sha256 != computed) {
            let reason =
                format!("the kept head says {}: it, or one before it, was written anew", kept.sha256);
            return bad(sequence, reason);
        }
        self.expected += 1;
        self.entries += 1;
        self.previous = computed;
        None
    }

    /// What is wrong once there are no more entries.
    fn end(&self) -> Option<BadEntry> {
        let kept = self.kept.filter(|kept| kept.sequence >= self.expected)?;
        bad(
            self.expected,
            format!("it is missing: the log ended at {} when the head was kept", kept.sequence),
        )
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every caller returns it as it is")]
fn bad(sequence: i32, reason: String) -> Option<BadEntry> {
    Some(BadEntry { sequence, reason })
}

impl fmt::Display for LogHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.sha256)
    }
}

impl FromStr for LogHead {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let parsed = text.trim().split_once(':').and_then(|(sequence, sha256)| {
            let is_digest = sha256.len() == 64 && sha256.chars().all(|c| c.is_ascii_hexdigit());
            let sequence = sequence.parse().ok().filter(|sequence| *sequence > 0)?;
            is_digest.then(|| Self { sequence, sha256: sha256.to_ascii_lowercase() })
        });
        parsed.ok_or_else(|| ModelError::BadName {
            what: "head of the change log",
            name: text.trim().to_owned(),
            reason: "write the number of the entry, a colon, and its 64 hex digits, as `audit checkpoint` prints it",
        })
    }
}
