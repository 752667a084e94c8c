//! file entries: the table that was there before revisions were
//!
//! Existing databases are stamped with this revision.

use offprint::prelude::*;

pub const REVISION: &str = "000_file_entries";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_table("file_entries")
        .column("id", integer().identity())
        .column("path", varchar(1024).not_null())
        .column("size", big_integer().not_null().default(0))
        .column("sha256", char(64))
        .column("status", varchar(32).not_null().default("pending"))
        .column("error_message", text())
        .column("created_at", timestamp().not_null().default(now()))
        .column("updated_at", timestamp())
        .primary_key(["id"])
        .unique(["path"])
        .check("size_not_negative", "size >= 0");
    op.create_index("ix_file_entries_status", "file_entries", ["status"]);
}
