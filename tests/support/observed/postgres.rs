//! Reads the schema of a Postgres database from its catalogue.

use std::collections::{BTreeMap, BTreeSet};

use postgres::Client;

use super::{
    ConstraintTiming, GeneratedStorage, IndexOrder, IndexedValue, ObservedColumn, ObservedConstraint, ObservedEnum,
    ObservedGenerated, ObservedIdentity, ObservedIndex, ObservedIndexKey, ObservedRule, ObservedSchema,
    ObservedSequence, ObservedTable, ObservedTrigger, ObservedView, UniqueNulls,
};
use crate::support::postgres::explain;

/// Reads everything outside the server's own schemas and outside extensions, except the tables of these names.
///
/// The session's search path is empty afterwards.
pub fn read(client: &mut Client, left_out: &[&str]) -> ObservedSchema {
    client
        .batch_execute(
            "SET search_path = ''; SET jit = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'",
        )
        .expect("the session takes its settings");
    let mut catalogue = Catalogue { client, schema: ObservedSchema::default(), relations: BTreeMap::new() };
    catalogue.relations(left_out);
    catalogue.columns();
    catalogue.constraints();
    catalogue.indexes();
    catalogue.triggers();
    catalogue.enums();
    catalogue.sequences();
    catalogue.others();
    catalogue.schema
}

/// Where a relation is kept in the model.
#[derive(Clone)]
enum Place {
    Table(String),
    View(String),
}

struct Catalogue<'a> {
    client: &'a mut Client,
    schema: ObservedSchema,
    relations: BTreeMap<u32, Place>,
}

/// The name of an object of the alias `$object`, whose schema is `$schema`.
macro_rules! name {
    ($schema:literal, $object:literal) => {
        concat!("CASE WHEN ", $schema, " = 'public' THEN ", $object, " ELSE ", $schema, " || '.' || ", $object, " END")
    };
}

/// What is neither the server's nor an extension's; `n` is the schema, `$object` the object of the catalogue `$catalogue`.
macro_rules! of_the_user {
    ($catalogue:literal, $object:literal) => {
        concat!(
            "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.",
            $catalogue,
            "'::regclass AND d.objid = ",
            $object,
            ".oid AND d.deptype = 'e')"
        )
    };
}

// The server's own relations have numbers below 16384: the conditions on that only save time.
const RELATIONS: &str = concat!(
    "SELECT c.oid, ",
    name!("n.nspname::text", "c.relname::text"),
    " AS name, c.relkind::text AS kind,
    pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid, false) END AS definition,
    array_remove(ARRAY[
        CASE c.relkind WHEN 'm' THEN 'MATERIALIZED' WHEN 'f' THEN 'FOREIGN' END,
        CASE WHEN NOT c.relispopulated THEN 'NO DATA' END,
        CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END,
        CASE WHEN c.relrowsecurity THEN 'ROW LEVEL SECURITY' END,
        CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END,
        CASE c.relreplident WHEN 'n' THEN NULL WHEN 'd' THEN NULL ELSE 'REPLICA IDENTITY ' || c.relreplident::text END,
        'PARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid),
        'PARTITION ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid)
    ], NULL) || coalesce(c.reloptions, '{}')
      || ARRAY(SELECT 'INHERITS ' || i.inhparent::regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)
      AS options
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND ",
    of_the_user!("pg_class", "c"),
);

const COLUMNS: &str = "
    SELECT a.attrelid, a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression, a.attidentity::text AS identity,
    a.attgenerated::text AS generated, pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
    CASE WHEN a.attcollation <> t.typcollation THEN
        (SELECT o.collname::text FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation) END AS collation,
    s.seqtypid::regtype::text AS sequence_type, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_depend p ON p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = a.attrelid
        AND p.refobjsubid = a.attnum AND p.classid = 'pg_catalog.pg_class'::regclass AND p.deptype = 'i'
    LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
    WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

