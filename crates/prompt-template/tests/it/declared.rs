//! Declared variables: what is declared, what fits, and what rendering makes of it.

use prompt_template::serde_json::{self, Value, json};
use prompt_template::{
    Code, Engine, Error, Hidden, Kind, Missing, NoPartials, RenderOptions, Severity, Template,
};
use proptest::prelude::*;

use crate::{compile, missing, render};

fn declared(schema: &str, body: &str) -> Template {
    compile(&format!("---\ninput:\n  schema: {schema}\n---\n{body}"), &[]).unwrap()
}

fn codes(error: &Error) -> Vec<&'static str> {
    error.diagnostics().iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn both_forms_of_a_schema_declare_the_same() {
    let pico = "
    name: string, who it is for
    count?: integer
    size: number,in metres, or so
    on: boolean
    nothing: null
    all: any, whatever
    tone(enum, how it sounds): [formal, casual, null]
    tags(array): string
    rows?(array, the rows):
      id: integer
      note?: string
    user(object):
      mail: string
    any:
      (*): string
";
    let json = r#"{"type": "object", "additionalProperties": false, "required":
        ["name", "size", "on", "nothing", "all", "tone", "tags", "user", "any"], "properties": {
        "name": {"type": "string", "description": "who it is for"}, "count": {"type": "integer"},
        "size": {"type": "number", "description": "in metres, or so"}, "on": {"type": "boolean"},
        "nothing": {"type": "null"}, "all": {"description": "whatever"},
        "tone": {"enum": ["formal", "casual", null], "description": "how it sounds"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "description": "the rows", "items": {"type": "object", "required": ["id"],
            "additionalProperties": false, "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}},
        "user": {"type": "object", "required": ["mail"], "additionalProperties": false,
            "properties": {"mail": {"type": "string"}}},
        "any": {"type": "object", "additionalProperties": {"type": "string"}, "properties": {}, "required": []}}}"#;
    let json = json.replace('\n', " ");
    let [pico, json] = [pico, json.as_str()].map(|schema| declared(schema, ""));
    assert_eq!(
        serde_json::to_value(pico.declarations()).unwrap(),
        serde_json::to_value(json.declarations()).unwrap()
    );
    let rows = pico.declarations().get("rows").unwrap();
    assert_eq!((rows.required, rows.description.as_deref(), rows.trusted), (false, Some("the rows"), true));
    assert_eq!(pico.declarations().iter().count(), 11);
    assert!(pico.declarations().is_complete());
}

#[test]
fn settings_of_ours_stand_under_our_key() {
    let source = "---\ninput:\n  schema: {a: string, b: string}\n  default: {a: x}\nprompt_runner:\n  variables:\n    \
                  a: {max_length: 3, trusted: false, hidden: refuse}\n---\n{{a}}{{b}}";
    let template = compile(source, &[]).unwrap();
    let a = template.declarations().get("a").unwrap();
    assert_eq!((a.max_length, a.trusted, a.hidden), (Some(3), false, Some(Hidden::Refuse)));
    assert_eq!((a.default.clone(), a.required), (Some(json!("x")), true));
    assert_eq!(template.render(&json!({"b": 1.to_string()}), &RenderOptions::default()).unwrap(), "x1");
}

#[test]
fn defaults_are_filled_in_and_optional_ones_are_null() {
    let source = "---\ninput:\n  schema: {a: string, b?: string, c?(array): string}\n  default: {a: A}\n---\n\
                  {{a}}{{#if b}}[{{b}}]{{else}}-{{/if}}{{#each c}}{{this}}{{else}}none{{/each}}";
    let template = compile(source, &[]).unwrap();
    let strict = RenderOptions::default();
    assert_eq!(template.render(&json!({}), &strict).unwrap(), "A-none");
    assert_eq!(template.render(&json!({"a": "x", "b": "y", "c": ["z"]}), &strict).unwrap(), "x[y]z");
    assert_eq!(template.render(&json!({"b": null}), &strict).unwrap(), "A-none");
    // Without declarations an optional variable cannot be told from a forgotten one.
    assert_eq!(missing(&render("{{#if b}}{{/if}}", &[], &json!({})).unwrap_err()), ["b"]);
}

#[test]
fn one_error_names_all_that_is_wrong() {
    let template = declared("{a: string, b: integer, c(enum): [x], d: string}", "{{a}}{{b}}{{c}}{{d}}");
    let data = json!({"a": 1, "b": "1", "c": "y", "e": 1});
    let error = template.render(&data, &RenderOptions::default()).unwrap_err();
    assert_eq!(codes(&error), ["undeclared", "mistyped", "mistyped", "not-allowed", "missing-variable"]);
    assert_eq!(missing(&error), ["d"]);
    let lenient = RenderOptions::default().missing(Missing::Empty);
    let error = template.render(&data, &lenient).unwrap_err();
    assert_eq!(codes(&error), ["undeclared", "mistyped", "mistyped", "not-allowed"]);
    assert_eq!(template.render(&json!({"a": "only"}), &lenient).unwrap(), "only");
}

#[test]
fn what_is_given_anyway_need_not_be_declared() {
    let template = declared("{a: string}", "{{a}}");
    let data = json!({"a": "x", "session_id": "s", "other": 1});
    let options = RenderOptions::default().also_given(["session_id"]);
    let error = template.render(&data, &options).unwrap_err();
    assert_eq!(error.diagnostics().len(), 1);
    assert_eq!(error.diagnostics()[0].subject.as_deref(), Some("other"));
    let options = options.also_given(["other"]);
    assert_eq!(template.render(&data, &options).unwrap(), "x");
    let open = declared("{a: string, (*): any}", "{{a}}");
    assert_eq!(open.render(&data, &RenderOptions::default()).unwrap(), "x");
    assert!(!open.declarations().is_complete());
    for schema in
        ["{a: string, (*): integer}", "{properties: {a: {}}, additionalProperties: {type: integer}}"]
    {
        let error = declared(schema, "{{a}}").render(&data, &RenderOptions::default()).unwrap_err();
        assert_eq!(codes(&error), ["mistyped"]);
        assert!(error.to_string().ends_with("`session_id` is declared as an integer, a string is given"));
    }
    let closed = declared("{properties: {a: {}}}", "{{a}}");
    assert!(closed.declarations().is_complete());
    assert_eq!(render("{{a}}", &[], &data).unwrap(), "x");
}

#[test]
fn a_default_alone_declares_no_schema() {
    let source = "---\ninput:\n  default: {a: 1}\n---\n{{a}}{{b}}";
    assert_eq!(render(source, &[], &json!({"b": 2, "c": 3})).unwrap(), "12");
    assert!(Engine::default().check("main", source).is_ok());
}

#[test]
fn settings_alone_leave_what_must_be_given_as_it_is() {
    let source = "---\nprompt_runner:\n  variables:\n    a: {trusted: false}\n---\n{{#if a}}{{b}}{{/if}}";
    assert_eq!(missing(&render(source, &[], &json!({})).unwrap_err()), ["a", "b"]);
    assert_eq!(render(source, &[], &json!({"a": 1, "b": 2, "c": 3})).unwrap(), "2");
}

#[test]
fn declarations_of_partials_join() {
    let tone = "---\ninput:\n  schema: {tone(enum): [formal], style: string}\n  default: {tone: formal}\n---\n{{tone}} {{style}}";
    // What the partial is given as a parameter is not a variable of the template.
    let source = "---\ninput:\n  schema: {a: string}\n---\n{{a}} {{> tone style=a}}";
    let template = compile(source, &[("tone", tone)]).unwrap();
    let names: Vec<_> = template.declarations().iter().map(|declaration| declaration.name.as_str()).collect();
    assert_eq!(names, ["a", "tone"]);
    assert_eq!(template.render(&json!({"a": "x"}), &RenderOptions::default()).unwrap(), "x formal x");
    let error = template.render(&json!({"a": "x", "tone": "loud"}), &RenderOptions::default()).unwrap_err();
    assert_eq!((error.diagnostics()[0].template.as_str(), codes(&error)), ("tone", vec!["not-allowed"]));
    let own = "---\ninput:\n  schema: {tone: string, style: string}\n---\n{{> tone}}";
    let template = compile(own, &[("tone", tone)]).unwrap();
    // What the partial asks for holds too, and its default fills the gap.
    assert_eq!(template.render(&json!({"style": "s"}), &RenderOptions::default()).unwrap(), "formal s");
    let error =
        template.render(&json!({"tone": "loud", "style": "s"}), &RenderOptions::default()).unwrap_err();
    assert_eq!(codes(&error), ["not-allowed"]);
    assert!(template.warnings().is_empty());
    // A partial without declarations may use what the template does not declare.
    let template = compile(source, &[("tone", "{{free}}")]).unwrap();
    assert_eq!(template.render(&json!({"a": "x", "free": 1}), &RenderOptions::default()).unwrap(), "x 1");
}

#[test]
fn the_strictest_of_several_declarations_holds() {
    let front = |rest: &str| {
        format!("---\ninput:\n  schema: {{x: string}}\nprompt_runner:\n  variables:\n    x: {rest}\n---\n")
    };
    let own = front("{hidden: show, max_length: 9}") + "{{> p}}{{x}}";
    let partial = front("{hidden: refuse, max_length: 3}") + "{{x}}";
    let template = compile(&own, &[("p", &partial)]).unwrap();
    let code = |x: &str| codes(&template.render(&json!({"x": x}), &RenderOptions::default()).unwrap_err())[0];
    assert_eq!((code("four"), code("a\u{202e}")), ("too-long", "hidden-characters"));
    let default = |value: &str| {
        format!("---\ninput:\n  schema: {{x: string}}\n  default: {{x: {value}}}\n---\n{{{{x}}}}")
    };
    let (a, b) = (default("a"), default("b"));
    let error = compile("{{> a}}{{> b}}", &[("a", &a), ("b", &b)]).unwrap_err();
    assert!(error.to_string().contains("`x` has another default in `a`"), "{error}");
    let template = compile(&default("c").replace("{{x}}", "{{> a}}"), &[("a", &a)]).unwrap();
    assert_eq!(template.render(&json!({}), &RenderOptions::default()).unwrap(), "c");
}

#[test]
fn a_declared_variable_without_a_value_is_not_defined() {
    let source = "---\ninput:\n  schema: {x?: string}\n---\n\
                  {{#if (isdef x)}}{{x}}{{else}}none{{/if}} {{default x \"d\"}} {{#each list}}{{isdef @root.x}}{{/each}}";
    let source = source.replace("{x?: string}", "{x?: string, list(array): integer}");
    let template = compile(&source, &[]).unwrap();
    let rendered = |data| template.render(&data, &RenderOptions::default()).unwrap();
    assert_eq!(rendered(json!({"list": [1]})), "none d false");
    assert_eq!(rendered(json!({"list": [1], "x": "v"})), "v v true");
}

#[test]
fn unused_declarations_are_known_once_partials_are() {
    let source = "---\ninput:\n  schema: {a: string, b: string}\n---\n{{> p}}";
    assert!(Engine::default().check("main", source).diagnostics.is_empty());
    let template = compile(source, &[("p", "{{a}}")]).unwrap();
    let [warning] = template.warnings() else { panic!("one warning") };
    assert_eq!((warning.code, warning.severity), (Code::UnusedVariable, Severity::Warning));
    assert_eq!(warning.subject.as_deref(), Some("b"));
    let whole = "---\ninput:\n  schema: {a: string}\n---\n{{#each this}}{{this}}{{/each}}";
    assert!(Engine::default().check("main", whole).diagnostics.is_empty());
}

#[test]
fn declared_variables_are_not_unknown() {
    let source = "---\ninput:\n  schema: {projekt: string}\n---\n{{projekt}}{{featur}}";
    let check = Engine::default().check("main", source);
    let unknown = check.unknown_variables(&["project", "feature"]);
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].subject.as_deref(), Some("featur"));
    assert_eq!(check.declarations.get("projekt").unwrap().kind, Kind::String);
    assert!(check.front_matter.is_some());
}

