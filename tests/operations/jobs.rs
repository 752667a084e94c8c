//! The tables that most cases start from: a parent, a child, and a grandchild that would vanish with the child.

use offprint::prelude::*;

use crate::case::Case;

/// Makes the tables.
pub fn tables(op: &mut Op) {
    op.create_table("owner").column("id", integer()).column("name", text().not_null()).primary_key(["id"]);
    op.create_table("job")
        .column("id", integer())
        .column("owner_id", integer())
        .column("title", text().not_null())
        .column("status", text().not_null().default("queued"))
        .column("attempts", integer())
        .primary_key(["id"])
        .foreign_key(["owner_id"], "owner", ["id"])
        .on_delete(Cascade);
    op.create_table("job_event")
        .column("id", integer())
        .column("job_id", integer().not_null())
        .column("note", text())
        .primary_key(["id"])
        .foreign_key(["job_id"], "job", ["id"])
        .on_delete(Cascade);
    op.create_index("ix_job_status", "job", ["status"]);
}

/// Fills the tables.
pub const ROWS: &str = "
    INSERT INTO owner (id, name) VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO job (id, owner_id, title, status, attempts)
        VALUES (1, 1, 'first', 'queued', 0), (2, 1, 'second', 'done', NULL), (3, NULL, 'it''s', 'running', 7);
    INSERT INTO job_event (id, job_id, note) VALUES (1, 1, 'a'), (2, 1, NULL), (3, 2, 'c');
";

/// A case on these tables, whose owners and events stay what they are.
pub fn case(upgrade: fn(&mut Op)) -> Case {
    Case::new(tables, upgrade)
        .seed(ROWS)
        .keeps("SELECT id, name FROM owner ORDER BY id", ["1|Ada", "2|Grace"])
        .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"])
}

/// The query of all that a job has at first.
pub const JOBS: &str = "SELECT id, owner_id, title, status, attempts FROM job ORDER BY id";

/// A case on these tables, whose jobs stay what they are too.
pub fn unchanged(upgrade: fn(&mut Op)) -> Case {
    case(upgrade).keeps(JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
}
