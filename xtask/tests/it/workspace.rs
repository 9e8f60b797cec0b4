//! Copies of the workspace that a test may break, and xtask run on them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use test_support::SERVER_VARIABLE;

/// A workspace in a temporary folder.
pub(crate) struct Copy(TempDir);

impl Copy {
    /// This workspace: manifests, sources, migrations.
    pub(crate) fn new() -> Self {
        let copy = Self::empty();
        for name in ["Cargo.toml", "Cargo.lock"] {
            fs::copy(root().join(name), copy.path(name)).unwrap();
        }
        for name in ["crates", "benches", "examples", "migrations", "xtask"] {
            copy_folder(&root().join(name), &copy.path(name));
        }
        copy
    }

    /// A workspace without crates.
    pub(crate) fn empty() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        copy.write("Cargo.toml", "[workspace]\n");
        copy
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and its folder where that is missing.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// Replaces what a file must hold.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} does not hold {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Adds a line to the table `dependencies` or `dev-dependencies` of a crate.
    pub(crate) fn depend(&self, name: &str, table: &str, line: &str) {
        let manifest = format!("crates/{name}/Cargo.toml");
        let header = format!("\n[{table}]\n");
        self.replace(&manifest, &header, &format!("{header}{line}\n"));
    }

    /// What `cargo xtask ARGUMENTS` says of it.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Verdict {
        xtask(self.0.path(), arguments)
    }
}

/// How a task ended.
pub(crate) struct Verdict {
    passed: bool,
    said: String,
}

impl Verdict {
    /// The task passed.
    #[track_caller]
    pub(crate) fn passes(self) {
        assert!(self.passed, "{}", self.said);
    }

    /// The task failed, and said each of these.
    #[track_caller]
    pub(crate) fn fails_with(self, reasons: &[&str]) -> Self {
        assert!(!self.passed, "it passed: {}", self.said);
        for reason in reasons {
            let said = self.said.contains(reason);
            assert!(said, "not said: {reason}\n{}", self.said);
        }
        self
    }

    /// The task did not mention this, whatever else it said.
    #[track_caller]
    pub(crate) fn leaves_out(self, subject: &str) {
        assert!(!self.said.contains(subject), "said: {subject}\n{}", self.said);
    }
}

/// What `cargo xtask ARGUMENTS` says of the workspace at `root`, without the network.
pub(crate) fn xtask(root: &Path, arguments: &[&str]) -> Verdict {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--root").arg(root).args(arguments).env("CARGO_NET_OFFLINE", "true");
    if let Some(server) = test_support::server().filter(|_| arguments == ["schema"]) {
        command.env(SERVER_VARIABLE, server.url());
    }
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    Verdict { passed: output.status.success(), said }
}

/// The top folder of this workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy_folder(&from, &to);
        } else if kind.is_symlink() {
            symlink(fs::read_link(&from).unwrap(), &to).unwrap();
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}
