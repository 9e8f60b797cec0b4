//! Row ids as newtypes: 32-bit integers, as the predecessor has them. They appear in no reference.

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        pub struct $name(pub i32);
    )*};
}

row_id! {
    /// A row of `projects`.
    ProjectId
    /// A row of `prompts`.
    PromptId
    /// A row of `prompt_versions`.
    VersionId
    /// A row of `template_slots`.
    SlotId
    /// A row of `orchestration_sessions`; its public id is a text.
    SessionRowId
}
