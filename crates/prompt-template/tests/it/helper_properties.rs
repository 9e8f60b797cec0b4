//! What holds for helpers whatever they are given.

use handlebars::{Handlebars, no_escape};
use prompt_template::serde_json::{self, Number, Value, json};
use prompt_template::{Engine, Limits, Missing, NoPartials, RenderOptions, Template, helpers};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::{compile, render};

fn lenient() -> RenderOptions {
    RenderOptions::default().missing(Missing::Empty).nonce("nonce")
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Floats that serde_json reads exactly; all others are in `a_float_in_python_is_read_back`.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        (-3i64..20).prop_map(Value::from),
        text().prop_map(Value::from),
        "-?[0-9]{1,3}(\\.[0-9]{1,3})?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => any::<String>(),
        2 => "[`a\n\r ]{0,20}",
        1 => "['\"\\\\\n\t\u{7f}\u{e9}\u{301}\u{200b}\u{1f600}]{0,12}",
    ]
}

/// Reads a text as Python's reference says that a string literal is read.
fn unquoted(literal: &str) -> Option<String> {
    let quote = literal.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut chars = literal.strip_prefix(quote)?.strip_suffix(quote)?.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        if c == quote || c.is_control() {
            return None;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let digits = match chars.next()? {
            'n' => ('\n', 0),
            'r' => ('\r', 0),
            't' => ('\t', 0),
            'x' => (' ', 2),
            'u' => (' ', 4),
            'U' => (' ', 8),
            same @ ('\\' | '\'' | '"') => (same, 0),
            _ => return None,
        };
        match digits {
            (c, 0) => out.push(c),
            (_, count) => {
                let code: String = chars.by_ref().take(count).collect();
                out.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
            }
        }
    }
    Some(out)
}

