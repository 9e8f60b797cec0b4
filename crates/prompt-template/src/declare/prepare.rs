//! What is done with the variables before a template is rendered with them.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::check::Variable;
use crate::declare::kind::Misfit;
use crate::declare::{Declaration, Declarations};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::run::{Fault, Of, missing};
use crate::sanitise::{Hidden, sanitise};
use crate::template::{Missing, RenderOptions};

/// Undeclared variables that are reported.
const MOST_UNDECLARED: usize = 50;

/// Fills in defaults, deals with hidden characters, and finds all that does not fit the declarations.
///
/// What is required, used and not given is left to the caller, who knows all places of its use. The
/// optional ones without a value become null, and are named beside the faults.
pub(crate) fn prepare(
    declared: &Declarations,
    used: &[Variable],
    data: &mut Map<String, Value>,
    options: &RenderOptions,
) -> (Vec<Fault>, Vec<String>) {
    let mut faults = Vec::new();
    let mut without = Vec::new();
    if declared.schema.is_some() {
        faults.extend(undeclared(declared, used, data, options));
    }
    for declaration in declared.iter() {
        let fault = match data.get_mut(&declaration.name) {
            Some(value) => given(declaration, value, options),
            None => {
                if declaration.default.is_none() && !declaration.required {
                    without.push(declaration.name.clone());
                }
                absent(declaration, used, data, options)
            }
        };
        faults.extend(fault);
    }
    if let Some(policy @ (Hidden::Refuse | Hidden::Show)) = options.hidden {
        for variable in used.iter().filter(|variable| declared.get(&variable.name).is_none()) {
            let Some(value) = data.get_mut(&variable.name) else { continue };
            if let Some(message) = clean(&variable.name, value, policy) {
                let used = &variable.uses[0];
                faults.push(fault(used.unit, &used.span.range, Code::HiddenCharacters, message));
            }
        }
    }
    (faults, without)
}

fn fault(unit: usize, range: &Range<usize>, code: Code, message: String) -> Fault {
    Fault { unit, problem: Problem::new(code, range.clone(), message), of: Of::Kind }
}

fn undeclared(
    declared: &Declarations,
    used: &[Variable],
    data: &Map<String, Value>,
    options: &RenderOptions,
) -> Vec<Fault> {
    let place = declared.schema.clone().unwrap_or_default();
    let is_expected = |name: &str| {
        declared.get(name).is_some()
            || declared.allowed.contains(name)
            || options.also_given.iter().any(|also| also == name)
    };
    let others = data.iter().filter(|(name, _)| !is_expected(name));
    let faults = others.filter_map(|(name, value)| {
        if let Some(kind) = &declared.others {
            let Misfit { code, message, .. } = kind.misfit(name, value)?;
            return Some(fault(0, &place, code, message));
        }
        let is_used = used.iter().any(|variable| variable.name == *name);
        let used = if is_used { " and used" } else { "" };
        let message = format!("variable `{}` is given{used}, but not declared", short(name));
        let mut fault = fault(0, &place, Code::Undeclared, message);
        let absent = declared.names().filter(|other| !data.contains_key(*other));
        fault.problem = fault.problem.suggest(name, absent);
        Some(fault)
    });
    faults.take(MOST_UNDECLARED).collect()
}

fn absent(
    declaration: &Declaration,
    used: &[Variable],
    data: &mut Map<String, Value>,
    options: &RenderOptions,
) -> Option<Fault> {
    let Declaration { name, place, .. } = declaration;
    if let Some(default) = &declaration.default {
        let mut default = default.clone();
        let fault = cleaned(declaration, &mut default, options);
        data.insert(name.clone(), default);
        return fault;
    } else if !declaration.required {
        // Null can be tested and looped over, but not printed.
        data.insert(name.clone(), Value::Null);
    } else if options.missing == Missing::Refuse && !used.iter().any(|variable| variable.name == *name) {
        let problem = missing(name, place.range.clone());
        return Some(Fault { unit: place.unit, problem, of: Of::Missing(name.clone()) });
    }
    None
}

fn given(declaration: &Declaration, value: &mut Value, options: &RenderOptions) -> Option<Fault> {
    let Declaration { place, .. } = declaration;
    if let Some(misfit) = declaration.misfit(value) {
        let Misfit { code, message, suggestion } = misfit;
        let mut fault = fault(place.unit, &place.range, code, message);
        fault.problem.suggestion = suggestion;
        return Some(fault);
    }
    cleaned(declaration, value, options)
}

/// Deals with the hidden characters of a value.
fn cleaned(declaration: &Declaration, value: &mut Value, options: &RenderOptions) -> Option<Fault> {
    let Declaration { name, place, .. } = declaration;
    let unsaid = if declaration.trusted { Hidden::Keep } else { Hidden::Show };
    let policy = declaration.hidden.or(options.hidden).unwrap_or(unsaid);
    let message = clean(name, value, policy)?;
    Some(fault(place.unit, &place.range, Code::HiddenCharacters, message))
}

/// Applies the policy; a message where the value is refused.
fn clean(name: &str, value: &mut Value, policy: Hidden) -> Option<String> {
    let character = sanitise(value, policy).err()?;
    let number = u32::from(character);
    Some(format!("`{}` holds the hidden character U+{number:04X}", short(name)))
}

impl Declaration {
    /// Why a value cannot be given, if it cannot.
    pub(crate) fn misfit(&self, value: &Value) -> Option<Misfit> {
        if value.is_null() && !self.required {
            return None;
        }
        if let Some(misfit) = self.kind.misfit(&self.name, value) {
            return Some(misfit);
        }
        let most = self.max_length?;
        let length = characters(value, most);
        if length <= most {
            return None;
        }
        let name = short(&self.name);
        let message = format!("`{name}` is longer than the {most} characters that are declared for it");
        Some(Misfit { code: Code::TooLong, message, suggestion: None })
    }
}

/// The characters of all texts in a value; not counted on once there are more than `enough`.
fn characters(value: &Value, enough: usize) -> usize {
    let mut count = 0;
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => count += text.chars().take(enough.saturating_add(1)).count(),
            Value::Array(items) => left.extend(items),
            Value::Object(map) => left.extend(map.values()),
            _ => {}
        }
        if count > enough {
            break;
        }
    }
    count
}
