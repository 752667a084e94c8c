//! The change of a column's type: what stands behind `USING`, and which rows stop the script.

use super::super::literal::{as_text, literal};
use super::super::quote::{identifier, text};
use super::super::{clauses, types};
use super::fit::{Fit, Misfits, Subject};
use super::guards::{Misfit, is_null};
use super::{Lowering, Result};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Column, ColumnType, Conversion, Literal, Schema, Table};

/// How the values of a column become values of its new type.
pub(super) struct TypeChange {
    /// The expression behind `USING`.
    pub using: Option<String>,
    /// The rows that stop the script.
    pub misfit: Option<Misfit>,
    /// Which rows will be NULL; none if there can be none.
    pub nulls: Option<Nulls>,
    pub rewrites: bool,
}

/// Which rows will be NULL after the change.
pub(super) struct Nulls {
    pub condition: String,
    /// Whether the condition speaks of the old column only, so that it can be asked before anything else.
    pub early: bool,
}

/// The map of a conversion in SQL.
struct Mapping {
    /// The expression whose value the map looks up.
    key: String,
    /// Old and new values.
    pairs: Vec<(String, String)>,
    /// What NULL becomes.
    null: Option<String>,
}

impl Mapping {
    /// The condition that the map does not name the value.
    fn unnamed(&self) -> Option<String> {
        let keys: Vec<&str> = self.pairs.iter().map(|(old, _)| old.as_str()).collect();
        (!keys.is_empty()).then(|| format!("{} NOT IN ({})", self.key, keys.join(", ")))
    }
}

impl Lowering<'_> {
    pub(super) fn type_change(
        &self,
        table: &Table,
        column: &Column,
        to: &ColumnType,
        conversion: &Conversion,
        schema: &Schema,
        cause: &Cause,
    ) -> Result<TypeChange> {
        let quoted = identifier(&column.name);
        let (from, to) = (column.column_type.plain(), to.plain());
        let subject = Subject { column: &quoted, from, to, schema, names: self.names };
        let place = format!("{}.{}", table.name, column.name);
        if let Some(expression) = &conversion.using {
            if !conversion.map.is_empty() || conversion.otherwise.is_some() {
                return Err(Box::new(
                    Diagnostic::new(Code::InvalidValue, "`.using` gives every value, so nothing is left to map")
                        .at(cause.origin, "has both")
                        .help("write the whole conversion as one expression, or leave `.using` out"),
                ));
            }
            let expression = self.in_words(clauses::expression_of(expression), cause)?;
            let using = match to {
                ColumnType::Enumeration(_) => format!("{expression}::text::{}", types::sql(to, self.names)),
                _ => expression,
            };
            let nulls = Some(Nulls { condition: format!("{using} IS NULL"), early: false });
            return Ok(TypeChange { using: Some(using), misfit: None, nulls, rewrites: true });
        }
        if conversion.is_empty() && from == to {
            let nulls = Some(Nulls { condition: is_null(&column.name), early: true });
            return Ok(TypeChange { using: None, misfit: None, nulls, rewrites: false });
        }
        let fit = subject.fit();
        if conversion.is_empty() {
            let Some(fit) = fit else { return Err(cannot_convert(&place, &column.column_type, to, cause)) };
            let misfit = fit.misfit.condition().map(|condition| misfit(&place, &subject, condition.to_owned()));
            let nulls = Some(Nulls { condition: is_null(&column.name), early: true });
            return Ok(TypeChange { using: fit.using, misfit, nulls, rewrites: fit.rewrites });
        }
        let mapping = self.mapping(&subject, column, conversion, cause)?;
        self.mapped(&subject, &place, fit, mapping, conversion, cause)
    }

    fn mapping(
        &self,
        subject: &Subject<'_>,
        column: &Column,
        conversion: &Conversion,
        cause: &Cause,
    ) -> Result<Mapping> {
        use ColumnType as T;
        // As text, so that a value need not be one of an enum, and json has no equality.
        let by_text =
            matches!(subject.from, T::Text | T::Varchar(_) | T::Char(_) | T::Enumeration(_) | T::Json | T::Jsonb);
        let key = if by_text { subject.text() } else { subject.column.to_owned() };
        let mut mapping = Mapping { key, pairs: Vec::new(), null: None };
        for (old, new) in &conversion.map {
            let new = self.new_value(new, subject, cause)?;
            let old = match old {
                Literal::Null => {
                    mapping.null = Some(new);
                    continue;
                }
                old if !old.is_constant() => Err("an old value has to be written out".to_owned()),
                old if by_text => {
                    as_text(old).map(|old| text(&old)).ok_or_else(|| "an old value is no text".to_owned())
                }
                old => literal(old, subject.from, self.names),
            };
            let old = self.in_words(old, cause)?;
            self.check_old_value(&old, subject, column, cause)?;
            if mapping.pairs.iter().any(|(other, _)| *other == old) {
                return self.in_words(Err(format!("the map names {old} twice")), cause);
            }
            mapping.pairs.push((old, new));
        }
        Ok(mapping)
    }

    /// A value that the old enum does not have is a typing mistake.
    fn check_old_value(&self, old: &str, subject: &Subject<'_>, column: &Column, cause: &Cause) -> Result<()> {
        let ColumnType::Enumeration(name) = subject.from else { return Ok(()) };
        let Some(enumeration) = subject.schema.enumeration(name) else { return Ok(()) };
        if enumeration.values.iter().any(|value| text(value) == old) {
            return Ok(());
        }
        let message = format!("the map of `{}` names {old}, which is not a value of enum `{name}`", column.name);
        Err(Box::new(
            Diagnostic::new(Code::NotAnEnumValue, message)
                .at(cause.origin, "in this operation")
                .help("map the values that the column has"),
        ))
    }

    /// A new value to stand in a `CASE`. For an enum it is a text, which is cast at the end.
    fn new_value(&self, value: &Literal, subject: &Subject<'_>, cause: &Cause) -> Result<String> {
        let new = match (value, subject.to) {
            (Literal::Text(value), ColumnType::Enumeration(_)) => Ok(text(value)),
            (Literal::Sql(_), ColumnType::Enumeration(_)) => {
                literal(value, subject.to, self.names).map(|sql| format!("{sql}::text"))
            }
            _ => literal(value, subject.to, self.names),
        };
        self.in_words(new, cause)
    }

    fn mapped(
        &self,
        subject: &Subject<'_>,
        place: &str,
        fit: Option<Fit>,
        mapping: Mapping,
        conversion: &Conversion,
        cause: &Cause,
    ) -> Result<TypeChange> {
        let otherwise = conversion.otherwise.as_ref().map(|value| self.new_value(value, subject, cause)).transpose()?;
        let is_present = format!("{} IS NOT NULL", subject.column);
        // What does not fit by itself, and what becomes of the rest.
        let (wrong, rest) = match (&fit, &otherwise) {
            (Some(Fit { misfit: Misfits::AtLeast(_) | Misfits::Refused, .. }), Some(_)) => {
                return Err(cannot_tell(place, subject, cause));
            }
            (Some(fit), _) => (fit.misfit.condition().map(str::to_owned), fit.value.clone()),
            (None, Some(otherwise)) => (None, otherwise.clone()),
            (None, None) => (Some(is_present), "NULL".to_owned()),
        };
        let searched = mapping.null.is_some() || otherwise.is_some();
        let mut branches = Vec::new();
        if searched {
            let null = mapping.null.as_deref().unwrap_or("NULL");
            branches.push(format!("WHEN {} IS NULL THEN {null}", subject.column));
        }
        branches.extend(mapping.pairs.iter().map(|(old, new)| match searched {
            true => format!("WHEN {} = {old} THEN {new}", mapping.key),
            false => format!("WHEN {old} THEN {new}"),
        }));
        let misfit = match (&otherwise, wrong) {
            (Some(otherwise), Some(wrong)) => {
                branches.push(format!("WHEN {wrong} THEN {otherwise}"));
                None
            }
            (None, Some(wrong)) => {
                let condition = mapping.unnamed().into_iter().chain([wrong]).collect::<Vec<_>>().join("\n        AND ");
                Some(misfit(place, subject, condition))
            }
            (_, None) => None,
        };
        branches.push(format!("ELSE {rest}"));
        let operand = if searched { String::new() } else { format!(" {}", mapping.key) };
        let cast = match subject.to {
            ColumnType::Enumeration(_) => format!("::{}", types::sql(subject.to, self.names)),
            _ => String::new(),
        };
        let using = format!("CASE{operand}\n            {}\n        END{cast}", branches.join("\n            "));
        let makes_null = mapping.pairs.iter().any(|(_, new)| new == "NULL") || otherwise.as_deref() == Some("NULL");
        let nulls = match &mapping.null {
            _ if makes_null => Some(Nulls { condition: format!("({using}) IS NULL"), early: false }),
            Some(value) if value != "NULL" => None,
            _ => Some(Nulls { condition: format!("{} IS NULL", subject.column), early: true }),
        };
        Ok(TypeChange { using: Some(using), misfit, nulls, rewrites: true })
    }
}

