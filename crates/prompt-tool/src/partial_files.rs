//! The partials of templates that are files: named one by one, or lying beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use prompt_runner::template::{Engine, FileName};

use crate::failure::Failure;
use crate::input;
use crate::output::Output;

/// The most partials that one template may reach; the engine says so of more.
const MOST: usize = 1_000;
/// How far below a file its partials may lie, and how many files are looked at.
const DEEPEST: usize = 4;
const MOST_FILES: usize = 10_000;

/// Where the partials of a file are looked for.
pub(crate) struct PartialFiles<'a> {
    /// Names with their files, which go before the folder.
    named: &'a [(String, PathBuf)],
    folder: Option<PathBuf>,
}

impl<'a> PartialFiles<'a> {
    /// For a template in this file; `-` has no folder beside it.
    pub(crate) fn beside(file: &Path, named: &'a [(String, PathBuf)]) -> Self {
        let is_stdin = file.as_os_str() == "-";
        let folder = file
            .parent()
            .filter(|_| !is_stdin)
            .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() });
        Self { named, folder }
    }

    /// The file of a partial, if there is one.
    ///
    /// In the folder that is `_name.prompt`, as dotprompt has it, else `name.prompt`. A name cannot
    /// lead out of the folder, nor can a link.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        if let Some((_, file)) = self.named.iter().find(|(known, _)| known == name) {
            return Some(file.clone());
        }
        let folder = self.folder.as_ref()?.canonicalize().ok()?;
        let names = [FileName::partial(name), FileName::template(name)];
        let files = names.into_iter().flatten().map(|file| folder.join(file.to_string()));
        let mut found = files.filter_map(|file| file.canonicalize().ok());
        found.find(|file| file.starts_with(&folder) && file.is_file())
    }

    /// The names that the files of the folder can be included by: their paths, and what a `.prompt` holds.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let Some(folder) = &self.folder else { return BTreeSet::new() };
        let entries = walkdir::WalkDir::new(folder).max_depth(DEEPEST).into_iter().flatten().take(MOST_FILES);
        let files = entries.filter(|entry| entry.file_type().is_file());
        let paths = files.filter_map(|file| {
            let path = file.path().strip_prefix(folder).ok()?.to_str()?;
            Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
        });
        paths
            .flat_map(|path| {
                let name = FileName::parse(&path).map(|file| file.name().to_owned());
                [Some(path), name].into_iter().flatten()
            })
            .collect()
    }

    /// The texts of all partials that a text reaches, as far as they have files.
    pub(crate) fn read(
        &self,
        engine: &Engine,
        text: &str,
        output: &mut Output,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut texts = BTreeMap::new();
        let mut wanted = engine.partials(text);
        while let Some(name) = wanted.pop() {
            if texts.contains_key(&name) || texts.len() == MOST {
                continue;
            }
            let Some(file) = self.find(&name) else { continue };
            let text = input::text(&file, "partial", output, false)?;
            wanted.extend(engine.partials(&text));
            texts.insert(name, text);
        }
        Ok(texts)
    }
}

/// Parses `NAME=FILE`.
pub(crate) fn named(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        _ => Err("write NAME=FILE, as tone=partials/tone.prompt".to_owned()),
    }
}
