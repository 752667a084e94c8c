//! tags: what each tracker calls things

use offprint::prelude::*;

pub const REVISION: &str = "003_add_tags_table";
pub const REVISES: &[&str] = &["002_add_tmdb_cache"];

pub fn upgrade(op: &mut Op) {
    op.create_table("tags")
        .column("id", integer().identity())
        .column("tracker", varchar(64).not_null())
        .column("tag_id", varchar(64).not_null())
        .column("label", varchar(255).not_null())
        .column("category", varchar(64))
        .column("updated_at", timestamp().not_null().default(now()))
        .primary_key(["id"])
        .unique(["tracker", "tag_id"]);
    op.create_index("ix_tags_label", "tags", [column("label").desc()]);
}
