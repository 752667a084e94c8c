//! What becomes of the values of a column when its type changes: each is kept exactly, or the script refuses.

use super::literal::{check, literal};
use super::quote;
use super::types::{Class, Held};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Conversion, Literal};

/// A change of the type of a column, in SQL over the old rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The new value in one line; `None` where the old one stays as it is.
    pub expression: Option<String>,
    /// The same, laid out for the list of columns of a copy.
    pub laid_out: Option<String>,
    /// The condition that holds for the rows whose value has no place in the new type.
    pub unfit: Option<String>,
    /// Whether the new value may be NULL though the old one is not.
    pub may_be_null: bool,
}

/// How values that no one speaks of become values of the new type.
struct Rule {
    /// The new value; `None` where it is the old one.
    expression: Option<String>,
    /// The condition for a value that is not NULL to fit; `None` where every one does.
    fits: Option<String>,
}

impl Rule {
    fn keep() -> Rule {
        Rule { expression: None, fits: None }
    }

    fn keep_if(fits: String) -> Rule {
        Rule { expression: None, fits: Some(fits) }
    }

    fn turn(expression: String) -> Rule {
        Rule { expression: Some(expression), fits: None }
    }

    fn turn_if(expression: String, fits: String) -> Rule {
        Rule { expression: Some(expression), fits: Some(fits) }
    }
}

/// Converts `value`, the old value in SQL, which is compared by `collation` unless that is SQLite's own.
///
/// # Errors
///
/// There is no exact rule, and the author says nothing.
pub fn convert(
    value: &str,
    from: &Held,
    to: &Held,
    conversion: &Conversion,
    collation: Option<&str>,
) -> Result<Converted, Box<Diagnostic>> {
    let rule = rule(value, &from.class, &to.class);
    if conversion.is_empty() {
        let rule = rule.ok_or_else(|| no_rule(from, to))?;
        let unfit = rule.fits.map(|fits| unfit(value, &fits, &[]));
        let laid_out = rule.expression.clone();
        return Ok(Converted { expression: rule.expression, laid_out, unfit, may_be_null: false });
    }
    if conversion.using.is_some() && conversion.otherwise.is_some() {
        return Err(Box::new(
            Diagnostic::new(Code::InvalidValue, "`.using` gives every value, so nothing is left for `.otherwise`")
                .help("leave one of them out"),
        ));
    }
    for new in conversion.map.iter().map(|(_, new)| new).chain(&conversion.otherwise) {
        check(new, to)?;
    }
    let compared = match collation {
        Some(collation) if !collation.eq_ignore_ascii_case("BINARY") => format!("{value} COLLATE BINARY"),
        _ => value.to_owned(),
    };
    let old = |old: &Literal| match old {
        Literal::Null => format!("{value} IS NULL"),
        other => format!("{compared} = {}", literal(other, from)),
    };
    let mapped: Vec<String> = conversion.map.iter().map(|(from, _)| old(from)).collect();
    let mut branches: Vec<(String, String)> =
        mapped.iter().cloned().zip(conversion.map.iter().map(|(_, new)| literal(new, to))).collect();
    let mut may_be_null = conversion.map.iter().any(|(_, new)| *new == Literal::Null);

    let (rest, unfit) = if let Some(using) = &conversion.using {
        may_be_null = true;
        let expression = quote::parenthesized(using);
        let unfit = match &to.class {
            Class::Enumeration(values) => {
                Some(format!("{} NOT IN ({})", cases(&branches, &expression, Layout::Line), quote::texts(values)))
            }
            _ => None,
        };
        (expression, unfit)
    } else {
        let kept = rule.as_ref().and_then(|rule| rule.expression.clone()).unwrap_or_else(|| value.to_owned());
        // Where there is no rule, nothing fits but what the author names.
        let fits = rule.map_or(Some("0".to_owned()), |rule| rule.fits);
        match (&conversion.otherwise, fits) {
            (Some(otherwise), Some(fits)) => {
                may_be_null |= *otherwise == Literal::Null;
                let condition =
                    if fits == "0" { format!("{value} IS NULL") } else { format!("{value} IS NULL OR ({fits})") };
                branches.push((condition, kept));
                (literal(otherwise, to), None)
            }
            (None, Some(fits)) => (kept, Some(self::unfit(value, &fits, &mapped))),
            (_, None) => (kept, None),
        }
    };
    let [expression, laid_out] = [Layout::Line, Layout::Column].map(|layout| Some(cases(&branches, &rest, layout)));
    Ok(Converted { expression, laid_out, unfit, may_be_null })
}

