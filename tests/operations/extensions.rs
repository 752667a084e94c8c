//! Schemas and extensions, which only Postgres has. The extensions are some that come with every server.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// A schema with an extension in it.
fn extended(op: &mut Op) {
    jobs::tables(op);
    op.postgres().create_schema("extra words");
    op.postgres().grant(["usage"]).on_schema("extra words").to(["pg_monitor"]);
    op.postgres().create_extension("citext").schema("extra words");
}

/// The schema of the extension, and who may look into it.
const PLACE: (&str, &str) = (
    "SELECT extnamespace::regnamespace, has_schema_privilege('pg_monitor', extnamespace, 'usage')
        FROM pg_extension WHERE extname = 'citext'",
    "SELECT 0",
);

cases! {
    create_schema: jobs::unchanged(|op| {
        op.create_schema("extensions");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no schemas: schema `extensions`")
    .accepts("CREATE TABLE extensions.t (id integer)");

    drop_schema: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_schema("extensions");
            op.postgres().grant(["usage"]).on_schema("extensions").to(["pg_monitor"]);
        },
        |op| {
            op.drop_schema("extensions");
        },
    )
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no schema `extensions` exists here")
    .before("SELECT has_schema_privilege('pg_monitor', 'extensions', 'usage')", ["t"])
    .refuses("CREATE TABLE extensions.t (id integer)");

    create_extension: jobs::unchanged(|op| {
        op.create_extension("fuzzystrmatch").version("1.1");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no extensions of the server: extension `fuzzystrmatch`")
    .accepts("SELECT public.levenshtein(title, 'x') FROM job");

    drop_extension: Case::new(extended, |op| {
        op.drop_extension("citext");
    })
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no extension `citext` exists here")
    .before(PLACE, ["\"extra words\"|t"])
    .after(PLACE, []);

    an_extension_and_what_uses_it: Case::new(extended, |op| {
        op.postgres().add_column("job", "word", native("\"extra words\".citext"));
        op.postgres().create_extension("uuid-ossp").schema("extra words").version("1.1");
        op.postgres().create_index("ix_word", "job", ["word"]);
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before(PLACE, ["\"extra words\"|t"])
    .after(PLACE, ["\"extra words\"|t"]);

    an_extension_that_is_used_is_dropped: Case::new(
        |op| {
            extended(op);
            op.postgres().add_column("job", "word", native("\"extra words\".citext"));
        },
        |op| {
            op.postgres().drop_extension("citext");
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .stops("cannot drop extension citext because other objects depend on it");

    a_schema_with_an_extension_is_dropped: Case::new(extended, |op| {
        op.postgres().drop_schema("extra words");
        op.sqlite().create_index("ix_job_title", "job", ["title"]);
    })
    .refused_on(Dialect::Postgres, "schema `extra words` is used by extension `citext`");
}
