//! Compiling with handlebars in pieces and with less text: the same result for a fraction of the work.
//!
//! The parser of handlebars takes its time over each character of a text, and counts lines from the
//! start of what it is given for each tag. So it is given less, in two ways; our scan knows the tags.
//!
//! 1. Of each text between two tags, the part between its outer blanks becomes one character that no
//!    source may hold. Handlebars looks at the blanks alone, to see which tag stands alone on its line,
//!    what a `~` takes away, and how far a partial is indented.
//! 2. A source is cut before tags at top level. The piece before the cut ends with that character, in
//!    place of the tag. The piece after it begins with that character, in place of what came before, and
//!    with the blanks before its tag. These blanks stand in both pieces, and what both leave of them stays.
//!
//! Then the texts and the places are put back and the pieces joined. The result is equal to that of
//! `Template::compile`, places and all; the tests compare them. Whatever is not as expected makes
//! [`Plan::compile`] give up, as does every error, and the caller compiles the whole source plainly.
//!
//! Tags in one block are not parted, so a big block stays slow: [`Plan::work`] tells.

use std::ops::Range;

use handlebars::Template;
use handlebars::template::TemplateElement;

/// Stands for what is left out. The scan refuses a source that holds it.
const HOLE: char = '\0';
/// Bytes that a piece has before it is cut. Tests cut more often.
const LONG_PIECE: usize = if cfg!(test) { 30 } else { 200 };
/// Bytes that a text has before it is left out.
const LONG_TEXT: usize = 4;

/// A tag in a source, or a raw block from its first tag to its last.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) range: Range<usize>,
    pub(crate) comment: bool,
    /// It begins outside of all blocks.
    pub(crate) top: bool,
}

/// What handlebars is given for a source.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// All pieces, one after the other.
    short: String,
    pieces: Vec<Piece>,
    /// What was left out, in order.
    texts: Vec<Range<usize>>,
    /// The sum over all tags of the bytes before each in its piece, and over backslashes in a row.
    pub(crate) work: u64,
    /// The same for the whole source.
    pub(crate) whole_work: u64,
    /// What both may be.
    pub(crate) allowed: u64,
}

/// A part of the short text, and how it continues the piece before it.
#[derive(Debug)]
struct Piece {
    start: usize,
    anchors: Vec<Anchor>,
    /// No text stands before its first tag.
    abuts: bool,
    /// Bytes of blanks before its first tag, which are in the piece before it too.
    blanks: usize,
}

/// From here on to the next anchor, places in the source run along with those in the piece.
#[derive(Debug)]
struct Anchor {
    piece: Place,
    source: Place,
}

impl Plan {
    /// Plans for a source with these tags, which are all of its tags, in order.
    ///
    /// # Errors
    ///
    /// The first tag, or the text at the end, with which the work becomes more than allowed.
    pub(crate) fn new(source: &str, marks: &[Mark], allowed: u64) -> Result<Self, Range<usize>> {
        let mut draft = Draft::new();
        let mut tilde = Tilde::default();
        let mut at = 0;
        for Mark { range, comment, top } in marks {
            let text = &source[at..range.start];
            draft.text(text, at);
            tilde.text(text);
            // A backslash acts on the braces that follow it.
            if *top && draft.piece_len() >= LONG_PIECE && !tilde.reaches_on() && !text.ends_with('\\') {
                draft.cut(text);
            }
            draft.plan.whole_work += range.start as u64;
            draft.plan.work += draft.piece_len() as u64;
            if draft.plan.work > allowed {
                return Err(range.clone());
            }
            let tag = &source[range.clone()];
            draft.copy(tag);
            tilde.tag(tag, *comment);
            at = range.end;
        }
        draft.text(&source[at..], at);
        if draft.plan.work > allowed {
            return Err(at..source.len());
        }
        draft.plan.allowed = allowed;
        Ok(draft.plan)
    }

    /// The template of handlebars, or nothing where the source has to be compiled plainly.
    pub(crate) fn compile(&self, source: &str, name: &str) -> Option<Template> {
        let mut whole = Template::new();
        whole.name = Some(name.to_owned());
        let mut texts = self.texts.iter().map(|range| &source[range.clone()]);
        let mut pieces = self.pieces.iter().peekable();
        let mut is_first = true;
        while let Some(piece) = pieces.next() {
            let next = pieces.peek();
            let end = next.map_or(self.short.len(), |next| next.start);
            let mut part = Template::compile(&self.short[piece.start..end]).ok()?;
            if !is_first {
                piece.join(&mut whole, &mut part)?;
            }
            if let Some(next) = next {
                next.close(&mut part)?;
            }
            piece.restore(&mut part, &mut texts)?;
            whole.elements.append(&mut part.elements);
            whole.mapping.append(&mut part.mapping);
            is_first = false;
        }
        (texts.next().is_none() && !is_first).then_some(whole)
    }
}

impl Piece {
    /// Takes the hole from the end of the piece before this one.
    fn close(&self, before: &mut Template) -> Option<()> {
        let Some(TemplateElement::RawString(text)) = before.elements.last_mut() else {
            return None;
        };
        (text.pop()? == HOLE).then_some(())?;
        if self.abuts {
            text.is_empty().then_some(())?;
            before.elements.pop();
            before.mapping.pop();
        }
        Some(())
    }

