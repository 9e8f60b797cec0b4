//! The declarations of a template together with those of its partials.

use std::collections::BTreeSet;

use crate::check::Variable;
use crate::declare::Declarations;
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;

/// A unit's name and what it declares.
pub(crate) type Declaring<'a> = (&'a str, &'a Declarations);

/// Adds to the declarations of the first unit those of the others, and reports what clashes.
///
/// A declaration of a partial counts where the partial reads the variable from the outermost level:
/// it may as well be about a parameter that the partial is given. The template's own ones win.
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
            let Some(known) = joined.get(&declaration.name) else {
                joined.all.push(declaration);
                continue;
            };
            if known.kind.clashes(&declaration.kind) {
                let name = short(&declaration.name);
                let (here, there) = (declaration.kind.describe(), known.kind.describe());
                let other = short(units[known.place.unit].0);
                let message = format!("`{name}` is declared as {here} here, and as {there} in `{other}`");
                problems.push((unit, Problem::new(Code::Schema, declaration.place.range, message)));
            }
        }
    }
    // A partial without declarations says nothing against the variables that it uses.
    let is_silent = |unit: usize| unit > 0 && units[unit].1.schema.is_none();
    let allowed = variables.iter().filter(|variable| variable.uses.iter().any(|used| is_silent(used.unit)));
    joined.allowed = allowed.map(|variable| variable.name.clone()).collect::<BTreeSet<_>>();
    (joined, problems)
}
