//! Views, materialized or not.

use std::sync::Arc;

use super::super::clauses;
use super::super::locks::Kind;
use super::super::statement::{AlterView, RefreshMaterializedView};
use super::dependants::Search;
use super::{Lowering, Result};
use crate::schema::{Cause, Dialect, Online, Population, Schema, Transition, View, ViewKind, ViewSecurity};

impl Lowering<'_> {
    /// Creates a view with its indexes.
    pub(super) fn create_view(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        self.push(cause, clauses::create_view(view, self.names));
        self.index_new_view(view, cause)
    }

    /// Creates a view that was out of the way. Whether a materialized one had rows is remembered by the database, so it
    /// is empty until that is given back.
    pub(super) fn create_view_again(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        self.remade.push(self.names.of(&view.name));
        match view.materialized() {
            None => self.push(cause, clauses::create_view(view, self.names)),
            Some(_) => self.push(cause, clauses::create_materialized_view(view, Population::Empty, self.names)),
        }
        self.index_new_view(view, cause)
    }

    fn index_new_view(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        // Nobody can use it before the end of the transaction.
        self.born.insert(view.name.clone());
        view.indexes().iter().try_for_each(|index| self.create_index(&view.name, index, None, cause))
    }

    /// Drops a view with its indexes.
    pub(super) fn drop_view(&mut self, view: &View, cause: &Arc<Cause>) {
        self.push_on(&view.name, Kind::ChangeView, cause, clauses::drop_view(view, self.names));
    }

    /// Puts a view in the place of another one.
    ///
    /// Postgres lets it keep its place while it gives the same columns, and others only behind them. Else it is dropped
    /// and created, and what reads it makes way.
    ///
    /// # Errors
    ///
    /// Something that reads it could not be made again as it was.
    pub(super) fn replace_view(&mut self, from: &View, to: &View, transition: &Transition) -> Result<()> {
        let Transition { before, cause, .. } = transition;
        let in_place = match &to.kind {
            ViewKind::Plain { security } if before.extends(&to.query, &from.query, Dialect::Postgres) => {
                Some(*security)
            }
            ViewKind::Plain { .. } | ViewKind::Materialized(_) => None,
        };
        if in_place.is_none() {
            let mut search = Search::new(before, cause);
            search.readers(from)?;
            self.set_aside(search.found, Vec::new(), before, cause)?;
        }
        if let (
            ViewKind::Plain { security: ViewSecurity::Invoker },
            ViewKind::Plain { security: ViewSecurity::Owner },
        ) = (&from.kind, &to.kind)
        {
            let statement = AlterView { view: self.names.of(&to.name), action: "RESET (security_invoker)" };
            self.push_on(&to.name, Kind::ChangeView, cause, statement);
        }
        let columns = |view: &View| before.columns_of_query(&view.query, Dialect::Postgres).unwrap_or_default();
        let kept = columns(to);
        let lost = columns(from).into_iter().filter(|column| !kept.contains(column)).collect();
        self.remember_replaced(&to.name, lost, cause);
        match in_place {
            Some(security) => {
                let statement = clauses::plain_view("CREATE OR REPLACE", to, security, self.names);
                self.push_on(&to.name, Kind::ChangeView, cause, statement);
            }
            None => {
                self.drop_view(from, cause);
                self.create_view_again(to, cause)?;
            }
        }
        if self.aside.is_empty() {
            self.give_back();
        }
        Ok(())
    }

    /// Fills a materialized view, or empties it.
    pub(super) fn refresh_view(
        &mut self,
        view: &str,
        from: Population,
        to: Population,
        before: &Schema,
        cause: &Arc<Cause>,
    ) {
        let apart =
            before.view(view).is_some_and(|view| view.indexes().iter().any(|index| index.tells_all_rows_apart()));
        let filled = from == Population::Filled && to == Population::Filled;
        let (online, kind) = match cause.online {
            Online::Demanded | Online::Welcome if apart && filled && !self.born.contains(view) => {
                ("CONCURRENTLY ", Kind::RefreshConcurrently)
            }
            Online::No | Online::Demanded | Online::Welcome => ("", Kind::Refresh),
        };
        let statement = RefreshMaterializedView { online, view: self.names.of(view), filling: clauses::filling(to) };
        self.push_on(view, kind, cause, statement);
    }
}
