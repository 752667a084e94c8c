DO {{ tag }}
DECLARE
    command text;
BEGIN
{%- if let Some(views) = views %}
    -- A new view may have been given privileges by default that the old one did not have.
    FOR command IN
        SELECT DISTINCT format(
            'REVOKE ALL ON %s FROM %s', oid::regclass,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
        )
        FROM pg_class CROSS JOIN LATERAL aclexplode(relacl)
        WHERE oid = ANY (ARRAY[{{ views }}]::regclass[]) AND grantee <> relowner
    LOOP
        EXECUTE command;
    END LOOP;
{%- endif %}
    EXECUTE current_setting('offprint.kept');
    PERFORM set_config('offprint.kept', '', true);
END
{{ tag }};
