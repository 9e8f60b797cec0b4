//! The files of a workspace that people write.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Endings of files that are read as text.
const TEXTS: &[&str] = &["rs", "toml", "md", "sql", "sh"];

/// A text file.
pub(crate) struct Source {
    /// Its path below the top folder, for messages.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) text: String,
}

impl Source {
    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.name).extension().is_some_and(|ending| ending == "rs")
    }
}

/// The text files below `folder`, by name. Builds, links and what git ignores are left out.
pub(crate) fn below(root: &Path, folder: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() && !is_skipped(&path) {
                waiting.push(path);
            } else if kind.is_file() && is_text(&path) {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                sources.push(Source { name, text });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// The names of the folders in `folder`, sorted.
pub(crate) fn folders(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    names.sort();
    Ok(names)
}

fn is_skipped(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("target") || (name.starts_with('.') && name != ".ci" && name != ".cargo")
}

fn is_text(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    TEXTS.contains(&ending.as_ref()) || file.ends_with(".ci/run")
}
