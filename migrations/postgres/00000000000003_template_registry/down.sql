-- Nothing is lost: the rows wait in kept_ tables for the next `up`. Writers wait until it is done.
LOCK TABLE projects, prompts, prompt_versions, template_slots, orchestration_templates,
    prompt_version_details, prompt_labels IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER prompt_versions_refuse_update ON prompt_versions;
DROP TRIGGER prompt_versions_refuse_delete ON prompt_versions;
DROP TRIGGER prompt_versions_refuse_bypass ON prompt_versions;
DROP FUNCTION prompt_versions_refuse();
DROP TRIGGER prompt_version_details_refuse_update ON prompt_version_details;
DROP TRIGGER prompt_version_details_refuse_delete ON prompt_version_details;
DROP TRIGGER prompt_version_details_refuse_bypass ON prompt_version_details;
DROP FUNCTION prompt_version_details_refuse();
CREATE TABLE kept_prompt_labels AS SELECT prompt_id, label, version_number FROM prompt_labels;
DROP TABLE prompt_labels;
CREATE TABLE kept_prompt_version_details AS SELECT prompt_version_id, author, sha256, variables, config FROM prompt_version_details;
DROP TABLE prompt_version_details;
ALTER TABLE template_slots DROP CONSTRAINT fk_template_slots_active;
CREATE TABLE kept_orchestration_templates AS SELECT prompt_id, slot_id, removed_at FROM orchestration_templates;
DROP TABLE orchestration_templates;
CREATE TABLE kept_template_slots AS SELECT id, project_id, template_type, feature_type, active_prompt_id FROM template_slots;
DROP TABLE template_slots;
