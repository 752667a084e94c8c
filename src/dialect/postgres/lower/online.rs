//! Changes that let others go on working, and what is committed ahead of the rest of a revision because of that.
//!
//! What is committed ahead can be run again: a script that was interrupted finds it done, and goes on. So nothing stands
//! before it but more of its kind.

use std::sync::Arc;

use super::super::clauses;
use super::super::locks::Kind;
use super::super::quote::{dollar_tag, identifier, identifiers, text, texts};
use super::super::statement::{
    AddConstraintOnce, AlterTable, ClearIndex, CreateIndex, DropIndex, IndexGuard, Statement,
};
use super::{Lowering, Result, table_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Purpose, Step};
use crate::schema::{
    Cause, Change, Constraint, Index, IndexKey, Online, Rule, Schema, Table, Transition, Uniqueness, Validity, tokens,
};

/// What is committed ahead of the rest of a revision, in order.
#[derive(Debug)]
pub enum Run {
    /// One transaction.
    Transaction(Vec<Step>),
    /// A statement that no transaction may hold, behind steps that clear its way.
    Alone { before: Vec<Step>, statement: Step },
}

/// Where a change stands that is not to let others wait.
enum Place {
    Ahead,
    /// In the transaction of the revision, and what to say of that.
    Here(Option<&'static str>),
}

impl Lowering<'_> {
    /// A step that is committed ahead, together with those before it where that is possible.
    pub(super) fn push_ahead(&mut self, step: Step) {
        match self.out.ahead.last_mut() {
            Some(Run::Transaction(steps)) => steps.push(step),
            Some(Run::Alone { .. }) | None => self.out.ahead.push(Run::Transaction(vec![step])),
        }
    }

    /// Where a change of a table stands.
    fn place(&self, table: &str, cause: &Cause) -> Result<Place> {
        match cause.online {
            Online::No => Ok(Place::Here(None)),
            _ if self.born.contains(table) => Ok(Place::Here(Some("not concurrently: nobody uses the new table yet"))),
            Online::Welcome if self.is_divided(table) => {
                Ok(Place::Here(Some("not concurrently: Postgres cannot where a table has partitions")))
            }
            Online::Demanded if self.is_divided(table) => Err(Box::new(
                Diagnostic::new(
                    Code::NotInDialect,
                    format!("`{table}` has partitions, and Postgres cannot do it concurrently for all of them"),
                )
                .at(cause.origin, "no transaction could hold it")
                .help("leave `.concurrently()` out"),
            )),
            _ if !self.rest_has_begun() => Ok(Place::Ahead),
            Online::Welcome => Ok(Place::Here(Some("not concurrently: what stands before it cannot be run twice"))),
            Online::Demanded => Err(behind_others("`.concurrently()`", cause)),
        }
    }

    /// Whether there is a change already that belongs to the last transaction and that others may rely on.
    fn rest_has_begun(&self) -> bool {
        self.out.body.iter().any(|step| match &step.purpose {
            Purpose::Change(cause) => cause.online == Online::No && !step.sql.is_empty(),
            Purpose::Guard | Purpose::History => false,
        })
    }

    pub(super) fn build_index(
        &mut self,
        position: usize,
        table: &str,
        index: &Index,
        after: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        if after.view(table).is_some() && cause.online != Online::No {
            let comment = "not concurrently: a build stops nobody but who refreshes the view";
            return self.create_index(table, index, Some(comment), cause);
        }
        if let Place::Here(comment) = self.place(table, cause)? {
            return self.create_index(table, index, comment, cause);
        }
        let statement = self.in_words(clauses::create_index(table, index, self.names), cause)?;
        self.build_ahead(table, &index.name, statement, cause);
        let dropped_ahead = |later: &Transition| match &later.change {
            Change::DropIndex { index: dropped, .. } => dropped.name == index.name && later.cause.online != Online::No,
            _ => false,
        };
        if !self.transitions[position..].iter().any(dropped_ahead) {
            self.guard_index(table, index);
        }
        Ok(())
    }

