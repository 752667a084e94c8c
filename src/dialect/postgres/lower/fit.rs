//! Which values of a type are values of another one by themselves.

use super::super::quote::{Names, texts};
use super::super::types;
use crate::schema::{ColumnType, Schema};

/// How values of one type become values of another.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The new value, to stand in a `CASE`.
    pub value: String,
    /// What stands behind `USING`; none where Postgres converts by itself, and refuses what does not fit.
    pub using: Option<String>,
    /// Which rows do not fit, where Postgres would change their value without a word or where a message helps.
    pub misfit: Misfits,
    /// Whether Postgres writes the whole table anew.
    pub rewrites: bool,
}

/// Which rows do not fit.
#[derive(Debug, Clone)]
pub enum Misfits {
    /// None: the new type holds every value of the old one.
    None,
    /// Exactly those for which this condition is true.
    Exactly(String),
    /// Those for which this condition is true; of the others the conversion may refuse some.
    AtLeast(String),
    /// Those that the conversion refuses.
    Refused,
}

impl Misfits {
    /// The condition, as far as there is one.
    pub fn condition(&self) -> Option<&str> {
        match self {
            Misfits::Exactly(condition) | Misfits::AtLeast(condition) => Some(condition),
            Misfits::None | Misfits::Refused => None,
        }
    }
}

/// A column whose type changes, without the domains around both types.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The column in quotes.
    pub column: &'a str,
    pub from: &'a ColumnType,
    pub to: &'a ColumnType,
    pub schema: &'a Schema,
    pub names: Names<'a>,
}

