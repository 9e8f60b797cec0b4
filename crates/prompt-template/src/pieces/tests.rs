//! The reference is `handlebars::Template::compile`: elements, places and name are the same.

use std::fmt::Write as _;

use handlebars::Template;
use proptest::prelude::*;

use super::{Mark, Plan};
use crate::limits::Limits;
use crate::syntax::parse;

/// Compares with the reference; only what handlebars refuses makes the plan give up.
fn compare(source: &str, plan: &Plan) {
    let whole = Template::compile_with_name(source, "name".to_owned()).ok();
    assert_eq!(plan.compile(source, "name"), whole, "{source:?} as {:?}", plan.short);
}

fn planned(source: &str) -> Plan {
    let limits = Limits::default().tags(100_000).compile_work(u64::MAX);
    let parsed = parse(source, 0, &limits);
    assert!(parsed.problems.is_empty(), "{source:?}: {:?}", parsed.problems);
    parsed.plan
}

#[test]
fn each_kind_of_cut_gives_the_same_as_the_whole() {
    for before in
        ["{{a}}", "{{#if a}}x{{/if}}", "{{> p}}", "{{! c }}", "{{{{raw}}}} x {{{{/raw}}}}", "{{~a}}"]
    {
        for text in
            ["", " ", "\n", "\r\n", "  \n", "\n\n  ", " text ", "\n  text\n  ", "\u{a0}", "x\\ ", "\\{{x}} "]
        {
            for after in ["{{a}}", "{{~a}}", "{{#if a}}\n{{/if}}\n", "{{> p}}\n", "{{~> p}}", "{{!c}}\n"] {
                let source = [before, text, after].concat().repeat(8);
                let plan = planned(&source);
                assert!(plan.pieces.len() > 2, "{source:?}");
                compare(&source, &plan);
            }
        }
    }
}

#[test]
fn nothing_is_cut_where_a_neighbour_is_not_all_that_counts() {
    for part in ["{{a~}} {{! c }}", "\\\\{{a}}", "{{#if a~}}\n{{/if~}}\n{{#if a~}}\n{{/if~}}\n"] {
        let source = part.repeat(20);
        let plan = planned(&source);
        assert_eq!(plan.pieces.len(), 1, "{source:?}");
        compare(&source, &plan);
    }
}

#[test]
fn the_work_is_that_of_the_pieces() {
    let line = "some words and {{a}} and more of them\n";
    let (few, many) = (planned(&line.repeat(200)), planned(&line.repeat(2_000)));
    assert!(many.work < few.work * 11, "{} and {}", few.work, many.work);
    assert!(many.whole_work > few.whole_work * 90);
    let block = format!("{{{{#if a}}}}{}{{{{/if}}}}", line.repeat(200));
    let block = planned(&block);
    assert_eq!(block.pieces.len(), 1);
    assert!(block.work > few.work * 20 && block.work < block.whole_work / 2);
}

#[test]
fn a_source_that_holds_the_hole_is_given_up() {
    assert_eq!(parse("\0{{a}}", 0, &Limits::default()).plan.compile("\0{{a}}", "name"), None);
    for source in ["\0{{a}}", "\0{{a}} some text", "some text {{a}}\0", "\0\0 {{a}} \0"] {
        let start = source.find("{{").unwrap();
        let mark = Mark { range: start..start + 5, comment: false, top: true };
        let plan = Plan::new(source, &[mark], u64::MAX).unwrap();
        assert_eq!(plan.compile(source, "name"), None, "{source:?}");
    }
}

/// Texts, each of which matters to some tag beside it.
fn text() -> impl Strategy<Value = String> {
    let some = [
        "",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "  \n",
        "\n  ",
        "\r\n \t",
        "\n\n",
        " \n \r\n ",
        "x",
        "word",
        "two words",
        " \\ ",
        "\\\\",
        "\\x ",
        "{ } }}",
        "é日本🦀",
        "\u{a0}",
        "\u{3000}\n",
        "\u{b}",
        "\u{85} y \u{2028}",
        "\u{feff}",
        "~",
        "-- }} ~}}",
        "\\{{x}} ",
        "\\{{{x}}} and more text",
        "\\{{{{x}}}} ",
        " a \\{{ ",
        "a longer line of text\nand a second\r\nand the end",
        "  indented\n    text  ",
        "\"quoted\" 'text' | as |x|",
    ];
    prop_oneof![6 => prop::sample::select(some.to_vec()).prop_map(str::to_owned), 1 => "[a-z \r\n]{0,40}"]
}

