//! The language of revisions: a closed, deterministic subset of Rust, read and never run.

pub mod vocabulary;
