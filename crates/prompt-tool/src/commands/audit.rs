//! `prompt-tool audit`.

use super::Outcome;
use crate::cli::AuditCommand;
use crate::context::Context;
use crate::output::Output;

pub(super) fn run(_: &AuditCommand, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
