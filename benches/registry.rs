//! Registries of many templates: reading, resolving, loading and listing, each against SQL by hand.
//!
//! How to read what it prints: `README.md` beside this file.

#![expect(clippy::print_stdout, reason = "the ratios are what a benchmark is for")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use prompt_manager::model::db::{PromptFilter, PromptPlace};
use prompt_manager::model::{FeatureType, VersionId};
use prompt_manager::{OrchestrationTemplateManager, PromptListing, ResolveRequest};
use rusqlite::{Connection, MappedRows, Row, Statement, params, params_from_iter};

use by_hand::{
    PAGE, POINT, PageRow, RESOLVE, SLOT_AND_TEXT, candidate_columns, labels_of_100, latest_of_100,
    page_columns, point_columns,
};
use registry_file::{Place, Registry};
use report::Report;

mod by_hand;
mod registry_file;
mod report;

/// Set to 1, measures a registry of a million, too.
const MILLION: &str = "PROMPT_RUNNER_BENCH_MILLION";

/// The jobs of each group, ours first.
const GROUPS: [(&str, &[&str]); 5] = [
    ("store_read", &["prompt-model", "rusqlite-prepared"]),
    ("resolve", &["prompt-manager", "rusqlite-same-sql", "rusqlite-point-read"]),
    ("load_by_slot_full", &["prompt-manager", "rusqlite-slot-and-text"]),
    ("load_by_slot_empty", &["prompt-manager", "rusqlite-and-handlebars", "rusqlite-slot-and-text"]),
    ("page_of_100", &["prompt-manager", "rusqlite-page"]),
];

fn main() {
    let report = Report::start();
    let mut criterion = report.criterion();
    let mut sizes = vec![1_000, 100_000];
    if std::env::var_os(MILLION).is_some_and(|value| value == "1") {
        sizes.push(1_000_000);
    }
    for size in &sizes {
        let registry = Registry::of(*size);
        let bench = Bench::new(&registry, *size);
        bench.store_read(&mut criterion);
        bench.resolve(&mut criterion);
        bench.load_by_slot_full(&mut criterion);
        bench.load_by_slot_empty(&mut criterion);
        bench.page_of_100(&mut criterion);
    }
    criterion.final_summary();
    for size in &sizes {
        for (group, jobs) in GROUPS {
            print!("{}", report.ratios(&format!("{group}_{size}"), jobs));
        }
    }
    for size in &sizes[1..] {
        for (group, jobs) in GROUPS {
            let groups = [format!("{group}_{}", sizes[0]), format!("{group}_{size}")];
            let what = format!("{group}: {size} against {}", sizes[0]);
            print!("{}", report.growth(&what, groups.each_ref().map(String::as_str), jobs));
        }
    }
}

/// Templates, their newest versions, their labels.
type Page = (Vec<PageRow>, Vec<(i32, i32)>, Vec<(i32, String, i32)>);

/// One registry, opened by this project and by its peer.
struct Bench {
    size: usize,
    manager: OrchestrationTemplateManager,
    connection: Connection,
    keys: Vec<Place>,
}

impl Bench {
    fn new(registry: &Registry, size: usize) -> Self {
        let connection = Connection::open(&registry.path).expect("the file is there");
        Self { size, manager: registry.open(), connection, keys: registry.keys() }
    }

    fn group(&self, name: &str) -> String {
        format!("{name}_{}", self.size)
    }