#[test]
fn a_length_counts_the_characters_of_all_texts() {
    let source = "---\ninput:\n  schema: {a(array): string}\nprompt_runner:\n  variables:\n    a: {max_length: 4}\n---\n\
                  {{#each a}}{{this}}{{/each}}";
    assert_eq!(render(source, &[], &json!({"a": ["éé", "日本"]})).unwrap(), "éé日本");
    let error = render(source, &[], &json!({"a": ["éé", "日本", "x"]})).unwrap_err();
    assert_eq!(codes(&error), ["too-long"]);
}

#[test]
fn texts_of_a_command_line_become_what_is_declared() {
    let schema = "{s: string, i: integer, n: number, b: boolean, e(enum): [low, 1, true], l(array): integer, \
                  o: {k: string}, a: any, z: null}";
    let template = declared(schema, "");
    let parse = |name: &str, text: &str| template.declarations().get(name).unwrap().parse_text(text);
    for (name, text, value) in [
        ("s", "12", json!("12")),
        ("s", "", json!("")),
        ("i", "12", json!(12)),
        ("i", "-1", json!(-1)),
        ("n", "1.5", json!(1.5)),
        ("n", "1", json!(1)),
        ("b", "true", json!(true)),
        ("e", "low", json!("low")),
        ("e", "1", json!(1)),
        ("e", "true", json!(true)),
        ("l", "[1, 2]", json!([1, 2])),
        ("o", "{\"k\": \"v\"}", json!({"k": "v"})),
        ("a", "[1]", json!("[1]")),
        ("z", "null", json!(null)),
    ] {
        assert_eq!(parse(name, text).unwrap(), value, "{name} {text}");
    }
    for (name, text, message) in [
        ("i", "1.5", "`i` is declared as an integer, `1.5` is given"),
        ("i", "", "`i` is declared as an integer, `` is given"),
        ("n", "one", "`n` is declared as a number, `one` is given"),
        ("b", "yes", "`b` is declared as a boolean, `yes` is given"),
        ("e", "lo", "`e` is `\"lo\"`, but only `\"low\"`, `1`, `true` can be given"),
        ("l", "1", "`l` is declared as a list, such as [\"a\", \"b\"] in JSON, `1` is given"),
        ("l", "[1, \"2\"]", "`l.[1]` is declared as an integer, a string is given"),
        ("o", "{}", "`o.k` is not given"),
    ] {
        let error = parse(name, text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.report(), format!("error: {message}\n"));
    }
    let mut texts = json!({"s": "1", "i": "2", "b": "yes", "l": "[3]", "other": "4"});
    template.declarations().parse_texts(texts.as_object_mut().unwrap());
    assert_eq!(texts, json!({"s": "1", "i": 2, "b": "yes", "l": [3], "other": "4"}));
    assert!(!template.declarations().get("s").unwrap().may_be_left_out());
    let either = r#"{properties: {x: {type: [string, integer, "null"]}}}"#;
    let either = declared(either, "");
    let x = either.declarations().get("x").unwrap();
    assert_eq!((x.parse_text("1").unwrap(), x.parse_text("a").unwrap()), (json!("1"), json!("a")));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        Just(json!(1.0)),
        Just(json!(0.5)),
        prop::sample::select(vec!["a", "b", "", "1"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(vec!["a", "b", "c"]), inner), 0..3).prop_map(
                |entries| {
                    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
                }
            ),
        ]
    })
}

