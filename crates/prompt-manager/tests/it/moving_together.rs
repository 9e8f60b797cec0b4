//! Templates that move together: no reader sees some of them moved and others not.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use prompt_manager::model::{Database, Label, OpenOptions, OrchestrationTemplateType};
use prompt_manager::{
    Error, NewTemplate, OrchestrationTemplateManager, Publication, Reference, ResolveRequest,
};
use test_support::{TestDatabase, backends};

use crate::support::{content, manager, reference, stamp};

const READERS: usize = 16;
const WRITERS: usize = 2;
const PROJECT: &str = "campus";

/// How many times the set is read in all; `cargo xtask soak` asks for more.
fn reads() -> usize {
    if std::env::var_os("PROMPT_RUNNER_SOAK").is_some_and(|value| value == "1") { 100_000 } else { 10_000 }
}

/// A manager with a connection of its own, as another process would have.
fn other_process(db: &TestDatabase) -> OrchestrationTemplateManager {
    let options = OpenOptions { max_connections: 1, ..OpenOptions::default() };
    OrchestrationTemplateManager::new(Database::open(&db.url().parse().unwrap(), &options).unwrap())
}

/// A template of each type with two versions.
fn prepare(manager: &OrchestrationTemplateManager) {
    manager.add_project(PROJECT, None, &stamp()).unwrap();
    for template_type in OrchestrationTemplateType::ALL {
        let new = NewTemplate {
            name: template_type.as_str(),
            template_type,
            project: PROJECT,
            feature_type: None,
            description: None,
            content: content("set 1"),
        };
        manager.add(&new, &stamp()).unwrap();
        let reference = Reference::production(new.name);
        manager.update(&reference, PROJECT, Publication::Template, &content("set 2"), &stamp()).unwrap();
    }
}

/// The versions that a session would pin, read as `Orchestrator::plan` does.
fn read(manager: &OrchestrationTemplateManager) -> Vec<i32> {
    let version = |resolution: prompt_manager::Resolution| resolution.chosen().map(|chosen| chosen.version);
    let versions = manager.database().snapshot(|q| {
        let of_type = |template_type| {
            let request =
                ResolveRequest { template_type, project: PROJECT, feature_type: None, explicit: None };
            manager.explain_in(q, &request).and_then(version)
        };
        OrchestrationTemplateType::ALL.into_iter().map(of_type).collect::<Result<Vec<_>, Error>>()
    });
    versions.unwrap()
}

/// Moves all between the two sets until there is nobody left to read; how many times.
fn write(manager: &OrchestrationTemplateManager, is_over: &AtomicBool) -> usize {
    let set = |number: usize| -> Vec<Reference> {
        let of_type = |of: OrchestrationTemplateType| reference(&format!("{}@{number}", of.as_str()));
        OrchestrationTemplateType::ALL.into_iter().map(of_type).collect()
    };
    let mut sets = [set(1), set(2)];
    // The order in which they are named must not matter.
    sets[0].reverse();
    let mut moves = 0;
    while !is_over.load(Ordering::Relaxed) {
        manager.set_label(&Label::production(), &sets[moves % 2], PROJECT, &stamp()).unwrap();
        moves += 1;
    }
    moves
}

/// Ends the writers, also where a reader panics.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

backends! {
    fn no_reader_sees_a_mixed_set(db: &TestDatabase) {
        let first = manager(db);
        prepare(&first);
        let is_over = AtomicBool::new(false);
        let seen = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let moves: usize = std::thread::scope(|scope| {
            let writers: Vec<_> =
                (0..WRITERS).map(|_| scope.spawn(|| write(&other_process(db), &is_over))).collect();
            let readers: Vec<_> = (0..READERS)
                .map(|_| {
                    scope.spawn(|| {
                        let manager = other_process(db);
                        for _ in 0..reads() / READERS {
                            let versions = read(&manager);
                            assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
                            seen[usize::try_from(versions[0]).unwrap() - 1].fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            let over = Over(&is_over);
            let mixed: Vec<_> = readers.into_iter().filter_map(|reader| reader.join().err()).collect();
            drop(over);
            assert!(mixed.is_empty(), "{} readers saw a mixed set or failed", mixed.len());
            writers.into_iter().map(|writer| writer.join().unwrap()).sum()
        });
        let seen = seen.map(AtomicUsize::into_inner);
        assert_eq!(seen.iter().sum::<usize>(), reads());
        assert!(seen.iter().all(|reads| *reads > 0) && moves > 10, "{seen:?} in {moves} moves");
        assert!(first.verify_log(None, |_| ()).unwrap().valid);
    }
}
