//! What a revision sees: the vocabulary.

pub use crate::operation::Action::{self, Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::operation::Op;
pub use crate::operation::definition::{
    array, big_integer, boolean, bytes, char, column, composite, current_date, date, decimal, domain, double,
    enumeration, expression, float, hex, integer, interval, json, jsonb, native, now, null, numeric, postgres,
    random_uuid, small_integer, sql, sqlite, text, time, timestamp, timestamptz, uuid, varchar,
};
