//! Cases that Jinja2 itself has rendered.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use prompt_template::serde_json::{self, Value};

use crate::convert::{jinja, lenient};

fn text<'c>(case: &'c Value, key: &str) -> &'c str {
    case[key].as_str().unwrap()
}

/// The partials of a case, converted where it does not bring them along.
fn partials(case: &Value) -> BTreeMap<String, String> {
    let partials: BTreeMap<String, String> = serde_json::from_value(case["partials"].clone()).unwrap();
    match case["jinja_includes"].as_object() {
        Some(included) if partials.is_empty() => included
            .iter()
            .map(|(name, text)| (name.clone(), jinja(text.as_str().unwrap()).handlebars.unwrap()))
            .collect(),
        _ => partials,
    }
}

/// Every convertible case renders as in Jinja2, every other is reported with its constructs.
fn check(path: &Path) {
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = String::new();
    for case in file["cases"].as_array().unwrap() {
        let id = text(case, "id");
        let conversion = jinja(text(case, "jinja"));
        if !case["convertible"].as_bool().unwrap() {
            for construct in case["constructs"].as_array().unwrap() {
                let lines = text(case, "jinja").lines().count().max(1);
                let found = conversion.report.iter().find(|report| *construct == report.construct);
                if found.is_none_or(|found| found.line > lines || found.reason.is_empty()) {
                    writeln!(wrong, "{id}: {construct} is not in {:?}", conversion.report).unwrap();
                }
            }
            assert_eq!(conversion.handlebars, None, "{id}");
            continue;
        }
        let partials = partials(case);
        let Some(handlebars) = conversion.handlebars else {
            writeln!(wrong, "{id}: {:?}\n  {:?}", conversion.report, text(case, "jinja")).unwrap();
            continue;
        };
        let rendered = lenient(&handlebars, &partials, &case["context"]);
        if rendered.as_deref() != Ok(text(case, "expected")) {
            writeln!(wrong, "{id}: {handlebars}\n  {rendered:?}\n  {:?}", text(case, "expected")).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn cases_render_as_in_jinja2_or_are_reported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/convert");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            check(&path);
            files += 1;
        }
    }
    assert!(files > 0);
}

#[test]
fn the_public_cases_render_as_in_jinja2_or_are_reported() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/jinja/cases.json");
    if path.exists() {
        check(&path);
    }
}
