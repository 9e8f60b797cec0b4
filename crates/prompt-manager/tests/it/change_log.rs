//! The change log: one entry for each change, and none that is changed unnoticed.

mod tampering;

use std::collections::BTreeSet;

use prompt_manager::change_log::Action;
use prompt_manager::model::{Label, LabelPolicy, Stamp};
use prompt_manager::{
    Audience, Content, Error, LogFilter, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager,
    Publication, TemplateTest,
};
use test_support::{Backend, TestDatabase, backends};

use crate::support::{ANALYSIS, add, content, label, manager, reference, stamp, update};

fn length(manager: &OrchestrationTemplateManager) -> i32 {
    manager.log_head().unwrap().map_or(0, |head| head.sequence)
}

fn by(actor: &str) -> Stamp {
    Stamp { actor: actor.to_owned(), ..stamp() }
}

fn test(name: &str) -> TemplateTest {
    TemplateTest { name: name.to_owned(), variables: serde_json::Map::new(), assertions: Vec::new() }
}

fn template(name: &str) -> NewTemplate<'_> {
    NewTemplate {
        name,
        template_type: ANALYSIS,
        project: "default",
        feature_type: None,
        description: None,
        content: content("first"),
    }
}

type Change = dyn Fn(&OrchestrationTemplateManager, &Stamp) -> prompt_manager::Result<()>;

fn text(
    manager: &OrchestrationTemplateManager,
    text: &str,
    audience: Audience,
    by: &Stamp,
) -> prompt_manager::Result<()> {
    let content = Content { audience, ..content(text) };
    manager.update(&reference("a"), "default", Publication::Template, &content, by).map(drop)
}

fn set(
    manager: &OrchestrationTemplateManager,
    name: &str,
    to: &[&str],
    by: &Stamp,
) -> prompt_manager::Result<()> {
    let to: Vec<_> = to.iter().map(|text| reference(text)).collect();
    manager.set_label(&label(name), &to, "default", by).map(drop)
}

fn protect(
    manager: &OrchestrationTemplateManager,
    is_protected: bool,
    by: &Stamp,
) -> prompt_manager::Result<()> {
    let change = |policy| LabelPolicy { is_protected, ..policy };
    manager.set_label_policy(&Label::production(), &reference("a"), "default", change, by).map(drop)
}

/// Changes in the order in which they are made, with the entries that each writes; none is refused.
fn changes() -> Vec<(&'static [&'static str], Box<Change>)> {
    let plain = NewPlainPrompt {
        name: "plain",
        project: "default",
        category: None,
        description: None,
        is_template: false,
        content: content("plain"),
    };
    vec![
        (&["project.add"], Box::new(|m, by| m.add_project("campus", None, by).map(drop))),
        (&["prompt.add"], Box::new(|m, by| m.add(&template("a"), by).map(drop))),
        (&["prompt.add"], Box::new(|m, by| m.add(&template("b"), by).map(drop))),
        (&["prompt.add"], Box::new(move |m, by| m.add_prompt(&plain, by).map(drop))),
        (&["version.add"], Box::new(|m, by| text(m, "second", Audience::Production, by))),
        (&[], Box::new(|m, by| text(m, "second", Audience::Production, by))),
        (&["version.add"], Box::new(|m, by| text(m, "third", Audience::Draft, by))),
        (&["label.set"], Box::new(|m, by| text(m, "third", Audience::Production, by))),
        (
            &["version.add"],
            Box::new(|m, by| m.rollback(&reference("a@1"), "default", Audience::Draft, by).map(drop)),
        ),
        (&["label.set", "label.set"], Box::new(|m, by| set(m, "canary", &["a@1", "b@1"], by))),
        (&["label.set"], Box::new(|m, by| set(m, "canary", &["a@2", "b@1"], by))),
        (&[], Box::new(|m, by| set(m, "canary", &["a@2", "b@1"], by))),
        (
            &["label.remove"],
            Box::new(|m, by| m.remove_label(&label("canary"), &reference("b"), "default", by).map(drop)),
        ),
        (&["label.policy"], Box::new(|m, by| protect(m, true, by))),
        (&[], Box::new(|m, by| protect(m, true, by))),
        (&["version.add"], Box::new(|m, by| text(m, "held back", Audience::Production, by))),
        (&[], Box::new(|m, by| text(m, "held back", Audience::Production, by))),
        (&["label.policy"], Box::new(|m, by| protect(m, false, by))),
        (
            &["test.store", "test.store"],
            Box::new(|m, by| {
                m.store_tests(&reference("a"), "default", &[test("x"), test("y")], by).map(drop)
            }),
        ),
        (&["test.delete"], Box::new(|m, by| m.delete_test(&reference("a"), "default", "x", by))),
        (&["template.activate"], Box::new(|m, by| m.activate(&reference("b"), "default", by).map(drop))),
        (&[], Box::new(|m, by| m.activate(&reference("b"), "default", by).map(drop))),
        (&["template.remove"], Box::new(|m, by| m.remove(&reference("b"), "default", by).map(drop))),
        (&["template.restore"], Box::new(|m, by| m.restore(&reference("b"), "default", by).map(drop))),
    ]
}

