//! initial: the tables that the application made at startup
//!
//! Databases in the field were made by `create_all`, so the keys have no names here either, and
//! `episodeavailability` is as the oldest of them have it: without `site`. They are stamped with this revision.

use offprint::prelude::*;

pub const REVISION: &str = "0001_initial";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_table("job")
        .column("id", varchar(36))
        .column("status", varchar(16).not_null().default("queued"))
        .column("progress", double().not_null().default(0.0))
        .column("message", text())
        .column("created_at", timestamp().not_null().default(now()))
        .column("updated_at", timestamp())
        .primary_key(["id"])
        .unnamed();

    op.create_table("episodeavailability")
        .column("slug", varchar(200))
        .column("season", integer())
        .column("episode", integer())
        .column("language", varchar(32))
        .column("available", boolean().not_null().default(false))
        .column("height", integer())
        .column("provider", varchar(64))
        .column("checked_at", timestamp().not_null())
        .column("extra", json())
        .primary_key(["slug", "season", "episode", "language"])
        .unnamed();
    op.create_index("ix_episodeavailability_checked_at", "episodeavailability", ["checked_at"]);

    op.create_table("clienttask")
        .column("hash", varchar(64))
        .column("job_id", varchar(36))
        .column("slug", varchar(200).not_null())
        .column("season", integer().not_null())
        .column("episode", integer().not_null())
        .column("state", varchar(16).not_null().default("queued"))
        .column("added_on", timestamp().not_null().default(now()))
        .primary_key(["hash"])
        .unnamed()
        .foreign_key(["job_id"], "job", ["id"])
        .on_delete(SetNull)
        .unnamed();
    op.create_index("ix_clienttask_job_id", "clienttask", ["job_id"]);
}
