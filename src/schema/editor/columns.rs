//! Columns: add, drop, rename, alter.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::{Dependant, Dependence, expression_names_column};
use crate::schema::{
    Change, Column, ColumnType, Conversion, Dialect, Facet, Identity, Index, Literal, Nullability, Rule, Table,
};
use crate::source::{Located, Name, Origin, joined};

/// The facets of a column that one operation changes. `None` leaves a facet as it is.
#[derive(Debug, Clone, Default)]
pub struct ColumnFacets {
    pub column_type: Option<Located<ColumnType>>,
    pub conversion: Conversion,
    pub nullability: Option<Located<Nullability>>,
    pub default: Option<Located<Option<Literal>>>,
    pub identity: Option<Located<Option<Identity>>>,
    pub generated: Option<Located<Option<EcoString>>>,
    pub collation: Option<Located<Option<EcoString>>>,
    pub comment: Option<Located<Option<EcoString>>>,
}

impl Editor<'_> {
    /// Adds a column behind the others.
    ///
    /// # Errors
    ///
    /// There is no such table, it has a column of this name, or a view or trigger would take the column in unasked.
    pub fn add_column(&mut self, table_name: &Name, column: Located<Column>) -> Result<()> {
        let table = self.table(table_name)?;
        let name = Name::new(column.name.clone(), column.origin);
        self.check_new_column(&table, &name)?;
        self.check_default(&column.value, column.origin)?;
        self.check_not_taken_in(&table.name, &name)?;
        let mut after = Table::clone(&table);
        let column = Arc::new(column.value);
        after.columns.push(column.clone());
        self.record_table(Change::AddColumn { table: table.name.clone(), column }, after);
        Ok(())
    }

    /// Checks that a name can be the name of a column.
    fn check_column_name(&self, name: &Name) -> Result<()> {
        self.check_name(name)?;
        const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "ctid", "xmin", "cmin", "xmax", "cmax"];
        if self.dialect == Dialect::Postgres && SYSTEM_COLUMNS.contains(&name.as_str()) {
            let problem = format!("every table of Postgres has a system column `{name}`");
            return Err(super::refuse_name(name, problem, "reserved", "choose another name"));
        }
        Ok(())
    }

    /// Checks that a table, which may still be in the making, has no column of this name.
    ///
    /// # Errors
    ///
    /// It has one, or the name cannot be a name.
    pub fn check_new_column(&self, table: &Table, name: &Name) -> Result<()> {
        self.check_column_name(name)?;
        match table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
            None => Ok(()),
            Some(column) => Err(Box::new(
                Diagnostic::new(
                    Code::AlreadyExists,
                    format!("table `{}` has a column `{}` already", table.name, column.name),
                )
                .at(name.origin, "this name is taken")
                .help("choose another name, or drop or rename the column first"),
            )),
        }
    }

    /// Checks that the default of a column can be one of its values.
    ///
    /// # Errors
    ///
    /// The column is of an enum that does not have the value.
    pub fn check_default(&self, column: &Column, origin: Origin) -> Result<()> {
        match &column.default {
            Some(default) => self.check_enum_value(&column.column_type, default, origin),
            None => Ok(()),
        }
    }

    /// Checks that a value can be one of a column's type.
    ///
    /// # Errors
    ///
    /// The type is an enum that does not have the value.
    pub fn check_enum_value(&self, column_type: &ColumnType, value: &Literal, origin: Origin) -> Result<()> {
        let (ColumnType::Enumeration(name), Literal::Text(text)) = (column_type.plain(), value) else { return Ok(()) };
        let Some(enumeration) = self.schema.enumeration(name) else { return Ok(()) };
        if enumeration.values.contains(text) {
            return Ok(());
        }
        let values = enumeration.values.iter().map(EcoString::as_str);
        Err(Box::new(
            Diagnostic::new(Code::NotAnEnumValue, format!("`{text}` is not a value of enum `{name}`"))
                .at(origin, "not one of its values")
                .did_you_mean(text, values.clone())
                .help(format!(
                    "write one of its values, {}, or add one with `op.add_enum_value(…)`",
                    super::list(values)
                )),
        ))
    }

    /// Drops a column, after the indexes and constraints of the table that name it.
    ///
    /// # Errors
    ///
    /// There is none, or a foreign key of another table, a generated column, a view or a trigger uses it.
    pub fn drop_column(&mut self, table_name: &Name, name: &Name) -> Result<()> {
        let table = self.table(table_name)?;
        let column = Arc::new(self.column(&table, name)?.clone());
        self.check_droppable(&table, name)?;
        self.drop_privileges_on_column(&table.name, name);
        let sequences = self.release_sequences(&table.name, Some(name), name.origin)?;
        if table.partitioning.is_some() {
            self.drop_partition_defaults(&table.name, name);
        }
        let index_uses = |index: &Index| {
            index.columns().any(|used| *used == name.value)
                || index.expressions().any(|text| self.names_column(&table, text, name))
        };
        let used: Vec<_> = table.indexes.iter().filter(|index| index_uses(index)).cloned().collect();
        for index in used {
            self.drop_index(&Name::new(index.name.clone(), name.origin))?;
        }
        let mut current = Table::clone(&*self.table(table_name)?);
        let uses = |editor: &Self, rule: &Rule| {
            rule.columns().contains(&name.value)
                || rule.expressions().into_iter().any(|text| editor.names_column(&table, text, name))
        };
        while let Some(position) = current.constraints.iter().position(|constraint| uses(self, &constraint.rule)) {
            let constraint = current.constraints.remove(position);
            let change = Change::DropConstraint { table: table.name.clone(), constraint };
            self.record_table(change, current.clone());
        }
        current.columns.retain(|other| other.name != name.value);
        self.note_departure("column", &joined(&[table_name, ".", name]));
        self.record_table(Change::DropColumn { table: table.name.clone(), column }, current);
        self.drop_released(sequences, name.origin)
    }

    fn check_droppable(&self, table: &Table, name: &Name) -> Result<()> {
        let in_use = |by: String, help: &str| {
            let message = format!("column `{}.{name}` is used by {by}", table.name);
            Err(Box::new(Diagnostic::new(Code::InUse, message).at(name.origin, "still in use").help(help)))
        };
        if table.columns.len() == 1 {
            let message = format!("`{name}` is the last column of table `{}`", table.name);
            return Err(Box::new(
                Diagnostic::new(Code::InUse, message)
                    .at(name.origin, "a table needs a column")
                    .help(format!("drop the table: `op.drop_table({:?})`", table.name)),
            ));
        }
        if table.partitioning.as_ref().is_some_and(|partitioning| partitioning.reads(name)) {
            let help = "create another table that is divided otherwise, and move the rows";
            return in_use("the partition key".into(), help);
        }
        let inbound = self.schema.inbound_foreign_keys(&table.name).find(|(other, _, key)| {
            let refers = key.referred_columns.contains(&name.value);
            refers && (other.name != table.name || !key.columns.contains(&name.value))
        });
        if let Some((other, constraint, _)) = inbound {
            return in_use(format!("the {constraint} of `{}`", other.name), "drop the foreign key first");
        }
        let object = format_args!("column `{}.{name}`", table.name);
        self.check_unmentioned(name.origin, object, &[&table.name, name])?;
        self.check_unused(name.origin, object, || {
            let all = self.schema.dependants_of_column(&table.name, name, self.dialect);
            // Checks and indexes go with the column, where it is sure that they name it.
            let goes = |one: &Dependence| {
                let own = matches!(one.dependant, Dependant::Constraint { .. } | Dependant::Index { .. });
                own && one.doubt.is_none()
            };
            all.into_iter().filter(|one| !goes(one)).collect()
        })
    }

    fn names_column(&self, table: &Table, expression: &str, column: &str) -> bool {
        expression_names_column(expression, table, column, &self.schema, self.dialect)
    }

    /// Checks that no view or trigger would mean something else with a new column.
    pub(super) fn check_not_taken_in(&self, relation: &str, column: &Name) -> Result<()> {
        let Some(Dependence { dependant, doubt }) = self.schema.takes_in(relation, column, self.dialect) else {
            return Ok(());
        };
        let message = format!("{dependant} would not mean the same once `{relation}` has a column `{column}`");
        let mut diagnostic = Diagnostic::new(Code::InUse, message)
            .at(column.origin, format!("{dependant} would take it in"))
            .help(format!(
                "drop {dependant} before the change and create it again after it, with its columns written out"
            ));
        if let Some(doubt) = doubt {
            diagnostic = diagnostic.note(format!("of its text: {}", doubt.0));
        }
        Err(Box::new(diagnostic))
    }

    /// Gives a column another name. Everything in the schema that names it follows.
    ///
    /// # Errors
    ///
    /// There is none, the new name is taken, or the text of something that uses it cannot follow.
    pub fn rename_column(&mut self, table_name: &Name, from: &Name, to: &Name) -> Result<()> {
        let table = self.table(table_name)?;
        self.column(&table, from)?;
        self.check_renamed(from, to)?;
        if from.eq_ignore_ascii_case(to) {
            self.check_column_name(to)?;
        } else {
            self.check_new_column(&table, to)?;
        }
        self.check_unmentioned(from.origin, format_args!("column `{}.{from}`", table.name), &[&table.name, from])?;
        let renamed = self.with_column_renamed_everywhere(&table, from, &to.value)?;
        let change = Change::RenameColumn { table: table.name.clone(), from: from.value.clone(), to: to.value.clone() };
        self.record(change, |schema| *schema = renamed);
        self.note_departure("column", &joined(&[table_name, ".", from]));
        Ok(())
    }

    /// Changes facets of a column, one recorded change for each.
    ///
    /// # Errors
    ///
    /// There is no such column, no facet is given, or a facet is so already.
    pub fn alter_column(&mut self, table_name: &Name, name: &Name, facets: ColumnFacets) -> Result<()> {
        let table = self.table(table_name)?;
        let column = self.column(&table, name)?.clone();
        let changed = changed_facets(&column, facets, name)?;
        let mut current = column;
        for Located { value: facet, origin } in changed {
            apply_facet(&mut current, &facet);
            if matches!(facet, Facet::Default { .. }) {
                self.check_default(&current, origin)?;
            }
            let mut after = Table::clone(&*self.table(table_name)?);
            for other in after.columns.iter_mut().filter(|other| other.name == current.name) {
                *other = Arc::new(current.clone());
            }
            let change = Change::AlterColumn { table: table.name.clone(), column: current.name.clone(), facet };
            self.record_table(change, after);
        }
        self.check_default(&current, name.origin)
    }
}

