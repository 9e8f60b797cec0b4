//! From the events of the parser to a tree.

use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::yaml::scalar::plain;
use crate::yaml::{DEEPEST, Entry, LONGEST, MOST_NODES, Node, Yaml};

/// Reads the YAML in a range of a text, with the places of the text. `None` where there is no tree.
pub(crate) fn read(text: &str, range: Range<usize>) -> (Option<Node>, Vec<Problem>) {
    let yaml = &text[range.clone()];
    if yaml.len() > LONGEST {
        let message = format!("the front matter is longer than {LONGEST} bytes");
        return (None, vec![Problem::new(Code::FrontMatter, range.start..range.start, message)]);
    }
    let mut tree = Tree {
        parser: Parser::new_from_str(yaml),
        offsets: Offsets::new(yaml, range.start),
        nodes: 0,
        problems: Vec::new(),
    };
    match tree.document() {
        Ok(node) => (node, tree.problems),
        Err(problem) => {
            tree.problems.push(problem);
            (None, tree.problems)
        }
    }
}

/// The parser counts characters.
struct Offsets {
    start: usize,
    /// The byte of each character, where these are not the same.
    bytes: Option<Vec<usize>>,
    end: usize,
}

impl Offsets {
    fn new(yaml: &str, start: usize) -> Self {
        let bytes = (!yaml.is_ascii()).then(|| yaml.char_indices().map(|(at, _)| at).collect());
        Self { start, bytes, end: yaml.len() }
    }

    fn byte(&self, index: usize) -> usize {
        let byte = self.bytes.as_ref().map_or(index, |bytes| bytes.get(index).copied().unwrap_or(self.end));
        self.start + byte.min(self.end)
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }
}

type Read<T> = Result<T, Problem>;

struct Tree<'y> {
    parser: Parser<'y, StrInput<'y>>,
    offsets: Offsets,
    nodes: usize,
    problems: Vec<Problem>,
}

impl<'y> Tree<'y> {
    fn next(&mut self) -> Read<(Event<'y>, Range<usize>)> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.offsets.range(span))),
            Some(Err(error)) => Err(self.not_yaml(&error)),
            None => Ok((Event::StreamEnd, self.offsets.end..self.offsets.end)),
        }
    }

    fn not_yaml(&self, error: &ScanError) -> Problem {
        let at = self.offsets.byte(error.marker().index());
        Problem::new(Code::FrontMatter, at..at + 1, format!("this is not YAML: {}", error.info()))
    }

    fn document(&mut self) -> Read<Option<Node>> {
        let mut node = None;
        loop {
            let (event, range) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(node),
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if node.is_none() => {
                    let (event, range) = self.next()?;
                    node = Some(self.node(event, range, 0)?);
                }
                _ => {
                    let message = "front matter is a single document of YAML";
                    return Err(Problem::new(Code::FrontMatter, range, message));
                }
            }
        }
    }

    fn refuse(&mut self, range: &Range<usize>, message: impl Into<String>) {
        if self.problems.len() < 100 {
            self.problems.push(Problem::new(Code::FrontMatter, range.clone(), message));
        }
    }

    fn node(&mut self, event: Event<'y>, range: Range<usize>, depth: usize) -> Read<Node> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            let message = if depth > DEEPEST {
                format!("front matter is nested at most {DEEPEST} deep")
            } else {
                format!("front matter has at most {MOST_NODES} keys and values")
            };
            return Err(Problem::new(Code::FrontMatter, range, message));
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
            _ => (0, false),
        };
        if anchor != 0 {
            self.refuse(&range, "anchors (`&name`) are not read here; the value is written out");
        }
        if tag {
            self.refuse(&range, "tags (`!name`) are not read here");
        }
        let (yaml, end) = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => (self.plain(&text, &range), range.end),
            Event::Scalar(text, ..) => (Yaml::Text(text.into_owned()), range.end),
            Event::SequenceStart(..) => self.list(depth, range.end)?,
            Event::MappingStart(..) => self.map(depth, range.end)?,
            Event::Alias(_) => {
                self.refuse(&range, "aliases (`*name`) are not read here; the value is written out");
                (Yaml::Null, range.end)
            }
            _ => {
                let message = "a value is missing here";
                return Err(Problem::new(Code::FrontMatter, range, message));
            }
        };
        Ok(Node { yaml, range: range.start..end.max(range.start) })
    }

    fn plain(&mut self, text: &str, range: &Range<usize>) -> Yaml {
        plain(text).unwrap_or_else(|message| {
            self.refuse(range, message);
            Yaml::Null
        })
    }

    fn list(&mut self, depth: usize, mut end: usize) -> Read<(Yaml, usize)> {
        let mut items = Vec::new();
        loop {
            let (event, range) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok((Yaml::List(items), end));
            }
            let item = self.node(event, range, depth + 1)?;
            end = item.range.end;
            items.push(item);
        }
    }

    fn map(&mut self, depth: usize, mut end: usize) -> Read<(Yaml, usize)> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known = HashSet::new();
        loop {
            let (event, key_range) = self.next()?;
            if event == Event::MappingEnd {
                return Ok((Yaml::Map(entries), end));
            }
            let key = match &event {
                Event::Scalar(text, style, ..) if !text.is_empty() || *style != ScalarStyle::Plain => {
                    text.clone().into_owned()
                }
                _ => {
                    let hint = "a key is a text; a value that begins with `{` or `[` is put in quotes";
                    return Err(Problem::new(Code::FrontMatter, key_range, hint));
                }
            };
            // A key is what is written, be it `1` or `true`.
            let as_text = match event {
                Event::Scalar(text, _, anchor, tag) => {
                    Event::Scalar(text, ScalarStyle::DoubleQuoted, anchor, tag)
                }
                other => other,
            };
            self.node(as_text, key_range.clone(), depth + 1)?;
            let (event, range) = self.next()?;
            let value = self.node(event, range, depth + 1)?;
            end = value.range.end.max(key_range.end);
            if !known.insert(key.clone()) {
                self.refuse(&key_range, format!("`{}` is here twice", short(&key)));
                continue;
            }
            entries.push(Entry { key, key_range, value });
        }
    }
}
