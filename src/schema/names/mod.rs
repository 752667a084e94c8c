//! Which objects the texts of a schema refer to: checks, generated columns, parts and filters of indexes, queries of
//! views, and triggers.
//!
//! A text is read once ([`Reading`]): its tokens are followed through queries, sources, aliases and scopes, by the rules
//! of one dialect, and each name is bound to what it names. Then it can be asked for a table or for a column, and answers
//! with the places ([`Answer::Certain`]), with none, or with a doubt: it may not know, but it is never wrong. Text that
//! the reader does not understand is in doubt about every name that stands in it.

mod columns;
mod dependants;
mod expression;
mod query;
mod rename;
mod resolve;
mod trigger;
mod types;
mod words;

use std::ops::Range;

use ecow::EcoString;

use super::tokens::{self, TokenKind};
use super::{Dialect, Schema, Table, Trigger};
pub(in crate::schema) use dependants::may_name;
pub use dependants::{Dependant, Dependence, Reference, expression_names_column};
pub(in crate::schema) use rename::{Outputs, Rename};
use words::{name_of, name_or_string, same};

/// Why a text cannot be followed to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle(pub &'static str);

/// A name in a text, and what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    /// The token of the name; that of the star for `*`.
    range: Range<usize>,
    referent: Referent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Referent {
    /// A table or view, where rows come from or go to.
    Relation(EcoString),
    /// A table or view in front of one of its columns.
    Qualifier(EcoString),
    Column(ColumnUse),
    /// Every column of a table or view: by `*`, by its row as a whole, or by position.
    AllColumns(EcoString),
    /// A type, by the name that stands there.
    Type(EcoString, TypeBinding),
}

/// What a name of a type is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TypeBinding {
    /// The enum of this name, if the schema has one.
    Enumeration,
    /// That enum, or something else.
    Doubtful(Obstacle),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ColumnUse {
    name: EcoString,
    binding: Binding,
    /// The tables and views that were looked into for the name, without one to say so in front of it.
    searched: Vec<EcoString>,
    output: Output,
}

/// What a name of a column is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Binding {
    /// A column of this table or view.
    To(EcoString),
    /// A column of one of these, or something else.
    Among(Vec<EcoString>),
    /// None of the schema's columns: an alias, a column of a query.
    Elsewhere,
    /// A string of SQLite's in double quotes.
    Text,
}

/// What a column has to do with the names of the columns that a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Output {
    /// Nothing.
    No,
    /// The column alone is an item of a query, without `AS`, and names it.
    NamesItem,
    /// The column alone is an item of a query, whose `AS` ends there.
    Named { alias: EcoString, end: usize },
    /// The column stands in an item without `AS`, whose name may depend on it.
    MayNameItem,
}

/// What a text says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It does not refer to it.
    Absent,
    /// It refers to it here, and nowhere else.
    Certain(Vec<Site>),
    /// It may refer to it.
    Doubtful(Obstacle),
}

/// One place of a text that refers to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The bytes of the name.
    pub range: Range<usize>,
    /// What the name has to do with the name of a column that a query gives.
    pub item: Item,
}

/// What a column in a query has to do with the names of the columns that the query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Nothing that would have to follow.
    None,
    /// It is an item that has its name.
    NamedByIt,
    /// It is an item with `AS` and this name, up to there.
    NamedBy { alias: EcoString, end: usize },
}

/// A name in double quotes that no column has, so that SQLite takes it for a string.
#[derive(Debug, Clone)]
pub struct DoubleQuoted<'a> {
    pub range: Range<usize>,
    /// What it says as a string.
    pub string: &'a EcoString,
    /// The tables and views that have no such column.
    pub searched: &'a [EcoString],
}

/// What one text refers to.
#[derive(Debug, Clone)]
pub struct Reading {
    dialect: Dialect,
    uses: Vec<Use>,
    /// Why the text was not understood, with all names in it, and `*` where one stands in it.
    obstacle: Option<(Obstacle, Vec<EcoString>)>,
    /// The table of an expression or trigger, which need not stand in the text.
    attached: Option<EcoString>,
}

impl Reading {
    /// Reads an expression over the rows of a table: a check, a generated column, a part or filter of an index.
    pub fn of_expression(expression: &str, table: &Table, schema: &Schema, dialect: Dialect) -> Reading {
        let attached = Some(table.name.clone());
        Reading::of(expression, attached, schema, dialect, |reader| reader.table_expression(table))
    }

