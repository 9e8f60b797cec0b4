//! Properties of all conversions.

use std::collections::BTreeMap;

use prompt_template::Engine;
use prompt_template::convert::{ConvertOptions, Dialect, Includes, Values, convert};
use prompt_template::serde_json::json;
use proptest::prelude::*;

use crate::convert::{jinja, lenient};

/// Texts that mean something to Handlebars, and nothing to Jinja2 unless two of them meet.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{", "{ ", "}}", "}", "\\", "\\\\", "\n", " ", "\t", "a", "!", "--", "#if x", "/if", "else", "é",
        "\u{2003}", "%", "~", "[", "&", "<b>", "\"", "'", "^", ">",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|parts| parts.concat())
}

/// Pieces that make sense to a parser, in an order that does not.
fn noise() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        "+",
        " ",
        "\n",
        "if",
        "for",
        "in",
        "else",
        "elif",
        "endif",
        "endfor",
        "set",
        "endset",
        "include",
        "raw",
        "endraw",
        "macro",
        "endmacro",
        "block",
        "endblock",
        "call",
        "endcall",
        "is",
        "not",
        "and",
        "or",
        "defined",
        "x",
        "y.z",
        "loop.index",
        "'s'",
        "\"t\"",
        "1",
        "2.5",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "|",
        "~",
        "==",
        "<",
        "=",
        "*",
        "**",
        "//",
        "\\",
        "upper",
        "default('q')",
        "{{ x }}",
        "{% if x %}",
        "{% endif %}",
        "{% for x in xs %}",
        "{% endfor %}",
        "{% raw %}",
        "{% endraw %}",
        "{{ x|join }}",
        "{% include 'p' %}",
        "é",
        "\u{202e}",
        "{0}",
        "{name!r:>10}",
        "[NAME]",
        "[A_B]",
        "[x](y)",
        "\r\n",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..30).prop_map(|parts| parts.concat())
}

/// A Jinja2 template that prints its text, with and without tags around it.
fn printing(text: &str) -> String {
    format!("{{% raw %}}{text}{{% endraw %}}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_printed_byte_for_byte(before in text(), after in text()) {
        let source = format!("{}{{{{ x }}}}{}{{% if y %}}{}{{% endif %}}{}",
            printing(&before), printing(&after), printing(&before), printing(&after));
        let handlebars = jinja(&source).handlebars.expect("texts and variables can be converted");
        let rendered = lenient(&handlebars, &BTreeMap::new(), &json!({"x": "X", "y": true}));
        let (before, after) = (before.as_str(), after.as_str());
        prop_assert_eq!(rendered.unwrap(), [before, "X", after, before, after].concat(), "{}", handlebars);
    }

    #[test]
    fn a_text_without_tags_stays(text in text()) {
        prop_assume!(!["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)));
        let handlebars = jinja(&text).handlebars.expect("a text can be converted");
        let expected = text.strip_suffix('\n').unwrap_or(&text);
        prop_assert_eq!(lenient(&handlebars, &BTreeMap::new(), &json!({})).unwrap(), expected);
        let braces = text.replace('{', "{{").replace('}', "}}");
        let handlebars = convert(Dialect::Format, &braces, &ConvertOptions::default()).handlebars.unwrap();
        prop_assert_eq!(lenient(&handlebars, &BTreeMap::new(), &json!({})).unwrap(), &text[..]);
        let handlebars = convert(Dialect::Brackets, &text, &ConvertOptions::default()).handlebars.unwrap();
        prop_assert_eq!(lenient(&handlebars, &BTreeMap::new(), &json!({})).unwrap(), &text[..]);
    }

    #[test]
    fn no_source_panics_and_what_comes_out_compiles(source in prop_oneof![4 => noise(), 1 => any::<String>()]) {
        for dialect in [Dialect::Jinja2, Dialect::Format, Dialect::Brackets] {
            for values in [Values::Python, Values::Text] {
                let options = ConvertOptions::default().values(values).includes(Includes::Anything);
                let conversion = convert(dialect, &source, &options);
                let lines = source.replace("\r\n", "\n").split(['\n', '\r']).count();
                for report in conversion.report.iter().chain(&conversion.notes) {
                    prop_assert!(report.line >= 1 && report.line <= lines, "{report:?}");
                    prop_assert!(!report.reason.is_empty() && !report.construct.is_empty());
                    // A helper refuses a literal on which Jinja2 would fail while rendering.
                    let refused = report.reason.contains("` takes ");
                    prop_assert!(report.construct != "handlebars" || refused, "{}: {:?}", source, report);
                }
                match &conversion.handlebars {
                    Some(handlebars) => {
                        prop_assert!(conversion.report.is_empty());
                        prop_assert!(Engine::default().check("", handlebars).is_ok(), "{}", handlebars);
                    }
                    None => prop_assert!(!conversion.report.is_empty()),
                }
            }
        }
    }

    #[test]
    fn a_template_is_cut_off_anywhere(cut in 0usize..400) {
        let whole = "{% for y in ys if y.v %}{{ y['n']|replace('a', \"b\\n\")|default(x ~ [1, {'k': 2}][0]) }}\
                     {% elif not (a is defined and 1 < b <= 2.5e3) %}{#- note -#}{% raw %}{{{% endraw %}{% endfor %}\
                     {% macro m(a, b=1) %}{% call(u) m(*x, **y) %}{% trans %}{% endtrans %}{% endcall %}{% endmacro %}";
        let conversion = jinja(whole.get(..cut.min(whole.len())).unwrap_or_default());
        prop_assert_eq!(conversion.handlebars.is_some(), conversion.report.is_empty());
    }
}

#[test]
fn hostile_sources_are_answered_in_time() {
    let started = std::time::Instant::now();
    let many = 2_000;
    let sources = [
        "{".repeat(1 << 14),
        "{{".repeat(many),
        "{% if x %}".repeat(many),
        "{{ (".repeat(many),
        format!("{{{{ {} }}}}", "(".repeat(many)),
        format!("{{{{ {}x }}}}", "not ".repeat(many)),
        format!("{{{{ {}1 }}}}", "-".repeat(many)),
        format!("{{{{ x{} }}}}", ".a".repeat(many)),
        format!("{{{{ x{} }}}}", "|upper".repeat(many)),
        format!("{{{{ x{} }}}}", " and x".repeat(many)),
        format!("{{{{ x{} }}}}", " + 1".repeat(many)),
        format!("{{{{ {} }}}}", "[".repeat(many)),
        format!("{{{{ {}x{} }}}}", "a if ".repeat(many), " else b".repeat(many)),
        format!("{{% raw %}}{}", "{% ".repeat(many)),
        format!("{{% raw %}}{}", "{%".to_owned() + &" ".repeat(1 << 14)),
        format!("{{# {}", "#".repeat(many)),
        "{% for x in xs %}".repeat(2_000),
        format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(1_000)),
        (0..1_000).fold(String::new(), |all, n| all + &format!("{{% set a{} = a{n} ~ a{n} %}}", n + 1)),
        format!("{{% set a = '{}' %}}{}", "x".repeat(9_000), "{{ a }}".repeat(5_000)),
        "{a[".repeat(many),
        "[A".repeat(many),
        "[A_B]".repeat(3_000),
        "\\".repeat(1 << 14),
    ];
    for source in &sources {
        for dialect in [Dialect::Jinja2, Dialect::Format, Dialect::Brackets] {
            let conversion = convert(dialect, source, &ConvertOptions::default());
            assert_eq!(conversion.handlebars.is_some(), conversion.report.is_empty());
        }
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
