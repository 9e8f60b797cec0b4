//! Properties of all templates and all variables.

use handlebars::{Handlebars, no_escape};
use prompt_template::serde_json::{Map, Value, json};
use prompt_template::{Engine, Error, Missing, NoPartials, RenderOptions};
use proptest::prelude::*;

use crate::{compile, render};

const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z <>&\"'\n\t]{0,12}",
        1 => Just("\n  ".to_owned()),
        1 => Just("\\{{x}} \\\\ \\".to_owned() + " "),
        1 => Just("日本 }} { ".to_owned()),
    ]
}

/// Templates that use the names above as texts, inside and outside of blocks.
fn source() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => text(),
        2 => name().prop_map(|name| format!("{{{{{name}}}}}")),
        1 => name().prop_map(|name| format!("{{{{~@root.{name} ~}}}}")),
        1 => Just("{{! comment }}".to_owned()),
        1 => Just("{{!-- }} {{ --}}\n".to_owned()),
        1 => Just("{{{{raw}}}} {{x}} {{{{/raw}}}}".to_owned()),
        1 => name().prop_map(|name| format!("\n  {{{{> part {name}=\"it\"}}}}\n")),
        1 => Just("{{lookup list 1}}{{len list}}".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let many = prop::collection::vec(inner.clone(), 0..5).prop_map(|parts| parts.concat());
        prop_oneof![
            3 => many.clone(),
            1 => (name(), many.clone(), many.clone())
                .prop_map(|(name, a, b)| format!("{{{{#if {name}}}}}{a}{{{{else}}}}{b}{{{{/if}}}}")),
            1 => (name(), many.clone(), many.clone()).prop_map(|(name, a, b)| format!(
                "{{{{#unless {name}}}}}\n{a}\n{{{{else if (eq {name} \"it\")}}}}\n{b}\n{{{{/unless}}}}\n"
            )),
            1 => many.clone().prop_map(|body| format!("{{{{#with this}}}}{body}{{{{/with}}}}")),
            1 => many.clone().prop_map(|body| format!(
                "  {{{{#each objects as |item|}}}}\n{body}{{{{@index}}}}{{{{item.alpha}}}}\n  {{{{/each}}}}\n"
            )),
            1 => many.clone().prop_map(|body| format!("{{{{#> part}}}}{body}{{{{/part}}}}")),
            1 => many.prop_map(|body| format!(
                "{{{{#*inline \"own\"}}}}{body}{{{{/inline}}}}\n  {{{{> own}}}}\n"
            )),
        ]
    })
}

const PART: &str = "part {{alpha}}\n{{#if beta}}  {{gamma}}\n{{/if}}end\n";

fn variables() -> impl Strategy<Value = Value> {
    prop::collection::vec(text(), 4).prop_map(|texts| {
        let flat: Map<_, _> =
            NAMES.iter().map(|name| (*name).to_owned()).zip(texts.into_iter().map(Value::from)).collect();
        let mut item = flat.clone();
        let list = json!(["one", "two"]);
        item.insert("list".to_owned(), list.clone());
        item.insert("objects".to_owned(), json!([]));
        let mut all = flat;
        all.insert("list".to_owned(), list);
        all.insert("objects".to_owned(), json!([item, item]));
        Value::Object(all)
    })
}

fn plain(source: &str, variables: &Value) -> String {
    let mut registry = Handlebars::new();
    registry.register_escape_fn(no_escape);
    registry.register_partial("part", PART).unwrap();
    registry.register_template_string("main", source).unwrap();
    registry.render("main", variables).unwrap()
}

