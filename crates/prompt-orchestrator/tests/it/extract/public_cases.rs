//! The cases that come with the contract, where its folder lies beside the workspace.

use std::path::Path;

use prompt_orchestrator::extract::extract;
use serde_json::{Value, json};

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test has to be seen")]
fn the_public_cases_are_exact() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/extraction/cases.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {} is not there", path.display());
        return;
    };
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let found = serde_json::to_value(extract(case["raw"].as_str().unwrap())).unwrap();
        let wanted = &case["expected"];
        let keys = ["analysis_template", "implementation_template", "execution_notes"];
        for key in keys {
            assert_eq!(found[key], wanted["sections"][key], "{} {key}", case["id"]);
        }
        for key in ["complexity", "time_estimate", "missing", "duplicated"] {
            let value = if wanted[key].is_null() { &json!(null) } else { &wanted[key] };
            assert_eq!(&found[key], value, "{} {key}", case["id"]);
        }
    }
}
