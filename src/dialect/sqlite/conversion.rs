//! What becomes of the values of a column when its type changes: each is kept exactly, or the script refuses.

use super::exact::{Rule, Subject};
use super::layout;
use super::literal::{check, literal};
use super::quote;
use super::types::Held;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Conversion, Literal};

/// A change of the type of a column, in SQL over the old rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The new value in one line; `None` where the old one stays as it is.
    pub expression: Option<String>,
    /// The same, laid out for the list of columns of a copy.
    pub laid_out: Option<String>,
    /// The rows whose value has no place in the new type; `None` where there are none.
    pub unfit: Option<Unfit>,
    /// Whether the new value may be NULL though the old one is not.
    pub may_be_null: bool,
}

/// The condition for a row whose value has no place in the new type.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfit {
    /// Over the old row.
    Old(String),
    /// Over the value that the author's expression gives, by the name [`GIVEN`].
    Given(String),
}

/// The name of the value that the author's expression gives.
pub const GIVEN: &str = "\"given\".\"value\"";

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
    let is_binary = collation.is_none_or(|collation| collation.eq_ignore_ascii_case("BINARY"));
    let by_bytes = |value: &str| if is_binary { value.to_owned() } else { format!("{value} COLLATE BINARY") };
    let compared = by_bytes(value);
    let rule = Subject { value, compared: &compared }.rule(&from.class, &to.class);
    if conversion.is_empty() {
        let Rule { expression, fits } = rule.ok_or_else(|| no_rule(from, to))?;
        let unfit = fits.map(|fits| Unfit::Old(unfit(value, &compared, Some(&fits), &[])));
        return Ok(Converted { laid_out: expression.clone(), expression, unfit, may_be_null: false });
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
    let mapped = old_values(value, &compared, from, conversion)?;
    let named = conversion.map.iter().map(|(old, _)| old).filter(|old| **old != Literal::Null);
    let named: Vec<String> = named.map(|old| literal(old, from)).collect();
    let new_values = conversion.map.iter().map(|(_, new)| literal(new, to));
    let mut branches: Vec<(String, String)> = mapped.iter().cloned().zip(new_values).collect();
    let mut may_be_null = conversion.map.iter().any(|(_, new)| *new == Literal::Null);

    let (rest, unfit) = if let Some(using) = &conversion.using {
        may_be_null = true;
        let compared = by_bytes(GIVEN);
        let belongs = Subject { value: GIVEN, compared: &compared }.belongs(&to.class);
        let unfit = belongs.map(|belongs| Unfit::Given(unfit(GIVEN, &compared, Some(&belongs), &[])));
        (quote::parenthesized(using), unfit)
    } else {
        // Where there is no rule, nothing fits but what the author names.
        let (kept, fits) = match rule {
            Some(Rule { expression, fits }) => (expression.unwrap_or_else(|| value.to_owned()), Fits::of(fits)),
            None => (value.to_owned(), Fits::Never),
        };
        match (&conversion.otherwise, fits) {
            (_, Fits::Always) => (kept, None),
            (None, Fits::If(fits)) => (kept, Some(Unfit::Old(unfit(value, &compared, Some(&fits), &named)))),
            (None, Fits::Never) => (kept, Some(Unfit::Old(unfit(value, &compared, None, &named)))),
            (Some(otherwise), fits) => {
                may_be_null |= *otherwise == Literal::Null;
                let condition = match fits {
                    Fits::If(fits) => format!("{value} IS NULL OR ({fits})"),
                    Fits::Always | Fits::Never => format!("{value} IS NULL"),
                };
                branches.push((condition, kept));
                (literal(otherwise, to), None)
            }
        }
    };
    let [expression, laid_out] = [Layout::Line, Layout::Column].map(|layout| Some(cases(&branches, &rest, layout)));
    Ok(Converted { expression, laid_out, unfit, may_be_null })
}

/// Which values that are not NULL and that the map does not name have a place in the new type.
enum Fits {
    Always,
    If(String),
    Never,
}

impl Fits {
    fn of(condition: Option<String>) -> Fits {
        condition.map_or(Fits::Always, Fits::If)
    }
}

