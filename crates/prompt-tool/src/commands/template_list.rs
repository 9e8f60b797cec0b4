//! Lists of templates and prompts: narrowed, in pages.

use prompt_runner::model::{FeatureType, OrchestrationTemplateType};

use super::Outcome;
use crate::cli::SearchArguments;
use crate::context::Context;
use crate::output::Output;

/// What narrows a list of templates beside the search.
pub(super) struct TemplatesOnly<'a> {
    pub(super) template_type: Option<OrchestrationTemplateType>,
    pub(super) feature_type: Option<&'a FeatureType>,
    pub(super) removed: bool,
}

pub(super) fn templates(_: &SearchArguments, _: &TemplatesOnly<'_>, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}

pub(super) fn prompts(_: &SearchArguments, _: &Context, _: &mut Output) -> Outcome {
    Err(crate::failure::Failure::failed("not there yet"))
}
