//! Names in the texts of a schema: what stands in the way of a drop or a rename, what SQLite would take for a string, and
//! renames compared with those that SQLite makes itself.

#[path = "../support/authored.rs"]
mod authored;
mod double_quotes;
#[path = "../support/recorded.rs"]
mod recorded;
mod refusals;
mod sqlite_renames;
