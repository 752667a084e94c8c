//! Views, materialized or not.

use std::sync::Arc;

use super::super::clauses;
use super::super::locks::Kind;
use super::super::statement::RefreshMaterializedView;
use super::{Lowering, Result};
use crate::schema::{Cause, Online, Population, Schema, View};

impl Lowering<'_> {
    /// Creates a view with its indexes.
    pub(super) fn create_view(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        self.push(cause, clauses::create_view(view, self.names));
        self.index_new_view(view, cause)
    }

    /// Creates a view that was out of the way. Whether a materialized one had rows is remembered by the database, so it
    /// is empty until that is given back.
    pub(super) fn create_view_again(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        match view.materialized() {
            None => self.push(cause, clauses::create_view(view, self.names)),
            Some(_) => self.push(cause, clauses::create_materialized_view(view, Population::Empty, self.names)),
        }
        self.index_new_view(view, cause)
    }

    fn index_new_view(&mut self, view: &View, cause: &Arc<Cause>) -> Result<()> {
        if view.materialized().is_some() {
            // Nobody can use it before the end of the transaction.
            self.born.insert(view.name.clone());
        }
        view.indexes().iter().try_for_each(|index| self.create_index(&view.name, index, None, cause))
    }

    /// Drops a view with its indexes.
    pub(super) fn drop_view(&mut self, view: &View, cause: &Arc<Cause>) {
        let statement = clauses::drop_view(view, self.names);
        match view.materialized() {
            None => self.push(cause, statement),
            Some(_) => self.push_on(&view.name, Kind::DropTable, cause, statement),
        }
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