/// How an expression is laid out.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// In one line, inside of other expressions.
    Line,
    /// One case a line, in a list with one column a line.
    Column,
}

/// A `CASE` that always has an `ELSE`, or the rest alone.
fn cases(branches: &[(String, String)], rest: &str, layout: Layout) -> String {
    if branches.is_empty() {
        return rest.to_owned();
    }
    let (deeper, back) = match layout {
        Layout::Line => (" ", " "),
        Layout::Column => ("\n        ", "\n    "),
    };
    let mut text = String::from("CASE");
    for (condition, value) in branches {
        text.push_str(&format!("{deeper}WHEN {condition} THEN {value}"));
    }
    text.push_str(&format!("{deeper}ELSE {rest}{back}END"));
    text
}

/// The condition for a value that neither fits nor is named.
fn unfit(value: &str, fits: &str, mapped: &[String]) -> String {
    let mut text = format!("{value} IS NOT NULL");
    if fits != "0" {
        text.push_str(&format!(" AND ({fits}) IS NOT TRUE"));
    }
    for condition in mapped {
        text.push_str(&format!(" AND NOT ({condition})"));
    }
    text
}

fn no_rule(from: &Held, to: &Held) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            Code::CannotConvert,
            format!("SQLite has no exact way from {} to {}", describe(from), describe(to)),
        )
        .help("say how: `.using(\"…\")` gives an expression, `.map([…])` and `.otherwise(…)` give values"),
    )
}

fn describe(held: &Held) -> String {
    format!("{} ({})", held.class.title(), held.declared)
}

/// The largest integer up to which every integer is a floating point number.
const LARGEST_EXACT: &str = "9007199254740992";

/// The exact way from one class to another, where there is one.
fn rule(value: &str, from: &Class, to: &Class) -> Option<Rule> {
    let is_type = |name: &str| format!("typeof({value}) = '{name}'");
    if from.is_text() {
        return from_text(value, from, to);
    }
    Some(match (from, to) {
        (Class::Integer, Class::Integer)
        | (Class::Real, Class::Real)
        | (Class::Boolean, Class::Boolean)
        | (Class::Bytes, Class::Bytes)
        | (Class::Numeric, Class::Numeric)
        | (Class::Any, Class::Any)
        | (Class::Boolean, Class::Integer | Class::Numeric)
        | (Class::Integer | Class::Real, Class::Numeric)
        | (_, Class::Any) => Rule::keep(),
        (Class::Boolean | Class::Integer, Class::Real) => Rule::turn_if(
            format!("CAST({value} AS REAL)"),
            format!("{} AND {value} BETWEEN -{LARGEST_EXACT} AND {LARGEST_EXACT}", is_type("integer")),
        ),
        (Class::Integer, Class::Boolean) => Rule::keep_if(format!("{value} IN (0, 1)")),
        (Class::Real, Class::Boolean) => {
            Rule::turn_if(format!("CAST({value} AS INTEGER)"), format!("{value} IN (0.0, 1.0)"))
        }
        (Class::Real, Class::Integer) => Rule::turn_if(
            format!("CAST({value} AS INTEGER)"),
            format!("abs({value}) < 9.2e18 AND CAST(CAST({value} AS INTEGER) AS REAL) = {value}"),
        ),
        (Class::Integer, Class::Text { longest }) => {
            sized(format!("CAST({value} AS TEXT)"), *longest, Some(is_type("integer")))
        }
        (Class::Boolean, Class::Text { longest }) => sized(
            format!("CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {value} END"),
            *longest,
            Some(format!("{value} IN (0, 1)")),
        ),
        // The shortest digits that come back exactly; CAST gives others in other versions of SQLite.
        (Class::Real, Class::Text { longest }) => sized(
            format!(
                "CASE WHEN CAST(printf('%!.15g', {value}) AS REAL) = {value} THEN printf('%!.15g', {value}) ELSE printf('%!.17g', {value}) END"
            ),
            *longest,
            Some(is_type("real")),
        ),
        _ => return None,
    })
}

fn sized(expression: String, longest: Option<u32>, fits: Option<String>) -> Rule {
    let length = longest.map(|longest| format!("length({expression}) <= {longest}"));
    let fits = [fits, length].into_iter().flatten().collect::<Vec<_>>().join(" AND ");
    if fits.is_empty() { Rule::turn(expression) } else { Rule::turn_if(expression, fits) }
}

