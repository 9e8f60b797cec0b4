//! `prompt-tool orchestration template label`.

use super::Outcome;
use crate::cli::LabelCommand;
use crate::context::Context;
use crate::output::Output;

pub(super) fn run(_: &LabelCommand, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
