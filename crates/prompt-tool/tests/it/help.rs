//! The help texts, which are read before anything else.

use crate::tool::Tool;

/// A help text without the version of the day.
fn help(words: &str) -> String {
    Tool::alone().text(words)
}

fn filtered(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+\.\d+\.\d+", "[VERSION]");
    settings.set_omit_expression(true);
    settings.bind(check);
}

#[test]
fn of_the_program() {
    filtered(|| insta::assert_snapshot!("help", help("--help")));
}

#[test]
fn of_plan() {
    filtered(|| insta::assert_snapshot!("help-plan", help("orchestration plan --help")));
}

#[test]
fn the_version() {
    filtered(|| insta::assert_snapshot!(help("--version"), @"prompt-tool [VERSION]"));
}

#[test]
fn of_every_command_is_there() {
    let tool = Tool::alone();
    for group in ["project", "orchestration", "orchestration template", "prompt", "audit", "db"] {
        let text = tool.text(&format!("{group} --help"));
        let commands = text.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
        let mut count = 0;
        for command in commands.take_while(|line| !line.is_empty()) {
            let name = command.split_whitespace().next().unwrap();
            if name == "help" || !command.starts_with("  ") || command.starts_with("   ") {
                continue;
            }
            let help = tool.text(&format!("{group} {name} --help"));
            assert!(help.contains("Usage: prompt-tool"), "{help}");
            count += 1;
        }
        assert!(count >= 3, "{text}");
    }
}
