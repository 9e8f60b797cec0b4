//! What is taken for granted is noted, and what cannot be is no text.

use std::collections::BTreeMap;

use prompt_template::convert::{Conversion, ConvertOptions, Dialect, Includes, convert};
use prompt_template::serde_json::{Value, json};

use crate::convert::{jinja, lenient};

fn notes(conversion: &Conversion) -> Vec<(&str, &str)> {
    assert!(conversion.is_convertible(), "{:?}", conversion.report);
    conversion.notes.iter().map(|note| (note.construct.as_str(), note.reason.as_str())).collect()
}

fn format(source: &str) -> Conversion {
    convert(Dialect::Format, source, &ConvertOptions::default())
}

#[test]
fn subscripts_of_format_strings_are_noted() {
    let list = "is taken for a list, not for a text or an object";
    let object = "is taken for an object, as";
    let cases = [
        ("{a[0]}", vec![("`a`", list)]),
        ("{a[0][1]} {b[2]}", vec![("`a`", list), ("`a.[0]`", list), ("`b`", list)]),
        ("{l[-1]}", vec![("`l`", object)]),
        ("{l.x[+1]}", vec![("`l.x`", object)]),
        ("{l[name]} {l.name} {l[x1]}", vec![]),
    ];
    for (source, expected) in cases {
        let conversion = format(source);
        let notes = notes(&conversion);
        assert_eq!(notes.len(), expected.len(), "{source}: {notes:?}");
        for ((construct, reason), (of, kind)) in notes.into_iter().zip(expected) {
            assert_eq!(construct, "subscript");
            assert!(reason.starts_with(&format!("{of} {kind}")), "{source}: {reason}");
        }
    }
    for source in ["{a[99999999999999999999]}", "{a[\u{ff11}]}"] {
        let conversion = format(source);
        assert_eq!((conversion.handlebars, conversion.report[0].construct.as_str()), (None, "index"));
    }
}

#[test]
fn subscripts_and_ends_of_jinja2_are_noted() {
    let cases = [
        ("{{ a[\"0\"] }}", vec![("subscript", "an object, not for a list")]),
        ("{{ a[0] }}{{ a.0 }}", vec![("subscript", "a list, not for a text or an object")]),
        ("{{ a[k] }}", vec![("subscript", "a list or an object")]),
        ("{{ a['k'] }}{{ a.k }}", vec![]),
        ("{{ d|first }}", vec![("filter first", "a list or a text")]),
        ("{{ d.x|last }}", vec![("filter last", "a list or a text")]),
        ("{{ 'abc'|last }}", vec![]),
    ];
    for (source, expected) in cases {
        let conversion = jinja(source);
        let notes = notes(&conversion);
        assert_eq!(notes.len(), expected.len(), "{source}: {notes:?}");
        for ((construct, reason), (known, kind)) in notes.into_iter().zip(expected) {
            assert_eq!(construct, known, "{source}");
            assert!(reason.contains(&format!("is taken for {kind}")), "{source}: {reason}");
        }
    }
}

#[test]
fn an_include_that_may_be_missing_is_noted_where_it_may_be() {
    let source = "{% include 'nope' ignore missing %}";
    let conversion = jinja(source);
    let notes = notes(&conversion);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].1.contains("`nope` is taken to be there"), "{}", notes[0].1);
    assert_eq!(jinja("{% include 'nope' %}").notes, []);
    let named = Includes::Named(["nope".to_owned()].into());
    let conversion = convert(Dialect::Jinja2, source, &ConvertOptions::default().includes(named));
    assert_eq!((conversion.handlebars.as_deref(), conversion.notes), (Some("{{> nope}}{{!}}"), vec![]));
}

/// Each with the variables, and what Jinja2 3.1.6 or Python 3 renders.
#[test]
fn a_text_that_is_used_as_a_list_or_an_object_is_no_text() {
    let cases: [(&str, Value, &str); 6] = [
        (
            "{{ plan }}{% for step in plan %}-{{ step }}{% endfor %}",
            json!({"plan": ["a", true]}),
            "['a', True]-a-True",
        ),
        ("{{ plan }} {{ plan.goal }}", json!({"plan": {"goal": null}}), "{'goal': None} None"),
        (
            "{{ plan }}{% for k, v in plan.items() %}{{ k }}{{ v }}{% endfor %}",
            json!({"plan": {"a": 1}}),
            "{'a': 1}a1",
        ),
        ("{{ plan }} {{ plan|join(', ') }}", json!({"plan": ["a", 1]}), "['a', 1] a, 1"),
        ("{% set p = plan %}{{ plan }} {{ p[key] }}", json!({"plan": [true], "key": 0}), "[True] True"),
        ("{{ plan }} {{ plan.get('k', 'no') }}", json!({"plan": {"k": 1}}), "{'k': 1} 1"),
    ];
    for (source, context, expected) in cases {
        let options = ConvertOptions::default().texts(["plan", "other"]);
        let conversion = convert(Dialect::Jinja2, source, &options);
        let found = notes(&conversion);
        assert!(
            found.contains(&("text", "`plan` is taken for no text, as it is used as a list or an object"))
        );
        let rendered = lenient(&conversion.handlebars.clone().unwrap(), &BTreeMap::new(), &context);
        assert_eq!(rendered.as_deref(), Ok(expected), "{source}");
    }
    let options = ConvertOptions::default().texts(["plan"]);
    let source =
        "{{ plan }} {{ plan.upper() }} {{ plan|length }} {{ plan|first }}{% if 'a' in plan %}{% endif %}";
    let conversion = convert(Dialect::Jinja2, source, &options);
    assert_eq!(notes(&conversion), []);
    assert!(conversion.handlebars.unwrap().starts_with("{{plan}} {{upper plan}} "));

    let conversion =
        convert(Dialect::Format, "{plan} {other} {plan.goal}", &options.texts(["plan", "other"]));
    assert_eq!(conversion.handlebars.as_deref(), Some("{{pystr plan}} {{other}} {{pystr plan.goal}}"));
    assert_eq!(conversion.notes.len(), 1);
    assert_eq!(conversion.notes[0].construct, "text");
}

#[test]
fn long_chains_are_reported_early() {
    let size = |source: &str| {
        let started = std::time::Instant::now();
        let conversion = jinja(source);
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
        conversion.report.first().map(|report| report.construct.clone())
    };
    let chain =
        |conditions: usize| format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}x".repeat(conditions - 1));
    assert_eq!(size(&chain(64)), None);
    assert_eq!(size(&chain(65)).as_deref(), Some("size"));
    assert!(jinja(&chain(65)).report[0].reason.contains("64 conditions"));
    assert_eq!(size(&chain(20_000)).as_deref(), Some("size"));
    let operands = |count: usize| format!("{{% if a{} %}}{{% endif %}}", " and a".repeat(count - 1));
    assert_eq!(size(&operands(150)), None);
    assert_eq!(size(&operands(1_001)).as_deref(), Some("size"));
    assert_eq!(size(&operands(40_000)).as_deref(), Some("size"));
    let many = format!("{{% if a in [{}] %}}{{% endif %}}", "1,".repeat(900)).repeat(100);
    assert_eq!(size(&many).as_deref(), Some("size"));
    let sets = (0..8_000).fold(String::new(), |all, n| all + &format!("{{% set a{n} = b %}}"));
    assert_eq!(size(&format!("{sets}{}", "{% include 'p' %}".repeat(1_000))).as_deref(), Some("include"));
}
