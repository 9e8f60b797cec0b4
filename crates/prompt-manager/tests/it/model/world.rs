//! What the model is compared with: a project of its own, and the global one, in a database.

use std::cell::RefCell;
use std::collections::HashMap;

use prompt_manager::model::db::PromptFilter;
use prompt_manager::model::{FeatureType, GLOBAL_PROJECT, Label, LabelPolicy};
use prompt_manager::template::sha256_hex;
use prompt_manager::{
    Audience, Content, Error, Missing, NewTemplate, OrchestrationTemplateManager, Publication, Reference,
    ResolveRequest, Result, Scope,
};

use super::changes::{Change, LABELS};
use super::slow::Slow;
use super::{NAMES, Place};
use crate::support::{ANALYSIS, stamp};

const BUILTIN: &str = "prompt-tool/analysis";

pub(super) struct World<'a> {
    manager: &'a OrchestrationTemplateManager,
    turn: usize,
    /// The texts that were read, by their digests.
    texts: RefCell<HashMap<String, String>>,
}

impl<'a> World<'a> {
    /// A new project with no templates, and globally the built-in alone.
    pub(super) fn new(manager: &'a OrchestrationTemplateManager, turn: usize) -> Self {
        let world = Self { manager, turn, texts: RefCell::default() };
        let filter = PromptFilter {
            project: Some(GLOBAL_PROJECT.to_owned()),
            templates_only: true,
            template_type: Some(ANALYSIS),
            ..PromptFilter::default()
        };
        for listing in manager.list(&filter).unwrap().items {
            if listing.prompt.name != BUILTIN {
                let reference = Reference::production(listing.prompt.name);
                let open = |_| LabelPolicy::default();
                let production = Label::production();
                manager.set_label_policy(&production, &reference, GLOBAL_PROJECT, open, &stamp()).unwrap();
                manager.remove(&reference, GLOBAL_PROJECT, &stamp()).unwrap();
            }
        }
        manager.activate(&Reference::production(BUILTIN), GLOBAL_PROJECT, &stamp()).unwrap();
        manager.add_project(&world.project(0), None, &stamp()).unwrap();
        world
    }

    fn project(&self, number: usize) -> String {
        if number == 0 { format!("campus{}", self.turn) } else { GLOBAL_PROJECT.to_owned() }
    }

    fn name(&self, number: usize) -> String {
        format!("{}{}", ["a", "b", "c"][number], self.turn)
    }

    fn place(&self, name: &str, project: usize) -> Place {
        (0..NAMES).find(|n| self.name(*n) == name).map_or(Slow::builtin(), |number| (project, number))
    }

    /// The reference names the project, or a missing name would be looked up globally.
    fn reference(&self, (project, name): Place, version: Option<i32>) -> Reference {
        let version = version.map(|number| format!("@{number}")).unwrap_or_default();
        format!("{}:{}{version}", self.project(project), self.name(name)).parse().unwrap()
    }

    fn feature_type(number: usize) -> Option<FeatureType> {
        (number == 1).then(|| "api".parse().unwrap())
    }

    pub(super) fn apply(&self, change: &Change) -> Result<()> {
        let manager = self.manager;
        let audience = |draft: &bool| if *draft { Audience::Draft } else { Audience::Production };
        let whole = |place: &Place| self.reference(*place, None);
        let label = |text: &str| -> Label { text.parse().unwrap() };
        // No reference is looked up here.
        let (here, stamp) = ("default", stamp());
        match change {
            Change::Add { place, feature, text, draft } => {
                let feature_type = Self::feature_type(*feature);
                let new = NewTemplate {
                    name: &self.name(place.1),
                    template_type: ANALYSIS,
                    project: &self.project(place.0),
                    feature_type: feature_type.as_ref(),
                    description: None,
                    content: Content { audience: audience(draft), ..Content::new(text) },
                };
                manager.add(&new, &stamp).map(drop)
            }
            Change::Update { place, text, draft } => {
                let content = Content { audience: audience(draft), ..Content::new(text) };
                manager.update(&whole(place), here, Publication::Template, &content, &stamp).map(drop)
            }
            Change::SetLabel { label: name, targets } => {
                let targets: Vec<Reference> =
                    targets.iter().map(|(place, number)| self.reference(*place, Some(*number))).collect();
                manager.set_label(&label(name), &targets, here, &stamp).map(drop)
            }
            Change::RemoveLabel { label: name, place } => {
                manager.remove_label(&label(name), &whole(place), here, &stamp).map(drop)
            }
            Change::Rollback { place, version, draft } => {
                let reference = self.reference(*place, Some(*version));
                manager.rollback(&reference, here, audience(draft), &stamp).map(drop)
            }
            Change::Protect { place, protected } => {
                let set = |policy| prompt_manager::model::LabelPolicy { is_protected: *protected, ..policy };
                manager.set_label_policy(&label(LABELS[0]), &whole(place), here, set, &stamp).map(drop)
            }
            Change::Remove { place } => manager.remove(&whole(place), here, &stamp).map(drop),
            Change::Restore { place } => manager.restore(&whole(place), here, &stamp).map(drop),
            Change::Activate { place } => manager.activate(&whole(place), here, &stamp).map(drop),
        }
    }

