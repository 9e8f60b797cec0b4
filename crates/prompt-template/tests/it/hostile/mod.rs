//! Templates made to kill or to hang the process: each is an error or a result within two seconds.

mod generated;

use std::fmt::Write as _;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use prompt_template::serde_json::{Value, json};
use prompt_template::{Engine, Error, Limit, Limits, NoPartials, RenderOptions};

use crate::{Partials, render};

/// The promise, in every kind of build.
const SOON: Duration = Duration::from_secs(2);
/// How long is waited for an answer: a machine may be busy with other work.
const PATIENCE: Duration = Duration::from_secs(100);

/// Runs on a thread with the stack of a thread pool's, and fails where that takes two seconds of work.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let timed = move || {
        let started = (Instant::now(), worked());
        let result = work();
        let taken = match (started.1, worked()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => started.0.elapsed(),
        };
        sender.send((result, taken))
    };
    let worker = thread::Builder::new().stack_size(2 << 20).spawn(timed);
    let (result, taken) = receiver.recv_timeout(PATIENCE).expect("an answer in time");
    worker.unwrap().join().unwrap().unwrap();
    assert!(taken < SOON, "it took {taken:?}");
    result
}

/// The time that this thread has spent on a processor, where the system tells.
fn worked() -> Option<Duration> {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(status.split(' ').next()?.parse().ok()?))
}

/// The error of a source on its own, which `check` must see as well.
fn refused(source: String) -> Error {
    soon(move || {
        assert!(!Engine::default().check("main", &source).is_ok());
        Engine::default().compile("main", &source, &NoPartials).unwrap_err()
    })
}

fn rendered(source: &str, partials: &[(&str, String)], variables: Value) -> Result<String, Error> {
    let source = source.to_owned();
    let partials: Vec<_> = partials.iter().map(|(n, t)| ((*n).to_owned(), t.clone())).collect();
    soon(move || {
        let partials: Vec<_> = partials.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        render(&source, &partials, &variables)
    })
}

