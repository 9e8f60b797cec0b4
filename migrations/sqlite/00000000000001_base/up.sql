-- The tables of the predecessor, prompt_tool, in its own shape. Do not change them: it may still write here.

CREATE TABLE projects (
    id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME,
    PRIMARY KEY (id),
    UNIQUE (name)
);

CREATE TABLE categories (
    id INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    PRIMARY KEY (id),
    CONSTRAINT uq_categories_project_name UNIQUE (project_id, name),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE TABLE prompts (
    id INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    category_id INTEGER,
    name VARCHAR(200) NOT NULL,
    description TEXT,
    content TEXT NOT NULL,
    is_template BOOLEAN DEFAULT 0 NOT NULL,
    template_vars JSON,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME,
    PRIMARY KEY (id),
    CONSTRAINT uq_prompts_project_name UNIQUE (project_id, name),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
);

CREATE TABLE prompt_versions (
    id INTEGER NOT NULL,
    prompt_id INTEGER NOT NULL,
    version_number INTEGER NOT NULL,
    content TEXT NOT NULL,
    change_notes TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    CONSTRAINT uq_prompt_versions_number UNIQUE (prompt_id, version_number),
    FOREIGN KEY (prompt_id) REFERENCES prompts (id) ON DELETE CASCADE
);

CREATE TABLE executions (
    id INTEGER NOT NULL,
    prompt_version_id INTEGER NOT NULL,
    model VARCHAR(100),
    variables JSON,
    rendered_prompt TEXT,
    response TEXT,
    success BOOLEAN,
    tokens_used INTEGER,
    cost NUMERIC(10, 6),
    duration_ms FLOAT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

CREATE TABLE orchestration_sessions (
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

CREATE TABLE orchestration_executions (
    orchestration_session_id INTEGER NOT NULL,
    execution_id INTEGER NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (orchestration_session_id, execution_id),
    FOREIGN KEY (orchestration_session_id) REFERENCES orchestration_sessions (id),
    FOREIGN KEY (execution_id) REFERENCES executions (id)
);

CREATE INDEX ix_prompts_is_template ON prompts (is_template);
CREATE INDEX ix_orchestration_sessions_project_id ON orchestration_sessions (project_id);
CREATE INDEX ix_orchestration_sessions_status ON orchestration_sessions (status);

-- What the last `down` kept aside comes back; on a new database the kept tables are empty.
CREATE TABLE IF NOT EXISTS kept_projects (
    id INTEGER,
    name VARCHAR(100),
    description TEXT,
    created_at DATETIME,
    updated_at DATETIME
);
INSERT INTO projects (id, name, description, created_at, updated_at)
SELECT id, name, description, created_at, updated_at FROM kept_projects;
DROP TABLE kept_projects;
CREATE TABLE IF NOT EXISTS kept_categories (
    id INTEGER,
    project_id INTEGER,
    name VARCHAR(100),
    description TEXT
);
INSERT INTO categories (id, project_id, name, description)
SELECT id, project_id, name, description FROM kept_categories;
DROP TABLE kept_categories;
CREATE TABLE IF NOT EXISTS kept_prompts (
    id INTEGER,
    project_id INTEGER,
    category_id INTEGER,
    name VARCHAR(200),
    description TEXT,
    content TEXT,
    is_template BOOLEAN,
    template_vars JSON,
    created_at DATETIME,
    updated_at DATETIME
);
INSERT INTO prompts (id, project_id, category_id, name, description, content, is_template, template_vars, created_at, updated_at)
SELECT id, project_id, category_id, name, description, content, is_template, template_vars, created_at, updated_at FROM kept_prompts;
DROP TABLE kept_prompts;
CREATE TABLE IF NOT EXISTS kept_prompt_versions (
    id INTEGER,
    prompt_id INTEGER,
    version_number INTEGER,
    content TEXT,
    change_notes TEXT,
    created_at DATETIME
);
INSERT INTO prompt_versions (id, prompt_id, version_number, content, change_notes, created_at)
SELECT id, prompt_id, version_number, content, change_notes, created_at FROM kept_prompt_versions;
DROP TABLE kept_prompt_versions;
CREATE TABLE IF NOT EXISTS kept_executions (
    id INTEGER,
    prompt_version_id INTEGER,
    model VARCHAR(100),
    variables JSON,
    rendered_prompt TEXT,
    response TEXT,
    success BOOLEAN,
    tokens_used INTEGER,
    cost NUMERIC(10, 6),
    duration_ms FLOAT,
    created_at DATETIME
);
INSERT INTO executions (id, prompt_version_id, model, variables, rendered_prompt, response, success, tokens_used, cost, duration_ms, created_at)
SELECT id, prompt_version_id, model, variables, rendered_prompt, response, success, tokens_used, cost, duration_ms, created_at FROM kept_executions;
DROP TABLE kept_executions;
CREATE TABLE IF NOT EXISTS kept_orchestration_sessions (
    id INTEGER,
    session_id VARCHAR(36),
    project_id INTEGER,
    feature_request TEXT,
    status VARCHAR(20),
    orchestrator_template TEXT,
    analysis_template TEXT,
    implementation_template TEXT,
    execution_notes TEXT,
    analysis_results TEXT,
    complexity VARCHAR(20),
    time_estimate VARCHAR(50),
    created_at DATETIME,
    updated_at DATETIME
);
INSERT INTO orchestration_sessions (id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at)
SELECT id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at FROM kept_orchestration_sessions;
DROP TABLE kept_orchestration_sessions;
CREATE TABLE IF NOT EXISTS kept_orchestration_executions (
    orchestration_session_id INTEGER,
    execution_id INTEGER,
    created_at DATETIME
);
INSERT INTO orchestration_executions (orchestration_session_id, execution_id, created_at)
SELECT orchestration_session_id, execution_id, created_at FROM kept_orchestration_executions;
DROP TABLE kept_orchestration_executions;
