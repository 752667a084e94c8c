//! How an author divides a table, and which rows a partition has.

use ecow::EcoString;

use super::IndexColumn;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::EqualOrigin;
use crate::schema::{
    Dialect, Editor, IndexKey, IndexPart, IndexedRows, Literal, PartitionBounds, PartitionMethod, Partitioning, Table,
    Value,
};
use crate::source::{Located, Name, Origin};

/// How the rows of a new table are divided, in the author's words.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitioningDefinition {
    method: PartitionMethod,
    key: Vec<IndexColumn>,
    origin: EqualOrigin,
}

impl PartitioningDefinition {
    pub(crate) fn new(method: PartitionMethod, key: Vec<IndexColumn>, origin: Origin) -> Self {
        PartitioningDefinition { method, key, origin: EqualOrigin(origin) }
    }

    /// The partitioning of a table in the making.
    ///
    /// # Errors
    ///
    /// There is nothing to divide by, or Postgres cannot divide by it.
    pub(crate) fn resolve(&self, table: &Table, editor: &Editor<'_>) -> Result<Partitioning> {
        let refuse = |problem: String, help: &str| {
            let diagnostic = Diagnostic::new(Code::InvalidValue, problem);
            Err(Box::new(diagnostic.at(self.origin.0, "cannot divide the rows").help(help)))
        };
        let rows = IndexedRows::OfTable(table);
        let key: Vec<IndexPart> = self.key.iter().map(|part| part.resolve(&rows, editor)).collect::<Result<_>>()?;
        if key.is_empty() {
            return refuse(
                format!("table `{}` is divided by nothing", table.name),
                "name a column: `[\"created_at\"]`",
            );
        }
        if self.method == PartitionMethod::List && key.len() > 1 {
            return refuse(
                "a list of values is one of one column".into(),
                "name one column, or divide by range or by hash",
            );
        }
        if self.key.iter().any(IndexColumn::is_ordered) {
            return refuse("a partition key has no order".into(), "leave `.desc()` and the like out");
        }
        for part in &key {
            if let IndexKey::Column(name) = &part.key
                && table.column(name).is_some_and(|column| column.generated.is_some())
                && editor.dialect() == Dialect::Postgres
            {
                return refuse(format!("`{name}` is computed"), "divide by the columns that it is computed from");
            }
        }
        Ok(Partitioning { method: self.method, key })
    }
}

/// Which rows a partition has, in the author's words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoundsDefinition {
    pub from: Option<Vec<Located<Value>>>,
    pub to: Option<Vec<Located<Value>>>,
    pub values: Option<Vec<Located<Value>>>,
    pub modulus: Option<Located<i64>>,
    pub remainder: Option<Located<i64>>,
    pub all_others: bool,
}

impl BoundsDefinition {
    /// The bounds of a partition of this table. `name` is where a mistake is shown.
    ///
    /// # Errors
    ///
    /// They are incomplete, say two things, or are none of a table that is divided like this one.
    pub(crate) fn resolve(&self, name: &Name, parent: &Name, editor: &Editor<'_>) -> Result<PartitionBounds> {
        let (table, partitioning) = editor.partitioned_table(parent)?;
        let usage = match partitioning.method {
            PartitionMethod::Range => "`.from([…]).to([…])`",
            PartitionMethod::List => "`.in_values([…])`",
            PartitionMethod::Hash => "`.modulus(…).remainder(…)`",
        };
        let refuse = |message: String| {
            Err(Box::new(
                Diagnostic::new(Code::InvalidValue, message)
                    .at(name.origin, format!("`{parent}` is divided by {}", partitioning.method.keyword()))
                    .help(format!("say which rows are in it with {usage}")),
            ))
        };
        let values = |values: &Vec<Located<Value>>| bound(values, &table, &partitioning, editor);
        let bounds = match self {
            BoundsDefinition { from: None, to: None, values: None, modulus: None, remainder: None, all_others } => {
                all_others.then_some(PartitionBounds::Default)
            }
            BoundsDefinition { all_others: true, .. } => None,
            BoundsDefinition {
                from: Some(from), to: Some(to), values: None, modulus: None, remainder: None, ..
            } => Some(PartitionBounds::Range { from: values(from)?, to: values(to)? }),
            BoundsDefinition { from: None, to: None, values: Some(list), modulus: None, remainder: None, .. } => {
                Some(PartitionBounds::List(values(list)?))
            }
            BoundsDefinition {
                from: None,
                to: None,
                values: None,
                modulus: Some(modulus),
                remainder: Some(remainder),
                ..
            } => Some(hash(modulus, remainder)?),
            _ => None,
        };
        match bounds {
            Some(bounds) if bounds.suit(partitioning.method) => {
                let length = partitioning.key.len();
                match &bounds {
                    PartitionBounds::Range { from, to } if from.len() != length || to.len() != length => {
                        refuse(format!("each bound of partition `{name}` needs {length} values"))
                    }
                    PartitionBounds::List(list) if list.is_empty() => {
                        refuse(format!("partition `{name}` has no value"))
                    }
                    _ => Ok(bounds),
                }
            }
            Some(_) => refuse(format!("the bounds of partition `{name}` are none of table `{parent}`")),
            None => refuse(format!("partition `{name}` needs bounds, of one kind")),
        }
    }
}

