//! Versions: what makes a new one, the way back, and those of the predecessor.

use prompt_manager::model::{Label, Tag};
use prompt_manager::{
    Audience, Content, Error, OrchestrationTemplateManager, Publication, Published, Refusal, Result,
};
use serde_json::{Map, Value, json};
use test_support::{TestDatabase, backends};

use crate::support::{add, content, label, manager, reference, stamp, update};

fn store(manager: &OrchestrationTemplateManager, content: &Content<'_>) -> Result<Published> {
    manager.update(&reference("a"), "default", Publication::Template, content, &stamp())
}

fn config(value: Value) -> Map<String, Value> {
    let Value::Object(config) = value else { panic!("{value}") };
    config
}

fn tags(words: &[&str]) -> Vec<Tag> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

fn back(manager: &OrchestrationTemplateManager, to: &str, audience: Audience) -> Result<Published> {
    manager.rollback(&reference(to), "default", audience, &stamp())
}

backends! {
    fn the_same_again_is_no_new_version(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let settings = config(json!({ "model": "small", "temperature": 0.5 }));
        let words = tags(&["short", "beta"]);
        let full = Content { config: Some(&settings), tags: Some(&words), ..content("a") };
        let tagged = store(&manager, &full).unwrap();
        assert_eq!((tagged.version.number, tagged.unchanged), (2, false), "settings and tags alone are new");
        assert_eq!(tagged.version.config.as_ref(), Some(&settings));
        assert_eq!(manager.tags(&tagged.version).unwrap(), tags(&["beta", "short"]));

        let before = db.dump();
        let turned = tags(&["beta", "short", "beta"]);
        for same in [full, content("a"), Content { tags: Some(&turned), ..content("a") }] {
            let again = store(&manager, &same).unwrap();
            assert_eq!((again.version.number, again.unchanged), (2, true));
            assert_eq!(again.version, tagged.version);
        }
        assert_eq!(db.dump(), before);

        let next = store(&manager, &content("b")).unwrap();
        assert_eq!(next.version.config.as_ref(), Some(&settings), "settings are inherited");
        assert_eq!(manager.tags(&next.version).unwrap(), tags(&["beta", "short"]), "and tags");
        let none = Content { tags: Some(&[]), config: Some(&Map::new()), ..content("b") };
        let bare = store(&manager, &none).unwrap();
        assert_eq!((bare.version.number, bare.version.config.as_ref()), (4, None));
        assert_eq!(manager.tags(&bare.version).unwrap(), []);
    }

    fn the_current_text_again_is_no_new_version(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        store(&manager, &Content { audience: Audience::Draft, ..content("draft") }).unwrap();
        let again = store(&manager, &content("a")).unwrap();
        assert_eq!((again.version.number, again.unchanged, again.prompt.latest), (1, true, 2));
        // As a draft it is another text than the newest, and wanted as the newest.
        let draft = store(&manager, &Content { audience: Audience::Draft, ..content("a") }).unwrap();
        assert_eq!((draft.version.number, draft.unchanged, draft.prompt.production()), (3, false, Some(1)));
    }

    fn a_change_that_was_overtaken_is_refused(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        update(&manager, "a", "second");
        let before = db.dump();
        for based_on in [1, 0, 3] {
            let refused = store(&manager, &Content { based_on: Some(based_on), ..content("third") });
            let Err(Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
            assert_eq!(refusal, Refusal::Overtaken { name: "default:a".to_owned(), based_on, latest: 2 });
        }
        assert_eq!(db.dump(), before);
        let third = store(&manager, &Content { based_on: Some(2), ..content("third") }).unwrap();
        assert_eq!(third.version.number, 3);
    }

    fn a_rollback_is_a_new_version(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        let (settings, words) = (config(json!({ "model": "small" })), tags(&["short"]));
        let second = Content { config: Some(&settings), tags: Some(&words), ..content("second\r\n") };
        store(&manager, &second).unwrap();
        let third = Content { config: Some(&Map::new()), tags: Some(&[]), ..content("third") };
        store(&manager, &third).unwrap();

        let rolled = back(&manager, "a@2", Audience::Production).unwrap();
        assert_eq!((rolled.version.number, rolled.production_before), (4, Some(3)));
        assert_eq!(rolled.prompt.production(), Some(4));
        assert_eq!(rolled.version.message.as_deref(), Some("rollback to version 2"));
        assert_eq!(rolled.version.config.as_ref(), Some(&settings));
        assert_eq!(manager.tags(&rolled.version).unwrap(), words);
        assert_eq!(manager.get(&reference("a"), "default").unwrap().version.content, "second\r\n");

        let before = db.dump();
        for to in ["a@4", "a@2", "a@production", "a@latest"] {
            let refused = back(&manager, to, Audience::Production);
            assert!(matches!(refused, Err(Error::Refused(Refusal::IsCurrent { .. }))), "{to}: {refused:?}");
        }
        let whole = back(&manager, "a", Audience::Production);
        assert!(matches!(whole, Err(Error::Refused(Refusal::NamesNoVersion { .. }))));
        assert!(matches!(back(&manager, "a@9", Audience::Draft), Err(Error::NotFound(_))));
        assert_eq!(db.dump(), before);

        let draft = back(&manager, "a@1", Audience::Draft).unwrap();
        assert_eq!((draft.version.number, draft.prompt.production()), (5, Some(4)));
    }

    fn a_rollback_to_what_no_longer_compiles_is_refused(db: &TestDatabase) {
        let manager = manager(db);
        let partial = |text| prompt_manager::NewPlainPrompt {
            name: "style",
            project: "default",
            category: None,
            description: None,
            is_template: true,
            content: content(text),
        };
        manager.add_prompt(&partial("brief"), &stamp()).unwrap();
        add(&manager, "default", "a", None);
        update(&manager, "a", "{{> style}}");
        update(&manager, "a", "third");
        manager.remove_label(&Label::production(), &reference("style"), "default", &stamp()).unwrap();
        let before = db.dump();
        back(&manager, "a@2", Audience::Production).unwrap_err();
        assert_eq!(db.dump(), before);
    }

    fn versions_of_the_predecessor_are_versions(db: &TestDatabase) {
        let manager = manager(db);
        let id = add(&manager, "default", "a", None).prompt.id.0;
        db.raw(&format!(
            "INSERT INTO prompt_versions (prompt_id, version_number, content) VALUES \
             ({id}, 2, 'old\ntext'), ({id}, 3, 'newer\ntext')"
        ))
        .unwrap();
        let header = manager.get(&reference("a@2"), "default").unwrap().version.header;
        assert_eq!((header.author, header.sha256, header.config), (None, None, None));
        let moved = manager.set_label(&Label::production(), &[reference("a@2")], "default", &stamp()).unwrap();
        assert_eq!(moved[0].prompt.production(), Some(2));
        manager.set_label(&label("canary"), &[reference("a@3")], "default", &stamp()).unwrap();
        let diff = manager.diff(&reference("a@production"), &reference("a@canary"), "default").unwrap();
        assert_eq!((diff.from.version.header.number, diff.to.version.header.number), (2, 3));
        let history = manager.history(&reference("a"), "default", None).unwrap();
        let told: Vec<_> = history.entries.iter().map(|entry| (entry.version.number, entry.labels.join(" "))).collect();
        let labels = [(3, "latest canary".to_owned()), (2, "production".to_owned()), (1, String::new())];
        assert_eq!(told, labels);
        let changed = history.entries[0].changed.unwrap();
        assert_eq!((changed.added, changed.removed), (1, 1));
        assert_eq!(history.entries[2].changed, None);

        let again = store(&manager, &content("newer\ntext")).unwrap();
        assert_eq!((again.version.number, again.unchanged, again.prompt.production()), (3, true, Some(3)));
        let rolled = back(&manager, "a@2", Audience::Production).unwrap();
        assert_eq!((rolled.version.number, rolled.prompt.production()), (4, Some(4)));
        assert!(rolled.version.sha256.is_some());
        assert_eq!(manager.get(&reference("a"), "default").unwrap().version.content, "old\ntext");
    }

    fn a_history_may_be_cut(db: &TestDatabase) {
        let manager = manager(db);
        add(&manager, "default", "a", None);
        for text in ["a\nb", "a\nb\nc", "c"] {
            update(&manager, "a", text);
        }
        let all = manager.history(&reference("a"), "default", None).unwrap();
        for limit in 0..6 {
            let cut = manager.history(&reference("a"), "default", Some(limit)).unwrap();
            let shown = limit.min(4);
            assert_eq!((cut.entries.as_slice(), cut.left_out), (&all.entries[..shown], 4 - shown), "{limit}");
        }
    }
}
