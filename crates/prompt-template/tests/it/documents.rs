//! The prompts in the documentation are what it says they are.

use std::fs;
use std::path::Path;

use prompt_template::serde_json::json;
use prompt_template::{Engine, FileName, NoPartials, PromptFile, RenderOptions};

fn docs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn the_page_on_files_shows_a_file_that_works() {
    let page = fs::read_to_string(docs().join("src/files.md")).unwrap();
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (text, _) = rest.split_once("```\n").unwrap();
    let engine = Engine::default();
    assert_eq!(engine.check("summary", text).diagnostics, []);
    let template = engine.compile("summary", text, &NoPartials).unwrap();
    assert_eq!(template.front_matter().unwrap().config["temperature"], json!(0.2));
    assert!(!template.declarations().get("text").unwrap().trusted);
    let data =
        json!({"title": "Moths", "text": "They\u{202e} fly.", "words": 50, "authors": [{"name": "Ada"}]});
    let rendered = template.render(&data, &RenderOptions::default().nonce("n")).unwrap();
    let start = "Sum up \"Moths\" in a plain tone, in at most 50 words.\nAuthor: Ada\n\n<untrusted-";
    assert!(rendered.starts_with(start), "{rendered}");
    assert!(rendered.contains("They<U+202E> fly."));
}

#[test]
fn the_examples_declare_what_they_use() {
    let mut names = Vec::new();
    for entry in fs::read_dir(docs().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let file = FileName::parse(path.file_name().unwrap().to_str().unwrap()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let check = Engine::default().check(file.name(), &text);
        assert_eq!(check.diagnostics, [], "{}", path.display());
        assert!(check.declarations.is_complete(), "{}", path.display());
        assert!(PromptFile::parse(file.name(), text).unwrap().front_matter().unwrap().description.is_some());
        names.push(file.name().to_owned());
    }
    names.sort();
    assert_eq!(names, ["api-implementation", "bugfix-orchestrator", "short-analysis"]);
}
