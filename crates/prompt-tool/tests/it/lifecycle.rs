//! A session from its plan to its end, and every text of it given back.

use std::io::Write;

use serde_json::{Value, json};
use test_support::{TestDatabase, backends};

use crate::answers::{self, Case, EXTRACTION_KEYS, PLAIN, SECTIONS};
use crate::tool::{Tool, assert_keys, string};

/// What must not be touched: CRLF, tabs, trailing blanks, composed and decomposed letters, braces, no final newline.
const REQUEST: &str = "  Add a wäiting list\r\n\tfor full courses 🎓  \r\n\r\n{{not_a_variable}} &amp; <b>\u{feff}\u{202e}\u{200b}\n\ntail e\u{301}  ";
const ANALYSIS: &str =
    "Found\r\nin `src/booking.rs`  \r\n```\r\n{{> nothing}}\r\n```\n\t\u{1b}[1mbold\u{1b}[0m\u{85}ü \n\n \n";
const OUTPUT: &str = "\n\n  Done \u{2028}日本語\r\rno newline at the end";

const SHOWN: [&str; 20] = [
    "session_id",
    "status",
    "project",
    "feature_type",
    "complexity",
    "time_estimate",
    "variables",
    "templates",
    "experiment",
    "why",
    "phases",
    "feature_request",
    "rendered_orchestrator",
    "analysis_template",
    "implementation_template",
    "execution_notes",
    "rendered_analysis",
    "analysis_results",
    "rendered_implementation",
    "implementation_output",
];

/// Walks a session through its states with one answer, and compares everything that comes back.
fn walk(tool: &Tool, case: &Case) {
    let planned = tool.json_with("orchestration plan --file -", REQUEST);
    assert_keys(&planned, &["session_id", "status", "project", "prompt", "templates", "experiment"]);
    assert_eq!(planned["status"], "planned");
    assert_eq!(planned["project"], "default");
    assert_eq!(planned["experiment"], Value::Null);
    for template_type in ["orchestrator", "analysis", "implementation"] {
        let template = &planned["templates"][template_type];
        assert_eq!(template["name"], format!("prompt-tool/{template_type}"));
        assert_eq!(template["version"], 1);
        assert_eq!(template["scope"], "global");
        assert_eq!(string(&template["sha256"]).len(), 64);
    }
    assert!(string(&planned["prompt"]).contains(REQUEST), "the prompt holds the request as it was given");
    let id = string(&planned["session_id"]);
    let moved = |step: &str, stdin: &str, status: &str, keys: &[&str]| {
        let stepped = tool.json_with(&crate::tool::step_words(step, &id), stdin);
        assert_keys(&stepped, &["session_id", "status"]);
        assert_keys(&stepped, keys);
        assert_eq!(stepped["session_id"], json!(id));
        assert_eq!(stepped["status"], status, "{} of {}", step, case.name);
        stepped
    };
    let processed = moved("process", &case.answer, "templates_ready", &EXTRACTION_KEYS);
    let analysis = moved("analyze", "", "analyzing", &["prompt"]);
    assert_eq!(moved("analyze", "", "analyzing", &["prompt"]), analysis, "the same again");
    moved("save-analysis", ANALYSIS, "analysis_complete", &[]);
    let implementation = moved("implement", "", "implementing", &["prompt"]);
    assert_eq!(moved("implement", "", "implementing", &["prompt"]), implementation, "the same again");
    moved("complete", OUTPUT, "complete", &[]);

    let shown = tool.show(&id);
    assert_keys(&shown, &SHOWN);
    for section in SECTIONS {
        assert_eq!(processed[section], case.expected[section], "{section} of {}", case.name);
        assert_eq!(shown[section], case.expected[section], "{section} of {}", case.name);
    }
    assert_eq!(processed["complexity"], case.expected["complexity"], "{}", case.name);
    assert_eq!(processed["time_estimate"], case.expected["time_estimate"], "{}", case.name);
    for (key, text) in [
        ("status", &json!("complete")),
        ("feature_request", &json!(REQUEST)),
        ("rendered_orchestrator", &planned["prompt"]),
        ("rendered_analysis", &analysis["prompt"]),
        ("analysis_results", &json!(ANALYSIS)),
        ("rendered_implementation", &implementation["prompt"]),
        ("implementation_output", &json!(OUTPUT)),
    ] {
        assert_eq!(&shown[key], text, "{key} of {}", case.name);
    }
    assert!(string(&shown["rendered_analysis"]).contains(&string(&shown["analysis_template"])));
    assert!(string(&shown["rendered_implementation"]).contains(&string(&shown["implementation_template"])));
    assert!(string(&shown["rendered_implementation"]).contains(ANALYSIS));
    assert!(tool.verifies(&id), "{}", case.name);
}

