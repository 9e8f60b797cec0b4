//! From operations to hunks, with the changed words marked.

use std::ops::Range;

use similar::{ChangeTag, DiffOp, InlineChangeOptions, TextDiff as WordDiff, group_diff_ops};

use super::{CONTEXT, DiffLine, DiffPart, Hunk, LineKind};

/// The most bytes of a change in which words are marked.
const MARKED_BYTES: usize = 8 * 1024;
/// The most bytes of all changes together in which words are marked; later changes are not marked.
const MARKED_BYTES_IN_ALL: usize = 256 * 1024;

/// Groups operations into hunks.
pub(super) fn hunks(old: &[&str], new: &[&str], operations: Vec<DiffOp>) -> Vec<Hunk> {
    let mut budget = MARKED_BYTES_IN_ALL;
    group_diff_ops(operations, CONTEXT).iter().map(|group| hunk(old, new, group, &mut budget)).collect()
}

fn hunk(old: &[&str], new: &[&str], group: &[DiffOp], budget: &mut usize) -> Hunk {
    let mut lines = Vec::new();
    for operations in group.chunk_by(|a, b| is_change(a) == is_change(b)) {
        let (old_range, new_range) = ranges(operations);
        if is_change(&operations[0]) {
            change(&mut lines, &old[old_range], &new[new_range], budget);
        } else {
            lines.extend(old[old_range].iter().map(|line| whole(LineKind::Same, line)));
        }
    }
    let (old_range, new_range) = ranges(group);
    Hunk {
        old_start: first_line(&old_range),
        old_lines: old_range.len(),
        new_start: first_line(&new_range),
        new_lines: new_range.len(),
        lines,
    }
}

fn is_change(operation: &DiffOp) -> bool {
    !matches!(operation, DiffOp::Equal { .. })
}

/// The lines that operations which follow each other cover; there is at least one operation.
fn ranges(operations: &[DiffOp]) -> (Range<usize>, Range<usize>) {
    let (first, last) = (&operations[0], &operations[operations.len() - 1]);
    (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end)
}

fn first_line(range: &Range<usize>) -> usize {
    if range.is_empty() { range.start } else { range.start + 1 }
}

/// Adds the lines of a change.
fn change(lines: &mut Vec<DiffLine>, old: &[&str], new: &[&str], budget: &mut usize) {
    let bytes: usize = old.iter().chain(new).map(|line| line.len()).sum();
    if old.is_empty() || new.is_empty() || bytes > MARKED_BYTES.min(*budget) {
        lines.extend(old.iter().map(|line| whole(LineKind::Removed, line)));
        lines.extend(new.iter().map(|line| whole(LineKind::Added, line)));
    } else {
        *budget -= bytes;
        marked(lines, old, new);
    }
}

/// Adds the lines of a change with the changed words marked.
fn marked(lines: &mut Vec<DiffLine>, old: &[&str], new: &[&str]) {
    let diff = WordDiff::from_slices(old, new);
    let operation = DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() };
    let mut options = InlineChangeOptions::new();
    options.semantic_cleanup(true);
    for change in diff.iter_inline_changes_with_options_deadline(&operation, options, None) {
        let kind = match change.tag() {
            ChangeTag::Equal => LineKind::Same,
            ChangeTag::Delete => LineKind::Removed,
            ChangeTag::Insert => LineKind::Added,
        };
        lines.push(line(kind, change.values()));
    }
}

fn whole(kind: LineKind, text: &str) -> DiffLine {
    line(kind, &[(false, text)])
}

/// A line of parts, the last of which holds the newline.
fn line(kind: LineKind, values: &[(bool, &str)]) -> DiffLine {
    let mut parts: Vec<DiffPart> = Vec::new();
    for &(changed, value) in values {
        let text = value.strip_suffix('\n').unwrap_or(value);
        match parts.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.changed == changed => last.text.push_str(text),
            _ => parts.push(DiffPart { text: text.to_owned(), changed }),
        }
    }
    let missing_newline = !values.last().is_some_and(|(_, value)| value.ends_with('\n'));
    DiffLine { kind, parts, missing_newline }
}