const CONSTRAINTS: &str = "
    SELECT k.conrelid, k.conname::text AS name, k.contype::text AS kind, k.condeferrable, k.condeferred, k.convalidated,
    k.connoinherit AND k.contype = 'c' AS no_inherit,
    pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment,
    pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS expression, pg_catalog.pg_get_constraintdef(k.oid) AS definition,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place) AS referred,
    ARRAY(SELECT a.attname::text FROM unnest(k.confdelsetcols) WITH ORDINALITY AS u (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS set_on_delete,
    ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid
        AND a.attnum > i.indnkeyatts ORDER BY a.attnum) AS include,
    coalesce(i.indnullsnotdistinct, false) AS nulls_not_distinct,
    k.confrelid, k.confupdtype::text, k.confdeltype::text, k.confmatchtype::text
    FROM pg_catalog.pg_constraint k
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
    WHERE k.conrelid >= 16384 AND k.contype <> 'n'";

const INDEXES: &str = "
    SELECT i.indrelid, i.indexrelid, c.relname::text AS name, m.amname::text AS method, i.indisunique,
    i.indnullsnotdistinct, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
    pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment,
    coalesce(c.reloptions, '{}') || array_remove(ARRAY[
        CASE WHEN NOT i.indisvalid THEN 'INVALID' END, CASE WHEN i.indisclustered THEN 'CLUSTERED' END,
        CASE WHEN i.indisreplident THEN 'REPLICA IDENTITY' END], NULL) AS options,
    ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid
        AND a.attnum > i.indnkeyatts ORDER BY a.attnum) AS include
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = c.relam
    WHERE i.indrelid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
        WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid)";

const INDEX_KEYS: &str = "
    SELECT i.indexrelid, a.attname::text AS column_name, pg_catalog.pg_get_indexdef(i.indexrelid, k.number, false) AS text,
    i.indoption[k.number - 1]::integer AS option,
    (SELECT o.collname::text FROM pg_catalog.pg_collation o
        WHERE o.oid = i.indcollation[k.number - 1] AND o.collname <> 'default') AS collation,
    (SELECT o.opcname::text FROM pg_catalog.pg_opclass o
        WHERE o.oid = i.indclass[k.number - 1] AND NOT o.opcdefault) AS operator_class
    FROM pg_catalog.pg_index i CROSS JOIN LATERAL generate_series(1, i.indnkeyatts::integer) AS k (number)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.number - 1] AND a.attnum > 0
    WHERE i.indrelid >= 16384 ORDER BY i.indexrelid, k.number";

const TRIGGERS: &str = "
    SELECT t.tgrelid, t.tgname::text AS name, pg_catalog.pg_get_triggerdef(t.oid, false) AS definition,
    CASE t.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'A' THEN 'always' ELSE 'replica' END AS firing,
    pg_catalog.obj_description(t.oid, 'pg_trigger') AS comment
    FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal";

const ENUMS: &str = concat!(
    "SELECT ",
    name!("n.nspname::text", "t.typname::text"),
    " AS name, pg_catalog.obj_description(t.oid, 'pg_type') AS comment,
    ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ",
    of_the_user!("pg_type", "t"),
);

const SEQUENCES: &str = concat!(
    "SELECT ",
    name!("n.nspname::text", "c.relname::text"),
    " AS name, s.seqtypid::regtype::text AS sequence_type, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
    s.seqcycle, (SELECT r.relname || '.' || a.attname FROM pg_catalog.pg_depend o
        JOIN pg_catalog.pg_class r ON r.oid = o.refobjid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = o.refobjsubid
        WHERE o.classid = 'pg_catalog.pg_class'::regclass AND o.objid = c.oid AND o.deptype = 'a') AS owned_by
    FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_class'::regclass
        AND i.objid = c.oid AND i.deptype = 'i') AND ",
    of_the_user!("pg_class", "c"),
);

