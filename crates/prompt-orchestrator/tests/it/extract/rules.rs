//! One case or more for each rule, as small as it can be.

use prompt_orchestrator::extract::{Section, extract, is_unanswered_prompt};

/// The three sections of an answer; an empty text where one is missing.
fn sections(answer: &str) -> [String; 3] {
    let found = extract(answer);
    Section::ALL.map(|section| found.section(section).unwrap_or_default().to_owned())
}

/// An answer with these three bodies under headings of one style.
fn answer(bodies: [&str; 3]) -> String {
    let [a, i, n] = bodies;
    format!(
        "### 1. ANALYSIS_TEMPLATE\n\n{a}\n\n### 2. IMPLEMENTATION_TEMPLATE\n\n{i}\n\n### 3. EXECUTION_NOTES\n\n{n}\n"
    )
}

/// Asserts that `body`, as the first section, is read as `text`, and the others are not harmed.
#[track_caller]
fn assert_body(body: &str, text: &str) {
    assert_eq!(sections(&answer([body, "Build.", "Notes."])), [text, "Build.", "Notes."]);
}

#[test]
fn rule_1_line_ends_escapes_and_byte_order_mark() {
    let text = "\u{feff}\x1b[1m## ANALYSIS_TEMPLATE\x1b[0m\r\n\r\nOne\r\n\x1b]8;;https://x\x1b\\two\x1b]8;;\x07\r\r\nthree";
    assert_eq!(extract(text).analysis_template.as_deref(), Some("One\ntwo\nthree"));
    let kept = "## ANALYSIS_TEMPLATE\na\u{200b}b\u{a0}c\u{feff}\n\u{a0}";
    assert_eq!(extract(kept).analysis_template.as_deref(), Some("a\u{200b}b\u{a0}c\u{feff}\n\u{a0}"));
    // A sequence that was cut off takes nothing with it.
    let cut = "## ANALYSIS_TEMPLATE\n\x1b]0;title\nnext \x1b[3";
    assert_eq!(extract(cut).analysis_template.as_deref(), Some("\x1b]0;title\nnext \x1b[3"));
}

#[test]
fn rule_3_the_name_decides() {
    let found =
        sections("## 3. Execution Notes\nn\n## 1. IMPLEMENTATION_TEMPLATE\ni\n## 1. ANALYSIS_TEMPLATE\na");
    assert_eq!(found, ["a", "i", "n"]);
}

#[test]
fn rule_4_a_table_of_contents_starts_nothing() {
    let names = "1. ANALYSIS_TEMPLATE\n2. IMPLEMENTATION_TEMPLATE\n3. EXECUTION_NOTES";
    let text = format!("Contents\n\n{names}\n\n{}", answer(["Read.", "Build.", "Notes."]));
    assert_eq!(sections(&text), ["Read.", "Build.", "Notes."]);
    assert!(extract(&text).duplicated.is_empty());
    let inside = format!("Sections:\n{names}\n\nThat is all.");
    assert_body(&inside, &inside);
    assert_eq!(extract(names).missing, Section::ALL);
}

#[test]
fn rule_5_candidates_in_closed_blocks_are_content() {
    let shape = "```markdown\n### 1. ANALYSIS_TEMPLATE\nsurvey\n### 2. IMPLEMENTATION_TEMPLATE\n```";
    assert_body(&format!("Text.\n\n{shape}\n\nMore."), &format!("Text.\n\n{shape}\n\nMore."));
    let bare = format!("Text.\n\n{}\n\nMore.", shape.replace("markdown", ""));
    assert_body(&format!("```\n{bare}\n```"), &bare);
}

#[test]
fn rule_5_an_open_fence_does_not_swallow_a_heading() {
    assert_body("Text.\n\n```bash\nls", "Text.\n\n```bash\nls");
    assert_body("```\nText.", "Text.");
    let tree = answer(["Text.\n\n```bash\nls", "Tree:\n\n```\na\n```\n\nend", "Notes."]);
    assert_eq!(sections(&tree), ["Text.\n\n```bash\nls", "Tree:\n\n```\na\n```\n\nend", "Notes."]);
}

