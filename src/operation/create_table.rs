//! Create a table.

use std::sync::Arc;

use ecow::EcoString;

use super::EqualOrigin;
use super::definition::{
    ColumnDefinition, ConstraintDefinition, ConstraintName, IndexColumn, PartitioningDefinition, RuleDefinition,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Action, Deferrability, Editor, PartitionMethod, Sql, Table, Value};
use crate::source::{Located, Name, Origin, joined};

/// Creates a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    name: Name,
    columns: Vec<(Name, ColumnDefinition)>,
    constraints: Vec<ConstraintDefinition>,
    comment: Option<Name>,
    strict: bool,
    without_rowid: bool,
    /// Boxed, since few tables are divided.
    partitioning: Option<Box<PartitioningDefinition>>,
    storage: Vec<(Name, Located<Value>)>,
    /// A continuation that stands where it means nothing; found out by the replay.
    misplaced: Option<Misplaced>,
}

/// A continuation without the constraint that it should add to.
#[derive(Debug, Clone, PartialEq)]
struct Misplaced {
    word: &'static str,
    needs: &'static str,
    origin: EqualOrigin,
}

operation! {
    /// Creates a table. Constraints are named by the convention of the project unless `.name("…")` follows them.
    ///
    /// `op.create_table("job").column("id", uuid()).column("name", text().not_null()).primary_key(["id"]);`
    fn create_table(name: Name) -> CreateTable {
        CreateTable {
            name,
            columns: Vec::new(),
            constraints: Vec::new(),
            comment: None,
            strict: false,
            without_rowid: false,
            partitioning: None,
            storage: Vec::new(),
            misplaced: None,
        }
    }

    /// Adds a column: `.column("status", text().not_null().default("queued"))`.
    fn column(table @ _, name: Name, column: ColumnDefinition) { table.columns.push((name, column)) }

    /// Adds the primary key: `.primary_key(["id"])`. Its columns become NOT NULL.
    fn primary_key(table @ origin, columns: Vec<Name>) { table.add(RuleDefinition::PrimaryKey(columns), origin) }

    /// Adds a unique constraint: `.unique(["tenant_id", "key"])`.
    fn unique(table @ origin, columns: Vec<Name>) { table.add(RuleDefinition::unique(columns), origin) }

    /// Takes NULL for a value like others, so that only one row may have it; on Postgres 15 and later. Stands after
    /// `.unique(…)`.
    fn nulls_not_distinct(table @ origin) {
        match table.constraints.last_mut() {
            Some(ConstraintDefinition { rule: rule @ RuleDefinition::Unique { .. }, .. }) => rule.nulls_not_distinct(),
            _ => table.misplace("nulls_not_distinct", "a unique constraint", origin),
        }
    }

    /// Adds a check, with the name that the naming convention puts after the table: `.check("positive_size", "size > 0")`.
    fn check(table @ origin, label: Name, expression: Sql) {
        table.add(RuleDefinition::Check { label, expression }, origin)
    }

    /// Adds a foreign key: `.foreign_key(["job_id"], "job", ["id"]).on_delete(Cascade)`.
    fn foreign_key(table @ origin, columns: Vec<Name>, referred_table: Name, referred_columns: Vec<Name>) {
        table.add(RuleDefinition::foreign_key(columns, referred_table, referred_columns), origin)
    }

    /// Adds an exclusion constraint, which only Postgres has: no two rows for which all of the operators are true.
    /// `.exclude([("room", "="), ("during", "&&")]).method("gist")`
    fn exclude(table @ origin, elements: Vec<(IndexColumn, Name)>) {
        table.add(RuleDefinition::exclusion(elements), origin)
    }

    /// The access method of the exclusion constraint, such as `gist`. Stands after `.exclude(…)`.
    fn method(table @ origin, name: Sql) { table.in_exclusion("method", origin, |rule| rule.method(name)) }

    /// Only the rows for which this SQL condition is true exclude each other. Stands after `.exclude(…)`.
    fn filter(table @ origin, condition: Sql) { table.in_exclusion("filter", origin, |rule| rule.filter(condition)) }

    /// What deleting a row does to the rows that refer to it. Stands after `.foreign_key(…)`.
    fn on_delete(table @ origin, action: Located<Action>) {
        table.in_foreign_key("on_delete", origin, |key| key.on_delete(action))
    }

    /// What changing a key does to the rows that refer to it. Stands after `.foreign_key(…)`.
    fn on_update(table @ origin, action: Located<Action>) {
        table.in_foreign_key("on_update", origin, |key| key.on_update(action))
    }

    /// Lets a transaction defer the constraint before it, which is no check. SQLite defers nothing but foreign keys.
    fn deferrable(table @ origin) { table.defer("deferrable", Deferrability::InitiallyImmediate, origin) }

    /// Looks at the constraint before it, which is no check, at the end of the transaction. SQLite defers nothing but
    /// foreign keys.
    fn initially_deferred(table @ origin) { table.defer("initially_deferred", Deferrability::InitiallyDeferred, origin) }

    /// Names the constraint before it, in place of the naming convention.
    fn name(table @ origin, name: Name) { table.in_constraint("name", origin, |last| last.name = ConstraintName::Given(name)) }

    /// Leaves the constraint before it without a name, as in a database that is adopted.
    fn unnamed(table @ origin) { table.in_constraint("unnamed", origin, |last| last.name = ConstraintName::Unnamed) }

    /// A comment that Postgres keeps with the table.
    fn comment(table @ _, text: Name) { table.comment = Some(text) }

    /// Makes SQLite refuse values of another type (`STRICT`). Other dialects do so anyway.
    fn strict(table @ _) { table.strict = true }

    /// Stores the rows of SQLite by their primary key (`WITHOUT ROWID`). Other dialects ignore it and say so.
    fn without_rowid(table @ _) { table.without_rowid = true }

    /// A storage parameter of Postgres, such as `.storage("fillfactor", 70)`. SQLite has none and says so in a comment.
    fn storage(table @ _, parameter: Name, value: Located<Value>) { table.storage.push((parameter, value)) }

    /// Divides the rows of Postgres among partitions by ranges of values: `.partition_by_range(["created_at"])`. SQLite keeps
    /// them together and says so.
    fn partition_by_range(table @ origin, key: Vec<IndexColumn>) { table.divide(PartitionMethod::Range, key, origin) }

    /// Divides the rows of Postgres among partitions by lists of values: `.partition_by_list(["region"])`. SQLite keeps them
    /// together and says so.
    fn partition_by_list(table @ origin, key: Vec<IndexColumn>) { table.divide(PartitionMethod::List, key, origin) }

    /// Divides the rows of Postgres evenly among partitions: `.partition_by_hash(["id"])`. SQLite keeps them together and
    /// says so.
    fn partition_by_hash(table @ origin, key: Vec<IndexColumn>) { table.divide(PartitionMethod::Hash, key, origin) }
}

