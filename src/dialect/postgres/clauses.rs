//! Clauses that several statements share: columns, constraints, parts of indexes.

use std::borrow::Cow;

use super::author_sql;
use super::literal::literal;
use super::quote::{Names, identifier, identifiers, text};
use super::statement::{
    CreateDomain, CreateIndex, CreateMaterializedView, CreateView, DropMaterializedView, DropView, Statement,
};
use super::{sequences, types};
use crate::schema::tokens;
use crate::schema::{
    Action, Column, ColumnType, Constraint, Domain, DomainCheck, Exclusion, ExclusionElement, ForeignKey, Generation,
    Identity, Index, IndexKey, IndexPart, Nullability, NullsOrder, Order, Population, Rule, Storage, Uniqueness,
    Validity, View, ViewKind, ViewSecurity,
};

/// A clause, or in words what is wrong with the part of the schema that it is made of.
pub type Clause = Result<String, String>;

/// A column as it stands in `CREATE TABLE` and behind `ADD COLUMN`.
pub fn column(column: &Column, names: Names<'_>) -> Clause {
    let mut clause = String::with_capacity(80);
    tokens::push_quoted(&mut clause, &column.name);
    clause.push(' ');
    clause.push_str(&typed(&column.column_type, column.collation.as_deref(), names));
    if let Some(expression) = &column.generated {
        clause.push_str(" GENERATED ALWAYS AS ");
        clause.push_str(&expression_of(expression)?);
        clause.push_str(" STORED");
    }
    if let Some(numbered) = &column.identity {
        check_identity(column)?;
        clause.push_str(&identity(numbered));
    }
    if let Some(default) = default(column, names)? {
        clause.push_str(" DEFAULT ");
        clause.push_str(&default);
    }
    if column.is_not_null() {
        clause.push_str(" NOT NULL");
    }
    Ok(clause)
}

/// How a column is numbered.
pub fn identity(identity: &Identity) -> String {
    let generation = generation(identity.generation);
    match identity.counting.as_deref().map(sequences::counting) {
        Some(options) if !options.is_empty() => format!(" GENERATED {generation} AS IDENTITY ({})", options.join(" ")),
        Some(_) | None => format!(" GENERATED {generation} AS IDENTITY"),
    }
}

/// Whether rows may bring their own number.
pub fn generation(generation: Generation) -> &'static str {
    match generation {
        Generation::ByDefault => "BY DEFAULT",
        Generation::Always => "ALWAYS",
    }
}

/// A type with its collation.
pub fn typed<'t>(column_type: &'t ColumnType, collation: Option<&str>, names: Names<'_>) -> Cow<'t, str> {
    let sql = types::sql(column_type, names);
    match collation {
        Some(name) => format!("{sql} COLLATE {}", collation_name(name)).into(),
        None => sql,
    }
}

/// The default of a column as a value of its type.
pub fn default(column: &Column, names: Names<'_>) -> Result<Option<String>, String> {
    let words = |problem| format!("the default of `{}` does not fit: {problem}", column.name);
    column.default.as_ref().map(|value| literal(value, &column.column_type, names)).transpose().map_err(words)
}

/// Checks that the database can number a column.
///
/// # Errors
///
/// It is no integer.
pub fn check_identity(column: &Column) -> Result<(), String> {
    match column.column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => Ok(()),
        _ => Err(format!("`{}` is of type `{}`, and only integers can be numbered", column.name, column.column_type)),
    }
}

/// The statement that creates a domain.
///
/// # Errors
///
/// Its default is no value of the base, or a check is more than one expression.
pub fn create_domain(domain: &Domain, names: Names<'_>) -> Result<CreateDomain, String> {
    let mut rules: Vec<String> =
        domain_default(domain, names)?.map(|value| format!("DEFAULT {value}")).into_iter().collect();
    if domain.nullability == Nullability::NotNull {
        rules.push("NOT NULL".to_owned());
    }
    for check in &domain.checks {
        rules.push(domain_check(check)?);
    }
    Ok(CreateDomain { name: names.of(&domain.name), base: types::sql(&domain.base, names).into_owned(), rules })
}

fn domain_default(domain: &Domain, names: Names<'_>) -> Result<Option<String>, String> {
    let words = |problem| format!("the default of domain `{}` does not fit: {problem}", domain.name);
    domain.default.as_ref().map(|value| literal(value, &domain.base, names)).transpose().map_err(words)
}

