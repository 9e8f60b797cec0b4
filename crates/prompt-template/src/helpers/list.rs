//! Helpers that look into lists, objects and texts.

use std::borrow::Cow;

use serde_json::Value;

use crate::helpers::given::{Given, Growing, Made, printed};
use crate::helpers::python;
use crate::helpers::table::{Form, Known, known, makes};
use crate::helpers::takes::kind;
use crate::helpers::takes::{Param, Takes};

const ENDS: &[Param] = &[Param::new("list", Takes::Sequence)];

pub(super) const HELPERS: &[Known] = &[
    makes("length", &[Param::new("value", Takes::Sized)], length)
        .about("The number of characters of a text, of items of a list, or of keys of an object.")
        .example("{{length word}} {{length list}}", r#"{"word": "é", "list": [1, 2]}"#, "1 2"),
    makes("first", ENDS, first)
        .about("The first item of a list, or the first character of a text.")
        .passes_on()
        .example("{{first files}}", r#"{"files": ["a.rs", "b.rs"]}"#, "a.rs"),
    makes("last", ENDS, last)
        .about("The last item of a list, or the last character of a text.")
        .passes_on()
        .example("{{last files}}", r#"{"files": ["a.rs", "b.rs"]}"#, "b.rs"),
    makes("join", &[Param::new("list", Takes::Items), Param::new("separator", Takes::Text)], join)
        .about(
            "The items of a list as one text. With `values=\"python\"` items are written as by \
             `pystr`, and the characters of a text and the keys of an object are joined too.",
        )
        .least(1)
        .named(&[Param::named("values", "\"python\"", Takes::Word("python"))])
        .example("{{join files \", \"}}", r#"{"files": ["a.rs", "b.rs"]}"#, "a.rs, b.rs"),
    makes("contains", &[Param::new("in", Takes::Sized), Param::new("what", Takes::Any)], contains)
        .about("True where a text holds a text, a list an item, or an object a key.")
        .example(
            "{{#if (contains tags \"ui\")}}Mind the design.{{/if}}",
            r#"{"tags": ["api", "ui"]}"#,
            "Mind the design.",
        ),
    known(Form::Inline, "lookup", &[Param::new("of", Takes::Any), Param::new("key", Takes::Any)])
        .about(
            "The item of a list at an index, or of an object with a key, where either is \
             computed.",
        )
        .by_rendering()
        .example(
            "{{lookup tones style}}",
            r#"{"tones": {"short": "Be brief."}, "style": "short"}"#,
            "Be brief.",
        ),
    makes("len", &[Param::new("value", Takes::Sized)], len)
        .about(
            "The number of items of a list or an object, or of bytes of a text. For characters \
             there is `length`.",
        )
        .example("{{len word}}", r#"{"word": "é"}"#, "2"),
];

#[expect(clippy::unnecessary_wraps, reason = "all helpers have one shape")]
fn len(given: &Given<'_, '_>) -> Made {
    let length = match given.param(0) {
        Some(Value::String(text)) => text.len(),
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(items)) => items.len(),
        _ => 0,
    };
    Ok(Some(Value::from(length)))
}

#[expect(clippy::unnecessary_wraps, reason = "all helpers have one shape")]
fn length(given: &Given<'_, '_>) -> Made {
    let length = match given.param(0) {
        Some(Value::String(text)) => text.chars().count(),
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(items)) => items.len(),
        _ => 0,
    };
    Ok(Some(Value::from(length)))
}

fn first(given: &Given<'_, '_>) -> Made {
    end(given, <[Value]>::first, |text| text.chars().next())
}

fn last(given: &Given<'_, '_>) -> Made {
    end(given, <[Value]>::last, |text| text.chars().next_back())
}

fn end(
    given: &Given<'_, '_>,
    item: fn(&[Value]) -> Option<&Value>,
    character: fn(&str) -> Option<char>,
) -> Made {
    let found = match given.param(0) {
        Some(Value::Array(items)) => item(items).map(Cow::Borrowed),
        Some(Value::String(text)) => character(text).map(|c| Cow::Owned(Value::String(c.to_string()))),
        _ => return Ok(None),
    };
    let Some(found) = found else {
        return given.nothing("finds nothing: what it is given is empty");
    };
    given.enter(&found)?;
    Ok(Some(found.into_owned()))
}

fn contains(given: &Given<'_, '_>) -> Made {
    let Some(haystack) = given.param(0) else {
        return Ok(Some(Value::Bool(false)));
    };
    let needle = given.param(1).filter(|needle| !needle.is_null() || haystack.is_array());
    let Some(needle) = needle else {
        if given.param(1).is_none() || given.is_lenient() {
            return Ok(Some(Value::Bool(false)));
        }
        return given.refuse("does not look for null in a text or an object");
    };
    given.enter(haystack)?;
    given.enter(needle)?;
    let found = match (haystack, needle) {
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        (Value::Object(items), Value::String(key)) => items.contains_key(key),
        (Value::Array(items), needle) => items.iter().any(|item| python::equal(item, needle)),
        (haystack, needle) => {
            let (haystack, needle) = (kind(haystack), kind(needle));
            return given.refuse(&format!("looks for a text in {haystack}, not for {needle}"));
        }
    };
    Ok(Some(Value::Bool(found)))
}

fn join(given: &Given<'_, '_>) -> Made {
    let as_python = given.named("values").is_some();
    let separator = given.text(1);
    let mut out = given.growing();
    let Some(list) = given.param(0) else {
        return out.done();
    };
    given.enter(list)?;
    let before = |out: &mut Growing<'_>, at| if at > 0 { out.push(&separator) } else { Ok(()) };
    match list {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                before(&mut out, at)?;
                if as_python {
                    python::str(item, &mut out)?;
                } else if item.is_array() || item.is_object() || (item.is_null() && !given.is_lenient()) {
                    return given.refuse(&format!("takes a list of texts, but {} is in it", kind(item)));
                } else {
                    out.push(&printed(item))?;
                }
            }
        }
        // Python goes through the characters of a text and the keys of an object.
        Value::String(text) if as_python => {
            for (at, c) in text.chars().enumerate() {
                before(&mut out, at)?;
                out.push(c.encode_utf8(&mut [0; 4]))?;
            }
        }
        Value::Object(items) if as_python => {
            for (at, key) in items.keys().enumerate() {
                before(&mut out, at)?;
                out.push(key)?;
            }
        }
        other => return Err(given.unfit(other)),
    }
    out.done()
}