backends! {
    fn a_session_gives_every_text_back(db: &TestDatabase) {
        let tool = Tool::on(db);
        let cases = answers::complete(answers::fixtures());
        assert!(cases.len() >= 8, "{}", cases.len());
        for case in &cases {
            walk(&tool, case);
        }
    }

    fn a_session_takes_every_answer_that_we_were_given(db: &TestDatabase) {
        let Some(cases) = answers::given() else {
            // The macros of `std` would be captured with the output of the test.
            let _ = writeln!(std::io::stderr(), "skipped: shared/data/extraction/cases.jsonl is not there");
            return;
        };
        let tool = Tool::on(db);
        let cases = answers::complete(cases);
        assert!(cases.len() >= 10, "{}", cases.len());
        for case in &cases {
            walk(&tool, case);
        }
    }

    fn a_prompt_stands_alone_on_a_pipe(db: &TestDatabase) {
        let tool = Tool::on(db);
        let planned = tool.run_with("orchestration plan --file -", REQUEST);
        assert_eq!(planned.code, 0, "{planned:#?}");
        let id = string(&tool.json("orchestration status")["session_id"]);
        assert_eq!(json!(planned.stdout), tool.show(&id)["rendered_orchestrator"]);
        assert!(planned.stderr.contains("· planned · project default"), "{}", planned.stderr);
        assert!(planned.stderr.contains("prompt-tool/orchestrator@1  (global, built-in)"), "{}", planned.stderr);
        assert!(planned.stderr.contains("prompt-tool orchestration process"), "{}", planned.stderr);

        tool.step("process", &id);
        let analysis = tool.text("orchestration analyze");
        assert_eq!(json!(analysis), tool.show(&id)["rendered_analysis"]);
        assert_eq!(tool.text("orchestration analyze"), analysis);
        tool.step("save-analysis", &id);
        let implementation = tool.text("orchestration implement");
        assert_eq!(json!(implementation), tool.show(&id)["rendered_implementation"]);
        assert_eq!(tool.text("orchestration implement"), implementation);
    }

    fn nothing_is_escaped_on_a_pipe(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.file("odd.hbs", "\u{1b}[1m{{feature_request}}\u{202e}\r\n");
        tool.json("orchestration template add odd --type orchestrator --file odd.hbs");
        let planned = tool.run_with("orchestration plan --file -", "a < b && \"c\"");
        assert_eq!(planned.stdout, "\u{1b}[1ma < b && \"c\"\u{202e}\r\n");
        assert_eq!(tool.text("orchestration template show odd"), "\u{1b}[1m{{feature_request}}\u{202e}\r\n");
    }

    fn texts_come_from_files_as_from_stdin(db: &TestDatabase) {
        let tool = Tool::on(db);
        for (name, text) in [("request", REQUEST), ("answer", PLAIN), ("analysis", ANALYSIS), ("output", OUTPUT)] {
            tool.file(name, text);
        }
        let id = string(&tool.json("orchestration plan --file request")["session_id"]);
        tool.json("orchestration process --file answer");
        tool.json("orchestration analyze");
        tool.json("orchestration save-analysis --file analysis");
        tool.json("orchestration implement");
        tool.json("orchestration complete --file output");
        let shown = tool.show(&id);
        assert_eq!(shown["feature_request"], REQUEST);
        assert_eq!(shown["analysis_results"], ANALYSIS);
        assert_eq!(shown["implementation_output"], OUTPUT);
    }

    fn a_second_answer_replaces_the_first(db: &TestDatabase) {
        let tool = Tool::on(db);
        let id = tool.plan("Add a waiting list");
        tool.step("process", &id);
        let second = PLAIN.replace("Build it.", "Build it well.");
        tool.json_with(&crate::tool::step_words("process", &id), &second);
        let shown = tool.show(&id);
        assert_eq!(shown["status"], "templates_ready");
        assert_eq!(shown["implementation_template"], "Build it well.");
        assert_eq!(shown["phases"][0]["attempts"], 2, "{:#}", shown["phases"]);
        assert!(tool.verifies(&id));
    }

    fn variables_reach_every_prompt(db: &TestDatabase) {
        let tool = Tool::on(db);
        for template_type in ["orchestrator", "analysis", "implementation"] {
            tool.file("t.hbs", format!("{template_type} of {{{{team}}}} in {{{{project}}}}"));
            tool.json(&format!("orchestration template add t/{template_type} --type {template_type} --file t.hbs"));
        }
        let planned = tool.json("orchestration plan Feature --var team=web=1");
        assert_eq!(planned["prompt"], "orchestrator of web=1 in default");
        let id = string(&planned["session_id"]);
        tool.finish(&id);
        let shown = tool.show(&id);
        assert_eq!(shown["rendered_analysis"], "analysis of web=1 in default");
        assert_eq!(shown["rendered_implementation"], "implementation of web=1 in default");
        assert_eq!(shown["variables"], json!({"team": "web=1"}));
        assert!(tool.verifies(&id));
    }

    fn a_dry_run_stores_nothing(db: &TestDatabase) {
        let tool = Tool::on(db);
        let before = tool.everything();
        let planned = tool.json("orchestration plan Feature --dry-run");
        assert_eq!(planned["session_id"], Value::Null);
        assert!(string(&planned["prompt"]).contains("Feature"));
        assert_eq!(tool.everything(), before);
    }

    fn sessions_are_listed_newest_first(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.json("project add campus");
        let first = tool.plan("First");
        let second = string(&tool.json("orchestration plan Second --project campus")["session_id"]);
        let ids = |words: &str| -> Vec<String> {
            tool.json(words)["items"].as_array().unwrap().iter().map(|item| string(&item["session_id"])).collect()
        };
        assert_eq!(ids("orchestration list"), [second.clone(), first.clone()]);
        assert_eq!(ids("orchestration list --limit 1"), std::slice::from_ref(&second));
        assert_eq!(ids("orchestration list --project campus"), [second]);
        assert_eq!(ids("orchestration list --project default"), [first]);
    }

    fn show_says_why(db: &TestDatabase) {
        let tool = Tool::on(db);
        let id = tool.plan("Feature");
        let why = tool.text(&format!("orchestration show {id} --why"));
        assert!(why.contains("prompt-tool/orchestrator@1") && why.contains("→"), "{why}");
        let reasons = &tool.show(&id)["why"]["analysis"];
        let taken: Vec<&Value> = reasons.as_array().unwrap().iter().filter(|r| r["taken"] == json!(true)).collect();
        assert_eq!(taken.len(), 1, "{reasons:#}");
        assert_eq!(taken[0]["scope"], "global");
    }
}
