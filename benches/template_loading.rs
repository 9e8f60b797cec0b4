//! Loading a template, in parts: compile, render, and from a slot in a database; each against its peers.
//!
//! How to read what it prints: `README.md` beside this file.

#![expect(clippy::print_stdout, reason = "the ratios are what a benchmark is for")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::SystemTime;

use criterion::{BatchSize, Criterion};
use handlebars::Handlebars;
use minijinja::Environment;
use minijinja::value::Serde;
use prompt_manager::model::{DatabaseUrl, OrchestrationTemplateType, Stamp, VersionId};
use prompt_manager::{Content, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager, ResolveRequest};
use prompt_template::{Engine, Limits, NoPartials, RenderOptions};
use rusqlite::Connection;
use serde::Serialize;

use report::Report;

mod report;

const PROJECT: &str = "bench";
/// Names, bytes and tags of texts that are compiled alone.
const WITH_TAGS: [(&str, usize, usize); 5] = [
    ("8k_12_tags", 8 * 1024, 12),
    ("16k_24_tags", 16 * 1024, 24),
    ("8k_200_tags", 8 * 1024, 200),
    ("2000_tags", 2_000 * 40, 2_000),
    ("20000_tags", 20_000 * 40, 20_000),
];
/// Prompts beside the one that is looked for.
const NEIGHBOURS: usize = 1_000;

fn main() {
    let report = Report::start();
    let mut criterion = report.criterion();
    let variables = Variables::example();
    for (size, text) in [("8k", Text::with_8_kb()), ("16k", Text::with_16_kb())] {
        text.assert_equal_renders(&variables);
        compile(&mut criterion, size, &text);
        render(&mut criterion, size, &text, &variables);
    }
    for (size, bytes, tags) in WITH_TAGS {
        let text = Text::with_tags(bytes, tags);
        compile(&mut criterion, size, &text);
        if tags <= 24 {
            text.assert_equal_renders(&variables);
            render(&mut criterion, size, &text, &variables);
        }
    }
    load_by_slot(&mut criterion, &Text::with_8_kb());
    criterion.final_summary();
    for (group, jobs) in GROUPS {
        print!("{}", report.ratios(group, jobs));
    }
    let growth = ["compile_2000_tags", "compile_20000_tags"];
    print!("{}", report.growth("20,000 tags against 2,000", growth, &["prompt-template", "minijinja"]));
}

/// What every template of this benchmark is rendered with.
#[derive(Serialize)]
struct Variables {
    project: &'static str,
    feature: &'static str,
    author: &'static str,
    language: &'static str,
    branch: &'static str,
    deadline: &'static str,
    urgent: bool,
    steps: Vec<String>,
}

impl Variables {
    fn example() -> Self {
        Self {
            project: "campus",
            feature: "a waiting list for full courses",
            author: "ada",
            language: "Rust",
            branch: "main",
            deadline: "Friday",
            urgent: true,
            steps: (1..=10).map(|n| format!("look at part {n} of the importer")).collect(),
        }
    }
}

/// One template in both languages, and in its parts.
struct Text {
    handlebars: String,
    jinja: String,
    prose: String,
    parts: Vec<&'static str>,
}

impl Text {
    /// 6 variables, one `if`, one `each` of 10.
    fn with_8_kb() -> Self {
        const PARTS: [(&str, &str); 8] = [
            ("{{project}}", "{{ project }}"),
            ("{{feature}}", "{{ feature }}"),
            ("{{#if urgent}}Be quick.{{/if}}", "{% if urgent %}Be quick.{% endif %}"),
            ("{{author}}", "{{ author }}"),
            ("{{language}}", "{{ language }}"),
            ("{{#each steps}}{{this}}; {{/each}}", "{% for step in steps %}{{ step }}; {% endfor %}"),
            ("{{branch}}", "{{ branch }}"),
            ("{{deadline}}", "{{ deadline }}"),
        ];
        Self::woven(&PARTS, 8 * 1024)
    }

    /// Mostly static: 3 variables.
    fn with_16_kb() -> Self {
        const PARTS: [(&str, &str); 3] = [
            ("{{project}}", "{{ project }}"),
            ("{{feature}}", "{{ feature }}"),
            ("{{author}}", "{{ author }}"),
        ];
        Self::woven(&PARTS, 16 * 1024)
    }

