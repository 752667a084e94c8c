//! What the integration tests share: the real engines, and the reader of what an engine then has.
//!
//! Nothing here knows how Offprint writes SQL, so a mistake of the emitter cannot hide in the reader.
#![allow(dead_code, reason = "each test binary compiles this module and uses its own part of it")]

pub mod case_log;
pub mod client;
pub mod engine;
pub mod expected;
pub mod modes;
pub mod observed;
pub mod postgres;
pub mod random;
pub mod recorded;
pub mod scripts;
pub mod sqlite;
