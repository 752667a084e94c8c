//! The words for raw SQL.

use crate::language::vocabulary::{functions, methods};
use crate::schema::{Dialect, Sql};
use crate::source::Name;

functions! {
    /// SQL for every dialect; `.postgres("…")` and `.sqlite("…")` override it for one.
    fn sql(text: Name) -> Sql { Sql::of(text) }

    /// SQL for Postgres alone.
    fn postgres(text: Name) -> Sql { Sql::only(Dialect::Postgres, text) }

    /// SQL for SQLite alone.
    fn sqlite(text: Name) -> Sql { Sql::only(Dialect::Sqlite, text) }
}

methods! { Sql as Sql:
    /// The SQL for Postgres, in place of the one for every dialect.
    fn postgres(this, text: Name) -> Sql { this.with(Dialect::Postgres, text) }

    /// The SQL for SQLite, in place of the one for every dialect.
    fn sqlite(this, text: Name) -> Sql { this.with(Dialect::Sqlite, text) }
}