#[test]
fn rule_5_a_fence_around_the_whole_answer_goes() {
    for (open, close) in [("````markdown", "````"), ("```markdown", "```"), ("~~~", "~~~"), ("```", "```")] {
        for bodies in
            [["Read.", "Build.", "Notes."], ["Text.\n\n```json\n{}\n```\n\nMore.", "Build.", "Notes."]]
        {
            let text = format!("Here you go:\n\n{open}\n{}\n{close}\n\nTell me more.", answer(bodies));
            assert_eq!(sections(&text), bodies, "{open}");
        }
        let fenced = answer(["```\nRead.\n```", "```\nBuild.\n```", "```\nNotes.\n```"]);
        assert_eq!(sections(&format!("{open}\n{fenced}\n{close}")), ["Read.", "Build.", "Notes."], "{open}");
    }
}

#[test]
fn rule_6_a_wholly_fenced_body_loses_its_fence() {
    for info in ["", "markdown", "MD", "text", "txt", "plain"] {
        assert_body(&format!("```{info}\n\nText  \n\n```\n\nChatter."), "Text  ");
        assert_body(&format!("~~~~ {info}\nText\n~~~~"), "Text");
    }
    assert_body("```yaml\na: 1\n```", "a: 1");
    assert_body("```bash\nls\n```\n\nRun it.", "```bash\nls\n```\n\nRun it.");
    assert_body("Before.\n\n```\nx\n```", "Before.\n\n```\nx\n```");
}

#[test]
fn rule_7_nested_fences() {
    let info = "Text.\n\n```bash\nls\n```\n\nEnd.";
    let bare = "Text.\n\n```\ntree\n```\n\nEnd.";
    for body in [info, bare] {
        for fence in ["```", "````", "~~~"] {
            assert_body(&format!("{fence}\n{body}\n{fence}\n\nChatter."), body);
        }
    }
    let twice = format!("{bare}\n\n{bare}\n\n{info}");
    assert_body(&format!("```\n{twice}\n```"), &twice);
    // One closing fence for both blocks.
    assert_body("```md\nText.\n\n```bash\nls\n```", "Text.\n\n```bash\nls");
    assert_body("```\nText.\n\n```\ntree\n```\n\n---", "Text.\n\n```\ntree");
}

#[test]
fn rule_7_a_fence_that_is_cut_off_runs_to_the_end() {
    let cut = |notes: &str| sections(&answer(["Read.", "Build.", notes]))[2].clone();
    assert_eq!(
        cut("```\nNotes.\n\n```bash\nls\n```\n\n## More\n- x"),
        "Notes.\n\n```bash\nls\n```\n\n## More\n- x"
    );
    assert_eq!(cut("````\nNotes.\n```\nx\n```"), "Notes.\n```\nx\n```");
    assert_eq!(cut("```\nNotes.\n\n```\nls\nmore"), "Notes.\n\n```\nls\nmore");
}

#[test]
fn rule_8_bytes_stay_and_separators_go() {
    assert_body("\n  \n    code  \ntext\t \n\n---\n", "    code  \ntext\t ");
    assert_body("Above\n\n---\n\nBelow\n- x", "Above\n\n---\n\nBelow\n- x");
    assert_body("```\nx\n\n---\n```", "x\n\n---");
}

#[test]
fn rule_9_terminal_copies() {
    let text = "● Plan follows.\n\n● ANALYSIS_TEMPLATE\n\n  # Role\n\n    code\n\n● Read(a.rs)\n  ⎿  Read 3 lines\n     more\n\n  End.\n\n\
                ● Update Todos\n  ⎿  ☒ IMPLEMENTATION_TEMPLATE\n     ☐ EXECUTION_NOTES\n\n● IMPLEMENTATION_TEMPLATE\n\n  ```\n  Build.\n    x\n  ```\n\n\
                ● EXECUTION_NOTES\n\n  Notes.\n\n● Tell me if anything should change.\n";
    assert_eq!(sections(text), ["# Role\n\n  code\n\nEnd.", "Build.\n  x", "Notes."]);
    let shifted: String =
        answer(["Read.\n\n  code", "Build.", "Notes."]).lines().flat_map(|line| ["  ", line, "\n"]).collect();
    assert_eq!(sections(&shifted), ["Read.\n\n  code", "Build.", "Notes."]);
    // The selection began within the first line.
    assert_eq!(sections(shifted.trim_start()), ["Read.\n\n  code", "Build.", "Notes."]);
    // Without a terminal's traces an indented body is code.
    assert_body("    code\n    more", "    code\n    more");
    assert_body("● one\n● two", "● one\n● two");
}

