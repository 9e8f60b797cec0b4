//! Every combination of what a resolution may find, as one table; some of them built in a database.

mod built;

use std::collections::BTreeSet;
use std::fmt::Write;

use prompt_manager::model::record::ProductionVersion;
use prompt_manager::model::{FeatureType, GLOBAL_PROJECT, PromptId, SlotCandidate, VersionId};
use prompt_manager::resolution::{Chosen, Resolution, resolve};
use prompt_manager::{Reference, ResolveRequest, Scope};
use proptest::prelude::*;

use crate::support::ANALYSIS;

const COMBINATIONS: usize = 2 * 5 * 5 * 5 * 5;

/// What may be in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Nothing,
    Draft,
    Active,
    Waiting,
    Removed,
}

/// In the order in which a template of a database passes through them.
const STATES: [(State, char, &str); 5] = [
    (State::Nothing, '-', "no template"),
    (State::Draft, 'd', "active, without a production version"),
    (State::Active, 'A', "active, with a production version"),
    (State::Waiting, 'w', "not active, with a production version"),
    (State::Removed, 'r', "removed, with a production version"),
];

/// Each reason that a candidate may have, with the letter that stands for it in the table.
const REASONS: [(char, &str); 11] = [
    ('-', "no template"),
    ('.', "none given"),
    ('N', "named by the caller"),
    ('T', "active, production"),
    ('d', "active, but no version is production"),
    ('w', "waits: it is not active"),
    ('r', "removed"),
    ('0', "shadowed by named (explicit)"),
    ('1', "shadowed by pf (project+feature_type)"),
    ('2', "shadowed by p (project)"),
    ('3', "shadowed by gf (global+feature_type)"),
];

/// The four places in the order in which a resolution looks, with the name of the template in each.
const PLACES: [(Scope, &str); 4] = [
    (Scope::ProjectFeatureType, "pf"),
    (Scope::Project, "p"),
    (Scope::GlobalFeatureType, "gf"),
    (Scope::Global, "g"),
];

/// One row of the table.
#[derive(Debug, Clone, Copy)]
struct Combination {
    explicit: bool,
    states: [State; 4],
}

impl Combination {
    fn at(index: usize) -> Self {
        let state = |place: u32| STATES[index / 5_usize.pow(3 - place) % 5].0;
        Self { explicit: index >= COMBINATIONS / 2, states: [state(0), state(1), state(2), state(3)] }
    }

    fn slots(self, feature_type: &FeatureType) -> Vec<SlotCandidate> {
        let slot = |((scope, name), state): (&(Scope, &str), &State)| {
            if *state == State::Nothing {
                return None;
            }
            let (of_project, of_feature) = place(*scope);
            let id = i32::try_from(name.len()).unwrap();
            Some(SlotCandidate {
                project: if of_project { "campus" } else { GLOBAL_PROJECT }.to_owned(),
                feature_type: of_feature.then(|| feature_type.clone()),
                prompt_id: PromptId(id),
                name: (*name).to_owned(),
                active: matches!(state, State::Active | State::Draft),
                removed: *state == State::Removed,
                production: (*state != State::Draft).then(|| production(1)),
            })
        };
        PLACES.iter().zip(&self.states).filter_map(slot).collect()
    }

    fn resolve(self) -> Resolution {
        let feature_type = "api".parse().unwrap();
        let explicit = self.explicit.then(|| Chosen {
            scope: Scope::Explicit,
            project: "campus".to_owned(),
            prompt_id: PromptId(9),
            name: "named".to_owned(),
            version_id: VersionId(9),
            version: 1,
            sha256: None,
        });
        resolve(&request("campus", &feature_type, None), explicit, &self.slots(&feature_type))
    }

    /// The winner, by the rule in one sentence: what is named, else the first place with an active template
    /// that has a production version.
    fn winner(self) -> Option<Scope> {
        if self.explicit {
            return Some(Scope::Explicit);
        }
        let at = self.states.iter().position(|state| *state == State::Active)?;
        Some(PLACES[at].0)
    }
}

fn request<'a>(
    project: &'a str,
    feature_type: &'a FeatureType,
    explicit: Option<&'a Reference>,
) -> ResolveRequest<'a> {
    ResolveRequest { template_type: ANALYSIS, project, feature_type: Some(feature_type), explicit }
}

