//! `prompt-tool orchestration template used-by`.

use super::Outcome;
use crate::cli::ReferenceArgument;
use crate::context::Context;
use crate::output::Output;

pub(super) fn run(_: &ReferenceArgument, _limit: usize, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
