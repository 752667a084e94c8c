//! `supabase db push`: forward only, one transaction around each file, its own history table.
//!
//! A file is named by 14 digits, which are also its version. They come from the file name of the revision, so that
//! the versions do not change when revisions are added. A revision of several segments becomes several files, a second
//! apart, since the command runs each file in one implicit transaction.

use ecow::eco_format;

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

pub fn check_order(parent: &Section<'_>, child: &Section<'_>) -> Result<(), Diagnostic> {
    let (before, _) = version_and_slug(parent)?;
    let (after, _) = version_and_slug(child)?;
    let last = later(before, parent.plan.segments.len().saturating_sub(1) as u64);
    if last < after {
        return Ok(());
    }
    let message = format!("the files of {} do not come after those of {}", child.revision.id, parent.revision.id);
    Err(Diagnostic::new(Code::ApplierLimit, message)
        .at(child.revision.id.origin, format!("begins at {after:014}, but its parent ends at {last:014}"))
        .note("Supabase runs files in the order of their first 14 digits")
        .help("give the file of this revision a later time: `YYYYMMDD_HHMMSS_slug.rs`"))
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
