//! The helpers of handlebars that have a body.

use crate::helpers::table::{Form, Known, VALUE, known};
use crate::helpers::takes::{Param, Takes};

const ZERO: &[Param] = &[Param::named("includeZero", "false", Takes::Any)];

pub(super) const HELPERS: &[Known] = &[
    known(Form::Block, "if", VALUE)
        .about(
            "Renders its body where the value is true: not false, null, 0, empty or missing. With \
             `includeZero=true` 0 is true.",
        )
        .named(ZERO)
        .example("{{#if kind}}A {{kind}}.{{else}}Anything.{{/if}}", r#"{"kind": "bug"}"#, "A bug."),
    known(Form::Block, "unless", VALUE).about("Renders its body where `if` would not.").named(ZERO).example(
        "{{#unless tests}}There are no tests.{{/unless}}",
        r#"{"tests": []}"#,
        "There are no tests.",
    ),
    known(Form::Block, "each", VALUE)
        .about(
            "Renders its body for each item of a list or an object, and `{{else}}` where there is \
             none. Inside, `this` is the item; `@index`, `@key`, `@first` and `@last` say which \
             one. `as |item key|` gives names to both.",
        )
        .block_params(2)
        .example(
            "{{#each steps as |step at|}}{{inc at}}. {{step}}{{#unless @last}}\n{{/unless}}{{/each}}",
            r#"{"steps": ["plan", "build"]}"#,
            "1. plan\n2. build",
        ),
    known(Form::Block, "with", VALUE)
        .about("Renders its body with the value as `this`, unless it is empty.")
        .block_params(1)
        .example(
            "{{#with user}}{{name}} ({{role}}){{/with}}",
            r#"{"user": {"name": "Ada", "role": "owner"}}"#,
            "Ada (owner)",
        ),
    known(Form::Raw, "raw", &[]).about("Renders the text between its tags as it is.").example(
        "{{{{raw}}}}Write {{name}} here.{{{{/raw}}}}",
        "{}",
        "Write {{name}} here.",
    ),
];
