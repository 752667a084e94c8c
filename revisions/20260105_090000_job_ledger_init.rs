//! job ledger: jobs and what happened to them
//!
//! The baseline: what the bootstrap script of the application made, with the names that it gave.

use offprint::prelude::*;

pub const REVISION: &str = "001_job_ledger_init";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_table("job")
        .column("id", uuid())
        .column("kind", text().not_null())
        .column("status", text().not_null().default("QUEUED"))
        .column("payload", json().not_null().default("{}"))
        .column("attempts", integer().not_null().default(0))
        .column("error", text())
        .column("created_at", timestamptz().not_null().default(now()))
        .column("finished_at", timestamptz())
        .primary_key(["id"])
        .check("attempts_not_negative", "attempts >= 0");

    op.create_table("job_event")
        .column("id", big_integer().identity())
        .column("job_id", uuid().not_null())
        .column("message", text().not_null())
        .column("created_at", timestamptz().not_null().default(now()))
        .primary_key(["id"])
        .foreign_key(["job_id"], "job", ["id"])
        .on_delete(Cascade);
}
