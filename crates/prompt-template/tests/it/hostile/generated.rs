//! Thousands of hostile templates, made from a seed: each is an error or a result, soon and in little memory.
//!
//! `cargo xtask soak` runs all of them, in debug and in release; a plain test run takes every tenth.

use std::collections::BTreeMap;

use prompt_template::serde_json::{Value, json};
use prompt_template::{Code, Engine, Missing, RenderOptions, Severity};
use rand::prelude::*;
use rand::rngs::StdRng;

use super::soon;

/// Templates of a soak.
const ALL: u64 = 10_000;
/// Bytes of the process at its peak.
const MOST_MEMORY: u64 = 1 << 30;

/// A template with all that is needed to render it.
#[derive(Default)]
struct Case {
    source: String,
    partials: BTreeMap<String, String>,
    variables: Value,
}

impl Case {
    fn of(source: String) -> Self {
        Self {
            source,
            variables: json!({"a": 1, "b": [1, 2], "o": {"k": "v"}, "s": "text"}),
            ..Self::default()
        }
    }

    fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.partials.insert(name.into(), text.into());
        self
    }
}

type Kind = (&'static str, fn(&mut StdRng) -> Case);

const KINDS: [Kind; 13] = [
    ("deep blocks", deep_blocks),
    ("deep values", deep_values),
    ("cycle of partials", cycle),
    ("inline recursion", inline_recursion),
    ("fan-out", fan_out),
    ("loops", loops),
    ("noise", noise),
    ("the same again and again", repeated),
    ("growing texts", growing),
    ("output", output),
    ("front matter", front_matter),
    ("mutation", mutation),
    ("random characters", characters),
];

fn pick<'a>(rng: &mut StdRng, all: &[&'a str]) -> &'a str {
    all.choose(rng).expect("the list has items")
}

/// Small numbers often, large ones sometimes.
fn size(rng: &mut StdRng, most: usize) -> usize {
    let bits = rng.random_range(0..=most.ilog2());
    rng.random_range(1..=most.min(2 << bits))
}

const BLOCKS: [(&str, &str); 10] = [
    ("{{#if a}}", "{{/if}}"),
    ("{{#unless z}}", "{{/unless}}"),
    ("{{#each b}}", "{{/each}}"),
    ("{{#each b as |x i|}}", "{{/each}}"),
    ("{{#with o}}", "{{/with}}"),
    ("{{#with this}}", "{{/with}}"),
    ("{{#> p}}", "{{/p}}"),
    ("{{#*inline \"q\"}}", "{{/inline}}"),
    ("{{#if a}}{{else if b}}", "{{/if}}"),
    ("{{#if z}}x{{else}}", "{{/if}}"),
];

fn nested(rng: &mut StdRng, depth: usize, inner: &str) -> String {
    let blocks: Vec<_> = (0..depth).map(|_| BLOCKS.choose(rng).expect("there are blocks")).collect();
    let closed = if rng.random_bool(0.8) { depth } else { rng.random_range(0..=depth) };
    let open: String = blocks.iter().map(|(open, _)| *open).collect();
    let close: String = blocks.iter().rev().take(closed).map(|(_, close)| *close).collect();
    open + inner + &close
}

fn deep_blocks(rng: &mut StdRng) -> Case {
    let depth = size(rng, 50_000);
    Case::of(nested(rng, depth, "{{s}}")).with("p", "{{> @partial-block}}")
}

fn deep_values(rng: &mut StdRng) -> Case {
    let depth = size(rng, 100_000);
    let (open, inner, close) = *[
        ("(not ", "a", ")"),
        ("(upper ", "s", ")"),
        ("(concat s ", "s", ")"),
        ("(and a ", "b", ")"),
        ("[", "1", "]"),
        ("{\"k\":", "1", "}"),
        ("(lookup o ", "s", ")"),
        ("((", "a", "))"),
    ]
    .choose(rng)
    .expect("there are some");
    let closed = if rng.random_bool(0.7) { depth } else { rng.random_range(0..=depth) };
    let value = open.repeat(depth) + inner + &close.repeat(closed);
    let tag = pick(
        rng,
        &[
            "{{#if @}}x{{/if}}",
            "{{len @}}",
            "{{> p @}}",
            "{{> p x=@}}",
            "{{#each @}}{{this}}{{/each}}",
            "{{@}}",
        ],
    );
    Case::of(tag.replace('@', &value)).with("p", "{{x}}")
}

fn around(rng: &mut StdRng, inner: &str) -> String {
    let depth = rng.random_range(0..4);
    nested(rng, depth, inner)
}

