//! Templates that are files: tested, looked over and converted without a database.

use serde_json::{Value, json};

use crate::tool::{Tool, assert_keys, assert_says};

fn codes(item: &Value) -> Vec<&str> {
    item["diagnostics"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[test]
fn a_file_is_tested_with_the_partials_beside_it() {
    let tool = Tool::alone().within("prompts");
    tool.file("plan.prompt", "{{feature}}. {{> tone style=\"brief\"}} {{> rules}} {{> far}}");
    tool.file("_tone.prompt", "Be {{style}}.");
    tool.file("rules.prompt", "No tabs.");
    tool.within("").file("far.txt", "Far.");
    let words = "orchestration template test --file plan.prompt --var feature=Login";
    let error = tool.fails(1, words);
    assert_says(&error, "message", "there is no partial `far`");
    assert_eq!(error["diagnostics"][0]["code"], "unknown-partial");
    let words = format!("{words} --partial far=../far.txt");
    assert_eq!(tool.text(&words), "Login. Be brief. No tabs. Far.");
    assert!(!tool.home().join(".local").exists(), "a file needs no database");
    tool.fails(2, "orchestration template test prompt-tool/analysis --partial far=far.txt");
}

#[test]
fn no_partial_lies_outside_of_the_folder() {
    let tool = Tool::alone().within("prompts");
    tool.within("").file("secret.prompt", "secret");
    for name in ["../secret", "link", "'/etc/hostname'"] {
        tool.file("plan.prompt", format!("{{{{> {name}}}}}"));
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.prompt", tool.home().join("prompts/link.prompt")).ok();
        let error = tool.fails(1, "orchestration template test --file plan.prompt");
        assert_says(&error, "message", "there is no partial");
    }
}

#[test]
fn lint_says_all_at_once() {
    let tool = Tool::alone().within("prompts");
    let front = "---\ninput:\n  schema:\n    names(array): string\n    tone?: string, how it sounds\n---\n";
    tool.file(
        "a.prompt",
        format!("{front}{{{{#each names as |n|}}}}{{{{n}}}} {{{{names}}}}{{{{/each}}}}{{{{name}}}}"),
    );
    tool.file("_b.prompt", "sound");
    tool.file("c.prompt", b"\xff");
    tool.file("notes.md", "{{#if}}");
    let ran = tool.run("orchestration template lint .");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for said in [
        "variable `name` is not declared",
        "did you mean `names`?",
        "warning: variable `tone` is declared",
        "`@root.names`",
        "not UTF-8",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let ran = tool.run("--format json orchestration template lint .");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let items = document["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_keys(&items[1], &["name", "passed", "diagnostics"]);
    assert_eq!(
        (&items[0]["passed"], &items[1]["passed"], &items[2]["passed"]),
        (&json!(true), &json!(false), &json!(false))
    );
    assert_eq!(codes(&items[1]), ["unused-variable", "root-needed", "undeclared-variable"]);
    assert_eq!((&document["errors"], &document["warnings"]), (&json!(3), &json!(1)));
    assert!(tool.json("orchestration template lint _b.prompt")["items"][0]["passed"] == true);
    assert!(!tool.home().join(".local").exists(), "files need no database");
}

#[test]
fn lint_knows_what_sessions_give() {
    let tool = Tool::alone();
    tool.file("t.hbs", "{{feature_request}} {{team}} {{analysis_results}}");
    let found = tool.json("orchestration template lint --file t.hbs --type orchestrator");
    let found = &found["items"][0];
    assert_eq!(codes(found), ["unknown-variable", "unknown-variable"]);
    assert_eq!(found["passed"], true, "what is missing may be meant for --var");
    let found = tool.json("orchestration template lint t.hbs");
    assert_eq!(codes(&found["items"][0]), Vec::<&str>::new());
    assert_eq!(tool.json_with("orchestration template lint -", "{{a}}")["items"][0]["name"], "stdin");
}

#[test]
fn lint_reads_stored_templates_too() {
    let tool = Tool::alone();
    let all = tool.json("orchestration template lint");
    assert_eq!(all["items"].as_array().unwrap().len(), 3, "{all}");
    assert_eq!(all["errors"], 0);
    let one = tool.json("orchestration template lint prompt-tool/analysis@1");
    assert_eq!(one["items"][0]["name"], "prompt-tool/analysis@1");
    tool.fails(3, "orchestration template lint nowhere");
}

#[test]
fn a_converted_prompt_renders_as_before() {
    let tool = Tool::alone();
    tool.file(
        "plan.j2",
        "{% include 'head' %}\n{% for f in files %}\n- {{ f }} of {{ project }}\n{% endfor %}\n{{ flag }}\n",
    );
    tool.file("_head.prompt", "# Plan");
    let converted = tool.json("orchestration template convert --from jinja2 plan.j2");
    assert_keys(&converted, &["convertible", "handlebars", "report"]);
    assert_eq!((&converted["convertible"], &converted["report"]), (&json!(true), &json!([])));
    let text = tool.text("orchestration template convert --from jinja2 plan.j2");
    assert_eq!(converted["handlebars"], text);
    tool.file("plan.prompt", &text);
    tool.file("vars.json", r#"{"files": ["a", "b"], "project": "campus", "flag": true}"#);
    let rendered = tool.text("orchestration template test --file plan.prompt --vars vars.json");
    assert_eq!(rendered, "# Plan\n\n- a of campus\n\n- b of campus\n\nTrue");
    let text = tool.text("orchestration template convert --from jinja2 plan.j2 --values text");
    assert!(text.ends_with("{{flag}}"), "{text}");
}

#[test]
fn what_cannot_be_converted_is_named_with_its_line() {
    let tool = Tool::alone();
    tool.file("plan.j2", "# Plan\n{% macro m() %}{% endmacro %}\n{% include 'nowhere' %}\n{{ a * 2 }}");
    let ran = tool.run("--format json orchestration template convert --from jinja2 plan.j2");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["convertible"], &found["handlebars"]), (&json!(false), &Value::Null));
    let report = found["report"].as_array().unwrap();
    let lines: Vec<_> = report
        .iter()
        .map(|entry| (entry["line"].as_u64().unwrap(), entry["construct"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [(2, "macro"), (3, "include"), (4, "arithmetic")]);
    let ran = tool.run("orchestration template convert --from jinja2 plan.j2");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("error: plan.j2:2: macro: "), "{}", ran.stderr);
    tool.refuses(2, "orchestration template convert --from mako plan.j2");
    tool.fails(3, "orchestration template convert --from jinja2 nowhere.j2");
}

#[test]
fn format_strings_and_brackets_are_converted_too() {
    let tool = Tool::alone();
    let format =
        tool.json_with("orchestration template convert --from format --values text -", "Hi {name}, {{x}}");
    assert_eq!(format["handlebars"], "Hi {{name}}, {x}");
    let brackets =
        tool.json_with("orchestration template convert --from brackets -", "[PROJECT_NAME]: [x] [a](b)");
    assert_eq!(brackets["handlebars"], "{{project_name}}: [x] [a](b)");
}
