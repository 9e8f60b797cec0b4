-- Table, column, declared type, whether it may be NULL, whether it has a default.
-- An INTEGER PRIMARY KEY is never NULL, whatever its declaration says.
SELECT
    t.name,
    c.name,
    c.type,
    c."notnull" = 0 AND NOT (c.pk = 1 AND upper(c.type) = 'INTEGER' AND t.keys = 1),
    -- PostgreSQL numbers its rows by a default; SQLite does so by itself.
    c.dflt_value IS NOT NULL OR (c.pk = 1 AND upper(c.type) = 'INTEGER' AND t.keys = 1 AND c.name = 'id')
FROM (
    SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name) WHERE pk > 0) AS keys
    FROM sqlite_master AS m
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
) AS t, pragma_table_info(t.name) AS c;
