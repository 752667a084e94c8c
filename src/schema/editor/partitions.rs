//! Partitions of a table: create, drop, attach, detach; and what partitioning demands of keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::naming::postgres_default;
use crate::schema::{
    Change, Column, Constraint, Dialect, Index, IndexKey, IndexPart, Literal, Partition, PartitionBounds, Partitioning,
    Rule, Schema, SchemaObject, SchemaObjectKind, Storage, Table, Validity,
};
use crate::source::{Located, Name, Origin};

impl Editor<'_> {
    /// A table that has partitions, and how it is divided.
    ///
    /// # Errors
    ///
    /// There is no such table, or it is not divided.
    pub fn partitioned_table(&self, name: &Name) -> Result<(Arc<Table>, Partitioning)> {
        let table = self.table(name)?;
        match &table.partitioning {
            Some(partitioning) => Ok((table.clone(), Partitioning::clone(partitioning))),
            None => Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("table `{name}` has no partitions"))
                    .at(name.origin, "created without `.partition_by_…`")
                    .help("only a new table can be divided: create one with `.partition_by_range([\"…\"])`"),
            )),
        }
    }

    /// Creates a partition without rows.
    ///
    /// # Errors
    ///
    /// Its name is taken, another partition has rows of these bounds, or a default fits no column.
    pub fn create_partition(&mut self, partition: Located<Partition>) -> Result<()> {
        let Located { value: partition, origin } = partition;
        self.check_free(&Name::new(partition.name.clone(), origin))?;
        self.check_apart(&partition, origin)?;
        self.create_object(Located::new(SchemaObject::Partition(partition), origin))
    }

    /// Drops a partition with its rows.
    ///
    /// # Errors
    ///
    /// There is none of this name.
    pub fn drop_partition(&mut self, name: &Name) -> Result<()> {
        let title = self.partition(name)?.title();
        self.drop_object(SchemaObjectKind::Partition, name, &title, name.origin)
    }

    /// Makes a table a partition of another one.
    ///
    /// # Errors
    ///
    /// There is no such table, something uses it that could not use a partition, it differs from the other one, or
    /// another partition has rows of these bounds.
    pub fn attach_partition(&mut self, name: &Name, parent: &Name, bounds: PartitionBounds) -> Result<()> {
        let (parent, _) = self.partitioned_table(parent)?;
        let table = self.table(name)?;
        self.check_only_rows(&table, name.origin)?;
        if let Some((difference, help)) = difference(&table, &parent) {
            let message = format!("table `{name}` cannot be a partition of `{}`: {difference}", parent.name);
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, message)
                    .at(name.origin, "has to be made like the table that it becomes a part of")
                    .help(help),
            ));
        }
        let own = table.columns.iter().zip(&parent.columns).filter(|(own, shared)| own.default != shared.default);
        let defaults = own.filter_map(|(own, _)| Some((own.name.clone(), own.default.clone()?))).collect();
        let partition = Partition { name: table.name.clone(), parent: parent.name.clone(), bounds, defaults };
        self.check_apart(&partition, name.origin)?;
        let partition = Arc::new(SchemaObject::Partition(partition));
        let change = Change::AttachPartition { table: table.clone(), partition: partition.clone() };
        self.record(change, |schema| {
            schema.remove_table(&table.name);
            schema.put_object(partition);
        });
        Ok(())
    }

    /// Makes a partition a table of its own, with its rows, and with keys and indexes like those it had.
    ///
    /// # Errors
    ///
    /// There is no such partition.
    pub fn detach_partition(&mut self, name: &Name) -> Result<()> {
        let partition = self.partition(name)?;
        let SchemaObject::Partition(Partition { parent, defaults, .. }) = &*partition else {
            unreachable!("a partition was looked up")
        };
        let parent = self.table(&Name::new(parent.clone(), name.origin))?;
        let table = Arc::new(self.detached(name, &parent, defaults));
        let change = Change::DetachPartition { table: table.clone(), partition: partition.clone() };
        self.record(change, |schema| {
            schema.remove_object(&partition.key());
            schema.put_table(table);
        });
        Ok(())
    }

    /// The table that a partition is without its parent. Its keys and indexes are named as Postgres names those of
    /// partitions; its checks and foreign keys have the names that they have in the parent.
    fn detached(&self, name: &Name, parent: &Table, defaults: &BTreeMap<EcoString, Literal>) -> Table {
        let column = |column: &Arc<Column>| {
            let default = defaults.get(&column.name).or(column.default.as_ref()).cloned();
            Arc::new(Column { default, identity: None, comment: None, ..Column::clone(column) })
        };
        let mut table = Table {
            name: name.value.clone(),
            columns: parent.columns.iter().map(column).collect(),
            constraints: Vec::with_capacity(parent.constraints.len()),
            indexes: Vec::with_capacity(parent.indexes.len()),
            comment: None,
            strict: parent.strict,
            without_rowid: parent.without_rowid,
            partitioning: None,
            storage: Storage::default(),
        };
        for constraint in &parent.constraints {
            let name = match constraint.rule.has_index() {
                true => Some(self.postgres_name(&table, &constraint.rule, None)),
                false => constraint.name.clone(),
            };
            table.constraints.push(Constraint { name, ..constraint.clone() });
        }
        for index in &parent.indexes {
            let name = self.postgres_index_name(&table, index);
            table.indexes.push(Arc::new(Index { name, ..Index::clone(index) }));
        }
        table
    }

    /// A name such as Postgres gives an index for which none is written.
    fn postgres_index_name(&self, table: &Table, index: &Index) -> EcoString {
        let parts = index.parts.iter().map(|part| match &part.key {
            IndexKey::Column(name) => name.as_str(),
            IndexKey::Expression(_) => "expr",
        });
        let columns: Vec<&str> = parts.chain(index.include.iter().map(EcoString::as_str)).collect();
        let columns = columns.join("_");
        let taken = |name: &EcoString| table.index(name).is_some() || self.schema.occupant(name).is_some();
        let mut name = postgres_default(&table.name, &columns, "idx");
        let mut number = 1;
        while taken(&name) {
            name = postgres_default(&table.name, &columns, &format!("idx{number}"));
            number += 1;
        }
        name
    }

    /// The partition of this name.
    fn partition(&self, name: &Name) -> Result<Arc<SchemaObject>> {
        match self.schema.object(&SchemaObjectKind::Partition.key(name)) {
            Some(partition) => Ok(partition.clone()),
            None => {
                let title = format!("partition `{name}`");
                Err(self.missing_object(SchemaObjectKind::Partition, name, &title, name.origin))
            }
        }
    }

    /// Refuses a partition of which another one of the same table has rows, as far as that can be told.
    fn check_apart(&self, partition: &Partition, origin: Origin) -> Result<()> {
        use PartitionBounds as B;
        let shared = |other: &&Partition| match (&partition.bounds, &other.bounds) {
            (B::List(own), B::List(theirs)) => own.iter().any(|value| theirs.contains(value)),
            (B::Hash { .. } | B::Range { .. } | B::Default, theirs) => partition.bounds == *theirs,
            (B::List(_), B::Hash { .. } | B::Range { .. } | B::Default) => false,
        };
        match self.schema.partitions_of(&partition.parent).find(shared) {
            None => Ok(()),
            Some(other) => Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("partition `{}` has these rows already", other.name))
                    .at(origin, format!("would have rows of `{}` too", other.name))
                    .help("give it other bounds, or drop or detach the other one first"),
            )),
        }
    }

    /// Refuses a table that has more to it than rows, columns, keys and indexes.
    fn check_only_rows(&self, table: &Table, origin: Origin) -> Result<()> {
        let name = &table.name;
        let trigger = self.schema.triggers().find(|trigger| trigger.table == *name);
        let trigger = trigger.map(|trigger| format!("trigger `{}`", trigger.name));
        let object = || self.schema.objects_of(name).next().map(|object| object.title());
        let reference = || {
            let mut keys = self.schema.inbound_foreign_keys(name);
            keys.next().map(|(other, constraint, _)| format!("the {constraint} of `{}`", other.name))
        };
        let comment = || table.comment.as_ref().map(|_| "a comment".to_owned());
        let stored = || (!table.storage.is_empty()).then(|| "storage parameters".to_owned());
        let divided = || table.partitioning.as_ref().map(|_| "partitions of its own".to_owned());
        if let Some(more) = trigger.or_else(object).or_else(reference).or_else(comment).or_else(stored).or_else(divided)
        {
            return Err(Box::new(
                Diagnostic::new(Code::InUse, format!("table `{name}` cannot become a partition: it has {more}"))
                    .at(origin, "Offprint knows no such thing of a partition")
                    .help("drop it first; what is to hold for all partitions belongs to the table of which they are parts"),
            ));
        }
        self.check_unused(origin, format_args!("table `{name}`"), || {
            self.schema.dependants_of_relation(name, self.dialect)
        })
    }

    /// Checks a key, an index or a constraint against the partitioning of its table.
    ///
    /// # Errors
    ///
    /// Postgres could not enforce it over all partitions.
    pub(super) fn check_divided(&self, table: &Table, constraint: &Located<Constraint>) -> Result<()> {
        if self.dialect != Dialect::Postgres || table.partitioning.is_none() {
            return Ok(());
        }
        let refuse = |message: String, help: &str| {
            let diagnostic = Diagnostic::new(Code::NotInDialect, message);
            Err(Box::new(diagnostic.at(constraint.origin, "cannot hold over all partitions").help(help)))
        };
        match &constraint.rule {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => {
                self.check_key_divided(table, columns, &constraint.to_string(), constraint.origin)
            }
            Rule::Exclusion(_) => refuse(
                format!("table `{}` has partitions and cannot have an exclusion constraint", table.name),
                "leave it out: Postgres has none over several partitions",
            ),
            Rule::ForeignKey(_) if constraint.validity == Validity::NotValid => refuse(
                format!("a foreign key of `{}`, which has partitions, cannot be NOT VALID", table.name),
                "leave `.not_valid()` out: Postgres knows it only for tables without partitions",
            ),
            Rule::ForeignKey(_) | Rule::Check { .. } => Ok(()),
        }
    }

    /// Checks that rows which are equal in these columns are in one partition, the only place where they are compared.
    pub(super) fn check_key_divided(
        &self,
        table: &Table,
        columns: &[EcoString],
        title: &str,
        origin: Origin,
    ) -> Result<()> {
        let Some(partitioning) = table.partitioning.as_ref().filter(|_| self.dialect == Dialect::Postgres) else {
            return Ok(());
        };
        let compares_otherwise = |part: &IndexPart| match &part.key {
            IndexKey::Column(name) => {
                let own = table.column(name).and_then(|column| column.collation.as_ref());
                part.operator_class.is_some() || (part.collation.is_some() && part.collation.as_ref() != own)
            }
            IndexKey::Expression(_) => false,
        };
        let (message, help) = if partitioning.key.iter().any(compares_otherwise) {
            (
                format!(
                    "the {title} of `{}` cannot hold: another collation or operator class divides the rows",
                    table.name
                ),
                "divide the table by the columns as they are, or leave it out".to_owned(),
            )
        } else if partitioning.expressions().next().is_some() {
            (
                format!("the {title} of `{}` cannot hold: an expression divides the rows", table.name),
                "divide the table by columns, or leave it out".to_owned(),
            )
        } else if let Some(column) = partitioning.columns().find(|column| !columns.contains(column)) {
            (
                format!("the {title} of `{}` lacks `{column}`, which divides the rows", table.name),
                format!("add `{column}` to it: Postgres compares rows only within a partition"),
            )
        } else {
            return Ok(());
        };
        Err(Box::new(
            Diagnostic::new(Code::NotInDialect, message).at(origin, "cannot hold over all partitions").help(help),
        ))
    }

    /// Lets the defaults go that partitions have of their own for a column, before the column is dropped.
    pub(super) fn drop_partition_defaults(&mut self, table: &str, column: &str) {
        let with_default: Vec<Partition> = self
            .schema
            .partitions_of(table)
            .filter(|partition| partition.defaults.contains_key(column))
            .cloned()
            .collect();
        for before in with_default {
            let mut after = before.clone();
            after.defaults.remove(column);
            let (from, to) = (SchemaObject::Partition(before), Arc::new(SchemaObject::Partition(after)));
            let change = Change::ReplaceObject { from: Arc::new(from), to: to.clone() };
            self.record(change, |schema| schema.put_object(to));
        }
    }

    /// The defaults that partitions of a table have of their own for a column.
    pub(super) fn own_defaults<'s>(&'s self, table: &'s Table, column: &'s str) -> impl Iterator<Item = &'s Literal> {
        let divided = table.partitioning.iter().flat_map(|_| self.schema.partitions_of(&table.name));
        divided.filter_map(move |partition| partition.defaults.get(column))
    }

    /// A default that a partition of a table has of its own, and that would no longer be one of the values of an enum.
    pub(super) fn partition_default_outside(
        &self,
        table: &Table,
        column: &str,
        values: &[EcoString],
    ) -> Option<(EcoString, EcoString)> {
        self.schema.partitions_of(&table.name).find_map(|partition| match partition.defaults.get(column) {
            Some(Literal::Text(default)) if !values.contains(default) => {
                Some((partition.name.clone(), default.clone()))
            }
            _ => None,
        })
    }
}

