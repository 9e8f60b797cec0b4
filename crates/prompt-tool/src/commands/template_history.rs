//! `prompt-tool orchestration template history | diff`.

use prompt_runner::manager::Reference;

use super::Outcome;
use crate::cli::{InProject, ReferenceArgument};
use crate::context::Context;
use crate::output::Output;

pub(super) fn history(_: &ReferenceArgument, _limit: u32, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}

pub(super) fn diff(
    _: &Reference,
    _: Option<&Reference>,
    _: &InProject,
    _: &Context,
    _: &mut Output,
) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
