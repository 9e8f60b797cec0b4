-- Nothing is lost: the columns wait in a kept_ table for the next `up`.
LOCK TABLE orchestration_sessions IN ACCESS EXCLUSIVE MODE;
CREATE TABLE kept_session_prompt_refs AS
SELECT id, orchestrator_prompt_id, analysis_prompt_id, implementation_prompt_id, rendered_orchestrator, rendered_analysis, rendered_implementation, template_type
FROM orchestration_sessions;
DROP INDEX idx_orchestration_prompt_refs;
ALTER TABLE orchestration_sessions
    DROP COLUMN template_type,
    DROP COLUMN rendered_implementation,
    DROP COLUMN rendered_analysis,
    DROP COLUMN rendered_orchestrator,
    DROP COLUMN implementation_prompt_id,
    DROP COLUMN analysis_prompt_id,
    DROP COLUMN orchestrator_prompt_id;
