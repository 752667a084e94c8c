//! Create a domain.

use ecow::EcoString;

use super::definition::Type;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Domain, Editor, Nullability, Sql, Value};
use crate::source::{Located, Name, joined};

/// Creates a domain.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateDomain {
    name: Name,
    base: Type,
    default: Option<Located<Value>>,
    nullability: Nullability,
    checks: Vec<(Name, Sql)>,
}

operation! {
    /// Creates a domain: a type whose values are those of another one that fulfil some rules. Postgres only: SQLite has none.
    ///
    /// `op.postgres().create_domain("percentage", integer()).check("percentage_range", "VALUE BETWEEN 0 AND 100");`
    fn create_domain(name: Name, base: Type) -> CreateDomain {
        CreateDomain { name, base, default: None, nullability: Nullability::Nullable, checks: Vec::new() }
    }

    /// The value of columns of this type in rows that do not give one, unless the column has a default of its own.
    fn default(domain @ _, value: Located<Value>) { domain.default = Some(value) }

    /// NULL is none of its values.
    fn not_null(domain @ _) { domain.nullability = Nullability::NotNull }

    /// A named condition over `VALUE`, which all values fulfil.
    fn check(domain @ _, name: Name, condition: Sql) { domain.checks.push((name, condition)) }
}

impl CreateDomain {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let domain = Domain {
            name: self.name.value.clone(),
            base: self.base.resolve(editor)?,
            default: self.default.as_ref().map(|value| editor.value(value)).transpose()?,
            nullability: self.nullability,
            checks: Vec::new(),
        };
        let checks = checks(&self.checks, editor)?;
        editor.create_domain(domain, &self.name, &checks)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_domain ", &self.name])
    }
}

/// Named conditions in the words of the dialect.
pub(super) fn checks(checks: &[(Name, Sql)], editor: &Editor<'_>) -> Result<Vec<(Name, EcoString)>> {
    checks.iter().map(|(name, condition)| Ok((name.clone(), editor.expression(condition)?.value))).collect()
}
