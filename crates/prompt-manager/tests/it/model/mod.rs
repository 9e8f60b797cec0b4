//! Any sequence of changes, against a model that is slow and obvious.

mod changes;
mod slow;
mod world;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use test_support::{TestDatabase, backends};

use crate::support::manager;
use changes::{Draw, draws};
use slow::Slow;
use world::World;

/// The projects by number: one of the case's own, and the global one.
const PROJECTS: usize = 2;
/// The feature types by number: none, and one.
const FEATURES: usize = 2;
/// How many names each project has.
const NAMES: usize = 3;

/// Where a template may be: the numbers of its project and of its name.
type Place = (usize, usize);

fn run(world: &World<'_>, draws: &[Draw]) -> Result<(), TestCaseError> {
    let mut slow = Slow::new();
    for draw in draws {
        let change = draw.change(&slow);
        let entries = world.entries();
        let done = world.apply(&change);
        let expected = slow.apply(&change);
        prop_assert_eq!(done.is_ok(), expected.is_some(), "{:?}: {:?}", change, done);
        let written = world.entries() - entries;
        prop_assert_eq!(written, expected.unwrap_or(0), "entries of the log after {:?}", change);
        for project in 0..PROJECTS {
            for feature in 0..FEATURES {
                let found = world.resolve(project, feature);
                prop_assert_eq!(found, slow.resolve(project, feature), "after {:?}", change);
            }
        }
        for place in change.places() {
            prop_assert_eq!(world.history(place), slow.history(place), "after {:?}", change);
        }
    }
    for project in 0..PROJECTS {
        for name in 0..NAMES {
            let place = (project, name);
            prop_assert_eq!(world.history(place), slow.history(place));
            prop_assert_eq!(world.production_history(place), slow.production_history(place));
        }
    }
    world.verify_log();
    Ok(())
}

backends! {
    fn every_change_does_what_the_slow_model_says(db: &TestDatabase) {
        let manager = manager(db);
        let turn = Cell::new(0);
        // A failing case is tried again in smaller forms, each in a world of its own.
        let config = Config { cases: 4, max_shrink_iters: 100, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&prop::collection::vec(draws(), 45..70), |draws| {
            turn.set(turn.get() + 1);
            run(&World::new(&manager, turn.get()), &draws)
        });
        if let Err(failure) = outcome {
            panic!("{failure}");
        }
    }
}
