//! Some of the combinations, built in a database.

use prompt_manager::model::{Database, FeatureType, GLOBAL_PROJECT, Label, OpenOptions};
use prompt_manager::resolution::Chosen;
use prompt_manager::{Audience, Content, NewTemplate, OrchestrationTemplateManager, Reference};
use test_support::{TestDatabase, backends};

use super::{COMBINATIONS, Combination, PLACES, STATES, State, place, request};
use crate::support::{ANALYSIS, content, stamp};

/// A template in a place of a database, on its way through the states.
struct Built<'a> {
    manager: &'a OrchestrationTemplateManager,
    project: String,
    name: &'static str,
    feature_type: Option<FeatureType>,
    state: State,
}

impl Built<'_> {
    fn reach(&mut self, wanted: State) {
        assert!(self.state <= wanted, "a state is not left backwards");
        let reference: Reference = format!("{}@1", self.name).parse().unwrap();
        for (state, ..) in STATES.iter().filter(|(state, ..)| *state > self.state && *state <= wanted) {
            match state {
                State::Nothing => {}
                State::Draft => self.add(),
                State::Active => {
                    let production = Label::production();
                    self.manager
                        .set_label(&production, std::slice::from_ref(&reference), &self.project, &stamp())
                        .unwrap();
                }
                State::Waiting => self.deactivate(),
                State::Removed => {
                    let whole = Reference::production(self.name);
                    self.manager.remove(&whole, &self.project, &stamp()).unwrap();
                }
            }
        }
        self.state = wanted;
    }

    fn add(&self) {
        let new = NewTemplate {
            name: self.name,
            template_type: ANALYSIS,
            project: &self.project,
            feature_type: self.feature_type.as_ref(),
            description: None,
            content: Content { audience: Audience::Draft, ..content("text") },
        };
        self.manager.add(&new, &stamp()).unwrap();
    }

    /// No change of the manager leaves a template that waits alone.
    fn deactivate(&self) {
        let project = self.manager.project(&self.project).unwrap();
        self.manager
            .database()
            .write(|q| {
                let (slot, _) = q.lock_slot(ANALYSIS, project.id, self.feature_type.as_ref())?;
                q.set_active(slot, None)
            })
            .unwrap();
    }
}

/// A project with these states, in a global feature type of its own.
fn build(
    manager: &OrchestrationTemplateManager,
    combination: Combination,
    project: &str,
    feature_type: &FeatureType,
) {
    manager.add_project(project, None, &stamp()).unwrap();
    // What is named stands in a slot that the resolution does not look at.
    let elsewhere = Some("elsewhere".parse().unwrap());
    let named = ("named", State::Active, (true, elsewhere));
    let places = PLACES.iter().zip(combination.states).take(3).map(|((scope, name), state)| {
        let (of_project, of_feature) = place(*scope);
        (*name, state, (of_project, of_feature.then(|| feature_type.clone())))
    });
    for (name, state, (of_project, feature_type)) in places.chain([named]) {
        let project = if of_project { project } else { GLOBAL_PROJECT }.to_owned();
        Built { manager, project, name, feature_type, state: State::Nothing }.reach(state);
    }
}

backends! {
    fn a_database_says_what_the_table_says(db: &TestDatabase) {
        // Without the built-ins, so that the global place may be empty.
        let database = Database::open(&db.url().parse().unwrap(), &OpenOptions::default()).unwrap();
        database.migrate().unwrap();
        database.write(|q| q.insert_project(GLOBAL_PROJECT, None, &stamp())).unwrap();
        let manager = OrchestrationTemplateManager::new(database);
        let mut combinations: Vec<Combination> = (0..32).map(|n| Combination::at(n * 43 % COMBINATIONS)).collect();
        // All share the global template, which passes through its states once.
        combinations.sort_by_key(|combination| combination.states[3]);
        let mut global = Built {
            manager: &manager,
            project: GLOBAL_PROJECT.to_owned(),
            name: "g",
            feature_type: None,
            state: State::Nothing,
        };
        for (n, combination) in combinations.iter().enumerate() {
            global.reach(combination.states[3]);
            let (project, feature_type) = (format!("campus{n}"), format!("api{n}").parse().unwrap());
            build(&manager, *combination, &project, &feature_type);
            let named = Reference::production("named");
            let request = request(&project, &feature_type, combination.explicit.then_some(&named));
            let found = manager.explain(&request).unwrap();
            let expected = combination.resolve();
            assert_eq!(found.candidates, expected.candidates, "{combination:?}");
            assert_eq!(manager.resolve(&request).ok(), found.chosen, "{combination:?}");
            let told = |chosen: Chosen| (chosen.scope, chosen.name, chosen.version);
            assert_eq!(found.chosen.map(told), expected.chosen.map(told), "{combination:?}");
            // The next combination needs the name again.
            db.raw(&format!("UPDATE prompts SET name = 'gf{n}' WHERE name = 'gf'")).unwrap();
        }
    }
}
