//! A part of an index as an author defines it.

use crate::diagnostic::Result;
use crate::language::vocabulary::{functions, methods};
use crate::schema::{Editor, IndexKey, IndexPart, IndexedRows, NullsOrder, Order, Sql};
use crate::source::Name;

/// A column or expression that an index sorts by.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexColumn {
    key: Key,
    order: Order,
    nulls: Option<NullsOrder>,
    collation: Option<Sql>,
    operator_class: Option<Sql>,
}

#[derive(Debug, Clone, PartialEq)]
enum Key {
    Column(Name),
    Expression(Sql),
}

impl IndexColumn {
    /// A column, sorted in ascending order.
    pub(crate) fn of(name: Name) -> Self {
        IndexColumn {
            key: Key::Column(name),
            order: Order::Ascending,
            nulls: None,
            collation: None,
            operator_class: None,
        }
    }
}

functions! {
    /// A column of an index, to add to: `column("created_at").desc()`.
    fn column(name: Name) -> IndexColumn { IndexColumn::of(name) }

    /// An expression that an index sorts by: `expression("lower(email)")`.
    fn expression(text: Sql) -> IndexColumn {
        IndexColumn { key: Key::Expression(text), order: Order::Ascending, nulls: None, collation: None, operator_class: None }
    }
}

methods! { IndexColumn as IndexColumn:
    /// Sorts in descending order.
    fn desc(this) -> IndexColumn { this.order = Order::Descending; this }

    /// Has NULL before all values, on Postgres. SQLite has one order and says so in a comment.
    fn nulls_first(this) -> IndexColumn { this.nulls = Some(NullsOrder::First); this }

    /// Has NULL behind all values, on Postgres. SQLite has one order and says so in a comment.
    fn nulls_last(this) -> IndexColumn { this.nulls = Some(NullsOrder::Last); this }

    /// How text is compared in the index.
    fn collation(this, name: Sql) -> IndexColumn { this.collation = Some(name); this }

    /// The operator class on Postgres, such as `text_pattern_ops`. SQLite has none and says so in a comment.
    fn operator_class(this, name: Sql) -> IndexColumn { this.operator_class = Some(name); this }
}

impl IndexColumn {
    /// Whether the author says something about the order.
    pub(crate) fn is_ordered(&self) -> bool {
        self.order != Order::Ascending || self.nulls.is_some()
    }

    /// The part as the dialect of this replay knows it.
    ///
    /// # Errors
    ///
    /// The rows have no such column, or the expression cannot stand in an index.
    pub(crate) fn resolve(&self, rows: &IndexedRows<'_>, editor: &Editor<'_>) -> Result<IndexPart> {
        let text = |sql: &Option<Sql>| sql.as_ref().map(|sql| editor.expression(sql)).transpose();
        Ok(IndexPart {
            key: match &self.key {
                Key::Column(name) => IndexKey::Column(editor.indexed_column(rows, name)?),
                Key::Expression(sql) => IndexKey::Expression(editor.indexed_expression(rows, sql)?.value),
            },
            order: self.order,
            nulls: self.nulls,
            collation: text(&self.collation)?.map(|text| text.value),
            operator_class: text(&self.operator_class)?.map(|text| text.value),
        })
    }
}
