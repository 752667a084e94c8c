DO {{ tag }}
DECLARE
    renaming text;
    renamings text[] := ARRAY(
        WITH wanted (kind, shared, own) AS (
            VALUES
{%- for name in names %}
                ({{ name }}){% if !loop.last %},{% endif %}
{%- endfor %}
        )
        SELECT format('ALTER INDEX %s RENAME TO %I', part.oid::regclass, wanted.own)
        FROM wanted
        JOIN pg_class AS whole ON whole.relname = wanted.shared AND whole.relnamespace = {{ schema_text }}::regnamespace
        JOIN pg_inherits ON inhparent = whole.oid
        JOIN pg_index ON indexrelid = inhrelid AND indrelid = {{ partition_text }}::regclass
        JOIN pg_class AS part ON part.oid = inhrelid
        WHERE wanted.kind = 'index' AND part.relname <> wanted.own
        UNION ALL
        SELECT format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', part.conrelid::regclass, part.conname, wanted.own)
        FROM wanted
        JOIN pg_constraint AS whole ON whole.conname = wanted.shared AND whole.conrelid = {{ table_text }}::regclass
        JOIN pg_constraint AS part ON part.conparentid = whole.oid AND part.conrelid = {{ partition_text }}::regclass
        WHERE wanted.kind = 'foreign key' AND part.conname <> wanted.own
    );
BEGIN
    ALTER TABLE {{ table }}
        DETACH PARTITION {{ partition }};
    FOREACH renaming IN ARRAY renamings LOOP
        EXECUTE renaming;
    END LOOP;
END
{{ tag }};