//! What a template may cost, before and while it is rendered.

use std::fmt;

use serde::Serialize;

/// The most that nesting may be raised to: beyond it a thread's stack of 2 MiB would not hold.
const DEEPEST: usize = 128;

/// Bounds that hold for whatever template and whatever variables, with defaults that suit prompts.
///
/// What is nested fits into a stack of 2 MiB, which threads have by default, also without
/// optimisation.
///
/// ```
/// use prompt_template::{Engine, Limits};
///
/// let engine = Engine::with_limits(Limits::default().tags(10).output_bytes(1_000));
/// assert!(!engine.check("many", &"{{a}}".repeat(11)).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub(crate) source_bytes: usize,
    pub(crate) tags: usize,
    pub(crate) block_depth: usize,
    pub(crate) subexpression_depth: usize,
    pub(crate) parameters: usize,
    pub(crate) partials: usize,
    pub(crate) partial_depth: usize,
    pub(crate) nesting: usize,
    pub(crate) compile_work: u64,
    pub(crate) output_bytes: usize,
    pub(crate) work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 1 << 20,
            tags: 2_000,
            block_depth: 64,
            subexpression_depth: 16,
            parameters: 200,
            partials: 200,
            partial_depth: 16,
            nesting: DEEPEST,
            compile_work: 15_000_000,
            output_bytes: 16 << 20,
            work: 500_000,
        }
    }
}

impl Limits {
    /// Bytes of one source; 1 MiB.
    pub fn source_bytes(mut self, bytes: usize) -> Self {
        self.source_bytes = bytes;
        self
    }

    /// Tags of a template together with its partials, comments and escaped tags among them; 2,000.
    pub fn tags(mut self, tags: usize) -> Self {
        self.tags = tags;
        self
    }

    /// Blocks within blocks in one source, where each `{{else if}}` counts as one; 64, at most 128.
    pub fn block_depth(mut self, depth: usize) -> Self {
        self.block_depth = depth.min(DEEPEST);
        self
    }

    /// Subexpressions, lists and objects within each other in one tag; 16, at most 128.
    pub fn subexpression_depth(mut self, depth: usize) -> Self {
        self.subexpression_depth = depth.min(DEEPEST);
        self
    }

    /// Parameters of one tag, with those of its subexpressions; 200.
    pub fn parameters(mut self, parameters: usize) -> Self {
        self.parameters = parameters;
        self
    }

    /// Partials that a template may reach; 200.
    pub fn partials(mut self, partials: usize) -> Self {
        self.partials = partials;
        self
    }

    /// Partials within partials; 16, at most 128. Blocks and partials together nest 128 deep.
    pub fn partial_depth(mut self, depth: usize) -> Self {
        self.partial_depth = depth.min(DEEPEST);
        self
    }

    /// The parser's work, as the sum over all tags of the bytes before each in its piece; 15 million.
    ///
    /// The parser of handlebars counts lines from the start of what it is given for every tag. It is
    /// given pieces, in which a text between tags counts as its outer blanks and one byte, or as it
    /// is where it holds an escaped `\{{`. A piece ends before a tag outside of blocks, so this limit
    /// is met by a block with very many tags, not by many blocks.
    pub fn compile_work(mut self, bytes: u64) -> Self {
        self.compile_work = bytes;
        self
    }

    /// Bytes of the rendered text, and of each text that a helper makes on the way; 16 MiB.
    pub fn output_bytes(mut self, bytes: usize) -> Self {
        self.output_bytes = bytes;
        self
    }

    /// Steps of rendering, about one for each tag in each turn of each loop and partial; 500,000.
    pub fn work(mut self, steps: u64) -> Self {
        self.work = steps;
        self
    }
}

/// Which of the [`Limits`] was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::source_bytes`].
    SourceBytes,
    /// [`Limits::tags`].
    Tags,
    /// [`Limits::block_depth`].
    BlockDepth,
    /// [`Limits::subexpression_depth`].
    SubexpressionDepth,
    /// [`Limits::parameters`].
    Parameters,
    /// [`Limits::partials`].
    Partials,
    /// [`Limits::partial_depth`], or blocks and partials together.
    PartialDepth,
    /// [`Limits::compile_work`].
    CompileWork,
    /// [`Limits::output_bytes`].
    OutputBytes,
    /// [`Limits::work`].
    Work,
}

impl Limit {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let limits = [
            Self::SourceBytes,
            Self::Tags,
            Self::BlockDepth,
            Self::SubexpressionDepth,
            Self::Parameters,
            Self::Partials,
            Self::PartialDepth,
            Self::CompileWork,
            Self::OutputBytes,
            Self::Work,
        ];
        limits.into_iter()
    }

    /// The limit's diagnostic code, such as `limit-tags`.
    pub fn code(self) -> &'static str {
        match self {
            Self::SourceBytes => "limit-source-bytes",
            Self::Tags => "limit-tags",
            Self::BlockDepth => "limit-block-depth",
            Self::SubexpressionDepth => "limit-subexpression-depth",
            Self::Parameters => "limit-parameters",
            Self::Partials => "limit-partials",
            Self::PartialDepth => "limit-partial-depth",
            Self::CompileWork => "limit-compile-work",
            Self::OutputBytes => "limit-output-bytes",
            Self::Work => "limit-work",
        }
    }

    /// The sentence that tells a person what was reached, with the number that is allowed.
    pub(crate) fn message(self, allowed: u64) -> String {
        match self {
            Self::SourceBytes => format!("the template is longer than {allowed} bytes"),
            Self::Tags => format!("the template has more than {allowed} tags"),
            Self::BlockDepth => format!("blocks are nested more than {allowed} deep"),
            Self::SubexpressionDepth => {
                format!("subexpressions are nested more than {allowed} deep")
            }
            Self::Parameters => format!("the tag has more than {allowed} parameters"),
            Self::Partials => format!("the template reaches more than {allowed} partials"),
            Self::PartialDepth => {
                format!("partials and the blocks around them are nested more than {allowed} deep")
            }
            Self::CompileWork => "the template is too long for as many tags as it has".to_owned(),
            Self::OutputBytes => format!("the rendered text is longer than {allowed} bytes"),
            Self::Work => format!("rendering takes more than {allowed} steps"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
