//! Code fences, and which of them closes which (rule 7).

/// What follows the marks of a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Info {
    /// Nothing: the fence can open and close.
    Bare,
    /// A language that says "just text".
    Text,
    /// Any other language.
    Other,
}

/// A run of three or more backticks or tildes that begins its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    pub(super) mark: u8,
    pub(super) length: usize,
    pub(super) info: Info,
    pub(super) indented: bool,
}

/// A fence and the line on which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FenceLine {
    pub(super) at: usize,
    pub(super) fence: Fence,
}

impl Fence {
    /// Reads a line as a fence, at any indentation: a list or a terminal may have moved it.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let text = line.trim_ascii();
        let mark = text.bytes().next().filter(|mark| matches!(mark, b'`' | b'~'))?;
        let length = text.bytes().take_while(|&b| b == mark).count();
        let info = text[length..].trim_ascii();
        // A backtick behind the marks makes the line a code span: CommonMark 0.31, 4.5.
        if length < 3 || (mark == b'`' && info.contains('`')) {
            return None;
        }
        let indented = !line.starts_with(char::from(mark));
        Some(Self { mark, length, info: Info::of(info), indented })
    }

    /// Whether both have the same marks, as many of them.
    pub(super) fn is_same_kind(self, other: Self) -> bool {
        self.mark == other.mark && self.length == other.length
    }

    /// Whether this one, bare, is what closes `open` and no other kind.
    pub(super) fn is_own_close(self, open: Self) -> bool {
        self.info == Info::Bare && self.is_same_kind(open)
    }
}

/// The languages that say that a block is the text itself.
const TEXT: [&str; 6] = ["markdown", "md", "text", "txt", "plain", "plaintext"];

impl Info {
    fn of(info: &str) -> Self {
        let language = info.split_ascii_whitespace().next().unwrap_or_default();
        if language.is_empty() {
            Self::Bare
        } else if TEXT.iter().any(|name| name.eq_ignore_ascii_case(language)) {
            Self::Text
        } else {
            Self::Other
        }
    }
}

/// The fences that are open at a point of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Open(Vec<Fence>);

impl Open {
    /// Deeper nesting is not believed; it also bounds the search for the fence that is closed.
    const DEEPEST: usize = 16;

    pub(super) fn of(fences: &[Fence]) -> Self {
        Self(fences.to_vec())
    }

    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    pub(super) fn outermost(&self) -> Option<Fence> {
        self.0.first().copied()
    }

    pub(super) fn innermost(&self) -> Option<Fence> {
        self.0.last().copied()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes the next fence of the text. An info string always opens. A bare fence closes the innermost one
    /// of its own kind and all inside it, else a shorter one of its mark, as in Markdown; else it opens.
    pub(super) fn step(&mut self, fence: Fence) {
        if fence.info == Info::Bare {
            if let Some(closed) = self.0.iter().rposition(|open| open.is_same_kind(fence)) {
                self.0.truncate(closed);
                return;
            }
            if self.0.last().is_some_and(|open| open.mark == fence.mark && open.length < fence.length) {
                self.0.pop();
                return;
            }
        }
        if self.0.len() < Self::DEEPEST {
            self.0.push(fence);
        }
    }
}
