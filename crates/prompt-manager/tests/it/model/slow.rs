//! The model: a list that is searched from end to end.

use std::collections::BTreeMap;

use prompt_manager::Scope;

use super::Place;
use super::changes::{Change, LABELS};

/// Where the built-in template is, in the model: it has a name that no change has.
const BUILTIN: Place = (1, usize::MAX);

/// A template as the model knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) place: Place,
    pub(super) feature: usize,
    /// The text of each version, oldest first.
    pub(super) texts: Vec<String>,
    pub(super) labels: BTreeMap<&'static str, i32>,
    pub(super) protected: bool,
    pub(super) active: bool,
    pub(super) removed: bool,
    /// Each move of `production`, oldest first.
    moves: Vec<(Option<i32>, Option<i32>)>,
}

impl Known {
    fn new(place: Place, feature: usize, text: &str) -> Self {
        Self {
            place,
            feature,
            texts: vec![text.to_owned()],
            labels: BTreeMap::new(),
            protected: false,
            active: false,
            removed: false,
            moves: Vec::new(),
        }
    }

    pub(super) fn production(&self) -> Option<i32> {
        self.labels.get(LABELS[0]).copied()
    }

    pub(super) fn latest(&self) -> i32 {
        i32::try_from(self.texts.len()).unwrap()
    }

    pub(super) fn text(&self, number: i32) -> &str {
        &self.texts[usize::try_from(number).unwrap() - 1]
    }

    fn has(&self, number: i32) -> bool {
        (1..=self.latest()).contains(&number)
    }

    /// Moves a label; the number of entries that this writes.
    fn label(&mut self, label: &'static str, to: Option<i32>) -> usize {
        let from = match to {
            Some(number) => self.labels.insert(label, number),
            None => self.labels.remove(label),
        };
        if from != to && label == LABELS[0] {
            self.moves.push((from, to));
        }
        usize::from(from != to)
    }

    /// Moves `production` to a version for sessions, unless it is protected.
    fn publish(&mut self, number: i32, draft: bool) -> usize {
        if draft || self.protected { 0 } else { self.label(LABELS[0], Some(number)) }
    }

    fn store(&mut self, text: &str, draft: bool) -> usize {
        self.texts.push(text.to_owned());
        self.publish(self.latest(), draft);
        1
    }
}

pub(super) struct Slow(Vec<Known>);

impl Slow {
    pub(super) fn new() -> Self {
        let mut builtin = Known::new(BUILTIN, 0, "built in");
        builtin.active = true;
        builtin.labels.insert(LABELS[0], 1);
        Self(vec![builtin])
    }

    pub(super) fn templates(&self) -> impl Iterator<Item = &Known> {
        self.0.iter().filter(|known| known.place != BUILTIN)
    }

    pub(super) fn find(&self, place: Place) -> Option<&Known> {
        self.0.iter().find(|known| known.place == place)
    }

    /// A text that no version has.
    pub(super) fn fresh_text(&self) -> String {
        let versions: usize = self.0.iter().map(|known| known.texts.len()).sum();
        format!("text {versions}\nof {{{{feature_request}}}}\n")
    }

    fn find_mut(&mut self, place: Place) -> Option<&mut Known> {
        self.0.iter_mut().find(|known| known.place == place)
    }

    fn active(&mut self, project: usize, feature: usize) -> Option<&mut Known> {
        self.0.iter_mut().find(|known| known.active && known.place.0 == project && known.feature == feature)
    }

    /// Makes the change, and says how many entries of the log it writes; none where it must be refused.
    pub(super) fn apply(&mut self, change: &Change) -> Option<usize> {
        match change {
            Change::Add { place, feature, text, draft } => self.add(*place, *feature, text, *draft),
            Change::Update { place, text, draft } => self.update(*place, text, *draft),
            Change::SetLabel { label, targets } => self.set_label(label, targets),
            Change::RemoveLabel { label, place } => {
                let known = self.find_mut(*place)?;
                let refused = known.protected && *label == LABELS[0];
                (known.labels.contains_key(label) && !refused).then(|| known.label(label, None))
            }
            Change::Rollback { place, version, draft } => self.rollback(*place, *version, *draft),
            Change::Protect { place, protected } => {
                let known = self.find_mut(*place)?;
                let before = std::mem::replace(&mut known.protected, *protected);
                Some(usize::from(before != *protected))
            }
            Change::Remove { place } => {
                let known = self.find_mut(*place).filter(|known| !known.removed)?;
                if known.protected && known.labels.contains_key(LABELS[0]) {
                    return None;
                }
                (known.removed, known.active) = (true, false);
                Some(1)
            }
            Change::Restore { place } => {
                let feature = self.find(*place).filter(|known| known.removed)?.feature;
                let is_free = self.active(place.0, feature).is_none();
                let known = self.find_mut(*place)?;
                (known.removed, known.active) = (false, is_free);
                Some(1)
            }
            Change::Activate { place } => self.activate(*place),
        }
    }

