//! Decimal numbers in digits, as `decimal("1.10")` writes them.

/// The parts of a decimal number: `-12.50e3`.
pub struct DecimalDigits<'a> {
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> DecimalDigits<'a> {
    /// The parts of a text; `None` when it is no decimal number.
    pub fn parse(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let valid = is_digits(whole) && fraction.is_none_or(is_digits);
        valid.then(|| DecimalDigits { whole, fraction: fraction.unwrap_or_default(), exponent: i64::from(exponent) })
    }

    /// How many places the number needs before and behind the point.
    pub fn places(&self) -> (i64, i64) {
        let all: String = [self.whole, self.fraction].concat();
        let significant = all.trim_start_matches('0');
        if significant.is_empty() {
            return (0, 0);
        }
        let places = |length: usize| i64::try_from(length).unwrap_or(i64::MAX / 4);
        let leading_zeros = places(all.len() - significant.len());
        let trailing_zeros = places(all.len() - all.trim_end_matches('0').len());
        let before_point = places(self.whole.len()) + self.exponent - leading_zeros;
        let behind_point = places(self.fraction.len()) - self.exponent - trailing_zeros;
        (before_point.max(0), behind_point.max(0))
    }
}
