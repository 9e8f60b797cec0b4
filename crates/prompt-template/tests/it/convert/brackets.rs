//! Placeholders in brackets: names that mean something to Handlebars, and what stays with a note.

use std::collections::BTreeMap;

use prompt_template::convert::{Conversion, ConvertOptions, Dialect, convert};
use prompt_template::helper_names;
use prompt_template::serde_json::{Map, Value};

use crate::convert::lenient;

fn brackets(source: &str) -> Conversion {
    convert(Dialect::Brackets, source, &ConvertOptions::default())
}

#[test]
fn any_name_is_rendered_with_its_variable_or_reported() {
    let words = [
        "as",
        "true",
        "false",
        "null",
        "log",
        "inline",
        "else",
        "else_if",
        "elsewhere",
        "root",
        "index",
        "undefined",
    ];
    for name in words.into_iter().chain(helper_names()) {
        let source = format!("a [{}] b", name.to_uppercase());
        let Some(handlebars) = brackets(&source).handlebars.filter(|handlebars| *handlebars != source) else {
            panic!("{name} is not converted");
        };
        let context = Value::Object(Map::from_iter([(name.to_owned(), Value::from("X"))]));
        let rendered = lenient(&handlebars, &BTreeMap::new(), &context);
        assert_eq!(rendered.as_deref(), Ok("a X b"), "{handlebars}");
        let format = convert(Dialect::Format, &format!("a {{{name}}} b"), &ConvertOptions::default());
        let rendered = lenient(&format.handlebars.unwrap(), &BTreeMap::new(), &context);
        assert_eq!(rendered.as_deref(), Ok("a X b"), "{name}");
    }
    let conversion = brackets("a\n[THIS] and [THIS]");
    assert_eq!(conversion.handlebars, None);
    let found: Vec<_> =
        conversion.report.iter().map(|report| (report.construct.as_str(), report.line)).collect();
    assert_eq!(found, [("name clash", 2)]);
}

#[test]
fn what_is_in_capitals_and_stays_is_noted() {
    let source = [
        "[FIRST_NAME][LAST_NAME]",
        "[FIRST__NAME]",
        "[NAME](if known)",
        "[_A]",
        "[É_B]",
        "[A]: http://x",
        "[A_B]: https://x",
        "list[SIZE_MAX] f()[MAX] ![ALT_TEXT] \\[NOT_ME]",
        "[[WIKI_NAME]]",
        "[PLAN-B]",
        "[2ND_NAME]",
        "[USER'S NAME]",
        "[FIRST\nNAME]",
        "[N] - [X]",
        "[TRAILING_]",
        "[THIS]]()",
    ]
    .join("\n");
    let source = source.replace("[THIS]]()", "x[THIS]");
    let conversion = brackets(&source);
    assert_eq!(conversion.handlebars.as_deref(), Some(&*source), "{:?}", conversion.report);
    let found: Vec<_> = conversion.notes.iter().map(|note| (note.line, note.construct.as_str())).collect();
    let expected = [
        (1, "[FIRST_NAME]"),
        (1, "[LAST_NAME]"),
        (2, "[FIRST__NAME]"),
        (3, "[NAME]"),
        (4, "[_A]"),
        (5, "[É_B]"),
        (6, "[A]"),
        (7, "[A_B]"),
        (8, "[SIZE_MAX]"),
        (8, "[MAX]"),
        (8, "[ALT_TEXT]"),
        (8, "[NOT_ME]"),
        (9, "[WIKI_NAME]"),
        (10, "[PLAN-B]"),
        (11, "[2ND_NAME]"),
        (12, "[USER'S NAME]"),
        (13, "[FIRST\nNAME]"),
        (15, "[N]"),
        (15, "[X]"),
        (16, "[TRAILING_]"),
        (17, "[THIS]"),
    ];
    assert_eq!(found, expected);
    let reason = |at: usize| conversion.notes[at].reason.as_str();
    assert!(reason(0).contains("link") && reason(0).ends_with("write `{{first_name}}`"), "{}", reason(0));
    assert!(reason(5).ends_with("write `{{é_b}}`"), "{}", reason(5));
    assert!(reason(14).ends_with("write `{{this.[2nd_name]}}`"), "{}", reason(14));
    assert!(reason(20).ends_with("rename it"), "{}", reason(20));
}

#[test]
fn what_is_no_placeholder_stays_without_a_note() {
    let source = "- [X] done\n  2. [X] done\n* [ ] open [x]\n[1] [^1] [^NOTE-a] [A-Z] [^A-Z0-9_] [a-Z]\n\
                  [Getting Started](url) [lower case] [] [__]";
    let conversion = brackets(source);
    assert_eq!((conversion.handlebars.as_deref(), conversion.notes), (Some(source), Vec::new()));
}

#[test]
fn many_brackets_are_read_in_good_time() {
    let started = std::time::Instant::now();
    for part in ["[X]", "[A_B]: http", "[N]", "[A", "[[", "X]"] {
        for blanks in ["", " "] {
            let blanks = blanks.repeat(100_000);
            brackets(&format!("{blanks}{}", part.repeat(100_000 / part.len())));
        }
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
