//! `.prompt` files: what is front matter, what is read of it, and that nothing is lost.

use std::fmt::Write as _;
use std::time::Instant;

use prompt_template::serde_json::{Map, Value, json};
use prompt_template::{
    Code, Diagnostic, Engine, Error, FileName, FrontMatter, NoPartials, PromptFile, RenderOptions, Severity,
};
use proptest::prelude::*;

use crate::{compile, render};

fn parse(text: &str) -> PromptFile {
    PromptFile::parse("main", text).unwrap()
}

#[test]
fn a_text_without_known_keys_is_all_template() {
    for text in [
        "---\n{{a}}\n---\nbody",
        "---\n\n---\n",
        "---\nPlan: {{a}}\n---\n",
        "---\n- name: a\n---\n",
        "---\nnote:\n  name: a\n---\n",
        "---\nA title. Its parts:\n---\n",
        "---\n# name: a\n---\n",
        "---\nname:a\n---\n",
        "---\nsome file.txt: a\n---\n",
        "\n---\nname: a\n---\n",
        "----\nname: a\n----\n",
        "",
    ] {
        let file = parse(text);
        assert_eq!((file.body(), file.front_matter()), (text, None), "{text:?}");
        assert!(file.warnings().is_empty(), "{text:?}");
    }
    let data = json!({"a": "x"});
    assert_eq!(render("---\n{{a}}\n---\nbody", &[], &data).unwrap(), "---\nx\n---\nbody");
}

#[test]
fn front_matter_is_not_rendered() {
    let data = json!({"a": "x"});
    for (text, rendered) in [
        ("---\nmodel: m\n---\n{{a}}", "x"),
        ("---\r\nmodel: m\r\n---\r\n{{a}}\r\n", "x\r\n"),
        ("---\nmodel: m\n---\n\n---\n{{a}}", "\n---\nx"),
        ("---\nacme.key: { }\n---\n{{a}}", "x"),
        ("---\nprompt_runner: {}\n---", ""),
    ] {
        assert_eq!(render(text, &[], &data).unwrap(), rendered, "{text:?}");
    }
    let partials = [("p", "---\ndescription: a partial\n---\n[{{a}}]")];
    assert_eq!(render("{{> p}}", &partials, &data).unwrap(), "[x]");
    let template = compile("---\nmodel: m\n---\n{{a}}", &[]).unwrap();
    assert_eq!(template.source(), "---\nmodel: m\n---\n{{a}}");
    assert_eq!(template.front_matter().and_then(|front| front.model.as_deref()), Some("m"));
    assert_ne!(template.closure_digest(), compile("{{a}}", &[]).unwrap().closure_digest());
}

#[test]
fn places_are_those_of_the_whole_file() {
    let text = "---\nmodel: é\n---\n{{a}}\n{{#each b}}{{c}}{{/each}}";
    let check = Engine::default().check("main", text);
    let used = &check.variables[0].uses[0];
    assert_eq!((used.span.line, used.span.column), (4, 3));
    assert_eq!(&text[used.span.range.clone()], "a");
    for (broken, place) in [("{{x..y}}", "main:5:5"), ("{{len 01}}", "main:5:7"), ("{{#if a}}", "main:5:1")] {
        let text = format!("---\nmodel: é\n---\nfirst\n{broken}");
        let error = Engine::default().compile("main", &text, &NoPartials).unwrap_err();
        assert!(error.to_string().starts_with(place), "{error}");
    }
    let text = "---\nmodel: é\n---\nfirst {{> @partial-block}}";
    let error = render(text, &[], &json!({})).unwrap_err();
    assert!(error.to_string().starts_with("main:4:7: "), "{error}");
}

