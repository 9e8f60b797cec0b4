//! Format strings, placeholders in brackets, and the options.

use std::collections::{BTreeMap, BTreeSet};

use prompt_template::convert::{Conversion, ConvertOptions, Dialect, Includes, Values, convert};
use prompt_template::serde_json::{self, json};

use crate::convert::{jinja, lenient};

fn text(dialect: Dialect, source: &str) -> String {
    let options = ConvertOptions::default().values(Values::Text);
    convert(dialect, source, &options).handlebars.unwrap()
}

fn reported(dialect: Dialect, source: &str) -> Vec<(String, usize)> {
    let conversion = convert(dialect, source, &ConvertOptions::default());
    assert_eq!(conversion.handlebars, None);
    conversion.report.into_iter().map(|report| (report.construct, report.line)).collect()
}

fn noted(conversion: &Conversion) -> Vec<(&str, usize)> {
    conversion.notes.iter().map(|note| (note.construct.as_str(), note.line)).collect()
}

#[test]
fn format_strings_are_converted() {
    let cases = [
        (
            "Dear {name}, {user.name}: {items[0]} {d[first name]} {d[key].x}",
            "Dear {{name}}, {{user.name}}: {{items.[0]}} {{d.[first name]}} {{d.key.x}}",
        ),
        ("{x!s} {x:s} {x:}", "{{x}} {{x}} {{x}}"),
        ("{{}} {{x}} {{{x}}} {{{{", "{} {x} {{concat \"{\"}}{{x}}} \\{{"),
        ("{log} {else} {first name}", "{{this.log}} {{this.else}} {{this.[first name]}}"),
        ("keeps its end\n", "keeps its end\n"),
    ];
    for (source, expected) in cases {
        assert_eq!(text(Dialect::Format, source), expected);
    }
    let handlebars = convert(Dialect::Format, "{{{x}}} {y}", &ConvertOptions::default()).handlebars.unwrap();
    let rendered = lenient(&handlebars, &BTreeMap::new(), &json!({"x": true, "y": [1, null]}));
    assert_eq!(rendered.unwrap(), "{True} [1, None]");
}

#[test]
fn format_fields_without_an_equal_are_reported() {
    let cases = [
        ("a\n{} {0}", vec![("positional field", 2)]),
        ("{x!r}\n\n{x!a}", vec![("conversion", 1), ("conversion", 3)]),
        ("{x:>10} {y:.2f}", vec![("format spec", 1)]),
        ("{x:{w}}", vec![("nested field", 1)]),
        ("{x", vec![("syntax", 1)]),
        ("x}", vec![("syntax", 1)]),
        ("{x!}", vec![("syntax", 1)]),
        ("{x!q}", vec![("syntax", 1)]),
        ("{x.}", vec![("syntax", 1)]),
        ("{x[]}", vec![("syntax", 1)]),
        ("{x[0]y}", vec![("syntax", 1)]),
        ("{this}", vec![("field name", 1)]),
    ];
    for (source, expected) in cases {
        let expected: Vec<_> =
            expected.into_iter().map(|(construct, line)| (construct.to_owned(), line)).collect();
        assert_eq!(reported(Dialect::Format, source), expected, "{source}");
    }
}

#[test]
fn placeholders_are_told_from_other_brackets() {
    let source = "# [PROJECT_NAME] for [USER NAME]\n- [ ] open\n- [x] done\n[text](url) [API_DOCS](url) [REF_A][REF_B]\n\
                  list[0] a[SIZE_MAX] [^1] [lower] [a-z] [A-Z] [1] [X] ![IMAGE_ALT](u) \\[NOT_ME]\n[LINK_ID]: https://x\n[LOG]";
    let expected = "# {{project_name}} for {{user_name}}\n- [ ] open\n- [x] done\n[text](url) [API_DOCS](url) [REF_A][REF_B]\n\
                    list[0] a[SIZE_MAX] [^1] [lower] [a-z] {{a_z}} [1] [X] ![IMAGE_ALT](u) \\[NOT_ME]\n[LINK_ID]: https://x\n{{this.log}}";
    let expected = expected.replace("{{a_z}}", "[A-Z]");
    assert_eq!(text(Dialect::Brackets, source), expected);
}

#[test]
fn doubtful_brackets_stay_with_a_note() {
    let conversion =
        convert(Dialect::Brackets, "[TODO]\n[Your Name] [A_B] [A B]\n", &ConvertOptions::default());
    assert_eq!(conversion.handlebars.as_deref(), Some("[TODO]\n[Your Name] {{a_b}} [A B]\n"));
    assert_eq!(noted(&conversion), [("[TODO]", 1), ("[Your Name]", 2), ("[A B]", 2)]);
    assert!(conversion.notes[0].reason.contains("{{todo}}"), "{}", conversion.notes[0].reason);
}

