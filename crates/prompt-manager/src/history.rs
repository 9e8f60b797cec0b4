//! History: the versions of a prompt and what each changed; the difference between two.

use std::collections::HashMap;

use prompt_model::{Prompt, Tag, VersionHeader, VersionId};

use crate::diff::{LineCounts, TextDiff, diff, line_counts};
use crate::read::{find, select};
use crate::{OrchestrationTemplateManager, Reference, Result, SelectedVersion};

/// The versions of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The prompt.
    pub prompt: Prompt,
    /// Its versions, newest first.
    pub entries: Vec<HistoryEntry>,
    /// How many older ones were left out.
    pub left_out: usize,
}

/// A version in a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The version.
    pub version: VersionHeader,
    /// The labels that name it now; `latest` is the newest one.
    pub labels: Vec<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// How many lines it added and removed against the version before; none for the first.
    pub changed: Option<LineCounts>,
}

/// Two versions and what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionDiff {
    /// The one.
    pub from: SelectedVersion,
    /// The other.
    pub to: SelectedVersion,
    /// What is in the other and not in the one.
    pub diff: TextDiff,
}

impl OrchestrationTemplateManager {
    /// The newest versions of a prompt, at most `limit`, with their labels, tags and changes.
    pub fn history(&self, reference: &Reference, project: &str, limit: Option<usize>) -> Result<History> {
        self.database.snapshot(|q| {
            let prompt = find(q, reference, project)?;
            let mut labels = q.labels(&[prompt.id])?;
            labels.insert(0, (prompt.id, "latest".to_owned(), prompt.latest));
            let mut headers = q.versions(prompt.id)?;
            let left_out = limit.map_or(0, |limit| headers.len().saturating_sub(limit));
            // The version before the last one that is shown is needed to tell what that one changed.
            headers.truncate(headers.len() - left_out.saturating_sub(1));
            let ids: Vec<VersionId> = headers.iter().map(|header| header.id).collect();
            let mut tags: HashMap<VersionId, Vec<Tag>> = HashMap::new();
            for chunk in ids.chunks(1_000) {
                for (id, tag) in q.tags(chunk)? {
                    tags.entry(id).or_default().push(tag);
                }
            }
            let mut entries: Vec<HistoryEntry> = Vec::new();
            let mut newer: Option<String> = None;
            for header in headers {
                let content = q.version_by_number(prompt.id, header.number)?.map(|version| version.content);
                let content = content.unwrap_or_default();
                if let (Some(newer), Some(entry)) = (newer, entries.last_mut()) {
                    entry.changed = Some(line_counts(&content, &newer));
                }
                newer = Some(content);
                let named = labels.iter().filter(|(.., number)| *number == header.number);
                entries.push(HistoryEntry {
                    labels: named.map(|(_, label, _)| label.clone()).collect(),
                    tags: tags.remove(&header.id).unwrap_or_default(),
                    changed: None,
                    version: header,
                });
            }
            if left_out > 0 {
                entries.pop();
            }
            Ok(History { prompt, entries, left_out })
        })
    }

    /// What differs between two versions, each looked up in `project`, then globally.
    pub fn diff(&self, from: &Reference, to: &Reference, project: &str) -> Result<VersionDiff> {
        self.database.snapshot(|q| {
            let from = select(q, from, project)?;
            let to = select(q, to, project)?;
            let diff = diff(&from.version.content, &to.version.content);
            Ok(VersionDiff { from, to, diff })
        })
    }
}
