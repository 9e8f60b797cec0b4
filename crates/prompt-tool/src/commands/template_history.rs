//! `prompt-tool orchestration template history | diff`.

use std::process::ExitCode;

use comfy_table::CellAlignment;
use owo_colors::OwoColorize;
use prompt_runner::manager::diff::{DiffLine, LineCounts, LineKind};
use prompt_runner::manager::{
    History, HistoryEntry, Reference, Refusal, SelectedVersion, Selector, TextDiff, VersionDiff,
};
use prompt_runner::model::{Label, VersionHeader};
use serde_json::{Value, json};

use super::Outcome;
use super::session::first_line;
use super::template::in_project;
use super::template_list::version_document;
use crate::age::age;
use crate::cli::{InProject, ReferenceArgument};
use crate::context::{Context, project};
use crate::failure::Failure;
use crate::output::{Output, plain_table, table_text};
use crate::visible::visible;

pub(super) fn history(
    target: &ReferenceArgument,
    limit: u32,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    whole_prompt(&target.reference)?;
    let limit = usize::try_from(limit).ok();
    let history = context.open(output)?.history(&target.reference, &in_project(target), limit)?;
    let document = json!({
        "name": history.prompt.name,
        "project": history.prompt.project,
        "items": history.entries.iter().map(item).collect::<Vec<_>>(),
        "left_out": history.left_out,
    });
    output.data(&document, |_| history_text(&history, context))?;
    if history.left_out > 0 && !output.is_json() {
        output.note(left_out(&history));
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses a reference to one version, where something concerns all of them.
pub(super) fn whole_prompt(reference: &Reference) -> Result<(), Failure> {
    if reference.names_version {
        return Err(Refusal::NamesVersion { reference: reference.clone() }.into());
    }
    Ok(())
}

fn item(entry: &HistoryEntry) -> Value {
    let mut item = version_document(&entry.version);
    item["labels"] = json!(labels(entry));
    item["tags"] = json!(entry.tags);
    item["added"] = json!(entry.changed.map(|changed| changed.added));
    item["removed"] = json!(entry.changed.map(|changed| changed.removed));
    item
}

/// The labels of a version: those of the system first.
fn labels(entry: &HistoryEntry) -> Vec<&str> {
    let mut labels: Vec<&str> = entry.labels.iter().map(String::as_str).collect();
    let production = Label::production();
    labels.sort_by_key(|label| (*label != production.as_str(), *label != Label::latest().as_str()));
    labels
}

fn history_text(history: &History, context: &Context) -> String {
    let mut table = plain_table();
    let now = context.now();
    for entry in &history.entries {
        let VersionHeader { number, author, message, created_at, .. } = &entry.version;
        table.add_row([
            number.to_string(),
            labels(entry).join(" "),
            created_at.map(|at| age(at, now)).unwrap_or_default(),
            author.clone().unwrap_or_default(),
            message.as_deref().map(first_line).unwrap_or_default(),
            entry.changed.map(counts).unwrap_or_default(),
        ]);
    }
    if let Some(numbers) = table.column_mut(0) {
        numbers.set_cell_alignment(CellAlignment::Right);
    }
    table_text(&table)
}

fn counts(LineCounts { added, removed }: LineCounts) -> String {
    format!("+{added} -{removed}")
}

fn left_out(history: &History) -> String {
    let versions = if history.left_out == 1 { "version is" } else { "versions are" };
    let all = history.entries.len() + history.left_out;
    format!("{} older {versions} not shown; see all with --limit {all}", history.left_out)
}

pub(super) fn diff(
    from: &Reference,
    to: Option<&Reference>,
    place: &InProject,
    context: &Context,
    output: &mut Output,
) -> Outcome {
    let to = to.cloned().unwrap_or_else(|| other_side(from));
    let project = project(place.project.as_deref(), place.global);
    let VersionDiff { from, to, diff } = context.open(output)?.diff(from, &to, &project)?;
    let [old, new] = names(&from, &to);
    let unified = diff.unified(&old, &new);
    let document = json!({
        "from": side(&from),
        "to": side(&to),
        "added": diff.added,
        "removed": diff.removed,
        "unified": unified,
        "hunks": diff.hunks,
    });
    output.painted(&document, &unified, || coloured(&diff, &old, &new))?;
    if diff.is_empty() {
        output.note(format!("{old} and {new} have the same text"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a version is compared with, where nothing is named: `production`; and that with the newest.
fn other_side(from: &Reference) -> Reference {
    let selector = if from.names_version { Label::production() } else { Label::latest() };
    Reference { selector: Selector::Label(selector), names_version: true, ..from.clone() }
}

/// What the two sides are called; with their projects where nothing else tells the prompts apart.
fn names(from: &SelectedVersion, to: &SelectedVersion) -> [String; 2] {
    let is_ambiguous = from.prompt.name == to.prompt.name && from.prompt.project != to.prompt.project;
    [from, to].map(|side| {
        let name = if is_ambiguous { side.prompt.full_name() } else { side.prompt.name.clone() };
        format!("{name}@{}", side.version.header.number)
    })
}

fn side(side: &SelectedVersion) -> Value {
    let version = &side.version;
    let computed = || prompt_runner::template::sha256_hex(&version.content);
    json!({
        "name": side.prompt.name,
        "project": side.prompt.project,
        "version": version.header.number,
        "sha256": version.header.sha256.clone().unwrap_or_else(computed),
    })
}

/// The difference for a terminal with colours: as the unified one, with the changed words reversed and what
/// a terminal would obey or hide made visible. Empty for equal texts.
pub(super) fn coloured(diff: &TextDiff, old_name: &str, new_name: &str) -> String {
    if diff.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "{}\n{}\n",
        format!("--- {}", visible(old_name)).bold(),
        format!("+++ {}", visible(new_name)).bold()
    );
    for hunk in &diff.hunks {
        let (old, new) = (range(hunk.old_start, hunk.old_lines), range(hunk.new_start, hunk.new_lines));
        text.push_str(&format!("{}\n", format!("@@ -{old} +{new} @@").cyan()));
        for line in &hunk.lines {
            text.push_str(&coloured_line(line));
            text.push('\n');
        }
    }
    text
}

/// A range of one line is its number alone, as in unified diffs.
fn range(start: usize, lines: usize) -> String {
    if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
}

fn coloured_line(line: &DiffLine) -> String {
    let mark = match line.kind {
        LineKind::Same => " ",
        LineKind::Removed => "-",
        LineKind::Added => "+",
    };
    let paint = |text: &str, changed: bool| match (line.kind, changed) {
        (LineKind::Same, _) => text.to_owned(),
        (LineKind::Removed, false) => text.red().to_string(),
        (LineKind::Removed, true) => text.red().reversed().to_string(),
        (LineKind::Added, false) => text.green().to_string(),
        (LineKind::Added, true) => text.green().reversed().to_string(),
    };
    let mut text = paint(mark, false);
    for part in &line.parts {
        text.push_str(&paint(&visible(&part.text), part.changed));
    }
    if line.missing_newline {
        text.push_str("\n\\ No newline at end of file");
    }
    text
}

#[cfg(test)]
mod tests {
    use prompt_runner::manager::diff::diff;

    use super::coloured;

    #[test]
    fn marks_the_changed_words_and_shows_what_is_hidden() {
        let text = coloured(
            &diff("Read the files.\nAnswer.", "Read all files.\nAnswer.\u{202e}"),
            "a@1",
            "a\u{1b}@2",
        );
        let reversed = |colour: u8, word: &str| format!("\u{1b}[7m\u{1b}[{colour}m{word}\u{1b}[39m\u{1b}[0m");
        assert!(text.contains(&reversed(31, "the")), "{text:?}");
        assert!(text.contains(&reversed(32, "all")), "{text:?}");
        assert!(text.contains("+++ a<U+001B>@2"), "{text:?}");
        assert!(text.contains("<U+202E>"), "{text:?}");
        assert!(text.contains("\n\\ No newline at end of file\n"), "{text:?}");
    }

    #[test]
    fn of_equal_texts_is_empty() {
        assert_eq!(coloured(&diff("same\n", "same\n"), "a@1", "a@2"), "");
    }
}
