-- Keys, indexes and triggers, in the same words as sqlite_objects.sql; then what PostgreSQL alone
-- has and a way down may forget: functions, sequences and types of nobody.
SELECT
    CASE c.contype WHEN 'p' THEN 'primary key of ' ELSE 'unique constraint on ' END
    || c.conrelid::regclass || ' (' || (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number
    ) || ')'
FROM pg_constraint AS c
WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u')
UNION ALL
SELECT
    'foreign key of ' || c.conrelid::regclass || ' (' || (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number
    ) || ') to ' || c.confrelid::regclass || ' (' || (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(c.confkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.number
    ) || ') on delete ' || CASE c.confdeltype
        WHEN 'a' THEN 'no action'
        WHEN 'r' THEN 'restrict'
        WHEN 'c' THEN 'cascade'
        WHEN 'n' THEN 'set null'
        ELSE 'set default'
    END
FROM pg_constraint AS c
WHERE c.connamespace = 'public'::regnamespace AND c.contype = 'f'
UNION ALL
SELECT
    CASE WHEN i.indisunique THEN 'unique index ' ELSE 'index ' END
    || i.indexrelid::regclass || ' on ' || i.indrelid::regclass || ' (' || (
        SELECT string_agg(coalesce(a.attname, 'expression'), ', ' ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
        LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
        WHERE k.place <= i.indnkeyatts
    ) || ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END
FROM pg_index AS i
JOIN pg_class AS r ON r.oid = i.indexrelid
WHERE r.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
UNION ALL
SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass FROM pg_trigger AS t WHERE NOT t.tgisinternal
