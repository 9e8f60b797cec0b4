//! What a person and CI run: `cargo xtask COMMAND`.
//!
//! `test` is everything that a change should pass before it is shown to anyone; `ci` adds what is
//! slow. The other commands are their parts, for working on one of them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

mod features;
mod layers;
mod outside;
mod run;
mod schema;
mod soak;
mod source;
mod steps;
mod tidy;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Tests and checks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    /// The workspace to look at, in place of the one that this program belongs to.
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,

    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// All tests on SQLite and PostgreSQL, then `tidy` and `schema`; the last line counts.
    Test {
        /// `features` too, which builds every crate many times over. Set under CI=true.
        #[arg(long)]
        full: bool,
        /// More for `cargo test`, as in `cargo xtask test -- -p prompt-model versions`.
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// Layers, storage types, documentation and size of modules, migrations in step.
    Tidy,
    /// The migrated databases of both kinds against the diesel schema.
    Schema,
    /// Every crate alone, with none of its features, with each, and with all.
    Features {
        /// Only what stands below each crate, which needs no build.
        #[arg(long)]
        trees_only: bool,
        /// `postgres-tls` too, which builds OpenSSL from source.
        #[arg(long)]
        tls: bool,
    },
    /// Each library's README example, in a crate outside the workspace.
    Outside,
    /// `cargo fmt --check` and `cargo clippy`, warnings being errors.
    Lint,
    /// `cargo doc`, warnings being errors.
    Docs,
    /// The long runs in full, in debug and in release; `test` takes a tenth of them.
    Soak,
    /// Everything: `lint`, `docs`, `outside`, `test --full`.
    Ci,
}

fn main() -> ExitCode {
    match dispatch(Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the task passed.
fn dispatch(cli: Cli) -> Result<bool> {
    let workspace = Workspace::load(&cli.root.unwrap_or_else(own_root))?;
    match cli.command {
        Task::Test { full, more } => steps::test(&workspace, full, &more),
        Task::Ci => steps::ci(&workspace),
        Task::Tidy => tidy::run(&workspace).map(|()| true),
        Task::Schema => schema::run(&workspace, steps::server()?.as_ref()).map(|()| true),
        Task::Features { trees_only: true, .. } => features::trees(&workspace).map(|()| true),
        Task::Features { tls, .. } => features::run(&workspace, tls).map(|()| true),
        Task::Outside => outside::run(&workspace).map(|()| true),
        Task::Lint => steps::lint(&workspace).map(|()| true),
        Task::Soak => soak::run(&workspace).map(|()| true),
        Task::Docs => steps::docs(&workspace).map(|()| true),
    }
}

/// The workspace of this program. Cargo says where at run time; a target folder that several clones
/// share would tell the wrong one at compile time.
fn own_root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR");
    let own = own.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}
