//! no more cancelled: a job that was given up has failed, as it says in `error`

use offprint::prelude::*;

pub const REVISION: &str = "0b7f3ce58d16";
pub const REVISES: &[&str] = &["e91b7720d4a8"];

pub fn upgrade(op: &mut Op) {
    op.replace_enum_values("job_status", ["scheduled", "queued", "running", "succeeded", "failed"])
        .map([("cancelled", "failed")]);
}