fn cycle(rng: &mut StdRng) -> Case {
    let length = rng.random_range(1..=3);
    let mut case = Case::of(around(rng, "{{> p0}}")).with("p", "");
    for at in 0..length {
        let next = (at + 1) % length;
        let include = pick(
            rng,
            &[
                "{{> pN}}",
                "{{> pN a=b}}",
                "{{> pN this}}",
                "{{#> pN}}x{{/pN}}",
                "{{#> none}}{{> pN}}{{/none}}",
                "{{> 'pN'}}",
            ],
        );
        let text = around(rng, &include.replace("pN", &format!("p{next}")));
        case = case.with(format!("p{at}"), text);
    }
    case
}

fn inline_recursion(rng: &mut StdRng) -> Case {
    let include =
        pick(rng, &["{{> x}}", "{{> y}}", "{{> part}}", "{{#> x}}{{> x}}{{/x}}", "{{> @partial-block}}"]);
    let other = pick(rng, &["{{> x}}", "{{> part}}", "{{#*inline \"x\"}}{{> y}}{{/inline}}{{> x}}"]);
    let x = around(rng, include);
    let source = format!(
        "{{{{#*inline \"x\"}}}}{x}{{{{/inline}}}}{{{{#*inline \"y\"}}}}{other}{{{{/inline}}}}{}",
        pick(rng, &["{{> x}}", "{{#> part}}{{> x}}{{/part}}", "{{#each b}}{{> y}}{{/each}}"])
    );
    Case::of(source).with(
        "part",
        pick(
            rng,
            &["{{> x}}", "{{> @partial-block}}{{> y}}", "{{#> @partial-block}}{{> x}}{{/@partial-block}}"],
        ),
    )
}

fn fan_out(rng: &mut StdRng) -> Case {
    let (width, depth) = (rng.random_range(1..30), rng.random_range(1..20));
    let mut case = Case::of("{{> p0}}".to_owned()).with(format!("p{depth}"), pick(rng, &["", "x", "{{s}}"]));
    for level in 0..depth {
        let include = pick(
            rng,
            &[
                "{{> pN}}",
                "{{> pN o}}",
                "{{> pN s=s}}",
                "{{#with o}}{{> pN}}{{/with}}",
                "{{#> pN}}{{s}}{{/pN}}",
            ],
        );
        case =
            case.with(format!("p{level}"), include.replace("pN", &format!("p{}", level + 1)).repeat(width));
    }
    case
}

fn loops(rng: &mut StdRng) -> Case {
    let inner = pick(
        rng,
        &[
            "",
            "x",
            "{{this}}",
            "{{@root.s}}",
            "{{#if (eq @root.a @root.a)}}{{/if}}",
            "{{lookup @root.a 1}}",
            "{{> p}}",
            "{{json @root.a}}",
            "{{join @root.a \", \"}}",
            "{{#if (contains @root.a this)}}y{{/if}}",
            "{{length @root.s}}",
            "{{untrusted @root.s}}",
            "{{fence @root.s}}",
        ],
    );
    let depth = rng.random_range(1..=5);
    let over = pick(rng, &["a", "@root.a", "../a", "@root.deep"]);
    let open = format!("{{{{#each {over}}}}}").replacen("../a", "a", 1);
    let source =
        open + &format!("{{{{#each {over}}}}}").repeat(depth - 1) + inner + &"{{/each}}".repeat(depth);
    let items = size(rng, 20_000);
    let mut deep = json!(1);
    for _ in 0..rng.random_range(0..100) {
        deep = json!({"a": deep, "b": [1]});
    }
    let mut case = Case::of(source).with("p", "{{#each @root.a}}{{#with this}}{{/with}}{{/each}}");
    case.variables =
        json!({"a": (0..items).collect::<Vec<_>>(), "s": "x".repeat(size(rng, 1_000_000)), "deep": deep});
    case
}

