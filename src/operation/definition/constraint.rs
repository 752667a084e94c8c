//! A constraint as an author defines it.

use ecow::EcoString;

use super::IndexColumn;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::naming::{self, NamingConvention, Subject};
use crate::schema::{
    Action, Constraint, Deferrability, Editor, Exclusion, ExclusionElement, ForeignKey, IndexedRows, Rule, Sql, Table,
    UniqueNulls, Validity,
};
use crate::source::{Located, Name, Origin};

/// A constraint, with its name if the author gave one.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstraintDefinition {
    pub name: ConstraintName,
    pub rule: RuleDefinition,
    pub validity: Validity,
    pub deferrability: Deferrability,
    pub origin: crate::operation::EqualOrigin,
}

/// How a constraint is named.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstraintName {
    ByConvention,
    Given(Name),
    /// The constraint of an adopted database that has no name.
    Unnamed,
}

/// What a constraint demands, in the author's words.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleDefinition {
    PrimaryKey(Vec<Name>),
    Unique {
        columns: Vec<Name>,
        nulls: UniqueNulls,
    },
    Check {
        label: Name,
        expression: Sql,
    },
    /// Boxed, since the other rules are much smaller.
    ForeignKey(Box<ForeignKeyDefinition>),
    Exclusion(Box<ExclusionDefinition>),
}

/// A foreign key, in the author's words.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKeyDefinition {
    columns: Vec<Name>,
    referred_table: Name,
    referred_columns: Vec<Name>,
    on_delete: Option<Located<Action>>,
    on_update: Option<Located<Action>>,
}

/// An exclusion constraint, in the author's words.
#[derive(Debug, Clone, PartialEq)]
pub struct ExclusionDefinition {
    elements: Vec<(IndexColumn, Name)>,
    method: Option<Sql>,
    filter: Option<Sql>,
}

impl RuleDefinition {
    /// A foreign key without actions.
    pub fn foreign_key(columns: Vec<Name>, referred_table: Name, referred_columns: Vec<Name>) -> Self {
        RuleDefinition::ForeignKey(Box::new(ForeignKeyDefinition {
            columns,
            referred_table,
            referred_columns,
            on_delete: None,
            on_update: None,
        }))
    }

    /// Sets what deleting a row does; means nothing for other rules.
    pub fn on_delete(&mut self, action: Located<Action>) {
        if let RuleDefinition::ForeignKey(key) = self {
            key.on_delete = Some(action);
        }
    }

    /// Sets what changing a key does; means nothing for other rules.
    pub fn on_update(&mut self, action: Located<Action>) {
        if let RuleDefinition::ForeignKey(key) = self {
            key.on_update = Some(action);
        }
    }

    /// A unique constraint that tells rows with NULL apart.
    pub fn unique(columns: Vec<Name>) -> Self {
        RuleDefinition::Unique { columns, nulls: UniqueNulls::Distinct }
    }

    /// Takes NULL in a unique constraint for a value like others; means nothing for other rules.
    pub fn nulls_not_distinct(&mut self) {
        if let RuleDefinition::Unique { nulls, .. } = self {
            *nulls = UniqueNulls::NotDistinct;
        }
    }

    /// An exclusion constraint of all rows.
    pub fn exclusion(elements: Vec<(IndexColumn, Name)>) -> Self {
        RuleDefinition::Exclusion(Box::new(ExclusionDefinition { elements, method: None, filter: None }))
    }

    /// Sets the access method of an exclusion constraint; means nothing for other rules.
    pub fn method(&mut self, name: Sql) {
        if let RuleDefinition::Exclusion(exclusion) = self {
            exclusion.method = Some(name);
        }
    }

    /// Sets which rows an exclusion constraint is about; means nothing for other rules.
    pub fn filter(&mut self, condition: Sql) {
        if let RuleDefinition::Exclusion(exclusion) = self {
            exclusion.filter = Some(condition);
        }
    }
}

