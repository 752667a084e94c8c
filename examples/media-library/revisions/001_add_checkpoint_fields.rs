//! checkpoints: when each stage of the pipeline was done
//!
//! The pipeline goes on where it stopped: a stage whose timestamp is set is skipped.

use offprint::prelude::*;

pub const REVISION: &str = "001_add_checkpoint_fields";
pub const REVISES: &[&str] = &["000_file_entries"];

pub fn upgrade(op: &mut Op) {
    for checkpoint in ["scanned_at", "analyzed_at", "renamed_at", "metadata_generated_at", "uploaded_at"] {
        op.add_column("file_entries", checkpoint, timestamp());
    }
    for checkpoint in ["scanned_at", "uploaded_at"] {
        op.create_index(format!("ix_file_entries_{checkpoint}"), "file_entries", [checkpoint]);
    }
}
