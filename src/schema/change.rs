//! What happened to the schema: the closed list of changes that a dialect must be able to express.

use std::sync::Arc;

use ecow::EcoString;

use super::{
    Column, ColumnType, Constraint, Deferrability, Delete, Enumeration, Execute, Identity, Index, Insert, Literal,
    Nullability, Population, Rule, Schema, SchemaObject, SchemaObjectKind, Table, Trigger, Update, Validity, View,
};
use crate::source::{Located, Origin};

/// One change, with both sides present.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    CreateTable(Arc<Table>),
    DropTable(Arc<Table>),
    RenameTable {
        from: EcoString,
        to: EcoString,
    },
    SetTableComment {
        table: EcoString,
        from: Option<EcoString>,
        to: Option<EcoString>,
    },
    /// A value is gone where the server decides.
    SetStorageParameter {
        owner: StorageOwner,
        parameter: EcoString,
        from: Option<EcoString>,
        to: Option<EcoString>,
    },
    AddColumn {
        table: EcoString,
        column: Arc<Column>,
    },
    DropColumn {
        table: EcoString,
        column: Arc<Column>,
    },
    RenameColumn {
        table: EcoString,
        from: EcoString,
        to: EcoString,
    },
    AlterColumn {
        table: EcoString,
        column: EcoString,
        facet: Facet,
    },
    AddConstraint {
        table: EcoString,
        constraint: Constraint,
    },
    DropConstraint {
        table: EcoString,
        constraint: Constraint,
    },
    RenameConstraint {
        table: EcoString,
        from: EcoString,
        to: EcoString,
    },
    /// When a foreign key is checked.
    SetDeferrability {
        table: EcoString,
        name: EcoString,
        from: Deferrability,
        to: Deferrability,
    },
    /// Whether all rows are known to keep a check or a foreign key.
    SetValidity {
        table: EcoString,
        name: EcoString,
        to: Validity,
    },
    /// Of a table, or of a materialized view.
    CreateIndex {
        table: EcoString,
        index: Arc<Index>,
    },
    DropIndex {
        table: EcoString,
        index: Arc<Index>,
    },
    RenameIndex {
        table: EcoString,
        from: EcoString,
        to: EcoString,
    },
    CreateEnum(Arc<Enumeration>),
    DropEnum(Arc<Enumeration>),
    RenameEnum {
        from: EcoString,
        to: EcoString,
    },
    /// The values before and after; the new one is the only difference.
    AddEnumValue {
        name: EcoString,
        value: EcoString,
        from: Vec<EcoString>,
        to: Vec<EcoString>,
    },
    RenameEnumValue {
        name: EcoString,
        from: EcoString,
        to: EcoString,
    },
    /// Another list of values, with what becomes of the values that are no longer in it.
    ReplaceEnumValues {
        name: EcoString,
        from: Vec<EcoString>,
        to: Vec<EcoString>,
        conversion: Conversion,
    },
    CreateView(Arc<View>),
    DropView(Arc<View>),
    /// Puts a view in the place of the one that has its name.
    ReplaceView {
        from: Arc<View>,
        to: Arc<View>,
    },
    /// Fills a materialized view with the rows that its query gives now, or empties it.
    RefreshView {
        view: EcoString,
        from: Population,
        to: Population,
    },
    CreateTrigger(Arc<Trigger>),
    DropTrigger(Arc<Trigger>),
    /// An object of one of the rarer kinds.
    CreateObject(Arc<SchemaObject>),
    DropObject(Arc<SchemaObject>),
    /// Puts an object in the place of the one that has its name.
    ReplaceObject {
        from: Arc<SchemaObject>,
        to: Arc<SchemaObject>,
    },
    /// A table becomes a partition of another one.
    AttachPartition {
        table: Arc<Table>,
        partition: Arc<SchemaObject>,
    },
    /// A partition becomes a table.
    DetachPartition {
        table: Arc<Table>,
        partition: Arc<SchemaObject>,
    },
    Insert(Arc<Insert>),
    Update(Arc<Update>),
    Delete(Arc<Delete>),
    Execute(Arc<Execute>),
}

