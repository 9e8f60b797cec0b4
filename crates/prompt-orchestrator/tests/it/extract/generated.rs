//! Answers built from known sections in the styles of the contract give those sections back.
//!
//! The generator only puts together what the contract says is unambiguous; each part of it is one of its
//! rules. Any text at all must be read without a panic.

use prompt_orchestrator::extract::{Section, extract};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// How the headings of an answer look.
#[derive(Debug, Clone)]
struct Headings {
    mark: &'static str,
    number: &'static str,
    name: usize,
    suffix: &'static str,
}

/// How bodies are fenced.
#[derive(Debug, Clone, Copy)]
enum Fencing {
    Plain,
    Fenced { fence: &'static str, info: &'static str },
}

/// What happens to the whole text.
#[expect(clippy::struct_excessive_bools, reason = "each is a style of its own, any of them together")]
#[derive(Debug, Clone)]
struct Setting {
    preamble: bool,
    contents: bool,
    rules: bool,
    chatter: bool,
    repeated: bool,
    continued: bool,
    wrapper: Option<&'static str>,
    copy: &'static str,
}

fn headings() -> impl Strategy<Value = Headings> {
    let marks = vec![
        "# ", "## ", "### ", "#### ", "##### ", "###### ", "**", "name**", "`", "### `", "", "- ", "🧭 ",
        "setext", "● ",
    ];
    let numbers = vec![
        "",
        "N. ",
        "N) ",
        "N: ",
        "Section N: ",
        "Part N - ",
        "Step N. ",
        "(N) ",
        "Ｎ．",
        "Ｎ）",
        "N.\u{a0}",
    ];
    let suffixes = vec!["", "", ":", " (draft)", ": summary", " — draft", "："];
    (select(marks), select(numbers), 0..8_usize, select(suffixes))
        .prop_map(|(mark, number, name, suffix)| Headings { mark, number, name, suffix })
}

impl Headings {
    fn name(&self, section: Section) -> String {
        let (first, second) = section.as_str().split_once('_').expect("a name has two words");
        let title = |word: &str| word[..1].to_uppercase() + &word[1..];
        match self.name {
            0 => format!("{first}_{second}").to_uppercase(),
            1 => format!("{first}\\_{second}").to_uppercase(),
            2 => format!("{}-{}", title(first), title(second)),
            3 => format!("{} {}", title(first), title(second)),
            4 => format!("{}{}", title(first), title(second)),
            5 => format!("{first}_{second}"),
            6 => format!("{first} \u{200b}{second}").to_uppercase(),
            _ => format!("{first}{second}").to_uppercase(),
        }
    }

    fn line(&self, section: Section, number: usize, suffix: &str) -> String {
        let wide = ["１", "２", "３"][number - 1];
        let number = self.number.replace('N', &number.to_string()).replace('Ｎ', wide);
        let name = self.name(section);
        match self.mark {
            "**" => format!("**{number}{name}{suffix}**"),
            "name**" => format!("{number}**{name}**{suffix}"),
            "`" => format!("{number}`{name}`{suffix}"),
            "### `" => format!("### {number}`{name}`{suffix}"),
            "setext" => format!("{number}{name}{suffix}\n======"),
            mark => format!("{mark}{number}{name}{suffix}"),
        }
    }
}

fn fencing() -> impl Strategy<Value = Fencing> {
    let fences = select(&["```", "````", "~~~", "~~~~~"][..]);
    let infos = select(&["", "markdown", "md", "text", "txt", "plain"][..]);
    prop_oneof![
        Just(Fencing::Plain),
        (fences, infos).prop_map(|(fence, info)| Fencing::Fenced { fence, info }),
    ]
}

/// Parts of a body. Each is closed in itself, and none looks like a remark to the reader.
const PARTS: [&str; 12] = [
    "# Role: System Reader",
    "Trailing spaces stay   \nand tabs\t",
    "1. Review the entry points\n2. Map out the tests\n   - and their data\n3. Stop",
    "- one\n- two\n  - three",
    "```bash\ngrep -rn x .\n# 1. baseline first\n```",
    "```python\ndef f(x):\n    yield x\n\n# 2. second pass\n```",
    "Shape:\n\n```markdown\n### 1. ANALYSIS_TEMPLATE\nsurvey\n### 2. IMPLEMENTATION_TEMPLATE\nbuild\n### 3. EXECUTION_NOTES\nComplexity: Low\n```",
    "Background\n\n---\n\nThe rule above separates.\n- keep it",
    "The ANALYSIS_TEMPLATE and the EXECUTION_NOTES are given.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "你需要调查项目，并整理全部所需信息。",
    "Tree:\n\n```\nui\n  |-- loader\n```",
];

fn body() -> impl Strategy<Value = String> {
    let parts = subsequence(&PARTS[..], 1..6).prop_shuffle();
    parts.prop_map(|parts| format!("Lead.\n\n{}\n\n## Deliverable\n- a list", parts.join("\n\n")))
}

fn setting() -> impl Strategy<Value = Setting> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let wrapper = prop_oneof![3 => Just(None), 1 => Just(Some("`````")), 1 => Just(Some("~~~~~~~"))];
    let copies = select(&["", "", "crlf", "bom", "ansi", "indent", "indent, first line cut"][..]);
    (flags, wrapper, copies).prop_map(
        |((preamble, contents, rules, chatter, repeated, continued), wrapper, copy)| Setting {
            preamble,
            contents,
            rules,
            chatter,
            repeated,
            continued,
            wrapper,
            copy,
        },
    )
}

