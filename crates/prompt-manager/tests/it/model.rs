//! Any sequence of changes, against a model that is slow and obvious.

use std::sync::atomic::{AtomicUsize, Ordering};

use prompt_manager::model::FeatureType;
use prompt_manager::{
    Audience, Content, NewTemplate, OrchestrationTemplateManager, Publication, Reference, ResolveRequest,
    Scope,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, manager, stamp};

const PROJECTS: [&str; 2] = ["campus", "__global__"];
const FEATURES: [Option<&str>; 2] = [None, Some("api")];
const NAMES: [&str; 3] = ["a", "b", "c"];

/// One change; the numbers choose among the lists above.
#[derive(Debug, Clone)]
enum Change {
    Add { project: usize, name: usize, feature: usize, draft: bool },
    Update { project: usize, name: usize, draft: bool },
    Remove { project: usize, name: usize },
    Restore { project: usize, name: usize },
    Activate { project: usize, name: usize },
}

fn change() -> impl Strategy<Value = Change> {
    let place = (0..PROJECTS.len(), 0..NAMES.len());
    prop_oneof![
        3 => (place.clone(), 0..FEATURES.len(), any::<bool>())
            .prop_map(|((project, name), feature, draft)| Change::Add { project, name, feature, draft }),
        2 => (place.clone(), any::<bool>())
            .prop_map(|((project, name), draft)| Change::Update { project, name, draft }),
        1 => place.clone().prop_map(|(project, name)| Change::Remove { project, name }),
        1 => place.clone().prop_map(|(project, name)| Change::Restore { project, name }),
        1 => place.prop_map(|(project, name)| Change::Activate { project, name }),
    ]
}

/// A template as the model knows it.
#[derive(Debug, Clone)]
struct Known {
    project: usize,
    name: String,
    feature: usize,
    versions: i32,
    production: Option<i32>,
    active: bool,
    removed: bool,
    builtin: bool,
}

/// The model: a list that is searched from end to end.
struct Slow(Vec<Known>);

impl Slow {
    fn new() -> Self {
        Self(vec![Known {
            project: 1,
            name: "prompt-tool/analysis".to_owned(),
            feature: 0,
            versions: 1,
            production: Some(1),
            active: true,
            removed: false,
            builtin: true,
        }])
    }

    fn find(&mut self, project: usize, name: usize) -> Option<&mut Known> {
        self.0.iter_mut().find(|known| known.project == project && known.name == NAMES[name])
    }

    fn same_place(&self, project: usize, feature: usize) -> Option<usize> {
        self.0.iter().position(|k| k.active && k.project == project && k.feature == feature)
    }

    /// Makes the change, or says that it must be refused.
    fn apply(&mut self, change: &Change) -> bool {
        match *change {
            Change::Add { project, name, feature, draft } => {
                if self.find(project, name).is_some() {
                    return false;
                }
                let active = match self.same_place(project, feature) {
                    None => true,
                    Some(at) if !draft && (self.0[at].builtin || self.0[at].production.is_none()) => {
                        self.0[at].active = false;
                        true
                    }
                    Some(_) => false,
                };
                self.0.push(Known {
                    project,
                    name: NAMES[name].to_owned(),
                    feature,
                    versions: 1,
                    production: (!draft).then_some(1),
                    active,
                    removed: false,
                    builtin: false,
                });
                true
            }
            Change::Update { project, name, draft } => match self.find(project, name) {
                Some(known) if !known.removed => {
                    known.versions += 1;
                    if !draft {
                        known.production = Some(known.versions);
                    }
                    true
                }
                _ => false,
            },
            Change::Remove { project, name } => match self.find(project, name) {
                Some(known) if !known.removed => {
                    (known.removed, known.active) = (true, false);
                    true
                }
                _ => false,
            },
            Change::Restore { project, name } => {
                let Some(feature) = self.find(project, name).filter(|k| k.removed).map(|k| k.feature) else {
                    return false;
                };
                let free = self.same_place(project, feature).is_none();
                let known = self.find(project, name).unwrap();
                (known.removed, known.active) = (false, free);
                true
            }
            Change::Activate { project, name } => {
                let fits = |k: &Known| !k.removed && k.production.is_some();
                let Some(feature) = self.find(project, name).filter(|k| fits(k)).map(|k| k.feature) else {
                    return false;
                };
                if let Some(at) = self.same_place(project, feature) {
                    self.0[at].active = false;
                }
                self.find(project, name).unwrap().active = true;
                true
            }
        }
    }

