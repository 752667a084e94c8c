//! The time in names of files: `20260131_120000`, in UTC.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// Seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// What the clock says.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now() -> Self {
        Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()))
    }

    /// One second later.
    #[must_use]
    pub fn next(self) -> Self {
        Timestamp(self.0 + 1)
    }

    /// The time at the beginning of a file name; `None` when it begins otherwise.
    pub fn of_stem(stem: &str) -> Option<Self> {
        let (date, rest) = stem.split_once('_')?;
        let time = rest.split('_').next()?;
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(date, 8) || !digits(time, 6) {
            return None;
        }
        let number = |text: &str| text.parse::<u64>().ok();
        let (year, month, day) = (number(&date[..4])?, number(&date[4..6])?, number(&date[6..])?);
        let (hour, minute, second) = (number(&time[..2])?, number(&time[2..4])?, number(&time[4..])?);
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let days = days_before_year(year) + days_before_month(year, month) + day - 1;
        Some(Timestamp(days * SECONDS_OF_A_DAY + hour * 3600 + minute * 60 + second))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.0 / SECONDS_OF_A_DAY, self.0 % SECONDS_OF_A_DAY);
        // A year has at least 365 days, so this is not too early, and the loop below is short.
        let mut year = 1970 + days / 366;
        while days_before_year(year + 1) <= days {
            year += 1;
        }
        let day_of_year = days - days_before_year(year);
        let month = (1..=12).rev().find(|&month| days_before_month(year, month) <= day_of_year).unwrap_or(1);
        let day = day_of_year - days_before_month(year, month) + 1;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(formatter, "{year:04}{month:02}{day:02}_{hour:02}{minute:02}{second:02}")
    }
}

/// The days from 1970 to the beginning of a year.
fn days_before_year(year: u64) -> u64 {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969)
}

/// The days from the beginning of a year to that of a month.
fn days_before_month(year: u64, month: u64) -> u64 {
    const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let leap_day = u64::from(month > 2 && is_leap);
    DAYS.iter().take(month as usize - 1).sum::<u64>() + leap_day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read() {
        for (seconds, text) in [
            (0, "19700101_000000"),
            (951_782_399, "20000228_235959"),
            (951_782_400, "20000229_000000"),
            (1_735_689_599, "20241231_235959"),
            (1_735_689_600, "20250101_000000"),
            (1_769_860_800, "20260131_120000"),
            (4_107_542_400, "21000301_000000"),
        ] {
            assert_eq!(Timestamp(seconds).to_string(), text);
            assert_eq!(Timestamp::of_stem(&format!("{text}_slug")), Some(Timestamp(seconds)));
        }
        for day in 0..60_000 {
            let time = Timestamp(day * SECONDS_OF_A_DAY + 1);
            assert_eq!(Timestamp::of_stem(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn other_names_have_no_time() {
        for stem in ["001_init", "20260131", "20260131_12", "2026x131_120000_a", "20261331_120000_a", "größe_größe"]
        {
            assert_eq!(Timestamp::of_stem(stem), None, "{stem}");
        }
    }
}
