//! The names that `let` and `for` give, and what has become of their values.

use crate::source::Span;

use super::value::Evaluated;

/// The variables that can be named, the innermost last.
#[derive(Debug, Default)]
pub struct Scope<'source> {
    variables: Vec<Variable<'source>>,
}

#[derive(Debug)]
pub struct Variable<'source> {
    pub name: &'source str,
    pub state: State,
    /// In how many loops the variable was made.
    pub loops: usize,
    pub borrow: Borrow,
}

/// What has become of a value.
#[derive(Debug)]
pub enum State {
    Present(Box<Evaluated>),
    /// Used up by the use at this place.
    Moved(Span),
    /// The value had a mistake, which has been reported.
    Wrong,
}

/// Until when a reference to the value may exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borrow {
    None,
    /// To the end of the statement with this number.
    Statement(u32),
    /// As long as the variable itself: a `let` or `for` keeps the reference.
    Forever,
}

impl<'source> Scope<'source> {
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    pub fn truncate(&mut self, length: usize) {
        self.variables.truncate(length);
    }

    pub fn bind(&mut self, name: &'source str, value: Option<Evaluated>, loops: usize) {
        let state = value.map_or(State::Wrong, |value| State::Present(Box::new(value)));
        self.variables.push(Variable { name, state, loops, borrow: Borrow::None });
    }

    pub fn find(&mut self, name: &str) -> Option<&mut Variable<'source>> {
        self.variables.iter_mut().rev().find(|variable| variable.name == name)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'source str> {
        self.variables.iter().map(|variable| variable.name)
    }

    /// Makes the borrows of a statement last, because what it binds may hold the references.
    pub fn keep_borrows(&mut self, statement: u32) {
        for variable in &mut self.variables {
            if variable.borrow == Borrow::Statement(statement) {
                variable.borrow = Borrow::Forever;
            }
        }
    }
}