/// A tag, or a block; `~` may stand at each end of each tag.
fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => text(),
        1 => Just("{{a}}".to_owned()),
        1 => Just("{{{a.b.[0]}}}".to_owned()),
        1 => Just("{{{{raw}}}} {{x}} \\{{ {{{{/raw}}}}".to_owned()),
        1 => Just("{{{{raw}}}}\n x \n{{{{/raw}}}}\n".to_owned()),
        1 => Just("{{! compact ~ }}".to_owned()),
        1 => Just("{{!-- {{long}} \r\n --}}".to_owned()),
        3 => tilde().prop_map(|(l, r)| format!("{{{{{l}a{r}}}}}")),
        1 => tilde().prop_map(|(l, r)| format!("{{{{{l}&a{r}}}}}")),
        1 => tilde().prop_map(|(l, r)| format!("{{{{{l}{{a}}{r}}}}}")),
        1 => tilde().prop_map(|(l, r)| format!("{{{{ {l} lookup a \"}}}}\" x='{{{{' {r} }}}}")),
        3 => tilde().prop_map(|(l, r)| format!("{{{{{l}> p x=a{r}}}}}")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let body = prop::collection::vec(inner, 0..4).prop_map(|parts| parts.concat());
        let ends = (tilde(), tilde(), tilde());
        (0..6, ends, body.clone(), body).prop_map(|(kind, ends, a, b)| {
            let ((l1, r1), (l2, r2), (l3, r3)) = ends;
            let (open, middle, close) = match kind {
                0 => ("#if a", "else", "/if"),
                1 => ("#each a as |x i|", "^", "/each"),
                2 => ("#if a", "else if (eq a 1)", "/if"),
                3 => ("#> p", "", "/p"),
                4 => ("#*inline \"p\"", "", "/inline"),
                _ => ("#with a", "", "/with"),
            };
            let mut block = format!("{{{{{l1}{open}{r1}}}}}{a}");
            if !middle.is_empty() {
                write!(block, "{{{{{l2}{middle}{r2}}}}}{b}").unwrap();
            }
            block + &format!("{{{{{l3}{close}{r3}}}}}")
        })
    })
}

fn tilde() -> impl Strategy<Value = (&'static str, &'static str)> {
    let end = || prop_oneof![5 => Just(""), 1 => Just("~")];
    (end(), end())
}

fn source() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(element(), 0..8);
    (parts, any::<bool>()).prop_map(|(parts, windows)| {
        let source = parts.concat();
        if windows { source.replace('\n', "\r\n") } else { source }
    })
}

/// What may stand in a tag or beside it, in any order.
fn noise() -> impl Strategy<Value = String> {
    let some = [
        "{{",
        "}}",
        "{{{",
        "}}}",
        "{{{{",
        "}}}}",
        "#if a",
        "/if",
        "else",
        "^",
        "~",
        ">",
        "&",
        "!",
        "--",
        "\"",
        "'",
        "(len ",
        ")",
        "[",
        "]",
        "|",
        "as",
        "=",
        ".",
        "..",
        "@",
        " ",
        "\n",
        "\r",
        "\\",
        "a",
        "01",
        "b.c",
        "é",
        "text ",
        "{{a}}",
        "{{~a",
        "~}}",
        "{{> p}}",
        "{{#if a}}",
        "{{/if}}",
        "{{!-- ",
        "--}}",
        "{{!c}}",
        "{{{{raw}}}}",
        "{{{{/raw}}}}",
        " some words\n",
        "  ",
    ];
    prop::collection::vec(prop::sample::select(some.to_vec()), 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    #[test]
    fn pieces_give_the_same_as_the_whole(source in source()) {
        let parsed = parse(&source, 0, &Limits::default());
        prop_assume!(parsed.problems.is_empty());
        compare(&source, &parsed.plan);
    }

    #[test]
    fn noise_gives_the_same_as_the_whole(source in noise()) {
        let parsed = parse(&source, 0, &Limits::default());
        prop_assume!(parsed.problems.is_empty());
        compare(&source, &parsed.plan);
    }
}
