-- What is ours of a session: its state, what it pins and why, its variables, and the times of its phases.
--
-- written_status and written_at are what our last write left in the predecessor's row. Where they differ
-- from the row, the predecessor wrote since, and the state is derived anew.

CREATE TABLE session_details (
    orchestration_session_id INTEGER NOT NULL PRIMARY KEY,
    state VARCHAR(20) NOT NULL,
    actor VARCHAR(100) NOT NULL,
    feature_type VARCHAR(50) NOT NULL DEFAULT '',
    variables JSON NOT NULL,
    nonce VARCHAR(64) NOT NULL,
    implementation_output TEXT,
    written_status VARCHAR(20),
    written_at TIMESTAMP WITH TIME ZONE,
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id)
);

CREATE TABLE session_pins (
    orchestration_session_id INTEGER NOT NULL,
    template_type VARCHAR(20) NOT NULL,
    prompt_version_id INTEGER NOT NULL,
    scope VARCHAR(24) NOT NULL,
    closure_digest VARCHAR(64) NOT NULL,
    reasons JSON NOT NULL,
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
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (orchestration_session_id, phase),
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id)
);

CREATE INDEX ix_session_pins_version ON session_pins (prompt_version_id);
CREATE INDEX ix_session_partials_version ON session_partials (prompt_version_id);

CREATE FUNCTION session_pins_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a session pins is never changed';
END
$$;
CREATE TRIGGER session_pins_refuse_update BEFORE UPDATE ON session_pins
    FOR EACH ROW EXECUTE FUNCTION session_pins_refuse();
CREATE TRIGGER session_pins_refuse_delete BEFORE DELETE ON session_pins
    FOR EACH ROW EXECUTE FUNCTION session_pins_refuse();
CREATE TRIGGER session_pins_refuse_bypass BEFORE TRUNCATE ON session_pins
    FOR EACH STATEMENT EXECUTE FUNCTION session_pins_refuse();
CREATE FUNCTION session_partials_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a session pins is never changed';
END
$$;
CREATE TRIGGER session_partials_refuse_update BEFORE UPDATE ON session_partials
    FOR EACH ROW EXECUTE FUNCTION session_partials_refuse();
CREATE TRIGGER session_partials_refuse_delete BEFORE DELETE ON session_partials
    FOR EACH ROW EXECUTE FUNCTION session_partials_refuse();
CREATE TRIGGER session_partials_refuse_bypass BEFORE TRUNCATE ON session_partials
    FOR EACH STATEMENT EXECUTE FUNCTION session_partials_refuse();

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_session_details (
    orchestration_session_id INTEGER,
    state VARCHAR(20),
    actor VARCHAR(100),
    feature_type VARCHAR(50),
    variables JSON,
    nonce VARCHAR(64),
    implementation_output TEXT,
    written_status VARCHAR(20),
    written_at TIMESTAMP WITH TIME ZONE
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
    reasons JSON
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
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER
);
INSERT INTO session_phases (orchestration_session_id, phase, started_at, finished_at, attempts)
SELECT orchestration_session_id, phase, started_at, finished_at, attempts FROM kept_session_phases
WHERE orchestration_session_id IN (SELECT id FROM orchestration_sessions);
DROP TABLE kept_session_phases;
