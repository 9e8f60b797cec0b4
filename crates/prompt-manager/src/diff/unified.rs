//! The unified format of `diff -u`, as POSIX describes it.

use std::fmt::Write;

use super::{LineKind, TextDiff};

pub(super) fn unified(diff: &TextDiff, old_name: &str, new_name: &str) -> String {
    let mut out = String::new();
    if diff.is_empty() {
        return out;
    }
    let _ = writeln!(out, "--- {}\n+++ {}", one_line(old_name), one_line(new_name));
    for hunk in &diff.hunks {
        let old = range(hunk.old_start, hunk.old_lines);
        let new = range(hunk.new_start, hunk.new_lines);
        let _ = writeln!(out, "@@ -{old} +{new} @@");
        for line in &hunk.lines {
            out.push(match line.kind {
                LineKind::Same => ' ',
                LineKind::Removed => '-',
                LineKind::Added => '+',
            });
            out.extend(line.parts.iter().map(|part| part.text.as_str()));
            out.push_str(if line.missing_newline { "\n\\ No newline at end of file\n" } else { "\n" });
        }
    }
    out
}

/// A range of one line is its number alone.
fn range(start: usize, lines: usize) -> String {
    if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
}

/// A newline in a name would be read as a line of the diff.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
