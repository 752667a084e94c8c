//! baseline: the seven tables of the bootstrap script
//!
//! Tables, keys and indexes have the names that the script gave them, so that a database that it made can be stamped.
//! JSON is text here, decoded by the application.

use offprint::prelude::*;

pub const REVISION: &str = "0001_baseline";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_table("rate_snapshots")
        .column("id", integer().identity())
        .column("provider", text().not_null())
        .column("base_currency", text().not_null())
        .column("quote_currency", text().not_null())
        .column("rate", double().not_null())
        .column("timestamp", text().not_null())
        .primary_key(["id"])
        .unnamed();

    op.create_table("trades")
        .column("id", integer().identity())
        .column("timestamp", text().not_null())
        .column("action", text().not_null())
        .column("amount", double().not_null())
        .column("rate", double().not_null())
        .column("fee", double().not_null().default(0.0))
        .column("snapshot_id", integer())
        .primary_key(["id"])
        .unnamed()
        .foreign_key(["snapshot_id"], "rate_snapshots", ["id"])
        .on_delete(SetNull)
        .unnamed();

    op.create_table("strategy_recommendations")
        .column("id", integer().identity())
        .column("timestamp", text().not_null())
        .column("action", text().not_null())
        .column("score", double().not_null())
        .column("reason", text())
        .column("payload", text())
        .primary_key(["id"])
        .unnamed();

    op.create_table("feature_store")
        .column("timestamp", text())
        .column("horizon_minutes", integer())
        .column("feature_version", text())
        .column("features", text().not_null())
        .primary_key(["timestamp", "horizon_minutes", "feature_version"])
        .unnamed();
    op.create_index("idx_feature_store_timestamp", "feature_store", ["timestamp"]);

    op.create_table("labels_performance")
        .column("timestamp", text())
        .column("horizon_minutes", integer())
        .column("realized_return", double())
        .column("label", text().not_null())
        .primary_key(["timestamp", "horizon_minutes"])
        .unnamed();
    op.create_index("idx_labels_performance_timestamp", "labels_performance", ["timestamp"]);

    op.create_table("external_macro")
        .column("source", text())
        .column("series", text())
        .column("timestamp", text())
        .column("value", double().not_null())
        .column("metadata", text())
        .primary_key(["source", "series", "timestamp"])
        .unnamed();
    op.create_index("idx_external_macro_series", "external_macro", ["series", "timestamp"]);

    op.create_table("model_evaluations")
        .column("id", integer().identity())
        .column("model", text().not_null())
        .column("evaluated_at", text().not_null())
        .column("metrics", text().not_null())
        .primary_key(["id"])
        .unnamed();
    op.create_index("idx_model_evaluations_model", "model_evaluations", [column("model"), column("evaluated_at").desc()]);
}