    /// Ten variables and one `if`, which is two tags, again and again.
    fn with_tags(bytes: usize, tags: usize) -> Self {
        const VARIABLES: [(&str, &str); 5] = [
            ("{{project}}", "{{ project }}"),
            ("{{feature}}", "{{ feature }}"),
            ("{{author}}", "{{ author }}"),
            ("{{language}}", "{{ language }}"),
            ("{{branch}}", "{{ branch }}"),
        ];
        const IF: (&str, &str) = ("{{#if urgent}}Be quick.{{/if}}", "{% if urgent %}Be quick.{% endif %}");
        let round = VARIABLES.iter().cycle().take(10).chain([&IF]).copied();
        let parts: Vec<_> = round.cycle().take(tags / 12 * 11 + tags % 12).collect();
        Self::woven(&parts, bytes)
    }

    /// The parts, with prose between them.
    fn woven(parts: &[(&'static str, &str)], bytes: usize) -> Self {
        const SENTENCE: &str = "Look for what is there, name the file and the line, and say what is not.\n";
        let prose: String = SENTENCE.chars().cycle().take((bytes / parts.len()).saturating_sub(20)).collect();
        let tags = parts.iter().map(|(handlebars, _)| *handlebars).collect();
        let mut text = Self { handlebars: String::new(), jinja: String::new(), prose, parts: tags };
        let prose = text.prose.clone();
        for (handlebars, jinja) in parts {
            write!(text.handlebars, "{prose}{handlebars} ").expect("a string takes all");
            write!(text.jinja, "{prose}{jinja} ").expect("a string takes all");
        }
        text
    }

    /// Engines that render different things are not compared.
    fn assert_equal_renders(&self, variables: &Variables) {
        let ours = self.compile().render(variables, &RenderOptions::default()).expect("it renders");
        let theirs = self.registry().render("bench", variables).expect("it renders");
        let jinja = Environment::new();
        let jinja = jinja.template_from_str(&self.jinja).and_then(|t| t.render(Serde(variables)));
        assert_eq!(ours, theirs);
        assert_eq!(ours, jinja.expect("it renders"));
        assert_eq!(ours, self.concatenated(variables));
    }

    /// The text as a program would put it together that knows it: the least that a rendering can take.
    fn concatenated(&self, variables: &Variables) -> String {
        let mut text = String::with_capacity(self.handlebars.len() + 1_024);
        for part in &self.parts {
            text.push_str(&self.prose);
            match *part {
                "{{project}}" => text.push_str(variables.project),
                "{{feature}}" => text.push_str(variables.feature),
                "{{author}}" => text.push_str(variables.author),
                "{{language}}" => text.push_str(variables.language),
                "{{branch}}" => text.push_str(variables.branch),
                "{{deadline}}" => text.push_str(variables.deadline),
                "{{#if urgent}}Be quick.{{/if}}" => {
                    text.push_str(if variables.urgent { "Be quick." } else { "" });
                }
                _ => variables.steps.iter().for_each(|step| text.extend([step.as_str(), "; "])),
            }
            text.push(' ');
        }
        text
    }

    fn compile(&self) -> prompt_template::Template {
        Engine::default().compile("bench", &self.handlebars, &NoPartials).expect("it compiles")
    }

    fn registry(&self) -> Handlebars<'static> {
        let mut registry = Handlebars::new();
        registry.register_escape_fn(handlebars::no_escape);
        registry.set_strict_mode(true);
        registry.register_template_string("bench", &self.handlebars).expect("it compiles");
        registry
    }
}

fn compile(criterion: &mut Criterion, size: &str, text: &Text) {
    let mut group = criterion.benchmark_group(format!("compile_{size}"));
    group.sample_size(10);
    let engine = Engine::with_limits(Limits::default().tags(20_000));
    group.bench_function("prompt-template", |b| {
        b.iter(|| engine.compile("bench", black_box(&text.handlebars), &NoPartials).expect("it compiles"));
    });
    // Plain handlebars takes half a minute for the longest.
    if text.handlebars.len() < 200_000 {
        group.bench_function("handlebars", |b| {
            b.iter(|| handlebars::Template::compile(black_box(&text.handlebars)).expect("it compiles"));
        });
    }
    group.bench_function("minijinja", |b| {
        let environment = Environment::new();
        b.iter(|| {
            // The compiled template borrows its source, so it is dropped inside.
            let template = environment.template_from_str(black_box(&text.jinja)).expect("it compiles");
            black_box(&template);
        });
    });
    group.finish();
}

fn render(criterion: &mut Criterion, size: &str, text: &Text, variables: &Variables) {
    let mut group = criterion.benchmark_group(format!("render_{size}"));
    let template = text.compile();
    let options = RenderOptions::default();
    group.bench_function("prompt-template", |b| {
        b.iter(|| template.render(black_box(variables), &options).expect("it renders"));
    });
    let registry = text.registry();
    group.bench_function("handlebars", |b| {
        b.iter(|| registry.render("bench", black_box(variables)).expect("it renders"));
    });
    let environment = Environment::new();
    let template = environment.template_from_str(&text.jinja).expect("it compiles");
    group.bench_function("minijinja", |b| {
        b.iter(|| template.render(Serde(black_box(variables))).expect("it renders"));
    });
    group.bench_function("concatenation", |b| b.iter(|| text.concatenated(black_box(variables))));
    group.finish();
}

fn load_by_slot(criterion: &mut Criterion, text: &Text) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.db");
    let manager = stored(&path, text);
    let row = resolve_and_load(&manager);
    let connection = Connection::open(&path).expect("the file is there");
    let mut statement =
        connection.prepare("SELECT content FROM prompt_versions WHERE id = ?1").expect("the table is there");
    let mut read =
        || statement.query_row([row], |row| row.get::<_, String>(0)).expect("the version is there");
    assert_eq!(read(), text.handlebars);