/// What has storage parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageOwner {
    Table(EcoString),
    Index(EcoString),
}

/// One side of a column that changed, before and after.
#[derive(Debug, Clone, PartialEq)]
pub enum Facet {
    Type { from: ColumnType, to: ColumnType, conversion: Conversion },
    Nullability { from: Nullability, to: Nullability },
    Default { from: Option<Literal>, to: Option<Literal> },
    Identity { from: Option<Identity>, to: Option<Identity> },
    Generated { from: Option<EcoString>, to: Option<EcoString> },
    Collation { from: Option<EcoString>, to: Option<EcoString> },
    Comment { from: Option<EcoString>, to: Option<EcoString> },
}

/// How values of the old type become values of the new one. Empty: only values that fit by themselves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversion {
    /// An SQL expression over the row that gives the new value.
    pub using: Option<EcoString>,
    /// Old values and what they become.
    pub map: Vec<(Literal, Literal)>,
    /// What every value becomes that the map does not name and that does not fit by itself.
    pub otherwise: Option<Literal>,
}

impl Conversion {
    /// Whether the author said nothing.
    pub fn is_empty(&self) -> bool {
        self.using.is_none() && self.map.is_empty() && self.otherwise.is_none()
    }
}

/// A change with the schema on both sides of it, and why it happened. All that dialects, lints and reports see.
#[derive(Debug, Clone)]
pub struct Transition {
    pub before: Schema,
    pub change: Change,
    pub after: Schema,
    pub cause: Arc<Cause>,
}

/// The operation that caused a change.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The number of the operation in its revision and direction, from 1.
    pub number: u32,
    /// The operation in a few words, such as `alter_column job.status`.
    pub title: EcoString,
    /// Where the operation was written.
    pub origin: Origin,
    pub emission: Emission,
    pub online: Online,
}

/// Whether others go on working while a change is made, which takes more steps than one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Online {
    /// The change is made in the transaction of its revision.
    #[default]
    No,
    /// The author demands it.
    Demanded,
    /// The author demanded it of the change that this one undoes: if nothing stands against it.
    Welcome,
}

/// Whether a change becomes SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emission {
    Emitted,
    /// Declared by the author: raw SQL makes the change, so only the replayed schema follows.
    Declared,
}

impl Change {
    /// Whether [`Change::inverse`] has an answer. Costs nothing for changes that can always be undone.
    ///
    /// # Errors
    ///
    /// `Err` says why it has none.
    pub fn check_inverse(&self, before: &Schema) -> Result<(), Underivable> {
        use Change as C;
        match self {
            C::DropColumn { .. } | C::Insert(_) | C::Update(_) | C::Delete(_) | C::Execute(_) => {
                self.inverse(before).map(drop)
            }
            C::CreateTable(_)
            | C::DropTable(_)
            | C::RenameTable { .. }
            | C::SetTableComment { .. }
            | C::SetStorageParameter { .. }
            | C::AddColumn { .. }
            | C::RenameColumn { .. }
            | C::AlterColumn { .. }
            | C::AddConstraint { .. }
            | C::DropConstraint { .. }
            | C::RenameConstraint { .. }
            | C::SetDeferrability { .. }
            | C::SetValidity { .. }
            | C::CreateIndex { .. }
            | C::DropIndex { .. }
            | C::RenameIndex { .. }
            | C::CreateEnum(_)
            | C::DropEnum(_)
            | C::RenameEnum { .. }
            | C::AddEnumValue { .. }
            | C::RenameEnumValue { .. }
            | C::ReplaceEnumValues { .. }
            | C::CreateView(_)
            | C::DropView(_)
            | C::RefreshView { .. }
            | C::ReplaceView { .. }
            | C::CreateTrigger(_)
            | C::DropTrigger(_)
            | C::CreateObject(_)
            | C::DropObject(_)
            | C::ReplaceObject { .. }
            | C::AttachPartition { .. }
            | C::DetachPartition { .. } => Ok(()),
        }
    }

