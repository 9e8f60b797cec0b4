//! The statements that the registry benchmark compares with, and their rows.

use rusqlite::Row;

/// As the library resolves: all that the answer depends on, in one statement.
pub(crate) const RESOLVE: &str = "SELECT j.name, s.feature_type, s.active_prompt_id, p.id, p.name, t.removed_at, \
     v.id, v.version_number, d.sha256 \
     FROM projects j \
     LEFT JOIN template_slots s ON s.project_id = j.id AND s.template_type = ?1 \
         AND (s.feature_type = '' OR s.feature_type = ?2) \
     LEFT JOIN orchestration_templates t ON t.slot_id = s.id \
     LEFT JOIN prompts p ON p.id = t.prompt_id \
     LEFT JOIN prompt_labels l ON l.prompt_id = p.id AND l.label = 'production' \
     LEFT JOIN prompt_versions v ON v.prompt_id = l.prompt_id AND v.version_number = l.version_number \
     LEFT JOIN prompt_version_details d ON d.prompt_version_id = v.id \
     WHERE (j.name = ?3 OR j.name = '__global__') \
         AND (p.id IS NULL OR s.active_prompt_id = p.id OR ?4)";

pub(crate) type CandidateRow = (
    String,
    Option<String>,
    Option<i32>,
    Option<i32>,
    Option<String>,
    Option<String>,
    Option<i32>,
    Option<i32>,
    Option<String>,
);

pub(crate) fn candidate_columns(row: &Row<'_>) -> rusqlite::Result<CandidateRow> {
    row.try_into()
}

/// What a program would read that knows that the slot has a template.
pub(crate) const POINT: &str = "SELECT v.id, v.version_number, d.sha256, p.id, p.name \
     FROM projects j \
     JOIN template_slots s ON s.project_id = j.id AND s.template_type = ?1 AND s.feature_type = ?2 \
     JOIN prompts p ON p.id = s.active_prompt_id \
     JOIN prompt_labels l ON l.prompt_id = p.id AND l.label = 'production' \
     JOIN prompt_versions v ON v.prompt_id = l.prompt_id AND v.version_number = l.version_number \
     LEFT JOIN prompt_version_details d ON d.prompt_version_id = v.id \
     WHERE j.name = ?3";

pub(crate) type PointRow = (i32, i32, Option<String>, i32, String);

pub(crate) fn point_columns(row: &Row<'_>) -> rusqlite::Result<PointRow> {
    row.try_into()
}

pub(crate) const SLOT_AND_TEXT: &str = "SELECT v.content \
     FROM projects j \
     JOIN template_slots s ON s.project_id = j.id AND s.template_type = ?1 AND s.feature_type = ?2 \
     JOIN prompt_labels l ON l.prompt_id = s.active_prompt_id AND l.label = 'production' \
     JOIN prompt_versions v ON v.prompt_id = l.prompt_id AND v.version_number = l.version_number \
     WHERE j.name = ?3";

/// The templates of a page with their current versions, the first of its three statements: one for all would
/// jump about in the file.
pub(crate) const PAGE: &str = "SELECT p.id, j.name, p.name, p.description, p.is_template, c.name, \
     s.template_type, s.feature_type, s.active_prompt_id, \
     v.id, v.version_number, v.change_notes, v.created_at, d.author, d.sha256, d.config \
     FROM projects j \
     JOIN prompts p ON p.project_id = j.id \
     LEFT JOIN orchestration_templates t ON t.prompt_id = p.id \
     LEFT JOIN template_slots s ON s.id = t.slot_id \
     LEFT JOIN categories c ON c.id = p.category_id \
     LEFT JOIN prompt_labels l ON l.prompt_id = p.id AND l.label = 'production' \
     LEFT JOIN prompt_versions v ON v.prompt_id = l.prompt_id AND v.version_number = l.version_number \
     LEFT JOIN prompt_version_details d ON d.prompt_version_id = v.id \
     WHERE j.name >= ?1 AND (j.name > ?1 OR p.name > ?2) AND t.removed_at IS NULL AND s.template_type IS NOT NULL \
     ORDER BY j.name, p.name LIMIT 100";

pub(crate) type PageRow = (
    i32,
    String,
    String,
    Option<String>,
    bool,
    Option<String>,
    String,
    String,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

pub(crate) fn page_columns(row: &Row<'_>) -> rusqlite::Result<PageRow> {
    row.try_into()
}

/// The newest versions of 100 prompts.
pub(crate) fn latest_of_100() -> String {
    let ids = ids_of_100();
    format!(
        "SELECT prompt_id, max(version_number) FROM prompt_versions WHERE prompt_id IN ({ids}) GROUP BY 1"
    )
}

/// The labels of 100 prompts.
pub(crate) fn labels_of_100() -> String {
    let ids = ids_of_100();
    format!(
        "SELECT prompt_id, label, version_number FROM prompt_labels WHERE prompt_id IN ({ids}) ORDER BY 1, 2"
    )
}

fn ids_of_100() -> String {
    vec!["?"; 100].join(", ")
}
