//! Whole answers in `fixtures/extract`: each `NAME.txt` has its result in `NAME.json`.

use std::fs;
use std::path::Path;

use prompt_orchestrator::extract::extract;
use serde_json::Value;

#[test]
fn whole_answers_are_exact() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/extract");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        seen += 1;
        let found = serde_json::to_value(extract(&fs::read_to_string(&path).unwrap())).unwrap();
        let wanted: Value =
            serde_json::from_str(&fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        for (key, value) in wanted.as_object().unwrap() {
            assert_eq!(&found[key], value, "{} {key}", path.display());
        }
    }
    assert_eq!(seen, 12);
}
