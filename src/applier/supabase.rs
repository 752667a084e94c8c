//! `supabase db push`: forward only, one transaction around each file, its own history table.
//!
//! A file is named by 14 digits, which are also its version. They come from the file name of the revision, so that
//! the versions do not change when revisions are added. A revision of several segments becomes several files, a second
//! apart, since the command runs each file in one implicit transaction.

use std::collections::BTreeMap;

use ecow::{EcoString, eco_format};

use super::Target;
use crate::artifact::{Artifact, Section};
use crate::diagnostic::{Code, Diagnostic};

pub const NAME: &str = "supabase";

pub fn artifacts(target: &Target, section: &Section<'_>) -> Result<Vec<Artifact>, Diagnostic> {
    let (version, slug) = version_and_slug(section)?;
    let segments = &section.plan.segments;
    let file = |(unit, segment): (u64, _)| Artifact {
        path: eco_format!("{}/{:014}_{slug}.sql", target.folder, later(version, unit)),
        text: section.text([segment]),
    };
    Ok((0..).zip(segments).map(file).collect())
}

/// The versions that revisions have taken.
#[derive(Debug, Default)]
pub struct Versions {
    /// Who has taken a version.
    owners: BTreeMap<u64, EcoString>,
    /// The last version of each revision.
    last: BTreeMap<EcoString, u64>,
}

impl Versions {
    /// Takes the versions of a section, after those of its ancestors.
    ///
    /// # Errors
    ///
    /// A version is taken, or does not come after those of a parent.
    pub fn add(&mut self, section: &Section<'_>) -> Result<(), Diagnostic> {
        let id = &section.revision.id;
        let (first, _) = version_and_slug(section)?;
        let last = later(first, section.plan.segments.len().saturating_sub(1) as u64);
        for parent in section.revision.parents.iter().chain(&section.revision.depends_on) {
            if let Some(&end) = self.last.get(&parent.value)
                && end >= first
            {
                let message = format!("the files of {id} do not come after those of {parent}");
                return Err(Diagnostic::new(Code::ApplierLimit, message)
                    .at(id.origin, format!("begins at {first:014}, but its parent ends at {end:014}"))
                    .note("Supabase runs files in the order of their first 14 digits")
                    .help("give the file of this revision a later time: `YYYYMMDD_HHMMSS_slug.rs`"));
            }
        }
        if let Some((version, owner)) = self.owners.range(first..=last).next() {
            let message = format!("the files of {id} and {owner} have the same version {version:014}");
            return Err(Diagnostic::new(Code::ApplierLimit, message)
                .at(id.origin, format!("takes {first:014} to {last:014}"))
                .note("Supabase runs one file for each version, and a revision of several transactions takes several")
                .help("give the file of this revision another time: `YYYYMMDD_HHMMSS_slug.rs`"));
        }
        self.owners.extend((0..section.plan.segments.len() as u64).map(|unit| (later(first, unit), id.value.clone())));
        self.last.insert(id.value.clone(), last);
        Ok(())
    }
}

/// The 14 digits and the slug of a file name such as `20260131_120000_hardening`.
fn version_and_slug(section: &Section<'_>) -> Result<(u64, String), Diagnostic> {
    let stem = section.revision.stem.as_str();
    let digits: String = stem.chars().filter(|character| *character != '_').take_while(char::is_ascii_digit).collect();
    let consumed = stem.char_indices().filter(|(_, character)| character.is_ascii_digit()).nth(13);
    let slug = match (digits.get(..14).and_then(|version| version.parse::<u64>().ok()), consumed) {
        (Some(version), Some((end, _))) if is_time(version) => Some((version, &stem[end + 1..])),
        _ => None,
    };
    let Some((version, slug)) = slug else {
        let message = format!("the file name of {} does not begin with a date and time", section.revision.id);
        return Err(Diagnostic::new(Code::ApplierLimit, message)
            .at(section.revision.id.origin, format!("in `{stem}.rs`"))
            .note("Supabase names its files by 14 digits, and Offprint takes them from the file of the revision")
            .help("name the file `YYYYMMDD_HHMMSS_slug.rs`, such as `20260131_120000_hardening.rs`"));
    };
    let slug: String = slug
        .trim_matches('_')
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
        .collect();
    Ok((version, if slug.is_empty() { section.revision.id.to_lowercase().into() } else { slug }))
}

/// Whether 14 digits are a date and a time.
fn is_time(version: u64) -> bool {
    let (month, day) = (version / 100_000_000 % 100, version / 1_000_000 % 100);
    let (hour, minute, second) = (version / 10_000 % 100, version / 100 % 100, version % 100);
    (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60
}

/// The version this many seconds later, with carries up to the hour. (Past midnight the digits simply go on: they
/// only have to increase.)
fn later(version: u64, seconds: u64) -> u64 {
    let (rest, time) = (version / 1_000_000, version % 1_000_000);
    let total = time / 10_000 * 3600 + time / 100 % 100 * 60 + time % 100 + seconds;
    rest * 1_000_000 + total / 3600 * 10_000 + total / 60 % 60 * 100 + total % 60
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn seconds_carry() {
        assert_eq!(later(20_260_131_120_000, 1), 20_260_131_120_001);
        assert_eq!(later(20_260_131_125_959, 1), 20_260_131_130_000);
        assert_eq!(later(20_260_131_235_959, 1), 20_260_131_240_000);
    }
}
