//! The exact way of a value from one class to another: it is kept, it becomes the same in the new type, or it does not
//! fit. Nothing is rounded, cut or guessed.
//!
//! `CAST` is no help to tell: it never fails, and makes a number of whatever a text begins with. So each rule comes with
//! the condition under which the new value says the same as the old one. `docs/types.md` has the rules in words.

use super::quote;
use super::types::Class;

/// How values become values of another class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The new value; `None` where it is the old one.
    pub expression: Option<String>,
    /// The condition for a value that is not NULL to fit; `None` where every one does.
    pub fits: Option<String>,
}

impl Rule {
    fn keep() -> Rule {
        Rule { expression: None, fits: None }
    }

    fn keep_if(fits: String) -> Rule {
        Rule { expression: None, fits: Some(fits) }
    }

    fn turn_if(expression: String, fits: String) -> Rule {
        Rule { expression: Some(expression), fits: Some(fits) }
    }
}

/// A value in SQL, and the same in the form in which it is compared: byte by byte, whatever the collation of its column.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub value: &'a str,
    pub compared: &'a str,
}

/// The largest integer up to which every integer is a floating point number.
const LARGEST_EXACT: &str = "9007199254740992";

/// The bounds of the numbers that a floating point number holds with all of its digits.
const SMALLEST_NORMAL: &str = "2.2250738585072014e-308";
const LARGEST_FINITE: &str = "1.7976931348623157e308";

/// As many digits of a decimal number come back from a floating point number.
const EXACT_DIGITS: u32 = 15;

/// The words that Postgres reads as truth values.
const TRUE_WORDS: &str = "'true', 't', 'yes', 'y', 'on', '1'";
const FALSE_WORDS: &str = "'false', 'f', 'no', 'n', 'off', '0'";