    /// The change that undoes this one.
    ///
    /// # Errors
    ///
    /// `Err` says why it cannot be derived.
    pub fn inverse(&self, before: &Schema) -> Result<Change, Underivable> {
        use Change as C;
        Ok(match self.clone() {
            C::CreateTable(table) => C::DropTable(table),
            C::DropTable(table) => C::CreateTable(table),
            C::RenameTable { from, to } => C::RenameTable { from: to, to: from },
            C::SetTableComment { table, from, to } => C::SetTableComment { table, from: to, to: from },
            C::SetStorageParameter { owner, parameter, from, to } => {
                C::SetStorageParameter { owner, parameter, from: to, to: from }
            }
            C::AddColumn { table, column } => C::DropColumn { table, column },
            C::DropColumn { table, column } => {
                if column.is_not_null() && column.default.is_none() && column.generated.is_none() {
                    return Err(Underivable::RequiredColumn { table, column: column.name.clone() });
                }
                C::AddColumn { table, column }
            }
            C::RenameColumn { table, from, to } => C::RenameColumn { table, from: to, to: from },
            C::AlterColumn { table, column, facet } => C::AlterColumn { table, column, facet: facet.inverse() },
            C::AddConstraint { table, constraint } => C::DropConstraint { table, constraint },
            C::DropConstraint { table, constraint } => C::AddConstraint { table, constraint },
            C::RenameConstraint { table, from, to } => C::RenameConstraint { table, from: to, to: from },
            C::SetDeferrability { table, name, from, to } => C::SetDeferrability { table, name, from: to, to: from },
            C::SetValidity { table, name, to } => C::SetValidity {
                table,
                name,
                to: match to {
                    Validity::Valid => Validity::NotValid,
                    Validity::NotValid => Validity::Valid,
                },
            },
            C::CreateIndex { table, index } => C::DropIndex { table, index },
            C::DropIndex { table, index } => C::CreateIndex { table, index },
            C::RenameIndex { table, from, to } => C::RenameIndex { table, from: to, to: from },
            C::CreateEnum(enumeration) => C::DropEnum(enumeration),
            C::DropEnum(enumeration) => C::CreateEnum(enumeration),
            C::RenameEnum { from, to } => C::RenameEnum { from: to, to: from },
            C::AddEnumValue { name, from, to, .. } => {
                C::ReplaceEnumValues { name, from: to, to: from, conversion: Conversion::default() }
            }
            C::RenameEnumValue { name, from, to } => C::RenameEnumValue { name, from: to, to: from },
            C::ReplaceEnumValues { name, from, to, .. } => {
                C::ReplaceEnumValues { name, from: to, to: from, conversion: Conversion::default() }
            }
            C::CreateView(view) => C::DropView(view),
            C::DropView(view) => C::CreateView(view),
            C::ReplaceView { from, to } => C::ReplaceView { from: to, to: from },
            // A filled view has the rows of its tables as they are on the way back.
            C::RefreshView { view, from, to } => C::RefreshView { view, from: to, to: from },
            C::CreateTrigger(trigger) => C::DropTrigger(trigger),
            C::DropTrigger(trigger) => C::CreateTrigger(trigger),
            C::CreateObject(object) => C::DropObject(object),
            C::DropObject(object) => C::CreateObject(object),
            C::ReplaceObject { from, to } => C::ReplaceObject { from: to, to: from },
            C::AttachPartition { table, partition } => C::DetachPartition { table, partition },
            C::DetachPartition { table, partition } => C::AttachPartition { table, partition },
            C::Insert(insert) => C::Delete(Arc::new(insert.inverse(before)?)),
            C::Update(_) => return Err(Underivable::Update),
            C::Delete(_) => return Err(Underivable::Delete),
            C::Execute(_) => return Err(Underivable::Execute),
        })
    }
}

