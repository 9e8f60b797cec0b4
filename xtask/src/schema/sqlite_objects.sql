-- Keys, indexes and triggers, in the same words as postgres_objects.sql.
WITH tables AS (
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
)
SELECT 'primary key of ' || t.name || ' (' || k.columns || ')'
FROM tables AS t, (
    SELECT n.name AS owner, (
        SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info(n.name) WHERE pk > 0 ORDER BY pk)
    ) AS columns
    FROM tables AS n
) AS k
WHERE k.owner = t.name AND k.columns IS NOT NULL
UNION ALL
SELECT
    CASE i.origin
        WHEN 'u' THEN 'unique constraint'
        ELSE CASE i."unique" WHEN 1 THEN 'unique index ' ELSE 'index ' END || i.name
    END || ' on ' || t.name || ' (' || (
        SELECT group_concat(coalesce(name, 'expression'), ', ')
        FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)
    ) || ')' || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END
FROM tables AS t, pragma_index_list(t.name) AS i
WHERE i.origin <> 'pk'
UNION ALL
SELECT
    'foreign key of ' || t.name || ' (' || group_concat(f."from", ', ') || ') to '
    || f."table" || ' (' || group_concat(coalesce(f."to", '?'), ', ') || ') on delete ' || lower(f.on_delete)
FROM tables AS t, (SELECT m.name AS owner, l.* FROM tables AS m, pragma_foreign_key_list(m.name) AS l ORDER BY m.name, l.id, l.seq) AS f
WHERE f.owner = t.name
GROUP BY t.name, f.id
UNION ALL
SELECT 'trigger ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger';