const PIECES: [&str; 66] = [
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{{{",
    "}}}}",
    "#",
    "/",
    "if",
    "each",
    "else",
    "^",
    "~",
    ">",
    "*",
    "&",
    "!",
    "--",
    "inline",
    "\"x\"",
    "'y'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "as",
    "=",
    ".",
    "..",
    "@",
    "@root",
    "this",
    " ",
    "\n",
    "\\",
    "a",
    "b.c",
    "1",
    "-1.5",
    "null",
    ":",
    ",",
    "é",
    "$",
    "{{#if a}}",
    "{{/if}}",
    "{{else}}",
    "{{> p}}",
    "{{#> p}}",
    "{{/p}}",
    "{{{{raw}}}}",
    "{{{{/raw}}}}",
    "{{!-- ",
    "--}}",
    "{{a}}",
    "\u{202e}",
    "{{#each b as |x|}}",
    "{{/each}}",
    "---\n",
    "{{~",
    "~}}",
    "{{#*inline \"x\"}}",
    "{{/inline}}",
];

fn noise(rng: &mut StdRng) -> Case {
    let length = size(rng, 5_000);
    Case::of((0..length).map(|_| pick(rng, &PIECES)).collect()).with("p", "{{> @partial-block}}")
}

fn repeated(rng: &mut StdRng) -> Case {
    let length = rng.random_range(1..4);
    let part: String = (0..length).map(|_| pick(rng, &PIECES)).collect();
    let most = if rng.random_bool(0.02) { 10 << 20 } else { 1 << 17 };
    let times = size(rng, most / part.len().max(1));
    let end: String = (0..rng.random_range(0..3)).map(|_| pick(rng, &PIECES)).collect();
    Case::of(part.repeat(times) + &end).with("p", "x")
}

fn growing(rng: &mut StdRng) -> Case {
    let mut value = "s".to_owned();
    for _ in 0..rng.random_range(1..12) {
        let helper = pick(
            rng,
            &[
                "(concat @ @)",
                "(replace @ \"x\" @)",
                "(indent @ 1000)",
                "(indent @ @)",
                "(fence @)",
                "(json @)",
                "(tojson @)",
                "(upper @)",
                "(untrusted @)",
                "(join b @)",
                "(truncate @ 1000000)",
                "(replace @ \"\" \"xxxxxxxxxx\")",
                "(pystr @)",
                "(trim @)",
            ],
        );
        value = helper.replace('@', &value);
        if value.len() > 200_000 {
            break;
        }
    }
    let source =
        pick(rng, &["{{len @}}", "{{#if @}}x{{/if}}", "{{> p x=@}}", "{{#each b}}{{length @}}{{/each}}"]);
    let mut case = Case::of(source.replace('@', &value)).with("p", "{{x}}");
    let unit = pick(rng, &["x", "`", "x\n", "\u{1}", "é"]);
    case.variables = json!({"s": unit.repeat(size(rng, 200_000)), "b": vec!["y"; size(rng, 5_000)]});
    case
}

fn output(rng: &mut StdRng) -> Case {
    let depth = rng.random_range(1..60);
    let blanks = " ".repeat(size(rng, 300_000));
    let source = match rng.random_range(0..3) {
        0 => "{{#> d}}".repeat(depth) + "0123456789{{s}}" + &"{{/d}}".repeat(depth),
        1 => format!("{blanks}{{{{> lines}}}}\n").repeat(rng.random_range(1..4)),
        _ => "{{#each b}}{{#each @root.b}}{{@root.s}}{{> lines}}{{/each}}{{/each}}".to_owned(),
    };
    let mut case = Case::of(source)
        .with("d", "{{> @partial-block}}{{> @partial-block}}")
        .with("lines", "x\n".repeat(size(rng, 5_000)));
    case.variables = json!({"s": "y".repeat(size(rng, 1_000_000)), "b": vec![1; size(rng, 2_000)]});
    case
}

fn front_matter(rng: &mut StdRng) -> Case {
    let depth = size(rng, 20_000);
    let yaml = match rng.random_range(0..7) {
        0 => format!("config: {}{}", "[".repeat(depth), "]".repeat(depth)),
        1 => format!("config: {}", "{a: ".repeat(depth)),
        2 => (0..size(rng, 2_000))
            .fold("input:\n  schema:\n".to_owned(), |all, at| all + &format!("    v{at}: string\n")),
        3 => {
            let mut all = "config:\n  a0: &a0 [x, x]\n".to_owned();
            for at in 1..rng.random_range(2..40) {
                all += &format!("  a{at}: &a{at} [*a{0}, *a{0}, *a{0}, *a{0}]\n", at - 1);
            }
            all
        }
        4 => format!("model: \"{}", "\\u0041".repeat(depth)),
        5 => "- ".repeat(depth) + "x\nmodel: y\n",
        _ => (0..depth.min(2_000))
            .map(|_| {
                pick(
                    rng,
                    &[
                        "model", ": ", "\n", "  ", "- ", "|", ">", "&a", "*a", "!!x", "input", "\"", "'",
                        "{", "}", "?", "\t", "#", "---",
                    ],
                )
            })
            .collect(),
    };
    Case::of(format!("---\n{}{yaml}\n---\n{{{{a}}}}", pick(rng, &["", "model: x\n"])))
}

const SOUND: &str = "# Plan {{feature}}\n\n{{#if a}}\n  {{> p a=b}}\n{{else if (eq s \"x\")}}\n{{untrusted s}}\n{{/if}}\n\
    {{#each b as |item i|}}{{i}}. {{item}} {{@root.s}}\n{{/each}}{{!-- a comment --}}{{{{raw}}}}{{x}}{{{{/raw}}}}\\{{y}}\n\
    {{#> p}}{{#*inline \"part\"}}{{s}}{{/inline}}{{/p}}{{json o indent=2}}{{truncate s 10 end=\"...\"}}";

fn mutation(rng: &mut StdRng) -> Case {
    let mut chars: Vec<char> = SOUND.chars().collect();
    for _ in 0..rng.random_range(1..20) {
        let at = rng.random_range(0..chars.len());
        let end = (at + size(rng, 40)).min(chars.len());
        match rng.random_range(0..4) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let copy: Vec<_> = chars[at..end].repeat(size(rng, 200));
                chars.splice(at..at, copy);
            }
            2 => drop(chars.splice(at..at, pick(rng, &PIECES).chars())),
            _ => chars.swap(at, end - 1),
        }
        if chars.is_empty() {
            break;
        }
    }
    let mut case =
        Case::of(chars.into_iter().collect()).with("p", "{{> part}}{{#*inline \"part\"}}d{{/inline}}");
    case.variables["feature"] = json!("f");
    case
}

/// Bytes of all kinds; what is not UTF-8 is no template, and becomes replacement characters here.
fn characters(rng: &mut StdRng) -> Case {
    let bytes: Vec<u8> = (0..size(rng, 20_000))
        .map(|_| {
            if rng.random_bool(0.3) {
                *b"{}#/>!~\\".choose(rng).expect("there are some")
            } else {
                rng.random()
            }
        })
        .collect();
    Case::of(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a case ends with, for the count at the end.
fn run(case: &Case) -> &'static str {
    let engine = Engine::default();
    let check = engine.check("main", &case.source);
    for diagnostic in &check.diagnostics {
        assert!(case.source.get(diagnostic.span.range.clone()).is_some());
        assert!(diagnostic.render_excerpt().len() < 5_000);
    }
    let Ok(template) = engine.compile("main", &case.source, &case.partials) else {
        return "refused";
    };
    // An inline partial that includes itself does no harm as long as nothing includes it, and what is
    // used and not declared is a matter of the variables.
    let is_harmless = |code| matches!(code, Code::PartialCycle | Code::UndeclaredVariable | Code::RootNeeded);
    let mut errors = check.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let unsound = errors.find(|diagnostic| !is_harmless(diagnostic.code));
    assert!(unsound.is_none(), "compiled, but not sound: {unsound:?}");
    let mut ended = "failed";
    for missing in [Missing::Refuse, Missing::Empty] {
        let options = RenderOptions::default().missing(missing).nonce("n");
        match template.render(&case.variables, &options) {
            Ok(text) => {
                assert!(text.len() <= 16 << 20);
                ended = "rendered";
            }
            Err(error) => assert!(error.to_string().len() < 20_000),
        }
    }
    ended
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "a failure must say which template it was, and the harness keeps it otherwise"
)]
fn every_generated_template_ends_soon() {
    let step = if std::env::var_os("PROMPT_RUNNER_SOAK").is_some() { 1 } else { 10 };
    let mut ends: BTreeMap<_, BTreeMap<_, u32>> = BTreeMap::new();
    for seed in (0..ALL).step_by(step) {
        let mut rng = StdRng::seed_from_u64(seed);
        let (name, make) =
            *KINDS.iter().cycle().nth(seed.try_into().expect("a small number")).expect("there are kinds");
        let case = make(&mut rng);
        eprintln!("seed {seed}: {name}");
        let end = soon(move || run(&case));
        *ends.entry(name).or_default().entry(end).or_default() += 1;
    }
    let peak = peak_memory();
    eprintln!("{ends:#?}\npeak memory: {} MiB", peak.unwrap_or_default() >> 20);
    assert!(peak.is_none_or(|bytes| bytes < MOST_MEMORY), "the process took {peak:?} bytes");
    for (name, _) in KINDS {
        assert!(ends.contains_key(name), "no template of the kind {name}");
    }
}

/// The most memory that this process has held, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