    /// Reads an expression that sees no row, such as a value that is inserted.
    pub fn of_value(expression: &str, schema: &Schema, dialect: Dialect) -> Reading {
        Reading::of(expression, None, schema, dialect, resolve::Reader::rowless_expression)
    }

    /// Reads the query of a view.
    pub fn of_query(query: &str, schema: &Schema, dialect: Dialect) -> Reading {
        Reading::of(query, None, schema, dialect, resolve::Reader::whole_query)
    }

    /// Reads statements with semicolons between them: the body of a function or procedure.
    pub fn of_statements(statements: &str, schema: &Schema, dialect: Dialect) -> Reading {
        Reading::of(statements, None, schema, dialect, resolve::Reader::statements)
    }

    /// Reads a trigger.
    pub fn of_trigger(trigger: &Trigger, schema: &Schema, dialect: Dialect) -> Reading {
        let attached = Some(trigger.table.clone());
        Reading::of(&trigger.definition, attached, schema, dialect, |reader| reader.trigger(&trigger.table))
    }

    fn of<'a>(
        text: &'a str,
        attached: Option<EcoString>,
        schema: &'a Schema,
        dialect: Dialect,
        read: impl FnOnce(&mut resolve::Reader<'a>) -> Result<(), Obstacle>,
    ) -> Reading {
        let read = resolve::Reader::new(text, schema, dialect, 0).and_then(|mut reader| {
            read(&mut reader)?;
            reader.end()
        });
        match read {
            Ok(uses) => Reading { dialect, uses, obstacle: None, attached },
            Err(obstacle) => {
                let names = match obstacle {
                    words::NESTED_COMMENTS => possible_names(&text.replace("/*", " ").replace("*/", " "), dialect),
                    _ => possible_names(text, dialect),
                };
                let obstacle = Some((obstacle, names));
                Reading { dialect, uses: Vec::new(), obstacle, attached }
            }
        }
    }

    /// Where the text refers to a column of a table or view.
    pub fn column(&self, relation: &str, column: &str) -> Answer {
        if let Some((obstacle, _)) = &self.obstacle {
            let named = self.may_take_column(relation, column);
            return if named { Answer::Doubtful(*obstacle) } else { Answer::Absent };
        }
        let mut sites = Vec::new();
        for Use { range, referent } in &self.uses {
            match referent {
                Referent::AllColumns(of) if of == relation => {
                    return Answer::Doubtful(Obstacle("it takes all columns, without their names"));
                }
                Referent::Column(used) if same(&used.name, column, self.dialect) => match &used.binding {
                    Binding::To(of) if of == relation => {
                        let item = match used.output.clone() {
                            Output::NamesItem => Item::NamedByIt,
                            Output::Named { alias, end } => Item::NamedBy { alias, end },
                            Output::No | Output::MayNameItem => Item::None,
                        };
                        sites.push(Site { range: range.clone(), item });
                    }
                    Binding::Among(all) if all.iter().any(|of| of == relation) => {
                        return Answer::Doubtful(Obstacle("it does not say of which table the column is"));
                    }
                    Binding::To(_) | Binding::Among(_) | Binding::Elsewhere | Binding::Text => {}
                },
                Referent::Column(_)
                | Referent::AllColumns(_)
                | Referent::Relation(_)
                | Referent::Qualifier(_)
                | Referent::Type(..) => {}
            }
        }
        if sites.is_empty() { Answer::Absent } else { Answer::Certain(sites) }
    }

    /// Where the text refers to a table or view: as a source or target of rows, and in front of its columns.
    pub fn relation(&self, relation: &str) -> Answer {
        if let Some((obstacle, _)) = &self.obstacle {
            return if self.stands_in_it(relation) { Answer::Doubtful(*obstacle) } else { Answer::Absent };
        }
        let mut sites = Vec::new();
        for Use { range, referent } in &self.uses {
            match referent {
                Referent::Relation(of) | Referent::Qualifier(of) if of == relation => {
                    sites.push(Site { range: range.clone(), item: Item::None });
                }
                Referent::Column(ColumnUse { binding: Binding::Among(all), name, .. })
                    if all.iter().any(|of| of == relation) && same(name, relation, self.dialect) =>
                {
                    return Answer::Doubtful(Obstacle("it may stand for a column or for its table"));
                }
                Referent::Relation(_)
                | Referent::Qualifier(_)
                | Referent::Column(_)
                | Referent::AllColumns(_)
                | Referent::Type(..) => {}
            }
        }
        if sites.is_empty() { Answer::Absent } else { Answer::Certain(sites) }
    }