fn fenced(body: &str, fencing: Fencing) -> String {
    match fencing {
        Fencing::Plain => body.to_owned(),
        Fencing::Fenced { fence, info } => format!("{fence}{info}\n{body}\n{fence}"),
    }
}

/// The answer, in which the bodies stand in the given order.
fn build(bodies: &[(Section, String)], headings: &Headings, fencing: Fencing, setting: &Setting) -> String {
    let block = |section: &Section, body: &str, number: usize, suffix: &str| {
        format!("{}\n\n{}", headings.line(*section, number, suffix), fenced(body, fencing))
    };
    let mut blocks: Vec<String> = Vec::new();
    for (at, (section, body)) in bodies.iter().enumerate() {
        blocks.push(block(section, body, at + 1, headings.suffix));
        if setting.repeated && at == 1 {
            blocks.push(block(section, body, at + 1, headings.suffix));
        }
    }
    if setting.continued {
        blocks.push(block(&bodies[0].0, "## Phase 9\n1. More", 1, " (continued)"));
    }
    let mut text = blocks.join(if setting.rules { "\n\n---\n\n" } else { "\n\n" });
    if setting.chatter && setting.wrapper.is_none() {
        let lead = if matches!(fencing, Fencing::Plain) { "\n\n---\n\n" } else { "\n\n" };
        text = format!("{text}{lead}Would you like a shorter version?\n");
    }
    if let Some(fence) = setting.wrapper {
        text = format!("{fence}markdown\n{text}\n{fence}\n");
    }
    if setting.contents {
        text = format!(
            "Contents\n\n1. Analysis Template\n2. Implementation Template\n3. Execution Notes\n\n{text}"
        );
    }
    if setting.preamble {
        text = format!("I will give you an ANALYSIS_TEMPLATE, then the rest.\n\n{text}");
    }
    copied(&text, setting.copy)
}

fn each_line(text: &str, before: &str, behind: &str) -> String {
    text.lines().flat_map(|line| [before, line, behind, "\n"]).collect()
}

fn copied(text: &str, copy: &str) -> String {
    let indented = || each_line(text, "  ", "");
    match copy {
        "crlf" => text.replace('\n', "\r\n"),
        "bom" => format!("\u{feff}{text}"),
        "ansi" => each_line(text, "\x1b[38;5;61m", "\x1b[0m"),
        "indent" => indented(),
        "indent, first line cut" => indented().trim_start().to_owned(),
        _ => text.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn known_sections_come_back(
        bodies in [body(), body(), body()],
        order in Just(Section::ALL.to_vec()).prop_shuffle(),
        headings in headings(),
        fencing in fencing(),
        setting in setting(),
    ) {
        let bodies: Vec<(Section, String)> = order.into_iter().zip(bodies).collect();
        let answer = build(&bodies, &headings, fencing, &setting);
        let found = extract(&answer);
        for (at, (section, body)) in bodies.iter().enumerate() {
            let more = if setting.continued && at == 0 { "\n\n## Phase 9\n1. More" } else { "" };
            let wanted = format!("{body}{more}");
            prop_assert_eq!(found.section(*section), Some(wanted.as_str()), "{}\n{}", section, answer);
        }
        prop_assert!(found.is_complete() && found.duplicated.is_empty());
    }

    #[test]
    fn the_last_copy_of_a_section_wins(
        bodies in [body(), body(), body()], headings in headings(), fencing in fencing(), setting in setting(),
    ) {
        let setting = Setting { continued: false, contents: false, wrapper: None, copy: "", ..setting };
        let old: Vec<(Section, String)> = Section::ALL.into_iter().zip(bodies.map(|body| format!("Old.\n\n{body}"))).collect();
        let new: Vec<(Section, String)> = old.iter().map(|(s, body)| (*s, body.replace("Old.", "New."))).collect();
        let mute = Setting { chatter: false, preamble: false, ..setting.clone() };
        let answer = format!("{}\n\n{}", build(&old, &headings, fencing, &mute), build(&new, &headings, fencing, &mute));
        let found = extract(&answer);
        for (section, body) in &new {
            prop_assert_eq!(found.section(*section), Some(body.as_str()), "{}", answer);
        }
        prop_assert_eq!(found.duplicated, Section::ALL);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        extract(&text);
    }

    #[test]
    fn no_mixture_of_its_own_words_makes_it_panic(pieces in prop::collection::vec(piece(), 0..60)) {
        let found = extract(&pieces.concat());
        for section in Section::ALL {
            prop_assert_eq!(found.section(section).is_none(), found.missing.contains(&section));
        }
    }
}

fn piece() -> impl Strategy<Value = String> {
    let pieces = vec![
        "\n",
        "\n\n",
        "  ",
        "\t",
        "```",
        "````",
        "~~~",
        "bash\n",
        "---\n",
        "# ",
        "**",
        "`",
        "1. ",
        "- ",
        "● ",
        "⎿ ",
        "ANALYSIS_TEMPLATE",
        "Implementation Template",
        "execution_notes",
        " (continued)",
        ": ",
        "[",
        "]",
        "<",
        ">",
        "...",
        "\n### 1. ANALYSIS_TEMPLATE\n",
        "\n## EXECUTION_NOTES\n",
        "Complexity: ",
        "Estimated Time: ",
        "| ",
        "5-",
        "é",
        "\u{a0}",
        "\u{200b}",
        "\x1b[1m",
        "\x1b]8;;",
        "\x07",
        "\r\n",
        "\u{feff}",
        "（",
        "３．",
        "text",
        "Section ",
        "\\_",
        "=====\n",
    ];
    prop_oneof![9 => select(pieces).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}