impl Change {
    /// The names of the objects that the change makes otherwise than they were.
    pub fn written(&self) -> Vec<EcoString> {
        use Change as C;
        match self {
            C::CreateTable(table) | C::DropTable(table) => vec![table.name.clone()],
            C::RenameTable { from, to } | C::RenameEnum { from, to } => vec![from.clone(), to.clone()],
            C::CreateIndex { table, index } | C::DropIndex { table, index } => vec![table.clone(), index.name.clone()],
            C::RenameIndex { table, from, to } => vec![table.clone(), from.clone(), to.clone()],
            C::SetTableComment { table, .. }
            | C::AddColumn { table, .. }
            | C::DropColumn { table, .. }
            | C::RenameColumn { table, .. }
            | C::AlterColumn { table, .. }
            | C::AddConstraint { table, .. }
            | C::DropConstraint { table, .. }
            | C::RenameConstraint { table, .. }
            | C::SetDeferrability { table, .. }
            | C::SetValidity { table, .. } => vec![table.clone()],
            C::SetStorageParameter { owner: StorageOwner::Table(name) | StorageOwner::Index(name), .. } => {
                vec![name.clone()]
            }
            C::CreateEnum(enumeration) | C::DropEnum(enumeration) => vec![enumeration.name.clone()],
            C::AddEnumValue { name, .. } | C::RenameEnumValue { name, .. } | C::ReplaceEnumValues { name, .. } => {
                vec![name.clone()]
            }
            C::CreateView(view) | C::DropView(view) => {
                std::iter::once(&view.name).chain(view.indexes().iter().map(|index| &index.name)).cloned().collect()
            }
            C::ReplaceView { to, .. } => vec![to.name.clone()],
            C::RefreshView { view, .. } => vec![view.clone()],
            C::CreateTrigger(trigger) | C::DropTrigger(trigger) => vec![trigger.name.clone(), trigger.table.clone()],
            C::CreateObject(object) | C::DropObject(object) | C::ReplaceObject { to: object, .. } => {
                let own = object.occupies().map(|_| object.name());
                let named = own.into_iter().chain(object.table());
                std::iter::once(object.key()).chain(named.cloned()).collect()
            }
            C::AttachPartition { table, partition } | C::DetachPartition { table, partition } => {
                [table.name.clone(), partition.key()].into_iter().chain(partition.table().cloned()).collect()
            }
            C::Insert(insert) => vec![insert.table.clone()],
            C::Update(update) => vec![update.table.clone()],
            C::Delete(delete) => vec![delete.table.clone()],
            C::Execute(execute) => words(&execute.sql),
        }
    }

    /// The names of the objects that must exist for the change, without being changed by it.
    pub fn relied_on(&self) -> Vec<EcoString> {
        use Change as C;
        match self {
            C::CreateTable(table) | C::DropTable(table) => {
                let referred = table.foreign_keys().map(|(_, key)| key.referred_table.clone());
                referred.chain(table.columns.iter().flat_map(|column| column.column_type.names().cloned())).collect()
            }
            C::AddColumn { column, .. } | C::DropColumn { column, .. } => column.column_type.names().cloned().collect(),
            C::AlterColumn { facet: Facet::Type { from, to, .. }, .. } => {
                [from, to].into_iter().flat_map(|side| side.names().cloned()).collect()
            }
            C::AddConstraint { constraint, .. } | C::DropConstraint { constraint, .. } => match &constraint.rule {
                Rule::ForeignKey(key) => vec![key.referred_table.clone()],
                Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } | Rule::Exclusion(_) => Vec::new(),
            },
            C::CreateView(view) | C::DropView(view) => view.texts().flat_map(|text| words(text)).collect(),
            C::ReplaceView { from, to } => [words(&from.query), words(&to.query)].concat(),
            C::CreateTrigger(trigger) | C::DropTrigger(trigger) => words(&trigger.definition),
            C::CreateObject(object) | C::DropObject(object) => words_of(object).collect(),
            C::ReplaceObject { from, to } => words_of(from).chain(words_of(to)).collect(),
            _ => Vec::new(),
        }
    }

    /// What the change throws away for good, as part of a sentence; `None` where every row keeps its values.
    pub fn loss(&self) -> Option<String> {
        use Change as C;
        match self {
            C::DropTable(table) => Some(format!("the rows of `{}`", table.name)),
            C::DropColumn { table, column } if column.generated.is_none() => {
                Some(format!("the values of `{table}.{}`", column.name))
            }
            C::AlterColumn { table, column, facet: Facet::Type { conversion, .. } } if !conversion.is_empty() => {
                Some(format!("the old values of `{table}.{column}` where they were converted"))
            }
            C::ReplaceEnumValues { name, conversion, .. } if !conversion.is_empty() => {
                Some(format!("which rows had the values of enum `{name}` that went away"))
            }
            C::DropObject(object) if object.kind() == SchemaObjectKind::Partition => {
                Some(format!("the rows of `{}`", object.name()))
            }
            C::DropObject(object) if object.kind() == SchemaObjectKind::Sequence => {
                Some(format!("the number that sequence `{}` has reached", object.name()))
            }
            C::Delete(delete) => match delete.filter {
                super::RowFilter::All => Some(format!("the rows of `{}`", delete.table)),
                super::RowFilter::Condition(_) => Some(format!("some rows of `{}`", delete.table)),
                super::RowFilter::Keys { .. } => Some(format!("rows of `{}` that the upgrade inserted", delete.table)),
            },
            _ => None,
        }
    }
}