impl Subject<'_> {
    /// The exact way from one class to another, where there is one.
    pub fn rule(self, from: &Class, to: &Class) -> Option<Rule> {
        if from.is_text() {
            return self.text_to(from, to);
        }
        let value = self.value;
        let integer = self.is("integer");
        Some(match (from, to) {
            (Class::Integer, Class::Integer)
            | (Class::Real, Class::Real)
            | (Class::Boolean, Class::Boolean)
            | (Class::Bytes, Class::Bytes)
            | (Class::Numeric, Class::Numeric)
            | (Class::Boolean, Class::Integer)
            | (Class::Boolean | Class::Integer | Class::Real, Class::Numeric)
            | (_, Class::Any) => Rule::keep(),
            (Class::Boolean | Class::Integer, Class::Real) => self.real_of_integer(),
            (Class::Integer, Class::Boolean) => Rule::keep_if(format!("{value} IN (0, 1)")),
            (Class::Real, Class::Boolean) => {
                Rule::turn_if(format!("CAST({value} AS INTEGER)"), format!("{value} IN (0.0, 1.0)"))
            }
            (Class::Real, Class::Integer) => Rule::turn_if(
                format!("CAST({value} AS INTEGER)"),
                format!("abs({value}) < 9.2e18 AND CAST(CAST({value} AS INTEGER) AS REAL) = {value}"),
            ),
            (Class::Integer, Class::Text { longest }) => sized(format!("CAST({value} AS TEXT)"), *longest, integer),
            (Class::Boolean, Class::Text { longest }) => sized(
                format!("CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {value} END"),
                *longest,
                format!("{value} IN (0, 1)"),
            ),
            (Class::Real, Class::Text { longest }) => sized(digits(value), *longest, self.is_finite_real()),
            (Class::Numeric | Class::Any, to) => return self.any_to(to),
            _ => return None,
        })
    }

    /// The condition for the value of an expression, which is not NULL, to be one of the class once it is stored.
    pub fn belongs(self, class: &Class) -> Option<String> {
        let value = self.value;
        Some(match class {
            // SQLite stores a number without a fraction, and the text of one, as the integer.
            Class::Integer => format!(
                "CASE typeof({value}) WHEN 'integer' THEN 1 WHEN 'real' THEN abs({value}) < 9.2e18 AND CAST({value} AS INTEGER) = {value} ELSE {} END",
                self.is_integer_text()
            ),
            Class::Real => format!(
                "CASE typeof({value}) WHEN 'integer' THEN {value} BETWEEN -{LARGEST_EXACT} AND {LARGEST_EXACT} WHEN 'real' THEN abs({value}) <= {LARGEST_FINITE} ELSE {} END",
                self.is_real_text()
            ),
            Class::Boolean => format!("typeof({value}) IN ('integer', 'real') AND {value} IN (0, 1)"),
            // What text SQLite makes of a number with a fraction depends on its version.
            Class::Text { longest: None } => format!("typeof({value}) IN ('text', 'integer')"),
            Class::Text { longest: Some(longest) } => {
                format!("typeof({value}) IN ('text', 'integer') AND length({value}) <= {longest}")
            }
            Class::Bytes => self.is("blob"),
            Class::Numeric | Class::Any => return None,
            text => self.is_text_of(text)?,
        })
    }

    /// From a column that takes values of any kind: each value goes the way of its own kind.
    fn any_to(self, to: &Class) -> Option<Rule> {
        let value = self.value;
        Some(match to {
            Class::Integer => Rule::keep_if(self.is("integer")),
            Class::Boolean => Rule::keep_if(format!("{} AND {value} IN (0, 1)", self.is("integer"))),
            Class::Bytes => Rule::keep_if(self.is("blob")),
            Class::Real => {
                let Rule { expression, fits } = self.real_of_integer();
                let integer = fits.unwrap_or_default();
                Rule { expression, fits: Some(format!("{} OR ({integer})", self.is_finite_real())) }
            }
            Class::Text { longest } => sized(
                format!(
                    "CASE typeof({value}) WHEN 'integer' THEN CAST({value} AS TEXT) WHEN 'real' THEN {} ELSE {value} END",
                    digits(value)
                ),
                *longest,
                format!("(typeof({value}) IN ('text', 'integer') OR {})", self.is_finite_real()),
            ),
            Class::Numeric | Class::Any => return None,
            text => Rule::keep_if(self.is_text_of(text)?),
        })
    }

    fn text_to(self, from: &Class, to: &Class) -> Option<Rule> {
        if from == to {
            return Some(Rule::keep());
        }
        let value = self.value;
        Some(match to {
            Class::Any | Class::Text { longest: None } => Rule::keep(),
            Class::Text { longest: Some(new) } => match from {
                Class::Text { longest: Some(old) } if old <= new => Rule::keep(),
                _ => Rule::keep_if(format!("{} AND length({value}) <= {new}", self.is_whole_text())),
            },
            Class::Integer => Rule::turn_if(format!("CAST({value} AS INTEGER)"), self.is_integer_text()),
            Class::Real => Rule::turn_if(format!("CAST({value} AS REAL)"), self.is_real_text()),
            // What comes back as the same text.
            Class::Numeric => {
                let integer = self.is_integer_text();
                let number = format!("CAST({value} AS REAL)");
                // Where such a column has a number without a fraction, SQLite makes an integer of it.
                let stays = format!(
                    "(abs({number}) BETWEEN 9.3e18 AND {LARGEST_FINITE} OR CAST({number} AS INTEGER) <> {number})"
                );
                Rule::turn_if(
                    format!("CASE WHEN {integer} THEN CAST({value} AS INTEGER) ELSE {number} END"),
                    format!("{integer} OR ({} AND {stays})", self.is_printed(&number)),
                )
            }
            Class::Boolean => Rule::turn_if(
                format!("CASE WHEN lower({value}) IN ({TRUE_WORDS}) THEN 1 WHEN {value} IS NOT NULL THEN 0 END"),
                format!("{} AND lower({value}) IN ({TRUE_WORDS}, {FALSE_WORDS})", self.is("text")),
            ),
            Class::Enumeration(values) => match from {
                Class::Enumeration(old) if old.iter().all(|one| values.contains(one)) => Rule::keep(),
                _ => Rule::keep_if(self.is_text_of(to)?),
            },
            Class::Date if *from == Class::Timestamp => {
                let day = format!("substr({value}, 1, 10)");
                let fits = format!("substr({value}, 11) IN (' 00:00:00', 'T00:00:00') AND {}", is_date(&day, &day));
                Rule::turn_if(day, fits)
            }
            Class::Timestamp if *from == Class::Date => {
                Rule::turn_if(format!("{value} || ' 00:00:00'"), is_date(value, self.compared))
            }
            Class::Date | Class::Time | Class::Timestamp | Class::Uuid | Class::Json => {
                Rule::keep_if(self.is_text_of(to)?)
            }
            Class::Bytes => return None,
        })
    }

    /// The condition for a value to be a text of this kind; `None` where the class is not one of text in some form.
    fn is_text_of(self, class: &Class) -> Option<String> {
        let (value, whole) = (self.value, self.is_whole_text());
        Some(match class {
            Class::Enumeration(values) => format!("{} IN ({})", self.compared, quote::texts(values)),
            Class::Uuid => {
                let hex = |count: usize| "[0-9A-Fa-f]".repeat(count);
                format!("{whole} AND {value} GLOB '{}-{}-{}-{}-{}'", hex(8), hex(4), hex(4), hex(4), hex(12))
            }
            Class::Json => format!("{whole} AND json_valid({value})"),
            Class::Date => is_date(value, self.compared),
            Class::Time => format!(
                "{whole} AND {value} < '24' AND ({value} GLOB '{MINUTES}' OR {value} GLOB '{MINUTES}:[0-5][0-9]' OR ({value} GLOB '{MINUTES}:[0-5][0-9].[0-9]*' AND substr({value}, 10) NOT GLOB '*[^0-9]*'))"
            ),
            // SQLite's own functions read what stands behind the minutes.
            Class::Timestamp => {
                let day = format!("substr({value}, 1, 10)");
                format!(
                    "{whole} AND {} AND substr({value}, 11) GLOB '[ T]{MINUTES}*' AND {value} GLOB '*[0-9Zz]' AND substr({value}, 12) < '24' AND datetime({value}) IS NOT NULL",
                    is_date(&day, &day)
                )
            }
            _ => return None,
        })
    }

    fn is(self, kind: &str) -> String {
        format!("typeof({}) = '{kind}'", self.value)
    }

    /// Several functions of SQLite read a text up to its first NUL, and take a blob for a text.
    fn is_whole_text(self) -> String {
        format!("{} AND instr({}, char(0)) = 0", self.is("text"), self.value)
    }

    fn is_finite_real(self) -> String {
        format!("{} AND abs({}) <= {LARGEST_FINITE}", self.is("real"), self.value)
    }

    fn real_of_integer(self) -> Rule {
        let value = self.value;
        Rule::turn_if(
            format!("CAST({value} AS REAL)"),
            format!("{} AND {value} BETWEEN -{LARGEST_EXACT} AND {LARGEST_EXACT}", self.is("integer")),
        )
    }

    /// Leading zeros, signs, blanks and what is too large do not come back.
    fn is_integer_text(self) -> String {
        format!("CAST(CAST({} AS INTEGER) AS TEXT) = {}", self.value, self.compared)
    }

    /// What JSON calls a number, if its digits come back. A number too small to have all of them would lose some.
    fn is_real_text(self) -> String {
        let value = self.value;
        let number = format!("CAST({value} AS REAL)");
        let mantissa = format!("substr({value}, 1, instr(lower({value}) || 'e', 'e') - 1)");
        let significant = format!("trim(replace(replace({mantissa}, '-', ''), '.', ''), '0')");
        format!(
            "CASE WHEN {} AND {value} NOT GLOB '*[^-+.0-9Ee]*' AND json_valid({value}) THEN {} OR (length({significant}) <= {EXACT_DIGITS} AND (abs({number}) BETWEEN {SMALLEST_NORMAL} AND {LARGEST_FINITE} OR ({significant} = '' AND {value} NOT GLOB '-*'))) ELSE 0 END",
            self.is_whole_text(),
            self.is_printed(&number)
        )
    }

    /// Whether the value is the text that `digits` makes of the number.
    fn is_printed(self, number: &str) -> String {
        format!("{} IN (printf('%!.15g', {number}), printf('%!.17g', {number}))", self.compared)
    }
}

/// The pattern of an hour and a minute.
const MINUTES: &str = "[0-2][0-9]:[0-5][0-9]";

/// Days that do not exist are other days when one counts from them, in every version of SQLite.
fn is_date(value: &str, compared: &str) -> String {
    format!("date({value}, '+0 days') = {compared}")
}

/// The shortest digits of a floating point number that come back exactly; `CAST` gives others in other versions, and
/// `printf` makes a zero of NULL.
fn digits(number: &str) -> String {
    format!(
        "CASE WHEN CAST(printf('%!.15g', {number}) AS REAL) = {number} THEN printf('%!.15g', {number}) WHEN {number} IS NOT NULL THEN printf('%!.17g', {number}) END"
    )
}

fn sized(expression: String, longest: Option<u32>, fits: String) -> Rule {
    let fits = match longest {
        Some(longest) => format!("{fits} AND length({expression}) <= {longest}"),
        None => fits,
    };
    Rule::turn_if(expression, fits)
}