#[test]
fn a_file_is_read_into_values() {
    let text = "---\nname: plan\nmodel: any/model\nversion: \"1.10\"\nconfig:\n  temperature: 0.2\n  stop: [a, '']\n\
                input:\n  schema: {text: string}\n  default: {text: hi}\noutput:\n  format: json\n  schema:\n    \
                answer: string\n  strict: true\ntools: [search]\nacme.team: core\nother: |\n  two\n  lines\n---\n{{text}}";
    let file = parse(text);
    let front = file.front_matter().unwrap();
    assert_eq!((front.name.as_deref(), front.version.as_deref()), (Some("plan"), Some("1.10")));
    assert_eq!(Value::Object(front.config.clone()), json!({"temperature": 0.2, "stop": ["a", ""]}));
    assert_eq!(front.input.schema, Some(json!({"text": "string"})));
    assert_eq!(front.input.default["text"], json!("hi"));
    assert_eq!(front.output.format.as_deref(), Some("json"));
    assert_eq!(front.output.schema, Some(json!({"answer": "string"})));
    assert_eq!(front.output.rest["strict"], json!(true));
    assert_eq!(front.rest["other"], json!("two\nlines\n"));
    assert_eq!(front.rest.keys().collect::<Vec<_>>(), ["tools", "acme.team", "other"]);
    assert_eq!(file.declarations().get("text").unwrap().default, Some(json!("hi")));
    assert_eq!((file.text(), file.body()), (text, "{{text}}"));
    assert_eq!(file.clone().into_text(), text);
}

#[test]
fn wrong_front_matter_is_an_error_with_all_of_it() {
    let error = PromptFile::parse("main", "---\nmodel: 1\nconfig: 2\n---\n").unwrap_err();
    assert!(matches!(error, Error::FrontMatter(_)));
    assert_eq!(error.diagnostics().len(), 2);
    let error = Engine::default().compile("main", "---\nmodel: 1\n---\n", &NoPartials).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, Code::FrontMatter);
    let doubtful = parse("---\nmodel: a\ntext");
    assert_eq!((doubtful.body(), doubtful.warnings().len()), ("---\nmodel: a\ntext", 1));
}

#[test]
fn a_key_that_cannot_be_written_is_refused() {
    let mut front = FrontMatter::default();
    front.config.insert("k".repeat(2_000), json!(1));
    assert!(PromptFile::new("main", &front, "").is_err());
    let mut front = FrontMatter::default();
    front.input.schema = Some(json!({"a": "strin"}));
    let error = PromptFile::new("main", &front, "{{a}}").unwrap_err();
    assert_eq!(error.diagnostics()[0].suggestion.as_deref(), Some("string"));
}

/// Two values for one key could not be told apart in what is written.
#[test]
fn a_key_with_a_field_is_refused_among_the_other_keys() {
    for key in
        ["name", "variant", "version", "description", "model", "config", "input", "output", "prompt_runner"]
    {
        let mut front = FrontMatter::default();
        front.rest.insert(key.to_owned(), json!(null));
        let error = PromptFile::new("main", &front, "").unwrap_err();
        assert!(matches!(error, Error::FrontMatter(_)));
        let message = format!("main:1:1: `{key}` is a field of the front matter and cannot stand in `rest`");
        assert_eq!(error.to_string(), message);
    }
    for key in ["format", "schema"] {
        let mut front = FrontMatter::default();
        front.output.rest.insert(key.to_owned(), json!("json"));
        let error = PromptFile::new("main", &front, "text").unwrap_err();
        assert!(error.to_string().contains("is a field of `output`"), "{error}");
    }
}

#[test]
fn a_schema_of_null_is_read_back() {
    let mut front = FrontMatter::default();
    front.input.schema = Some(json!(null));
    front.output.schema = Some(json!(null));
    let file = PromptFile::new("main", &front, "{{a}}").unwrap();
    assert_eq!(file.front_matter(), Some(&front));
    assert!(Engine::default().check("main", file.text()).is_ok());
}

