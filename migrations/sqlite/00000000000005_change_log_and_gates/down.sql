-- Nothing is lost: the rows wait in kept_ tables for the next `up`.
DROP TRIGGER version_tags_refuse_update;
DROP TRIGGER version_tags_refuse_delete;
DROP TRIGGER version_tags_refuse_bypass;
DROP TRIGGER changes_refuse_update;
DROP TRIGGER changes_refuse_delete;
DROP TRIGGER changes_refuse_bypass;
CREATE TABLE kept_feature_reasons AS SELECT orchestration_session_id, feature_reason FROM session_details WHERE feature_reason IS NOT NULL;
ALTER TABLE session_details DROP COLUMN feature_reason;
CREATE TABLE kept_version_tags AS SELECT prompt_version_id, tag FROM version_tags;
DROP TABLE version_tags;
CREATE TABLE kept_template_tests AS SELECT prompt_id, name, variables, assertions FROM template_tests;
DROP TABLE template_tests;
CREATE TABLE kept_label_policies AS SELECT prompt_id, label, is_protected, needs_tests, needs_known_variables FROM label_policies;
DROP TABLE label_policies;
CREATE TABLE kept_changes AS SELECT sequence, at, actor, action, subject, prompt_id, details, sha256 FROM changes;
DROP TABLE changes;
