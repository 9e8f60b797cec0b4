//! Changes: drawn so that most of them find something to change.

use proptest::prelude::*;

use super::slow::{Known, Slow};
use super::{FEATURES, NAMES, PROJECTS, Place};

/// The labels that are set; the first may be protected.
pub(super) const LABELS: [&str; 2] = ["production", "canary"];

/// One change.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Add { place: Place, feature: usize, text: String, draft: bool },
    Update { place: Place, text: String, draft: bool },
    SetLabel { label: &'static str, targets: Vec<(Place, i32)> },
    RemoveLabel { label: &'static str, place: Place },
    Rollback { place: Place, version: i32, draft: bool },
    Protect { place: Place, protected: bool },
    Remove { place: Place },
    Restore { place: Place },
    Activate { place: Place },
}

impl Change {
    pub(super) fn places(&self) -> Vec<Place> {
        match self {
            Self::SetLabel { targets, .. } => targets.iter().map(|(place, _)| *place).collect(),
            Self::Add { place, .. }
            | Self::Update { place, .. }
            | Self::RemoveLabel { place, .. }
            | Self::Rollback { place, .. }
            | Self::Protect { place, .. }
            | Self::Remove { place }
            | Self::Restore { place }
            | Self::Activate { place } => vec![*place],
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Add,
    Update,
    SetLabel,
    RemoveLabel,
    Rollback,
    Protect,
    Remove,
    Restore,
    Activate,
}

/// What a change is made from: its numbers choose among what is there when it is made.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    kind: Kind,
    place: u16,
    /// Whether the place is chosen without a look at what is there.
    blind: bool,
    text: u16,
    versions: [u16; 2],
    more: u16,
    draft: bool,
}

pub(super) fn draws() -> impl Strategy<Value = Draw> {
    let kind = prop_oneof![
        4 => Just(Kind::Add),
        6 => Just(Kind::Update),
        5 => Just(Kind::SetLabel),
        1 => Just(Kind::RemoveLabel),
        3 => Just(Kind::Rollback),
        2 => Just(Kind::Protect),
        1 => Just(Kind::Remove),
        2 => Just(Kind::Restore),
        2 => Just(Kind::Activate),
    ];
    let blind = prop::bool::weighted(0.08);
    let numbers = (any::<u16>(), any::<u16>(), any::<[u16; 2]>(), any::<u16>());
    (kind, blind, prop::bool::weighted(0.4), numbers).prop_map(
        |(kind, blind, draft, (place, text, versions, more))| Draw {
            kind,
            place,
            blind,
            text,
            versions,
            more,
            draft,
        },
    )
}

impl Draw {
    /// The change that it stands for, next to what is there.
    pub(super) fn change(&self, slow: &Slow) -> Change {
        let draft = self.draft;
        match self.kind {
            Kind::Add => Change::Add {
                place: self.free_place(slow),
                feature: usize::from(self.more) % FEATURES,
                text: slow.fresh_text(),
                draft,
            },
            Kind::Update => {
                let place = self.place(slow, |known| !known.removed);
                Change::Update { place, text: self.text(slow, place), draft }
            }
            Kind::SetLabel => {
                let label = if self.more.is_multiple_of(4) { LABELS[1] } else { LABELS[0] };
                Change::SetLabel { label, targets: self.targets(slow) }
            }
            Kind::RemoveLabel => {
                let label = LABELS[usize::from(self.more) % LABELS.len()];
                let place = self.place(slow, |known| known.labels.contains_key(label));
                Change::RemoveLabel { label, place }
            }
            Kind::Rollback => {
                let place = self.place(slow, |known| !known.removed && known.texts.len() > 1);
                Change::Rollback { place, version: version(slow, place, self.versions[0]), draft }
            }
            Kind::Protect => {
                // What is protected changes less; it must not stay so for long.
                let protected = self.place(slow, |known| known.protected);
                let is_protected = slow.find(protected).is_some_and(|known| known.protected);
                if is_protected && !self.more.is_multiple_of(4) {
                    return Change::Protect { place: protected, protected: false };
                }
                Change::Protect { place: self.place(slow, |_| true), protected: true }
            }
            Kind::Remove => Change::Remove { place: self.place(slow, |known| !known.removed) },
            Kind::Restore => Change::Restore { place: self.place(slow, |known| known.removed) },
            Kind::Activate => {
                let fits = |known: &Known| !known.active && !known.removed && known.production().is_some();
                Change::Activate { place: self.place(slow, fits) }
            }
        }
    }

    /// The place of a template that `fits`, else of any, else one that has none.
    fn place(&self, slow: &Slow, fits: impl Fn(&Known) -> bool) -> Place {
        let there: Vec<&Known> = slow.templates().collect();
        let mut fitting: Vec<Place> = there.iter().filter(|known| fits(known)).map(|k| k.place).collect();
        if fitting.is_empty() {
            fitting = there.iter().map(|known| known.place).collect();
        }
        if fitting.is_empty() || self.blind {
            return (usize::from(self.place) % PROJECTS, usize::from(self.more) % NAMES);
        }
        fitting[usize::from(self.place) % fitting.len()]
    }

    fn free_place(&self, slow: &Slow) -> Place {
        let all = (0..PROJECTS).flat_map(|project| (0..NAMES).map(move |name| (project, name)));
        let free: Vec<Place> = all.filter(|place| slow.find(*place).is_none()).collect();
        if free.is_empty() || self.blind {
            return (usize::from(self.place) % PROJECTS, usize::from(self.more) % NAMES);
        }
        free[usize::from(self.place) % free.len()]
    }

    /// A new text, or one that is there: the current, the newest, or any.
    fn text(&self, slow: &Slow, place: Place) -> String {
        let Some(known) = slow.find(place) else { return slow.fresh_text() };
        let at = match self.text % 8 {
            0 => known.production(),
            1 | 2 => Some(known.latest()),
            3 => Some(i32::from(self.versions[0]) % known.latest() + 1),
            _ => None,
        };
        at.map_or_else(|| slow.fresh_text(), |number| known.text(number).to_owned())
    }

    /// One to three versions; the same template twice, or one that is not there, is among them at times.
    fn targets(&self, slow: &Slow) -> Vec<(Place, i32)> {
        let count = 1 + usize::from(self.text) % 3;
        let mut targets: Vec<(Place, i32)> = Vec::new();
        for turn in 0..count {
            let taken: Vec<Place> = targets.iter().map(|(place, _)| *place).collect();
            let hits = |known: &Known| !(known.removed || known.protected && self.draft);
            let fits = |known: &Known| hits(known) && (self.blind || !taken.contains(&known.place));
            let place = self.place(slow, fits);
            if !self.blind && taken.contains(&place) {
                break;
            }
            targets.push((place, version(slow, place, self.versions[turn % 2])));
        }
        targets
    }
}

/// A version of a template, or, rarely, the one before the first or the one behind the newest.
fn version(slow: &Slow, place: Place, draw: u16) -> i32 {
    let latest = slow.find(place).map_or(1, Known::latest);
    match draw % 32 {
        0 => 0,
        1 => latest + 1,
        _ => i32::from(draw / 32) % latest + 1,
    }
}