    /// Where the text refers to an enum, as the type of a value.
    pub fn enumeration(&self, name: &str) -> Answer {
        if let Some((obstacle, _)) = &self.obstacle {
            return if self.stands_in_it(name) { Answer::Doubtful(*obstacle) } else { Answer::Absent };
        }
        let mut sites = Vec::new();
        for Use { range, referent } in &self.uses {
            match referent {
                Referent::Type(named, binding) if same(named, name, self.dialect) => match binding {
                    TypeBinding::Enumeration => sites.push(Site { range: range.clone(), item: Item::None }),
                    TypeBinding::Doubtful(obstacle) => return Answer::Doubtful(*obstacle),
                },
                _ => {}
            }
        }
        if sites.is_empty() { Answer::Absent } else { Answer::Certain(sites) }
    }

    /// Whether the text means something else once the table or view has a column of this name.
    pub fn would_take_in(&self, relation: &str, column: &str) -> Option<Obstacle> {
        if let Some((obstacle, _)) = &self.obstacle {
            return self.may_take_column(relation, column).then_some(*obstacle);
        }
        self.uses.iter().find_map(|Use { referent, .. }| match referent {
            Referent::AllColumns(of) if of == relation => Some(Obstacle("it takes all columns, without their names")),
            Referent::Column(used)
                if same(&used.name, column, self.dialect) && used.searched.iter().any(|of| of == relation) =>
            {
                Some(Obstacle("a name in it could then be this column"))
            }
            _ => None,
        })
    }

    /// Whether the text names a column that it gives after one of these, so that the name would change with it.
    pub fn names_depend_on(&self, relation: &str, column: &str) -> bool {
        self.uses.iter().any(|Use { referent, .. }| match referent {
            Referent::Column(ColumnUse { name, binding: Binding::To(of), output: Output::MayNameItem, .. }) => {
                of == relation && same(name, column, self.dialect)
            }
            _ => false,
        })
    }

    /// The strings that SQLite reads in double quotes because no column has their name.
    pub fn double_quoted_texts(&self) -> impl Iterator<Item = DoubleQuoted<'_>> {
        self.uses.iter().filter_map(|Use { range, referent }| match referent {
            Referent::Column(ColumnUse { name, binding: Binding::Text, searched, .. }) => {
                Some(DoubleQuoted { range: range.clone(), string: name, searched })
            }
            _ => None,
        })
    }

    /// Whether text that was not understood may have to do with a column, by its name or with all others.
    fn may_take_column(&self, relation: &str, column: &str) -> bool {
        let attached = self.attached.as_deref() == Some(relation);
        let all = ["*", "natural", "table", "insert"].iter().any(|sign| self.stands_in_it(sign));
        (attached || self.stands_in_it(relation)) && (all || self.stands_in_it(column))
    }

    fn stands_in_it(&self, name: &str) -> bool {
        let mut names = self.obstacle.iter().flat_map(|(_, names)| names);
        names.any(|other| same(other, name, self.dialect))
    }
}

/// The names of the columns that a view gives, as far as its query tells them.
pub(in crate::schema) fn columns_of_view(view: &str, schema: &Schema, dialect: Dialect) -> Option<Vec<EcoString>> {
    match resolve::Reader::new("", schema, dialect, 0).ok()?.columns_of(view) {
        resolve::Columns::Known(columns) => Some(columns),
        resolve::Columns::Unknown => None,
    }
}

/// Every name that may stand in a text that was not understood, whatever the quotes around it, and its stars.
fn possible_names(text: &str, dialect: Dialect) -> Vec<EcoString> {
    let mut names = Vec::new();
    for token in tokens::tokens(text) {
        names.extend(name_or_string(&token, dialect));
        names.extend(token.is_mark("*").then(|| "*".into()));
        // What one dialect takes for a quoted name or for a comment can hold names of the other.
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Mark) {
            let inside = token.text.char_indices().nth(1).map_or("", |(start, _)| &token.text[start..]);
            names.extend(tokens::tokens(inside).filter_map(|token| name_of(&token, dialect)));
        }
    }
    names
}

#[cfg(test)]
mod tests;
