    IF row_security_active({{ table_text }}) THEN
        RAISE EXCEPTION USING
            ERRCODE = '42501',
            MESSAGE = 'offprint: row-level security hides rows of ' || {{ table_text }} || ' from ' || current_user
                || '; nothing was changed',
            HINT = 'Run the script as a role with BYPASSRLS, or end FORCE ROW LEVEL SECURITY before it.';
    END IF;
