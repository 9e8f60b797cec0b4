//! A file of tests.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{BadTest, TemplateTest, phrase};

pub(super) fn parse(text: &str) -> Result<Vec<TemplateTest>, BadTest> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let File(tests) =
        serde_json::from_str(text).map_err(|error| BadTest::Unreadable { reason: error.to_string() })?;
    let mut names = HashSet::new();
    for (index, test) in tests.iter().enumerate() {
        test.check_name(&(index + 1).to_string())?;
        let label = phrase::quoted(&test.name);
        if !names.insert(&test.name) {
            return Err(BadTest::Duplicate { test: label });
        }
        test.check_rest(&label)?;
    }
    Ok(tests)
}

/// Either form of a file.
struct File(Vec<TemplateTest>);

/// A list of tests, each of which an error can name.
struct Tests(Vec<TemplateTest>);

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FileVisitor)
    }
}

impl<'de> Deserialize<'de> for Tests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FileVisitor).map(|File(tests)| Self(tests))
    }
}

struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tests, or an object with the list as `tests`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<File, A::Error> {
        let mut tests = Vec::new();
        loop {
            let number = tests.len() + 1;
            let test = list
                .next_element::<TemplateTest>()
                .map_err(|error| A::Error::custom(format_args!("test {number}: {error}")))?;
            match test {
                None => return Ok(File(tests)),
                Some(_) if number > TemplateTest::TESTS => {
                    let limit = TemplateTest::TESTS;
                    return Err(A::Error::custom(format_args!("there are more than {limit} tests")));
                }
                Some(test) => tests.push(test),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != "tests" {
                let key = phrase::quoted(&key);
                return Err(A::Error::custom(format_args!("unknown field {key}, expected `tests`")));
            }
            let Tests(tests) = map.next_value()?;
            if found.replace(tests).is_some() {
                return Err(A::Error::duplicate_field("tests"));
            }
        }
        found.map(File).ok_or_else(|| A::Error::missing_field("tests"))
    }
}
