//! What is ours about a variable: `prompt_runner: variables: NAME: {...}`.

use crate::declare::{Declaration, Kind};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::sanitise::Hidden;
use crate::yaml::{Entry, Node, Yaml};

const KEYS: [&str; 3] = ["max_length", "trusted", "hidden"];
const POLICIES: [&str; 3] = ["keep", "refuse", "show"];

pub(super) fn read(node: &Node, declaration: &mut Declaration, problems: &mut Vec<Problem>) {
    let mut report = |range: &std::ops::Range<usize>, message: String, name: &str, known: &[&str]| {
        let problem = Problem::new(Code::Schema, range.clone(), message);
        problems.push(problem.suggest(name, known.iter().copied()));
    };
    if !matches!(node.yaml, Yaml::Map(_) | Yaml::Null) {
        report(&node.range, format!("a mapping is expected, {} is given", node.kind()), "", &[]);
    }
    for Entry { key, key_range, value } in node.entries() {
        match (key.as_str(), &value.yaml) {
            ("max_length", Yaml::Number(number)) => {
                declaration.max_length = number.as_u64().and_then(|most| usize::try_from(most).ok());
                if declaration.max_length.is_none() {
                    report(&value.range, "`max_length` is a number of characters".to_owned(), "", &[]);
                } else if matches!(
                    declaration.kind,
                    Kind::Integer | Kind::Number | Kind::Boolean | Kind::Null
                ) {
                    let kind = declaration.kind.describe();
                    report(&value.range, format!("`max_length` is for texts, not for {kind}"), "", &[]);
                }
            }
            ("trusted", Yaml::Bool(trusted)) => declaration.trusted = *trusted,
            ("hidden", Yaml::Text(policy)) => match Hidden::parse(policy) {
                Some(policy) => declaration.hidden = Some(policy),
                None => {
                    let message = format!("`hidden` is `keep`, `refuse` or `show`, not `{}`", short(policy));
                    report(&value.range, message, policy, &POLICIES);
                }
            },
            ("max_length", _) => {
                report(&value.range, "`max_length` is a number of characters".to_owned(), "", &[]);
            }
            ("trusted", _) => report(&value.range, "`trusted` is `true` or `false`".to_owned(), "", &[]),
            ("hidden", _) => {
                report(&value.range, "`hidden` is `keep`, `refuse` or `show`".to_owned(), "", &[]);
            }
            _ => {
                let message = format!("a variable has no setting `{}`", short(key));
                report(key_range, message, key, &KEYS);
            }
        }
    }
}
