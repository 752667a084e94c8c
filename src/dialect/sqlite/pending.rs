//! The changes of one table that are gathered until it is built, so that several make one rebuild.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;

use super::rows::{Rows, Values};
use crate::diagnostic::Diagnostic;
use crate::schema::{Cause, ForeignKey, Rule, Table, tokens};

/// A table that has to be built.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The name of the table in the database and in the schema.
    pub table: EcoString,
    /// The table as it is in the database; `None` where it is not there yet.
    pub source: Option<Table>,
    /// Where the columns get their values from, by their names in the schema. Those that are missing are kept.
    values: BTreeMap<EcoString, Values>,
    /// Why the table cannot be changed in place, one sentence each.
    pub reasons: Vec<String>,
    /// The operations that the table is built for, in order.
    pub causes: Vec<Arc<Cause>>,
    /// The triggers of the table that are not in the database yet.
    pub new_triggers: BTreeSet<EcoString>,
}

impl Pending {
    /// A table that is to be created.
    pub fn creation(table: &Table, cause: &Arc<Cause>) -> Pending {
        Pending::of(table.name.clone(), None, cause)
    }

    /// A table that is to be rebuilt.
    pub fn rebuild(source: Table, cause: &Arc<Cause>) -> Pending {
        Pending::of(source.name.clone(), Some(source), cause)
    }

    fn of(table: EcoString, source: Option<Table>, cause: &Arc<Cause>) -> Pending {
        Pending {
            table,
            source,
            values: BTreeMap::new(),
            reasons: Vec::new(),
            causes: vec![cause.clone()],
            new_triggers: BTreeSet::new(),
        }
    }

    /// Notes that the table is built for this operation too.
    pub fn add_cause(&mut self, cause: &Arc<Cause>) {
        if self.causes.last().is_none_or(|last| last.number != cause.number) {
            self.causes.push(cause.clone());
        }
    }

    pub fn add_reason(&mut self, reason: &str) {
        if !self.reasons.iter().any(|known| known == reason) {
            self.reasons.push(reason.to_owned());
        }
    }

    /// Where a column gets its values from.
    pub fn values(&self, column: &str) -> Values {
        self.values.get(column).cloned().unwrap_or_else(|| Values::Kept(column.into()))
    }

    pub fn set_values(&mut self, column: &EcoString, values: Values) {
        self.values.insert(column.clone(), values);
    }

    pub fn forget_column(&mut self, column: &str) {
        self.values.remove(column);
    }

    /// The rows of the table as it is, and as it will be.
    ///
    /// # Errors
    ///
    /// Values cannot be converted exactly.
    pub fn rows<'a>(&self, source: &'a Table, target: &'a Table) -> Result<Rows<'a>, Box<Diagnostic>> {
        let unchanged = target.columns.iter().all(|column| self.is_kept(&column.name));
        Rows::changed(source, target, |name| match target.column(name) {
            // What the database computes, it computes again from the new values.
            Some(column) if column.generated.is_some() && !unchanged => Values::Generated,
            _ => self.values(name),
        })
    }

    /// How the table changes and why, in words.
    pub fn method(&self) -> String {
        format!("one rebuild, since {}", self.reasons.join("; "))
    }

    /// The other operations that the table is built for, in words.
    pub fn also(&self) -> Option<String> {
        let others = self.causes.iter().skip(1).map(|cause| format!("#{} {}", cause.number, cause.title));
        let others: Vec<String> = others.collect();
        (!others.is_empty()).then(|| format!("with {}", others.join(", ")))
    }

    /// The triggers of the table that are not in the database yet.
    pub fn new_triggers(&self) -> impl Iterator<Item = EcoString> {
        self.new_triggers.iter().cloned()
    }

    /// Whether the column is in the database under this name, with the values that it has in the schema.
    pub fn is_kept(&self, column: &str) -> bool {
        self.values(column) == Values::Kept(column.into())
    }

    /// Whether an expression over the rows of the schema means something else over those of the database.
    pub fn changes_meaning(&self, expression: &str) -> bool {
        let changed = |(name, values): (&EcoString, &Values)| {
            *values != Values::Kept(name.clone()) && tokens::mentions(expression, name)
        };
        self.values.iter().any(changed)
    }

    /// Whether an expression of the author that is still to be evaluated mentions the name.
    pub fn mentions(&self, name: &str) -> bool {
        self.values.values().any(|values| match values {
            Values::Converted { conversion, .. } => {
                conversion.conversion.using.as_ref().is_some_and(|using| tokens::mentions(using, name))
            }
            Values::Fresh { expression, .. } => tokens::mentions(expression, name),
            Values::Kept(_) | Values::Generated => false,
        })
    }

    /// The column got another name in the database and in the schema.
    pub fn rename_column(&mut self, from: &str, to: &EcoString) {
        let old = self.values.remove(from);
        let new = match old {
            None => return,
            Some(Values::Kept(name)) if name == from => return,
            Some(Values::Converted { from: name, conversion }) if name == from => {
                Values::Converted { from: to.clone(), conversion }
            }
            Some(other) => other,
        };
        self.values.insert(to.clone(), new);
    }

    /// A column of another table got another name in the database; foreign keys follow.
    pub fn follow_renamed_column(&mut self, table: &str, from: &str, to: &EcoString) {
        for key in self.foreign_keys_to(table) {
            key.referred_columns.iter_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
        }
    }

    /// Another table got another name in the database; foreign keys follow.
    pub fn follow_renamed_table(&mut self, from: &str, to: &EcoString) {
        for key in self.foreign_keys_to(from) {
            key.referred_table = to.clone();
        }
    }

    fn foreign_keys_to(&mut self, table: &str) -> impl Iterator<Item = &mut ForeignKey> {
        let constraints = self.source.iter_mut().flat_map(|source| &mut source.constraints);
        constraints.filter_map(move |constraint| match &mut constraint.rule {
            Rule::ForeignKey(key) if key.referred_table == table => Some(key),
            Rule::ForeignKey(_)
            | Rule::PrimaryKey { .. }
            | Rule::Unique { .. }
            | Rule::Check { .. }
            | Rule::Exclusion(_) => None,
        })
    }

    /// Whether the index is in the database.
    pub fn has_index(&self, name: &str) -> bool {
        self.source.as_ref().is_some_and(|source| source.index(name).is_some())
    }

    /// Notes that the index has gone from the database.
    pub fn forget_index(&mut self, name: &str) {
        if let Some(source) = &mut self.source {
            source.indexes.retain(|index| index.name != name);
        }
    }
}
