//! What a person sees for each kind of problem: one file and one snapshot each.
//!
//! A file holds the template; after a line `=== partial NAME` stands a partial, after `=== variables`
//! the variables as JSON, after `=== hidden` the policy for hidden characters,
//! after `=== known` the variables that templates of its kind are given.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use prompt_template::serde_json::{self, Value};
use prompt_template::{Code, Diagnostic, Engine, Error, Hidden, Limits, RenderOptions};

#[derive(Default)]
struct Fixture {
    source: String,
    partials: BTreeMap<String, String>,
    variables: Value,
    known: Vec<String>,
    options: RenderOptions,
}

fn read(text: &str) -> Fixture {
    let mut fixture = Fixture::default();
    let mut parts = text.split("\n=== ");
    parts.next().unwrap_or_default().clone_into(&mut fixture.source);
    for part in parts {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        match head.split_once(' ').unwrap_or((head, "")) {
            ("partial", name) => {
                fixture.partials.insert(name.to_owned(), body.to_owned());
            }
            ("known", names) => fixture.known = names.split(' ').map(str::to_owned).collect(),
            ("variables", _) => fixture.variables = serde_json::from_str(body).unwrap(),
            ("hidden", "refuse") => fixture.options = fixture.options.hidden(Hidden::Refuse),
            (other, _) => panic!("a fixture has no part `{other}`"),
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
            .parameters(20)
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
        let known: Vec<_> = fixture.known.iter().map(String::as_str).collect();
        let unknown = if known.is_empty() { Vec::new() } else { check.unknown_variables(&known) };
        for diagnostic in check.diagnostics.iter().chain(&unknown) {
            writeln!(shown, "[{}]\n{}", diagnostic.code, diagnostic.render_excerpt()).unwrap();
        }
        assert!(!shown.is_empty(), "{} has no problem", path.display());
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
        let rendered = compiled.unwrap().render(&fixture.variables, &fixture.options);
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

/// A code without a fixture is one that nobody has looked at.
#[test]
fn every_code_is_seen_in_a_snapshot() {
    let mut seen = String::new();
    insta::glob!("fixtures/*/*.txt", |path| {
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let tests = path.ancestors().nth(3).unwrap();
        let snapshot = tests.join(format!("snapshots/it__fixtures__{folder}@{name}.snap"));
        seen += &fs::read_to_string(snapshot).unwrap();
    });
    let listed: Vec<_> = seen
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'))
        .flat_map(|codes| codes.split(", "))
        .collect();
    let unseen: Vec<_> = Code::all().map(Code::as_str).filter(|code| !listed.contains(code)).collect();
    assert!(unseen.is_empty(), "without a fixture: {unseen:?}");
}

/// The list of codes is written by hand; the source says how many there are.
#[test]
fn the_list_of_codes_is_complete() {
    let source = include_str!("../../src/diagnostic.rs");
    let named = source.lines().filter(|line| line.trim().starts_with("Self::") && line.contains(" => \""));
    let listed: BTreeSet<_> = Code::all().map(Code::as_str).collect();
    assert_eq!(listed.iter().filter(|code| !code.starts_with("limit-")).count(), named.count() - 2);
    let limits = include_str!("../../src/limits.rs");
    assert_eq!(
        listed.iter().filter(|code| code.starts_with("limit-")).count(),
        limits.matches("=> \"limit-").count()
    );
}
