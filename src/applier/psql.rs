//! `psql -X -v ON_ERROR_STOP=1 -f FILE`: the script opens its own transactions; one file each way.

use super::Target;
use crate::artifact::{Artifact, Section};

pub const NAME: &str = "psql";

pub fn artifacts(target: &Target, section: &Section<'_>) -> Vec<Artifact> {
    vec![section.one_file(target)]
}
