-- The predecessor's revision 23f95d91cb56: prompts and rendered texts of a session.

ALTER TABLE orchestration_sessions ADD COLUMN orchestrator_prompt_id INTEGER
    CONSTRAINT fk_orch_orchestrator_prompt_id REFERENCES prompts (id);
ALTER TABLE orchestration_sessions ADD COLUMN analysis_prompt_id INTEGER
    CONSTRAINT fk_orch_analysis_prompt_id REFERENCES prompts (id);
ALTER TABLE orchestration_sessions ADD COLUMN implementation_prompt_id INTEGER
    CONSTRAINT fk_orch_implementation_prompt_id REFERENCES prompts (id);
ALTER TABLE orchestration_sessions ADD COLUMN rendered_orchestrator TEXT;
ALTER TABLE orchestration_sessions ADD COLUMN rendered_analysis TEXT;
ALTER TABLE orchestration_sessions ADD COLUMN rendered_implementation TEXT;
ALTER TABLE orchestration_sessions ADD COLUMN template_type VARCHAR(50);
CREATE INDEX idx_orchestration_prompt_refs ON orchestration_sessions (
    orchestrator_prompt_id, analysis_prompt_id, implementation_prompt_id
);

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_session_prompt_refs (
    id INTEGER,
    orchestrator_prompt_id INTEGER,
    analysis_prompt_id INTEGER,
    implementation_prompt_id INTEGER,
    rendered_orchestrator TEXT,
    rendered_analysis TEXT,
    rendered_implementation TEXT,
    template_type VARCHAR(50)
);
UPDATE orchestration_sessions SET
    orchestrator_prompt_id = (SELECT k.orchestrator_prompt_id FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    analysis_prompt_id = (SELECT k.analysis_prompt_id FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    implementation_prompt_id = (SELECT k.implementation_prompt_id FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    rendered_orchestrator = (SELECT k.rendered_orchestrator FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    rendered_analysis = (SELECT k.rendered_analysis FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    rendered_implementation = (SELECT k.rendered_implementation FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id),
    template_type = (SELECT k.template_type FROM kept_session_prompt_refs k WHERE k.id = orchestration_sessions.id)
WHERE id IN (SELECT id FROM kept_session_prompt_refs);
DROP TABLE kept_session_prompt_refs;