#[test]
fn rule_10_chatter_after_the_last_section() {
    let notes = |text: &str| sections(&answer(["Read.", "Build.", text]))[2].clone();
    assert_eq!(notes("```\nNotes.\n```\n\nTell me if anything should change."), "Notes.");
    assert_eq!(notes("Notes.\n\n---\n\nWould you like a shorter version?"), "Notes.");
    assert_eq!(notes("Notes.\n\n---\n\nLet me know if I should:\n- cut it\n- test it"), "Notes.");
    assert_eq!(notes("Notes.\n\nPlain end."), "Notes.\n\nPlain end.");
    assert_eq!(notes("Notes.\n\n---\n\n## Risks\n- one"), "Notes.\n\n---\n\n## Risks\n- one");
    assert_eq!(
        notes("```yaml\nComplexity: Low\n```\n\nTell me if anything should change."),
        "Complexity: Low"
    );
}

#[test]
fn rule_11_missing_and_empty_sections_are_named() {
    let found = extract("### 1. ANALYSIS_TEMPLATE\n\n### 2. IMPLEMENTATION_TEMPLATE\n\nBuild.\n");
    assert_eq!(found.missing, [Section::AnalysisTemplate, Section::ExecutionNotes]);
    assert!(!found.is_complete());
    assert_eq!(extract("").missing, Section::ALL);
    assert_eq!(extract("No:\n1. One\nfoo\n2. Two\nbar\n3. Three\nbaz").missing, Section::ALL);
    assert_eq!(extract("## ANALYSIS_TEMPLATE\n```\n\n```\n").missing, Section::ALL);
}

#[test]
fn rule_12_the_last_complete_copy_wins() {
    let twice = format!("{}\n{}", answer(["Old.", "Build.", "Notes."]), answer(["New.", "Build.", ""]));
    let found = extract(&twice);
    assert_eq!(found.analysis_template.as_deref(), Some("New."));
    assert_eq!(found.execution_notes.as_deref(), Some("Notes."));
    assert_eq!(found.duplicated, [Section::AnalysisTemplate]);
    let cut = format!("{}\n### 1. ANALYSIS_TEMPLATE\n```\nNew", answer(["Old.", "Build.", "Notes."]));
    assert_eq!(extract(&cut).analysis_template.as_deref(), Some("Old."));
}

#[test]
fn rule_12_continued_sections_are_joined() {
    let text = format!(
        "{}\n### 1. ANALYSIS_TEMPLATE (continued)\n\n```\nMore.\n",
        answer(["Read.", "Build.", "Notes."])
    );
    let found = extract(&text);
    assert_eq!(found.analysis_template.as_deref(), Some("Read.\n\nMore."));
    assert!(found.duplicated.is_empty());
}

#[test]
fn rule_12_the_prompt_alone_is_no_answer() {
    let fenced = answer([
        "```\n[Your analysis template here]\n```",
        "```\n# Role: ...\n1. ...\n```",
        "```\nComplexity: [Low/Medium/High]\n```\n\nBe specific.",
    ]);
    let plain =
        answer(["[what to read]", "<what to build>", "[estimate,\nrisks]\n\nBe specific and name files."]);
    for prompt in [fenced, plain] {
        assert_eq!(extract(&prompt).missing, Section::ALL);
        assert!(is_unanswered_prompt(&prompt));
        let both =
            format!("{prompt}\n========== ANSWER ==========\n\n{}", answer(["Read.", "Build.", "Notes."]));
        assert_eq!(sections(&both), ["Read.", "Build.", "Notes."]);
        assert_eq!(extract(&both).duplicated, Section::ALL);
        assert!(!is_unanswered_prompt(&both));
    }
}

#[test]
fn rule_12_a_short_section_is_no_placeholder() {
    for text in [
        "Read [this] first.",
        "[x] done",
        "- [ ] Find the callers",
        "Wait...",
        "See [1].",
        "[a] and [b]",
        "No risks known",
    ] {
        assert_body(text, text);
    }
}
