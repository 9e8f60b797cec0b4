//! With and without the preflight, each template renders the same or fails the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Engine, Limits, Missing, RenderOptions, Template};

fn path() -> impl Strategy<Value = String> {
    let paths = [
        "a",
        "b",
        "c",
        "this",
        "a.b",
        "b.c.a",
        "this.a",
        "./b",
        "@root.a",
        "@root.b.c",
        "../a",
        "a.[0]",
        "b.0",
        "x",
        "x.a",
        "i",
        "k",
        "@index",
        "@key",
        "@first",
        "@root.[a]",
        "c.[b]",
        "p",
        "p.a",
        "this.x",
    ];
    prop::sample::select(paths.to_vec()).prop_map(str::to_owned)
}

fn arg() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![4 => path(), 1 => prop::sample::select(vec!["1", "\"it\"", "null", "[1]"]).prop_map(str::to_owned)];
    leaf.prop_recursive(2, 4, 2, |inner| {
        (prop::sample::select(vec!["eq", "gt", "and", "not", "len", "lookup"]), inner.clone(), inner)
            .prop_map(|(name, a, b)| match name {
                "not" | "len" => format!("({name} {a})"),
                _ => format!("({name} {a} {b})"),
            })
    })
}

fn source() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        1 => Just("text \\{{a}} {{! no }}\n".to_owned()),
        4 => path().prop_map(|path| format!("{{{{{path}}}}}")),
        1 => path().prop_map(|path| format!("{{{{{{{path}}}}}}}")),
        1 => arg().prop_map(|arg| format!("{{{{lookup {arg} 0}}}}")),
        1 => arg().prop_map(|arg| format!("{{{{default {arg} \"it\"}}}}{{{{untrusted {arg}}}}}")),
        1 => arg().prop_map(|arg| arg.replacen('(', "{{", 1)).prop_map(|tag| match tag.strip_suffix(')') {
            Some(tag) if tag.starts_with("{{") => format!("{tag}}}}}"),
            _ => "{{first b}}".to_owned(),
        }),
        1 => Just("{{> part}}".to_owned()),
        1 => path().prop_map(|path| format!("\n  {{{{> part {path}}}}}\n")),
        1 => path().prop_map(|path| format!("{{{{> part p={path} a=b}}}}")),
        1 => path().prop_map(|path| format!("{{{{> other {path} p=a}}}}")),
        1 => Just("{{{{raw}}}}{{a}}{{{{/raw}}}}".to_owned()),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        let many = prop::collection::vec(inner, 0..4).prop_map(|parts| parts.concat());
        let names = prop::sample::select(vec!["", " as |x|", " as |x i|", " as |a k|"]);
        prop_oneof![
            3 => many.clone(),
            2 => (arg(), many.clone(), many.clone())
                .prop_map(|(arg, a, b)| format!("{{{{#if {arg}}}}}{a}{{{{else}}}}{b}{{{{/if}}}}")),
            1 => (arg(), many.clone(), many.clone())
                .prop_map(|(arg, a, b)| format!("{{{{#unless {arg}}}}}{a}{{{{else if b}}}}{b}{{{{/unless}}}}")),
            2 => (path(), names, many.clone(), many.clone()).prop_map(|(path, names, a, b)| format!(
                "{{{{#each {path}{names}}}}}{a}{{{{else}}}}{b}{{{{/each}}}}"
            )),
            1 => (path(), many.clone()).prop_map(|(path, a)| format!("{{{{#each {path}}}}}{a}{{{{/each}}}}")),
            1 => (path(), many.clone(), many.clone()).prop_map(|(path, a, b)| format!(
                "{{{{#with {path} as |x|}}}}{a}{{{{else}}}}{b}{{{{/with}}}}"
            )),
            1 => (path(), many).prop_map(|(path, a)| format!("{{{{#with {path}}}}}{a}{{{{/with}}}}")),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf =
        prop::sample::select(vec![json!(null), json!(0), json!(7), json!(true), json!(""), json!("it")]);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec!["a".to_owned(), "b".to_owned(), "c".to_owned(), "x".to_owned()]);
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            2 => prop::collection::vec((key, inner), 0..4).prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

