//! Lists: pages, filters, and who uses what.

use std::sync::atomic::Ordering;

use prompt_manager::model::db::{PromptFilter, PromptPlace};
use prompt_manager::model::{
    FeatureType, GLOBAL_PROJECT, NewSession, OrchestrationTemplateType, PartialPin, Pin, Stamp, Tag,
};
use prompt_manager::{
    Audience, Content, Error, Missing, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager, Published,
    Search,
};
use test_support::{TestDatabase, backends};

use crate::support::{
    ANALYSIS, add, content, counting_manager, label, manager, partial, reference, stamp, update,
};

fn names(manager: &OrchestrationTemplateManager, filter: &PromptFilter) -> Vec<String> {
    manager.list(filter).unwrap().items.into_iter().map(|item| item.prompt.name).collect()
}

/// Walks through all pages of so many.
fn walk(manager: &OrchestrationTemplateManager, search: &Search, limit: usize) -> Vec<PromptPlace> {
    let mut search = search.clone();
    search.filter.limit = i64::try_from(limit).ok();
    let mut places = Vec::new();
    loop {
        let page = manager.search(&search).unwrap();
        assert!(page.items.len() <= limit);
        let items = page.items.into_iter().map(|item| item.prompt);
        places.extend(items.map(|prompt| PromptPlace { project: prompt.project, name: prompt.name }));
        match page.next {
            Some(next) => search.filter.after = Some(next),
            None => return places,
        }
    }
}

/// A project with a prompt of every kind that a filter tells from the others.
fn campus(manager: &OrchestrationTemplateManager) {
    manager.add_project("campus", None, &stamp()).unwrap();
    let api: FeatureType = "api".parse().unwrap();
    let words: Vec<Tag> = vec!["beta".parse().unwrap()];
    add(manager, "campus", "plan", None);
    add(manager, "campus", "plan api", Some(&api));
    add(manager, "campus", "gone", None);
    manager.remove(&reference("gone"), "campus", &stamp()).unwrap();
    let new = NewTemplate {
        name: "build",
        template_type: OrchestrationTemplateType::Implementation,
        project: "campus",
        feature_type: None,
        description: Some("Ausführlich, 100%"),
        content: Content { tags: Some(&words), ..content("{{team}} writes Rust") },
    };
    manager.add(&new, &Stamp { actor: "bob".to_owned(), ..stamp() }).unwrap();
    partial(manager, "campus", "style", "no team_a here");
    manager.set_label(&label("canary"), &[reference("build@1")], "campus", &stamp()).unwrap();
    let draft = Content { audience: Audience::Draft, ..content("unseen") };
    manager
        .add_prompt(
            &NewPlainPrompt {
                name: "draft",
                project: "campus",
                category: None,
                description: None,
                is_template: true,
                content: draft,
            },
            &stamp(),
        )
        .unwrap();
}

/// A session that pins a version and a partial.
fn session(manager: &OrchestrationTemplateManager, id: &str, pinned: &Published, partial: &Published) {
    let pin = Pin {
        template_type: ANALYSIS,
        version_id: pinned.version.id,
        prompt_id: pinned.prompt.id,
        project: pinned.prompt.project.clone(),
        name: pinned.prompt.name.clone(),
        version: pinned.version.number,
        sha256: pinned.version.sha256.clone(),
        scope: "project".to_owned(),
        closure_digest: "0".repeat(64),
        reasons: serde_json::json!([]),
    };
    let partial = PartialPin { reference: partial.prompt.name.clone(), version_id: partial.version.id };
    let new = NewSession {
        session_id: id,
        project_id: pinned.prompt.project_id,
        feature_request: "a waiting list",
        feature_type: None,
        feature_reason: None,
        variables: &serde_json::Map::new(),
        nonce: "n",
        rendered_orchestrator: "the prompt",
        pins: &[pin],
        partials: &[partial],
    };
    manager.database().write(|q| q.insert_session(&new, &stamp())).unwrap();
}

