//! Tests of the comparison; `apply` stands for `patch`.

use proptest::prelude::*;

use super::{DiffPart, LineCounts, LineKind, TextDiff, diff, line_counts};

/// Applies a unified diff, strictly: every context and removed line has to be where the hunk says.
fn apply(old: &str, patch: &str) -> String {
    if patch.is_empty() {
        return old.to_owned();
    }
    let mut old_lines = old.split_inclusive('\n');
    let mut at = 0;
    let mut new = String::new();
    let mut lines = patch.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(header) = line.strip_prefix("@@ -") {
            let (start, count) = header_range(header.split(' ').next().unwrap());
            let before = if count == 0 { start } else { start - 1 };
            while at < before {
                new.push_str(old_lines.next().unwrap());
                at += 1;
            }
            let (new_start, new_count) = header_range(header.split('+').nth(1).unwrap());
            let so_far = new.split_inclusive('\n').count();
            assert_eq!(so_far, if new_count == 0 { new_start } else { new_start - 1 });
            continue;
        }
        let (kind, text) = line.split_at(1);
        let unterminated = lines.next_if(|next| next.starts_with('\\')).is_some();
        let text = if unterminated { text.strip_suffix('\n').unwrap() } else { text };
        if kind != "+" {
            assert_eq!(old_lines.next().unwrap(), text);
            at += 1;
        }
        if kind != "-" {
            new.push_str(text);
        }
    }
    new.extend(old_lines);
    new
}

fn header_range(text: &str) -> (usize, usize) {
    let text = text.trim_end_matches(" @@\n");
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    (start.parse().unwrap(), count.parse().unwrap())
}

fn round_trip(old: &str, new: &str) -> TextDiff {
    let found = diff(old, new);
    assert_eq!(apply(old, &found.unified("a", "b")), new);
    assert_eq!(line_counts(old, new), LineCounts { added: found.added, removed: found.removed });
    let count =
        |kind| found.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.kind == kind).count();
    assert_eq!((count(LineKind::Added), count(LineKind::Removed)), (found.added, found.removed));
    found
}

/// Texts of few distinct lines, so that many are equal, with every kind of line end.
fn text() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec!["a", "b", "one two three", "one 2 three", "", "é è", "- x", "\\ y"]);
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r"]);
    let lines = prop::collection::vec((line, end), 0..24);
    (lines, any::<bool>()).prop_map(|(lines, terminated)| {
        let mut text: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
        if !terminated {
            text.truncate(text.trim_end_matches('\n').len());
        }
        text
    })
}

proptest! {
    #[test]
    fn a_patch_gives_the_new_text((old, new) in (text(), text())) {
        let found = round_trip(&old, &new);
        prop_assert_eq!(found.is_empty(), old == new);
    }

    #[test]
    fn a_patch_gives_the_new_text_after_few_edits(
        (old, at, line) in (text(), any::<prop::sample::Index>(), ".{0,12}")
    ) {
        let mut lines: Vec<&str> = old.split_inclusive('\n').collect();
        lines.insert(at.index(lines.len() + 1), &line);
        round_trip(&old, &lines.concat());
    }

    #[test]
    fn any_text_gives_any_other(old in "(?s).{0,80}", new in "(?s).{0,80}") {
        round_trip(&old, &new);
    }
}

#[test]
fn equal_texts_have_no_difference() {
    for text in ["", "a", "a\n", "a\r\nb"] {
        assert!(diff(text, text).is_empty());
        assert_eq!(diff(text, text).unified("a", "b"), "");
    }
}