fn domain_check(check: &DomainCheck) -> Clause {
    Ok(format!("CONSTRAINT {} CHECK {}", identifier(&check.name), expression_of(&check.expression)?))
}

/// What makes one state of a domain of another one.
#[derive(Debug, Default)]
pub struct DomainActions {
    /// What every value fulfils.
    pub loosening: Vec<String>,
    /// What the values that are there may not fulfil.
    pub tightening: Vec<String>,
}

/// What makes a domain of another one with the same base.
///
/// # Errors
///
/// Its default is no value of the base, or a check is more than one expression.
pub fn alter_domain(from: &Domain, to: &Domain, names: Names<'_>) -> Result<DomainActions, String> {
    let mut actions = DomainActions::default();
    for check in from.checks.iter().filter(|check| !to.checks.contains(check)) {
        actions.loosening.push(format!("DROP CONSTRAINT {}", identifier(&check.name)));
    }
    match domain_default(to, names)? {
        _ if from.default == to.default => {}
        Some(default) => actions.loosening.push(format!("SET DEFAULT {default}")),
        None => actions.loosening.push("DROP DEFAULT".to_owned()),
    }
    match (from.nullability, to.nullability) {
        (Nullability::NotNull, Nullability::Nullable) => actions.loosening.push("DROP NOT NULL".to_owned()),
        (Nullability::Nullable, Nullability::NotNull) => actions.tightening.push("SET NOT NULL".to_owned()),
        (Nullability::NotNull, Nullability::NotNull) | (Nullability::Nullable, Nullability::Nullable) => {}
    }
    for check in to.checks.iter().filter(|check| !from.checks.contains(check)) {
        actions.tightening.push(format!("ADD {}", domain_check(check)?));
    }
    Ok(actions)
}

/// An author's expression in parentheses.
///
/// # Errors
///
/// It is more than one expression.
pub fn expression_of(text: &str) -> Clause {
    if author_sql::is_expression(text) {
        Ok(author_sql::enclosed(text))
    } else {
        Err(format!("`{text}` is not one SQL expression"))
    }
}

/// An author's condition that stands last in a statement.
///
/// # Errors
///
/// It is more than one expression.
pub fn condition(text: &str) -> Clause {
    if author_sql::is_expression(text) {
        Ok(author_sql::clause(text))
    } else {
        Err(format!("`{text}` is not one SQL condition"))
    }
}

/// The name of a collation. Names such as `C` and `de-x-icu` need quotes, which most authors leave out.
fn collation_name(name: &str) -> String {
    if name.contains('"') { name.trim().to_owned() } else { identifier(name.trim()) }
}

/// A constraint as it stands in `CREATE TABLE` and behind `ADD`. Only `ADD` knows one that is not valid.
pub fn constraint(constraint: &Constraint, names: Names<'_>) -> Clause {
    let rule = match &constraint.rule {
        Rule::PrimaryKey { columns } => ["PRIMARY KEY (", &identifiers(columns), ")"].concat(),
        Rule::Unique { columns, nulls } => ["UNIQUE", nulls.sql(), " (", &identifiers(columns), ")"].concat(),
        Rule::Check { expression } => format!("CHECK {}", expression_of(expression)?),
        Rule::ForeignKey(key) => foreign_key(key, names),
        Rule::Exclusion(exclusion) => exclude(exclusion)?,
    };
    let timing = constraint.deferrability.sql();
    let validity = match constraint.validity {
        Validity::Valid => "",
        Validity::NotValid => " NOT VALID",
    };
    Ok(match &constraint.name {
        Some(name) => ["CONSTRAINT ", &identifier(name), " ", &rule, timing, validity].concat(),
        None => [&rule, timing, validity].concat(),
    })
}

fn foreign_key(key: &ForeignKey, names: Names<'_>) -> String {
    let own = identifiers(&key.columns);
    let referred = names.of(&key.referred_table);
    let mut clause = format!("FOREIGN KEY ({own}) REFERENCES {referred} ({})", identifiers(&key.referred_columns));
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            clause.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    clause
}

fn exclude(exclusion: &Exclusion) -> Clause {
    let element = |element: &ExclusionElement| {
        index_part(&element.part).map(|part| [&part, " WITH ", element.operator.as_str()].concat())
    };
    let elements: Vec<String> = exclusion.elements.iter().map(element).collect::<Result<_, _>>()?;
    let mut clause = "EXCLUDE ".to_owned();
    if let Some(method) = &exclusion.method {
        clause.push_str(&format!("USING {} ", method.trim()));
    }
    clause.push_str(&format!("({})", elements.join(", ")));
    if let Some(filter) = &exclusion.filter {
        clause.push_str(&format!(" WHERE {}", expression_of(filter)?));
    }
    Ok(clause)
}