    fn add(&mut self, place: Place, feature: usize, text: &str, draft: bool) -> Option<usize> {
        if self.find(place).is_some() {
            return None;
        }
        let mut known = Known::new(place, feature, text);
        known.active = match self.active(place.0, feature) {
            None => true,
            Some(other) if !draft && (other.place == BUILTIN || other.production().is_none()) => {
                other.active = false;
                true
            }
            Some(_) => false,
        };
        known.publish(1, draft);
        self.0.push(known);
        Some(1)
    }

    fn update(&mut self, place: Place, text: &str, draft: bool) -> Option<usize> {
        let known = self.find_mut(place).filter(|known| !known.removed)?;
        let current = known.production();
        Some(if known.text(known.latest()) == text {
            known.publish(known.latest(), draft)
        } else if !draft && current.is_some_and(|current| known.text(current) == text) {
            0
        } else {
            known.store(text, draft)
        })
    }

    fn set_label(&mut self, label: &'static str, targets: &[(Place, i32)]) -> Option<usize> {
        for (at, (place, number)) in targets.iter().enumerate() {
            let known = self.find(*place).filter(|known| !known.removed && known.has(*number))?;
            let moves = known.labels.get(label) != Some(number);
            let is_held = known.protected && label == LABELS[0] && moves;
            if is_held || targets[..at].iter().any(|(other, _)| other == place) {
                return None;
            }
        }
        targets.iter().map(|(place, number)| Some(self.find_mut(*place)?.label(label, Some(*number)))).sum()
    }

    fn rollback(&mut self, place: Place, number: i32, draft: bool) -> Option<usize> {
        let known = self.find_mut(place).filter(|known| !known.removed && known.has(number))?;
        let text = known.text(number).to_owned();
        if known.production().is_some_and(|current| known.text(current) == text) {
            return None;
        }
        Some(known.store(&text, draft))
    }

    fn activate(&mut self, place: Place) -> Option<usize> {
        let known = self.find(place).filter(|known| !known.removed && known.production().is_some())?;
        if known.active {
            return Some(0);
        }
        let feature = known.feature;
        if let Some(other) = self.active(place.0, feature) {
            other.active = false;
        }
        self.find_mut(place)?.active = true;
        Some(1)
    }

    /// The winner: its scope, its place, and its version.
    pub(super) fn resolve(&self, project: usize, feature: usize) -> Option<(Scope, Place, i32)> {
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
                let here = |k: &&Known| k.active && k.place.0 == of_project && k.feature == of_feature;
                let known = self.0.iter().find(here)?;
                Some((scope, known.place, known.production()?))
            })
    }

    /// The versions of a template, newest first: number, text, labels.
    pub(super) fn history(&self, place: Place) -> Option<Vec<(i32, String, Vec<String>)>> {
        let known = self.find(place)?;
        let entry = |number: i32| {
            let latest = (number == known.latest()).then_some("latest");
            let named = known.labels.iter().filter(|(_, at)| **at == number).map(|(label, _)| *label);
            let labels = latest.into_iter().chain(named).map(str::to_owned).collect();
            (number, known.text(number).to_owned(), labels)
        };
        Some((1..=known.latest()).rev().map(entry).collect())
    }

    pub(super) fn production_history(&self, place: Place) -> Option<Vec<(Option<i32>, Option<i32>)>> {
        Some(self.find(place)?.moves.clone())
    }

    pub(super) const fn builtin() -> Place {
        BUILTIN
    }
}
