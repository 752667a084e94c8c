//! cancelled jobs: a status of their own
//!
//! Jobs that were given up by hand were marked as failed, with a note in `error`.

use offprint::prelude::*;

pub const REVISION: &str = "9c27b1e04d5a";
pub const REVISES: &[&str] = &["3af4686817cc"];

pub fn upgrade(op: &mut Op) {
    op.add_enum_value("job_status", "cancelled").after("failed");
    op.update("job")
        .set("status", "cancelled")
        .filter(sql("status = 'failed' AND error LIKE 'cancelled by %'"));
}

pub fn downgrade(op: &mut Op) {
    op.replace_enum_values("job_status", ["queued", "running", "succeeded", "failed"])
        .map([("cancelled", "failed")]);
}
