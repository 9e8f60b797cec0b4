//! What a person sees for each kind of problem: one file and one snapshot each.
//!
//! A file holds the template; after a line `=== partial NAME` stands a partial, after `=== variables`
//! the variables as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use prompt_template::serde_json::{self, Value};
use prompt_template::{Diagnostic, Engine, Error, Limits, RenderOptions};

#[derive(Default)]
struct Fixture {
    source: String,
    partials: BTreeMap<String, String>,
    variables: Value,
}

fn read(text: &str) -> Fixture {
    let mut fixture = Fixture::default();
    let mut parts = text.split("\n=== ");
    parts.next().unwrap_or_default().clone_into(&mut fixture.source);
    for part in parts {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        match head.strip_prefix("partial ") {
            Some(name) => {
                fixture.partials.insert(name.to_owned(), body.to_owned());
            }
            None => fixture.variables = serde_json::from_str(body).unwrap(),
        }
    }
    fixture
}

fn shown(error: &Error) -> String {
    let codes: Vec<_> = error.diagnostics().iter().map(|d| d.code.as_str()).collect();
    format!("{error}\n[{}]\n\n{}", codes.join(", "), error.report())
}

fn engine() -> Engine {
    Engine::with_limits(
        Limits::default()
            .source_bytes(2_000)
            .tags(40)
            .block_depth(5)
            .subexpression_depth(3)
            .partials(4)
            .partial_depth(3)
            .output_bytes(1_000)
            .work(2_000)
            .compile_work(20_000),
    )
}

#[test]
fn check() {
    insta::glob!("fixtures/check/*.txt", |path| {
        let fixture = read(&fs::read_to_string(path).unwrap());
        let check = engine().check("campus/plan", &fixture.source);
        let mut shown = String::new();
        for diagnostic in &check.diagnostics {
            writeln!(shown, "[{}]\n{}", diagnostic.code, diagnostic.render_excerpt()).unwrap();
        }
        assert!(!check.is_ok(), "{} has no problem", path.display());
        insta::assert_snapshot!(shown);
    });
}

#[test]
fn compile() {
    insta::glob!("fixtures/compile/*.txt", |path| {
        let fixture = read(&fs::read_to_string(path).unwrap());
        let compiled = engine().compile("campus/plan", &fixture.source, &fixture.partials);
        insta::assert_snapshot!(shown(&compiled.unwrap_err()));
    });
}

#[test]
fn render() {
    insta::glob!("fixtures/render/*.txt", |path| {
        let fixture = read(&fs::read_to_string(path).unwrap());
        let compiled = engine().compile("campus/plan", &fixture.source, &fixture.partials);
        let rendered = compiled.unwrap().render(&fixture.variables, &RenderOptions::default());
        insta::assert_snapshot!(shown(&rendered.unwrap_err()));
    });
}

#[test]
fn a_diagnostic_is_json_too() {
    let check = engine().check("campus/plan", "a\n{{#if}}");
    let json: Vec<_> = check.diagnostics.iter().map(|d| serde_json::to_value(d).unwrap()).collect();
    insta::assert_json_snapshot!(json);
    let displayed: Vec<_> = check.diagnostics.iter().map(Diagnostic::to_string).collect();
    assert_eq!(displayed[0], "campus/plan:2:1: the block `if` is not closed: `{{/if}}` is missing");
}
