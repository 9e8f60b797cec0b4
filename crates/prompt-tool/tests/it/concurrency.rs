//! Many processes at once on one database.

use std::process::Stdio;
use std::thread;

use serde_json::json;
use test_support::{TestDatabase, backends};

use crate::tool::Tool;

const PROCESSES: usize = 16;
const UPDATES: usize = 100;
const STARTS: usize = 32;

backends! {
    fn updates_are_numbered_without_gap_or_repeat(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.json_with("orchestration template add busy --type analysis --file -", "first");
        let writers: Vec<_> = (0..PROCESSES)
            .map(|writer| {
                let tool = tool.clone();
                thread::spawn(move || -> Vec<(i64, String)> {
                    let update = |turn| {
                        let text = format!("writer {writer}, turn {turn}");
                        let made = tool.json_with("orchestration template update busy --file -", &text);
                        (made["version"].as_i64().unwrap(), text)
                    };
                    (0..UPDATES).map(update).collect()
                })
            })
            .collect();
        let mut made: Vec<(i64, String)> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        made.sort();
        let last = i64::try_from(PROCESSES * UPDATES).unwrap() + 1;
        let numbers: Vec<i64> = made.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (2..=last).collect::<Vec<_>>());
        let newest = tool.json("orchestration template show busy@latest");
        assert_eq!(newest["version"], last);
        assert_eq!(newest["labels"], json!({"latest": last, "production": last}));
        for (number, text) in made.iter().step_by(23) {
            assert_eq!(tool.text(&format!("orchestration template show busy@{number}")), *text);
        }
    }

    fn one_name_is_added_once(db: &TestDatabase) {
        let tool = Tool::on(db);
        tool.file("t", "text");
        let children: Vec<_> = (0..PROCESSES)
            .map(|_| {
                let mut command = tool.command("orchestration template add once --type analysis --file t");
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let mut codes: Vec<i32> =
            children.into_iter().map(|child| child.wait_with_output().unwrap().status.code().unwrap()).collect();
        codes.sort_unstable();
        let mut expected = vec![5; PROCESSES];
        expected[0] = 0;
        assert_eq!(codes, expected);
    }
}

#[test]
fn processes_that_start_together_make_one_database() {
    let db = TestDatabase::sqlite();
    let tool = Tool::beside(&db);
    start_together(&tool);
}

#[test]
fn processes_that_start_together_make_one_database_in_the_data_folder() {
    start_together(&Tool::alone());
}

fn start_together(tool: &Tool) {
    let children: Vec<_> = (0..STARTS)
        .map(|_| {
            let mut command = tool.command("project list");
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut makers = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        assert!(String::from_utf8(output.stdout).unwrap().contains("default"));
        makers += usize::from(stderr.contains("New database"));
    }
    assert_eq!(makers, 1);
}