/// Every word in an object's SQL that may be the name of another one.
fn words_of(object: &SchemaObject) -> impl Iterator<Item = EcoString> {
    let types = object.types().into_iter().flat_map(|part| part.names().cloned().collect::<Vec<_>>());
    object.texts().chain(object.body()).flat_map(|text| words(text)).chain(types)
}

/// Every word of SQL text that may be the name of an object.
fn words(sql: &str) -> Vec<EcoString> {
    super::tokens::tokens(sql).filter_map(|token| token.name()).collect()
}

impl Facet {
    /// The facet the other way round. A conversion has no other way round: only values that fit come back.
    pub fn inverse(self) -> Facet {
        match self {
            Facet::Type { from, to, .. } => Facet::Type { from: to, to: from, conversion: Conversion::default() },
            Facet::Nullability { from, to } => Facet::Nullability { from: to, to: from },
            Facet::Default { from, to } => Facet::Default { from: to, to: from },
            Facet::Identity { from, to } => Facet::Identity { from: to, to: from },
            Facet::Generated { from, to } => Facet::Generated { from: to, to: from },
            Facet::Collation { from, to } => Facet::Collation { from: to, to: from },
            Facet::Comment { from, to } => Facet::Comment { from: to, to: from },
        }
    }
}

impl Insert {
    /// The deletion of the rows by their keys.
    fn inverse(&self, schema: &Schema) -> Result<Delete, Underivable> {
        let Some(table) = schema.table(&self.table) else { return Err(Underivable::InsertWithoutKey) };
        let unique = table.constraints.iter().filter_map(|constraint| constraint.rule.key());
        for key in unique {
            let positions: Option<Vec<usize>> =
                key.iter().map(|name| self.columns.iter().position(|column| column == name)).collect();
            let Some(positions) = positions else { continue };
            let rows: Vec<Vec<Located<Literal>>> =
                self.rows.iter().map(|row| positions.iter().map(|&index| row[index].clone()).collect()).collect();
            if rows.iter().flatten().all(|value| value.is_constant() && value.value != Literal::Null) {
                let filter = super::RowFilter::Keys { columns: key.to_vec(), rows };
                return Ok(Delete { table: self.table.clone(), filter });
            }
        }
        Err(Underivable::InsertWithoutKey)
    }
}

/// Why the way back cannot be derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Underivable {
    Update,
    Delete,
    Execute,
    /// The rows do not give the values of a primary key or of a unique constraint.
    InsertWithoutKey,
    /// A column came away that must not be NULL and has no default, so old rows would have no value for it.
    RequiredColumn {
        table: EcoString,
        column: EcoString,
    },
}

impl Underivable {
    /// The reason as part of a sentence.
    pub fn reason(&self) -> String {
        match self {
            Underivable::Update => "the old values of updated rows are not known".into(),
            Underivable::Delete => "the deleted rows are not known".into(),
            Underivable::Execute => "what raw SQL does is not known".into(),
            Underivable::InsertWithoutKey => {
                "the inserted rows do not give the values of a primary key or unique constraint".into()
            }
            Underivable::RequiredColumn { table, column } => {
                format!("`{table}.{column}` was required and had no default, so rows would have no value for it")
            }
        }
    }
}