fn from_text(value: &str, from: &Class, to: &Class) -> Option<Rule> {
    if from == to {
        return Some(Rule::keep());
    }
    let date = |text: &str| format!("date({text}) = {text}");
    Some(match to {
        Class::Any => Rule::keep(),
        Class::Text { longest } => match (from, longest) {
            (_, None) => Rule::keep(),
            (Class::Text { longest: Some(old) }, Some(new)) if old <= new => Rule::keep(),
            (_, Some(new)) => Rule::keep_if(format!("length({value}) <= {new}")),
        },
        Class::Integer => Rule::turn_if(
            format!("CAST({value} AS INTEGER)"),
            format!("CAST(CAST({value} AS INTEGER) AS TEXT) = {value}"),
        ),
        // What JSON calls a number, and no text that begins like one.
        Class::Real => Rule::turn_if(
            format!("CAST({value} AS REAL)"),
            format!(
                "CASE WHEN json_valid({value}) THEN json_type({value}) IN ('integer', 'real') AND abs(CAST({value} AS REAL)) <= 1.7976931348623157e308 ELSE 0 END"
            ),
        ),
        // The words that Postgres reads as truth values.
        Class::Boolean => Rule::turn_if(
            format!("CASE WHEN lower({value}) IN ('true', 't', 'yes', 'y', 'on', '1') THEN 1 ELSE 0 END"),
            format!("lower({value}) IN ('true', 't', 'yes', 'y', 'on', '1', 'false', 'f', 'no', 'n', 'off', '0')"),
        ),
        Class::Enumeration(values) => match from {
            Class::Enumeration(old) if old.iter().all(|one| values.contains(one)) => Rule::keep(),
            _ => Rule::keep_if(format!("{value} IN ({})", quote::texts(values))),
        },
        Class::Uuid => {
            let hex = |count: usize| "[0-9A-Fa-f]".repeat(count);
            let pattern = format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12));
            Rule::keep_if(format!("{value} GLOB '{pattern}'"))
        }
        Class::Json => Rule::keep_if(format!("json_valid({value})")),
        Class::Date => match from {
            Class::Timestamp => Rule::turn_if(
                format!("substr({value}, 1, 10)"),
                format!(
                    "substr({value}, 11) IN (' 00:00:00', 'T00:00:00') AND {}",
                    date(&format!("substr({value}, 1, 10)"))
                ),
            ),
            _ => Rule::keep_if(date(value)),
        },
        Class::Time => Rule::keep_if(format!("{value} GLOB '[0-9][0-9]:[0-9][0-9]*' AND time({value}) IS NOT NULL")),
        Class::Timestamp => match from {
            Class::Date => Rule::turn(format!("{value} || ' 00:00:00'")),
            _ => Rule::keep_if(format!(
                "coalesce({} AND substr({value}, 11) GLOB '[ T][0-9][0-9]:[0-9][0-9]*' AND datetime({value}) IS NOT NULL, 0)",
                date(&format!("substr({value}, 1, 10)"))
            )),
        },
        Class::Bytes | Class::Numeric => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Class = Class::Text { longest: None };

    fn held(class: Class) -> Held {
        Held { declared: "X".into(), class }
    }

    /// What SQLite makes of a value, or `None` where the guard stops it.
    fn outcome(value: &str, from: Class, to: Class, conversion: &Conversion) -> Option<String> {
        let converted = convert("x", &held(from), &held(to), conversion, None).expect("a rule");
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        let expression = converted.expression.unwrap_or_else(|| "x".into());
        let unfit = converted.unfit.unwrap_or_else(|| "0".into());
        let sql = format!("SELECT quote({expression}), ({unfit}) FROM (SELECT {value} AS x)");
        let (text, unfit): (String, bool) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect(&sql);
        (!unfit).then_some(text)
    }

    fn alone(value: &str, from: Class, to: Class) -> Option<String> {
        outcome(value, from, to, &Conversion::default())
    }

    #[test]
    fn text_becomes_an_integer_only_if_it_is_one() {
        assert_eq!(alone("'12'", TEXT, Class::Integer).as_deref(), Some("12"));
        assert_eq!(alone("'-5'", TEXT, Class::Integer).as_deref(), Some("-5"));
        assert_eq!(alone("NULL", TEXT, Class::Integer).as_deref(), Some("NULL"));
        for bad in ["'12abc'", "''", "' 1'", "'01'", "'+1'", "'1e3'", "'9223372036854775808'"] {
            assert_eq!(alone(bad, TEXT, Class::Integer), None, "{bad}");
        }
    }

    #[test]
    fn text_becomes_what_it_is() {
        assert_eq!(alone("'1.50'", TEXT, Class::Real).as_deref(), Some("1.5"));
        for bad in ["'abc'", "''", "'1.5x'", "'1e999'"] {
            assert_eq!(alone(bad, TEXT, Class::Real), None, "{bad}");
        }
        assert_eq!(alone("'TRUE'", TEXT, Class::Boolean).as_deref(), Some("1"));
        assert_eq!(alone("'maybe'", TEXT, Class::Boolean), None);
        assert!(alone("'2026-02-28'", TEXT, Class::Date).is_some());
        assert_eq!(alone("'2026-02-30'", TEXT, Class::Date), None);
        assert_eq!(alone("'now'", TEXT, Class::Date), None);
        assert!(alone("'2026-02-28 10:00:00.5'", TEXT, Class::Timestamp).is_some());
        assert_eq!(alone("'10:00'", TEXT, Class::Timestamp), None);
        assert_eq!(alone("'nonsense'", TEXT, Class::Timestamp), None);
        assert!(alone("'{\"a\": 1}'", TEXT, Class::Json).is_some());
        assert_eq!(alone("'{'", TEXT, Class::Json), None);
        assert!(alone("'0192a1b2-0000-4000-8000-00000000000F'", TEXT, Class::Uuid).is_some());
        assert_eq!(alone("'0192a1b2'", TEXT, Class::Uuid), None);
        assert_eq!(alone("'abcdef'", TEXT, Class::Text { longest: Some(5) }), None);
    }

    #[test]
    fn numbers_become_text_and_come_back() {
        assert_eq!(alone("0.1 + 0.2", Class::Real, TEXT).as_deref(), Some("'0.30000000000000004'"));
        assert_eq!(alone("1.5", Class::Real, TEXT).as_deref(), Some("'1.5'"));
        assert_eq!(alone("7", Class::Integer, TEXT).as_deref(), Some("'7'"));
        assert_eq!(alone("1", Class::Boolean, TEXT).as_deref(), Some("'true'"));
        assert_eq!(alone("2", Class::Boolean, TEXT), None);
        assert_eq!(alone("1.5", Class::Real, Class::Integer), None);
        assert_eq!(alone("2.0", Class::Real, Class::Integer).as_deref(), Some("2"));
        assert_eq!(alone("9223372036854775807", Class::Integer, Class::Real), None);
    }

    #[test]
    fn a_map_speaks_of_its_values_only() {
        let text = |text: &str| Literal::Text(text.into());
        let values = Class::Enumeration(vec!["queued".into(), "failed".into()]);
        let map = Conversion { map: vec![(text("QUEUED"), text("queued"))], ..Conversion::default() };
        let outcome = |value, conversion| outcome(value, TEXT, values.clone(), conversion);
        assert_eq!(outcome("'QUEUED'", &map).as_deref(), Some("'queued'"));
        assert_eq!(outcome("'failed'", &map).as_deref(), Some("'failed'"));
        assert_eq!(outcome("'lost'", &map), None);
        assert_eq!(outcome("NULL", &map).as_deref(), Some("NULL"));
        let otherwise = Conversion { otherwise: Some(text("failed")), ..map.clone() };
        assert_eq!(outcome("'lost'", &otherwise).as_deref(), Some("'failed'"));
        assert_eq!(outcome("NULL", &otherwise).as_deref(), Some("NULL"));
    }

    #[test]
    fn without_a_rule_the_author_has_to_speak() {
        let refused = convert("x", &held(Class::Bytes), &held(Class::Integer), &Conversion::default(), None);
        assert_eq!(refused.map_err(|diagnostic| diagnostic.code), Err(Code::CannotConvert));
        let map = Conversion { map: vec![(Literal::Integer(1), Literal::Text("one".into()))], ..Conversion::default() };
        let values = Class::Enumeration(vec!["one".into()]);
        assert_eq!(outcome("1", Class::Integer, values.clone(), &map).as_deref(), Some("'one'"));
        assert_eq!(outcome("2", Class::Integer, values, &map), None);
    }
}
