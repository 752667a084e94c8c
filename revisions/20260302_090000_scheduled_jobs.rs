//! scheduled jobs: a job waits for its time
//!
//! Whoever writes a job leaves the status to the database, which says `scheduled` from now on. The workers read the view.

use offprint::prelude::*;

pub const REVISION: &str = "5d1f0a7be2c4";
pub const REVISES: &[&str] = &["9c27b1e04d5a"];

pub fn upgrade(op: &mut Op) {
    op.add_enum_value("job_status", "scheduled").before("queued");
    op.alter_column("job", "status").set_default("scheduled");
    op.create_view(
        "open_job",
        "SELECT id, kind, status, created_at FROM job WHERE status IN ('scheduled', 'queued', 'running')",
    )
    .security_invoker();
}

pub fn downgrade(op: &mut Op) {
    op.drop_view("open_job");
    op.alter_column("job", "status").set_default("queued");
    op.replace_enum_values("job_status", ["queued", "running", "succeeded", "failed", "cancelled"])
        .map([("scheduled", "queued")]);
}
