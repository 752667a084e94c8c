//! Alter a column.

use ecow::EcoString;

use super::definition::Type;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{
    ColumnFacets, ColumnType, Conversion, Editor, Generation, Identity, Literal, Nullability, Sql, Table, Value,
};
use crate::source::{Located, Name, joined};

/// Changes one or more facets of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterColumn {
    table: Name,
    column: Name,
    column_type: Option<Located<Type>>,
    using: Option<Sql>,
    map: Vec<(Located<Value>, Located<Value>)>,
    otherwise: Option<Located<Value>>,
    nullability: Option<Located<Nullability>>,
    default: Option<Located<Option<Located<Value>>>>,
    identity: Option<Located<Option<Generation>>>,
    generated: Option<Located<Option<Sql>>>,
    collation: Option<Located<Option<Sql>>>,
    comment: Option<Located<Option<Name>>>,
}

operation! {
    /// Changes one or more facets of a column, all in one step.
    ///
    /// `op.alter_column("job", "status").set_type(enumeration("job_status")).map([("done", "succeeded")]).set_not_null();`
    fn alter_column(table: Name, column: Name) -> AlterColumn {
        AlterColumn {
            table,
            column,
            column_type: None,
            using: None,
            map: Vec::new(),
            otherwise: None,
            nullability: None,
            default: None,
            identity: None,
            generated: None,
            collation: None,
            comment: None,
        }
    }

    /// Gives the column another type. A value that does not fit stops the script, unless `.using`, `.map` or `.otherwise` says what becomes of it.
    fn set_type(alter @ origin, column_type: Type) { alter.column_type = Some(Located::new(column_type, origin)) }

    /// The new value as an SQL expression over the row.
    fn using(alter @ _, expression: Sql) { alter.using = Some(expression) }

    /// What old values become: `.map([("QUEUED", "queued"), ("done", "succeeded")])`.
    fn map(alter @ _, pairs: Vec<(Located<Value>, Located<Value>)>) { alter.map = pairs }

    /// What every value becomes that does not fit and that the map does not name.
    fn otherwise(alter @ _, value: Located<Value>) { alter.otherwise = Some(value) }

    /// The column must have a value from now on.
    fn set_not_null(alter @ origin) { alter.nullability = Some(Located::new(Nullability::NotNull, origin)) }

    /// The column may be NULL from now on.
    fn drop_not_null(alter @ origin) { alter.nullability = Some(Located::new(Nullability::Nullable, origin)) }

    /// The value of the column in new rows that do not give one.
    fn set_default(alter @ _, value: Located<Value>) {
        let origin = value.origin;
        alter.default = Some(Located::new(Some(value), origin));
    }

    /// New rows have to give a value, or get NULL.
    fn drop_default(alter @ origin) { alter.default = Some(Located::new(None, origin)) }

    /// The database numbers new rows by itself.
    fn add_identity(alter @ origin) { alter.identity = Some(Located::new(Some(Generation::ByDefault), origin)) }

    /// The database numbers new rows by itself, and refuses rows of Postgres that bring a number.
    fn add_identity_always(alter @ origin) { alter.identity = Some(Located::new(Some(Generation::Always), origin)) }

    /// The database no longer numbers new rows.
    fn drop_identity(alter @ origin) { alter.identity = Some(Located::new(None, origin)) }

    /// The expression of a generated column.
    fn set_generated(alter @ origin, expression: Sql) { alter.generated = Some(Located::new(Some(expression), origin)) }

    /// The generated column becomes an ordinary one and keeps its values.
    fn drop_generated(alter @ origin) { alter.generated = Some(Located::new(None, origin)) }

    /// How text in the column is compared and sorted.
    fn set_collation(alter @ origin, name: Sql) { alter.collation = Some(Located::new(Some(name), origin)) }

    /// Text in the column is compared and sorted as the database does by default.
    fn drop_collation(alter @ origin) { alter.collation = Some(Located::new(None, origin)) }

    /// A comment that Postgres keeps with the column.
    fn set_comment(alter @ origin, text: Name) { alter.comment = Some(Located::new(Some(text), origin)) }

    /// The column has no comment any more.
    fn drop_comment(alter @ origin) { alter.comment = Some(Located::new(None, origin)) }
}

impl AlterColumn {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let column = editor.column(&table, &self.column)?;
        let column_type = match &self.column_type {
            Some(new) => Some(Located::new(new.resolve(editor)?, new.origin)),
            None => None,
        };
        let target = column_type.as_ref().map_or(&column.column_type, |new| &new.value);
        let facets = ColumnFacets {
            conversion: self.conversion(&table, target, editor)?,
            nullability: self.nullability,
            default: in_option(&self.default, |value| editor.value(value))?,
            identity: self.identity.map(|Located { value, origin }| {
                // How the column counts is not said here.
                let counting = column.identity.as_ref().and_then(|identity| identity.counting.clone());
                Located::new(value.map(|generation| Identity { generation, counting }), origin)
            }),
            generated: in_option(&self.generated, |sql| editor.row_expression(sql, &table).map(|text| text.value))?,
            collation: in_option(&self.collation, |sql| editor.expression(sql).map(|text| text.value))?,
            comment: in_option(&self.comment, |text| editor.comment(text))?,
            column_type,
        };
        editor.alter_column(&self.table, &self.column, facets)
    }

    fn conversion(&self, table: &Table, target: &ColumnType, editor: &Editor<'_>) -> Result<Conversion> {
        let new_value = |value: &Located<Value>| -> Result<Literal> {
            let literal = editor.row_value(value, table)?;
            editor.check_enum_value(target, &literal, value.origin)?;
            Ok(literal)
        };
        Ok(Conversion {
            using: self.using.as_ref().map(|sql| editor.row_expression(sql, table)).transpose()?.map(|text| text.value),
            map: self.map.iter().map(|(old, new)| Ok((editor.value(old)?, new_value(new)?))).collect::<Result<_>>()?,
            otherwise: self.otherwise.as_ref().map(new_value).transpose()?,
        })
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["alter_column ", &self.table, ".", &self.column])
    }
}

/// Resolves what is to be set, where something is; `None` inside means that it is to be dropped.
fn in_option<T, R>(
    facet: &Option<Located<Option<T>>>,
    resolve: impl Fn(&T) -> Result<R>,
) -> Result<Option<Located<Option<R>>>> {
    facet
        .as_ref()
        .map(|facet| Ok(Located::new(facet.value.as_ref().map(&resolve).transpose()?, facet.origin)))
        .transpose()
}