impl Subject<'_> {
    /// The value as text, without a cast where it is text.
    pub fn text(&self) -> String {
        match self.from {
            ColumnType::Text | ColumnType::Varchar(_) => self.column.to_owned(),
            _ => format!("{}::text", self.column),
        }
    }

    /// Postgres converts by itself when it assigns.
    fn assigned(&self, misfit: Misfits) -> Fit {
        Fit { value: self.column.to_owned(), using: None, misfit, rewrites: true }
    }

    fn cast(&self, value: String, misfit: Misfits) -> Fit {
        Fit { using: Some(value.clone()), value, misfit, rewrites: true }
    }

    /// From text, for the texts that match a pattern, and then not where the second condition is true.
    fn parsed(&self, pattern: &str, then: Option<String>, exact: bool) -> Fit {
        let text = self.text();
        let condition = match then {
            None => format!("{text} !~ '{pattern}'"),
            Some(then) => {
                format!("CASE WHEN {text} ~ '{pattern}' THEN {then} ELSE {} IS NOT NULL END", self.column)
            }
        };
        let misfit = if exact { Misfits::Exactly(condition) } else { Misfits::AtLeast(condition) };
        self.cast(format!("{text}::{}", types::sql(self.to, self.names)), misfit)
    }

    /// How the values become values of the new type by themselves; none if nothing but the author can say it.
    pub fn fit(&self) -> Option<Fit> {
        use ColumnType as T;
        match (self.from, self.to) {
            (_, T::Text | T::Varchar(_) | T::Char(_)) => self.becomes_text(),
            (_, T::Enumeration(name)) => self.becomes_enumeration(name),
            (from, to)
                if integer_range(from).is_some() || matches!(to, T::SmallInteger | T::Integer | T::BigInteger) =>
            {
                self.between_integers()
            }
            (T::Text | T::Varchar(_) | T::Char(_), _) => self.was_text(),
            (_, T::Numeric { .. } | T::Float | T::Double) => self.between_fractions(),
            (T::Date, T::Timestamp) | (T::Time, T::Interval) => Some(self.assigned(Misfits::None)),
            (T::Timestamp, T::Date) => Some(self.assigned(Misfits::Exactly(format!("{0} <> {0}::date", self.column)))),
            (T::Json, T::Jsonb) => Some(self.cast(format!("{}::jsonb", self.column), Misfits::Refused)),
            (T::Jsonb, T::Json) => Some(self.cast(format!("{}::json", self.column), Misfits::None)),
            (T::Array(_), T::Array(_)) => self.between_arrays(),
            _ => None,
        }
    }

    fn becomes_text(&self) -> Option<Fit> {
        use ColumnType as T;
        let longest = match self.from {
            T::Text => None,
            T::Varchar(length) | T::Char(length) => Some(*length),
            T::SmallInteger => Some(6),
            T::Integer => Some(11),
            T::BigInteger => Some(20),
            T::Boolean => Some(5),
            T::Uuid => Some(36),
            T::Enumeration(_) => Some(63),
            T::Float
            | T::Double
            | T::Numeric { .. }
            | T::Date
            | T::Time
            | T::Timestamp
            | T::Timestamptz
            | T::Interval
            | T::Json
            | T::Jsonb
            | T::Composite(_) => None,
            T::Bytes | T::Array(_) | T::Domain { .. } | T::Native(_) => return None,
        };
        let text = self.text();
        let too_long = |length: u32| {
            longest.is_none_or(|longest| longest > length).then(|| format!("char_length({text}) > {length}"))
        };
        // Blanks at the end of a `char(n)` mean nothing, so a text that ends in some would lose them.
        let padded = matches!(self.from, T::Text | T::Varchar(_)).then(|| format!("{text} <> rtrim({text}, ' ')"));
        let conditions: Vec<String> = match self.to {
            T::Varchar(length) => too_long(*length).into_iter().collect(),
            T::Char(length) => too_long(*length).into_iter().chain(padded).collect(),
            _ => Vec::new(),
        };
        let misfit = if conditions.is_empty() {
            Misfits::None
        } else {
            Misfits::Exactly(format!("({})", conditions.join(" OR ")))
        };
        let grows = match (self.from, self.to) {
            (T::Text | T::Varchar(_), T::Text) => true,
            (T::Varchar(from), T::Varchar(to)) => from <= to,
            _ => false,
        };
        let using = match self.from {
            T::Text | T::Varchar(_) | T::Char(_) => None,
            _ => Some(text.clone()),
        };
        Some(Fit { value: text, using, misfit, rewrites: !grows })
    }

    fn becomes_enumeration(&self, name: &str) -> Option<Fit> {
        use ColumnType as T;
        let text = self.text();
        let values = &self.schema.enumeration(name)?.values;
        let all_fit = match self.from {
            T::Enumeration(old) => self.schema.enumeration(old)?.values.iter().all(|value| values.contains(value)),
            T::Text | T::Varchar(_) | T::Char(_) => false,
            _ => return None,
        };
        let misfit =
            if all_fit { Misfits::None } else { Misfits::Exactly(format!("{text} NOT IN ({})", texts(values))) };
        let using = Some(format!("{text}::{}", types::sql(self.to, self.names)));
        Some(Fit { value: text, using, misfit, rewrites: true })
    }

    /// Conversions with an integer on at least one side.
    fn between_integers(&self) -> Option<Fit> {
        use ColumnType as T;
        let column = self.column;
        let target = types::sql(self.to, self.names);
        match (integer_range(self.from), integer_range(self.to)) {
            (Some((from_low, _)), Some((low, high))) => Some(self.assigned(if from_low >= low {
                Misfits::None
            } else {
                Misfits::Exactly(format!("{column} NOT BETWEEN {low} AND {high}"))
            })),
            (Some((from_low, _)), None) => {
                let beyond = |limit: u64| {
                    let fits = from_low.unsigned_abs() <= limit;
                    if fits { Misfits::None } else { Misfits::Exactly(format!("abs({column}::numeric) > {limit}")) }
                };
                Some(match self.to {
                    T::Numeric { precision, scale } => {
                        let places = precision - scale;
                        self.assigned(if places >= 19 {
                            Misfits::None
                        } else {
                            Misfits::Exactly(format!("abs({column}::numeric) >= {}", power_of_ten(places)))
                        })
                    }
                    T::Float => self.assigned(beyond(1 << 24)),
                    T::Double => self.assigned(beyond(1 << 53)),
                    T::Boolean => {
                        self.cast(format!("({column} <> 0)"), Misfits::Exactly(format!("{column} NOT IN (0, 1)")))
                    }
                    _ => return None,
                })
            }
            (None, Some((low, high))) => Some(match self.from {
                T::Boolean => self.cast(format!("{column}::integer"), Misfits::None),
                T::Numeric { .. } => self.assigned(Misfits::Exactly(format!(
                    "({column} <> trunc({column}) OR {column} NOT BETWEEN {low} AND {high})"
                ))),
                // The largest bigint is no double, but the next number is.
                T::Float | T::Double => self.assigned(Misfits::Exactly(format!(
                    "({column} <> trunc({column}) OR NOT ({column} >= {low} AND {column} < {}))",
                    high.unsigned_abs() + 1
                ))),
                T::Text | T::Varchar(_) | T::Char(_) => {
                    let range = format!("{}::numeric NOT BETWEEN {low} AND {high}", self.text());
                    let value = format!("{}::{target}", self.text());
                    Fit { using: Some(value.clone()), value, ..self.parsed(INTEGER, Some(range), true) }
                }
                _ => return None,
            }),
            (None, None) => None,
        }
    }

    fn was_text(&self) -> Option<Fit> {
        use ColumnType as T;
        let text = self.text();
        match self.to {
            T::Numeric { precision, scale } => {
                let number = format!("{text}::numeric");
                let condition = format!(
                    "({number} <> round({number}, {scale}) OR abs({number}) >= {})",
                    power_of_ten(precision - scale)
                );
                Some(self.parsed(DECIMAL, Some(condition), true))
            }
            T::Float | T::Double => {
                let target = types::sql(self.to, self.names);
                let condition = format!("{text}::numeric <> {text}::{target}::text::numeric");
                Some(self.parsed(DECIMAL, Some(condition), *self.to == T::Double))
            }
            T::Boolean => {
                Some(self.parsed("^ *(t|true|y|yes|on|1|f|false|n|no|off|0|T|TRUE|True|F|FALSE|False) *$", None, true))
            }
            T::Uuid => {
                Some(self.parsed("^([0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{32})$", None, true))
            }
            // Only ISO 8601, of which no setting of the session makes another date; nothing behind it is left out.
            T::Date => Some(self.parsed(&format!("^{DATE}$"), None, false)),
            T::Time => Some(self.parsed(&format!("^{TIME}$"), None, false)),
            T::Timestamp => Some(self.parsed(&format!("^{DATE}([T ]{TIME})?$"), None, false)),
            T::Timestamptz => {
                Some(self.parsed(&format!("^{DATE}[T ]{TIME} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$"), None, false))
            }
            T::Interval | T::Json | T::Jsonb | T::Composite(_) => {
                Some(self.cast(format!("{text}::{}", types::sql(self.to, self.names)), Misfits::Refused))
            }
            _ => None,
        }
    }

    /// Conversions between numbers with a fraction.
    fn between_fractions(&self) -> Option<Fit> {
        use ColumnType as T;
        let column = self.column;
        match (self.from, self.to) {
            (T::Float, T::Double) => Some(self.assigned(Misfits::None)),
            (T::Double, T::Float) => {
                Some(self.assigned(Misfits::AtLeast(format!("{column}::text <> {column}::real::text"))))
            }
            (T::Float | T::Double, T::Numeric { precision, scale }) => {
                let number = format!("{column}::text::numeric");
                let misfit = Misfits::Exactly(format!(
                    "({number} <> round({number}, {scale}) OR abs({number}) >= {})",
                    power_of_ten(precision - scale)
                ));
                Some(self.cast(number, misfit))
            }
            (T::Numeric { precision: 0..=6, .. }, T::Float) | (T::Numeric { precision: 0..=15, .. }, T::Double) => {
                Some(self.assigned(Misfits::None))
            }
            (T::Numeric { .. }, T::Float | T::Double) => {
                let target = types::sql(self.to, self.names);
                Some(self.assigned(Misfits::AtLeast(format!("{column} <> {column}::{target}::text::numeric"))))
            }
            (T::Numeric { precision: old, scale: old_scale }, T::Numeric { precision, scale }) => {
                let mut conditions = Vec::new();
                if scale < old_scale {
                    conditions.push(format!("{column} <> round({column}, {scale})"));
                }
                if precision - scale < old - old_scale {
                    conditions.push(format!("abs({column}) >= {}", power_of_ten(precision - scale)));
                }
                let misfit = match conditions.len() {
                    0 => Misfits::None,
                    _ => Misfits::Exactly(format!("({})", conditions.join(" OR "))),
                };
                Some(Fit { rewrites: scale != old_scale || precision < old, ..self.assigned(misfit) })
            }
            _ => None,
        }
    }

    /// Arrays whose elements are texts, enums or integers.
    fn between_arrays(&self) -> Option<Fit> {
        use ColumnType as T;
        let (T::Array(from), T::Array(to)) = (self.from, self.to) else { return None };
        let target = types::sql(self.to, self.names);
        let column = self.column;
        match (from.plain(), to.plain()) {
            (T::Text | T::Varchar(_) | T::Enumeration(_), T::Text) => {
                Some(self.cast(format!("{column}::text[]"), Misfits::None))
            }
            (T::Varchar(old), T::Varchar(new)) if old <= new => {
                Some(self.cast(format!("{column}::{target}"), Misfits::None))
            }
            (T::Text | T::Varchar(_) | T::Enumeration(_), T::Enumeration(name)) => {
                let values = texts(&self.schema.enumeration(name)?.values);
                let misfit = Misfits::Exactly(format!(
                    "EXISTS (SELECT FROM unnest({column}::text[]) AS element WHERE element NOT IN ({values}))"
                ));
                Some(self.cast(format!("{column}::text[]::{target}"), misfit))
            }
            (from, to) => {
                let ((from_low, _), (low, _)) = (integer_range(from)?, integer_range(to)?);
                (from_low >= low).then(|| self.cast(format!("{column}::{target}"), Misfits::None))
            }
        }
    }
}

const INTEGER: &str = "^ *[+-]?[0-9]+ *$";
const DECIMAL: &str = "^ *[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})? *$";
const DATE: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME: &str = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?";

/// The least and the greatest value of an integer type.
fn integer_range(column_type: &ColumnType) -> Option<(i64, i64)> {
    match column_type {
        ColumnType::SmallInteger => Some((i16::MIN.into(), i16::MAX.into())),
        ColumnType::Integer => Some((i32::MIN.into(), i32::MAX.into())),
        ColumnType::BigInteger => Some((i64::MIN, i64::MAX)),
        _ => None,
    }
}

fn power_of_ten(places: u16) -> String {
    format!("1{}", "0".repeat(places.into()))
}
