//! The order of two values, as handlebars has it, where it has one.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::helpers::given::{Given, Made};
use crate::helpers::python;
use crate::helpers::table::{Form, Known, PAIR, VALUE, known, tests};
use crate::helpers::takes::kind;

pub(super) const HELPERS: &[Known] = &[
    known(Form::Both, "eq", PAIR)
        .about(
            "True where both values are the same, of the same kind: the text `5` is not the \
             number 5.",
        )
        .example("{{#if (eq level \"high\")}}Now.{{/if}}", r#"{"level": "high"}"#, "Now."),
    known(Form::Both, "ne", PAIR).about("True where `eq` is not.").example(
        "{{#if (ne level \"high\")}}Later.{{/if}}",
        r#"{"level": "low"}"#,
        "Later.",
    ),
    tests("gt", gt)
        .about(
            "True where left is greater. Compared are two numbers, two texts or two booleans, or \
             a number with a text that holds one; everything else is an error.",
        )
        .example(
            "{{#if (gt (length files) 1)}}Many files.{{/if}}",
            r#"{"files": ["a", "b"]}"#,
            "Many files.",
        ),
    tests("gte", gte).about("True where left is greater or equal; compared as by `gt`.").example(
        "{{#if (gte score 10)}}Passed.{{/if}}",
        r#"{"score": 10}"#,
        "Passed.",
    ),
    tests("lt", lt).about("True where left is less; compared as by `gt`.").example(
        "{{#if (lt score 10)}}Failed.{{/if}}",
        r#"{"score": 9.5}"#,
        "Failed.",
    ),
    tests("lte", lte).about("True where left is less or equal; compared as by `gt`.").example(
        "{{#if (lte score 10)}}At most ten.{{/if}}",
        r#"{"score": 10}"#,
        "At most ten.",
    ),
    tests("pyeq", pyeq)
        .about(
            "True where Python's `==` is: 1, 1.0 and true are the same, and so are lists and objects of such. \
             A missing value is the same as a missing value alone.",
        )
        .example("{{#if (pyeq score 1)}}One.{{/if}}", r#"{"score": 1.0}"#, "One."),
    known(Form::Both, "not", VALUE).about("True where the value is false as for `if`.").example(
        "{{#if (not tests)}}Write tests.{{/if}}",
        r#"{"tests": []}"#,
        "Write tests.",
    ),
    known(Form::Both, "and", VALUE).about("True where all values are true as for `if`.").rest().example(
        "{{#if (and a b)}}Both.{{/if}}",
        r#"{"a": 1, "b": "x"}"#,
        "Both.",
    ),
    known(Form::Both, "or", VALUE).about("True where one of the values is true as for `if`.").rest().example(
        "{{#if (or a b)}}One.{{/if}}",
        r#"{"a": 0, "b": "x"}"#,
        "One.",
    ),
];

fn gt(given: &Given<'_, '_>) -> Made {
    compare(given, Ordering::is_gt)
}

fn gte(given: &Given<'_, '_>) -> Made {
    compare(given, Ordering::is_ge)
}

fn lt(given: &Given<'_, '_>) -> Made {
    compare(given, Ordering::is_lt)
}

fn lte(given: &Given<'_, '_>) -> Made {
    compare(given, Ordering::is_le)
}

/// `==` of Python, where a missing value equals a missing value alone.
fn pyeq(given: &Given<'_, '_>) -> Made {
    let same = match (given.param(0), given.param(1)) {
        (Some(left), Some(right)) => {
            given.enter(left)?;
            given.enter(right)?;
            python::equal(left, right)
        }
        (left, right) => left == right,
    };
    Ok(Some(Value::Bool(same)))
}

/// Handlebars answers no to every question about values that have no order; here they are refused.
fn compare(given: &Given<'_, '_>, is_so: fn(Ordering) -> bool) -> Made {
    let (Some(left), Some(right)) = (given.param(0), given.param(1)) else {
        return Ok(Some(Value::Bool(false)));
    };
    if let Some(order) = order(left, right) {
        return Ok(Some(Value::Bool(is_so(order))));
    }
    if given.is_lenient() && (left.is_null() || right.is_null()) {
        return Ok(Some(Value::Bool(false)));
    }
    let (left, right) = (kind(left), kind(right));
    given.refuse(&format!("compares two numbers or two texts, not {left} with {right}"))
}

/// Numbers, texts and booleans among themselves, and a number with a text that holds a number.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => numbers(left, right),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::String(right)) => numbers(left, &right.parse().ok()?),
        (Value::String(left), Value::Number(right)) => numbers(&left.parse().ok()?, right),
        _ => None,
    }
}

/// The order of two numbers, exact where one is whole and the other is not.
pub(super) fn numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        (Some(left), None) => Some(with_float(left, right.as_f64()?)),
        (None, Some(right)) => Some(with_float(right, left.as_f64()?).reverse()),
        (None, None) => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

#[expect(clippy::cast_possible_truncation, reason = "a float beyond the whole numbers saturates beyond them")]
fn with_float(left: i128, right: f64) -> Ordering {
    let floor = right.floor();
    let order = left.cmp(&(floor as i128));
    // A fraction above the same whole number makes the float the greater.
    if order.is_eq() && right > floor { Ordering::Less } else { order }
}
