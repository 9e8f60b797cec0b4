//! Answers of models, as the steps take them; and `orchestration extract`, which only looks at one.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::tool::{Tool, assert_keys};

/// An answer that is complete.
pub(crate) const PLAIN: &str = "\
Sure, here it is.

## ANALYSIS_TEMPLATE

Read the code.

1. Find where courses are booked
2. List the tests

## IMPLEMENTATION_TEMPLATE

Build it.

## EXECUTION_NOTES

Complexity: Medium
Estimated Time: 6-8 hours
";

/// An answer that lacks its last section.
pub(crate) const WITHOUT_NOTES: &str = "\
## ANALYSIS_TEMPLATE

Read the code.

## IMPLEMENTATION_TEMPLATE

Build it.
";

/// The keys of what is found in an answer.
pub(crate) const EXTRACTION_KEYS: [&str; 8] = [
    "analysis_template",
    "implementation_template",
    "execution_notes",
    "complexity",
    "time_estimate",
    "missing",
    "duplicated",
    "warnings",
];

/// The three sections.
pub(crate) const SECTIONS: [&str; 3] = ["analysis_template", "implementation_template", "execution_notes"];

/// A real answer, and what is in it: the sections and the metadata.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) answer: String,
    pub(crate) expected: Value,
}

/// The project's own answers, those without a section too.
pub(crate) fn fixtures() -> Vec<Case> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../prompt-orchestrator/tests/it/fixtures/extract");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            cases.push(Case {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                answer: fs::read_to_string(path.with_extension("txt")).unwrap(),
                expected: serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap(),
            });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(cases.len() >= 12, "only {} answers in {}", cases.len(), folder.display());
    cases
}

/// The answers that the project was given, where its data stands beside it; `None` says that they do not.
pub(crate) fn given() -> Option<Vec<Case>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/extraction/cases.jsonl");
    let text = fs::read_to_string(file).ok()?;
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        let mut expected = case["expected"].clone();
        for section in SECTIONS {
            expected[section] = expected["sections"][section].clone();
        }
        Case {
            name: case["id"].as_str().unwrap().to_owned(),
            answer: case["raw"].as_str().unwrap().to_owned(),
            expected,
        }
    };
    Some(text.lines().map(case).collect())
}

/// Those that hold all three sections.
pub(crate) fn complete(cases: Vec<Case>) -> Vec<Case> {
    cases
        .into_iter()
        .filter(|case| SECTIONS.iter().all(|section| case.expected[section].is_string()))
        .collect()
}

#[test]
fn extract_needs_no_database() {
    let tool = Tool::alone();
    let found = tool.json_with("orchestration extract -", PLAIN);
    assert_keys(&found, &EXTRACTION_KEYS);
    assert_eq!(
        found["analysis_template"],
        "Read the code.\n\n1. Find where courses are booked\n2. List the tests"
    );
    assert_eq!(found["complexity"], "Medium");
    assert_eq!(found["time_estimate"], json!({"min": 6, "max": 8, "unit": "hours"}));
    assert_eq!(found["missing"], json!([]));
    let left: Vec<_> = fs::read_dir(tool.home()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn extract_reads_a_file_too() {
    let tool = Tool::alone();
    tool.file("answer.md", PLAIN);
    assert_eq!(
        tool.json("orchestration extract answer.md"),
        tool.json_with("orchestration extract -", PLAIN)
    );
}

#[test]
fn extract_exits_1_where_a_section_is_missing_and_prints_all_the_same() {
    for (answer, missing) in [
        (WITHOUT_NOTES, json!(["execution_notes"])),
        ("", json!(SECTIONS)),
        ("I cannot help with that.", json!(SECTIONS)),
    ] {
        let ran = Tool::alone().run_with("--format json orchestration extract -", answer);
        assert_eq!(ran.code, 1, "{ran:#?}");
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_keys(&found, &EXTRACTION_KEYS);
        assert_eq!(found["missing"], missing);
    }
}

#[test]
fn extract_finds_what_is_in_every_fixture() {
    let tool = Tool::alone();
    for case in fixtures() {
        let ran = tool.run_with("--format json orchestration extract -", &case.answer);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        for (key, expected) in case.expected.as_object().unwrap() {
            assert_eq!(&found[key], expected, "{key} of {}", case.name);
        }
        let whole = case.expected["missing"] == json!([]);
        assert_eq!(ran.code, i32::from(!whole), "{}", case.name);
    }
}
