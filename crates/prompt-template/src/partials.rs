//! Where partials come from.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Gives the text of a partial by the name that stands in `{{> name}}`.
///
/// A template's partials are asked for once each, while it is compiled.
pub trait PartialSource {
    /// The text of the partial, or `None` where there is none of that name.
    fn partial(&self, name: &str) -> Option<Cow<'_, str>>;
}

/// A source without partials.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoPartials;

impl PartialSource for NoPartials {
    fn partial(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }
}

impl PartialSource for BTreeMap<String, String> {
    fn partial(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|text| Cow::Borrowed(text.as_str()))
    }
}

impl<S: BuildHasher> PartialSource for HashMap<String, String, S> {
    fn partial(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|text| Cow::Borrowed(text.as_str()))
    }
}

impl<T: PartialSource + ?Sized> PartialSource for &T {
    fn partial(&self, name: &str) -> Option<Cow<'_, str>> {
        (**self).partial(name)
    }
}