fn apply_facet(column: &mut Column, facet: &Facet) {
    match facet.clone() {
        Facet::Type { to, .. } => column.column_type = to,
        Facet::Nullability { to, .. } => column.nullability = to,
        Facet::Default { to, .. } => column.default = to,
        Facet::Identity { to, .. } => column.identity = to,
        Facet::Generated { to, .. } => column.generated = to,
        Facet::Collation { to, .. } => column.collation = to,
        Facet::Comment { to, .. } => column.comment = to,
    }
}

/// The facets that differ from the column, in the order in which they take effect.
fn changed_facets(column: &Column, facets: ColumnFacets, name: &Name) -> Result<Vec<Located<Facet>>> {
    let mut changed = Vec::new();
    let mut unchanged: Option<(Origin, String)> = None;
    macro_rules! facet {
        ($field:ident, $variant:ident, $current:expr, $words:expr) => {
            if let Some(Located { value: to, origin }) = facets.$field {
                let from = $current.clone();
                if from == to {
                    unchanged.get_or_insert((origin, $words));
                } else {
                    changed.push(Located::new(Facet::$variant { from, to }, origin));
                }
            }
        };
    }
    let conversion_only = facets.column_type.is_none() && !facets.conversion.is_empty();
    if let Some(Located { value: to, origin }) = facets.column_type {
        let from = column.column_type.clone();
        if from == to && facets.conversion.is_empty() {
            unchanged = Some((origin, format!("the type is {to} already")));
        } else {
            changed.push(Located::new(Facet::Type { from, to, conversion: facets.conversion }, origin));
        }
    }
    facet!(collation, Collation, column.collation, "the collation is this one already".into());
    facet!(generated, Generated, column.generated, "the column is generated like this already".into());
    facet!(default, Default, column.default, "the default is this one already".into());
    facet!(identity, Identity, column.identity, "the column is so already".into());
    facet!(
        nullability,
        Nullability,
        column.nullability,
        if column.is_not_null() {
            "the column is NOT NULL already".into()
        } else {
            "the column may be NULL already".into()
        }
    );
    facet!(comment, Comment, column.comment, "the comment is this one already".into());
    if conversion_only {
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, format!("a conversion of `{name}` is given, but no new type"))
                .at(name.origin, "keeps its type")
                .help("add `.set_type(…)`, or change the rows with `op.update(…)`"),
        ));
    }
    if let Some((origin, words)) = unchanged {
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, words).at(origin, "nothing to change").help("leave this out"),
        ));
    }
    if changed.is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, format!("nothing of `{name}` is altered"))
                .at(name.origin, "no facet is given")
                .help("say what to alter, for example `.set_not_null()` or `.set_type(text())`"),
        ));
    }
    Ok(changed)
}
