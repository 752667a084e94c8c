//! jobs by kind: an index and a check, while the workers go on
//!
//! The table is large by now. Nobody waits for the index, nor for the look at all rows.

use offprint::prelude::*;

pub const REVISION: &str = "e91b7720d4a8";
pub const REVISES: &[&str] = &["a84c6e01f39b"];

pub fn upgrade(op: &mut Op) {
    op.create_index("ix_job_kind_created_at", "job", ["kind", "created_at"]).concurrently();
    op.create_check_constraint("job", "finished_later", "finished_at >= created_at").not_valid();
    op.validate_constraint("job", "ck_job_finished_later");
}
