//! The tables, as the migrations leave them: `cargo xtask schema` compares.

#![allow(clippy::wildcard_imports, reason = "the form in which diesel writes a table")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    projects (id) {
        id -> Integer,
        name -> Text,
        description -> Nullable<Text>,
        created_at -> Nullable<TimestamptzUtc>,
        updated_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    categories (id) {
        id -> Integer,
        project_id -> Integer,
        name -> Text,
        description -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    prompts (id) {
        id -> Integer,
        project_id -> Integer,
        category_id -> Nullable<Integer>,
        name -> Text,
        description -> Nullable<Text>,
        content -> Text,
        is_template -> Bool,
        template_vars -> Nullable<JsonText>,
        created_at -> Nullable<TimestamptzUtc>,
        updated_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    prompt_versions (id) {
        id -> Integer,
        prompt_id -> Integer,
        version_number -> Integer,
        content -> Text,
        change_notes -> Nullable<Text>,
        created_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    executions (id) {
        id -> Integer,
        prompt_version_id -> Integer,
        model -> Nullable<Text>,
        variables -> Nullable<JsonText>,
        rendered_prompt -> Nullable<Text>,
        response -> Nullable<Text>,
        success -> Nullable<Bool>,
        tokens_used -> Nullable<Integer>,
        cost -> Nullable<NumericValue>,
        duration_ms -> Nullable<Double>,
        created_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    orchestration_sessions (id) {
        id -> Integer,
        session_id -> Text,
        project_id -> Nullable<Integer>,
        feature_request -> Text,
        status -> Nullable<Text>,
        orchestrator_template -> Nullable<Text>,
        analysis_template -> Nullable<Text>,
        implementation_template -> Nullable<Text>,
        execution_notes -> Nullable<Text>,
        analysis_results -> Nullable<Text>,
        complexity -> Nullable<Text>,
        time_estimate -> Nullable<Text>,
        created_at -> Nullable<TimestamptzUtc>,
        updated_at -> Nullable<TimestamptzUtc>,
        orchestrator_prompt_id -> Nullable<Integer>,
        analysis_prompt_id -> Nullable<Integer>,
        implementation_prompt_id -> Nullable<Integer>,
        rendered_orchestrator -> Nullable<Text>,
        rendered_analysis -> Nullable<Text>,
        rendered_implementation -> Nullable<Text>,
        template_type -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    orchestration_executions (orchestration_session_id, execution_id) {
        orchestration_session_id -> Integer,
        execution_id -> Integer,
        created_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    template_slots (id) {
        id -> Integer,
        project_id -> Integer,
        template_type -> Text,
        feature_type -> Text,
        active_prompt_id -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    orchestration_templates (prompt_id) {
        prompt_id -> Integer,
        slot_id -> Integer,
        removed_at -> Nullable<TimestamptzUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    prompt_version_details (prompt_version_id) {
        prompt_version_id -> Integer,
        author -> Text,
        sha256 -> Text,
        variables -> Nullable<JsonText>,
        config -> Nullable<JsonText>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    prompt_labels (prompt_id, label) {
        prompt_id -> Integer,
        label -> Text,
        version_number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    session_details (orchestration_session_id) {
        orchestration_session_id -> Integer,
        state -> Text,
        actor -> Text,
        feature_type -> Text,
        variables -> JsonText,
        nonce -> Text,
        implementation_output -> Nullable<Text>,
        written_status -> Nullable<Text>,
        written_at -> Nullable<TimestamptzUtc>,
        feature_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    session_pins (orchestration_session_id, template_type) {
        orchestration_session_id -> Integer,
        template_type -> Text,
        prompt_version_id -> Integer,
        scope -> Text,
        closure_digest -> Text,
        reasons -> JsonText,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    session_partials (orchestration_session_id, reference) {
        orchestration_session_id -> Integer,
        reference -> Text,
        prompt_version_id -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    session_phases (orchestration_session_id, phase) {
        orchestration_session_id -> Integer,
        phase -> Text,
        started_at -> TimestamptzUtc,
        finished_at -> Nullable<TimestamptzUtc>,
        attempts -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    changes (sequence) {
        sequence -> Integer,
        at -> TimestamptzUtc,
        actor -> Text,
        action -> Text,
        subject -> Text,
        prompt_id -> Nullable<Integer>,
        details -> JsonText,
        sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    label_policies (prompt_id, label) {
        prompt_id -> Integer,
        label -> Text,
        is_protected -> Bool,
        needs_tests -> Bool,
        needs_known_variables -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    template_tests (prompt_id, name) {
        prompt_id -> Integer,
        name -> Text,
        variables -> JsonText,
        assertions -> JsonText,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    version_tags (prompt_version_id, tag) {
        prompt_version_id -> Integer,
        tag -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    projects,
    categories,
    prompts,
    prompt_versions,
    executions,
    orchestration_sessions,
    orchestration_executions,
    template_slots,
    orchestration_templates,
    prompt_version_details,
    prompt_labels,
    session_details,
    session_pins,
    session_partials,
    session_phases,
    changes,
    label_policies,
    template_tests,
    version_tags,
);
