//! The workspace as cargo describes it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// A workspace on disk.
pub(crate) struct Workspace {
    /// Its top folder.
    pub(crate) root: PathBuf,
    metadata: Metadata,
}

impl Workspace {
    /// Reads the manifests below `root`.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let root = fs::canonicalize(root).with_context(|| root.display().to_string())?;
        // Without dependencies nothing is resolved: a cycle is then ours to report, by its arrows,
        // and the network is not asked.
        let metadata = MetadataCommand::new()
            .cargo_path(program())
            .current_dir(&root)
            .no_deps()
            .exec()
            .with_context(|| format!("the manifests below {}", root.display()))?;
        Ok(Self { root, metadata })
    }

    /// The crates of the workspace, by name.
    pub(crate) fn packages(&self) -> Vec<&Package> {
        let mut packages = self.metadata.workspace_packages();
        packages.sort_by_key(|package| package.name.to_string());
        packages
    }

    /// The crate of that name.
    pub(crate) fn package(&self, name: &str) -> Result<&Package> {
        let mut packages = self.packages().into_iter();
        let found = packages.find(|package| package.name.as_str() == name);
        found.with_context(|| format!("the workspace has no crate {name}"))
    }

    /// Where builds go.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// A cargo command in the top folder.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.root);
        command
    }
}

/// The folder of a crate.
pub(crate) fn folder(package: &Package) -> &Path {
    let manifest = package.manifest_path.as_std_path();
    manifest.parent().expect("a manifest lies in a folder")
}

/// The cargo that runs us, so that its toolchain stays.
fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