    let mut group = criterion.benchmark_group("load_by_slot_warm");
    group.bench_function("prompt-manager", |b| b.iter(|| resolve_and_load(&manager)));
    group.bench_function("prompt-manager-load-alone", |b| {
        b.iter(|| manager.load(VersionId(row), "wanted", PROJECT).expect("it compiles"));
    });
    group.bench_function("rusqlite-prepared-read", |b| b.iter(&mut read));
    group.finish();

    let mut group = criterion.benchmark_group("load_by_slot_cold");
    group.bench_function("prompt-manager", |b| {
        // The connections stay; what is kept of templates does not.
        let empty = || OrchestrationTemplateManager::new(manager.database().clone());
        b.iter_batched_ref(empty, |manager| resolve_and_load(manager), BatchSize::PerIteration);
    });
    group.bench_function("rusqlite-prepared-read", |b| b.iter(&mut read));
    group.bench_function("rusqlite-and-handlebars", |b| {
        b.iter(|| handlebars::Template::compile(&read()).expect("it compiles"));
    });
    group.finish();
}

/// From the slot to a template that is ready to render; returns the version's row.
fn resolve_and_load(manager: &OrchestrationTemplateManager) -> i32 {
    let request = ResolveRequest {
        template_type: OrchestrationTemplateType::Analysis,
        project: PROJECT,
        feature_type: None,
        explicit: None,
    };
    let chosen = manager.resolve(&request).expect("the slot has a template");
    let loaded = manager.load(chosen.version_id, &chosen.name, PROJECT).expect("it compiles");
    black_box(&loaded);
    chosen.version_id.0
}

/// A database with the text in a slot, and neighbours.
fn stored(path: &Path, text: &Text) -> OrchestrationTemplateManager {
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse().expect("a path is a URL");
    let manager = prompt_manager::open(&url, SystemTime::now()).expect("a new file opens").manager;
    let stamp = Stamp::new("bench", SystemTime::now());
    manager.add_project(PROJECT, None, &stamp).expect("the project is new");
    let content = |text| Content::new(text);
    for n in 0..NEIGHBOURS {
        let new = NewPlainPrompt {
            name: &format!("neighbour-{n}"),
            project: PROJECT,
            category: None,
            description: None,
            is_template: false,
            content: content(&text.handlebars),
        };
        manager.add_prompt(&new, &stamp).expect("the name is new");
    }
    let new = NewTemplate {
        name: "wanted",
        template_type: OrchestrationTemplateType::Analysis,
        project: PROJECT,
        feature_type: None,
        description: None,
        content: content(&text.handlebars),
    };
    manager.add(&new, &stamp).expect("the template is sound");
    manager
}

const ENGINES: &[&str] = &["prompt-template", "handlebars", "minijinja"];
const RENDERERS: &[&str] = &["prompt-template", "handlebars", "minijinja", "concatenation"];
const GROUPS: [(&str, &[&str]); 13] = [
    ("compile_8k", ENGINES),
    ("compile_16k", ENGINES),
    ("compile_8k_12_tags", ENGINES),
    ("compile_16k_24_tags", ENGINES),
    ("compile_8k_200_tags", ENGINES),
    ("compile_2000_tags", ENGINES),
    ("compile_20000_tags", &["prompt-template", "minijinja"]),
    ("render_8k", RENDERERS),
    ("render_16k", RENDERERS),
    ("render_8k_12_tags", RENDERERS),
    ("render_16k_24_tags", RENDERERS),
    ("load_by_slot_warm", &["prompt-manager", "prompt-manager-load-alone", "rusqlite-prepared-read"]),
    ("load_by_slot_cold", &["prompt-manager", "rusqlite-and-handlebars", "rusqlite-prepared-read"]),
];
