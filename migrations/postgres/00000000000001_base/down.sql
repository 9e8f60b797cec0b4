-- Nothing is lost: the rows wait in kept_ tables for the next `up`.
LOCK TABLE projects, categories, prompts, prompt_versions, executions, orchestration_sessions,
    orchestration_executions IN ACCESS EXCLUSIVE MODE;
CREATE TABLE kept_orchestration_executions AS SELECT orchestration_session_id, execution_id, created_at FROM orchestration_executions;
DROP TABLE orchestration_executions;
CREATE TABLE kept_orchestration_sessions AS SELECT id, session_id, project_id, feature_request, status, orchestrator_template, analysis_template, implementation_template, execution_notes, analysis_results, complexity, time_estimate, created_at, updated_at FROM orchestration_sessions;
DROP TABLE orchestration_sessions;
CREATE TABLE kept_executions AS SELECT id, prompt_version_id, model, variables, rendered_prompt, response, success, tokens_used, cost, duration_ms, created_at FROM executions;
DROP TABLE executions;
CREATE TABLE kept_prompt_versions AS SELECT id, prompt_id, version_number, content, change_notes, created_at FROM prompt_versions;
DROP TABLE prompt_versions;
CREATE TABLE kept_prompts AS SELECT id, project_id, category_id, name, description, content, is_template, template_vars, created_at, updated_at FROM prompts;
DROP TABLE prompts;
CREATE TABLE kept_categories AS SELECT id, project_id, name, description FROM categories;
DROP TABLE categories;
CREATE TABLE kept_projects AS SELECT id, name, description, created_at, updated_at FROM projects;
DROP TABLE projects;