impl ExclusionDefinition {
    fn resolve(&self, table: &Table, origin: Origin, editor: &Editor<'_>) -> Result<Exclusion> {
        if self.elements.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, "an exclusion constraint compares nothing")
                    .at(origin, "needs a column and an operator")
                    .help("name them: `[(\"during\", \"&&\")]`"),
            ));
        }
        let rows = IndexedRows::OfTable(table);
        let element = |(part, operator): &(IndexColumn, Name)| {
            check_operator(operator)?;
            Ok(ExclusionElement { part: part.resolve(&rows, editor)?, operator: operator.value.clone() })
        };
        let text = |sql: &Option<Sql>| sql.as_ref().map(|sql| editor.expression(sql)).transpose();
        Ok(Exclusion {
            elements: self.elements.iter().map(element).collect::<Result<_>>()?,
            method: text(&self.method)?.map(|text| text.value),
            filter: text(&self.filter)?.map(|text| text.value),
        })
    }
}

/// An operator is written of its own characters, alone or as `OPERATOR(schema.&&)`.
fn check_operator(operator: &Name) -> Result<()> {
    let is_bare = |text: &str| {
        let comments = text.contains("--") || text.contains("/*");
        !text.is_empty() && !comments && text.chars().all(|character| "+-*/<>=~!@#%^&|`?".contains(character))
    };
    let is_in_schema = |text: &str| {
        let inside = text.strip_prefix("OPERATOR(").and_then(|text| text.strip_suffix(')'));
        inside.and_then(|inside| inside.rsplit_once('.')).is_some_and(|(schema, operator)| {
            let name = |character: char| character.is_alphanumeric() || character == '_';
            is_bare(operator) && !schema.is_empty() && schema.chars().all(name)
        })
    };
    if is_bare(operator) || is_in_schema(operator) {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::new(Code::InvalidValue, format!("`{operator}` is not an operator"))
            .at(operator.origin, "compares two rows")
            .help("write one such as `=` or `&&`, or with its schema: `OPERATOR(public.&&)`"),
    ))
}

impl ConstraintDefinition {
    pub fn new(rule: RuleDefinition, origin: Origin) -> Self {
        ConstraintDefinition {
            name: ConstraintName::ByConvention,
            rule,
            validity: Validity::Valid,
            deferrability: Deferrability::NotDeferrable,
            origin: crate::operation::EqualOrigin(origin),
        }
    }

    /// The constraint on a table that may still be in the making.
    ///
    /// # Errors
    ///
    /// It names a column or table that does not exist, or a column twice, or refers to columns that are not unique.
    pub(crate) fn resolve(&self, table: &Table, editor: &Editor<'_>) -> Result<Located<Constraint>> {
        let origin = self.origin.0;
        let rule = match &self.rule {
            RuleDefinition::PrimaryKey(columns) => Rule::PrimaryKey { columns: names(columns, table, origin, editor)? },
            RuleDefinition::Unique { columns, nulls } => {
                Rule::Unique { columns: names(columns, table, origin, editor)?, nulls: *nulls }
            }
            RuleDefinition::Check { label, expression } => {
                editor.check_name(label)?;
                Rule::Check { expression: editor.row_expression(expression, table)?.value }
            }
            RuleDefinition::ForeignKey(key) => {
                let ForeignKeyDefinition { columns, referred_table, referred_columns, on_delete, on_update } = &**key;
                let own = names(columns, table, origin, editor)?;
                let shared =
                    if referred_table.value == table.name { None } else { Some(editor.table(referred_table)?) };
                let referred = shared.as_deref().unwrap_or(table);
                let referred_names = names(referred_columns, referred, origin, editor)?;
                check_reference(&own, referred, &referred_names, origin)?;
                Rule::ForeignKey(ForeignKey {
                    columns: own,
                    referred_table: referred.name.clone(),
                    referred_columns: referred_names,
                    on_delete: on_delete.as_ref().map_or(Action::NoAction, |action| action.value),
                    on_update: on_update.as_ref().map_or(Action::NoAction, |action| action.value),
                })
            }
            RuleDefinition::Exclusion(exclusion) => {
                Rule::Exclusion(Box::new(exclusion.resolve(table, origin, editor)?))
            }
        };
        let (name, origin) = match &self.name {
            ConstraintName::ByConvention => (Some(self.conventional_name(table, &rule, editor)), origin),
            ConstraintName::Given(name) => (Some(name.value.clone()), name.origin),
            ConstraintName::Unnamed => (editor.engine_name(table, &rule), origin),
        };
        Ok(Located::new(Constraint { name, rule, validity: self.validity, deferrability: self.deferrability }, origin))
    }