#[test]
fn a_near_miss_of_front_matter_is_text_with_a_warning() {
    for (text, suggestion) in [
        ("---\nmodle: a\n---\n", Some("model")),
        ("---\ntitle: x\nconfg: {}\n---\n", Some("config")),
        ("---\ntitle: x\n---\n", None),
        ("---\ntext: x\nnext: y\n---\n", None),
        ("---\nmodle\n---\n", None),
    ] {
        let file = parse(text);
        assert_eq!((file.body(), file.front_matter()), (text, None));
        let suggestions: Vec<_> =
            file.warnings().iter().map(|warning| warning.suggestion.as_deref()).collect();
        assert_eq!(suggestions, suggestion.map(Some).into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn front_matter_made_to_hang_is_read_or_refused_soon() {
    let size = 64 << 10;
    let mut keys = String::new();
    for at in 0..6_000 {
        writeln!(keys, "k{at}: v").unwrap();
    }
    let pieces = [
        "[",
        "{",
        "{a: ",
        "- ",
        "? ",
        "a: &x *x\n",
        "\"",
        "'",
        "|\n",
        "!a ",
        "&a ",
        "a: a: ",
        "%",
        "\t",
        "a ",
        "é",
        "]",
    ];
    for piece in pieces {
        for front in [piece.repeat(size / piece.len() - 10), format!("\n{}", piece.repeat(1_000))] {
            let started = Instant::now();
            let text = format!("---\nname: x\nconfig: {front}\n---\nbody");
            let result = PromptFile::parse("main", text.as_str());
            let soon = if cfg!(debug_assertions) { 8 } else { 2 };
            assert!(started.elapsed().as_secs() < soon, "{piece:?}");
            if let Ok(file) = result {
                assert!(file.body() == "body" || file.body() == text, "{piece:?}");
            }
        }
    }
    let error = PromptFile::parse("main", format!("---\nname: x\n{keys}---\n")).unwrap_err();
    assert!(error.to_string().contains("at most 5000 keys and values"), "{error}");
    let error = PromptFile::parse("main", format!("---\nname: x\nconfig: {}\n---\n", "a".repeat(70_000)));
    assert!(error.unwrap_err().to_string().contains("longer than 65536 bytes"));
}

#[test]
fn files_that_are_no_prompts_have_no_name() {
    for path in [
        "a.txt",
        ".prompt",
        "_.prompt",
        "a/.prompt",
        "/a.prompt",
        "a//b.prompt",
        "../a.prompt",
        "a\\b.prompt",
    ] {
        assert_eq!(FileName::parse(path), None, "{path}");
    }
    assert_eq!(FileName::template("_a"), None);
    assert_eq!(FileName::partial("a/_b").unwrap().to_string(), "a/__b.prompt");
    assert_eq!(FileName::parse("a.fast.prompt").unwrap().name(), "a.fast");
}

/// Pieces of YAML and of templates, in an order that may make sense.
fn noise() -> impl Strategy<Value = String> {
    let pieces = [
        "---\n",
        "---\r\n",
        "---",
        "--- \n",
        "...\n",
        "name: a\n",
        "model: \"b\"\n",
        "config:\n",
        "  t: 0.5\n",
        "input:\n",
        "  schema:\n",
        "    x: string\n",
        "    y?(array): integer\n",
        "  default: {x: é}\n",
        "prompt_runner: {}\n",
        "a.b: 1\n",
        "{{x}}",
        "{{#if y}}",
        "{{/if}}",
        "\u{feff}",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "#",
        "&a ",
        "*a",
        "|\n",
        "'",
        "\"",
        "\n",
        "\r\n",
        " ",
        "日本",
        "\t",
        "\\",
        "\0",
    ];
    let parts = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..20);
    let whole = prop::sample::select(vec!["", "---\nname: a\n", "---\r\nmodel: b\r\n", "---\n"]);
    (whole, parts).prop_map(|(start, parts)| start.to_owned() + &parts.concat())
}

fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "true",
        "null",
        "~",
        "12",
        "1.5",
        "0x1f",
        "1e3",
        "---",
        "- a",
        "a: b",
        "a #b",
        "'a'",
        "\"",
        "\\",
        "{{a}}",
        "a, b",
        "é ",
        "yes",
        "\u{202e}",
        "\u{1f600}",
        "a\nb",
        "\r\n",
        "\t",
        "\u{85}",
        "\0",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "?",
        "|",
        ">",
        "[",
        "]",
        "\u{feff}",
    ];
    prop_oneof![prop::sample::select(odd.to_vec()).prop_map(str::to_owned), any::<String>(), "[a-z ]{0,12}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            map(inner).prop_map(Value::Object),
        ]
    })
}

fn map(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((text(), value), 0..4).prop_map(|entries| entries.into_iter().collect())
}