/// Kinds of objects of which the definition is enough. Each query gives the kind with the name, and the definition.
const OTHERS: [&str; 9] = [
    concat!(
        "SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || ",
        name!("n.nspname::text", "p.proname::text"),
        " || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
        coalesce(CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END, '')
            || coalesce(' COMMENT ' || pg_catalog.obj_description(p.oid, 'pg_proc'), '')
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ",
        of_the_user!("pg_proc", "p"),
    ),
    concat!(
        "SELECT 'domain ' || ",
        name!("n.nspname::text", "t.typname::text"),
        ", pg_catalog.format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(t.typdefaultbin, 0), '')
            || coalesce((SELECT string_agg(' CONSTRAINT ' || k.conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid), ''
                ORDER BY k.conname) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype = 'd' AND ",
        of_the_user!("pg_type", "t"),
    ),
    concat!(
        "SELECT 'composite type ' || ",
        name!("n.nspname::text", "c.relname::text"),
        ", (SELECT string_agg(quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', '
            ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'c' AND ",
        of_the_user!("pg_class", "c"),
    ),
    "SELECT 'extension ' || e.extname, e.extversion || ' in ' || n.nspname::text FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
    "SELECT 'schema ' || n.nspname, '' FROM pg_catalog.pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')",
    // What roles may do that they may not by themselves, and the other way round.
    concat!(
        "WITH thing (title, current, usual) AS (
            SELECT 'relation ' || ",
        name!("n.nspname::text", "c.relname::text"),
        ", c.relacl, acldefault('r', c.relowner) FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND ",
        of_the_user!("pg_class", "c"),
        " UNION ALL SELECT 'relation ' || ",
        name!("n.nspname::text", "c.relname::text"),
        " || '.' || a.attname, a.attacl, acldefault('c', c.relowner) FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND ",
        of_the_user!("pg_class", "c"),
        " UNION ALL SELECT 'routine ' || ",
        name!("n.nspname::text", "p.proname::text"),
        ", p.proacl, acldefault('f', p.proowner) FROM pg_catalog.pg_proc p
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ",
        of_the_user!("pg_proc", "p"),
        " UNION ALL SELECT 'type ' || ",
        name!("n.nspname::text", "t.typname::text"),
        ", t.typacl, acldefault('T', t.typowner) FROM pg_catalog.pg_type t
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND ",
        of_the_user!("pg_type", "t"),
        " UNION ALL SELECT 'schema ' || n.nspname, n.nspacl, acldefault('n', n.nspowner)
            || CASE n.nspname WHEN 'public' THEN '{=U/pg_database_owner}'::aclitem[] ELSE '{}' END
            FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        ),
        entry (title, role, word) AS (
            SELECT title, CASE grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(grantee) END,
                sign || privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END
            FROM (
                SELECT '+' AS sign, title, has.grantee, has.privilege_type, has.is_grantable
                FROM thing CROSS JOIN LATERAL aclexplode(current) AS has
                WHERE NOT EXISTS (SELECT FROM aclexplode(usual) AS other WHERE other.grantee = has.grantee
                    AND other.privilege_type = has.privilege_type AND other.is_grantable = has.is_grantable)
                UNION ALL
                SELECT '-', title, had.grantee, had.privilege_type, had.is_grantable
                FROM thing CROSS JOIN LATERAL aclexplode(usual) AS had
                WHERE current IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(current) AS other
                    WHERE other.grantee = had.grantee AND other.privilege_type = had.privilege_type)
            ) AS difference
        )
        SELECT 'privileges of ' || role || ' on ' || title, string_agg(DISTINCT word, ', ' ORDER BY word)
        FROM entry GROUP BY role, title",
    ),
    "SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass::text,
        CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END || ' FOR ' || p.polcmd::text || ' TO '
            || ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END FROM unnest(p.polroles) AS r ORDER BY 1)::text
            || coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
            || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
        FROM pg_catalog.pg_policy p",
    "SELECT 'rule ' || r.rulename || ' on ' || r.ev_class::regclass::text, pg_catalog.pg_get_ruledef(r.oid)
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'statistics ' || s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid) FROM pg_catalog.pg_statistic_ext s",
];

