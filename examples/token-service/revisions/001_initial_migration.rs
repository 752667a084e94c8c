//! initial migration: users, tokens and sessions

use offprint::prelude::*;

pub const REVISION: &str = "001_initial_migration";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_enum("token_status", ["active", "expired", "revoked"]);

    op.create_table("users")
        .column("id", uuid())
        .column("email", varchar(320).not_null())
        .column("password_hash", text().not_null())
        .column("is_active", boolean().not_null().default(true))
        .column("settings", json().not_null().default("{}"))
        .column("created_at", timestamptz().not_null().default(now()))
        .primary_key(["id"]);
    op.create_index("uq_users_email_lower", "users", [expression("lower(email)")]).unique();

    op.create_table("tokens")
        .column("id", uuid())
        .column("user_id", uuid().not_null())
        .column("provider", varchar(64).not_null())
        .column("secret", bytes().not_null())
        .column("status", enumeration("token_status").not_null().default("active"))
        .column("extracted_at", timestamptz().not_null().default(now()))
        .column("expires_at", timestamptz())
        .primary_key(["id"])
        .foreign_key(["user_id"], "users", ["id"])
        .on_delete(Cascade);
    op.create_index("ix_tokens_user_id_active", "tokens", ["user_id"]).filter("status = 'active'");

    op.create_table("sessions")
        .column("id", uuid())
        .column("user_id", uuid().not_null())
        .column("token_id", uuid())
        .column("started_at", timestamptz().not_null().default(now()))
        .column("ended_at", timestamptz())
        .primary_key(["id"])
        .foreign_key(["user_id"], "users", ["id"])
        .on_delete(Cascade)
        .foreign_key(["token_id"], "tokens", ["id"])
        .on_delete(SetNull);
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"]);
}
