//! What differs between two texts, line by line and word by word.
//!
//! Nothing here takes long on texts of a mebibyte, whatever they hold: what is too large to be compared
//! line by line counts as removed and added, and a change of too many words is not marked word by word.

mod hunks;
mod operations;
mod unified;

#[cfg(test)]
mod tests;

use serde::Serialize;
use similar::DiffOp;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// What differs between two texts.
///
/// ```
/// use prompt_manager::diff::diff;
/// let diff = diff("Read the files.\nAnswer.\n", "Read all files.\nAnswer.\n");
/// assert_eq!((diff.added, diff.removed), (1, 1));
/// assert_eq!(
///     diff.unified("v1", "v2"),
///     "--- v1\n+++ v2\n@@ -1,2 +1,2 @@\n-Read the files.\n+Read all files.\n Answer.\n"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextDiff {
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
    /// The places that differ, from top to bottom; none where the texts are equal.
    pub hunks: Vec<Hunk>,
}

/// A place where two texts differ, with up to three equal lines before and behind it.
///
/// Lines are numbered from 1. Of a side without lines here, the start is the line in front of the place, or
/// 0, as in unified diffs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// The first line in the old text.
    pub old_start: usize,
    /// How many lines of the old text.
    pub old_lines: usize,
    /// The first line in the new text.
    pub new_start: usize,
    /// How many lines of the new text.
    pub new_lines: usize,
    /// The lines; of a change the removed ones first.
    pub lines: Vec<DiffLine>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// What became of it.
    pub kind: LineKind,
    /// Its text without the newline, in order; an empty line has none.
    pub parts: Vec<DiffPart>,
    /// Whether it is the last of a text that does not end with a newline.
    pub missing_newline: bool,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// It is in both texts.
    Same,
    /// It is in the old text alone.
    Removed,
    /// It is in the new text alone.
    Added,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffPart {
    /// The text.
    pub text: String,
    /// Whether these words make the difference between a removed and an added line. A line that has little
    /// in common with its counterpart, or has none, is not marked at all.
    pub changed: bool,
}

/// How many lines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LineCounts {
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
}

/// Compares two texts. A line ends with a newline; a carriage return in front of it is part of the line.
pub fn diff(old: &str, new: &str) -> TextDiff {
    let (old, new) = (lines(old), lines(new));
    let operations = operations::operations(&old, &new);
    let LineCounts { added, removed } = counts(&operations);
    TextDiff { added, removed, hunks: hunks::hunks(&old, &new, operations) }
}

/// Counts the lines that [`diff`] reports, and spares the rest of its work.
pub fn line_counts(old: &str, new: &str) -> LineCounts {
    counts(&operations::operations(&lines(old), &lines(new)))
}

impl TextDiff {
    /// Whether the texts are equal.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }

    /// The difference as `diff -u` prints it, without times; empty for equal texts. Control characters in
    /// the names become blanks.
    pub fn unified(&self, old_name: &str, new_name: &str) -> String {
        unified::unified(self, old_name, new_name)
    }
}

impl DiffLine {
    /// The text without the newline.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn counts(operations: &[DiffOp]) -> LineCounts {
    let changes = operations.iter().filter(|operation| !matches!(operation, DiffOp::Equal { .. }));
    changes.fold(LineCounts::default(), |counts, change| LineCounts {
        added: counts.added + change.new_range().len(),
        removed: counts.removed + change.old_range().len(),
    })
}