fn limit<T>(result: Result<T, Error>) -> Limit {
    match result {
        Err(Error::Limit { limit, .. }) => limit,
        Err(other) => panic!("not a limit: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn cycle(result: Result<String, Error>) -> Vec<String> {
    match result {
        Err(Error::PartialCycle { path, .. }) => path,
        Err(other) => panic!("not a cycle: {other}"),
        Ok(_) => panic!("no error"),
    }
}

#[test]
fn deep_nesting_of_every_kind() {
    for (open, close) in [
        ("{{#if a}}", "{{/if}}"),
        ("{{#each a}}", "{{/each}}"),
        ("{{#> p}}", "{{/p}}"),
        ("{{#*inline \"p\"}}", "{{/inline}}"),
        ("{{#if a}}{{else if b}}", "{{/if}}"),
        ("{{#if a}}{{else}}", "{{/if}}"),
        ("{{#unless a}}", ""),
        ("", "{{/if}}"),
    ] {
        for depth in [65, 1_000, 20_000, 100_000] {
            refused(open.repeat(depth) + &close.repeat(depth));
        }
    }
    refused("{{#if a}}".to_owned() + &"{{else if a}}".repeat(100) + "{{/if}}");
}

#[test]
fn nesting_within_the_limit_renders_on_a_small_stack() {
    let source = "{{#if a}}".repeat(64) + "x" + &"{{/if}}".repeat(64);
    assert_eq!(rendered(&source, &[], json!({"a": 1})).unwrap(), "x");
    let source = "{{#if b}}".to_owned() + &"{{else if b}}".repeat(62) + "{{else}}x{{/if}}";
    assert_eq!(rendered(&source, &[], json!({"b": 0})).unwrap(), "x");
    let names: Vec<_> = (0..=15).map(|level| format!("p{level}")).collect();
    let mut partials: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(level, name)| {
            let next = if level < 15 { format!("{{{{> p{}}}}}", level + 1) } else { "x".into() };
            (name.as_str(), "{{#with this}}".repeat(5) + &next + &"{{/with}}".repeat(5))
        })
        .collect();
    assert_eq!(rendered("{{> p0}}", &partials, json!({"a": 1})).unwrap(), "x");
    partials[15].1 = "{{> p16}}".to_owned();
    partials.push(("p16", "x".to_owned()));
    assert_eq!(limit(rendered("{{> p0}}", &partials, json!({}))), Limit::PartialDepth);
    let nested = |_| "{{#with this}}".repeat(60) + "{{> NEXT}}" + &"{{/with}}".repeat(60);
    let partials: Vec<_> =
        (0..3).map(|l| (names[l].as_str(), nested(l).replace("NEXT", &names[l + 1]))).collect();
    assert_eq!(
        limit(rendered("{{> p0}}{{#*inline \"p3\"}}{{/inline}}", &partials, json!({}))),
        Limit::PartialDepth
    );
}

#[test]
fn raised_limits_still_fit_the_stack() {
    let depth = 128;
    for (open, close) in [("{{#if a}}", "{{/if}}"), ("{{#with this}}", "{{/with}}"), ("{{#> p}}", "{{/p}}")] {
        soon(move || {
            let engine = Engine::with_limits(Limits::default().block_depth(1_000).work(1_000_000));
            let source = open.repeat(depth) + "x" + &close.repeat(depth);
            let template = engine.compile("main", &source, &NoPartials).unwrap();
            let text = template.render(&json!({"a": 1}), &RenderOptions::default());
            assert_eq!(text.unwrap(), "x");
        });
    }
    soon(move || {
        let engine = Engine::with_limits(Limits::default().subexpression_depth(1_000));
        let source = "{{#if ".to_owned() + &"(not ".repeat(depth) + "a" + &")".repeat(depth) + "}}x{{/if}}";
        let template = engine.compile("main", &source, &NoPartials).unwrap();
        let text = template.render(&json!({"a": 1}), &RenderOptions::default());
        assert_eq!(text.unwrap(), "x");
    });
}

#[test]
fn partials_and_blocks_together_fit_the_stack() {
    let nest = |open: &str, inner: &str, close: &str, depth: usize| {
        open.repeat(depth) + inner + &close.repeat(depth)
    };
    let partials = [
        ("p1", nest("{{#> q}}", "{{> p2}}", "{{/q}}", 30)),
        ("p2", nest("{{#each this}}", "{{> p3}}", "{{/each}}", 30)),
        ("p3", "{{#with this}}{{> p4}}{{/with}}".to_owned()),
        ("p4", nest("{{#if (eq 1 1)}}", "x", "{{/if}}", 5)),
        ("q", "{{> @partial-block}}".to_owned()),
    ];
    let mut data = json!("x");
    for _ in 0..100 {
        data = json!({"a": data});
    }
    let source = nest("{{#with this}}", "{{> p1}}", "{{/with}}", 50);
    assert_eq!(rendered(&source, &partials, data).unwrap(), "x");
}

#[test]
fn subexpressions_lists_and_objects_in_each_other() {
    for depth in [17, 5_000, 100_000] {
        refused("{{#if ".to_owned() + &"(not ".repeat(depth) + "a" + &")".repeat(depth) + "}}{{/if}}");
        refused("{{#if ".to_owned() + &"(not ".repeat(depth));
        refused("{{len ".to_owned() + &"[".repeat(depth) + &"]".repeat(depth) + "}}");
        refused("{{len ".to_owned() + &"{\"a\":".repeat(depth) + "1" + &"}".repeat(depth) + "}}");
        refused("{{> p a=".to_owned() + &"[".repeat(depth));
        refused("{{concat".to_owned() + &" a".repeat(depth * 20) + "}}");
        let mut named = String::new();
        for at in 0..depth * 20 {
            write!(named, " a{at}=1").unwrap();
        }
        refused(format!("{{{{> p{named}}}}}"));
    }
}

#[test]
fn unclosed_everything() {
    for part in [
        "{{",
        "{{{",
        "{{{{",
        "{{#",
        "{{#if a",
        "{{!",
        "{{!--",
        "{{a \"",
        "{{> '",
        "{{a.[",
        "{{> [",
        "{{!-- }}",
        "{{{{raw}}}}",
        "{{#if a}}",
        "{{(",
        "{{a (",
        "{{a [",
        "{{a {",
        "{{^",
        "{{else",
        "{{~",
        "{{/",
        "{{a [\"}}",
        "{{a ['",
        "{{#if a as |",
        "{{else}}",
        "{{/if}}",
        "}}",
        "\\{{",
        "\\\\{{",
        "{{&",
        "{{*",
    ] {
        for count in [1, 50, 10_000] {
            let source = part.repeat(count);
            soon(move || {
                let check = Engine::default().check("main", &source);
                let compiled = Engine::default().compile("main", &source, &NoPartials);
                assert_eq!(check.is_ok(), compiled.is_ok(), "{:?}", check.diagnostics);
            });
        }
    }
    let error = refused("{{".repeat(5_000_000));
    assert!(matches!(error, Error::Limit { limit: Limit::SourceBytes, .. }));
}

#[test]
fn as_many_tags_and_bytes_as_the_limits_allow() {
    soon(|| {
        let source = "x{{a}}".repeat(2_000);
        Engine::default().compile("main", &source, &NoPartials).unwrap();
    });
    soon(|| {
        let source = "x".repeat((1 << 20) - 2_000) + &"{{a}}".repeat(28);
        Engine::default().compile("main", &source, &NoPartials).unwrap();
    });
    soon(|| {
        let source = "text ".repeat(200_000) + &"{{a}}".repeat(2_000);
        Engine::default().compile("main", &source, &NoPartials).unwrap();
    });
    let block = |text: &str, tags| {
        let text = text.repeat(1_000_000 / text.len());
        "{{#if a}}".to_owned() + &text + &"{{a}}".repeat(tags) + "{{/if}}"
    };
    for text in [" ", "\n"] {
        soon(move || Engine::default().compile("main", &block(text, 12), &NoPartials).unwrap());
        assert_eq!(limit::<()>(Err(refused(block(text, 1_000)))), Limit::CompileWork);
    }
    assert_eq!(limit::<()>(Err(refused("{{a}}".repeat(2_001)))), Limit::Tags);
    assert_eq!(limit::<()>(Err(refused("\\{{ ".repeat(2_001)))), Limit::Tags);
    let row = |end: &str| "\\".repeat(1_000_000) + end;
    assert_eq!(limit::<()>(Err(refused(row("")))), Limit::CompileWork);
    for end in ["x", " x{{a}}", "\n", "x\\{{a}}"] {
        soon(move || Engine::default().compile("main", &row(end), &NoPartials).is_ok());
    }
}

#[test]
fn tags_are_many_where_that_limit_alone_is_raised() {
    let count = 20_000;
    for source in [
        "some text {{a}} and more\n".repeat(count),
        "{{a}}".repeat(count),
        "{{#if a}}\n  x\n{{/if}}\n".repeat(count / 2),
    ] {
        // Not hostile, so not timed: without optimisation it is slow on a busy machine.
        let engine = Engine::with_limits(Limits::default().tags(count));
        engine.compile("main", &source, &NoPartials).unwrap();
    }
    soon(move || {
        let engine = Engine::with_limits(Limits::default().tags(count));
        let source = "{{#if a}}".to_owned() + &"x{{a}}".repeat(count - 2) + "{{/if}}";
        let error = engine.compile("main", &source, &NoPartials);
        assert_eq!(limit(error), Limit::CompileWork);
    });
}

#[test]
fn cycles_of_partials() {
    let cases: [(&str, Partials<'_>, &[&str]); 8] = [
        ("{{> main}}", &[], &["main", "main"]),
        ("{{> a}}", &[("a", "{{> a}}")], &["a", "a"]),
        ("{{> a}}", &[("a", "{{#if x}}{{> a}}{{/if}}")], &["a", "a"]),
        ("{{> a}}", &[("a", "{{> b}}"), ("b", "{{> a}}")], &["a", "b", "a"]),
        ("{{> a}}", &[("a", "{{> b}}"), ("b", "{{> c}}"), ("c", "{{> a}}")], &["a", "b", "c", "a"]),
        ("{{> a}}", &[("a", "{{> main}}")], &["main", "a", "main"]),
        ("{{#*inline \"x\"}}{{> x}}{{/inline}}{{> x}}", &[], &["x", "x"]),
        ("{{#*inline \"x\"}}{{> a}}{{/inline}}{{> x}}", &[("a", "{{> x}}")], &["x", "a", "x"]),
    ];
    for (source, partials, path) in cases {
        let partials: Vec<_> = partials.iter().map(|(n, t)| (*n, (*t).to_owned())).collect();
        assert_eq!(cycle(rendered(source, &partials, json!({"x": 1}))), path, "{source}");
    }
}

#[test]
fn fan_out_of_partials() {
    for width in [2, 10, 20] {
        let names: Vec<_> = (0..=15).map(|level| format!("p{level}")).collect();
        let partials: Vec<_> = (0..15)
            .map(|level| (names[level].as_str(), format!("{{{{> {}}}}}", names[level + 1]).repeat(width)))
            .chain([(names[15].as_str(), String::new())])
            .collect();
        let result = rendered("{{> p0}}", &partials, json!({}));
        if width > 2 {
            assert_eq!(limit(result), Limit::Work);
        }
        let with = |level: usize| {
            format!("{{{{#with a}}}}{{{{> {0}}}}}{{{{/with}}}}{{{{> {0}}}}}", names[level + 1])
        };
        let partials: Vec<_> = (0..15)
            .map(|level| (names[level].as_str(), with(level).repeat(width)))
            .chain([(names[15].as_str(), String::new())])
            .collect();
        assert_eq!(limit(rendered("{{> p0}}", &partials, json!({"a": {"a": 1}}))), Limit::Work);
    }
}

#[test]
fn partial_blocks_that_double() {
    let double = ("d", "{{> @partial-block}}{{> @partial-block}}".to_owned());
    let source = "{{#> d}}".repeat(40) + "0123456789" + &"{{/d}}".repeat(40);
    assert_eq!(limit(rendered(&source, &[double], json!({}))), Limit::OutputBytes);
}

#[test]
fn loops_in_loops() {
    let many: Vec<_> = (0..10_000).collect();
    for source in [
        "{{#each a}}{{#each ../a}}{{#each ../../a}}{{/each}}{{/each}}{{/each}}",
        "{{#each a}}{{#each @root.a}}{{#each @root.a}}x{{/each}}{{/each}}{{/each}}",
        "{{#each a}}{{#each @root.a}}{{#if (eq @root.a @root.a)}}{{/if}}{{/each}}{{/each}}",
        "{{#each a}}{{#each @root.a}}{{#if (eq @root.s @root.s)}}{{/if}}{{/each}}{{/each}}",
        "{{#each a}}{{#each @root.a}}{{lookup @root.s 1}}{{/each}}{{/each}}",
        "{{#each a}}{{> p}}{{/each}}",
        "{{> p}}",
        "{{> q}}",
    ] {
        let partials = [
            ("p", "{{#each @root.a}}{{#with this}}{{/with}}{{#if @root.a}}{{/if}}{{> q}}{{/each}}".to_owned()),
            ("q", "{{#each a}}{{#each ../a}}{{#each ../../a}}{{/each}}{{/each}}{{/each}}{{#each @root.a}}{{#each @root.a}}{{/each}}{{/each}}".to_owned()),
        ];
        let data = json!({"a": many, "s": "x".repeat(1_000_000)});
        let error = rendered(source, &partials, data).unwrap_err();
        if !matches!(error, Error::Variables { .. }) {
            assert_eq!(limit::<()>(Err(error)), Limit::Work, "{source}");
        }
    }
}

#[test]
fn output_without_end() {
    let many: Vec<_> = (0..10_000).collect();
    let source = "{{#each a}}{{@root.s}}{{/each}}";
    let data = json!({"a": many, "s": "x".repeat(1_000_000)});
    assert_eq!(limit(rendered(source, &[], data)), Limit::OutputBytes);
    let indent = " ".repeat(500_000) + "{{> p}}\n";
    let partial = [("p", "x\n".repeat(1_000))];
    assert_eq!(limit(rendered(&indent, &partial, json!({}))), Limit::OutputBytes);
    let text = "y".repeat(1_000_000);
    let source = format!("{{{{#> p}}}}{{{{#each a}}}}{text}{{{{/each}}}}{{{{/p}}}}");
    assert_eq!(limit(rendered(&source, &[("p", String::new())], json!({"a": many}))), Limit::OutputBytes);
}

#[test]
fn very_long_names_and_lines() {
    let long = "n".repeat(500_000);
    let error = rendered(&format!("{{{{{long}}}}}"), &[], json!({})).unwrap_err();
    assert!(error.to_string().len() < 300 && error.report().len() < 1_000);
    let error = rendered(&format!("{{{{> {long}}}}}"), &[], json!({})).unwrap_err();
    assert!(error.to_string().len() < 300 && error.report().len() < 1_000);
    refused(format!("{{{{#{long} a}}}}{{{{/{long}}}}}"));
    let mut source = String::new();
    for number in 0..1_500 {
        write!(source, "{{{{variable_{number}}}}}").unwrap();
    }
    let error = rendered(&source, &[], json!({"variable": 1})).unwrap_err();
    assert!(matches!(&error, Error::Variables { missing, .. } if missing.len() == 1_500));
}

#[test]
fn many_names_to_compare() {
    let mut source = String::new();
    for at in 0..1_000 {
        write!(source, "{{{{some_rather_long_variable_name_{at}}}}}").unwrap();
    }
    let names = (0..50_000).map(|at| (format!("some_rather_long_variable_nume_{at}"), json!(1)));
    let error = rendered(&source, &[], names.collect()).unwrap_err();
    assert!(error.report().contains("did you mean"));
}

#[test]
fn helpers_that_grow_texts() {
    let many: Vec<_> = (0..10_000).collect();
    let data =
        json!({"a": many, "s": "x\n".repeat(500_000), "e": "é'\u{200b}".repeat(200_000), "big": u64::MAX});
    for source in [
        "{{indent s 100}}",
        "{{indent \"x\" big first=true}}",
        "{{indent s s}}",
        "{{replace s \"x\" s}}",
        "{{replace s \"\" s}}",
        "{{json a indent=1000000}}",
        "{{json a indent=big}}",
        "{{join a s}}",
        "{{concat s s s s s s s s s s s s s s s s s s}}",
        "{{fence (concat s s s s s s s s s s s s s s s s s s)}}",
    ] {
        assert_eq!(limit(rendered(source, &[], data.clone())), Limit::OutputBytes, "{source}");
    }
    for body in [
        "{{#if (upper @root.s)}}{{/if}}",
        "{{#if (capitalize @root.e)}}{{/if}}",
        "{{#if (length @root.s)}}{{/if}}",
        "{{#if (indent @root.s 1)}}{{/if}}",
        "{{#if (pystr @root.a)}}{{/if}}",
        "{{#if (tojson @root.e)}}{{/if}}",
        "{{#if (contains @root.a -1)}}{{/if}}",
        "{{#if (contains @root.s \"y\")}}{{/if}}",
        "{{#if (default @root.s 1)}}{{/if}}",
        "{{#if (first (default @root.a 1))}}{{/if}}",
        "{{#if (truncate @root.s 1)}}{{/if}}",
        "{{#if (isdef @root.s)}}{{length (trim (lower @root.s))}}{{/if}}",
        "{{#if (gt @root.s @root.s)}}{{/if}}",
        "{{#if (replace @root.s \"\" \"-\")}}{{/if}}",
    ] {
        let source = format!("{{{{#each a}}}}{{{{#each @root.a}}}}{body}{{{{/each}}}}{{{{/each}}}}");
        assert_eq!(limit(rendered(&source, &[], data.clone())), Limit::Work, "{source}");
    }
    // Many long texts at once are bounded by the work that each of them takes.
    let wide = format!("{{{{#if (and {})}}}}{{{{/if}}}}", "(indent s 9) ".repeat(60));
    assert_eq!(limit(rendered(&wide, &[], data)), Limit::Work);
}

#[test]
fn helpers_and_values_in_each_other() {
    let depth = 128;
    for name in ["upper", "pystr", "default", "first", "length"] {
        soon(move || {
            let engine = Engine::with_limits(Limits::default().subexpression_depth(1_000).parameters(1_000));
            let after = if name == "default" { " 1)" } else { ")" };
            let source = format!(
                "{{{{#if {}a{}}}}}x{{{{/if}}}}",
                format!("({name} ").repeat(depth),
                after.repeat(depth)
            );
            let template = engine.compile("main", &source, &NoPartials).unwrap();
            let text = template.render(&json!({"a": "b"}), &RenderOptions::default());
            assert!(name == "length" || text.unwrap() == "x");
        });
    }
    let nested = |depth| (0..depth).fold(json!("x"), |inner, _| json!([inner]));
    for source in [
        "{{json a}}",
        "{{tojson a indent=1}}",
        "{{pystr a}}",
        "{{join a values=\"python\"}}",
        "{{contains a a}}",
    ] {
        rendered(source, &[], json!({"a": nested(128)})).unwrap();
        let error = rendered(source, &[], json!({"a": nested(129)})).unwrap_err();
        assert!(error.to_string().ends_with("takes values that are nested at most 128 deep"), "{error}");
    }
}
