-- What is ours of a session: its state, what it pins and why, its variables, and the times of its phases.
--
-- written_status and written_at are what our last write left in the predecessor's row. Where they differ
-- from the row, the predecessor wrote since, and the state is derived anew.

CREATE TABLE session_details (
    orchestration_session_id INTEGER NOT NULL PRIMARY KEY,
    state VARCHAR(20) NOT NULL,
    actor VARCHAR(100) NOT NULL,
    feature_type VARCHAR(50) NOT NULL DEFAULT '',
    variables TEXT NOT NULL,
    nonce VARCHAR(64) NOT NULL,
    implementation_output TEXT,
    written_status VARCHAR(20),
    written_at DATETIME,
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id)
);

CREATE TABLE session_pins (
    orchestration_session_id INTEGER NOT NULL,
    template_type VARCHAR(20) NOT NULL,
    prompt_version_id INTEGER NOT NULL,
    scope VARCHAR(24) NOT NULL,
    closure_digest VARCHAR(64) NOT NULL,
    reasons TEXT NOT NULL,
    PRIMARY KEY (orchestration_session_id, template_type),
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id),
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

CREATE TABLE session_partials (
    orchestration_session_id INTEGER NOT NULL,
    reference VARCHAR(400) NOT NULL,
    prompt_version_id INTEGER NOT NULL,
    PRIMARY KEY (orchestration_session_id, reference),
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id),
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

CREATE TABLE session_phases (
    orchestration_session_id INTEGER NOT NULL,
    phase VARCHAR(20) NOT NULL,
    started_at DATETIME NOT NULL,
    finished_at DATETIME,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (orchestration_session_id, phase),
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id)
);

CREATE INDEX ix_session_pins_version ON session_pins (prompt_version_id);
CREATE INDEX ix_session_partials_version ON session_partials (prompt_version_id);

CREATE TRIGGER session_pins_refuse_update BEFORE UPDATE ON session_pins
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;
CREATE TRIGGER session_pins_refuse_delete BEFORE DELETE ON session_pins
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;
CREATE TRIGGER session_partials_refuse_update BEFORE UPDATE ON session_partials
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;
CREATE TRIGGER session_partials_refuse_delete BEFORE DELETE ON session_partials
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;
-- INSERT OR REPLACE deletes without a word to the trigger above.
CREATE TRIGGER session_pins_refuse_bypass BEFORE INSERT ON session_pins
WHEN EXISTS (SELECT 1 FROM session_pins WHERE orchestration_session_id = NEW.orchestration_session_id AND template_type = NEW.template_type)
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;
CREATE TRIGGER session_partials_refuse_bypass BEFORE INSERT ON session_partials
WHEN EXISTS (SELECT 1 FROM session_partials WHERE orchestration_session_id = NEW.orchestration_session_id AND reference = NEW.reference)
BEGIN
    SELECT RAISE(ABORT, 'what a session pins is never changed');
END;

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_session_details (
    orchestration_session_id INTEGER,
    state VARCHAR(20),
    actor VARCHAR(100),
    feature_type VARCHAR(50),
    variables TEXT,
    nonce VARCHAR(64),
    implementation_output TEXT,
    written_status VARCHAR(20),
    written_at DATETIME
);
INSERT INTO session_details (orchestration_session_id, state, actor, feature_type, variables, nonce, implementation_output, written_status, written_at)
SELECT orchestration_session_id, state, actor, feature_type, variables, nonce, implementation_output, written_status, written_at FROM kept_session_details
WHERE orchestration_session_id IN (SELECT id FROM orchestration_sessions);
DROP TABLE kept_session_details;
CREATE TABLE IF NOT EXISTS kept_session_pins (
    orchestration_session_id INTEGER,
    template_type VARCHAR(20),
    prompt_version_id INTEGER,
    scope VARCHAR(24),
    closure_digest VARCHAR(64),
    reasons TEXT
);
INSERT INTO session_pins (orchestration_session_id, template_type, prompt_version_id, scope, closure_digest, reasons)
SELECT orchestration_session_id, template_type, prompt_version_id, scope, closure_digest, reasons FROM kept_session_pins
WHERE orchestration_session_id IN (SELECT id FROM orchestration_sessions)
  AND prompt_version_id IN (SELECT id FROM prompt_versions);
DROP TABLE kept_session_pins;
CREATE TABLE IF NOT EXISTS kept_session_partials (
    orchestration_session_id INTEGER,
    reference VARCHAR(400),
    prompt_version_id INTEGER
);
INSERT INTO session_partials (orchestration_session_id, reference, prompt_version_id)
SELECT orchestration_session_id, reference, prompt_version_id FROM kept_session_partials
WHERE orchestration_session_id IN (SELECT id FROM orchestration_sessions)
  AND prompt_version_id IN (SELECT id FROM prompt_versions);
DROP TABLE kept_session_partials;
CREATE TABLE IF NOT EXISTS kept_session_phases (
    orchestration_session_id INTEGER,
    phase VARCHAR(20),
    started_at DATETIME,
    finished_at DATETIME,
    attempts INTEGER
);
INSERT INTO session_phases (orchestration_session_id, phase, started_at, finished_at, attempts)
SELECT orchestration_session_id, phase, started_at, finished_at, attempts FROM kept_session_phases
WHERE orchestration_session_id IN (SELECT id FROM orchestration_sessions);
DROP TABLE kept_session_phases;