fn misfit(place: &str, subject: &Subject<'_>, condition: String) -> Misfit {
    let target = match subject.to {
        ColumnType::Enumeration(name) => format!("enum {name}"),
        other => types::sql(other, subject.names).into_owned(),
    };
    Misfit {
        value: subject.column.to_owned(),
        condition,
        problem: format!("{place} has values that do not fit {target}"),
    }
}

fn cannot_convert(place: &str, from: &ColumnType, to: &ColumnType, cause: &Cause) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::new(
        Code::CannotConvert,
        format!("values of `{place}`, which are `{from}`, do not become `{to}` by themselves"),
    )
    .at(cause.origin, "needs a conversion");
    let time = matches!(from, ColumnType::Timestamp | ColumnType::Timestamptz)
        || matches!(to, ColumnType::Timestamp | ColumnType::Timestamptz);
    let diagnostic = if time && !matches!(from, ColumnType::Native(_)) && !matches!(to, ColumnType::Native(_)) {
        let (_, column) = place.rsplit_once('.').unwrap_or(("", place));
        diagnostic
            .note("without a word the result would depend on the time zone of whoever runs the script, or be cut")
            .help(format!("say which time zone is meant, such as `.using(\"{column} AT TIME ZONE 'UTC'\")`"))
    } else {
        diagnostic.help("say how with `.using(\"…\")`, or with `.map([…])` and `.otherwise(…)`")
    };
    Box::new(diagnostic.note("a way back that is derived has no conversion: write `pub fn downgrade` to give it one"))
}

fn cannot_tell(place: &str, subject: &Subject<'_>, cause: &Cause) -> Box<Diagnostic> {
    let message = format!("no condition tells which values of `{place}` do not fit `{}`", subject.to);
    Box::new(
        Diagnostic::new(Code::CannotConvert, message)
            .at(cause.origin, "`.otherwise` cannot be applied")
            .help("write the whole conversion with `.using(\"…\")`"),
    )
}
