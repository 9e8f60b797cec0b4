//! Complexity and time (rules 13 and 14).

use prompt_orchestrator::extract::{Extraction, extract};

fn notes(line: &str) -> Extraction {
    extract(&format!("## EXECUTION_NOTES\n\nFeature: x\n{line}\n\nKey Risks:\n- none"))
}

#[test]
fn complexity_is_the_value_behind_its_label() {
    let cases = [
        ("Complexity: Medium", "Medium"),
        ("**Complexity**: High", "High"),
        ("**Complexity:** Low-Medium", "Low-Medium"),
        ("- Complexity: `High`", "High"),
        ("1. **Complexity** — Medium", "Medium"),
        ("| Complexity | **Medium** |", "Medium"),
        ("| Complexity | Risk |\n|---|---|\n| High | none |", "High"),
        ("### Complexity\n\nHigh", "High"),
        ("complexity = medium", "medium"),
        ("Complexity: High (touches billing)", "High"),
        ("Complexity: High - touches billing", "High"),
        ("Complexity: Medium, mostly the screen", "Medium"),
        ("Complexity: Medium to High", "Medium to High"),
        ("Complexity: 🟡 Medium.", "Medium"),
        ("Complexity: [High]", "High"),
        ("Complexity: 7/10 (many files)", "7/10"),
        ("Time Complexity: O(n)\nComplexity: Low", "Low"),
    ];
    for (line, value) in cases {
        assert_eq!(notes(line).complexity.as_deref(), Some(value), "{line:?}");
    }
}

#[test]
fn complexity_that_is_not_said_is_none() {
    let lines = [
        "Complexity: [Low/Medium/High based on analysis]",
        "Complexity: Low/Medium/High",
        "Complexity: <level>",
        "Complexity: TBD",
        "Complexity: ...",
        "Complexity:",
        "Complexity:\n- Screen: High",
        "Time Complexity: O(n log n)",
        "Overall the complexity: High",
        "Complexity grows with the number of users",
    ];
    for line in lines {
        assert_eq!(notes(line).complexity, None, "{line:?}");
    }
}

#[test]
fn time_is_the_first_amount_behind_its_label() {
    let cases = [
        ("Estimated Time: 16-20 hours broken down by phase\n  - Survey: 3 hours", "16", "20", "hours"),
        ("**Estimated Time**: 6–8 hours", "6", "8", "hours"),
        ("**Estimated Time:** **16 – 20** hours", "16", "20", "hours"),
        ("- Time Estimate: 4 hours", "4", "4", "hours"),
        ("| Estimated Time | 5-7 hours |", "5", "7", "hours"),
        ("Complexity: Low | Estimated Time: 4 hours", "4", "4", "hours"),
        ("Estimated Time (hours): 6-8", "6", "8", "hours"),
        ("Estimated Time: 5 to 7 hours", "5", "7", "hours"),
        ("Estimated Time: between 5 and 7 hours", "5", "7", "hours"),
        ("Estimated Time: 6 hours - 8 hours", "6", "8", "hours"),
        ("Estimated Time: about 18-22 hours, reviews included", "18", "22", "hours"),
        ("Estimated Time: 2.5 hours", "2.5", "2.5", "hours"),
        ("Estimated Time: 2,5-3 hours", "2.5", "3", "hours"),
        ("Estimated Time: ~12h", "12", "12", "h"),
        ("Estimated Time: 2-3 days (16-24 hours)", "2", "3", "days"),
        ("Estimated Time: 2-3 working days", "2", "3", "working days"),
        ("Estimated Time: 5 person-days", "5", "5", "person-days"),
        ("Estimated Time: 3 phases, 12-16 hours", "12", "16", "hours"),
        ("Estimated Time: １６ hours", "16", "16", "hours"),
        ("Estimated Time: 8", "8", "8", ""),
    ];
    for (line, min, max, unit) in cases {
        let time = notes(line).time_estimate.unwrap_or_else(|| panic!("{line:?}"));
        assert_eq!(
            (time.min.to_string(), time.max.to_string(), time.unit),
            (min.into(), max.into(), unit.into()),
            "{line:?}"
        );
    }
}

#[test]
fn time_that_is_not_said_is_none() {
    let lines = [
        "Estimated Time: [X-Y hours broken down by phase]",
        "Estimated Time: <N> hours",
        "Estimated Time: TBD",
        "Estimated Time:\n  - Survey: 2 hours\n  - Build: 5 hours",
        "Run Time: 5 hours",
        "The estimated time may double to 40 hours",
    ];
    for line in lines {
        assert_eq!(notes(line).time_estimate, None, "{line:?}");
    }
}

#[test]
fn numbers_are_serialised_as_they_were_written() {
    let json = serde_json::to_value(notes("Estimated Time: 2-2.5 days")).expect("plain data serialises");
    assert_eq!(json["time_estimate"].to_string(), r#"{"min":2,"max":2.5,"unit":"days"}"#);
    let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    let wanted = "analysis_template implementation_template execution_notes complexity time_estimate missing duplicated warnings";
    assert_eq!(keys.join(" "), wanted);
    assert_eq!(json["missing"].to_string(), r#"["analysis_template","implementation_template"]"#);
}
