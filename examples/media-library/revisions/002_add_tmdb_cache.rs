//! TMDB cache: metadata survives a restart

use offprint::prelude::*;

pub const REVISION: &str = "002_add_tmdb_cache";
pub const REVISES: &[&str] = &["001_add_checkpoint_fields"];

pub fn upgrade(op: &mut Op) {
    op.create_table("tmdb_cache")
        .column("id", integer().identity())
        .column("tmdb_id", integer().not_null())
        .column("title", varchar(512).not_null())
        .column("year", integer())
        .column("plot", text())
        .column("cast", json())
        .column("ratings", json())
        .column("extra_data", json())
        .column("cached_at", timestamp().not_null().default(now()))
        .column("expires_at", timestamp().not_null())
        .primary_key(["id"])
        .check("expires_after_cached", "expires_at >= cached_at");
    op.create_index("ix_tmdb_cache_tmdb_id", "tmdb_cache", ["tmdb_id"]).unique();
    op.create_index("ix_tmdb_cache_expires_at", "tmdb_cache", ["expires_at"]);
}
