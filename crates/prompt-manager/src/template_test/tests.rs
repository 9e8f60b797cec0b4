//! Tests of the stored tests.

use serde_json::{Map, json};

use super::{Assertion, BadTest, TemplateTest};

fn assertion(json: serde_json::Value) -> Assertion {
    serde_json::from_value(json).unwrap()
}

fn test(assertions: Vec<Assertion>) -> TemplateTest {
    TemplateTest { name: "t".to_owned(), variables: Map::new(), assertions }
}

fn message(result: Result<impl std::fmt::Debug, BadTest>) -> String {
    result.unwrap_err().to_string()
}

fn has(text: &str, name: &str) -> bool {
    Assertion::HasSection(name.to_owned()).holds(text).is_ok()
}

#[test]
fn every_kind_has_its_json_and_its_phrase() {
    for (json, phrase) in [
        (json!({"contains": "path"}), "contains \"path\""),
        (json!({"not_contains": "a\nb"}), "does not contain \"a\\nb\""),
        (json!({"matches": "^x"}), "matches \"^x\""),
        (json!({"equals": ""}), "equals \"\""),
        (json!({"max_length": 4000}), "at most 4,000 characters"),
        (json!({"max_length": 1}), "at most 1 character"),
        (json!({"max_length": 1_234_567}), "at most 1,234,567 characters"),
        (json!({"has_section": "Steps"}), "has the section \"Steps\""),
        (json!("renders"), "renders"),
    ] {
        let read = assertion(json.clone());
        assert_eq!(read.to_string(), phrase);
        assert_eq!(serde_json::to_value(read).unwrap(), json);
    }
}

#[test]
fn long_texts_are_shortened_at_a_character() {
    let shown = Assertion::Contains("é".repeat(61)).to_string();
    assert_eq!(shown, format!("contains \"{}…\"", "é".repeat(59)));
    let whole = Assertion::Contains("é".repeat(60)).to_string();
    assert_eq!(whole, format!("contains \"{}\"", "é".repeat(60)));
}

