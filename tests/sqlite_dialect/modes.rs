//! Who runs a script decides its shape.

use offprint::dialect::Delivery;
use offprint::prelude::*;

use crate::Revisions;

#[test]
fn only_the_owner_of_the_transaction_speaks_of_it() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).column("size", text()).primary_key(["id"]);
        op.create_table("event").column("job_id", integer()).foreign_key(["job_id"], "job", ["id"]).on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").set_default("1");
    }
    for delivery in [Delivery::Wrapped, Delivery::Hosted] {
        let script = Revisions::new(base, upgrade).scripts(delivery).upgrade;
        for word in ["PRAGMA foreign_keys", "legacy_alter_table", "BEGIN", "COMMIT", "TEMP"] {
            assert!(!script.contains(word), "{script}");
        }
    }
}