backends! {
    fn pages_leave_nothing_out(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        for project in ["campus", "default", GLOBAL_PROJECT] {
            for name in ["a", "B", "b", "a/b", "a b", "ä", "z_1", "z%1", "Z-1", "10", "9"] {
                add(&manager, project, name, None);
            }
        }
        let all = walk(&manager, &Search::default(), 1_000);
        assert_eq!(all.len(), 3 * 11 + 4, "the built-ins are global");
        let mut once = all.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), all.len(), "no place comes twice");
        for limit in [1, 2, 7, all.len() - 1, all.len(), all.len() + 1] {
            assert_eq!(walk(&manager, &Search::default(), limit), all, "pages of {limit}");
        }
        let whole = PromptFilter { limit: i64::try_from(all.len()).ok(), ..PromptFilter::default() };
        assert_eq!(manager.list(&whole).unwrap().next, None, "no page comes behind a full last one");
        let projects: Vec<&str> = all.iter().map(|place| place.project.as_str()).collect();
        assert!(projects.chunk_by(|a, b| a == b).count() == 3, "{projects:?}");
    }

    fn a_page_may_begin_behind_what_is_gone(db: &TestDatabase) {
        let manager = manager(db);
        for name in ["a", "b", "c"] {
            add(&manager, "default", name, None);
        }
        manager.remove(&reference("b"), "default", &stamp()).unwrap();
        let after = Some(PromptPlace { project: "default".to_owned(), name: "b".to_owned() });
        let filter = PromptFilter { project: Some("default".to_owned()), after, ..PromptFilter::default() };
        assert_eq!(names(&manager, &filter), ["c"]);
    }

    fn each_filter_narrows(db: &TestDatabase) {
        let manager = manager(db);
        campus(&manager);
        let here = || PromptFilter { project: Some("campus".to_owned()), ..PromptFilter::default() };
        let is = |filter: PromptFilter, expected: &[&str]| {
            let mut found = names(&manager, &filter);
            // The order is that of the database's language.
            found.sort();
            assert_eq!(found, expected, "{filter:?}");
        };
        is(here(), &["build", "draft", "plan", "plan api", "style"]);
        is(PromptFilter { with_removed: true, ..here() }, &["build", "draft", "gone", "plan", "plan api", "style"]);
        is(PromptFilter { templates_only: true, ..here() }, &["build", "plan", "plan api"]);
        is(PromptFilter { category: Some("partials".to_owned()), ..here() }, &["style"]);
        is(PromptFilter { template_type: Some(ANALYSIS), ..here() }, &["plan", "plan api"]);
        is(PromptFilter { feature_type: Some("api".parse().unwrap()), ..here() }, &["plan api"]);
        is(PromptFilter { label: Some("canary".to_owned()), ..here() }, &["build"]);
        is(PromptFilter { label: Some("production".to_owned()), ..here() }, &["build", "plan", "plan api", "style"]);
        is(PromptFilter { author: Some("bob".to_owned()), ..here() }, &["build"]);
        is(PromptFilter { tag: Some("beta".parse().unwrap()), ..here() }, &["build"]);
        for (text, expected) in [
            ("PLAN", &["plan", "plan api"][..]),
            ("ausf", &["build"]),
            ("100%", &["build"]),
            ("%", &["build"]),
            ("writes rust", &["build"]),
            ("team_a", &["style"]),
            ("teamXa", &[]),
            ("\\", &[]),
        ] {
            is(PromptFilter { text: Some(text.to_owned()), ..here() }, expected);
        }
        is(PromptFilter { content: Some("writes Rust".to_owned()), ..here() }, &["build"]);
        is(PromptFilter { content: Some("WRITES Rust".to_owned()), ..here() }, &[]);
        is(PromptFilter { author: Some("bob".to_owned()), template_type: Some(ANALYSIS), ..here() }, &[]);
        let nowhere = PromptFilter { project: Some("nowhere".to_owned()), ..PromptFilter::default() };
        assert!(matches!(manager.list(&nowhere), Err(Error::NotFound(Missing::Project { .. }))));
    }

    fn who_uses_a_variable_is_found(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        for (name, text) in [
            ("plain", "{{team}}"),
            ("block", "{{#if team}}a{{/if}}"),
            ("loop", "{{#each team}}{{this}}{{/each}}"),
            ("word", "the team, {{teams}} and {{project}}"),
            ("comment", "{{!-- {{team}} --}}x"),
            ("old", "{{team}}"),
        ] {
            partial(&manager, "campus", name, text);
        }
        let newer = content("without");
        manager
            .update(&reference("old"), "campus", prompt_manager::Publication::Any, &newer, &stamp())
            .unwrap();
        let search = Search { variable: Some("team".to_owned()), ..Search::default() };
        let all = walk(&manager, &search, 100);
        let mut found: Vec<&str> = all.iter().map(|place| place.name.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ["block", "loop", "plain"]);
        for limit in 1..4 {
            assert_eq!(walk(&manager, &search, limit), all, "pages of {limit}");
        }
    }

    fn who_includes_a_partial_is_found(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        for project in [GLOBAL_PROJECT, "campus"] {
            partial(&manager, project, "style", "brief");
        }
        partial(&manager, "default", "of default", "{{> style}} {{> style}}");
        partial(&manager, "campus", "of campus", "{{> style}}");
        partial(&manager, "campus", "of all", "{{> '__global__:style@1'}}");
        partial(&manager, GLOBAL_PROJECT, "global", "{{#if project}}{{> style@production}}{{/if}}");
        partial(&manager, "default", "a word", "style, and {{project}}");
        let used = |text: &str| {
            let usage = manager.used_by(&reference(text), "default").unwrap();
            assert!(usage.sessions.is_empty());
            let mut found: Vec<_> = usage.prompts.into_iter().map(|user| format!("{}:{} by {}", user.project, user.name, user.reference)).collect();
            found.sort();
            found
        };
        assert_eq!(
            used("__global__:style"),
            ["__global__:global by style@production", "campus:of all by __global__:style@1", "default:of default by style"]
        );
        assert_eq!(used("style"), used("__global__:style"), "a project without its own uses the global one");
        assert_eq!(used("campus:style"), ["campus:of campus by style"]);
    }

    fn the_sessions_that_use_a_version_are_found(db: &TestDatabase) {
        let manager = manager(db);
        let first = add(&manager, "default", "a", None);
        let second = update(&manager, "a", "second");
        let added = partial(&manager, "default", "style", "brief");
        session(&manager, "one", &first, &added);
        session(&manager, "two", &second, &added);
        session(&manager, "three", &second, &second);
        let used = |text: &str| -> Vec<(String, i32)> {
            let usage = manager.used_by(&reference(text), "default").unwrap();
            usage.sessions.into_iter().map(|session| (session.session_id, session.version)).collect()
        };
        let told = |sessions: &[(&str, i32)]| -> Vec<(String, i32)> {
            sessions.iter().map(|(id, version)| ((*id).to_owned(), *version)).collect()
        };
        assert_eq!(used("a"), told(&[("three", 2), ("two", 2), ("one", 1)]), "newest first, each once");
        assert_eq!(used("a@1"), told(&[("one", 1)]));
        assert_eq!(used("a@production"), told(&[("three", 2), ("two", 2)]));
        assert_eq!(used("style"), told(&[("two", 1), ("one", 1)]));
        let missing = manager.used_by(&reference("a@7"), "default");
        assert!(matches!(missing, Err(Error::NotFound(Missing::Version { .. }))));
    }

    fn a_page_of_a_hundred_costs_three_statements(db: &TestDatabase) {
        let (manager, count) = counting_manager(db);
        for n in 0..101 {
            add(&manager, "default", &format!("t{n:03}"), None);
        }
        let targets: Vec<_> = (0..50).map(|n| reference(&format!("t{n:03}@1"))).collect();
        manager.set_label(&label("canary"), &targets, "default", &stamp()).unwrap();
        let filter = PromptFilter {
            templates_only: true,
            template_type: Some(ANALYSIS),
            after: Some(PromptPlace { project: "default".to_owned(), name: "t".to_owned() }),
            limit: Some(100),
            ..PromptFilter::default()
        };
        let before = count.load(Ordering::Relaxed);
        let page = manager.list(&filter).unwrap();
        assert!(count.load(Ordering::Relaxed) - before <= 3);
        assert_eq!(page.items.len(), 100);
        assert_eq!(page.next.unwrap().name, "t099");
        for (n, item) in page.items.iter().enumerate() {
            assert_eq!(item.prompt.name, format!("t{n:03}"));
            assert_eq!(item.prompt.current.as_ref().unwrap().number, 1);
            let labels: Vec<&str> = item.labels.iter().map(|(label, _)| label.as_str()).collect();
            assert_eq!(labels, if n < 50 { &["canary", "production"][..] } else { &["production"] });
        }
    }
}
