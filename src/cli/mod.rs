//! The command line. One command, one file.

pub mod report;
