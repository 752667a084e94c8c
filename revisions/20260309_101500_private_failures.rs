//! private failures: who is not the owner sees no job that failed
//!
//! What went wrong is written into `error`, and often says more than a stranger should read.

use offprint::prelude::*;

pub const REVISION: &str = "a84c6e01f39b";
pub const REVISES: &[&str] = &["5d1f0a7be2c4"];

pub fn upgrade(op: &mut Op) {
    op.postgres().enable_row_level_security("job");
    op.postgres().create_policy("seen_jobs", "job").for_command("select").using("status <> 'failed'");
}