/// The code block that begins a text, by the rules of Markdown, and what follows it.
fn code_block(text: &str) -> Option<(String, &str)> {
    let marks = text.len() - text.trim_start_matches('`').len();
    let (_, mut rest) = text.split_once('\n')?;
    let mut code = String::new();
    loop {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = rest[..end].trim_end_matches([' ', '\t']);
        let inner = line.trim_start_matches(' ');
        let closes = line.len() - inner.len() < 4 && inner.len() >= marks && inner.bytes().all(|b| b == b'`');
        if closes && marks >= 3 {
            return Some((code, &rest[end..]));
        }
        let next = if rest[end..].starts_with("\r\n") { end + 2 } else { end + 1 };
        code.push_str(rest.get(..next)?);
        rest = &rest[next..];
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_text_in_python_is_read_back(text in text()) {
        let data = json!({"s": text, "l": [text]});
        prop_assert_eq!(&render("{{pystr s}}", &[], &data).unwrap(), &text);
        let list = render("{{pystr l}}", &[], &data).unwrap();
        let literal = list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
        prop_assert_eq!(unquoted(literal), Some(text.clone()), "{}", literal);
        let wanted = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
        prop_assert!(literal.starts_with(wanted));
    }

    #[test]
    fn a_float_in_python_is_read_back(bits in any::<u64>()) {
        let float = f64::from_bits(bits);
        prop_assume!(float.is_finite());
        let shown = render("{{pystr f}}", &[], &json!({"f": float})).unwrap();
        prop_assert_eq!(shown.parse::<f64>().unwrap().to_bits(), bits, "{}", shown);
        let size = float.abs();
        let plain = size == 0.0 || (1e-4..1e16).contains(&size);
        prop_assert_eq!(shown.contains('e'), !plain, "{}", shown);
        prop_assert!(shown.contains(['.', 'e']), "{}", shown);
        let digits = |text: &str| text.split('e').next().unwrap().bytes().filter(u8::is_ascii_digit).count();
        prop_assert!(plain || digits(&shown) == digits(&format!("{float:e}")), "{}", shown);
    }

    #[test]
    fn json_is_read_back(value in value(), indent in 0u64..5) {
        for source in ["{{json v}}", "{{tojson v}}", "{{json v indent=n}}", "{{tojson v indent=n}}"] {
            let written = render(source, &[], &json!({"v": value, "n": indent})).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Value>(&written).unwrap(), &value, "{}", written);
            if source.contains("tojson") {
                prop_assert!(written.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
                prop_assert!(!written.contains(['<', '>', '&', '\'']));
            }
        }
        let compact = render("{{json v}}", &[], &json!({"v": value})).unwrap();
        prop_assert_eq!(compact, serde_json::to_string(&value).unwrap());
    }

    #[test]
    fn a_fence_is_not_closed_by_its_text(text in text(), language in "[a-z+# ]{0,5}", after in "[a-z]{0,3}") {
        let data = json!({"s": text, "l": language, "after": after});
        let fenced = render("{{fence s language=l}}\n{{after}}", &[], &data).unwrap();
        let (code, rest) = code_block(&fenced).unwrap();
        let line_end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        prop_assert_eq!(code, text + line_end);
        prop_assert_eq!(rest, format!("\n{after}"));
    }

    #[test]
    fn a_text_is_cut_to_its_length(text in text(), length in 0usize..25, end in text()) {
        let data = json!({"s": text, "n": length, "e": end});
        for source in ["{{truncate s n end=e}}", "{{truncate s n}}"] {
            let cut = render(source, &[], &data).unwrap();
            let fits = text.chars().count() <= length;
            prop_assert_eq!(cut.chars().count(), text.chars().count().min(length));
            prop_assert!(!fits || cut == text);
            let kept = text.chars().zip(cut.chars()).take_while(|(a, b)| a == b).count();
            let end = if source.contains("end") { end.chars().count() } else { 1 };
            prop_assert!(fits || kept >= length.saturating_sub(end));
        }
    }

    #[test]
    fn untrusted_text_never_closes_its_delimiter(
        text in text(), nonce in "[a-z]{1,3}", tries in 0usize..4
    ) {
        let template = compile("{{untrusted s}}", &[]).unwrap();
        let options = RenderOptions::default().nonce(nonce);
        let mut text = text;
        // Who sees a rendering puts its markers into the next text.
        for _ in 0..tries {
            text += &template.render(&json!({"s": text}), &options).unwrap();
        }
        let out = template.render(&json!({"s": text}), &options).unwrap();
        let (open, rest) = out.split_once('\n').unwrap();
        let (inner, close) = rest.rsplit_once('\n').unwrap();
        prop_assert_eq!(inner, text.as_str());
        let marker = open.strip_prefix("<untrusted-").and_then(|rest| rest.strip_suffix('>')).unwrap();
        prop_assert_eq!(close, format!("</untrusted-{marker}>"));
        prop_assert!(marker.len() == 16 && !text.contains(marker));
    }

    /// Handlebars has an order for numbers, texts, booleans, and numbers with texts that hold one.
    #[test]
    fn comparisons_equal_plain_handlebars(left in value(), right in value()) {
        let mut plain = Handlebars::new();
        plain.register_escape_fn(no_escape);
        let source = "{{gt a b}} {{gte a b}} {{lt a b}} {{lte a b}} {{eq a b}} {{ne a b}}\
                      {{#gt a b}}x{{else}}y{{/gt}}{{#if (lte a b)}}x{{/if}}";
        let data = json!({"a": left, "b": right});
        let expected = plain.render_template(source, &data).unwrap();
        let reads = |text: &Value, number: &Value| {
            number.is_number() && text.as_str().is_some_and(|text| text.parse::<Number>().is_ok())
        };
        let ordered = (left.is_number() && right.is_number())
            || (left.is_string() && right.is_string())
            || (left.is_boolean() && right.is_boolean())
            || reads(&left, &right)
            || reads(&right, &left);
        match render(source, &[], &data) {
            Ok(ours) => prop_assert!(ordered && ours == expected, "{} {}", ours, expected),
            Err(error) => prop_assert!(!ordered && error.to_string().contains("compares"), "{}", error),
        }
    }
}

/// Every helper with paths in all of its parameters, with and without narrow limits.
fn calls() -> Vec<Template> {
    let narrow = Limits::default().output_bytes(40).work(60);
    let engines = [Engine::default(), Engine::with_limits(narrow)];
    let mut calls = Vec::new();
    for helper in helpers().filter(|helper| helper.group() != "Blocks") {
        let before = calls.len();
        let name = helper.name();
        for params in ["a", "a b", "a b c", "(default a b) c", "missing a b"] {
            for named in
                ["", "first=c", "end=b", "indent=b", "language=c", "values=\"python\"", "blank=missing"]
            {
                let call = format!("{name} {params} {named}");
                let mut source = format!("{{{{{call}}}}}");
                if name != "untrusted" {
                    source += &format!("{{{{#if ({call})}}}}{{{{/if}}}}");
                }
                calls.extend(engines.iter().filter_map(|it| it.compile("main", &source, &NoPartials).ok()));
            }
        }
        assert!(calls.len() > before, "{name}");
    }
    calls
}

/// Whatever stands in a parameter, the answer is a text or an error within the limits.
#[test]
fn no_value_in_any_parameter_panics() {
    let calls = calls();
    let config = ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() };
    let given = (0..calls.len(), value(), value(), value());
    let result = TestRunner::new(config).run(&given, |(at, a, b, c)| {
        let data = json!({"a": a, "b": b, "c": c});
        for options in [RenderOptions::default().nonce("nonce"), lenient()] {
            match calls[at].render(&data, &options) {
                Ok(text) => prop_assert!(at % 2 == 0 || text.len() <= 40, "{}", calls[at].source()),
                Err(error) => prop_assert!(!error.diagnostics().is_empty(), "{}", error),
            }
        }
        Ok(())
    });
    result.unwrap();
}