#[test]
fn it_prints_what_diff_prints() {
    let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14";
    let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n14\n";
    let expected = "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -11,4 +11,4 @@\n 11\n 12\n 13\n\
                    -14\n\\ No newline at end of file\n+14\n";
    assert_eq!(diff(old, new).unified("a", "b"), expected);
    assert_eq!(
        diff("", "x\ny").unified("a", "b"),
        "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file\n"
    );
    assert_eq!(diff("x\n", "").unified("a", "b"), "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
}

#[test]
fn changes_with_six_lines_between_share_a_hunk() {
    let text = |n: usize| format!("x\n{}y\n", "-\n".repeat(n));
    let changed = |n: usize| format!("X\n{}Y\n", "-\n".repeat(n));
    assert_eq!(diff(&text(6), &changed(6)).hunks.len(), 1);
    assert_eq!(diff(&text(7), &changed(7)).hunks.len(), 2);
}

#[test]
fn changed_words_are_marked() {
    let found = diff("read the old file\n", "read the new file\n");
    let part = |text: &str, changed| DiffPart { text: text.to_owned(), changed };
    let lines = &found.hunks[0].lines;
    assert_eq!(lines[0].parts, [part("read the ", false), part("old", true), part(" file", false)]);
    assert_eq!(lines[1].parts, [part("read the ", false), part("new", true), part(" file", false)]);
    assert_eq!(lines[1].text(), "read the new file");
}

#[test]
fn a_carriage_return_is_a_difference() {
    let found = round_trip("a b c\n", "a b c\r\n");
    assert_eq!((found.added, found.removed), (1, 1));
}

#[test]
fn a_name_is_one_line() {
    let printed = diff("a\n", "b\n").unified("x\n+++ y", "z\r");
    assert!(printed.starts_with("--- x +++ y\n+++ z \n@@"), "{printed}");
}

#[test]
fn it_serialises_in_snake_case() {
    let json = serde_json::to_value(diff("", "a")).unwrap();
    let line = serde_json::json!({
        "kind": "added", "parts": [{"text": "a", "changed": false}], "missing_newline": true,
    });
    let hunk = serde_json::json!({
        "old_start": 0, "old_lines": 0, "new_start": 1, "new_lines": 1, "lines": [line],
    });
    assert_eq!(json, serde_json::json!({"added": 1, "removed": 0, "hunks": [hunk]}));
}

const MEBIBYTE: usize = 1 << 20;

/// Numbers that look random, for texts without any order.
fn noise() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

fn noisy_lines(next: &mut impl FnMut(u64) -> u64, distinct: u64, end: char) -> String {
    let mut text = String::new();
    while text.len() < MEBIBYTE - 16 {
        text.push_str(&next(distinct).to_string());
        text.push(end);
    }
    text
}

#[test]
fn hostile_texts_end_soon() {
    let next = &mut noise();
    let mut pairs = vec![
        ("\n".repeat(MEBIBYTE), "\n".repeat(MEBIBYTE - 1)),
        ("\n".repeat(MEBIBYTE), "a\n".repeat(MEBIBYTE / 2)),
        ("a\n".repeat(MEBIBYTE / 2), "b\n".repeat(MEBIBYTE / 2)),
        ("a\nb\n".repeat(MEBIBYTE / 4), "b\nb\na\n".repeat(MEBIBYTE / 6)),
        ("a".repeat(MEBIBYTE), format!("{}b", "a".repeat(MEBIBYTE - 1))),
        ("a b ".repeat(MEBIBYTE / 4), "b a ".repeat(MEBIBYTE / 4)),
        ("a b c d\n".repeat(MEBIBYTE / 8), "a b X d\n".repeat(MEBIBYTE / 8)),
    ];
    for distinct in [2, 1000] {
        let pad = format!("{}\n", ".".repeat(24));
        let mut text = |end| noisy_lines(next, distinct, end);
        pairs.push((text('\n'), text('\n')));
        pairs.push((text(' '), text(' ')));
        let padded = |text: &str| text.lines().take(30_000).collect::<Vec<_>>().join(&pad);
        pairs.push((padded(&text('\n')), padded(&text('\n'))));
    }
    let paragraphs = |words: &str| format!("=\n{}\n", words.repeat(4000 / words.len())).repeat(250);
    pairs.push((paragraphs("a b "), paragraphs("b b a ")));
    for (index, (old, new)) in pairs.iter().enumerate() {
        assert_eq!(apply(old, &diff(old, new).unified("a", "b")), *new, "pair {index}");
    }
}
