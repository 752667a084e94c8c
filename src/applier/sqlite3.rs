//! `sqlite3 -bail DATABASE < FILE`: the script opens its own transactions; one file each way.

use super::Target;
use crate::artifact::{Artifact, Section};

pub const NAME: &str = "sqlite3";

pub fn artifacts(target: &Target, section: &Section<'_>) -> Vec<Artifact> {
    vec![section.one_file(target)]
}
