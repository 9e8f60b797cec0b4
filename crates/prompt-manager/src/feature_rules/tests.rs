//! Rules as people write them, and what they suggest.

use prompt_model::builtin::FEATURE_RULES;

use super::{FeatureRules, Suggestion};

fn suggest(rules: &str, request: &str) -> Option<Suggestion> {
    FeatureRules::parse(rules).unwrap().suggest(request)
}

fn terms(rules: &str, request: &str) -> Vec<String> {
    suggest(rules, request).map(|suggestion| suggestion.terms).unwrap_or_default()
}

fn refusal(rules: &str) -> String {
    FeatureRules::parse(rules).unwrap_err().to_string()
}

#[test]
fn the_built_in_rules_suggest_what_a_person_would() {
    let rules = FeatureRules::parse(FEATURE_RULES).unwrap();
    let cases = [
        ("Fix the login form, it rejects valid e-mail addresses", Some("bugfix")),
        ("The importer CRASHES on an empty file", Some("bugfix")),
        ("Saving doesn't work on Windows since the last release", Some("bugfix")),
        ("Refactor the scheduler into two modules", Some("refactor")),
        ("Refactoring: split the API client", Some("refactor")),
        ("Add an endpoint that lists a student's courses", Some("api")),
        ("Add a dark mode to the settings page", Some("ui")),
        ("Fix a typo in the README", Some("docs")),
        ("Unit tests for the date parser", Some("test")),
        ("The dashboard is too slow with 10,000 rows", Some("performance")),
        ("Fix the XSS vulnerability in comments", Some("security")),
        ("A database migration that adds the waiting list", Some("data")),
        ("A waiting list for full courses", None),
        ("Let the rest of the team prefix their branches", None),
        ("", None),
    ];
    for (request, expected) in cases {
        let suggestion = rules.suggest(request);
        let feature_type = suggestion.as_ref().map(|s| s.feature_type.as_str());
        assert_eq!(feature_type, expected, "{request}: {suggestion:?}");
    }
}

#[test]
fn the_first_rule_with_a_match_wins_and_says_why() {
    let rules = "# head\n\nui: button\nbugfix: crash, bug, fix, broken\n";
    let suggestion = suggest(rules, "Fix the crash: a BROKEN bug of the button").unwrap();
    assert_eq!((suggestion.feature_type.as_str(), suggestion.line), ("ui", 3));
    let suggestion = suggest(rules, "Fix the crash, a BROKEN bug").unwrap();
    assert_eq!((suggestion.feature_type.as_str(), suggestion.line), ("bugfix", 4));
    assert_eq!(suggestion.terms, ["crash", "bug", "Fix"]);
    assert_eq!(suggestion.to_string(), r#"the request says "crash", "bug", "Fix""#);
    let json = serde_json::to_value(&suggestion).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"feature_type": "bugfix", "terms": ["crash", "bug", "Fix"], "line": 4})
    );
}

#[test]
fn words_match_whole_unless_a_star_follows() {
    assert_eq!(terms("a: fix", "a prefix, fixed"), [""; 0]);
    assert_eq!(terms("a: fix", "fix"), ["fix"]);
    assert_eq!(terms("a: fix*", "a prefix, fixed"), ["fixed"]);
    assert_eq!(terms("a: fix*", "(fix)"), ["fix"]);
    assert_eq!(terms("a: fix, fix*", "fix"), ["fix"], "the same words are named once");
    assert_eq!(terms("a: does not work*", "It does not, and will not, work"), [""; 0]);
    assert_eq!(terms("a: does not work*", "It Does   not\nworking"), ["Does not working"]);
}

#[test]
fn gaps_and_case_make_no_difference_in_any_script() {
    assert_eq!(terms("a: \"e-mail, please\"", "An E-Mail... please!"), ["E-Mail please"]);
    assert_eq!(terms("a: straße", "Die STRAßE"), ["STRAßE"]);
    assert_eq!(terms("a: fehler*", "ÜBERFEHLER, Fehlermeldung"), ["Fehlermeldung"]);
    assert_eq!(terms("a: οδός", "Η ΟΔΌΣ"), ["ΟΔΌΣ"]);
    assert_eq!(terms("a: ошибка", "Это ОШИБКА!"), ["ОШИБКА"]);
    assert_eq!(terms("a: i̇x", "İX"), [""; 0], "a combining dot is no letter");
    assert_eq!(terms("a: b c", "b\u{202e}c"), ["b c"], "no invisible character is handed on");
}

#[test]
fn the_text_of_rules_may_have_a_mark_crlf_and_blanks() {
    let rules = FeatureRules::parse("\u{feff}  # head\r\n\r\n  api : x ,  \"y, z\"  \r\n").unwrap();
    assert_eq!(rules.suggest("y-z").map(|s| (s.line, s.terms)), Some((3, vec!["y-z".to_owned()])));
    assert!(FeatureRules::parse("").unwrap().suggest("anything").is_none());
}

#[test]
fn what_is_no_rule_is_refused_with_its_line_and_what_to_write() {
    assert!(refusal("\n# x\nbugfix bug").starts_with("line 3: write a feature type, a colon"));
    assert!(refusal("Bugfix: bug").contains("feature type"));
    for empty in ["a:", "a: b,", "a: ,b", "a: b,,c", "a: \"\"", "a: \" \""] {
        assert!(refusal(empty).contains("a term is empty"), "{empty}");
    }
    assert!(refusal("a: b, --").contains("`--` has no word"));
    for star in ["a: *", "a: b *", "a: b*c", "a: *b", "a: b**"] {
        assert!(refusal(star).contains("write `*` at the end"), "{star}");
    }
    for quote in ["a: \"b", "a: \"b\" c", "a: b \"c\"", "a: b\""] {
        assert!(refusal(quote).contains("double quotes around"), "{quote}");
    }
}

#[test]
fn the_bounds_are_kept() {
    let rules = |n: usize| "a: b\n".repeat(n);
    assert!(FeatureRules::parse(&rules(200)).is_ok());
    assert!(refusal(&rules(201)).starts_with("line 201: there are more than 200 rules"));
    let many = |n: usize| format!("a: {}", vec!["b"; n].join(","));
    assert!(FeatureRules::parse(&many(100)).is_ok());
    assert!(refusal(&many(101)).contains("at most 100 terms"));
    assert!(FeatureRules::parse(&format!("a: {}", "é".repeat(100))).is_ok());
    assert!(refusal(&format!("a: {}", "é".repeat(101))).contains("101 characters"));
}

#[test]
fn a_long_request_is_searched_and_what_is_shown_of_it_stays_short() {
    let term = vec!["a"; 50].join(" ");
    let rules = FeatureRules::parse(&vec![format!("x: {} b", &term[..97]); 20].join("\n")).unwrap();
    assert!(rules.suggest(&"a ".repeat(1 << 19)).is_none());
    let shown = terms("x: fix*", &format!("fix{}", "é".repeat(1 << 19)));
    assert_eq!(shown[0].chars().count(), 100);
    assert!(shown[0].ends_with('…'));
    assert_eq!(terms("x: b c", &format!("b{}c", "-".repeat(1 << 20))), ["b c"]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "[a-c:,\"*# \n\u{e9}]{0,60}", request in ".{0,60}") {
        if let Ok(rules) = FeatureRules::parse(&text) {
            rules.suggest(&request);
            rules.suggest(&text);
        }
    }
}