    fn conventional_name(&self, table: &Table, rule: &Rule, editor: &Editor<'_>) -> EcoString {
        let convention = match editor.naming() {
            NamingConvention::Patterns(patterns) => patterns,
            NamingConvention::Postgres => {
                let label = match &self.rule {
                    RuleDefinition::Check { label, .. } => Some(label.as_str()),
                    RuleDefinition::PrimaryKey(_)
                    | RuleDefinition::Unique { .. }
                    | RuleDefinition::ForeignKey(_)
                    | RuleDefinition::Exclusion(_) => None,
                };
                return editor.postgres_name(table, rule, label);
            }
        };
        let columns = match rule {
            Rule::Exclusion(exclusion) => exclusion.subjects().into(),
            _ => rule.columns(),
        };
        let mut subject = Subject { table: &table.name, columns: &columns, ..Subject::default() };
        let pattern = match rule {
            Rule::PrimaryKey { .. } => &convention.primary_key,
            Rule::Unique { .. } => &convention.unique,
            Rule::Check { .. } => {
                if let RuleDefinition::Check { label, .. } = &self.rule {
                    subject.constraint = label;
                }
                &convention.check
            }
            Rule::ForeignKey(key) => {
                subject.referred_table = &key.referred_table;
                subject.referred_columns = &key.referred_columns;
                &convention.foreign_key
            }
            Rule::Exclusion(_) => &convention.exclusion,
        };
        naming::fill(pattern, subject)
    }
}

/// The names of existing columns, each once.
pub(crate) fn names(columns: &[Name], table: &Table, origin: Origin, editor: &Editor<'_>) -> Result<Vec<EcoString>> {
    if columns.is_empty() {
        let message = "no column is named";
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, message).at(origin, "needs a column").help("name one: `[\"id\"]`"),
        ));
    }
    let mut found: Vec<EcoString> = Vec::with_capacity(columns.len());
    for name in columns {
        let column = editor.column(table, name)?;
        if found.contains(&column.name) {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("column `{name}` stands twice"))
                    .at(name.origin, "stands before already")
                    .help("name it once"),
            ));
        }
        found.push(column.name.clone());
    }
    Ok(found)
}

/// A reference needs as many columns as it refers to, and these must be a primary key or unique.
fn check_reference(own: &[EcoString], referred: &Table, columns: &[EcoString], origin: Origin) -> Result<()> {
    if own.len() != columns.len() {
        let message = format!("{} columns refer to {}", own.len(), columns.len());
        return Err(Box::new(
            Diagnostic::new(Code::InvalidValue, message)
                .at(origin, "as many columns are needed on both sides")
                .help("name the columns pairwise: `.foreign_key([\"job_id\"], \"job\", [\"id\"])`"),
        ));
    }
    let same = |key: &[EcoString]| key.len() == columns.len() && key.iter().all(|name| columns.contains(name));
    let keys = referred.constraints.iter().filter(|constraint| constraint.rule.key().is_some_and(same));
    let (keys, deferrable): (Vec<_>, Vec<_>) = keys.partition(|key| key.deferrability == Deferrability::NotDeferrable);
    let unique_index = referred.indexes.iter().any(|index| {
        let key: Vec<EcoString> = index.columns().cloned().collect();
        let plain = index.is_unique() && index.filter.is_none();
        plain && index.include.is_empty() && index.parts.len() == key.len() && same(&key)
    });
    if !keys.is_empty() || unique_index {
        return Ok(());
    }
    if let Some(key) = deferrable.first() {
        return Err(Box::new(
            Diagnostic::new(Code::InvalidValue, format!("the {key} of table `{}` is deferrable", referred.name))
                .at(origin, "a foreign key cannot refer to a deferrable key")
                .help("make the key again without `.deferrable()`, or add another one"),
        ));
    }
    let columns = columns.join("`, `");
    Err(Box::new(
        Diagnostic::new(Code::InvalidValue, format!("`{columns}` of table `{}` is not unique", referred.name))
            .at(origin, "a foreign key must refer to a primary key or to unique columns")
            .help(format!("add a primary key or unique constraint to `{}` first", referred.name)),
    ))
}
