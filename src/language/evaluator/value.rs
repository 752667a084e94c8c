//! Values while they are evaluated: their types, as far as Rust's rules need them, and their size.

use crate::source::{Located, Origin};

use super::super::vocabulary::Object;

/// The most values that a tuple may have: Rust copies and compares tuples up to this length.
pub const LONGEST_TUPLE: usize = super::super::vocabulary::LONGEST_ROW;

/// A value, and what it takes to copy it.
#[derive(Debug, Clone)]
pub struct Evaluated {
    pub object: Object,
    pub origin: Origin,
    /// How deep values are nested in it, at most.
    pub depth: usize,
}

impl Evaluated {
    pub fn plain(object: Object, origin: Origin) -> Self {
        Evaluated { object, origin, depth: 1 }
    }

    /// A reference to the value.
    pub fn referenced(self) -> Self {
        Evaluated { object: Object::Reference(Box::new(self.object)), origin: self.origin, depth: self.depth + 1 }
    }

    pub fn located(self) -> Located<Object> {
        Located::new(self.object, self.origin)
    }
}

/// How many values a value is made of: what it costs to copy it.
pub fn size(object: &Object) -> usize {
    match object {
        Object::List(parts) | Object::Slice(parts) | Object::Tuple(parts) => {
            1 + parts.iter().map(|part| size(part)).sum::<usize>()
        }
        Object::Reference(inner) => 1 + size(inner),
        _ => 1,
    }
}

/// Whether Rust copies a value when it is used.
pub fn is_copied(object: &Object) -> bool {
    match object {
        Object::Str(_) | Object::Integer(_) | Object::Float(_) | Object::Boolean(_) | Object::Reference(_) => true,
        Object::Action(action) => action_is_copied(action),
        Object::List(elements) | Object::Slice(elements) => elements.first().is_none_or(|first| is_copied(first)),
        Object::Tuple(parts) => parts.iter().all(|part| is_copied(part)),
        Object::String(_)
        | Object::Type(_)
        | Object::Column(_)
        | Object::Value(_)
        | Object::Sql(_)
        | Object::IndexColumn(_) => false,
    }
}

/// True, and does not compile any more when it is not.
fn action_is_copied(_: &(impl Copy + Into<Object>)) -> bool {
    true
}

/// Whether two values are of the same type in Rust. No list in them is empty.
pub fn same_type(one: &Object, other: &Object) -> bool {
    let first = |one: &[Located<Object>], other: &[Located<Object>]| match (one.first(), other.first()) {
        (Some(one), Some(other)) => same_type(one, other),
        _ => false,
    };
    match (one, other) {
        (Object::List(one), Object::List(other)) => one.len() == other.len() && first(one, other),
        (Object::Slice(one), Object::Slice(other)) => first(one, other),
        (Object::Tuple(one), Object::Tuple(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_type(one, other))
        }
        (Object::Reference(one), Object::Reference(other)) => same_type(one, other),
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Whether a reference is in the value.
pub fn has_reference(object: &Object) -> bool {
    match object {
        Object::Reference(_) => true,
        Object::List(parts) | Object::Slice(parts) | Object::Tuple(parts) => {
            parts.iter().any(|part| has_reference(part))
        }
        _ => false,
    }
}

/// The type of a value as an author would write it, for messages.
pub fn type_name(object: &Object) -> String {
    match object {
        Object::Str(_) => "&str".to_owned(),
        Object::String(_) => "String".to_owned(),
        Object::Integer(_) => "i64".to_owned(),
        Object::Float(_) => "f64".to_owned(),
        Object::Boolean(_) => "bool".to_owned(),
        Object::List(elements) => match elements.first() {
            Some(first) => format!("[{}; {}]", type_name(first), elements.len()),
            None => "[_; 0]".to_owned(),
        },
        Object::Slice(elements) => match elements.first() {
            Some(first) => format!("[{}]", type_name(first)),
            None => "[_]".to_owned(),
        },
        Object::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| type_name(part)).collect();
            format!("({})", parts.join(", "))
        }
        Object::Reference(inner) => format!("&{}", type_name(inner)),
        Object::Type(_) => "column type".to_owned(),
        Object::Column(_) => "column definition".to_owned(),
        Object::Value(_) => "SQL value".to_owned(),
        Object::Sql(_) => "SQL".to_owned(),
        Object::IndexColumn(_) => "part of an index".to_owned(),
        Object::Action(_) => "foreign key action".to_owned(),
    }
}
