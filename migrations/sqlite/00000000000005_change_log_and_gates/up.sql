-- The change log, what stands between a label and a version, and what a version is tagged with.
--
-- changes is a hash chain: sha256 covers the digest of the entry before and all other columns. subject is the
-- name as it was at that time, and prompt_id no foreign key: what an entry names may be gone.

CREATE TABLE changes (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at DATETIME NOT NULL,
    actor VARCHAR(100) NOT NULL,
    action VARCHAR(40) NOT NULL,
    subject VARCHAR(310) NOT NULL,
    prompt_id INTEGER,
    details TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL
);

-- What moving a label asks for. A label without a row moves freely.
CREATE TABLE label_policies (
    prompt_id INTEGER NOT NULL,
    label VARCHAR(36) NOT NULL,
    is_protected BOOLEAN NOT NULL,
    needs_tests BOOLEAN NOT NULL,
    needs_known_variables BOOLEAN NOT NULL,
    PRIMARY KEY (prompt_id, label),
    FOREIGN KEY (prompt_id) REFERENCES prompts (id)
);

CREATE TABLE template_tests (
    prompt_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    variables TEXT NOT NULL,
    assertions TEXT NOT NULL,
    PRIMARY KEY (prompt_id, name),
    FOREIGN KEY (prompt_id) REFERENCES prompts (id)
);

CREATE TABLE version_tags (
    prompt_version_id INTEGER NOT NULL,
    tag VARCHAR(50) NOT NULL,
    PRIMARY KEY (prompt_version_id, tag),
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

-- Why the feature type is the one it is, where it was suggested and not given.
ALTER TABLE session_details ADD COLUMN feature_reason TEXT;

CREATE INDEX ix_changes_prompt ON changes (prompt_id, sequence);
CREATE INDEX ix_version_tags_tag ON version_tags (tag);

CREATE TRIGGER version_tags_refuse_update BEFORE UPDATE ON version_tags
BEGIN
    SELECT RAISE(ABORT, 'a version is immutable: add a new one');
END;
CREATE TRIGGER version_tags_refuse_delete BEFORE DELETE ON version_tags
BEGIN
    SELECT RAISE(ABORT, 'a version is immutable: add a new one');
END;
CREATE TRIGGER changes_refuse_update BEFORE UPDATE ON changes
BEGIN
    SELECT RAISE(ABORT, 'the change log is only added to');
END;
CREATE TRIGGER changes_refuse_delete BEFORE DELETE ON changes
BEGIN
    SELECT RAISE(ABORT, 'the change log is only added to');
END;
-- INSERT OR REPLACE deletes without a word to the trigger above.
CREATE TRIGGER version_tags_refuse_bypass BEFORE INSERT ON version_tags
WHEN EXISTS (SELECT 1 FROM version_tags WHERE prompt_version_id = NEW.prompt_version_id AND tag = NEW.tag)
BEGIN
    SELECT RAISE(ABORT, 'a version is immutable: add a new one');
END;
CREATE TRIGGER changes_refuse_bypass BEFORE INSERT ON changes
WHEN EXISTS (SELECT 1 FROM changes WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'the change log is only added to');
END;

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_changes (
    sequence INTEGER,
    at DATETIME,
    actor VARCHAR(100),
    action VARCHAR(40),
    subject VARCHAR(310),
    prompt_id INTEGER,
    details TEXT,
    sha256 VARCHAR(64)
);
INSERT INTO changes (sequence, at, actor, action, subject, prompt_id, details, sha256)
SELECT sequence, at, actor, action, subject, prompt_id, details, sha256 FROM kept_changes ORDER BY sequence;
DROP TABLE kept_changes;
CREATE TABLE IF NOT EXISTS kept_label_policies (
    prompt_id INTEGER,
    label VARCHAR(36),
    is_protected BOOLEAN,
    needs_tests BOOLEAN,
    needs_known_variables BOOLEAN
);
INSERT INTO label_policies (prompt_id, label, is_protected, needs_tests, needs_known_variables)
SELECT prompt_id, label, is_protected, needs_tests, needs_known_variables FROM kept_label_policies
WHERE prompt_id IN (SELECT id FROM prompts);
DROP TABLE kept_label_policies;
CREATE TABLE IF NOT EXISTS kept_template_tests (
    prompt_id INTEGER,
    name VARCHAR(100),
    variables TEXT,
    assertions TEXT
);
INSERT INTO template_tests (prompt_id, name, variables, assertions)
SELECT prompt_id, name, variables, assertions FROM kept_template_tests
WHERE prompt_id IN (SELECT id FROM prompts);
DROP TABLE kept_template_tests;
CREATE TABLE IF NOT EXISTS kept_version_tags (
    prompt_version_id INTEGER,
    tag VARCHAR(50)
);
INSERT INTO version_tags (prompt_version_id, tag)
SELECT prompt_version_id, tag FROM kept_version_tags
WHERE prompt_version_id IN (SELECT id FROM prompt_versions);
DROP TABLE kept_version_tags;
CREATE TABLE IF NOT EXISTS kept_feature_reasons (
    orchestration_session_id INTEGER,
    feature_reason TEXT
);
UPDATE session_details SET feature_reason = (
    SELECT k.feature_reason FROM kept_feature_reasons k
    WHERE k.orchestration_session_id = session_details.orchestration_session_id
)
WHERE orchestration_session_id IN (SELECT orchestration_session_id FROM kept_feature_reasons);
DROP TABLE kept_feature_reasons;
