//! What the helpers make, what they refuse, and what they cost.

use std::fmt::Write as _;
use std::fs;

use prompt_template::serde_json::{self, Value, json};
use prompt_template::{Engine, Missing, RenderOptions, helper_names, helpers};

use crate::{compile, missing, render};

fn lenient(source: &str, variables: &Value) -> String {
    let options = RenderOptions::default().missing(Missing::Empty);
    compile(source, &[]).unwrap().render(variables, &options).unwrap()
}

fn refused(source: &str, variables: &Value) -> String {
    render(source, &[], variables).unwrap_err().to_string()
}

#[test]
fn each_example_of_the_table_runs() {
    for helper in helpers() {
        let check = Engine::default().check(helper.name(), helper.template());
        assert!(check.is_ok(), "{}: {:?}", helper.name(), check.diagnostics);
        assert!(helper.template().contains(helper.name()), "{}", helper.name());
        let variables: Value = serde_json::from_str(helper.variables()).unwrap();
        let options = RenderOptions::default().nonce("nonce");
        let rendered = compile(helper.template(), &[]).unwrap().render(&variables, &options);
        assert_eq!(rendered.unwrap(), helper.output(), "{}", helper.name());
    }
    assert!(helper_names().eq(helpers().map(|helper| helper.name())));
}