fn variables() -> impl Strategy<Value = Value> {
    prop::collection::vec(value(), 6).prop_map(|values| {
        let names = ["a", "b", "c", "x", "i", "k"];
        let mut all = serde_json::Map::new();
        all.extend(names.iter().map(|name| (*name).to_owned()).zip(values));
        all.insert("p".to_owned(), json!("p"));
        Value::Object(all)
    })
}

fn compiled(source: &str, limits: Limits) -> Option<Template> {
    let partials = [
        ("part", "<{{a}}{{#each b as |x|}}{{x}}{{/each}}>\n"),
        ("other", "{{p}}{{#if x}}{{> part x}}{{/if}}"),
    ];
    let partials: BTreeMap<_, _> = partials.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    Engine::with_limits(limits).compile("main", source, &partials).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn a_preflight_changes_no_result(source in source(), variables in variables(), lenient in any::<bool>()) {
        let missing = if lenient { Missing::Empty } else { Missing::Refuse };
        let options = RenderOptions::default().missing(missing).nonce("n");
        let Some(mut template) = compiled(&source, Limits::default().output_bytes(2_000)) else {
            return Ok(());
        };
        let with = template.render(&variables, &options);
        template.preflight = None;
        prop_assert_eq!(with, template.render(&variables, &options));
    }
}

#[test]
fn most_prompts_need_no_guard() {
    let clear = |source: &str, variables: &Value, missing| {
        let template = compiled(source, Limits::default()).expect("it compiles");
        let look = template
            .preflight
            .as_ref()
            .map(|(look, _)| look.clear(variables, &template.limits, missing == Missing::Empty));
        look.flatten()
    };
    let data = json!({"a": "text", "b": ["x"], "c": {"a": 1}, "x": false, "n": null});
    let sources = [
        "{{a}} {{c.a}} {{b.[0]}} {{@root.a}} {{this.a}}",
        "{{#if x}}{{n}}{{else if (and a (not (eq a \"b\")))}}{{a}}{{/if}}{{#unless a}}{{n}}{{/unless}}",
        "{{#each b as |item i|}}{{item}}{{i}}{{@index}}{{@root.a}}{{/each}}{{#each c}}{{@key}}{{this}}{{/each}}",
        "{{untrusted a}}{{upper (default missing a)}}{{json c}}{{#eq a \"b\"}}{{a}}{{/eq}}",
        "{{#with c}}{{a}}{{/with}}{{> part}}{{> other p=a}}{{#each n}}{{else}}{{a}}{{/each}}",
    ];
    for source in sources {
        let expected = clear(source, &data, Missing::Refuse);
        assert!(expected.is_some(), "{source}");
    }
    for (source, is_fine_where_lenient) in [
        ("{{missing}}", true),
        ("{{c.b}}", true),
        ("{{n}}", true),
        ("{{c}}", false),
        ("{{b}}", false),
        ("{{#each a}}{{/each}}", false),
        ("{{untrusted c}}", false),
        ("{{#each b}}{{a}}{{/each}}", true),
        ("{{#if missing}}{{/if}}", true),
        ("{{#if a includeZero=c.missing}}{{/if}}", true),
    ] {
        assert!(clear(source, &data, Missing::Refuse).is_none(), "{source}");
        assert_eq!(clear(source, &data, Missing::Empty).is_some(), is_fine_where_lenient, "{source}");
    }
}

#[test]
fn what_costs_much_is_left_to_the_guards() {
    let items: Vec<_> = (0..1_000).collect();
    let template = compiled("{{#each b}}{{#each @root.b}}{{this}}{{/each}}{{/each}}", Limits::default());
    let template = template.expect("it compiles");
    let look = &template.preflight.as_ref().expect("it has one").0;
    assert_eq!(look.clear(&json!({"b": items}), &template.limits, false), None);
}
