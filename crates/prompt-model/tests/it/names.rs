//! Names and texts at the edge.

use prompt_model::{Error, FeatureType, Label, TextRule};
use proptest::prelude::*;

#[test]
fn labels_follow_their_rule() {
    for good in ["production", "a", "0a", "v1x", "x-y_z.1", "v"] {
        good.parse::<Label>().unwrap();
    }
    for bad in ["", "1", "12345", "v3", "v10", "Production", "a b", "ü", &"a".repeat(37)] {
        assert!(bad.parse::<Label>().is_err(), "{bad}");
    }
}

#[test]
fn feature_types_are_slugs() {
    for good in ["api", "bugfix", "2fa", "a.b-c_d"] {
        good.parse::<FeatureType>().unwrap();
    }
    for bad in ["", "API", "-x", "a/b", "a b", &"a".repeat(51)] {
        assert!(bad.parse::<FeatureType>().is_err(), "{bad}");
    }
}

#[test]
fn widths_count_characters_where_the_column_does() {
    TextRule::PROJECT_NAME.apply(&"ü".repeat(100)).unwrap();
    let error = TextRule::PROJECT_NAME.apply(&"ü".repeat(101)).unwrap_err();
    assert_eq!(error.to_string(), "the project name is too long: 101 characters, at most 100 fit");
    let nul = TextRule::CONTENT.apply("a\0b").unwrap_err();
    assert!(matches!(nul, Error::NulInText { field: "content", offset: 1 }));
}

#[test]
fn a_message_does_not_repeat_a_megabyte() {
    let error = "x ".repeat(1_000_000).parse::<Label>().unwrap_err();
    assert!(error.to_string().len() < 300);
}

proptest! {
    #[test]
    fn a_label_that_parses_is_printed_as_it_was(text in "[a-z0-9_.-]{1,36}") {
        if let Ok(label) = text.parse::<Label>() {
            prop_assert_eq!(label.to_string(), text);
        } else {
            let digits = text.strip_prefix('v').unwrap_or(&text);
            prop_assert!(digits.chars().all(|c| c.is_ascii_digit()));
        }
    }
}