impl CreateTable {
    fn add(&mut self, rule: RuleDefinition, origin: Origin) {
        // Most tables have one or two constraints, and every table is kept until the end.
        self.constraints.reserve_exact(1);
        self.constraints.push(ConstraintDefinition::new(rule, origin));
    }

    fn divide(&mut self, method: PartitionMethod, key: Vec<IndexColumn>, origin: Origin) {
        self.partitioning = Some(Box::new(PartitioningDefinition::new(method, key, origin)));
    }

    fn in_constraint(&mut self, word: &'static str, origin: Origin, change: impl FnOnce(&mut ConstraintDefinition)) {
        match self.constraints.last_mut() {
            Some(last) => change(last),
            None => self.misplace(word, "a constraint", origin),
        }
    }

    fn in_foreign_key(&mut self, word: &'static str, origin: Origin, change: impl FnOnce(&mut RuleDefinition)) {
        match self.constraints.last_mut() {
            Some(ConstraintDefinition { rule: rule @ RuleDefinition::ForeignKey(_), .. }) => change(rule),
            _ => self.misplace(word, "a foreign key", origin),
        }
    }

    fn in_exclusion(&mut self, word: &'static str, origin: Origin, change: impl FnOnce(&mut RuleDefinition)) {
        match self.constraints.last_mut() {
            Some(ConstraintDefinition { rule: rule @ RuleDefinition::Exclusion(_), .. }) => change(rule),
            _ => self.misplace(word, "an exclusion constraint", origin),
        }
    }

    fn defer(&mut self, word: &'static str, when: Deferrability, origin: Origin) {
        match self.constraints.last_mut() {
            Some(last) if !matches!(last.rule, RuleDefinition::Check { .. }) => last.deferrability = when,
            _ => self.misplace(word, "a key or an exclusion constraint", origin),
        }
    }

    fn misplace(&mut self, word: &'static str, needs: &'static str, origin: Origin) {
        self.misplaced.get_or_insert(Misplaced { word, needs, origin: EqualOrigin(origin) });
    }

    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        if let Some(Misplaced { word, needs, origin }) = &self.misplaced {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("`.{word}` stands after nothing that it could add to"))
                    .at(origin.0, format!("{needs} must stand right before it"))
                    .help(format!("move it behind {needs}")),
            ));
        }
        let mut table = Table {
            name: self.name.value.clone(),
            columns: Vec::with_capacity(self.columns.len()),
            constraints: Vec::with_capacity(self.constraints.len()),
            indexes: Vec::new(),
            comment: self.comment.as_ref().map(|text| editor.comment(text)).transpose()?,
            strict: self.strict,
            without_rowid: self.without_rowid,
            partitioning: None,
            storage: editor.storage(&self.storage)?,
        };
        for (name, definition) in &self.columns {
            editor.check_new_column(&table, name)?;
            table.columns.push(Arc::new(definition.resolve(name, editor)?.value));
        }
        self.columns.iter().try_for_each(|(_, definition)| definition.check_generated(&table, editor))?;
        if let Some(definition) = &self.partitioning {
            table.partitioning = Some(Box::new(definition.resolve(&table, editor)?));
        }
        if let Some((parameter, _)) = self.storage.first() {
            editor.check_stored(&table, &Name::new(self.name.value.clone(), parameter.origin))?;
        }
        // A foreign key may refer to a key of the table itself that is written after it, so foreign keys come last here,
        // and all get back to their places.
        let mut places = Vec::with_capacity(self.constraints.len());
        for foreign in [false, true] {
            for (place, definition) in self.constraints.iter().enumerate() {
                if matches!(definition.rule, RuleDefinition::ForeignKey(_)) == foreign {
                    let constraint = definition.resolve(&table, editor)?;
                    editor.check_new_constraint(&table, &constraint)?;
                    table.constraints.push(constraint.value);
                    places.push(place);
                }
            }
        }
        if !places.is_sorted() {
            let mut placed: Vec<_> = places.into_iter().zip(std::mem::take(&mut table.constraints)).collect();
            placed.sort_by_key(|(place, _)| *place);
            table.constraints.extend(placed.into_iter().map(|(_, constraint)| constraint));
        }
        editor.create_table(Located::new(table, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_table ", &self.name])
    }
}
