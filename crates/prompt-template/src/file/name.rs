//! The names of files, and of the templates and partials in them.

use std::fmt;

const SUFFIX: &str = ".prompt";

/// What a file is called, and what the template or the partial in it is called.
///
/// `folder/name.prompt` holds the template `folder/name`, and `folder/_name.prompt` the partial
/// `folder/name`. Folders are parted by `/` on every system.
///
/// ```
/// use prompt_template::FileName;
///
/// let file = FileName::parse("chat/_tone.prompt").expect("a file of a prompt");
/// assert_eq!((file.name(), file.is_partial()), ("chat/tone", true));
/// assert_eq!(file.to_string(), "chat/_tone.prompt");
/// assert_eq!(FileName::template("chat/plan"), FileName::parse("chat/plan.prompt"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName {
    name: String,
    partial: bool,
}

impl FileName {
    /// Reads the path of a file; `None` where it is not one of a prompt.
    pub fn parse(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(SUFFIX)?;
        let (folders, last) = stem.rfind('/').map_or(("", stem), |at| stem.split_at(at + 1));
        match last.strip_prefix('_') {
            Some(last) => Self::partial(&format!("{folders}{last}")),
            None => Self::template(stem),
        }
    }

    /// The file of a template. `None` where no file can have the name: one of its parts is empty, `.`
    /// or `..`, or the last one begins with `_`.
    pub fn template(name: &str) -> Option<Self> {
        let last = name.rsplit('/').next().unwrap_or_default();
        let fits = is_path(name) && !last.starts_with('_');
        fits.then(|| Self { name: name.to_owned(), partial: false })
    }

    /// The file of a partial; `None` as for [`template`](Self::template), save for the `_`.
    pub fn partial(name: &str) -> Option<Self> {
        is_path(name).then(|| Self { name: name.to_owned(), partial: true })
    }

    /// The name of the template or the partial.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True for a partial.
    pub fn is_partial(&self) -> bool {
        self.partial
    }
}

fn is_path(name: &str) -> bool {
    name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']))
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folders, last) = self.name.rfind('/').map_or(("", &*self.name), |at| self.name.split_at(at + 1));
        let mark = if self.partial { "_" } else { "" };
        write!(f, "{folders}{mark}{last}{SUFFIX}")
    }
}
