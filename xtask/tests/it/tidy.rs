//! `tidy` names what is wrong.

use std::fs;

use crate::workspace::{Copy, root, xtask};

#[test]
fn this_workspace_is_tidy() {
    xtask(root(), &["tidy"]).passes();
}

#[test]
fn an_upward_arrow_fails() {
    let copy = Copy::new();
    copy.depend("prompt-template", "dependencies", "prompt-model.workspace = true");
    let reason = "prompt-template -> prompt-model: an upward dependency";
    copy.xtask(&["tidy"]).fails_with(&[reason]);
}

#[test]
fn an_arrow_that_closes_a_cycle_fails() {
    let copy = Copy::new();
    copy.depend("prompt-model", "dependencies", "prompt-manager.workspace = true");
    let reason = "prompt-model -> prompt-manager: an upward dependency";
    copy.xtask(&["tidy"]).fails_with(&[reason]);
}

#[test]
fn an_arrow_that_leaves_out_a_layer_fails() {
    let copy = Copy::new();
    copy.depend("prompt-tool", "dependencies", "prompt-model.workspace = true");
    copy.depend("prompt-template", "dependencies", "test-support.workspace = true");
    copy.xtask(&["tidy"]).fails_with(&[
        "prompt-tool -> prompt-model: an undeclared dependency; it may use prompt-runner",
        "prompt-template -> test-support: for tests alone",
    ]);
}

#[test]
fn tests_use_what_is_below_alone() {
    let copy = Copy::new();
    copy.depend("prompt-template", "dev-dependencies", "prompt-manager.workspace = true");
    copy.depend("prompt-tool", "dev-dependencies", "prompt-template.workspace = true");
    let reason = "prompt-template -> prompt-manager (in tests): an upward dependency";
    copy.xtask(&["tidy"]).fails_with(&[reason]).leaves_out("prompt-tool ->");
}

#[test]
fn an_arrow_of_a_feature_stays_optional() {
    let copy = Copy::new();
    let manifest = "crates/prompt-orchestrator/Cargo.toml";
    copy.replace(manifest, "prompt-manager = { workspace = true, optional = true }", "");
    copy.replace(manifest, "\"dep:prompt-manager\", ", "");
    copy.depend("prompt-orchestrator", "dependencies", "prompt-manager.workspace = true");
    let reason = "prompt-orchestrator -> prompt-manager: allowed behind a feature alone";
    copy.xtask(&["tidy"]).fails_with(&[reason]);
}

#[test]
fn databases_are_reached_by_the_storage_crate_alone() {
    let copy = Copy::new();
    copy.depend("prompt-manager", "dependencies", "diesel.workspace = true");
    copy.write(
        "crates/prompt-manager/src/added.rs",
        "//! About diesel.\n// use diesel::x;\nuse diesel::prelude::*;\n",
    );
    copy.xtask(&["tidy"])
        .fails_with(&[
            "prompt-manager -> diesel: only prompt-model may reach a database",
            "crates/prompt-manager/src/added.rs:3: diesel stops at the edge of prompt-model",
        ])
        .leaves_out("added.rs:2");
}

#[test]
fn a_crate_without_a_layer_fails() {
    let copy = Copy::new();
    copy.write("crates/stray/Cargo.toml", "[package]\nname = \"stray\"\nedition = \"2024\"\n");
    copy.write("crates/stray/src/lib.rs", "//! Stray.\n");
    copy.xtask(&["tidy"]).fails_with(&["stray: stands in no layer"]);
}

#[test]
fn sources_follow_the_rules() {
    let copy = Copy::new();
    let folder = "crates/prompt-ab/src";
    copy.write(&format!("{folder}/bare.rs"), "// Not a module's documentation.\n");
    let long = format!("//! Long.\n{}", "// and on\n".repeat(600));
    copy.write(&format!("{folder}/long.rs"), &long);
    let unfinished = format!("//! Unfinished.\nfn f() {{ {}!() }}\n", "todo");
    copy.write(&format!("{folder}/unfinished.rs"), &unfinished);
    let place = ["", "work", ""].join("/");
    let machine = format!("//! At {place}x/y.\n//! See https://a.b{place}c.\n");
    copy.write(&format!("{folder}/machine.rs"), &machine);
    copy.xtask(&["tidy"])
        .fails_with(&[
            "crates/prompt-ab/src/bare.rs: does not open with //!",
            "crates/prompt-ab/src/long.rs: 601 lines",
            "crates/prompt-ab/src/unfinished.rs:2: unfinished",
            "crates/prompt-ab/src/machine.rs:1: ",
        ])
        .leaves_out("machine.rs:2");
}

#[test]
fn migrations_stay_in_step() {
    let copy = Copy::new();
    copy.write("migrations/sqlite/90000000000000_more/up.sql", "SELECT 1;\n");
    copy.write("migrations/sqlite/90000000000000_more/down.sql", " \n");
    let base = "migrations/postgres/00000000000001_base/down.sql";
    fs::remove_file(copy.path(base)).unwrap();
    copy.xtask(&["tidy"]).fails_with(&[
        "migrations/postgres/90000000000000_more: missing; sqlite has it",
        "migrations/sqlite/90000000000000_more/down.sql: missing or empty",
        "migrations/postgres/00000000000001_base/down.sql: missing or empty",
    ]);
}
