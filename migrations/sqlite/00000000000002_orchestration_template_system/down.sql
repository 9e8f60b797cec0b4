-- Nothing is lost: the columns wait in a kept_ table for the next `up`.
CREATE TABLE kept_session_prompt_refs AS
SELECT id, orchestrator_prompt_id, analysis_prompt_id, implementation_prompt_id, rendered_orchestrator, rendered_analysis, rendered_implementation, template_type
FROM orchestration_sessions;

-- SQLite cannot drop a column that a foreign key uses, so the table is built again in its old shape.
-- The runner switches foreign keys off around a migration and checks them afterwards.
CREATE TABLE rebuilt_orchestration_sessions (
    id INTEGER NOT NULL,
    session_id VARCHAR(36) NOT NULL,
    project_id INTEGER,
    feature_request TEXT NOT NULL,
    status VARCHAR(20),
    orchestrator_template TEXT,
    analysis_template TEXT,
    implementation_template TEXT,
    execution_notes TEXT,
    analysis_results TEXT,
    complexity VARCHAR(20),
    time_estimate VARCHAR(50),
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME,
    PRIMARY KEY (id),
    UNIQUE (session_id),
    FOREIGN KEY (project_id) REFERENCES projects (id)
);
INSERT INTO rebuilt_orchestration_sessions (id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at)
SELECT id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at FROM orchestration_sessions;
DROP TABLE orchestration_sessions;
ALTER TABLE rebuilt_orchestration_sessions RENAME TO orchestration_sessions;
CREATE INDEX ix_orchestration_sessions_project_id ON orchestration_sessions (project_id);
CREATE INDEX ix_orchestration_sessions_status ON orchestration_sessions (status);
