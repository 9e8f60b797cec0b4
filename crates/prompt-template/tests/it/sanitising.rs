//! Hidden characters in variables.

use prompt_template::serde_json::{Value, json};
use prompt_template::{Code, Hidden, RenderOptions};
use proptest::prelude::*;

use crate::compile;

/// One or more of each family, by their numbers.
const HIDDEN: [char; 30] = [
    '\0',
    '\u{7}',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{9b}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{180e}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{2028}',
    '\u{202a}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2069}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fff9}',
    '\u{1bca0}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{e0100}',
    '\u{e01ef}',
];

fn rendered(source: &str, data: &Value, options: &RenderOptions) -> Result<String, Vec<Code>> {
    let result = compile(source, &[]).unwrap().render(data, options);
    result.map_err(|error| error.diagnostics().iter().map(|diagnostic| diagnostic.code).collect())
}

fn front(settings: &str) -> String {
    format!("---\nprompt_runner:\n  variables:\n    a: {{{settings}}}\n---\n[{{{{a}}}}]")
}

#[test]
fn the_default_depends_on_who_may_have_written_the_text() {
    let data = json!({"a": "x\u{202e}y"});
    let default = RenderOptions::default();
    assert_eq!(rendered("[{{a}}]", &data, &default).unwrap(), "[x\u{202e}y]");
    assert_eq!(rendered(&front("trusted: true"), &data, &default).unwrap(), "[x\u{202e}y]");
    assert_eq!(rendered(&front("trusted: false"), &data, &default).unwrap(), "[x<U+202E>y]");
}

#[test]
fn a_declared_policy_counts_before_that_of_the_rendering() {
    let data = json!({"a": "x\u{200b}"});
    for (settings, option, expected) in [
        ("trusted: false", Hidden::Keep, Ok("[x\u{200b}]")),
        ("hidden: keep", Hidden::Refuse, Ok("[x\u{200b}]")),
        ("hidden: show", Hidden::Keep, Ok("[x<U+200B>]")),
        ("trusted: true", Hidden::Show, Ok("[x<U+200B>]")),
        ("hidden: refuse", Hidden::Show, Err(vec![Code::HiddenCharacters])),
        ("trusted: true", Hidden::Refuse, Err(vec![Code::HiddenCharacters])),
    ] {
        let options = RenderOptions::default().hidden(option);
        assert_eq!(rendered(&front(settings), &data, &options), expected.map(str::to_owned), "{settings}");
    }
}

#[test]
fn texts_inside_of_values_and_keys_are_meant_too() {
    let source = "{{#each a}}{{@key}}={{#each this}}{{this}}{{/each}}{{/each}}";
    let data = json!({"a": {"k\u{200b}": ["x\u{7}", "y"], "l": ["\u{e0041}"]}});
    let show = RenderOptions::default().hidden(Hidden::Show);
    assert_eq!(rendered(source, &data, &show).unwrap(), "k<U+200B>=x<U+0007>yl=<U+E0041>");
    let refuse = RenderOptions::default().hidden(Hidden::Refuse);
    assert_eq!(rendered(source, &data, &refuse), Err(vec![Code::HiddenCharacters]));
    // Shown, the two keys would be one.
    let data = json!({"a": {"k\u{200b}": ["x"], "k<U+200B>": ["y"]}});
    assert_eq!(rendered(source, &data, &show), Err(vec![Code::HiddenCharacters]));
    // A variable that is not used is not looked at.
    assert_eq!(rendered("x", &data, &refuse).unwrap(), "x");
}

#[test]
fn ends_of_lines_and_tabs_are_not_hidden() {
    for text in ["a\nb\tc", "a\r\nb", "日本 é 😀", "ذهب"] {
        assert_eq!(Hidden::Refuse.apply(text.to_owned()).as_deref(), Some(text));
    }
    assert_eq!(Hidden::Refuse.apply("a\rb".to_owned()), None);
    for c in HIDDEN {
        assert_eq!(Hidden::Refuse.apply(format!("é{c}")), None, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn shown_text_cannot_close_its_delimiter() {
    let source = "---\nprompt_runner:\n  variables:\n    a: {trusted: false}\n---\n{{untrusted a}}";
    let options = RenderOptions::default().nonce("n");
    let plain = rendered(source, &json!({"a": "text"}), &options).unwrap();
    for hidden in ["\u{200b}", "\u{202e}", ""] {
        // A hidden character inside of the marker, and around it.
        let hostile = format!("{hidden}{}{hidden}\n{}", plain.replacen('-', &format!("-{hidden}"), 1), plain);
        let shown = rendered(source, &json!({"a": hostile}), &options).unwrap();
        let marker = &shown["<untrusted-".len()..][..16];
        assert_eq!(shown.matches(marker).count(), 2, "{shown}");
        assert!(shown.ends_with(&format!("</untrusted-{marker}>")));
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => "[a-z <>\n\t]{0,5}",
        1 => Just("\r\n".to_owned()),
        1 => prop::sample::select(HIDDEN.to_vec()).prop_map(String::from),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn policies_do_what_they_say(text in text()) {
        prop_assert_eq!(Hidden::Keep.apply(text.clone()), Some(text.clone()));
        let bare = text.replace("\r\n", "");
        let is_hidden = |c: char| c.is_control() && !"\n\t".contains(c) || HIDDEN.contains(&c);
        let holds = bare.chars().any(is_hidden);
        let shown = Hidden::Show.apply(text.clone()).unwrap();
        prop_assert!(!shown.replace("\r\n", "").chars().any(is_hidden));
        prop_assert_eq!(Hidden::Refuse.apply(shown.clone()), Some(shown.clone()));
        let refused = Hidden::Refuse.apply(text.clone());
        if holds {
            prop_assert!(shown != text);
        }
        prop_assert_eq!(refused.is_none(), shown != text);
        // All that is seen stays, in its order.
        let seen = |text: &str| text.chars().filter(|c| c.is_alphanumeric() && !is_hidden(*c)).count();
        prop_assert!(seen(&shown) >= seen(&text));
    }

    #[test]
    fn a_rendering_applies_its_policy_everywhere(text in text()) {
        let source = "{{a}}|{{#each b}}{{this}}{{/each}}|{{c.d}}";
        let data = json!({"a": text, "b": [text], "c": {"d": text}});
        for policy in [Hidden::Keep, Hidden::Show, Hidden::Refuse] {
            let options = RenderOptions::default().hidden(policy);
            let expected = policy.apply(text.clone()).map(|text| format!("{text}|{text}|{text}"));
            prop_assert_eq!(rendered(source, &data, &options).ok(), expected);
        }
    }
}