    fn resolve(&self, project: usize, feature: usize) -> Option<(Scope, String, i32)> {
        let scopes = [
            (Scope::ProjectFeatureType, 0, 1),
            (Scope::Project, 0, 0),
            (Scope::GlobalFeatureType, 1, 1),
            (Scope::Global, 1, 0),
        ];
        scopes
            .into_iter()
            .filter(|(_, of_project, of_feature)| *of_project >= project && *of_feature <= feature)
            .find_map(|(scope, of_project, of_feature)| {
                let known =
                    self.0.iter().find(|k| k.active && k.project == of_project && k.feature == of_feature)?;
                Some((scope, known.name.clone(), known.production?))
            })
    }
}

fn apply(manager: &OrchestrationTemplateManager, change: &Change) -> bool {
    let audience = |draft| if draft { Audience::Draft } else { Audience::Production };
    // The reference names the project, or a missing name would be looked up globally.
    let reference = |project: usize, name: usize| -> Reference {
        format!("{}:{}", PROJECTS[project], NAMES[name]).parse().unwrap()
    };
    match *change {
        Change::Add { project, name, feature, draft } => {
            let feature_type: Option<FeatureType> = FEATURES[feature].map(|text| text.parse().unwrap());
            let new = NewTemplate {
                name: NAMES[name],
                template_type: ANALYSIS,
                project: PROJECTS[project],
                feature_type: feature_type.as_ref(),
                description: None,
                content: Content { text: "text", audience: audience(draft), ..Content::default() },
            };
            manager.add(&new, &stamp()).is_ok()
        }
        Change::Update { project, name, draft } => {
            // The same text again would make no new version.
            static TURN: AtomicUsize = AtomicUsize::new(0);
            let text = format!("turn {}", TURN.fetch_add(1, Ordering::Relaxed));
            let content = Content { text: &text, audience: audience(draft), ..Content::default() };
            let reference = reference(project, name);
            manager.update(&reference, PROJECTS[project], Publication::Template, &content, &stamp()).is_ok()
        }
        Change::Remove { project, name } => {
            manager.remove(&reference(project, name), PROJECTS[project], &stamp()).is_ok()
        }
        Change::Restore { project, name } => {
            manager.restore(&reference(project, name), PROJECTS[project], &stamp()).is_ok()
        }
        Change::Activate { project, name } => {
            manager.activate(&reference(project, name), PROJECTS[project], &stamp()).is_ok()
        }
    }
}

backends! {
    fn resolution_is_what_the_slow_model_says(db: &TestDatabase) {
        let manager = manager(db);
        manager.add_project("campus", None, &stamp()).unwrap();
        // One long case on one database; a shorter one would have to start on a fresh database.
        let mut runner = TestRunner::new(Config { cases: 1, max_shrink_iters: 0, ..Config::default() });
        runner
            .run(&prop::collection::vec(change(), 60..120), |changes| {
                let mut slow = Slow::new();
                for change in &changes {
                    prop_assert_eq!(apply(&manager, change), slow.apply(change), "{:?}", change);
                    for (project, name) in PROJECTS.iter().enumerate() {
                        for (feature, text) in FEATURES.iter().enumerate() {
                            let feature_type: Option<FeatureType> = text.map(|text| text.parse().unwrap());
                            let request = ResolveRequest {
                                template_type: ANALYSIS,
                                project: name,
                                feature_type: feature_type.as_ref(),
                                explicit: None,
                            };
                            let chosen = manager.resolve(&request).ok();
                            let explained = manager.explain(&request).unwrap().chosen;
                            prop_assert_eq!(&chosen, &explained);
                            let chosen = chosen.map(|c| (c.scope, c.name, c.version));
                            prop_assert_eq!(chosen, slow.resolve(project, feature), "after {:?}", change);
                        }
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}
