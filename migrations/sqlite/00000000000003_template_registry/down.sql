-- Nothing is lost: the rows wait in kept_ tables for the next `up`.
DROP TRIGGER prompt_versions_refuse_update;
DROP TRIGGER prompt_versions_refuse_delete;
DROP TRIGGER prompt_versions_refuse_bypass;
DROP TRIGGER prompt_version_details_refuse_update;
DROP TRIGGER prompt_version_details_refuse_delete;
DROP TRIGGER prompt_version_details_refuse_bypass;
CREATE TABLE kept_prompt_labels AS SELECT prompt_id, label, version_number FROM prompt_labels;
DROP TABLE prompt_labels;
CREATE TABLE kept_prompt_version_details AS SELECT prompt_version_id, author, sha256, variables, config FROM prompt_version_details;
DROP TABLE prompt_version_details;
CREATE TABLE kept_orchestration_templates AS SELECT prompt_id, slot_id, removed_at FROM orchestration_templates;
DROP TABLE orchestration_templates;
CREATE TABLE kept_template_slots AS SELECT id, project_id, template_type, feature_type, active_prompt_id FROM template_slots;
DROP TABLE template_slots;