/// Schemas of JSON.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        prop::sample::select(vec!["string", "integer", "number", "boolean", "null"])
            .prop_map(|name| json!({"type": name})),
        Just(json!({"type": ["string", "null"]})),
        Just(json!({"enum": ["a", 1, null]})),
        Just(json!({"const": "b"})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(a, b, all)| {
                let required = if all { json!(["a", "b"]) } else { json!(["a"]) };
                json!({"type": "object", "properties": {"a": a, "b": b}, "required": required,
                       "additionalProperties": false})
            }),
            (inner.clone(), inner).prop_map(|(a, others)| {
                json!({"type": "object", "properties": {"a": a}, "additionalProperties": others})
            }),
        ]
    })
}

/// The plain reading of a schema, where a field that need not be there may be null.
fn valid(schema: &Value, value: &Value) -> bool {
    if let Some(constant) = schema.get("const") {
        return constant == value;
    }
    if let Some(values) = schema.get("enum") {
        return values.as_array().unwrap().contains(value);
    }
    let Some(kind) = schema.get("type") else { return true };
    if let Some(kinds) = kind.as_array() {
        return kinds.iter().any(|kind| valid(&json!({"type": kind}), value));
    }
    match kind.as_str().unwrap() {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => {
            value.as_array().is_some_and(|items| items.iter().all(|item| valid(&schema["items"], item)))
        }
        "object" => value.as_object().is_some_and(|map| {
            let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
            let is_required = |name: &str| required.iter().any(|known| known == name);
            required.iter().all(|name| map.contains_key(name.as_str().unwrap()))
                && map.iter().all(|(name, value)| match schema["properties"].get(name) {
                    Some(schema) => valid(schema, value) || value.is_null() && !is_required(name),
                    None if schema["additionalProperties"] == json!(false) => false,
                    None => valid(&schema["additionalProperties"], value),
                })
        }),
        other => panic!("no type {other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn exactly_what_fits_is_accepted(schema in schema(), value in value()) {
        let input = json!({"properties": {"x": schema}, "required": ["x"]});
        let source = format!("---\ninput: {{\"schema\": {input}}}\n---\n{{{{#if x}}}}{{{{/if}}}}");
        let template = Engine::default().compile("main", &source, &NoPartials).unwrap();
        let result = template.render(&json!({"x": value}), &RenderOptions::default());
        let fits = valid(&schema, &value);
        let kind = &template.declarations().get("x").unwrap().kind;
        prop_assert_eq!(kind.fits(&value), fits);
        match result {
            Ok(_) => prop_assert!(fits),
            Err(error) => {
                prop_assert!(!fits);
                let code = error.diagnostics()[0].code;
                prop_assert!(matches!(code, Code::Mistyped | Code::NotAllowed), "{}", error);
            }
        }
    }

    #[test]
    fn a_text_becomes_a_value_that_fits(schema in schema(), value in value(), text in "[a-z0-9\\[\\]{}\":, ]{0,8}") {
        let input = json!({"properties": {"x": schema}});
        let source = format!("---\ninput: {{\"schema\": {input}}}\n---\n");
        let template = Engine::default().compile("main", &source, &NoPartials).unwrap();
        let x = template.declarations().get("x").unwrap();
        for text in [text, value.to_string()] {
            if let Ok(parsed) = x.parse_text(&text) {
                prop_assert!(x.kind.fits(&parsed), "{} {}", text, parsed);
            }
        }
        // Every value that fits can be written, unless a text is taken as it is.
        if x.kind.fits(&value) && !value.is_string() {
            let parsed = x.parse_text(&value.to_string()).unwrap();
            prop_assert!(parsed == value || parsed.is_string());
        }
    }
}
