//! The rows of a table as they will be after a change, in SQL over the rows as they are.

use ecow::EcoString;

use super::conversion::{self, Converted};
use super::layout;
use super::quote;
use super::types::Held;
use crate::diagnostic::Diagnostic;
use crate::schema::{Conversion, Table, tokens};

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// From this column of the old table, as they are.
    Kept(EcoString),
    /// From this column of the old table, in another type.
    Converted { from: EcoString, conversion: Box<TypeChange> },
    /// From this expression, which no row has a say in.
    Fresh { expression: String, null: bool },
    /// From the other columns of the row: the database computes them.
    Generated,
}

impl Values {
    /// Whether the values come from this column of the old table.
    pub fn reads(&self, column: &str) -> bool {
        match self {
            Values::Kept(from) | Values::Converted { from, .. } => from == column,
            Values::Fresh { .. } | Values::Generated => false,
        }
    }
}

/// A change of the type of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeChange {
    pub from: Held,
    pub to: Held,
    pub conversion: Conversion,
    /// The new type in the words of the vocabulary, for messages.
    pub title: String,
}

/// The rows of a table, old and new.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    /// The table as it is in the database.
    pub old: &'a Table,
    /// The table as it will be.
    pub new: &'a Table,
    columns: Vec<NewColumn>,
}

/// A column as it will be.
#[derive(Debug, Clone)]
pub struct NewColumn {
    pub name: EcoString,
    pub values: Values,
    /// What the column will hold, in SQL over the old row, in one line.
    pub expression: String,
    /// The same, laid out for a list of columns.
    pub laid_out: String,
    pub converted: Option<Converted>,
}

impl<'a> Rows<'a> {
    /// The rows of a table of which only rules change.
    pub fn unchanged(old: &'a Table, new: &'a Table) -> Rows<'a> {
        let columns = new.columns.iter().map(|column| NewColumn {
            name: column.name.clone(),
            values: Values::Kept(column.name.clone()),
            expression: quote::column(&old.name, &column.name),
            laid_out: quote::column(&old.name, &column.name),
            converted: None,
        });
        Rows { old, new, columns: columns.collect() }
    }

    /// The rows of a table whose columns get their values in these ways.
    ///
    /// # Errors
    ///
    /// Values cannot be converted exactly.
    pub fn changed(
        old: &'a Table,
        new: &'a Table,
        values: impl Fn(&str) -> Values,
    ) -> Result<Rows<'a>, Box<Diagnostic>> {
        let mut columns = Vec::with_capacity(new.columns.len());
        for column in &new.columns {
            let values = values(&column.name);
            let (mut converted, mut laid_out) = (None, None);
            let expression = match &values {
                Values::Kept(from) => quote::column(&old.name, from),
                Values::Converted { from, conversion: change } => {
                    let value = quote::column(&old.name, from);
                    let collation = old.column(from).and_then(|column| column.collation.as_deref());
                    let result = conversion::convert(&value, &change.from, &change.to, &change.conversion, collation)?;
                    let expression = result.expression.clone().unwrap_or(value);
                    laid_out = result.laid_out.clone();
                    converted = Some(result);
                    expression
                }
                Values::Fresh { expression, .. } => expression.clone(),
                Values::Generated => column.generated.as_deref().map(quote::parenthesized).unwrap_or_default(),
            };
            let laid_out = laid_out.unwrap_or_else(|| expression.clone());
            columns.push(NewColumn { name: column.name.clone(), values, expression, laid_out, converted });
        }
        Ok(Rows { old, new, columns })
    }

    /// The columns as they will be, in order.
    pub fn columns(&self) -> impl Iterator<Item = &NewColumn> {
        self.columns.iter()
    }

    /// The column of this name as it will be.
    pub fn column(&self, name: &str) -> Option<&NewColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether the column holds what it held before, under the same name.
    pub fn is_kept(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| column.values == Values::Kept(column.name.clone()))
    }

    /// Whether an expression over the table means the same before and after.
    pub fn means_the_same(&self, expression: &str) -> bool {
        self.columns.iter().all(|column| self.is_kept(&column.name) || !tokens::mentions(expression, &column.name))
    }

    /// Something to select these columns of the new rows from, by the names that they will have, at this depth of lines.
    ///
    /// `None` where one of them is computed from others, which are only known once they are there.
    pub fn source(&self, wanted: impl Fn(&str) -> bool, depth: usize) -> Option<String> {
        let table = quote::name(&self.old.name);
        let wanted: Vec<&NewColumn> = self.columns.iter().filter(|column| wanted(&column.name)).collect();
        if wanted.iter().all(|column| self.is_kept(&column.name)) {
            return Some(table);
        }
        if wanted.iter().any(|column| column.values == Values::Generated) {
            return None;
        }
        let list = wanted.iter().map(|column| format!("{} AS {}", column.expression, quote::name(&column.name)));
        let list = layout::listed(&list.collect::<Vec<_>>(), depth + 2);
        let line = |depth: usize| ["\n", &" ".repeat(4 * depth)].concat();
        let (before, between, behind) = match list.contains('\n') {
            true => (line(depth + 1), line(depth + 1), line(depth)),
            false => (String::new(), " ".into(), String::new()),
        };
        Some(format!("({before}SELECT{list}{between}FROM {table}{behind}) AS {}", quote::name(&self.new.name)))
    }
}
