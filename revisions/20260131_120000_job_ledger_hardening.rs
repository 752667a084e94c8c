//! hardening: job ledger enums, indexes, idempotency
//!
//! The status becomes an enum. Three years of workers wrote it in several spellings, which the map brings together;
//! a value that it does not know stops the script before anything is changed.

use offprint::prelude::*;

pub const REVISION: &str = "3af4686817cc";
pub const REVISES: &[&str] = &["001_job_ledger_init"];

pub fn upgrade(op: &mut Op) {
    op.create_enum("job_status", ["queued", "running", "succeeded", "failed"]);
    op.alter_column("job", "status")
        .set_type(enumeration("job_status"))
        .map([
            ("QUEUED", "queued"),
            ("RUNNING", "running"),
            ("in_progress", "running"),
            ("SUCCEEDED", "succeeded"),
            ("done", "succeeded"),
            ("FAILED", "failed"),
            ("error", "failed"),
        ])
        .set_default("queued");

    op.add_column("job", "idempotency_key", text());
    op.create_unique_constraint("job", ["idempotency_key"]);

    op.create_index("ix_job_status_created_at", "job", [column("status"), column("created_at").desc()]);
    op.create_index("ix_job_event_job_id", "job_event", ["job_id"]);
}
