//! Helpers about values as such: whether they are there, and how they are written.

use serde::Serialize;
use serde_json::{Number, Value};

use crate::helpers::given::{Given, Made};
use crate::helpers::table::{Known, VALUE, makes};
use crate::helpers::takes::{Param, Takes};
use crate::helpers::{json, python};

const LEVELS: &[Param] = &[Param::named("indent", "none", Takes::Whole)];

pub(super) const HELPERS: &[Known] = &[
    makes(
        "default",
        &[
            Param::new("value", Takes::Any).may_be_missing(),
            Param::new("fallback", Takes::Any),
            Param::new("empty", Takes::Flag),
        ],
        default,
    )
    .about(
        "The value, or the fallback where it is missing. With `true` as third parameter also \
             where it is false, null, 0 or empty. The value need not be given.",
    )
    .least(2)
    .passes_on()
    .example("Answer in {{default language \"English\"}}.", "{}", "Answer in English."),
    makes("isdef", &[Param::new("value", Takes::Any).may_be_missing()], isdef)
        .about(
            "True where the value is not missing; null is not missing. The value need not be \
             given, nor need it be inside of `{{#if (isdef value)}}`.",
        )
        .example("{{#if (isdef deadline)}}Until {{deadline}}.{{else}}No hurry.{{/if}}", "{}", "No hurry."),
    makes("inc", &[Param::new("number", Takes::Number)], inc).about("The number plus 1.").example(
        "{{#each steps}}{{inc @index}} {{this}} {{/each}}",
        r#"{"steps": ["plan", "build"]}"#,
        "1 plan 2 build ",
    ),
    makes("json", VALUE, json)
        .about(
            "The value as JSON, with keys in their order, on one line or with each level moved in \
             by `indent` blanks.",
        )
        .named(LEVELS)
        .example(
            "{{json user}}",
            r#"{"user": {"name": "Zoë", "tags": ["<a>", 1.5, null]}}"#,
            r#"{"name":"Zoë","tags":["<a>",1.5,null]}"#,
        ),
    makes("tojson", VALUE, tojson)
        .about(
            "The value as JSON as the filter of Jinja2 writes it: keys are sorted, and `<`, `>`, \
             `&`, `'` and everything outside of ASCII are escaped.",
        )
        .named(LEVELS)
        .example(
            "{{tojson user}}",
            r#"{"user": {"tags": ["<a>", 1.5, null], "name": "Zoë"}}"#,
            r#"{"name": "Zo\u00eb", "tags": ["\u003ca\u003e", 1.5, null]}"#,
        ),
    makes("pystr", VALUE, pystr)
        .about(
            "The value as Python's `str` writes it: `True`, `None`, `1e+20`, `['it', \"it's\"]`. \
             A text stays as it is.",
        )
        .example(
            "{{pystr options}}",
            r#"{"options": {"deep": true, "tags": ["it", "it's"]}}"#,
            r#"{'deep': True, 'tags': ['it', "it's"]}"#,
        ),
];

fn default(given: &Given<'_, '_>) -> Made {
    let also_false = given.param(2).and_then(Value::as_bool).unwrap_or(false);
    let value = given.param(0).filter(|value| !also_false || python::is_true(value));
    let Some(value) = value.or_else(|| given.param(1)) else {
        return Ok(None);
    };
    given.enter(value)?;
    Ok(Some(value.clone()))
}

#[expect(clippy::unnecessary_wraps, reason = "all helpers have one shape")]
fn isdef(given: &Given<'_, '_>) -> Made {
    Ok(Some(Value::Bool(given.param(0).is_some())))
}

fn inc(given: &Given<'_, '_>) -> Made {
    let Some(Value::Number(number)) = given.param(0) else {
        return Ok(None);
    };
    let next = match (number.as_i64(), number.as_u64()) {
        (Some(number), _) if number < i64::MAX => Some(Number::from(number + 1)),
        (_, Some(number)) => number.checked_add(1).map(Number::from),
        _ => number.as_f64().and_then(|number| Number::from_f64(number + 1.0)),
    };
    match next {
        Some(next) => Ok(Some(Value::Number(next))),
        None => given.refuse(&format!("cannot count on from {number}")),
    }
}

/// `str` of Python.
fn pystr(given: &Given<'_, '_>) -> Made {
    let mut out = given.growing();
    if let Some(value) = given.param(0) {
        given.enter(value)?;
        python::str(value, &mut out)?;
    }
    out.done()
}

fn json(given: &Given<'_, '_>) -> Made {
    written(given, json::Style::Plain)
}

/// As the filter `tojson` of Jinja2 3.1 has it.
fn tojson(given: &Given<'_, '_>) -> Made {
    written(given, json::Style::Jinja)
}

fn written(given: &Given<'_, '_>, style: json::Style) -> Made {
    let mut out = given.growing();
    let Some(value) = given.param(0) else {
        return out.done();
    };
    given.enter(value)?;
    let indent = given.named("indent").and_then(Value::as_u64);
    let indent = match indent.map(usize::try_from).transpose() {
        Ok(indent) => indent,
        Err(_) => Some(usize::MAX),
    };
    given.room(indent.unwrap_or(0))?;
    let layout = json::Layout::new(style, indent);
    // Where writing fails, the text knows why.
    let _ = match style {
        json::Style::Plain => value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, layout)),
        json::Style::Jinja => {
            json::Sorted(value).serialize(&mut serde_json::Serializer::with_formatter(&mut out, layout))
        }
    };
    out.written()
}
