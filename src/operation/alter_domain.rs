//! Alter a domain.

use ecow::EcoString;

use super::create_domain::checks;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{DomainFacets, Editor, Nullability, Sql, Value};
use crate::source::{Located, Name, joined};

/// Changes the rules of a domain.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterDomain {
    name: Name,
    default: Option<Located<Option<Located<Value>>>>,
    nullability: Option<Located<Nullability>>,
    dropped_checks: Vec<Name>,
    added_checks: Vec<(Name, Sql)>,
}

operation! {
    /// Changes the rules of a domain. The script stops where a column has a value that breaks a new one.
    ///
    /// `op.postgres().alter_domain("percentage").drop_check("percentage_range").add_check("percentage_positive", "VALUE > 0");`
    fn alter_domain(name: Name) -> AlterDomain {
        AlterDomain { name, default: None, nullability: None, dropped_checks: Vec::new(), added_checks: Vec::new() }
    }

    /// The value of columns of this type in new rows that do not give one, unless the column has a default of its own.
    fn set_default(alter @ _, value: Located<Value>) {
        let origin = value.origin;
        alter.default = Some(Located::new(Some(value), origin));
    }

    /// The domain gives no value any more.
    fn drop_default(alter @ origin) { alter.default = Some(Located::new(None, origin)) }

    /// NULL is none of its values from now on.
    fn set_not_null(alter @ origin) { alter.nullability = Some(Located::new(Nullability::NotNull, origin)) }

    /// NULL is one of its values from now on.
    fn drop_not_null(alter @ origin) { alter.nullability = Some(Located::new(Nullability::Nullable, origin)) }

    /// A named condition over `VALUE`, which all values fulfil from now on.
    fn add_check(alter @ _, name: Name, condition: Sql) { alter.added_checks.push((name, condition)) }

    /// The condition of this name goes, before others are added.
    fn drop_check(alter @ _, name: Name) { alter.dropped_checks.push(name) }
}

impl AlterDomain {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let default = match &self.default {
            None => None,
            Some(Located { value, origin }) => {
                let value = value.as_ref().map(|value| editor.value(value)).transpose()?;
                Some(Located::new(value, *origin))
            }
        };
        let facets = DomainFacets {
            default,
            nullability: self.nullability,
            dropped_checks: self.dropped_checks.clone(),
            added_checks: checks(&self.added_checks, editor)?,
        };
        editor.alter_domain(&self.name, facets)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["alter_domain ", &self.name])
    }
}
