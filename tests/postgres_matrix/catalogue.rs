//! What the server says about its objects.

use std::collections::BTreeSet;

use crate::support::postgres::PostgresDatabase;

/// What the server prints of every object that can depend on a column, with its comment and its state.
///
/// But for the name that Postgres 17 and later give the `NOT NULL` of a domain: it may get a number in a swap.
pub fn catalogue(database: &PostgresDatabase) -> BTreeSet<String> {
    let lines = database.rows(
        "SELECT concat_ws(' ', 'view', relname, relkind, relispopulated, pg_get_viewdef(oid), relowner::regrole,
             (SELECT string_agg(item::text, ' ' ORDER BY item::text)
              FROM unnest(coalesce(relacl, acldefault('r', relowner))) AS item), reloptions, obj_description(oid, 'pg_class'))
         FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'index', pg_get_indexdef(oid), indisvalid, indisclustered, indisreplident,
             obj_description(oid, 'pg_class'))
         FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated,
             obj_description(oid, 'pg_constraint'))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND (contypid = 0 OR contype <> 'n')
         UNION ALL
         SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
         FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL
         SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[],
             pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(oid, 'pg_policy'))
         FROM pg_policy
         UNION ALL
         SELECT concat_ws(' ', 'row-level security of', relname, relrowsecurity, relforcerowsecurity)
         FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'storage of', relname, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid), reloptions,
             (SELECT string_agg(inhparent::regclass::text, ' ') FROM pg_inherits WHERE inhrelid = oid))
         FROM pg_class WHERE relkind IN ('r', 'p', 'i', 'I') AND relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'sequence', relname, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache,
             seqcycle, relacl, obj_description(oid, 'pg_class'),
             (SELECT string_agg(concat_ws(' ', deptype, refobjid::regclass, attname), ', ') FROM pg_depend
              JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
              WHERE classid = 'pg_class'::regclass AND objid = oid AND deptype IN ('a', 'i')))
         FROM pg_sequence JOIN pg_class ON oid = seqrelid WHERE relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'routine', pg_get_functiondef(oid), proowner::regrole, proacl, obj_description(oid, 'pg_proc'))
         FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
         UNION ALL
         SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
             pg_get_expr(adbin, adrelid), attgenerated, attstattarget, attacl, col_description(attrelid, attnum))
         FROM pg_attribute
         JOIN pg_class ON pg_class.oid = attrelid
         LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
         UNION ALL
         SELECT concat_ws(' ', 'rule of', contypid::regtype, conname, pg_get_constraintdef(oid),
             obj_description(oid, 'pg_constraint'))
         FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' AND connamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'attribute', attrelid::regclass, attname, format_type(atttypid, atttypmod),
             col_description(attrelid, attnum))
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace AND relkind = 'c'
         UNION ALL
         SELECT concat_ws(' ', 'type', typname, typowner::regrole, typnotnull,
             CASE WHEN typbasetype <> 0 THEN format_type(typbasetype, typtypmod) END, pg_get_expr(typdefaultbin, 0), typacl, obj_description(oid, 'pg_type'),
             (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid))
         FROM pg_type WHERE typnamespace = 'public'::regnamespace",
    );
    lines.into_iter().flatten().flatten().collect()
}

/// The differences of two catalogues, unless they are the same.
pub fn same(what: &str, left: &BTreeSet<String>, right: &BTreeSet<String>) -> Result<(), String> {
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
    if left == right {
        return Ok(());
    }
    Err(format!("{what} differ:\n{}\nand\n{}", only(left, right).join("\n"), only(right, left).join("\n")))
}
