//! The examples of the book.

use std::fs;
use std::path::Path;

use prompt_template::convert::{ConvertOptions, Dialect, Values, convert};

#[test]
fn the_examples_of_the_book_are_converted_as_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/converting.md");
    let book = fs::read_to_string(path).unwrap();
    let mut blocks = Vec::new();
    for part in book.split("\n```").collect::<Vec<_>>().chunks(2) {
        if let [_, block] = part {
            blocks.push(block.split_once('\n').unwrap());
        }
    }
    let mut dialects = Vec::new();
    for pair in blocks.chunks(2) {
        let [(name, source), ("handlebars", expected)] = pair else {
            panic!("an example is not followed by its Handlebars: {pair:?}");
        };
        let dialect: Dialect = name.parse().unwrap();
        let values = if dialect == Dialect::Brackets { Values::Text } else { Values::Python };
        let conversion = convert(dialect, source, &ConvertOptions::default().values(values));
        assert_eq!(conversion.handlebars.as_deref(), Some(*expected), "{:?}", conversion.report);
        dialects.push(dialect);
    }
    assert_eq!(dialects, [Dialect::Jinja2, Dialect::Format, Dialect::Brackets]);
}