/// What Jinja2 renders, for the helpers that follow it; `fixtures/helpers.py` made the file.
#[test]
fn helpers_render_as_jinja2_does() {
    let fixtures: Value = serde_json::from_str(include_str!("fixtures/helpers.json")).unwrap();
    let cases = fixtures["cases"].as_array().unwrap();
    assert!(cases.len() > 1_000);
    let mut wrong = Vec::new();
    for case in cases {
        let source = case["source"].as_str().unwrap();
        let options = RenderOptions::default().missing(Missing::Empty);
        let rendered = compile(source, &[]).unwrap().render(&case["variables"], &options);
        let rendered = rendered.unwrap_or_else(|error| error.to_string());
        if rendered != case["expected"].as_str().unwrap() {
            wrong.push(format!("{case}\n   gave {rendered:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_missing_is_tolerated_where_it_is_asked_for() {
    let source =
        "{{default a \"x\"}}{{default o.a \"y\"}}{{default (lookup o \"a\") 1}}{{default (first l) o.b}}";
    assert_eq!(render(source, &[], &json!({"o": {"b": "z"}, "l": []})).unwrap(), "xy1z");
    let source = "{{isdef a}}{{isdef o.a}}{{isdef (lookup o \"a\")}}{{isdef o.b}}{{isdef (first l)}}";
    let data = json!({"o": {"b": null}, "l": []});
    assert_eq!(render(source, &[], &data).unwrap(), "falsefalsefalsetruefalse");
    let source = "{{#if (isdef a)}}{{a}}{{upper a}}{{else}}none{{/if}}";
    assert_eq!(render(source, &[], &json!({})).unwrap(), "none");
    assert_eq!(render(source, &[], &json!({"a": "b"})).unwrap(), "bB");
    let error = render("{{default a b}}{{default c d}}{{c}}", &[], &json!({})).unwrap_err();
    assert_eq!(missing(&error), ["b", "c", "d"]);
    let error = render("{{default (upper (lookup o \"k\")) 1}}", &[], &json!({"o": {}})).unwrap_err();
    assert_eq!(missing(&error), ["k"]);
}

#[test]
fn null_is_refused_or_empty_like_elsewhere() {
    let data = json!({"n": null});
    assert_eq!(refused("{{upper n}}", &data), "main:1:1: `upper` takes a text, not null");
    assert_eq!(
        lenient("[{{upper n}}{{length n}}{{join n}}{{contains n 1}}{{concat n 1}}]", &data),
        "[0false1]"
    );
    assert_eq!(refused("{{default n 1}}", &data), "main:1:1: `default` is null, which would print nothing");
    assert_eq!(lenient("{{default n 1}}{{default n 1 true}}{{isdef n}}{{json n}}", &data), "1truenull");
    assert_eq!(lenient("{{#if (gt n 1)}}{{else}}no{{/if}}", &data), "no");
}

/// The part of `docs/src/helpers.md` that follows from the table.
fn page() -> String {
    let mut page = String::new();
    let mut group = "";
    let block = |text: &str, language: &str| {
        let marks = if text.contains("```") { "````" } else { "```" };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        format!("{marks}{language}\n{text}{end}{marks}\n")
    };
    for helper in helpers() {
        if helper.group() != group {
            group = helper.group();
            write!(page, "## {group}\n\n").unwrap();
        }
        write!(page, "### {}\n\n`{}`\n\n{}\n\n", helper.name(), helper.usage(), helper.about()).unwrap();
        page.push_str(&block(helper.template(), "handlebars"));
        match helper.variables() {
            "{}" => page.push_str("\nrenders without variables to\n\n"),
            variables => write!(page, "\nrenders with `{variables}` to\n\n").unwrap(),
        }
        page.push_str(&block(helper.output(), "text"));
        page.push('\n');
    }
    page.truncate(page.trim_end().len() + 1);
    page
}

#[test]
fn the_page_of_the_book_says_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/helpers.md");
    let written = fs::read_to_string(path).unwrap();
    let start = written.find("## Blocks\n").unwrap();
    assert!(written[start..] == page(), "this belongs at the end of docs/src/helpers.md:\n{}", page());
}

#[test]
fn helpers_make_what_they_say() {
    let data = json!({
        "t": "añb\u{301}c 😀", "n": 7, "f": 1.5, "yes": true, "l": ["p", 2, 1.0, false], "o": {"b": 1, "a": "x"},
        "long": "abcdefghij", "code": "a\n````\nb", "lines": "one\n\ntwo", "empty": [], "zero": 0
    });
    let cases = [
        ("{{upper n}}|{{upper yes}}|{{upper f}}", "7|TRUE|1.5"),
        (
            "{{truncate long 10}}|{{truncate long 9}}|{{truncate long 1}}|{{truncate long 0}}",
            "abcdefghij|abcdefgh…|…|",
        ),
        (
            "{{truncate long 5 end=\"...\"}}|{{truncate long 2 end=\"...\"}}|{{truncate long 4 end=\"\"}}",
            "ab...|ab|abcd",
        ),
        ("{{truncate t 3}}|{{truncate t 6 end=\"\"}}|{{truncate n 0}}", "añ…|añb\u{301}c |"),
        ("{{length t}}|{{length l}}|{{length o}}|{{length \"\"}}|{{len t}}", "7|4|2|0|12"),
        (
            "{{join l}}|{{join l n}}|{{join l \", \" values=\"python\"}}",
            "p21.0false|p7271.07false|p, 2, 1.0, False",
        ),
        ("{{join [\"a\",\"b\"] '-'}}|{{join empty \",\"}}|{{join o \",\" values='python'}}", "a-b||b,a"),
        ("{{first l}}{{last l}}{{first t}}{{last t}}{{first (last [[1],[2,3]])}}", "pfalsea😀2"),
        (
            "{{contains t \"ñ\"}} {{contains l 1}} {{contains l 2.0}} {{contains o \"a\"}} {{contains l \"P\"}}",
            "true true true true false",
        ),
        ("{{concat \"a\" n f yes t}}|{{concat n}}", "a71.5trueañb\u{301}c 😀|7"),
        ("{{default zero 5}}{{default zero 5 true}}{{default zero 5 false}}{{default empty 6 true}}", "0506"),
        (
            "{{#each (default none l)}}{{this}};{{/each}}{{#each (default l none)}}{{this}};{{/each}}",
            "p;2;1.0;false;p;2;1.0;false;",
        ),
        ("{{inc n}}{{inc f}}{{inc -1}}{{inc (inc zero)}}", "82.502"),
        (
            "{{inc 9223372036854775807}} {{inc 18446744073709551614}}",
            "9223372036854775808 18446744073709551615",
        ),
        (
            "{{json o}}|{{json l}}|{{json \"é<'\\\"\\n\"}}|{{json empty indent=2}}",
            "{\"b\":1,\"a\":\"x\"}|[\"p\",2,1.0,false]|\"é<'\\\"\\n\"|[]",
        ),
        (
            "{{json o indent=2}}|{{json [{},[1]] indent=1}}",
            "{\n  \"b\": 1,\n  \"a\": \"x\"\n}|[\n {},\n [\n  1\n ]\n]",
        ),
        ("{{fence code}}", "`````\na\n````\nb\n`````"),
        (
            "{{fence long language=\"text\"}}|{{fence \"\"}}|{{fence \"x\\n\"}}",
            "```text\nabcdefghij\n```|```\n```|```\nx\n```",
        ),
        (
            "{{indent lines}}|{{indent lines 1 first=true blank=yes}}|{{indent lines \"> \"}}",
            "one\n\n    two| one\n \n two|one\n\n> two",
        ),
        ("{{trim (replace long \"abc\" \"  \")}}|{{capitalize (concat \"É\" long)}}", "defghij|Éabcdefghij"),
        (
            "{{#gt n 5}}more{{else}}less{{/gt}}{{#lte n 5}}x{{else}}y{{/lte}}{{gt n 5}}{{lt \"10\" 9.5}}",
            "moreytruefalse",
        ),
        ("{{#if (and (gte f 1.5) (lt f 1.6) (gt \"b\" \"a\") (gt yes false))}}ok{{/if}}", "ok"),
        ("{{#if (gt 9007199254740993 9007199254740992.0)}}exact{{/if}}", "exact"),
        ("{{{upper long}}}{{lower \"A\"}}{{~upper \"b\"~}} {{pystr empty}}", "ABCDEFGHIJaB[]"),
        ("{{> part x=(upper \"a\") y=(default none 1)}}", "A1"),
        ("a\n  {{> two}}\nb", "a\n  one\n  \n  two\nb"),
    ];
    let partials = [("part", "{{x}}{{y}}"), ("two", "{{lines}}\n")];
    for (source, expected) in cases {
        let options = RenderOptions::default().missing(Missing::Empty);
        let rendered = compile(source, &partials).unwrap().render(&data, &options);
        assert_eq!(rendered.unwrap(), expected, "{source}");
    }
}

#[test]
fn wrong_use_names_the_helper_and_what_it_takes() {
    let data =
        json!({"l": [1], "o": {}, "s": "x", "n": 1, "big": u64::MAX, "neg": -1, "f": 1.5, "null": null});
    for (source, message) in [
        ("a {{trim l}}", "main:1:3: `trim` takes a text, not a list"),
        ("{{upper (lower o)}}", "main:1:9: `lower` takes a text, not an object"),
        ("{{replace s l s}}", "main:1:1: `replace` takes a text as its `old`, not a list"),
        ("{{truncate s neg}}", "main:1:1: `truncate` takes a whole number from 0 as its `length`, not -1"),
        ("{{truncate s f}}", "main:1:1: `truncate` takes a whole number from 0 as its `length`, not 1.5"),
        (
            "{{indent s o}}",
            "main:1:1: `indent` takes a whole number from 0 or a text as its `width`, not an object",
        ),
        ("{{length n}}", "main:1:1: `length` takes a text, a list or an object, not a number"),
        ("{{join s \",\"}}", "main:1:1: `join` takes a list, not a text"),
        ("{{join l values=s}}", "main:1:1: `join` takes `python` as its `values`, not `x`"),
        ("{{first o}}", "main:1:1: `first` takes a list or a text, not an object"),
        ("{{last (first [[]])}}", "main:1:1: `last` finds nothing: what it is given is empty"),
        ("{{contains o n}}", "main:1:1: `contains` looks for a text in an object, not for a number"),
        ("{{contains s this.null}}", "main:1:1: `contains` does not look for null in a text or an object"),
        ("{{contains n 1}}", "main:1:1: `contains` takes a text, a list or an object, not a number"),
        ("{{concat s l}}", "main:1:1: `concat` takes a text as its `part`, not a list"),
        ("{{default l 1}}", "main:1:1: `default` is a list, which cannot be printed as text"),
        ("{{default s 1 s}}", "main:1:1: `default` takes true or false as its `empty`, not a text"),
        ("{{inc big}}", "main:1:1: `inc` cannot count on from 18446744073709551615"),
        ("{{json s indent=s}}", "main:1:1: `json` takes a whole number from 0 as its `indent`, not a text"),
        (
            "{{fence s language=\"a\\nb\"}}",
            "main:1:1: `fence` takes a `language` without line breaks and backticks",
        ),
        (
            "{{#if (lt s n)}}{{/if}}",
            "main:1:7: `lt` compares two numbers or two texts, not a text with a number",
        ),
        ("{{#gte l l}}{{/gte}}", "main:1:1: `gte` compares two numbers or two texts, not a list with a list"),
    ] {
        assert_eq!(refused(source, &data), message, "{source}");
    }
}