/// Changes the partitions of a table.
fn edit_partitions(schema: &mut Schema, table: &str, edit: impl Fn(&mut Partition)) {
    let partitions: Vec<Partition> = schema.partitions_of(table).cloned().collect();
    for before in partitions {
        let mut after = before.clone();
        edit(&mut after);
        if after != before {
            schema.put_object(Arc::new(SchemaObject::Partition(after)));
        }
    }
}

/// Lets the defaults that partitions have of their own follow a column that got another name.
pub(super) fn follow_column(schema: &mut Schema, table: &str, from: &str, to: &EcoString) {
    edit_partitions(schema, table, |partition| {
        if let Some(default) = partition.defaults.remove(from) {
            partition.defaults.insert(to.clone(), default);
        }
    });
}

/// Lets the bounds and defaults of partitions follow a value of an enum that got another name.
pub(super) fn follow_value(schema: &mut Schema, enumeration: &str, from: &EcoString, to: &EcoString) {
    let users: Vec<(Arc<Table>, EcoString)> = schema
        .columns_of_enum(enumeration)
        .map(|(table, column)| (table.clone(), column.name.clone()))
        .filter(|(table, _)| table.partitioning.is_some())
        .collect();
    let rename = |value: &mut Literal| {
        if *value == Literal::Text(from.clone()) {
            *value = Literal::Text(to.clone());
        }
    };
    for (table, column) in users {
        let Some(partitioning) = &table.partitioning else { continue };
        let places: Vec<bool> = partitioning
            .key
            .iter()
            .map(|part| matches!(&part.key, IndexKey::Column(name) if *name == column))
            .collect();
        edit_partitions(schema, &table.name, |partition| {
            if let Some(default) = partition.defaults.get_mut(&column) {
                rename(default);
            }
            match &mut partition.bounds {
                PartitionBounds::List(values) if places.first() == Some(&true) => values.iter_mut().for_each(rename),
                PartitionBounds::Range { from, to } => {
                    for side in [from, to] {
                        side.iter_mut().zip(&places).filter(|(_, here)| **here).for_each(|(value, _)| rename(value));
                    }
                }
                PartitionBounds::List(_) | PartitionBounds::Hash { .. } | PartitionBounds::Default => {}
            }
        });
    }
}