    fn prepare(&self, sql: &str) -> Statement<'_> {
        self.connection.prepare(sql).expect("the statement fits the schema")
    }

    /// The next key at each call, around and around.
    fn cycle<'a>(&'a self) -> impl FnMut() -> &'a Place {
        let mut keys = self.keys.iter().cycle();
        move || keys.next().expect("a cycle has no end")
    }

    /// The text of a version by its row; and all that is kept of it.
    fn store_read(&self, criterion: &mut Criterion) {
        let database = self.manager.database();
        let content = |key: &Place| {
            let id = VersionId(key.version_row());
            database.read(|q| q.version_content(id)).expect("it is readable").expect("it is there")
        };
        let mut by_hand = self.prepare("SELECT content FROM prompt_versions WHERE id = ?1");
        let mut content_by_hand = |key: &Place| -> String {
            by_hand.query_row([key.version_row()], |row| row.get(0)).expect("it is there")
        };
        for key in &self.keys {
            assert_eq!(content(key), content_by_hand(key));
        }

        let mut group = criterion.benchmark_group(self.group("store_read"));
        let mut next = self.cycle();
        group.bench_function("prompt-model", |b| b.iter(|| content(next())));
        group.bench_function("rusqlite-prepared", |b| b.iter(|| content_by_hand(next())));
        group.finish();
    }

    /// From a slot to the row of its production version.
    fn resolve(&self, criterion: &mut Criterion) {
        let mut same = self.prepare(RESOLVE);
        let mut same_sql = |key: &Place| {
            let values = params![key.template_type.as_str(), feature_type(key), key.project, false];
            all(same.query_map(values, candidate_columns))
        };
        let mut point = self.prepare(POINT);
        let mut point_read = |key: &Place| {
            let values = params![key.template_type.as_str(), feature_type(key), key.project];
            point.query_row(values, point_columns).expect("it is there")
        };
        for key in &self.keys {
            let row = resolve(&self.manager, key);
            assert_eq!(row, key.version_row());
            assert_eq!(row, point_read(key).0);
            assert!(same_sql(key).iter().any(|candidate| candidate.6 == Some(row)));
        }

        let mut group = criterion.benchmark_group(self.group("resolve"));
        let mut next = self.cycle();
        group.bench_function("prompt-manager", |b| b.iter(|| resolve(&self.manager, next())));
        group.bench_function("rusqlite-same-sql", |b| b.iter(|| same_sql(next())));
        group.bench_function("rusqlite-point-read", |b| b.iter(|| point_read(next())));
        group.finish();
    }

    /// From a slot to a template that is ready to render, where all of them are in memory.
    fn load_by_slot_full(&self, criterion: &mut Criterion) {
        self.keys.iter().for_each(|key| load(&self.manager, key));
        let mut read = self.slot_and_text();
        let mut group = criterion.benchmark_group(self.group("load_by_slot_full"));
        let mut next = self.cycle();
        group.bench_function("prompt-manager", |b| b.iter(|| load(&self.manager, next())));
        group.bench_function("rusqlite-slot-and-text", |b| b.iter(|| read(next())));
        group.finish();
    }

    /// The same, where nothing is.
    fn load_by_slot_empty(&self, criterion: &mut Criterion) {
        let mut read = self.slot_and_text();
        let mut group = criterion.benchmark_group(self.group("load_by_slot_empty"));
        let mut next = self.cycle();
        group.bench_function("prompt-manager", |b| {
            // The connections stay; what is kept of templates does not.
            let empty = || OrchestrationTemplateManager::new(self.manager.database().clone());
            b.iter_batched_ref(empty, |manager| load(manager, next()), BatchSize::PerIteration);
        });
        group.bench_function("rusqlite-and-handlebars", |b| {
            b.iter(|| handlebars::Template::compile(&read(next())).expect("it compiles"));
        });
        group.bench_function("rusqlite-slot-and-text", |b| b.iter(|| read(next())));
        group.finish();
    }

    /// The text of a slot's production version, in one statement.
    fn slot_and_text(&self) -> impl FnMut(&Place) -> String {
        let mut statement = self.prepare(SLOT_AND_TEXT);
        move |key| {
            let values = params![key.template_type.as_str(), feature_type(key), key.project];
            statement.query_row(values, |row| row.get(0)).expect("it is there")
        }
    }

    /// A page in three statements, each prepared once.
    fn page_by_hand(&self) -> impl FnMut(&Place) -> Page {
        let mut templates = self.prepare(PAGE);
        let mut latest = self.prepare(&latest_of_100());
        let mut labels = self.prepare(&labels_of_100());
        move |key| {
            let values = params![key.project, key.name()];
            let templates: Vec<PageRow> = all(templates.query_map(values, page_columns));
            let ids = || params_from_iter(templates.iter().map(|row| row.0));
            let latest = all(latest.query_map(ids(), |row| row.try_into()));
            let labels = all(labels.query_map(ids(), |row| row.try_into()));
            (templates, latest, labels)
        }
    }

    /// 100 templates from somewhere in the list of all, with their labels and current versions.
    fn page_of_100(&self, criterion: &mut Criterion) {
        let mut page_by_hand = self.page_by_hand();
        // At the end of the list fewer are left.
        let whole = |key: &&Place| page(&self.manager, key).len() == 100;
        let keys: Vec<&Place> = self.keys.iter().filter(whole).collect();
        for (ours, theirs) in keys.iter().map(|key| (page(&self.manager, key), page_by_hand(key))) {
            let names = ours.iter().map(|listing| (&listing.prompt.project, &listing.prompt.name));
            assert!(names.eq(theirs.0.iter().map(|row| (&row.1, &row.2))));
            assert_eq!((theirs.1.len(), theirs.2.len()), (100, 100));
        }

        let mut group = criterion.benchmark_group(self.group("page_of_100"));
        let mut keys = keys.into_iter().cycle();
        let mut next = || keys.next().expect("a cycle has no end");
        group.bench_function("prompt-manager", |b| b.iter(|| page(&self.manager, next())));
        group.bench_function("rusqlite-page", |b| b.iter(|| page_by_hand(next())));
        group.finish();
    }
}

/// All rows of a statement.
fn all<T, F>(rows: rusqlite::Result<MappedRows<'_, F>>) -> Vec<T>
where
    F: FnMut(&Row<'_>) -> rusqlite::Result<T>,
{
    rows.and_then(Iterator::collect).expect("they are readable")
}

fn request(key: &Place) -> ResolveRequest<'_> {
    ResolveRequest {
        template_type: key.template_type,
        project: &key.project,
        feature_type: key.feature_type.as_ref(),
        explicit: None,
    }
}

fn resolve(manager: &OrchestrationTemplateManager, key: &Place) -> i32 {
    manager.resolve(&request(key)).expect("the slot has a template").version_id.0
}

fn load(manager: &OrchestrationTemplateManager, key: &Place) {
    let chosen = manager.resolve(&request(key)).expect("the slot has a template");
    black_box(manager.load(chosen.version_id, &chosen.name, &key.project).expect("it compiles"));
}

/// A page as this project lists it: the templates of one type of a project of 300.
fn page(manager: &OrchestrationTemplateManager, key: &Place) -> Vec<PromptListing> {
    let filter = PromptFilter {
        templates_only: true,
        after: Some(PromptPlace { project: key.project.clone(), name: key.name() }),
        limit: Some(100),
        ..PromptFilter::default()
    };
    manager.list(&filter).expect("the list can be read").items
}

fn feature_type(key: &Place) -> &str {
    key.feature_type.as_ref().map_or("", FeatureType::as_str)
}