/// Whether a scope is of the project, and whether it is for the feature type.
fn place(scope: Scope) -> (bool, bool) {
    let of_project = matches!(scope, Scope::ProjectFeatureType | Scope::Project);
    (of_project, matches!(scope, Scope::ProjectFeatureType | Scope::GlobalFeatureType))
}

fn production(number: i32) -> ProductionVersion {
    ProductionVersion { id: VersionId(number), number, sha256: None }
}

fn reason(text: &str) -> char {
    let known = REASONS.iter().find(|(_, reason)| *reason == text);
    known.unwrap_or_else(|| panic!("a reason that the table does not have: {text}")).0
}

/// What is before the rows: what each letter means.
fn legend() -> String {
    let mut legend = String::new();
    for (_, letter, meaning) in STATES {
        writeln!(legend, "place  {letter}  {meaning}").unwrap();
    }
    for (letter, reason) in REASONS {
        writeln!(legend, "reason {letter}  {reason}").unwrap();
    }
    legend
}

#[test]
fn every_combination_is_in_the_table() {
    let mut table = legend();
    table.push_str("\nexplicit  pf p gf g  winner                reasons: explicit pf p gf g\n");
    let mut seen = BTreeSet::new();
    for combination in (0..COMBINATIONS).map(Combination::at) {
        let resolution = combination.resolve();
        let winner = resolution.chosen.as_ref().map(|chosen| chosen.scope);
        assert_eq!(winner, combination.winner(), "{combination:?}");
        let scopes: Vec<Scope> = resolution.candidates.iter().map(|candidate| candidate.scope).collect();
        assert_eq!(scopes, Scope::ALL, "{combination:?}");
        let taken = resolution.candidates.iter().filter(|candidate| candidate.taken).map(|c| c.scope);
        assert_eq!(taken.collect::<Vec<_>>(), Vec::from_iter(winner), "{combination:?}");

        let letter = |state: State| STATES.iter().find(|(known, ..)| *known == state).unwrap().1;
        let [pf, p, gf, g] = combination.states.map(letter);
        let reasons = resolution.candidates.iter().map(|candidate| reason(&candidate.reason).to_string());
        let reasons = reasons.collect::<Vec<_>>().join(" ");
        seen.extend(resolution.candidates.iter().map(|candidate| reason(&candidate.reason)));
        let explicit = if combination.explicit { "given" } else { "-" };
        let winner = winner.map_or("-", Scope::as_str);
        writeln!(table, "{explicit:<10}{pf}  {p} {gf}  {g}  {winner:<22}{reasons}").unwrap();
    }
    assert_eq!(seen.len(), REASONS.len(), "every reason of the legend stands in the table");
    insta::assert_snapshot!(table);
}

/// Any number of templates in each place, at most one of them active.
fn slots() -> impl Strategy<Value = Vec<SlotCandidate>> {
    let template = (any::<bool>(), prop::option::of(1..4_i32));
    let here = (prop::collection::vec(template, 0..4), prop::option::of(0..4_usize));
    prop::collection::vec(here, 4).prop_flat_map(|places| {
        let mut slots = Vec::new();
        for ((scope, name), (templates, active)) in PLACES.iter().zip(places) {
            let (of_project, of_feature) = place(*scope);
            for (at, (removed, number)) in templates.into_iter().enumerate() {
                let active = active == Some(at);
                slots.push(SlotCandidate {
                    project: if of_project { "campus" } else { GLOBAL_PROJECT }.to_owned(),
                    feature_type: of_feature.then(|| "api".parse().unwrap()),
                    prompt_id: PromptId(i32::try_from(slots.len()).unwrap()),
                    name: format!("{name}{at}"),
                    active,
                    removed: removed && !active,
                    production: number.map(production),
                });
            }
        }
        Just(slots).prop_shuffle()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What `resolve` reads is the active templates alone, what `explain` reads is all, in any order.
    #[test]
    fn the_active_templates_are_enough_to_choose(all in slots()) {
        let feature_type = "api".parse().unwrap();
        let request = request("campus", &feature_type, None);
        let active: Vec<SlotCandidate> = all.iter().filter(|slot| slot.active).cloned().collect();
        let explained = resolve(&request, None, &all);
        prop_assert_eq!(&resolve(&request, None, &active).chosen, &explained.chosen);
        let mut turned = all.clone();
        turned.reverse();
        prop_assert_eq!(resolve(&request, None, &turned), explained.clone());
        prop_assert_eq!(explained.candidates.iter().filter(|c| c.name.is_some()).count(), all.len());
    }
}