impl Catalogue<'_> {
    fn query(&mut self, query: &str) -> Vec<postgres::Row> {
        self.client.query(query, &[]).unwrap_or_else(|error| panic!("{}\nin: {query}", explain(&error)))
    }

    /// The table or view with this number, unless it is not of the user or left out.
    fn place(&self, row: &postgres::Row, column: &str) -> Option<Place> {
        self.relations.get(&row.get(column)).cloned()
    }

    fn relations(&mut self, left_out: &[&str]) {
        for row in self.query(RELATIONS) {
            let name: String = row.get("name");
            if left_out.contains(&name.as_str()) {
                continue;
            }
            let options: BTreeSet<String> = row.get::<_, Vec<String>>("options").into_iter().collect();
            let comment = row.get("comment");
            let place = match row.get::<_, Option<String>>("definition") {
                Some(definition) => {
                    let (indexes, triggers) = (BTreeMap::new(), BTreeMap::new());
                    let view = ObservedView { definition, options, indexes, triggers, comment };
                    self.schema.views.insert(name.clone(), view);
                    Place::View(name)
                }
                None => {
                    let table = ObservedTable { options, comment, ..ObservedTable::default() };
                    self.schema.tables.insert(name.clone(), table);
                    Place::Table(name)
                }
            };
            self.relations.insert(row.get("oid"), place);
        }
    }

    fn columns(&mut self) {
        for row in self.query(COLUMNS) {
            let Some(Place::Table(table)) = self.place(&row, "attrelid") else { continue };
            let name: String = row.get("name");
            let expression: Option<String> = row.get("expression");
            let (default, generated) = match (row.get::<_, &str>("generated"), expression) {
                ("", default) => (default, None),
                ("s", Some(expression)) => {
                    (None, Some(ObservedGenerated { expression, storage: GeneratedStorage::Stored }))
                }
                ("v", Some(expression)) => {
                    (None, Some(ObservedGenerated { expression, storage: GeneratedStorage::Virtual }))
                }
                (kind, _) => panic!("column {table}.{name} is generated in an unknown way `{kind}`"),
            };
            let identity = match row.get("identity") {
                "" => None,
                "a" => Some(ObservedIdentity::Always(sequence(&row, None))),
                "d" => Some(ObservedIdentity::ByDefault(sequence(&row, None))),
                kind => panic!("column {table}.{name} has an unknown identity `{kind}`"),
            };
            let column = ObservedColumn {
                declared_type: row.get("type"),
                not_null: row.get("attnotnull"),
                on_null: None,
                default,
                identity,
                generated,
                collation: row.get("collation"),
                comment: row.get("comment"),
            };
            let table = self.schema.tables.get_mut(&table).expect("the table was read");
            table.column_order.push(name.clone());
            table.columns.insert(name, column);
        }
    }

    fn constraints(&mut self) {
        for row in self.query(CONSTRAINTS) {
            let Some(Place::Table(table)) = self.place(&row, "conrelid") else { continue };
            let columns = row.get("columns");
            let include = row.get("include");
            let rule = match row.get("kind") {
                "p" => ObservedRule::PrimaryKey { columns, include },
                "u" => ObservedRule::Unique { columns, include, nulls: unique_nulls(&row, "nulls_not_distinct") },
                "c" => ObservedRule::Check {
                    expression: row.get::<_, String>("expression")
                        + if row.get("no_inherit") { " NO INHERIT" } else { "" },
                },
                "f" => ObservedRule::ForeignKey {
                    columns,
                    referred_table: match self.place(&row, "confrelid") {
                        Some(Place::Table(name) | Place::View(name)) => name,
                        None => "a table that was left out".to_owned(),
                    },
                    referred_columns: row.get("referred"),
                    on_update: foreign_key_action(row.get("confupdtype"), &[]),
                    on_delete: foreign_key_action(row.get("confdeltype"), &row.get::<_, Vec<String>>("set_on_delete")),
                    matching: match row.get("confmatchtype") {
                        "s" => "SIMPLE".to_owned(),
                        "f" => "FULL".to_owned(),
                        other => other.to_owned(),
                    },
                },
                _ => ObservedRule::Other { definition: row.get("definition") },
            };
            let checked = match (row.get("condeferrable"), row.get("condeferred")) {
                (false, _) => ConstraintTiming::NotDeferrable,
                (true, false) => ConstraintTiming::InitiallyImmediate,
                (true, true) => ConstraintTiming::InitiallyDeferred,
            };
            let constraint = ObservedConstraint {
                name: row.get("name"),
                rule,
                checked,
                validated: row.get("convalidated"),
                on_conflict: None,
                comment: row.get("comment"),
            };
            self.schema.tables.get_mut(&table).expect("the table was read").constraints.insert(constraint);
        }
    }

    fn indexes(&mut self) {
        let mut keys: BTreeMap<u32, Vec<ObservedIndexKey>> = BTreeMap::new();
        for row in self.query(INDEX_KEYS) {
            let option: i32 = row.get("option");
            let order = match (option & 1 != 0, option & 2 != 0) {
                (false, false) => IndexOrder::Ascending,
                (false, true) => IndexOrder::AscendingNullsFirst,
                (true, true) => IndexOrder::Descending,
                (true, false) => IndexOrder::DescendingNullsLast,
            };
            let value = match row.get("column_name") {
                Some(name) => IndexedValue::Column(name),
                None => IndexedValue::Expression(row.get("text")),
            };
            let (collation, operator_class) = (row.get("collation"), row.get("operator_class"));
            let key = ObservedIndexKey { value, order, collation, operator_class };
            keys.entry(row.get("indexrelid")).or_default().push(key);
        }
        for row in self.query(INDEXES) {
            let Some(place) = self.place(&row, "indrelid") else { continue };
            let index = ObservedIndex {
                unique: row.get::<_, bool>("indisunique").then(|| unique_nulls(&row, "indnullsnotdistinct")),
                method: row.get("method"),
                keys: keys.remove(&row.get("indexrelid")).unwrap_or_default(),
                include: row.get("include"),
                predicate: row.get("predicate"),
                options: row.get::<_, Vec<String>>("options").into_iter().collect(),
                comment: row.get("comment"),
            };
            let indexes = match &place {
                Place::Table(name) => &mut self.schema.tables.get_mut(name).expect("the table was read").indexes,
                Place::View(name) => &mut self.schema.views.get_mut(name).expect("the view was read").indexes,
            };
            indexes.insert(row.get("name"), index);
        }
    }

    fn triggers(&mut self) {
        for row in self.query(TRIGGERS) {
            let Some(place) = self.place(&row, "tgrelid") else { continue };
            let triggers = match &place {
                Place::Table(name) => &mut self.schema.tables.get_mut(name).expect("the table was read").triggers,
                Place::View(name) => &mut self.schema.views.get_mut(name).expect("the view was read").triggers,
            };
            let (definition, firing, comment) = (row.get("definition"), row.get("firing"), row.get("comment"));
            triggers.insert(row.get("name"), ObservedTrigger { definition, firing, comment });
        }
    }

    fn enums(&mut self) {
        for row in self.query(ENUMS) {
            let enumeration = ObservedEnum { values: row.get("labels"), comment: row.get("comment") };
            self.schema.enums.insert(row.get("name"), enumeration);
        }
    }

    fn sequences(&mut self) {
        for row in self.query(SEQUENCES) {
            self.schema.sequences.insert(row.get("name"), sequence(&row, row.get("owned_by")));
        }
    }

    fn others(&mut self) {
        for query in OTHERS {
            for row in self.query(query) {
                self.schema.others.insert(row.get(0), row.get(1));
            }
        }
    }
}

fn sequence(row: &postgres::Row, owned_by: Option<String>) -> ObservedSequence {
    ObservedSequence {
        data_type: row.get("sequence_type"),
        start: row.get("seqstart"),
        increment: row.get("seqincrement"),
        minimum: row.get("seqmin"),
        maximum: row.get("seqmax"),
        cache: row.get("seqcache"),
        cycle: row.get("seqcycle"),
        owned_by,
    }
}

fn unique_nulls(row: &postgres::Row, not_distinct: &str) -> UniqueNulls {
    if row.get(not_distinct) { UniqueNulls::NotDistinct } else { UniqueNulls::Distinct }
}

fn foreign_key_action(code: &str, columns: &[String]) -> String {
    let action = match code {
        "a" => "NO ACTION",
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        other => panic!("unknown foreign key action `{other}`"),
    };
    if columns.is_empty() { action.to_owned() } else { format!("{action} ({})", columns.join(", ")) }
}
