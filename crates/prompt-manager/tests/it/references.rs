//! References, as people write them.

use prompt_manager::{Reference, Selector};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_reference_is_read_as_it_is_written(
        project in proptest::option::of("[a-z_]{1,10}"),
        name in "[a-z][a-z/ ü]{0,10}[a-z]",
        selector in "[a-z]{3,10}|[1-9][0-9]{0,5}|sha256:[0-9a-f]{8,64}",
    ) {
        let text = match &project {
            Some(project) => format!("{project}:{name}@{selector}"),
            None => format!("{name}@{selector}"),
        };
        let reference: Reference = text.parse().unwrap();
        prop_assert_eq!(&reference.project, &project);
        prop_assert_eq!(&reference.name, &name);
        prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,40}") {
        if let Ok(reference) = text.parse::<Reference>() {
            prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
        }
    }
}

#[test]
fn what_is_left_out_is_production() {
    let reference: Reference = "campus/analysis".parse().unwrap();
    assert_eq!(reference, Reference::production("campus/analysis"));
    assert_eq!("a@v3".parse::<Reference>().unwrap().selector, Selector::Number(3));
    for bad in ["", "@3", ":a", "a@", "a@sha256:12", "a@Upper", "a@99999999999"] {
        assert!(bad.parse::<Reference>().is_err(), "{bad}");
    }
}