fn front_matter() -> impl Strategy<Value = FrontMatter> {
    let texts = prop::collection::vec(prop::option::of(text()), 6);
    let names = prop::collection::btree_set("[a-z]{3,8}", 0..4);
    (texts, names, map(value()), map(value()), map(value()), any::<bool>()).prop_map(
        |(texts, names, config, output, rest, declares)| {
            let mut front = FrontMatter::default();
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            (front.name, front.variant, front.version) = (text(), text(), text());
            (front.description, front.model, front.output.format) = (text(), text(), text());
            front.config = config;
            let is_free = |name: &String| !["schema", "format", "tools"].contains(&name.as_str());
            front.output.rest = output.into_iter().filter(|(name, _)| is_free(name)).collect();
            front.rest = rest.into_iter().map(|(name, value)| (format!("x-{name}"), value)).collect();
            if declares && !names.is_empty() {
                let schema =
                    names.iter().map(|name| (format!("{name}?"), json!("string, a note: with {braces}")));
                front.input.schema = Some(Value::Object(schema.collect()));
                front.input.default = names.iter().take(1).map(|name| (name.clone(), json!("- x"))).collect();
                let settings =
                    names.iter().map(|name| (name.clone(), json!({"trusted": false, "max_length": 9})));
                front.prompt_runner.insert("variables".to_owned(), Value::Object(settings.collect()));
            }
            front
        },
    )
}

/// Compiling does not know which variables are given without being declared.
fn only_undeclared(diagnostics: &[Diagnostic]) -> bool {
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.all(|diagnostic| diagnostic.code == Code::UndeclaredVariable)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written_back_to_the_byte(text in noise()) {
        let check = Engine::default().check("main", &text);
        for diagnostic in &check.diagnostics {
            diagnostic.render_excerpt();
            prop_assert!(text.get(diagnostic.span.range.clone()).is_some());
        }
        let compiled = Engine::default().compile("main", &text, &NoPartials);
        prop_assert_eq!(compiled.is_ok(), check.is_ok() || only_undeclared(&check.diagnostics), "{:?}", check.diagnostics);
        if let Ok(template) = compiled {
            let _ = template.render(&json!({"x": "é", "y": [1]}), &RenderOptions::default());
        }
        if let Ok(file) = PromptFile::parse("main", text.as_str()) {
            prop_assert_eq!(file.text(), &text);
            prop_assert!(text.ends_with(file.body()));
            prop_assert_eq!(file.front_matter().is_none(), file.body() == text);
            let front = file.front_matter().cloned().unwrap_or_default();
            let again = PromptFile::new("main", &front, file.body()).unwrap();
            prop_assert_eq!(again.front_matter().cloned().unwrap_or_default(), front);
            prop_assert_eq!(again.body(), file.body());
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_the_same(front in front_matter(), body in noise()) {
        let file = PromptFile::new("main", &front, &body).unwrap();
        prop_assert_eq!(file.front_matter().cloned().unwrap_or_default(), front.clone());
        prop_assert_eq!(file.body(), &body);
        let again = PromptFile::parse("main", file.text()).unwrap();
        prop_assert_eq!(again.front_matter(), file.front_matter());
        prop_assert_eq!(again.declarations(), file.declarations());
    }

    #[test]
    fn front_matter_changes_nothing_in_what_is_rendered(front in front_matter(), text in "[a-z \n<&]{0,30}") {
        let mut front = front;
        front.input = FrontMatter::default().input;
        front.prompt_runner.clear();
        let file = PromptFile::new("main", &front, &format!("{text}{{{{x}}}}")).unwrap();
        let template = Engine::default().compile("main", file.text(), &NoPartials).unwrap();
        let rendered = template.render(&json!({"x": 1}), &RenderOptions::default()).unwrap();
        prop_assert_eq!(rendered, format!("{text}1"));
    }

    #[test]
    fn names_of_files_go_both_ways(path in "([a-z._]{1,4}/){0,2}[a-z._-]{0,6}\\.prompt") {
        if let Some(file) = FileName::parse(&path) {
            prop_assert_eq!(file.to_string(), path);
            let again = if file.is_partial() { FileName::partial(file.name()) } else { FileName::template(file.name()) };
            prop_assert_eq!(again, Some(file));
        }
    }
}
