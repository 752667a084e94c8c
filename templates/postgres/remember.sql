DO {{ tag }}
DECLARE
    commands text;
BEGIN
    WITH thing AS (
        SELECT kind, classid, objid, objsubid, identity
        FROM (
            VALUES
{%- for thing in things %}
                {{ thing }}{% if !loop.last %},{% endif %}
{%- endfor %}
        ) AS listed (kind, name)
        CROSS JOIN LATERAL pg_get_object_address(kind, name, '{}')
        CROSS JOIN LATERAL pg_identify_object(classid, objid, objsubid)
            AS identified (its_type, its_schema, its_name, identity)
    ),
    command (place, words) AS (
        SELECT 6, CASE description.objsubid
            WHEN 0 THEN format('COMMENT ON %s %s IS %L', replace(kind, 'table ', ''), identity, description)
            ELSE format('COMMENT ON COLUMN %s.%I IS %L', identity, attname, description)
        END
        FROM thing
        JOIN pg_description AS description ON classoid = classid AND objoid = objid
        LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = description.objsubid
        WHERE kind <> 'table column'
{%- if let Some(lost) = lost %} AND (attname IS NULL OR attname NOT IN ({{ lost }})){% endif %}
{%- if kinds.contains("view") || kinds.contains("materialized view") %}
        UNION ALL
        SELECT 1, format('ALTER %s %s OWNER TO %I', kind, identity, pg_get_userbyid(relowner))
        FROM thing JOIN pg_class ON oid = objid
        WHERE kind IN ('view', 'materialized view') AND pg_get_userbyid(relowner) <> current_user
        UNION ALL
        SELECT 3, format(
            'GRANT %s ON %s TO %s%s', privilege_type, identity,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing JOIN pg_class ON oid = objid CROSS JOIN LATERAL aclexplode(relacl)
        WHERE kind IN ('view', 'materialized view')
{%- endif %}
{%- if kinds.contains("view") || kinds.contains("materialized view") || kinds.contains("table column") %}
        UNION ALL
        SELECT 4, format(
            'GRANT %s (%I) ON %s TO %s%s', privilege_type, attname, attrelid::regclass,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing
        JOIN pg_attribute ON attrelid = objid
            AND (kind IN ('view', 'materialized view') OR kind = 'table column' AND attnum = objsubid)
        CROSS JOIN LATERAL aclexplode(attacl)
{%- if let Some(lost) = lost %}
        WHERE attname NOT IN ({{ lost }})
{%- endif %}
{%- endif %}
{%- if kinds.contains("view") %}
        UNION ALL
        SELECT 5, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', identity, attname, pg_get_expr(adbin, adrelid))
        FROM thing
        JOIN pg_attrdef ON adrelid = objid
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE kind = 'view'
{%- if let Some(lost) = lost %} AND attname NOT IN ({{ lost }}){% endif %}
{%- endif %}
{%- if kinds.contains("type") %}
        UNION ALL
        SELECT 1, format('ALTER TYPE %s OWNER TO %I', identity, pg_get_userbyid(typowner))
        FROM thing JOIN pg_type ON oid = objid WHERE kind = 'type' AND pg_get_userbyid(typowner) <> current_user
        UNION ALL
        SELECT 2, format('REVOKE ALL ON TYPE %s FROM PUBLIC', identity)
        FROM thing JOIN pg_type ON oid = objid WHERE kind = 'type' AND typacl IS NOT NULL
        UNION ALL
        SELECT 3, format(
            'GRANT %s ON TYPE %s TO %s%s', privilege_type, identity,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing JOIN pg_type ON oid = objid CROSS JOIN LATERAL aclexplode(typacl) WHERE kind = 'type'
{%- endif %}
{%- if kinds.contains("composite type") %}
        UNION ALL
        SELECT 6, format('COMMENT ON COLUMN %s.%I IS %L', identity, attname, description)
        FROM thing
        JOIN pg_type ON oid = objid AND typtype = 'c'
        JOIN pg_attribute ON attrelid = typrelid
        JOIN pg_description ON classoid = 'pg_class'::regclass AND objoid = attrelid AND pg_description.objsubid = attnum
        WHERE kind = 'type'
{%- endif %}
{%- if kinds.contains("domain") %}
        UNION ALL
        SELECT 6, format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', conname, identity, description)
        FROM thing
        JOIN pg_constraint ON contypid = objid
        JOIN pg_description ON classoid = 'pg_constraint'::regclass AND objoid = pg_constraint.oid
        WHERE kind = 'type'
{%- endif %}
{%- if let Some(decided) = decided %}
        UNION ALL
        SELECT 5, format('ALTER VIEW %s SET (%s)', identity, option)
        FROM thing JOIN pg_class ON oid = objid CROSS JOIN LATERAL unnest(reloptions) AS option
        WHERE split_part(option, '=', 1) NOT IN ({{ decided }})
{%- else if kinds.contains("view") || kinds.contains("materialized view") || kinds.contains("index") %}
        UNION ALL
        SELECT 5, format('ALTER %s %s SET (%s)', kind, identity, array_to_string(reloptions, ', '))
        FROM thing JOIN pg_class ON oid = objid
        WHERE kind IN ('view', 'materialized view', 'index') AND reloptions IS NOT NULL
{%- endif %}
{%- if kinds.contains("materialized view") %}
        UNION ALL
        SELECT 5, format('ALTER %s %s ALTER %I SET STATISTICS %s', kind, identity, attname, attstattarget)
        FROM thing JOIN pg_attribute ON attrelid = objid WHERE kind = 'materialized view' AND attnum > 0 AND attstattarget >= 0
        UNION ALL
        SELECT 6 + place, format('REFRESH MATERIALIZED VIEW %s', name)
        FROM unnest(ARRAY[{{ materialized }}]) WITH ORDINALITY AS view (name, place)
        JOIN pg_class ON oid = to_regclass(name) WHERE relispopulated
{%- endif %}
{%- if kinds.contains("index") %}
        UNION ALL
        SELECT 5, format('ALTER TABLE %s CLUSTER ON %I', indrelid::regclass, relname)
        FROM thing JOIN pg_index ON indexrelid = objid JOIN pg_class ON oid = objid
        WHERE kind = 'index' AND indisclustered
{%- endif %}
{%- if kinds.contains("trigger") %}
        UNION ALL
        SELECT 5, format(
            'ALTER TABLE %s %s TRIGGER %I', tgrelid::regclass,
            CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname
        )
        FROM thing JOIN pg_trigger ON oid = objid WHERE kind = 'trigger' AND tgenabled <> 'O'
{%- endif %}
    )
    SELECT string_agg(words || ';', ' ' ORDER BY place, words) INTO commands FROM command;
    -- What was remembered before may read what is remembered now, and so is made again after it.
    PERFORM set_config('offprint.kept', concat(commands, current_setting('offprint.kept', true)), true);
END
{{ tag }};