/// Pieces that make sense to a parser, in an order that does not.
fn noise() -> impl Strategy<Value = String> {
    let pieces = [
        "{{",
        "}}",
        "{{{",
        "}}}",
        "{{{{",
        "}}}}",
        "#",
        "/",
        "if",
        "each",
        "else",
        "^",
        "~",
        ">",
        "*",
        "&",
        "!",
        "--",
        "inline",
        "\"x\"",
        "'y'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "as",
        "=",
        ".",
        "..",
        "@",
        "@root",
        "this",
        " ",
        "\n",
        "\\",
        "a",
        "b.c",
        "1",
        "-1.5",
        "null",
        ":",
        ",",
        "é",
        "$",
        "{{#if a}}",
        "{{/if}}",
        "{{else}}",
        "{{> p}}",
        "{{#> p}}",
        "{{/p}}",
        "{{{{raw}}}}",
        "{{{{/raw}}}}",
        "{{!-- ",
        "--}}",
        "{{a}}",
        "lookup",
        "@partial-block",
        "\u{202e}",
        "{{#each xs as |x|}}",
        "{{/each}}",
        "(len ",
        "{{else if b}}",
        "{{~",
        "~}}",
        "{{^}}",
        "{{#*inline \"x\"}}",
        "{{/inline}}",
        "{{> x}}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..25).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn rendering_equals_plain_handlebars(source in source(), variables in variables()) {
        let template = compile(&source, &[("part", PART)]).unwrap();
        let ours = template.render(&variables, &RenderOptions::default());
        prop_assert_eq!(ours.unwrap(), plain(&source, &variables));
    }

    #[test]
    fn lenient_rendering_equals_plain_handlebars_without_variables(source in source()) {
        let template = compile(&source, &[("part", PART)]).unwrap();
        let lenient = RenderOptions::default().missing(Missing::Empty);
        prop_assert_eq!(template.render(&json!({}), &lenient).unwrap(), plain(&source, &json!({})));
    }

    #[test]
    fn content_is_never_interpreted(content in prop_oneof![noise(), any::<String>()]) {
        let data = json!({"a": content, "xs": [content]});
        let source = "{{a}}|{{{a}}}|{{#each xs}}{{this}}{{/each}}|{{lookup xs 0}}|{{> p x=a}}";
        let expected = format!("{content}|{content}|{content}|{content}|{content}");
        prop_assert_eq!(render(source, &[("p", "{{x}}")], &data).unwrap(), expected);
    }

    #[test]
    fn no_source_panics(source in prop_oneof![3 => noise(), 1 => any::<String>()]) {
        let engine = Engine::default();
        let check = engine.check("main", &source);
        for diagnostic in &check.diagnostics {
            diagnostic.render_excerpt();
            prop_assert!(source.get(diagnostic.span.range.clone()).is_some());
        }
        let partials = [("p".to_owned(), "{{> @partial-block}}".to_owned())];
        let partials: std::collections::BTreeMap<_, _> = partials.into();
        if let Ok(template) = engine.compile("main", &source, &partials) {
            prop_assert!(check.is_ok(), "{:?}", check.diagnostics);
            let data = json!({"a": 1, "b": {"c": [1]}, "xs": [{"a": 1}]});
            for missing in [Missing::Refuse, Missing::Empty] {
                let _ = template.render(&data, &RenderOptions::default().missing(missing));
            }
        }
    }

    #[test]
    fn what_is_compiled_is_what_handlebars_compiles(source in noise()) {
        if Engine::default().compile("main", &source, &NoPartials).is_ok() {
            prop_assert!(handlebars::Template::compile(&source).is_ok());
        }
    }

    #[test]
    fn missing_variables_are_always_named(source in source(), absent in name()) {
        let template = compile(&source, &[("part", PART)]).unwrap();
        let used = template.variables().iter().any(|variable| variable.name == absent);
        let mut data = json!({"list": ["one", "two"], "objects": []});
        for name in NAMES.iter().filter(|name| **name != absent) {
            data[*name] = json!("given");
        }
        match template.render(&data, &RenderOptions::default()) {
            Ok(_) => prop_assert!(!used),
            Err(Error::Variables { missing, .. }) => {
                prop_assert!(missing.iter().any(|path| path.trim_start_matches("@root.") == absent));
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
