-- Templates: which slot each stands in, which one of a slot is active, what the predecessor's
-- versions do not say of a version, and the labels that move.
--
-- A slot is (type, project, feature type); '' is the slot of no feature type. That at most one of its
-- templates is active is the shape of the table, not a rule beside it.

CREATE TABLE template_slots (
    id SERIAL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    template_type VARCHAR(20) NOT NULL,
    feature_type VARCHAR(50) NOT NULL DEFAULT '',
    active_prompt_id INTEGER,
    CONSTRAINT uq_template_slots_place UNIQUE (template_type, project_id, feature_type),
    FOREIGN KEY (project_id) REFERENCES projects (id)
);

CREATE TABLE orchestration_templates (
    prompt_id INTEGER NOT NULL PRIMARY KEY,
    slot_id INTEGER NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT uq_orchestration_templates_slot UNIQUE (slot_id, prompt_id),
    FOREIGN KEY (prompt_id) REFERENCES prompts (id),
    FOREIGN KEY (slot_id) REFERENCES template_slots (id)
);

CREATE TABLE prompt_version_details (
    prompt_version_id INTEGER NOT NULL PRIMARY KEY,
    author VARCHAR(100) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    variables JSON,
    config JSON,
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

CREATE TABLE prompt_labels (
    prompt_id INTEGER NOT NULL,
    label VARCHAR(36) NOT NULL,
    version_number INTEGER NOT NULL,
    PRIMARY KEY (prompt_id, label),
    CONSTRAINT fk_prompt_labels_version FOREIGN KEY (prompt_id, version_number)
        REFERENCES prompt_versions (prompt_id, version_number)
);

ALTER TABLE template_slots
    ADD CONSTRAINT fk_template_slots_active FOREIGN KEY (id, active_prompt_id)
        REFERENCES orchestration_templates (slot_id, prompt_id);

CREATE INDEX ix_prompt_version_details_sha256 ON prompt_version_details (sha256);

CREATE FUNCTION prompt_versions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version is immutable: add a new one';
END
$$;
CREATE TRIGGER prompt_versions_refuse_update BEFORE UPDATE ON prompt_versions
    FOR EACH ROW EXECUTE FUNCTION prompt_versions_refuse();
CREATE TRIGGER prompt_versions_refuse_delete BEFORE DELETE ON prompt_versions
    FOR EACH ROW EXECUTE FUNCTION prompt_versions_refuse();
CREATE TRIGGER prompt_versions_refuse_bypass BEFORE TRUNCATE ON prompt_versions
    FOR EACH STATEMENT EXECUTE FUNCTION prompt_versions_refuse();
CREATE FUNCTION prompt_version_details_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version is immutable: add a new one';
END
$$;
CREATE TRIGGER prompt_version_details_refuse_update BEFORE UPDATE ON prompt_version_details
    FOR EACH ROW EXECUTE FUNCTION prompt_version_details_refuse();
CREATE TRIGGER prompt_version_details_refuse_delete BEFORE DELETE ON prompt_version_details
    FOR EACH ROW EXECUTE FUNCTION prompt_version_details_refuse();
CREATE TRIGGER prompt_version_details_refuse_bypass BEFORE TRUNCATE ON prompt_version_details
    FOR EACH STATEMENT EXECUTE FUNCTION prompt_version_details_refuse();

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_template_slots (
    id INTEGER,
    project_id INTEGER,
    template_type VARCHAR(20),
    feature_type VARCHAR(50),
    active_prompt_id INTEGER
);
INSERT INTO template_slots (id, project_id, template_type, feature_type)
SELECT id, project_id, template_type, feature_type FROM kept_template_slots WHERE project_id IN (SELECT id FROM projects);
SELECT setval('template_slots_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM template_slots), false);
CREATE TABLE IF NOT EXISTS kept_orchestration_templates (
    prompt_id INTEGER,
    slot_id INTEGER,
    removed_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO orchestration_templates (prompt_id, slot_id, removed_at)
SELECT prompt_id, slot_id, removed_at FROM kept_orchestration_templates
WHERE prompt_id IN (SELECT id FROM prompts) AND slot_id IN (SELECT id FROM template_slots);
DROP TABLE kept_orchestration_templates;
UPDATE template_slots SET active_prompt_id = (
    SELECT k.active_prompt_id FROM kept_template_slots k
    JOIN orchestration_templates t ON t.slot_id = k.id AND t.prompt_id = k.active_prompt_id
    WHERE k.id = template_slots.id
);
DROP TABLE kept_template_slots;
CREATE TABLE IF NOT EXISTS kept_prompt_version_details (
    prompt_version_id INTEGER,
    author VARCHAR(100),
    sha256 VARCHAR(64),
    variables JSON,
    config JSON
);
INSERT INTO prompt_version_details (prompt_version_id, author, sha256, variables, config)
SELECT prompt_version_id, author, sha256, variables, config FROM kept_prompt_version_details
WHERE prompt_version_id IN (SELECT id FROM prompt_versions);
DROP TABLE kept_prompt_version_details;
CREATE TABLE IF NOT EXISTS kept_prompt_labels (
    prompt_id INTEGER,
    label VARCHAR(36),
    version_number INTEGER
);
INSERT INTO prompt_labels (prompt_id, label, version_number)
SELECT prompt_id, label, version_number FROM kept_prompt_labels
WHERE EXISTS (
    SELECT 1 FROM prompt_versions v
    WHERE v.prompt_id = kept_prompt_labels.prompt_id
      AND v.version_number = kept_prompt_labels.version_number
);
DROP TABLE kept_prompt_labels;