#[test]
fn an_unknown_kind_is_refused_with_the_known_ones() {
    let said =
        message(TemplateTest::parse_file(r#"[{"name": "a"}, {"name": "b", "assertions": [{"has": 1}]}]"#));
    assert!(said.contains("test 2: unknown variant `has`"), "{said}");
    for kind in ["contains", "not_contains", "matches", "equals", "max_length", "has_section", "renders"] {
        assert!(said.contains(&format!("`{kind}`")), "{said}");
    }
}

#[test]
fn each_kind_holds_or_says_why_not() {
    let text = "Read the path.\nThen stop.\n";
    for (json, expected) in [
        (json!({"contains": "path"}), None),
        (json!({"contains": "file"}), Some("expected to contain \"file\", and does not")),
        (json!({"not_contains": "file"}), None),
        (json!({"not_contains": "stop"}), Some("expected not to contain \"stop\", and does on line 2")),
        (json!({"matches": r"the \w+\."}), None),
        (json!({"matches": "^Then"}), Some("expected to match \"^Then\", and does not")),
        (json!({"matches": "(?m)^Then"}), None),
        (json!({"equals": text}), None),
        (
            json!({"equals": "Read the path.\nThen go.\n"}),
            Some("expected line 2 to be \"Then go.\", is \"Then stop.\""),
        ),
        (
            json!({"equals": "Read the path.\nThen stop."}),
            Some("expected line 2 to be \"Then stop.\", is \"Then stop.\\n\""),
        ),
        (json!({"equals": "Read the path.\n"}), Some("expected line 2 to be missing, is \"Then stop.\\n\"")),
        (json!({"max_length": 26}), None),
        (json!({"max_length": 25}), Some("expected at most 25 characters, has 26")),
        (json!({"has_section": "Steps"}), Some("expected to have the section \"Steps\", and does not")),
        (json!("renders"), None),
    ] {
        assert_eq!(assertion(json.clone()).holds(text).err().as_deref(), expected, "{json}");
    }
    assert_eq!(
        Assertion::MaxLength(4000).holds(&"é".repeat(5120)).unwrap_err(),
        "expected at most 4,000 characters, has 5,120"
    );
}

#[test]
fn a_difference_far_into_a_line_is_shown() {
    let said = Assertion::Equals(format!("{}x", "é".repeat(1000))).holds(&format!("{}y", "é".repeat(1000)));
    let shared = "é".repeat(20);
    assert_eq!(said.unwrap_err(), format!("expected line 1 to be \"…{shared}x\", is \"…{shared}y\""));
}

#[test]
fn headings_are_found_in_all_their_forms() {
    for text in [
        "# Steps",
        "intro\n### steps ##\r\n",
        "   ###### 1. **Steps**  \n",
        "## __2) STEPS__",
        "## **3.1. Steps**",
        "Steps\n-----\n",
        "*Steps*\r\n===\r\n",
        "<task>\n#\tSteps\n</task>",
        "```\n# Other\n```\n# Steps",
        "~~~\n```\n~~~\nSteps\n=",
        "`` `inline` ``\n\nSteps\n=",
    ] {
        assert!(has(text, " Steps "), "{text:?}");
    }
    assert!(has("## Steps", "1. *steps* #"));
    assert!(has("## 2024", "2024") && has("## 3.5 notes", "3.5 notes") && has("## 1.", "1."));
}

#[test]
fn what_is_no_heading_does_not_count() {
    for text in [
        "",
        "Steps",
        "#Steps",
        "####### Steps",
        "    # Steps",
        "\t# Steps",
        "```\n# Steps\n```",
        "````md\n```\n# Steps\n",
        "~~~\n# Steps\n```\n",
        "## Next Steps",
        "Steps\n\n-----\n",
        "- Steps\n-----\n",
        "> Steps\n-----\n",
        "Some\nSteps\n-----\n",
        "Steps\n- - -\n",
    ] {
        assert!(!has(text, "Steps"), "{text:?}");
    }
}

#[test]
fn a_test_is_judged() {
    let judge = |json: serde_json::Value, rendering| {
        let outcome = serde_json::from_value::<TemplateTest>(json).unwrap().judge(rendering);
        (outcome.passed, outcome.detail)
    };
    let some = json!({"name": "t", "assertions": ["renders", {"contains": "a"}, {"contains": "b"}, {"equals": "c"}]});
    let fine = "expected to contain \"a\", and does not";
    assert_eq!(judge(json!({"name": "t"}), Ok("é")), (true, "no checks, 1 character".to_owned()));
    assert_eq!(judge(json!({"name": "t", "assertions": ["renders"]}), Ok("ab")).1, "1 check, 2 characters");
    assert_eq!(judge(some.clone(), Ok("x")), (false, format!("{fine}, and 2 more failed")));
    assert_eq!(
        judge(json!({"name": "t", "assertions": [{"contains": "a"}]}), Ok("x")),
        (false, fine.to_owned())
    );
    assert_eq!(judge(some, Err("no such variable")), (false, "no such variable".to_owned()));
    let outcome = serde_json::to_value(test(vec![]).judge(Ok(""))).unwrap();
    assert_eq!(outcome, json!({"name": "t", "passed": true, "detail": "no checks, 0 characters"}));
}

#[test]
fn names_are_checked() {
    let check = |name: &str| TemplateTest { name: name.to_owned(), ..test(vec![]) }.check();
    assert!(check("a").is_ok() && check(&"é".repeat(100)).is_ok());
    assert_eq!(message(check(" ")), "test \" \": the name is blank");
    assert_eq!(message(check("a\u{7}")), "test \"a\\u{7}\": the name holds a control character");
    assert!(message(check(&"é".repeat(101))).ends_with("the name is longer than 100 characters"));
}

#[test]
fn bounds_are_checked() {
    assert!(test(vec![Assertion::Renders; 100]).check().is_ok());
    assert_eq!(
        message(test(vec![Assertion::Renders; 101]).check()),
        "test \"t\": 101 assertions are more than 100"
    );
    let text = |bytes| test(vec![Assertion::Equals("a".repeat(bytes))]).check();
    assert!(text(1 << 16).is_ok());
    assert!(message(text((1 << 16) + 1)).ends_with("takes 65537 bytes, more than 65536"));
    let variables = |bytes: usize| {
        let value = serde_json::Value::String("a".repeat(bytes - "{\"k\":\"\"}".len()));
        TemplateTest { variables: Map::from_iter([("k".to_owned(), value)]), ..test(vec![]) }.check()
    };
    assert!(variables(1 << 20).is_ok());
    assert_eq!(
        message(variables((1 << 20) + 1)),
        "test \"t\": the variables take 1048577 bytes, more than 1048576"
    );
}

#[test]
fn patterns_are_checked() {
    let check = |pattern: &str| test(vec![Assertion::Matches(pattern.to_owned())]).check();
    assert!(check("(a|b)+").is_ok());
    assert_eq!(message(check("(a")), "test \"t\": the pattern \"(a\" cannot be used: unclosed group");
    assert!(message(check("(a{1000}){1000}")).ends_with("compiled, it takes more than 262,144 bytes"));
    assert!(message(check(&"(".repeat(60_000))).contains("cannot be used"));
    let held = Assertion::Matches("(a".to_owned()).holds("a");
    assert_eq!(held.unwrap_err(), "expected to match \"(a\", which cannot be used: unclosed group");
}

#[test]
fn a_file_is_a_list_or_an_object() {
    let list =
        r#"[{"name": "a", "variables": {"x": [1]}, "assertions": [{"max_length": 3}]}, {"name": "b"}]"#;
    let tests = TemplateTest::parse_file(list).unwrap();
    assert_eq!(tests[0].assertions, [Assertion::MaxLength(3)]);
    assert_eq!(tests[0].variables["x"], json!([1]));
    assert_eq!(TemplateTest::parse_file(&format!("\u{feff}{{\"tests\": {list}}}")).unwrap(), tests);
    assert_eq!(TemplateTest::parse_file("[]").unwrap(), []);
}

#[test]
fn a_bad_file_is_refused_and_says_where() {
    for (file, expected) in [
        ("", "the tests cannot be read: EOF"),
        ("3", "expected a list of tests, or an object with the list as `tests`"),
        ("{}", "missing field `tests`"),
        (r#"{"tests": [], "x": 1}"#, "unknown field \"x\", expected `tests`"),
        (r#"{"tests": [], "tests": []}"#, "duplicate field `tests`"),
        (r#"{"tests": {"tests": []}}"#, "invalid type: map"),
        (r#"[{"name": "a"}, {}]"#, "test 2: missing field `name`"),
        (r#"[{"name": "a", "vars": {}}]"#, "test 1: unknown field `vars`"),
        (r#"[{"name": "a", "assertions": [], "assertions": []}]"#, "test 1: duplicate field `assertions`"),
        (r#"[{"name": "a", "assertions": [{"max_length": -1}]}]"#, "test 1: invalid value"),
        (r#"[{"name": "a"}, {"name": ""}]"#, "test 2: the name is blank"),
        (r#"[{"name": "a"}, {"name": "a"}]"#, "test \"a\": there is another test of this name"),
        (
            r#"[{"name": "a", "assertions": [{"matches": "["}]}]"#,
            "test \"a\": the pattern \"[\" cannot be used",
        ),
    ] {
        let said = message(TemplateTest::parse_file(file));
        assert!(said.contains(expected), "{file}: {said}");
    }
    let many = |count: usize| {
        let tests: Vec<_> = (0..count).map(|number| json!({"name": number.to_string()})).collect();
        TemplateTest::parse_file(&json!(tests).to_string())
    };
    assert_eq!(many(100).unwrap().len(), 100);
    assert!(message(many(101)).contains("there are more than 100 tests"));
    assert!(TemplateTest::parse_file(&"[".repeat(1 << 20)).is_err());
}

#[test]
fn hostile_texts_are_searched() {
    let size = 1 << 20;
    for text in [
        "#".repeat(size),
        "`".repeat(size),
        "-\n".repeat(size / 2),
        "a\n".repeat(size / 2),
        "1.".repeat(size / 2),
    ] {
        assert!(!has(&text, "Steps"));
        assert!(Assertion::Equals("a\n".repeat(size / 2 - 1)).holds(&text).is_err());
    }
    assert!(Assertion::Matches("(a*)*b".to_owned()).holds(&"a".repeat(size)).is_err());
}
