//! seed demo user: an account to try the service with
//!
//! The password is `demo`. The rows have fixed keys, so the way back finds them.

use offprint::prelude::*;

pub const REVISION: &str = "002_seed_demo_user";
pub const REVISES: &[&str] = &["001_initial_migration"];

const DEMO_USER: &str = "6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01";
const DEMO_TOKEN: &str = "6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d02";

pub fn upgrade(op: &mut Op) {
    op.insert("users", ["id", "email", "password_hash", "settings", "created_at"]).row((
        DEMO_USER,
        "demo@example.com",
        "$2b$12$C6UzMDM.H6dfI/f/IKcEeO7rY3bYbQ2m8Z9wQhJgV0bq1zJ0nQx1K",
        r#"{"theme": "dark", "note": "it's a demo"}"#,
        "2026-01-01 00:00:00+00:00",
    ));
    op.insert("tokens", ["id", "user_id", "provider", "secret", "expires_at"]).row((
        DEMO_TOKEN,
        DEMO_USER,
        "demo",
        hex("00ff10"),
        null(),
    ));
}