/// What a table has otherwise than the one that it is to be a partition of, and what to do about it.
fn difference(table: &Table, parent: &Table) -> Option<(String, String)> {
    let own: Vec<&EcoString> = table.columns.iter().map(|column| &column.name).collect();
    let wanted: Vec<&EcoString> = parent.columns.iter().map(|column| &column.name).collect();
    if own != wanted {
        let list = wanted.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Some(("its columns are others, or in another order".into(), format!("give it the columns {list}")));
    }
    let column = table.columns.iter().zip(&parent.columns).find_map(|(own, shared)| differing_facet(own, shared));
    if column.is_some() {
        return column;
    }
    let alike = |one: &Constraint, other: &Constraint| {
        let same_name = one.name == other.name || one.rule.has_index();
        same_name
            && one.rule == other.rule
            && one.deferrability == other.deferrability
            && one.validity == other.validity
    };
    let lacks = parent.constraints.iter().find(|shared| !table.constraints.iter().any(|own| alike(own, shared)));
    if let Some(shared) = lacks {
        let help = match shared.rule.has_index() {
            true => "add it to the table before it is attached",
            false => "add it to the table before it is attached, under this name",
        };
        return Some((format!("it lacks the {shared}"), help.into()));
    }
    let more = table.constraints.iter().find(|own| !parent.constraints.iter().any(|shared| alike(own, shared)));
    if let Some(own) = more.or_else(|| table.constraints.get(parent.constraints.len())) {
        return Some((
            format!("it has the {own} of its own"),
            "drop it before, or add it to the other table too".into(),
        ));
    }
    let alike = |one: &Index, other: &Index| Index { name: other.name.clone(), ..one.clone() } == *other;
    if let Some(shared) = parent.indexes.iter().find(|shared| !table.indexes.iter().any(|own| alike(own, shared))) {
        let help = "create one before it is attached: Postgres would build it under a lock on the table";
        return Some((format!("it lacks an index like `{}`", shared.name), help.into()));
    }
    let more = table.indexes.iter().find(|own| !parent.indexes.iter().any(|shared| alike(own, shared)));
    more.or_else(|| table.indexes.get(parent.indexes.len())).map(|own| {
        let help = "drop it before, or create one on the other table too";
        (format!("it has an index `{}` of its own", own.name), help.into())
    })
}

/// What a column has otherwise than that of the parent.
fn differing_facet(own: &Column, shared: &Column) -> Option<(String, String)> {
    let facet = if own.column_type != shared.column_type {
        "type"
    } else if own.collation != shared.collation {
        "collation"
    } else if own.generated != shared.generated {
        "expression"
    } else if own.is_not_null() != shared.is_not_null() {
        return Some((
            format!("`{}` may be NULL in only one of both", own.name),
            "let both be NOT NULL, or none".into(),
        ));
    } else if own.identity.is_some() {
        return Some((format!("`{}` is an identity", own.name), "drop the identity before it is attached".into()));
    } else if own.comment.is_some() {
        return Some((format!("`{}` has a comment", own.name), "drop the comment before it is attached".into()));
    } else if own.default.is_none() && shared.default.is_some() {
        return Some((
            format!("`{}` has no default", own.name),
            "give it the default of the other table, or one of its own".into(),
        ));
    } else {
        return None;
    };
    Some((format!("`{}` has another {facet}", own.name), format!("give it the {facet} of the other table")))
}
