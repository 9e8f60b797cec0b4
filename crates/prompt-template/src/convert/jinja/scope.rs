//! What names mean at a place.

use std::collections::HashMap;

use crate::convert::jinja::ast::{Node, Other};
use crate::convert::jinja::ir::{Ir, Type};
use crate::convert::path::is_taken;

/// What a name stands for, where it is not a variable of the outermost level.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    /// A name of a loop, and how it is spelt.
    Local(String, Type),
    /// A value that was set.
    Alias(Ir),
    /// Something that is reported where it is made.
    Reported,
}

/// A loop around a place.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) over: Ir,
    pub(super) filtered: bool,
}

/// All scopes around a place, and what is known of the whole template.
#[derive(Debug, Default)]
pub(super) struct Scope {
    frames: Vec<HashMap<String, Binding>>,
    pub(super) loops: Vec<Loop>,
    /// How often each name is set anywhere.
    sets: HashMap<String, usize>,
    /// Statements around a place that may be passed over.
    pub(super) branches: usize,
}

impl Scope {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let mut scope = Self { frames: vec![HashMap::new()], ..Self::default() };
        scope.survey(nodes);
        scope
    }

    /// Counts what is set, and knows the macros before they are called.
    fn survey(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Set { target, .. } => {
                    let names =
                        std::iter::once(target).chain(target.children()).filter_map(|expr| expr.name());
                    for name in names {
                        *self.sets.entry(name.to_owned()).or_default() += 1;
                    }
                }
                Node::If { branches, otherwise } => {
                    for (_, body) in branches {
                        self.survey(body);
                    }
                    if let Some(body) = otherwise {
                        self.survey(body);
                    }
                }
                Node::For(block) => {
                    self.survey(&block.body);
                    if let Some(body) = &block.otherwise {
                        self.survey(body);
                    }
                }
                Node::Other(Other { construct, defines, bodies, .. }) => {
                    for name in defines {
                        if construct == "set" {
                            *self.sets.entry(name.clone()).or_default() += 1;
                        }
                        self.bind_outermost(name, Binding::Reported);
                    }
                    for body in bodies {
                        self.survey(body);
                    }
                }
                Node::Text(_) | Node::Print(_) | Node::Include { .. } => {}
            }
        }
    }

    pub(super) fn times_set(&self, name: &str) -> usize {
        self.sets.get(name).copied().unwrap_or_default()
    }

    pub(super) fn in_loop(&self) -> bool {
        !self.loops.is_empty()
    }

    /// True where everything is always passed, once.
    pub(super) fn is_top_level(&self) -> bool {
        self.frames.len() == 1 && self.branches == 0 && !self.in_loop()
    }

    pub(super) fn find(&self, name: &str) -> Option<&Binding> {
        self.frames.iter().rev().find_map(|frame| frame.get(name))
    }

    pub(super) fn push(&mut self) {
        self.frames.push(HashMap::new());
    }

    pub(super) fn pop(&mut self) {
        self.frames.pop();
    }

    pub(super) fn bind(&mut self, name: &str, binding: Binding) {
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name.to_owned(), binding);
        }
    }

    pub(super) fn bind_outermost(&mut self, name: &str, binding: Binding) {
        if let Some(frame) = self.frames.first_mut() {
            frame.insert(name.to_owned(), binding);
        }
    }

    /// True where so many names are bound that nobody hands them over.
    pub(super) fn is_crowded(&self) -> bool {
        const MOST_NAMES: usize = 100;
        self.frames.iter().map(HashMap::len).sum::<usize>() > MOST_NAMES
    }

    /// All names that are bound at a place, sorted, each with its innermost meaning.
    pub(super) fn bound(&self) -> Vec<(&str, &Binding)> {
        let mut all = HashMap::new();
        for frame in &self.frames {
            all.extend(frame.iter().map(|(name, binding)| (name.as_str(), binding)));
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }

    /// How a name of a new loop is spelt: not like a helper, nor like a name of a loop around it.
    pub(super) fn spelling(&self, name: &str, beside: &[String]) -> String {
        let is_used = |spelt: &String| {
            let taken = self.frames.iter().flat_map(HashMap::values);
            let mut taken = taken.filter_map(|binding| match binding {
                Binding::Local(spelt, _) => Some(spelt),
                _ => None,
            });
            is_taken(spelt) || beside.contains(spelt) || taken.any(|other| other == spelt)
        };
        let mut spelt = name.to_owned();
        while is_used(&spelt) {
            spelt.insert(0, '_');
        }
        spelt
    }
}