backends! {
    fn each_change_is_one_entry(db: &TestDatabase) {
        let manager = manager(db);
        let mut seen = BTreeSet::new();
        for (at, (expected, change)) in changes().into_iter().enumerate() {
            let (before, actor) = (length(&manager), format!("actor {at}"));
            change(&manager, &by(&actor)).unwrap();
            let filter = LogFilter { actor: Some(&actor), ..LogFilter::default() };
            let entries = manager.changes(&filter).unwrap();
            let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
            assert_eq!(actions, expected, "change {at}");
            assert_eq!(usize::try_from(length(&manager) - before).unwrap(), expected.len(), "change {at}");
            assert!(entries.iter().all(|entry| entry.at == stamp().at));
            seen.extend(entries.into_iter().map(|entry| entry.action));
        }
        let all: BTreeSet<String> = Action::ALL.iter().map(|action| action.as_str().to_owned()).collect();
        assert_eq!(seen, all, "every kind of change was made");
        assert_eq!(manager.verify_log(None, |_| ()).unwrap().first_bad, None);
    }

    fn what_is_refused_leaves_no_entry(db: &TestDatabase) {
        let manager = manager(db);
        for (_, change) in changes() {
            change(&manager, &stamp()).unwrap();
        }
        protect(&manager, true, &stamp()).unwrap();
        manager.remove(&reference("b"), "default", &stamp()).unwrap();
        let before = db.dump();
        let by = stamp();
        let refused: Vec<prompt_manager::Result<()>> = vec![
            manager.add_project("campus", None, &by).map(drop),
            manager.add(&template("a"), &by).map(drop),
            manager.add(&template("b"), &by).map(drop),
            text(&manager, "{{#if}}", Audience::Production, &by),
            set(&manager, "production", &["a@1"], &by),
            manager.remove_label(&Label::production(), &reference("a"), "default", &by).map(drop),
            manager.remove_label(&label("eu"), &reference("a"), "default", &by).map(drop),
            manager.delete_test(&reference("a"), "default", "nothing", &by),
            manager.activate(&reference("b"), "default", &by).map(drop),
            manager.remove(&reference("b"), "default", &by).map(drop),
            manager.restore(&reference("a"), "default", &by).map(drop),
            manager.rollback(&reference("a@production"), "default", Audience::Production, &by).map(drop),
            manager.store_tests(&reference("a"), "default", &[test("good"), test(" ")], &by).map(drop),
        ];
        for (at, refused) in refused.into_iter().enumerate() {
            assert!(refused.is_err(), "change {at}");
        }
        assert_eq!(db.dump(), before);
    }

    fn the_log_can_be_narrowed(db: &TestDatabase) {
        let manager = manager(db);
        for (_, change) in changes() {
            change(&manager, &by("bob")).unwrap();
        }
        let read = |filter: LogFilter<'_>| manager.changes(&filter).unwrap();
        let all = read(LogFilter::default());
        let newest_first: Vec<i32> = (1..=length(&manager)).rev().collect();
        assert_eq!(all.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), newest_first);
        let a = reference("a");
        let of_a = read(LogFilter { prompt: Some((&a, "default")), ..LogFilter::default() });
        assert!(of_a.iter().all(|entry| entry.subject == "default:a"));
        assert_eq!(of_a.len(), all.iter().filter(|entry| entry.subject == "default:a").count());
        let labels = read(LogFilter { action: Some("label"), ..LogFilter::default() });
        assert!(!labels.is_empty() && labels.iter().all(|entry| entry.action.starts_with("label.")));
        let sets = read(LogFilter { action: Some("label.set"), ..LogFilter::default() });
        assert_eq!(sets.len(), labels.iter().filter(|entry| entry.action == "label.set").count());
        for unknown in ["lab", "lab%", "Label", ""] {
            let refused = manager.changes(&LogFilter { action: Some(unknown), ..LogFilter::default() });
            assert!(matches!(refused, Err(Error::Model(_))), "{unknown}");
        }
        let page = read(LogFilter { before: Some(10), limit: Some(3), ..LogFilter::default() });
        assert_eq!(page.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [9, 8, 7]);
        let nowhere = reference("nowhere");
        let missing = manager.changes(&LogFilter { prompt: Some((&nowhere, "default")), ..LogFilter::default() });
        assert!(matches!(missing, Err(Error::NotFound(_))));

        let events = manager.label_history(&a, "default", None).unwrap();
        let told: Vec<_> = events.iter().rev().map(|event| (event.label.as_str(), event.from, event.to)).collect();
        assert_eq!(
            told,
            [
                ("production", None, Some(1)),
                ("production", Some(1), Some(2)),
                ("production", Some(2), Some(3)),
                ("canary", None, Some(1)),
                ("canary", Some(1), Some(2)),
            ]
        );
        let removed = manager.label_history(&reference("b"), "default", Some(&label("canary"))).unwrap();
        assert_eq!((removed[0].from, removed[0].to), (Some(1), None));
    }

    fn an_entry_is_never_changed_or_deleted(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let before = db.dump();
        let everywhere = [
            "UPDATE changes SET actor = 'eve'",
            "UPDATE changes SET sha256 = sha256 WHERE sequence = 1",
            "DELETE FROM changes",
            "DELETE FROM changes WHERE sequence = (SELECT max(sequence) FROM changes)",
            "INSERT INTO changes SELECT * FROM changes WHERE sequence = 1 ON CONFLICT (sequence) DO UPDATE SET actor = 'eve'",
        ];
        let of_one = match db.backend() {
            Backend::Sqlite => "INSERT OR REPLACE INTO changes SELECT * FROM changes WHERE sequence = 1",
            Backend::Postgres => "TRUNCATE changes",
        };
        for statement in everywhere.into_iter().chain([of_one]) {
            let refused = db.raw(statement).expect_err(statement);
            assert!(refused.contains("only added to"), "{statement}: {refused}");
        }
        assert_eq!(db.dump(), before);
    }

    fn many_write_to_it_at_once(db: &TestDatabase) {
        let manager = manager(db);
        for writer in 0..8 {
            add(&manager, "default", &format!("t{writer}"), None);
        }
        let before = length(&manager);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let manager = &manager;
                scope.spawn(move || {
                    for round in 0..10 {
                        update(manager, &format!("t{writer}"), &format!("{round}"));
                    }
                });
            }
        });
        assert_eq!(length(&manager) - before, 80);
        let verified = manager.verify_log(manager.log_head().unwrap().as_ref(), |_| ()).unwrap();
        assert_eq!((verified.first_bad, verified.entries), (None, u64::try_from(before + 80).unwrap()));
    }
}
