//! Columns that the database computes: other expressions, and ordinary columns that become computed ones.

use super::super::clauses;
use super::super::locks::Kind;
use super::super::quote::identifier;
use super::columns::{Actions, Alteration};
use super::dependants::{Effect, Search};
use super::guards::Misfit;
use super::{Lowering, Result};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Facet;

impl Lowering<'_> {
    /// The new expression, where the column gets one.
    pub(super) fn becomes_generated<'a>(&self, alteration: &Alteration<'a>) -> Option<&'a str> {
        alteration.facets.iter().find_map(|facet| match facet {
            Facet::Generated { to, .. } => to.as_deref(),
            _ => None,
        })
    }

    /// Gives a column a new expression: as it is where the server can, else by making the column anew in its place,
    /// which is the last one. The values of an ordinary column must be what the expression gives.
    pub(super) fn set_generated(
        &mut self,
        alteration: &Alteration<'_>,
        expression: &str,
        actions: &mut Actions,
    ) -> Result<()> {
        let Alteration { table, before, after, schema, cause, facets } = alteration;
        let computed = self.in_words(clauses::expression_of(expression), cause)?;
        let alone = facets.iter().all(|facet| matches!(facet, Facet::Generated { .. } | Facet::Comment { .. }));
        if before.generated.is_some() && alone && self.version >= 17 {
            actions.on(before, format!("SET EXPRESSION AS {computed}"));
            actions.does(Kind::Compute);
            return Ok(());
        }
        self.require_version(12, "a generated column", cause)?;
        if table.columns.last().is_none_or(|last| last.name != before.name) {
            let message =
                format!("`{}.{}` would have to be made anew, behind the other columns", table.name, before.name);
            return Err(Box::new(
                Diagnostic::new(Code::NotYet, message)
                    .at(cause.origin, "needs Postgres 17, or a column that stands last")
                    .help("drop the column and add it again with `.generated(\"…\")`"),
            ));
        }
        let mut search = Search::new(schema, cause);
        search.column(table, &before.name, Effect::MadeAnew)?;
        actions.in_the_way.append(&mut search.found);
        let name = identifier(&before.name);
        if before.generated.is_none() {
            let condition = format!("{name} IS DISTINCT FROM {computed}");
            let problem = format!("{}.{} has values that its expression does not give", table.name, before.name);
            self.guard_rows(&table.name, Misfit { value: name.clone(), condition, problem });
        }
        let clause = self.in_words(clauses::column(after, self.names), cause)?;
        actions.actions.push(format!("DROP COLUMN {name}"));
        actions.actions.push(format!("ADD COLUMN {clause}"));
        actions.does(Kind::Compute);
        Ok(())
    }
}
