-- Nothing is lost: the rows wait in kept_ tables for the next `up`. Writers wait until it is done.
LOCK TABLE orchestration_sessions, session_details, session_pins, session_partials, session_phases IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER session_pins_refuse_update ON session_pins;
DROP TRIGGER session_pins_refuse_delete ON session_pins;
DROP TRIGGER session_pins_refuse_bypass ON session_pins;
DROP FUNCTION session_pins_refuse();
DROP TRIGGER session_partials_refuse_update ON session_partials;
DROP TRIGGER session_partials_refuse_delete ON session_partials;
DROP TRIGGER session_partials_refuse_bypass ON session_partials;
DROP FUNCTION session_partials_refuse();
CREATE TABLE kept_session_phases AS SELECT orchestration_session_id, phase, started_at, finished_at, attempts FROM session_phases;
DROP TABLE session_phases;
CREATE TABLE kept_session_partials AS SELECT orchestration_session_id, reference, prompt_version_id FROM session_partials;
DROP TABLE session_partials;
CREATE TABLE kept_session_pins AS SELECT orchestration_session_id, template_type, prompt_version_id, scope, closure_digest, reasons FROM session_pins;
DROP TABLE session_pins;
CREATE TABLE kept_session_details AS SELECT orchestration_session_id, state, actor, feature_type, variables, nonce, implementation_output, written_status, written_at FROM session_details;
DROP TABLE session_details;