    /// A primary key or a unique constraint: with an index that is built ahead, if nobody is to wait.
    pub(super) fn add_key(&mut self, table: &Table, constraint: &Constraint, cause: &Arc<Cause>) -> Result<()> {
        let kind = match &constraint.rule {
            Rule::PrimaryKey { .. } => "PRIMARY KEY",
            Rule::Unique { .. } => "UNIQUE",
            Rule::Check { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => {
                return self.add_constraint(&table.name, constraint, None, cause);
            }
        };
        let comment = match (self.place(&table.name, cause)?, &constraint.name) {
            (Place::Ahead, Some(name)) => {
                let index = CreateIndex {
                    index: identifier(name),
                    unique: "UNIQUE ",
                    nulls: match &constraint.rule {
                        Rule::Unique { nulls, .. } => nulls.sql(),
                        _ => "",
                    },
                    online: "",
                    table: self.names.of(&table.name),
                    method: None,
                    parts: vec![identifiers(constraint.rule.columns().iter())],
                    include: None,
                    storage: None,
                    filter: None,
                };
                self.build_ahead(&table.name, name, index, cause);
                let name = identifier(name);
                let actions =
                    vec![format!("ADD CONSTRAINT {name} {kind} USING INDEX {name}{}", constraint.deferrability.sql())];
                let statement = AlterTable { table: self.names.of(&table.name), actions };
                self.push_on(&table.name, Kind::AdoptIndex, cause, statement);
                return Ok(());
            }
            (Place::Ahead, None) => Some("not concurrently: the constraint has no name that its index could have"),
            (Place::Here(comment), _) => comment,
        };
        self.add_constraint(&table.name, constraint, comment, cause)
    }

    fn build_ahead(&mut self, table: &str, name: &str, index: CreateIndex, cause: &Arc<Cause>) {
        let (full, full_table) = (self.names.of(name), self.names.of(table));
        let tag = dollar_tag(&[&full, &full_table]);
        let clear = ClearIndex { tag, index_text: text(&full), index: full, table: full_table };
        let index = CreateIndex { online: "CONCURRENTLY IF NOT EXISTS ", ..index };
        let locks = self.locks([(table, Kind::CreateIndexConcurrently)]);
        self.out.ahead.push(Run::Alone {
            before: vec![step(cause, clear).comment("drops what a failed build may have left behind")],
            statement: locks.into_iter().fold(step(cause, index), Step::comment),
        });
    }

    /// Stops unless the index is there that was to be built: under its name there may have been another one.
    fn guard_index(&mut self, table: &str, index: &Index) {
        let columns = index.parts.iter().map(|part| match &part.key {
            IndexKey::Column(name) => name.as_str(),
            IndexKey::Expression(_) => "",
        });
        let columns: Vec<&str> = columns.chain(index.include.iter().map(AsRef::as_ref)).collect();
        let problem = text(&format!(
            "offprint: index {} is not the one that this revision builds; drop it and run the script again",
            index.name
        ));
        let (table_text, index_text) = (text(&self.names.of(table)), text(&self.names.of(&index.name)));
        let columns = texts(&columns);
        let guard = IndexGuard {
            tag: dollar_tag(&[&table_text, &index_text, &columns, &problem]),
            table_text,
            index_text,
            unique: match index.uniqueness {
                Uniqueness::Unique(_) => "indisunique",
                Uniqueness::Plain => "NOT indisunique",
            },
            columns,
            problem,
        };
        let comment = format!("stops unless index {} was built", index.name);
        self.out.body.push(Step::new(Purpose::Guard, Statement::from(guard).sql()).comment(comment));
    }

    pub(super) fn drop_index(&mut self, table: &str, index: &Index, cause: &Arc<Cause>) -> Result<()> {
        let name = self.names.of(&index.name);
        match self.place(table, cause)? {
            Place::Ahead => {
                let statement = DropIndex { online: "CONCURRENTLY IF EXISTS ", index: name };
                let locks = self.locks([(table, Kind::DropIndexConcurrently)]);
                let statement = locks.into_iter().fold(step(cause, statement), Step::comment);
                self.out.ahead.push(Run::Alone { before: Vec::new(), statement });
            }
            Place::Here(comment) => {
                let comments: Vec<String> = comment.map(str::to_owned).into_iter().collect();
                let locks = self.locks([(table, Kind::DropIndex)]);
                self.push_with(cause, DropIndex { online: "", index: name }, comments.into_iter().chain(locks));
            }
        }
        Ok(())
    }

    /// A constraint of a table that has rows. One that is validated later in the revision is committed before that, since
    /// the lock that adds it would be held while all rows are read.
    pub(super) fn add_constraint_to(
        &mut self,
        index: usize,
        table: &Table,
        constraint: &Constraint,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let validated = |change: &Change| matches!(change, Change::SetValidity { table: other, name, to: Validity::Valid } if *other == table.name && Some(name) == constraint.name.as_ref());
        let later = self.transitions[index..].iter().any(|later| validated(&later.change));
        let Some(name) = constraint.name.as_ref().filter(|_| later && !self.born.contains(&table.name)) else {
            return self.add_key(table, constraint, cause);
        };
        if self.rest_has_begun() {
            return Err(behind_others("`.not_valid()` with `validate_constraint`", cause));
        }
        let clause = self.in_words(clauses::constraint(constraint, self.names), cause)?;
        let full = self.names.of(&table.name);
        let (table_text, name_text) = (text(&full), text(name));
        let tag = dollar_tag(&[&full, &name_text, &clause]);
        let statement = AddConstraintOnce { tag, table: full, table_text, name_text, clause };
        let locks = self.locks_of_constraint(&table.name, constraint);
        let comment = "committed before the rows are checked, so that nobody waits for that";
        self.push_ahead(locks.into_iter().fold(step(cause, statement).comment(comment), Step::comment));
        Ok(())
    }

    pub(super) fn set_validity(
        &mut self,
        index: usize,
        (table, name): (&str, &str),
        to: Validity,
        after: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let Some(constraint) = table_of(after, table, cause)?.constraint(name) else { return Ok(()) };
        let full = self.names.of(table);
        let dropped = |change: &Change| matches!(change, Change::DropConstraint { table: other, constraint } if other == table && constraint.name.as_deref() == Some(name));
        match to {
            Validity::Valid => {
                let actions = vec![format!("VALIDATE CONSTRAINT {}", identifier(name))];
                self.push_on(table, Kind::Validate, cause, AlterTable { table: full, actions });
            }
            Validity::NotValid if self.transitions[index..].iter().any(|later| dropped(&later.change)) => {
                self.remark(cause, format!("nothing to do: {name} goes away below"));
            }
            // Nothing but a new constraint has rows that are not known to keep it.
            Validity::NotValid => {
                self.remember(&[self.constraint_thing(table, name)], &[], cause);
                let clause = self.in_words(clauses::constraint(constraint, self.names), cause)?;
                let actions = vec![format!("DROP CONSTRAINT {}", identifier(name)), format!("ADD {clause}")];
                let mut effects = vec![(table, Kind::DropConstraint)];
                if let Rule::ForeignKey(key) = &constraint.rule {
                    effects.push((&key.referred_table, Kind::LoseReference));
                }
                let locks = self.locks(effects);
                self.push_with(cause, AlterTable { table: full, actions }, locks);
            }
        }
        Ok(())
    }
}

/// Whether a check that all rows keep says that a column is not NULL, so that the server need not look at them.
pub(super) fn is_proven_not_null(table: &Table, column: &str) -> bool {
    let says_so = |expression: &str| {
        let words: Vec<_> = tokens::tokens(expression).filter(|token| !matches!(token.text, "(" | ")")).collect();
        let [name, rest @ ..] = words.as_slice() else { return false };
        let names_it = name.name().is_some_and(|name| name == column);
        names_it && rest.len() == 3 && rest.iter().zip(["IS", "NOT", "NULL"]).all(|(token, word)| token.is_word(word))
    };
    table.constraints.iter().any(|constraint| match &constraint.rule {
        Rule::Check { expression } => constraint.validity == Validity::Valid && says_so(expression),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => false,
    })
}

fn step(cause: &Arc<Cause>, statement: impl Into<Statement>) -> Step {
    Step::new(Purpose::Change(cause.clone()), statement.into().sql())
}

fn behind_others(what: &str, cause: &Cause) -> Box<Diagnostic> {
    let message = format!("{what} is committed by itself, and what stands before it in the revision cannot run twice");
    Box::new(
        Diagnostic::new(Code::NotYet, message)
            .at(cause.origin, "would have to be committed after other changes")
            .note("a script that is interrupted must be able to run again from its start")
            .help("move the operation to the start of the revision, or into a revision of its own"),
    )
}