    /// Takes the first text from this piece, and from the piece before it what handlebars took of it.
    fn join(&self, before: &mut Template, part: &mut Template) -> Option<()> {
        (part.elements.len() == part.mapping.len() && !part.elements.is_empty()).then_some(())?;
        part.mapping.remove(0);
        let TemplateElement::RawString(left) = part.elements.remove(0) else {
            return None;
        };
        let taken = self.blanks.checked_sub(left.strip_prefix(HOLE)?.len())?;
        if let Some(TemplateElement::RawString(text)) = before.elements.last_mut() {
            text.truncate(text.len().saturating_sub(taken));
        }
        Some(())
    }

    /// Puts texts and places back, in the order of the source.
    fn restore<'s>(&self, part: &mut Template, texts: &mut impl Iterator<Item = &'s str>) -> Option<()> {
        for mapping in &mut part.mapping {
            let place = self.place(Place { line: mapping.0, column: mapping.1 });
            (mapping.0, mapping.1) = (place.line, place.column);
        }
        for element in &mut part.elements {
            match element {
                TemplateElement::RawString(text) if text.contains(HOLE) => {
                    let mut kept = text.split(HOLE);
                    let mut full = kept.next()?.to_owned();
                    for kept in kept {
                        full.push_str(texts.next()?);
                        full.push_str(kept);
                    }
                    *text = full;
                }
                TemplateElement::HelperBlock(block) => {
                    for part in [&mut block.template, &mut block.inverse].into_iter().flatten() {
                        self.restore(part, texts)?;
                    }
                }
                TemplateElement::DecoratorBlock(block) | TemplateElement::PartialBlock(block) => {
                    if let Some(part) = &mut block.template {
                        self.restore(part, texts)?;
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    /// The place in the source of a place in this piece.
    fn place(&self, place: Place) -> Place {
        let after = self.anchors.partition_point(|anchor| anchor.piece <= place);
        let Some(Anchor { piece, source }) = self.anchors[..after].last() else {
            return place;
        };
        if place.line > piece.line {
            return Place { line: source.line + place.line - piece.line, ..place };
        }
        Place { line: source.line, column: source.column + place.column - piece.column }
    }
}

/// The work that backslashes are: the parser looks at each again for each before it in a row.
fn backslashes(text: &str) -> u64 {
    let (mut work, mut row, mut next) = (0, 0, 0);
    for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
        row = if at == next { row + 1 } else { 1 };
        next = at + 1;
        work += row;
    }
    work
}

/// A plan in the making.
struct Draft {
    plan: Plan,
    /// How far the current piece has got.
    piece: Place,
    /// How far the source has got.
    source: Place,
}

impl Draft {
    fn new() -> Self {
        let first = Piece { start: 0, anchors: Vec::new(), abuts: false, blanks: 0 };
        let plan = Plan { pieces: vec![first], ..Plan::default() };
        Self { plan, piece: Place::START, source: Place::START }
    }

    fn piece_len(&self) -> usize {
        self.plan.short.len() - self.plan.pieces.last().map_or(0, |piece| piece.start)
    }

    fn copy(&mut self, text: &str) {
        self.plan.short.push_str(text);
        self.piece = self.piece.after(text);
        self.source = self.source.after(text);
    }

    /// Adds the text that stands at this offset.
    fn text(&mut self, text: &str, at: usize) {
        let inner = text.trim();
        let slow = backslashes(text);
        self.plan.whole_work += slow;
        // A text has two braces only where they are escaped, and handlebars takes the backslash away.
        if inner.len() < LONG_TEXT || inner.contains("{{") || text.ends_with('\\') {
            self.plan.work += slow;
            self.copy(text);
            return;
        }
        let before = text.len() - text.trim_start().len();
        let after = before + inner.len();
        self.copy(&text[..before]);
        self.plan.texts.push(at + before..at + after);
        self.plan.short.push(HOLE);
        self.piece.column += 1;
        self.source = self.source.after(inner);
        self.anchor();
        self.copy(&text[after..]);
    }

    /// Begins a new piece before the tag that comes after this text.
    fn cut(&mut self, text: &str) {
        let blanks = &text[text.trim_end().len()..];
        self.plan.short.push(HOLE);
        self.plan.pieces.push(Piece {
            start: self.plan.short.len(),
            anchors: Vec::new(),
            abuts: text.is_empty(),
            blanks: blanks.len(),
        });
        self.plan.short.push(HOLE);
        self.plan.short.push_str(blanks);
        self.piece = Place { column: 2, ..Place::START }.after(blanks);
        self.anchor();
    }

    fn anchor(&mut self) {
        let Self { piece, source, .. } = *self;
        if let Some(last) = self.plan.pieces.last_mut() {
            last.anchors.push(Anchor { piece, source });
        }
    }
}

/// What a `~` at the end of a tag does beyond the text that follows it.
#[derive(Default)]
struct Tilde {
    /// The last tag that is not a comment has one: it acts on each text up to the next such tag.
    acts: bool,
    /// It may have taken a line end that handlebars still wants to take from the next text.
    owes: bool,
}

impl Tilde {
    fn reaches_on(&self) -> bool {
        self.acts || self.owes
    }

    fn text(&mut self, text: &str) {
        self.owes &= self.acts || text.is_empty();
    }

    fn tag(&mut self, tag: &str, comment: bool) {
        let has_one = tag.trim_end_matches(['}', ' ', '\t', '\n', '\r']).ends_with('~');
        self.owes |= has_one;
        if !comment {
            self.acts = has_one;
        }
    }
}

/// A line and a column as handlebars counts them, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    /// The place after a text that stands here.
    fn after(self, text: &str) -> Self {
        let Some(last) = memchr::memrchr(b'\n', text.as_bytes()) else {
            return Self { column: self.column + text.chars().count(), ..self };
        };
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        Self { line: self.line + lines, column: text[last..].chars().count() }
    }
}

#[cfg(test)]
mod tests;
