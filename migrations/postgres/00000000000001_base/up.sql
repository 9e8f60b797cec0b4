-- The tables of the predecessor, prompt_tool, in its own shape. Do not change them: it may still write here.

CREATE TABLE projects (
    id SERIAL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
    updated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT projects_name_key UNIQUE (name)
);

CREATE TABLE categories (
    id SERIAL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    CONSTRAINT uq_categories_project_name UNIQUE (project_id, name),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE TABLE prompts (
    id SERIAL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    category_id INTEGER,
    name VARCHAR(200) NOT NULL,
    description TEXT,
    content TEXT NOT NULL,
    is_template BOOLEAN DEFAULT false NOT NULL,
    template_vars JSON,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
    updated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT uq_prompts_project_name UNIQUE (project_id, name),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
);

CREATE TABLE prompt_versions (
    id SERIAL PRIMARY KEY,
    prompt_id INTEGER NOT NULL,
    version_number INTEGER NOT NULL,
    content TEXT NOT NULL,
    change_notes TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
    CONSTRAINT uq_prompt_versions_number UNIQUE (prompt_id, version_number),
    FOREIGN KEY (prompt_id) REFERENCES prompts (id) ON DELETE CASCADE
);

CREATE TABLE executions (
    id SERIAL PRIMARY KEY,
    prompt_version_id INTEGER NOT NULL,
    model VARCHAR(100),
    variables JSON,
    rendered_prompt TEXT,
    response TEXT,
    success BOOLEAN,
    tokens_used INTEGER,
    cost NUMERIC(10, 6),
    duration_ms DOUBLE PRECISION,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
    FOREIGN KEY (prompt_version_id) REFERENCES prompt_versions (id)
);

CREATE TABLE orchestration_sessions (
    id SERIAL PRIMARY KEY,
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
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
    updated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT orchestration_sessions_session_id_key UNIQUE (session_id),
    FOREIGN KEY (project_id) REFERENCES projects (id)
);

CREATE TABLE orchestration_executions (
    orchestration_session_id INTEGER NOT NULL,
    execution_id INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now(),
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
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO projects (id, name, description, created_at, updated_at)
SELECT id, name, description, created_at, updated_at FROM kept_projects;
DROP TABLE kept_projects;
SELECT setval('projects_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM projects), false);
CREATE TABLE IF NOT EXISTS kept_categories (
    id INTEGER,
    project_id INTEGER,
    name VARCHAR(100),
    description TEXT
);
INSERT INTO categories (id, project_id, name, description)
SELECT id, project_id, name, description FROM kept_categories;
DROP TABLE kept_categories;
SELECT setval('categories_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM categories), false);
CREATE TABLE IF NOT EXISTS kept_prompts (
    id INTEGER,
    project_id INTEGER,
    category_id INTEGER,
    name VARCHAR(200),
    description TEXT,
    content TEXT,
    is_template BOOLEAN,
    template_vars JSON,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO prompts (id, project_id, category_id, name, description, content, is_template, template_vars, created_at, updated_at)
SELECT id, project_id, category_id, name, description, content, is_template, template_vars, created_at, updated_at FROM kept_prompts;
DROP TABLE kept_prompts;
SELECT setval('prompts_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM prompts), false);
CREATE TABLE IF NOT EXISTS kept_prompt_versions (
    id INTEGER,
    prompt_id INTEGER,
    version_number INTEGER,
    content TEXT,
    change_notes TEXT,
    created_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO prompt_versions (id, prompt_id, version_number, content, change_notes, created_at)
SELECT id, prompt_id, version_number, content, change_notes, created_at FROM kept_prompt_versions;
DROP TABLE kept_prompt_versions;
SELECT setval('prompt_versions_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM prompt_versions), false);
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
    duration_ms DOUBLE PRECISION,
    created_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO executions (id, prompt_version_id, model, variables, rendered_prompt, response, success, tokens_used, cost, duration_ms, created_at)
SELECT id, prompt_version_id, model, variables, rendered_prompt, response, success, tokens_used, cost, duration_ms, created_at FROM kept_executions;
DROP TABLE kept_executions;
SELECT setval('executions_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM executions), false);
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
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO orchestration_sessions (id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at)
SELECT id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at FROM kept_orchestration_sessions;
DROP TABLE kept_orchestration_sessions;
SELECT setval('orchestration_sessions_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM orchestration_sessions), false);
CREATE TABLE IF NOT EXISTS kept_orchestration_executions (
    orchestration_session_id INTEGER,
    execution_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE
);
INSERT INTO orchestration_executions (orchestration_session_id, execution_id, created_at)
SELECT orchestration_session_id, execution_id, created_at FROM kept_orchestration_executions;
DROP TABLE kept_orchestration_executions;
