//! Functions and procedures, which only Postgres has.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// The tables, and on Postgres a function that a trigger calls and one that a query calls.
fn with_functions(op: &mut Op) {
    jobs::tables(op);
    op.postgres()
        .create_function("shout", "")
        .returns("trigger")
        .language("plpgsql")
        .body("BEGIN NEW.title := upper(NEW.title); RETURN NEW; END");
    op.postgres().create_trigger("shout_job", "job", "BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION shout()");
    op.postgres()
        .create_function("titles", "wanted text")
        .returns("SETOF text")
        .language("sql")
        .body("SELECT title FROM public.job WHERE status = wanted ORDER BY id");
    op.postgres().create_procedure("requeue", "").language("sql").body("UPDATE public.job SET status = 'queued'");
}

cases! {
    create_function: jobs::unchanged(|op| {
        op.create_function("doubled", "number integer DEFAULT 2")
            .returns("integer")
            .language("sql")
            .body("SELECT number * 2 -- twice");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no functions and procedures: function `doubled`")
    .after("SELECT doubled() + doubled(4)", ["12"]);

    drop_function: Case::new(with_functions, |op| {
        op.drop_function("titles");
    })
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no function `titles` exists here")
    .before("SELECT titles('done')", ["second"]);

    create_procedure: jobs::unchanged(|op| {
        op.create_procedure("shift", "by_number integer, INOUT total integer DEFAULT 0")
            .language("plpgsql")
            .security_definer()
            .set("search_path", "''")
            .body("DECLARE tag text := '$offprint$'; BEGIN UPDATE public.job SET attempts = attempts + by_number; total := by_number; END");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no functions and procedures: procedure `shift`")
    .accepts("CALL shift(1)");

    drop_procedure: Case::new(with_functions, |op| {
        op.drop_procedure("requeue");
    })
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no procedure `requeue` exists here");

    functions_of_every_shape: jobs::unchanged(|op| {
        op.postgres()
            .create_function("sum; it's \"odd\"", "VARIADIC numbers integer[]")
            .returns("bigint")
            .language("SQL")
            .immutable()
            .strict()
            .body("SELECT sum(number) FROM unnest(numbers) AS each (number)");
        op.postgres()
            .create_function("halves", "whole integer, OUT low integer, OUT high integer")
            .language("plpgsql")
            .stable()
            .security_definer()
            .set("search_path", "pg_catalog, public")
            .set("work_mem", "'8MB'")
            .body("BEGIN\n    low := whole / 2;\n    high := whole - low;\nEND");
        op.postgres().create_function("jobs", "").returns("TABLE (id integer, title text)").language("sql").body(
            "SELECT id, title FROM public.job",
        );
    })
    .only(Dialect::Postgres)
    .after("SELECT \"sum; it's \"\"odd\"\"\"(1, 2, 3), low, high FROM halves(7)", ["6|3|4"])
    .after("SELECT title FROM jobs() WHERE id = 1", ["first"]);

    bodies_that_are_read_follow_names: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_function("open_jobs", "owner_id integer, lowest integer DEFAULT 0").returns("bigint").begin_atomic(
                "SELECT count(*) FROM public.job WHERE status <> 'status' AND job.owner_id = open_jobs.owner_id \
                 AND attempts >= CASE WHEN lowest > 0 THEN lowest ELSE 0 END; -- status",
            );
            op.postgres().create_procedure("requeue", "").language("sql").security_definer().begin_atomic(
                "UPDATE public.job SET status = 'queued' WHERE status = 'running'; DELETE FROM job_event WHERE note = 'a';",
            );
            op.postgres().create_view("counted", "SELECT open_jobs(1) AS jobs");
        },
        |op| {
            op.postgres().rename_column("job", "attempts", "tries");
            op.postgres().rename_table("job_event", "event");
            op.postgres().alter_column("job", "status").set_type(varchar(30));
            op.postgres().alter_column("job", "tries").set_type(big_integer());
            op.sqlite().create_index("ix_job_title", "job", ["title"]);
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before("SELECT jobs FROM counted", ["1"])
    .after("SELECT jobs FROM counted", ["1"])
    .accepts("CALL requeue()");

    a_column_that_a_body_reads_is_dropped: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_function("open_jobs", "").returns("bigint").begin_atomic(
                "SELECT count(*) FROM public.job WHERE status <> 'done'",
            );
        },
        |op| {
            op.postgres().drop_column("job", "status");
        },
    )
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "column `job.status` is used by function `open_jobs`");

    a_body_that_leaves_its_place: Case::new(jobs::tables, |op| {
        op.postgres().create_function("odd", "").returns("integer").begin_atomic("SELECT 1; END; DROP TABLE job; SELECT 2");
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "this is not one or more whole statements");

    a_body_that_is_read_in_another_language: Case::new(jobs::tables, |op| {
        op.postgres().create_function("odd", "").returns("integer").language("plpgsql").begin_atomic("SELECT 1");
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "the body of `odd` is SQL, and not `plpgsql`");

    replace_a_function_that_a_trigger_calls: Case::new(with_functions, |op| {
        op.postgres()
            .create_function("shout", "")
            .or_replace()
            .returns("trigger")
            .language("plpgsql")
            .body("BEGIN NEW.title := lower(NEW.title); RETURN NEW; END");
        op.postgres().create_function("calm", "").or_replace().returns("integer").language("sql").body("SELECT 1");
        op.postgres().create_procedure("requeue", "").or_replace().language("sql").body("DELETE FROM public.job");
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .after("UPDATE job SET title = 'Zweiter' WHERE id = 2 RETURNING title", ["zweiter"])
    .back("UPDATE job SET title = 'Zweiter' WHERE id = 2 RETURNING title", ["ZWEITER"]);

    replace_a_function_with_another_result: Case::new(with_functions, |op| {
        op.postgres()
            .create_function("titles", "wanted text")
            .or_replace()
            .returns("bigint")
            .language("sql")
            .body("SELECT count(*) FROM public.job WHERE status = wanted");
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before("SELECT titles('done')", ["second"])
    .after("SELECT titles('done')", ["1"]);

    a_function_that_a_trigger_calls_is_dropped: Case::new(with_functions, |op| {
        op.drop_function("shout");
    })
    .refused_on(Dialect::Postgres, "function `shout` is used by trigger `shout_job`")
    .only(Dialect::Postgres);

    a_function_that_a_default_calls_is_dropped: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_function("nought", "").returns("integer").language("sql").body("SELECT 0");
            op.postgres().alter_column("job", "attempts").set_default(sql("nought()"));
        },
        |op| {
            op.postgres().create_function("nought", "").or_replace().returns("bigint").language("sql").body("SELECT 0");
        },
    )
    .refused_on(Dialect::Postgres, "function `nought` is used by table `job`")
    .only(Dialect::Postgres);

    a_function_is_no_procedure: Case::new(with_functions, |op| {
        op.drop_procedure("titles");
    })
    .refused_on(Dialect::Postgres, "no procedure `titles` exists here")
    .only(Dialect::Postgres);

    an_enum_in_a_signature_is_renamed: Case::new(
        |op| {
            op.create_enum("mood", ["good", "bad"]);
            op.postgres().create_function("is_good", "mood mood").returns("boolean").language("sql").body("SELECT mood = 'good'");
        },
        |op| {
            op.rename_enum("mood", "temper");
        },
    )
    .refused_on(Dialect::Postgres, "enum `mood` is used by function `is_good`")
    .only(Dialect::Postgres);

    an_enum_in_a_signature_is_made_anew: Case::new(
        |op| {
            op.create_enum("mood", ["good", "bad"]);
            op.postgres().create_procedure("feel", "mood mood").language("sql").body("SELECT mood");
        },
        |op| {
            op.replace_enum_values("mood", ["bad", "good"]);
        },
    )
    .refused_on(Dialect::Postgres, "enum `mood` cannot be made anew while procedure `feel` uses it")
    .only(Dialect::Postgres);

    a_body_that_names_what_goes: Case::new(with_functions, |op| {
        op.rename_column("job", "status", "state");
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before("SELECT titles('done')", ["second"])
    .refuses("SELECT titles('done')");

    a_function_without_a_result: Case::new(jobs::tables, |op| {
        op.create_function("nothing", "").language("sql").body("SELECT 1");
    })
    .refused_on(Dialect::Postgres, "`nothing` has no type for its result")
    .only(Dialect::Postgres);

    a_function_in_an_unknown_language: Case::new(jobs::tables, |op| {
        op.create_function("snake", "").returns("void").language("plpython3u").body("pass");
    })
    .refused_on(Dialect::Postgres, "the language `plpython3u` is not known")
    .only(Dialect::Postgres);

    a_function_that_leaves_its_arguments: Case::new(jobs::tables, |op| {
        op.create_function("odd", "a integer) RETURNS integer AS 'SELECT 1'; DROP TABLE job; --").returns("void").language("sql").body("");
    })
    .refused_on(Dialect::Postgres, "without a semicolon in it")
    .only(Dialect::Postgres);
}
