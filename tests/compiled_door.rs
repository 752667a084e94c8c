//! A revision that rustc compiles records the operations that its words name.

use offprint::prelude::*;

const TABLES: &[&str] = &["job", "job_event"];

fn upgrade(op: &mut Op) {
    op.create_enum("job_status", ["queued", "running", "succeeded", "failed"]);
    op.alter_column("job", "status")
        .set_type(enumeration("job_status"))
        .map([("QUEUED", "queued"), ("done", "succeeded"), ("error", "failed")])
        .set_not_null()
        .set_default("queued");
    op.create_table("job_event")
        .column("id", big_integer().identity())
        .column("job_id", uuid().not_null())
        .column("payload", json().not_null().default("{}"))
        .column("amount", numeric(10, 2).sqlite("TEXT").default(decimal("1.10")))
        .primary_key(["id"])
        .foreign_key(["job_id"], "job", ["id"])
        .on_delete(Cascade);
    for table in ["job", "job_event"] {
        op.add_column(table, "created_at", timestamptz().not_null().default(now()));
        op.create_index(format!("ix_{table}_created_at"), table, ["created_at"]);
    }
    for table in TABLES {
        op.postgres().create_index(format!("ix_{table}_x"), table, [column("x").desc(), expression("lower(x)")]);
    }
    op.insert("job", TABLES).row((1, "x")).row((-5, null())).rows([(1.5, true)]);
    op.execute(sql("UPDATE job SET attempts = 0").postgres("UPDATE job SET attempts = DEFAULT"));
    op.declare().create_unique_constraint("job", ["key"]).name("uq");
}

#[test]
fn operations_are_recorded_in_order() {
    let mut op = Op::default();
    upgrade(&mut op);
    let titles: Vec<String> = op.recorded().iter().map(|recorded| recorded.operation.title().to_string()).collect();
    assert_eq!(titles.len(), 12);
    assert_eq!(titles[1], "alter_column job.status");
    assert!(op.recorded().last().is_some_and(|recorded| recorded.declared));
}

offprint::revisions! {
    init = "../revisions/20260105_090000_job_ledger_init.rs",
    hardening = "../revisions/20260131_120000_job_ledger_hardening.rs",
    cancelled = "../revisions/20260214_083000_cancelled_jobs.rs",
    podcast_1 = "../examples/podcast-availability/revisions/20251001_080000_initial.rs",
    podcast_2 = "../examples/podcast-availability/revisions/20251002_101500_episode_availability_site.rs",
    media_0 = "../examples/media-library/revisions/000_file_entries.rs",
    media_1 = "../examples/media-library/revisions/001_add_checkpoint_fields.rs",
    media_2 = "../examples/media-library/revisions/002_add_tmdb_cache.rs",
    media_3 = "../examples/media-library/revisions/003_add_tags_table.rs",
    token_1 = "../examples/token-service/revisions/001_initial_migration.rs",
    token_2 = "../examples/token-service/revisions/002_seed_demo_user.rs",
    market_1 = "../examples/market-data/revisions/0001_baseline.rs",
    market_2 = "../examples/market-data/revisions/0002_providers.rs",
}

#[test]
fn files_become_revisions() {
    let revisions = revisions();
    assert_eq!(revisions.len(), 13);
    assert_eq!(revisions[1].parents[0].as_str(), "001_job_ledger_init");
    assert_eq!(revisions[0].downgrade, None);
    assert!(revisions[2].downgrade.is_some());
    assert_eq!(revisions[2].stem, "20260214_083000_cancelled_jobs");
}
