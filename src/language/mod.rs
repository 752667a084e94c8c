//! The language of revisions: a closed, deterministic subset of Rust, read and never run.
//!
//! What is accepted here compiles with rustc against this crate, and means the same. What is not is refused, with its
//! place and with what to write instead.

mod dictionary;
mod evaluator;
mod parser;
mod plain;
pub mod syntax;
pub mod token;
pub mod vocabulary;

pub use evaluator::{IncludedTexts, evaluate};
pub use parser::parse;