/// Values of the key.
fn bound(
    values: &[Located<Value>],
    table: &Table,
    partitioning: &Partitioning,
    editor: &Editor<'_>,
) -> Result<Vec<Literal>> {
    let resolved = |(place, value): (usize, &Located<Value>)| {
        let literal = editor.value(value)?;
        if matches!(literal, Literal::Now | Literal::CurrentDate | Literal::RandomUuid) {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, "a bound is a value that stays the same")
                    .at(value.origin, "another one each time")
                    .help("write the value itself"),
            ));
        }
        // All values of a list are of the only part of the key.
        let part = partitioning.key.get(place).or(partitioning.key.first());
        if let Some(IndexPart { key: IndexKey::Column(name), .. }) = part
            && let Some(column) = table.column(name)
        {
            editor.check_enum_value(&column.column_type, &literal, value.origin)?;
        }
        Ok(literal)
    };
    values.iter().enumerate().map(resolved).collect()
}

fn hash(modulus: &Located<i64>, remainder: &Located<i64>) -> Result<PartitionBounds> {
    let most = i64::from(i32::MAX);
    let (wrong, allowed) = if !(1..=most).contains(&modulus.value) {
        (modulus, format!("a number from 1 to {most}"))
    } else if !(0..modulus.value).contains(&remainder.value) {
        (remainder, format!("a number from 0 to {}", modulus.value - 1))
    } else {
        return Ok(PartitionBounds::Hash { modulus: modulus.value, remainder: remainder.value });
    };
    Err(Box::new(
        Diagnostic::new(Code::InvalidValue, format!("{wrong} leaves no rows for the partition"))
            .at(wrong.origin, "out of range")
            .help(format!("write {allowed}")),
    ))
}

/// The defaults that a partition has of its own.
///
/// # Errors
///
/// There is no such column, it stands twice, or it cannot have such a default.
pub(crate) fn own_defaults(
    defaults: &[(Name, Located<Value>)],
    parent: &Table,
    editor: &Editor<'_>,
) -> Result<std::collections::BTreeMap<EcoString, Literal>> {
    let mut resolved = std::collections::BTreeMap::new();
    for (name, value) in defaults {
        let column = editor.column(parent, name)?;
        let literal = editor.value(value)?;
        editor.check_enum_value(&column.column_type, &literal, value.origin)?;
        let refuse = |problem: String, help: &str| {
            let diagnostic = Diagnostic::new(Code::InvalidValue, problem);
            Err(Box::new(diagnostic.at(name.origin, "cannot have a default of its own").help(help)))
        };
        if column.generated.is_some() || column.identity.is_some() {
            return refuse(format!("the database gives `{name}` its values"), "leave the default out");
        }
        if column.default.as_ref() == Some(&literal) || literal == Literal::Null {
            return refuse(format!("`{name}` has this default already"), "leave the default out");
        }
        if resolved.insert(column.name.clone(), literal).is_some() {
            return refuse(format!("`{name}` has two defaults"), "leave one of them out");
        }
    }
    Ok(resolved)
}