    /// How many entries the log has.
    pub(super) fn entries(&self) -> usize {
        usize::try_from(self.manager.log_head().unwrap().map_or(0, |head| head.sequence)).unwrap()
    }

    /// The winner, on which `resolve` and both halves of `explain` agree.
    pub(super) fn resolve(&self, project: usize, feature: usize) -> Option<(Scope, Place, i32)> {
        let feature_type = Self::feature_type(feature);
        let request = ResolveRequest {
            template_type: ANALYSIS,
            project: &self.project(project),
            feature_type: feature_type.as_ref(),
            explicit: None,
        };
        let chosen = match self.manager.resolve(&request) {
            Ok(chosen) => Some(chosen),
            Err(Error::NotFound(Missing::ActiveTemplate { .. })) => None,
            Err(other) => panic!("{other}"),
        };
        let explained = self.manager.explain(&request).unwrap();
        assert_eq!(chosen, explained.chosen);
        let taken: Vec<_> = explained.candidates.into_iter().filter(|candidate| candidate.taken).collect();
        assert_eq!(taken.len(), usize::from(chosen.is_some()));
        let chosen = chosen?;
        assert_eq!((taken[0].scope, taken[0].version), (chosen.scope, Some(chosen.version)));
        assert_eq!(taken[0].name.as_deref(), Some(&*chosen.name));
        let of_project = usize::from(chosen.project == GLOBAL_PROJECT);
        Some((chosen.scope, self.place(&chosen.name, of_project), chosen.version))
    }

    /// The versions of a template, newest first: number, text, labels.
    pub(super) fn history(&self, place: Place) -> Option<Vec<(i32, String, Vec<String>)>> {
        let history = match self.manager.history(&self.reference(place, None), "default", None) {
            Ok(history) => history,
            Err(Error::NotFound(Missing::Prompt { .. })) => return None,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(history.left_out, 0);
        let entry = |entry: prompt_manager::HistoryEntry| {
            let number = entry.version.number;
            (number, self.text(place, number, &entry.version.sha256.unwrap()), entry.labels)
        };
        Some(history.entries.into_iter().map(entry).collect())
    }

    /// The text of a version, read once for each digest, which is that of the text.
    fn text(&self, place: Place, number: i32, sha256: &str) -> String {
        let read = || {
            let selected = self.manager.get(&self.reference(place, Some(number)), "default").unwrap();
            assert_eq!(sha256_hex(&selected.version.content), sha256);
            selected.version.content
        };
        self.texts.borrow_mut().entry(sha256.to_owned()).or_insert_with(read).clone()
    }

    /// Each move of `production`, oldest first.
    pub(super) fn production_history(&self, place: Place) -> Option<Vec<(Option<i32>, Option<i32>)>> {
        let (reference, production) = (self.reference(place, None), Label::production());
        match self.manager.label_history(&reference, "default", Some(&production)) {
            Ok(events) => Some(events.into_iter().rev().map(|event| (event.from, event.to)).collect()),
            Err(Error::NotFound(Missing::Prompt { .. })) => None,
            Err(other) => panic!("{other}"),
        }
    }

    pub(super) fn verify_log(&self) {
        let head = self.manager.log_head().unwrap().unwrap();
        let verified = self.manager.verify_log(Some(&head), |_| ()).unwrap();
        assert_eq!((verified.first_bad, verified.entries), (None, u64::try_from(head.sequence).unwrap()));
    }
}
