//! The declarations of a template together with those of its partials.

use std::collections::BTreeSet;

use crate::check::Variable;
use crate::declare::{Declaration, Declarations};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;

/// A unit's name and what it declares.
pub(crate) type Declaring<'a> = (&'a str, &'a Declarations);

/// Adds to the declarations of the first unit those of the others, and reports what clashes.
///
/// A declaration of a partial counts where the partial reads the variable from the outermost level:
/// it may as well be about a parameter that the partial is given. Where a variable is declared more
/// than once, all of it holds; of defaults the template's own counts, and without it there is but one.
pub(crate) fn join(units: &[Declaring<'_>], variables: &[Variable]) -> (Declarations, Vec<(usize, Problem)>) {
    let mut joined = units.first().map(|(_, own)| (*own).clone()).unwrap_or_default();
    let mut problems = Vec::new();
    for (unit, (_, declared)) in units.iter().enumerate().skip(1) {
        for declaration in declared.iter() {
            let is_used = |variable: &Variable| {
                variable.name == declaration.name && variable.uses.iter().any(|used| used.unit == unit)
            };
            if !variables.iter().any(is_used) {
                continue;
            }
            let mut declaration = declaration.clone();
            declaration.place.unit = unit;
            let Some(known) = joined.all.iter_mut().find(|known| known.name == declaration.name) else {
                joined.all.push(declaration);
                continue;
            };
            let other_default = known.default.as_ref().zip(declaration.default.as_ref());
            if known.place.unit > 0 && other_default.is_some_and(|(there, here)| there != here) {
                let other = short(units[known.place.unit].0);
                let name = short(&declaration.name);
                let message =
                    format!("`{name}` has another default in `{other}`; give it one in the template");
                problems.push((unit, Problem::new(Code::Schema, declaration.place.range.clone(), message)));
            }
            if known.kind.clashes(&declaration.kind) {
                let name = short(&declaration.name);
                let (here, there) = (declaration.kind.describe(), known.kind.describe());
                let other = short(units[known.place.unit].0);
                let message = format!("`{name}` is declared as {here} here, and as {there} in `{other}`");
                problems.push((unit, Problem::new(Code::Schema, declaration.place.range, message)));
                continue;
            }
            known.restrict(declaration);
        }
    }
    // A partial without declarations says nothing against the variables that it uses.
    let is_silent = |unit: usize| unit > 0 && units[unit].1.schema.is_none();
    let allowed = variables.iter().filter(|variable| variable.uses.iter().any(|used| is_silent(used.unit)));
    joined.allowed = allowed.map(|variable| variable.name.clone()).collect::<BTreeSet<_>>();
    (joined, problems)
}

impl Declaration {
    /// Takes on what another declaration of the same variable asks for.
    fn restrict(&mut self, other: Self) {
        self.kind = self.kind.and(other.kind);
        self.required |= other.required;
        self.default = self.default.take().or(other.default);
        self.max_length = [self.max_length, other.max_length].into_iter().flatten().min();
        self.trusted &= other.trusted;
        self.hidden = self.hidden.max(other.hidden);
    }
}
