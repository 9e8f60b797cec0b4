-- Table, column, type, width, whether it may be NULL, whether it has a default.
SELECT
    table_name,
    column_name,
    data_type,
    CASE data_type
        WHEN 'character varying' THEN coalesce(character_maximum_length::text, '')
        WHEN 'numeric' THEN coalesce(numeric_precision || ',' || numeric_scale, '')
        ELSE ''
    END,
    is_nullable,
    column_default IS NOT NULL OR is_identity = 'YES'
FROM information_schema.columns
WHERE table_schema = 'public'