/// The conditions for the old values of the map.
fn old_values(
    value: &str,
    compared: &str,
    from: &Held,
    conversion: &Conversion,
) -> Result<Vec<String>, Box<Diagnostic>> {
    let mut conditions = Vec::with_capacity(conversion.map.len());
    for (old, _) in &conversion.map {
        let condition = match old {
            Literal::Null => format!("{value} IS NULL"),
            other => format!("{compared} = {}", literal(other, from)),
        };
        if conditions.contains(&condition) {
            let message = format!("the map names {} twice", literal(old, from));
            return Err(Box::new(Diagnostic::new(Code::InvalidValue, message).help("leave one of them out")));
        }
        conditions.push(condition);
    }
    Ok(conditions)
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

/// The condition for a value that is none of those that the map names and does not fit; without `fits` none does.
fn unfit(value: &str, compared: &str, fits: Option<&str>, named: &[String]) -> String {
    let mut conditions = vec![format!("{value} IS NOT NULL")];
    conditions.extend(fits.map(|fits| format!("({fits}) IS NOT TRUE")));
    if !named.is_empty() {
        conditions.push(format!("{compared} NOT IN ({})", layout::filled(named, 3)));
    }
    layout::all_of(&conditions, 2)
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

#[cfg(test)]
mod tests {
    use super::super::types::Class;
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
        let unfit = match converted.unfit {
            None => "0".to_owned(),
            Some(Unfit::Old(condition)) => condition,
            Some(Unfit::Given(condition)) => {
                format!("(SELECT {condition} FROM (SELECT {expression} AS \"value\") AS \"given\")")
            }
        };
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
    fn null_stays_null() {
        let classes = [
            TEXT,
            Class::Text { longest: Some(9) },
            Class::Integer,
            Class::Real,
            Class::Boolean,
            Class::Date,
            Class::Time,
            Class::Timestamp,
            Class::Uuid,
            Class::Json,
            Class::Enumeration(vec!["a".into()]),
            Class::Bytes,
            Class::Numeric,
        ];
        for from in &classes {
            for to in &classes {
                if convert("x", &held(from.clone()), &held(to.clone()), &Conversion::default(), None).is_ok() {
                    assert_eq!(alone("NULL", from.clone(), to.clone()).as_deref(), Some("NULL"), "{from:?} to {to:?}");
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_value_stops() {
        let json = "'[1]' || char(0)";
        let uuid = "'0192a1b2-0000-4000-8000-00000000000f' || char(0) || 'x'";
        let cases: [(Class, &[&str]); 7] = [
            (Class::Real, &["' 1'", "'1 '", "'0x1F'", "'.5'", "'5.'", "'1e-400'", "'1' || char(0)", "x'31'", "'-0.0'"]),
            (Class::Real, &["'123456789012345678'", "'0.1234567890123456'", "'1.23456e-320'", "'Infinity'", "'+1'"]),
            (Class::Boolean, &["' true'", "x'74727565'", "'2'", "''"]),
            (Class::Date, &["'2026-02-30'", "'2026-2-3'", "'2026-01-31 '", "x'323032362d30312d3331'", "'2461041.5'"]),
            (Class::Time, &["'24:00'", "'10:60'", "'10:00+02:00'", "'10:00:00.'", "'10'", "'10:00' || char(0)"]),
            (Class::Timestamp, &["'2026-02-30 10:00'", "'2026-01-31'", "'2026-01-31 24:00'", "'2026-01-31 10:00 '"]),
            (Class::Json, &["'{a: 1}'", "''", "x'7b7d'", json, "'NaN'"]),
        ];
        for (class, values) in cases {
            for value in values {
                assert_eq!(alone(value, TEXT, class.clone()), None, "{value} as {class:?}");
            }
        }
        assert_eq!(alone(uuid, TEXT, Class::Uuid), None);
        assert_eq!(alone("'ab' || char(0) || 'cdefgh'", TEXT, Class::Text { longest: Some(5) }), None);
        assert_eq!(alone("'nonsense'", Class::Date, Class::Timestamp), None);
        assert_eq!(alone("'12'", Class::Integer, Class::Real), None);
        assert_eq!(alone("9e999", Class::Real, TEXT), None);
    }

    #[test]
    fn digits_come_back() {
        let real = |value: &str| alone(value, TEXT, Class::Real);
        for (text, number) in [("'0'", "0.0"), ("'0.00'", "0.0"), ("'-1.25e-3'", "-0.00125"), ("'1e22'", "1.0e+22")] {
            assert_eq!(real(text).as_deref(), Some(number), "{text}");
        }
        for number in
            ["0.1", "0.1 + 0.2", "5e-324", "1.7976931348623157e308", "-1e15", "1.15 * 100", "123456789012345678.0"]
        {
            let text = alone(number, Class::Real, TEXT).expect("every number has digits");
            let back = real(&text).unwrap_or_else(|| panic!("{text} comes back"));
            let connection = rusqlite::Connection::open_in_memory().expect("a database");
            let same: bool =
                connection.query_row(&format!("SELECT {back} = {number}"), [], |row| row.get(0)).expect("a truth");
            assert!(same, "{number} became {text} and then {back}");
        }
    }

    #[test]
    fn a_column_of_any_kind_goes_by_kinds() {
        let any = |value: &str, class| alone(value, Class::Numeric, class);
        assert_eq!(any("7", TEXT).as_deref(), Some("'7'"));
        assert_eq!(any("0.5", TEXT).as_deref(), Some("'0.5'"));
        assert_eq!(any("'x'", TEXT).as_deref(), Some("'x'"));
        assert_eq!(any("x'00'", TEXT), None);
        assert_eq!(any("7", Class::Integer).as_deref(), Some("7"));
        assert_eq!(any("7.5", Class::Integer), None);
        assert_eq!(any("'7'", Class::Integer), None);
        assert_eq!(any("7", Class::Real).as_deref(), Some("7.0"));
        assert_eq!(any("'2026-01-31'", Class::Date).as_deref(), Some("'2026-01-31'"));
        assert_eq!(any("20260131", Class::Date), None);
        let number = |value| alone(value, TEXT, Class::Numeric);
        assert_eq!(number("'12'").as_deref(), Some("12"));
        assert_eq!(number("'1.5'").as_deref(), Some("1.5"));
        for bad in ["'1.50'", "'007'", "'2.0'", "'1e3'", "'abc'", "''"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_an_expression_gives_has_to_belong() {
        let using = |expression: &str, to: Class| {
            let conversion = Conversion { using: Some(expression.into()), ..Conversion::default() };
            outcome("'12abc'", TEXT, to, &conversion)
        };
        assert_eq!(using("CAST(x AS INTEGER)", Class::Integer).as_deref(), Some("12"));
        assert_eq!(using("substr(x, 1, 2)", Class::Integer).as_deref(), Some("'12'"));
        assert_eq!(using("x", Class::Integer), None);
        assert_eq!(using("12.5", Class::Integer), None);
        assert_eq!(using("12.0", Class::Integer).as_deref(), Some("12.0"));
        assert_eq!(using("NULL", Class::Integer).as_deref(), Some("NULL"));
        // What text a number with a fraction becomes depends on the version of SQLite.
        assert_eq!(using("12.5", TEXT), None);
        assert_eq!(using("printf('%.2f', 12.5)", TEXT).as_deref(), Some("'12.50'"));
        assert_eq!(using("x", Class::Date), None);
        assert_eq!(using("'2026-01-31'", Class::Date).as_deref(), Some("'2026-01-31'"));
        assert_eq!(using("x = '12abc'", Class::Boolean).as_deref(), Some("1"));
        assert_eq!(using("x", Class::Enumeration(vec!["12".into()])), None);
        assert_eq!(using("CAST(x AS BLOB)", Class::Bytes).as_deref(), Some("X'3132616263'"));
        assert_eq!(using("x", Class::Bytes), None);
    }

    #[test]
    fn values_are_compared_byte_by_byte() {
        let values = Class::Enumeration(vec!["queued".into()]);
        let converted =
            convert("x", &held(TEXT), &held(values), &Conversion::default(), Some("NOCASE")).expect("a rule");
        let Some(Unfit::Old(condition)) = converted.unfit else { panic!("some texts do not fit") };
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE t (x TEXT COLLATE NOCASE); INSERT INTO t VALUES ('QUEUED')")
            .expect("a row");
        let sql = format!("SELECT count(*) FROM t WHERE {condition}");
        assert_eq!(connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect(&sql), 1);
    }

    #[test]
    fn a_map_names_a_value_once() {
        let text = |text: &str| Literal::Text(text.into());
        let map = vec![(text("a"), text("b")), (text("a"), text("c"))];
        let twice = convert("x", &held(TEXT), &held(TEXT), &Conversion { map, ..Conversion::default() }, None);
        assert_eq!(twice.map_err(|diagnostic| diagnostic.code), Err(Code::InvalidValue));
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
