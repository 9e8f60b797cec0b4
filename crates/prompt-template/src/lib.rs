#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod check;
mod diagnostic;
mod digest;
mod engine;
mod error;
mod excerpt;
mod helpers;
mod limits;
mod load;
mod partials;
mod run;
mod syntax;
mod template;
mod walk;
mod weave;

pub use serde_json;

pub use crate::check::{Check, Use, Variable};
pub use crate::diagnostic::{Code, Diagnostic, Span};
pub use crate::digest::sha256_hex;
pub use crate::engine::Engine;
pub use crate::error::{Error, Problems};
pub use crate::excerpt::is_hidden;
pub use crate::helpers::helper_names;
pub use crate::limits::{Limit, Limits};
pub use crate::partials::{NoPartials, PartialSource};
pub use crate::template::{Missing, RenderOptions, Template};
