//! episode availability: the site joins the primary key
//!
//! Rows from before there was more than one site belong to the first one. Every row is kept.

use offprint::prelude::*;

pub const REVISION: &str = "0002_site";
pub const REVISES: &[&str] = &["0001_initial"];

pub fn upgrade(op: &mut Op) {
    op.add_column("episodeavailability", "site", varchar(64).not_null().default("podcasts.example"));
    op.drop_primary_key("episodeavailability");
    op.create_primary_key("episodeavailability", ["slug", "season", "episode", "language", "site"]);
}
