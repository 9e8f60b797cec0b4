#![doc = include_str!("../README.md")]
//!
//! # Features
//!
//! - `convert`: the module `convert`, which writes templates of Jinja2, format strings of Python and texts
//!   with placeholders in brackets as Handlebars, and reports what cannot be converted.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod check;
#[cfg(feature = "convert")]
pub mod convert;
mod declare;
mod diagnostic;
mod digest;
mod engine;
mod error;
mod excerpt;
mod file;
mod helpers;
mod limits;
mod load;
mod partials;
mod pieces;
mod preflight;
mod program;
mod run;
mod sanitise;
mod syntax;
mod template;
mod walk;
mod weave;
mod yaml;

pub use serde_json;

pub use crate::check::{Check, CheckOptions, Use, Variable};
pub use crate::declare::{Declaration, Declarations, Field, Fields, Kind};
pub use crate::diagnostic::{Code, Diagnostic, Severity, Span};
pub use crate::digest::sha256_hex;
pub use crate::engine::Engine;
pub use crate::error::{Error, Problems};
pub use crate::excerpt::is_hidden;
pub use crate::file::{FileName, FrontMatter, Input, Output, PromptFile};
pub use crate::helpers::{HelperDoc, helper_names, helpers};
pub use crate::limits::{Limit, Limits};
pub use crate::partials::{NoPartials, PartialSource};
pub use crate::sanitise::Hidden;
pub use crate::template::{Missing, RenderOptions, Template};