/// The statement that creates an index of a table or materialized view.
///
/// # Errors
///
/// An expression in it is more than one.
pub fn create_index(table: &str, index: &Index, names: Names<'_>) -> Result<CreateIndex, String> {
    Ok(CreateIndex {
        index: identifier(&index.name),
        unique: match index.uniqueness {
            Uniqueness::Unique(_) => "UNIQUE ",
            Uniqueness::Plain => "",
        },
        nulls: match index.uniqueness {
            Uniqueness::Unique(nulls) => nulls.sql(),
            Uniqueness::Plain => "",
        },
        online: "",
        table: names.of(table),
        method: index.method.as_ref().map(|method| method.trim().to_owned()),
        parts: index.parts.iter().map(index_part).collect::<Result<_, _>>()?,
        include: (!index.include.is_empty()).then(|| identifiers(&index.include)),
        storage: storage(&index.storage),
        filter: index.filter.as_ref().map(|text| condition(text)).transpose()?,
    })
}

/// The storage parameters that have a value, if there are any.
pub fn storage(storage: &Storage) -> Option<String> {
    let parameters: Vec<String> = storage.iter().map(|(name, value)| storage_parameter(name, value)).collect();
    (!parameters.is_empty()).then(|| parameters.join(", "))
}

/// A storage parameter with its value. Words stand in quotes, since some are keywords.
pub fn storage_parameter(name: &str, value: &str) -> String {
    match value.starts_with(|first: char| first.is_ascii_digit() || first == '-') || matches!(value, "true" | "false") {
        true => format!("{name} = {value}"),
        false => format!("{name} = {}", text(value)),
    }
}

/// A part of an index or of a partition key.
///
/// # Errors
///
/// Its expression is more than one.
pub fn index_part(part: &IndexPart) -> Clause {
    let mut clause = match &part.key {
        IndexKey::Column(name) => identifier(name),
        IndexKey::Expression(text) => expression_of(text)?,
    };
    if let Some(collation) = &part.collation {
        clause.push_str(" COLLATE ");
        clause.push_str(&collation_name(collation));
    }
    if let Some(class) = &part.operator_class {
        clause.push(' ');
        clause.push_str(class.trim());
    }
    match part.order {
        Order::Ascending => {}
        Order::Descending => clause.push_str(" DESC"),
    }
    match part.nulls {
        None => {}
        Some(NullsOrder::First) => clause.push_str(" NULLS FIRST"),
        Some(NullsOrder::Last) => clause.push_str(" NULLS LAST"),
    }
    Ok(clause)
}

/// The statement that creates a view. The indexes of a materialized one are statements of their own.
pub fn create_view(view: &View, names: Names<'_>) -> Statement {
    match &view.kind {
        ViewKind::Plain { security } => plain_view("CREATE", view, *security, names).into(),
        ViewKind::Materialized(materialized) => create_materialized_view(view, materialized.population, names).into(),
    }
}

/// The statement that creates a view that is not materialized. The verb may be `CREATE OR REPLACE`.
pub fn plain_view(verb: &'static str, view: &View, security: ViewSecurity, names: Names<'_>) -> CreateView {
    let options = match security {
        ViewSecurity::Owner => None,
        ViewSecurity::Invoker => Some("security_invoker = true"),
    };
    CreateView { verb, view: names.of(&view.name), options, query: author_sql::clause(&view.query) }
}

/// The statement that creates a materialized view, filled or not.
pub fn create_materialized_view(view: &View, population: Population, names: Names<'_>) -> CreateMaterializedView {
    CreateMaterializedView {
        view: names.of(&view.name),
        query: author_sql::clause(&view.query),
        filling: filling(population),
    }
}

/// The clause that leaves a materialized view empty; none where it is filled.
pub fn filling(population: Population) -> Option<&'static str> {
    match population {
        Population::Filled => None,
        Population::Empty => Some("WITH NO DATA"),
    }
}

/// The statement that drops a view.
pub fn drop_view(view: &View, names: Names<'_>) -> Statement {
    let name = names.of(&view.name);
    match view.kind {
        ViewKind::Plain { .. } => DropView { view: name }.into(),
        ViewKind::Materialized(_) => DropMaterializedView { view: name }.into(),
    }
}
