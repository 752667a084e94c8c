//! {{ message }}

use offprint::prelude::*;

pub const REVISION: &str = "{{ id }}";
pub const REVISES: &[&str] = &[{{ parents }}];

pub fn upgrade(op: &mut Op) {
{{ upgrade }}
}
