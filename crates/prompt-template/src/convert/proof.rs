//! The proof that a written template is what was meant: it compiles, and its texts are the same.

use handlebars::Template;
use handlebars::template::{HelperTemplate, TemplateElement};

use crate::Engine;
use crate::convert::pieces::Piece;
use crate::diagnostic::Code;

/// What stands against a template: the line, the construct and the reason.
type Refusal = (usize, String, String);

/// Compiles a template and compares its texts with those of the pieces.
pub(super) fn prove(handlebars: &str, pieces: &[Piece]) -> Result<(), Refusal> {
    if is_slow(handlebars) {
        let reason = "it has more backslashes or literal braces than Handlebars reads in good time";
        return Err((1, "size".to_owned(), reason.to_owned()));
    }
    let check = Engine::default().check("", handlebars);
    // A text that shows a tag of Jinja2 is meant as text.
    let mut refused = check.diagnostics.iter().filter(|diagnostic| diagnostic.code != Code::ForeignTag);
    if let Some(diagnostic) = refused.next() {
        let construct = match diagnostic.code {
            Code::Limit(_) => "size",
            _ => "handlebars",
        };
        let reason = format!("its Handlebars is refused: {}", diagnostic.message);
        return Err((1, construct.to_owned(), reason));
    }
    let refuse = |reason: &str| (1, "handlebars".to_owned(), reason.to_owned());
    let template = Template::compile(handlebars).map_err(|error| refuse(&error.to_string()))?;
    let mut found = String::new();
    texts(&template, &mut found);
    if found == expected(pieces) {
        return Ok(());
    }
    Err(refuse("Handlebars would print its text with other white space or braces"))
}

/// The parser of handlebars looks ahead over all backslashes at each of them, and moves the whole text
/// at each escape.
fn is_slow(handlebars: &str) -> bool {
    const MOST_BACKSLASHES: usize = 500;
    const MOST_ESCAPES: usize = 2_000;
    let bytes = handlebars.as_bytes();
    let longest = bytes.split(|byte| *byte != b'\\').map(<[u8]>::len).max().unwrap_or_default();
    longest > MOST_BACKSLASHES || handlebars.matches("\\{{").count() > MOST_ESCAPES
}

/// Stands for a tag among texts.
const TAG: char = '\0';

fn expected(pieces: &[Piece]) -> String {
    let mut expected = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => expected.push_str(text),
            Piece::Print(_) | Piece::Partial(_) => expected.push(TAG),
            Piece::Block(_) => {}
        }
    }
    expected
}

/// All texts of a template, in their order. Its depth is bounded by the check before.
fn texts(template: &Template, found: &mut String) {
    for element in &template.elements {
        match element {
            TemplateElement::RawString(text) => found.push_str(text),
            TemplateElement::HelperBlock(block) => block_texts(block, found),
            TemplateElement::Expression(print) => match literal_braces(print) {
                Some(braces) => found.push_str(braces),
                None => found.push(TAG),
            },
            TemplateElement::Comment(_) => {}
            _ => found.push(TAG),
        }
    }
}

fn block_texts(block: &HelperTemplate, found: &mut String) {
    for part in [&block.template, &block.inverse].into_iter().flatten() {
        texts(part, found);
    }
}

/// The braces of `{{concat "{"}}`, which stand for themselves.
fn literal_braces(print: &HelperTemplate) -> Option<&str> {
    use handlebars::template::Parameter;
    match print.params.as_slice() {
        [Parameter::Literal(value)] if print.name.as_name() == Some("concat") => {
            value.as_str().filter(|text| !text.is_empty() && text.bytes().all(|byte| byte == b'{'))
        }
        _ => None,
    }
}