#[test]
fn values_are_printed_as_the_options_say() {
    let source = "{{ a }} {{ b|upper }} {{ b ~ a }} {{ xs|join(',') }} {{ a == 1 }}";
    let options = ConvertOptions::default();
    let converted = |options: &ConvertOptions| convert(Dialect::Jinja2, source, options).handlebars.unwrap();
    assert_eq!(
        converted(&options),
        "{{pystr a}} {{upper (pystr b)}} {{pystr b}}{{pystr a}} {{join xs \",\" values=\"python\"}} {{pystr (pyeq a 1)}}"
    );
    assert_eq!(
        converted(&options.clone().texts(["b"])),
        "{{pystr a}} {{upper b}} {{b}}{{pystr a}} {{join xs \",\" values=\"python\"}} {{pystr (pyeq a 1)}}"
    );
    assert_eq!(
        converted(&options.values(Values::Text)),
        "{{a}} {{upper b}} {{b}}{{a}} {{join xs \",\"}} {{pystr (eq a 1)}}"
    );
}

#[test]
fn only_known_prompts_are_included() {
    let source = "{% include 'a' %}\n{% include 'b' %}";
    let named = Includes::Named(BTreeSet::from(["a".to_owned()]));
    for (includes, lines) in [(Includes::Nothing, vec![1, 2]), (named, vec![2]), (Includes::Anything, vec![])]
    {
        let conversion = convert(Dialect::Jinja2, source, &ConvertOptions::default().includes(includes));
        let found: Vec<_> = conversion.report.iter().map(|report| report.line).collect();
        assert_eq!(found, lines);
    }
}

#[test]
fn reports_have_the_line_of_each_place() {
    let conversion =
        jinja("a\n{{ x|sort }}\n\n{% if a\n   or b|map('c') %}{{ 1 +\n 2 }}\n{% endif %}{{ x|sort }}");
    let found: Vec<_> =
        conversion.report.iter().map(|report| (report.line, report.construct.as_str())).collect();
    assert_eq!(found, [(2, "filter sort"), (5, "filter map"), (5, "arithmetic"), (7, "filter sort")]);
    let conversion = jinja("\n\n{% for x in xs %}\n{% if x %}\n{% endfor %}");
    assert_eq!((conversion.report[0].line, conversion.report[0].construct.as_str()), (5, "syntax"));
    let conversion = jinja("\n{% for x in xs %}\n\n");
    assert_eq!((conversion.report[0].line, conversion.report[0].construct.as_str()), (2, "syntax"));
}

#[test]
fn what_is_taken_for_granted_is_noted() {
    let conversion =
        jinja("{% for x in xs %}\n{{ x[0] }}{% endfor %}{% for k, v in d.items() %}{{ k }}{% endfor %}");
    assert!(conversion.is_convertible());
    assert_eq!(noted(&conversion), [("for", 1), ("subscript", 2)]);
}

#[test]
fn nul_and_size_are_reported() {
    for dialect in [Dialect::Jinja2, Dialect::Format, Dialect::Brackets] {
        assert_eq!(reported(dialect, "a\nb\0"), [("NUL character".to_owned(), 2)]);
        assert_eq!(reported(dialect, &"a".repeat((1 << 18) + 1)), [("size".to_owned(), 1)]);
        assert_eq!(dialect.to_string().parse(), Ok(dialect));
    }
    assert_eq!(
        "jinja".parse::<Dialect>().unwrap_err().to_string(),
        "`jinja` is not one of jinja2, format, brackets"
    );
}

#[test]
fn a_conversion_is_json() {
    let conversion = jinja("{{ x|sort }}");
    let json = serde_json::to_value(&conversion).unwrap();
    assert_eq!(json["handlebars"], json!(null));
    assert_eq!(json["report"][0]["construct"], "filter sort");
    assert_eq!(json["report"][0]["line"], 1);
    assert_eq!(json["notes"], json!([]));
}

#[test]
fn a_fallback_is_printed_as_python_does_beside_texts() {
    let options = ConvertOptions::default().values(Values::Text);
    let source = "{{ d.get('a') }} {{ x|default(true) }} {{ x|default(1.0) }} {{ x|default('') }}{{ d.get('a')|upper }}";
    let handlebars = convert(Dialect::Jinja2, source, &options).handlebars.unwrap();
    let rendered = lenient(&handlebars, &BTreeMap::new(), &json!({"d": {}}));
    assert_eq!(rendered.as_deref(), Ok("None True 1.0 NONE"), "{handlebars}");
    let rendered = lenient(&handlebars, &BTreeMap::new(), &json!({"d": {"a": "b"}, "x": 1}));
    assert_eq!(rendered.as_deref(), Ok("b 1 1 1B"), "{handlebars}");
}
