//! `prompt-tool orchestration template edit | rollback`.

use super::Outcome;
use crate::cli::{NewContent, ReferenceArgument};
use crate::context::Context;
use crate::output::Output;

pub(super) fn edit(_: &ReferenceArgument, _: &NewContent, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}

pub(super) fn rollback(_: &ReferenceArgument, _draft: bool, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
