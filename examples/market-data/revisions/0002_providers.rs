//! providers: a table of their own
//!
//! The name of the provider was repeated in every snapshot. It moves to a table, and snapshots refer to it.

use offprint::prelude::*;

pub const REVISION: &str = "0002_providers";
pub const REVISES: &[&str] = &["0001_baseline"];

pub fn upgrade(op: &mut Op) {
    op.create_table("providers")
        .column("id", integer().identity())
        .column("name", text().not_null())
        .column("weight", double().not_null().default(1.0))
        .primary_key(["id"])
        .unique(["name"]);
    op.execute("INSERT INTO providers (name) SELECT DISTINCT provider FROM rate_snapshots ORDER BY provider");

    op.add_column("rate_snapshots", "provider_id", integer());
    op.execute(
        "UPDATE rate_snapshots
SET provider_id = (SELECT providers.id FROM providers WHERE providers.name = rate_snapshots.provider)",
    );

    op.alter_column("rate_snapshots", "provider_id").set_not_null();
    op.create_foreign_key("rate_snapshots", ["provider_id"], "providers", ["id"]).on_delete(Restrict);
    op.drop_column("rate_snapshots", "provider");
    op.create_index("idx_rate_snapshots_provider_id", "rate_snapshots", ["provider_id", "timestamp"]);
}

pub fn downgrade(op: &mut Op) {
    op.drop_index("idx_rate_snapshots_provider_id");
    op.add_column("rate_snapshots", "provider", text());
    op.execute(
        "UPDATE rate_snapshots
SET provider = (SELECT providers.name FROM providers WHERE providers.id = rate_snapshots.provider_id)",
    );
    op.alter_column("rate_snapshots", "provider").set_not_null();
    op.drop_foreign_key("rate_snapshots", ["provider_id"]);
    op.drop_column("rate_snapshots", "provider_id");
    op.drop_table("providers");
}
