//! A column as an author defines it.

use super::{IdentityCounting, Type};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::methods;
use crate::schema::{Column, Editor, Generation, Identity, Nullability, Sql, Table, Value};
use crate::source::{Located, Name};

/// A column type with all that belongs to a column but its name.
///
/// It goes through many hands while it is written, so it is a pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDefinition(Box<Facets>);

#[derive(Debug, Clone, PartialEq)]
struct Facets {
    column_type: Type,
    nullability: Nullability,
    default: Option<Located<Value>>,
    identity: Option<Generation>,
    /// Few columns say it.
    counting: Option<Box<IdentityCounting>>,
    generated: Option<Sql>,
    collation: Option<Sql>,
    /// Few columns have one.
    comment: Option<Box<Name>>,
}

impl From<Type> for ColumnDefinition {
    fn from(column_type: Type) -> Self {
        ColumnDefinition(Box::new(Facets {
            column_type,
            nullability: Nullability::Nullable,
            default: None,
            identity: None,
            counting: None,
            generated: None,
            collation: None,
            comment: None,
        }))
    }
}

methods! { ColumnDefinition as Column:
    /// The column must have a value.
    fn not_null(this) -> ColumnDefinition { this.0.nullability = Nullability::NotNull; this }

    /// The value of the column in rows that do not give one. Text is a value, not SQL: `.default("queued")`, `.default(now())`, `.default(sql("…"))`.
    fn default(this, value: Located<Value>) -> ColumnDefinition { this.0.default = Some(value); this }

    /// The database numbers the rows by itself.
    fn identity(this) -> ColumnDefinition { this.0.identity = Some(Generation::ByDefault); this }

    /// The database numbers the rows by itself, and refuses rows of Postgres that bring a number. SQLite takes them and says so.
    fn identity_always(this) -> ColumnDefinition { this.0.identity = Some(Generation::Always); this }

    /// The first number of an identity column on Postgres. SQLite begins with 1 and says so.
    fn start(this, number: Located<i64>) -> ColumnDefinition { this.counting().start = Some(number); this }

    /// How much is added for the next number of an identity column on Postgres. SQLite adds 1 and says so.
    fn increment(this, number: Located<i64>) -> ColumnDefinition { this.counting().increment = Some(number); this }

    /// The database computes the column from others of its row, and stores it.
    fn generated(this, expression: Sql) -> ColumnDefinition { this.0.generated = Some(expression); this }

    /// How text in the column is compared and sorted.
    fn collation(this, name: Sql) -> ColumnDefinition { this.0.collation = Some(name); this }

    /// A comment that Postgres keeps with the column.
    fn comment(this, text: Name) -> ColumnDefinition { this.0.comment = Some(Box::new(text)); this }
}

impl ColumnDefinition {
    fn counting(&mut self) -> &mut IdentityCounting {
        self.0.counting.get_or_insert_default()
    }

    /// The column as the dialect of this replay knows it.
    ///
    /// # Errors
    ///
    /// A part of it makes no sense, or parts exclude each other.
    pub(crate) fn resolve(&self, name: &Name, editor: &Editor<'_>) -> Result<Located<Column>> {
        let facets = &*self.0;
        let column = Column {
            name: name.value.clone(),
            column_type: facets.column_type.resolve(editor)?,
            nullability: if facets.identity.is_some() { Nullability::NotNull } else { facets.nullability },
            default: facets.default.as_ref().map(|value| editor.value(value)).transpose()?,
            identity: facets.identity(name)?,
            generated: facets.generated.as_ref().map(|sql| editor.expression(sql)).transpose()?.map(|text| text.value),
            collation: facets.collation.as_ref().map(|sql| editor.expression(sql)).transpose()?.map(|text| text.value),
            comment: facets.comment.as_ref().map(|text| editor.comment(text)).transpose()?,
        };
        let given = [
            column.default.is_some().then_some("a default"),
            column.identity.is_some().then_some("an identity"),
            column.generated.is_some().then_some("a generating expression"),
        ];
        let given: Vec<&str> = given.into_iter().flatten().collect();
        if let [first, second, ..] = given.as_slice() {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("column `{name}` has {first} and {second}"))
                    .at(name.origin, "only one of them can give the value")
                    .help("leave one of them out"),
            ));
        }
        if let Some(default) = &facets.default {
            editor.check_default(&column, default.origin)?;
        }
        Ok(Located::new(column, name.origin))
    }

    /// Checks the generating expression once all columns of the table are known that it can name.
    ///
    /// # Errors
    ///
    /// It cannot stand in the table.
    pub(crate) fn check_generated(&self, table: &Table, editor: &Editor<'_>) -> Result<()> {
        self.0.generated.iter().try_for_each(|sql| editor.row_expression(sql, table).map(drop))
    }
}

impl Facets {
    /// How the column is numbered.
    fn identity(&self, name: &Name) -> Result<Option<Identity>> {
        match (self.identity, &self.counting) {
            (Some(generation), counting) => {
                let counting = counting.as_ref().map(|counting| counting.resolve(name).map(Box::new)).transpose()?;
                Ok(Some(Identity { generation, counting }))
            }
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("column `{name}` is not numbered"))
                    .at(name.origin, "has a start or an increment")
                    .help("add `.identity()`"),
            )),
        }
    }
}
