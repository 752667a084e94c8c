//! What a dialect makes of the changes of one revision in one direction: steps in segments.

use std::sync::Arc;

use crate::schema::Cause;

/// The statements of one revision in one direction.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Each is one transaction, or stands outside of any. All but the last can be run again.
    pub segments: Vec<Segment>,
}

/// A run of steps that belong together.
#[derive(Debug, Clone, Default)]
pub struct Segment {
    /// The statements that open the transaction; none where the applier has opened one.
    pub opening: Vec<String>,
    pub steps: Vec<Step>,
    /// The statements that close it again.
    pub closing: Vec<String>,
}

/// One statement, or a few that only make sense together.
#[derive(Debug, Clone)]
pub struct Step {
    pub purpose: Purpose,
    /// What a reviewer should know, one sentence a line, without comment marks.
    pub comments: Vec<String>,
    /// The SQL, each statement with its semicolon. Empty where the comments say that there is nothing to do.
    pub sql: String,
}

/// Why a statement is there.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// It stops the script when the database is not as it must be.
    Guard,
    /// It makes the change of an operation.
    Change(Arc<Cause>),
    /// It keeps the history table.
    History,
}

impl Step {
    /// A step without comments.
    pub fn new(purpose: Purpose, sql: impl Into<String>) -> Self {
        Step { purpose, comments: Vec::new(), sql: sql.into() }
    }

    /// The same, with one more comment.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comments.push(text.into());
        self
    }
}
