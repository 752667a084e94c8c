//! The words that a revision may use, each declared once.
//!
//! A declaration (see the macros at the end) writes a body once and makes of it the Rust method that a compiled
//! revision calls and the [`Word`] that the evaluator calls. What an argument may be is declared once as well, by
//! `accepts!`: the compiled conversion ([`Arg`]) and the interpreted one ([`Parameter`]) come from the same list.

use std::fmt;

use ecow::EcoString;

use crate::operation::{Action, ColumnDefinition, IndexColumn, Op, Operation, Type};
use crate::schema::{Sql, Value};
use crate::source::{Located, Name, Origin};

/// A value while a revision is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// A `&'static str`, which Rust copies.
    Str(EcoString),
    /// A `String`, which Rust moves.
    String(EcoString),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// An array: elements of one type.
    List(Vec<Located<Object>>),
    /// What a `&[T]` refers to: elements of one type. It stands behind a reference only.
    Slice(Vec<Located<Object>>),
    Tuple(Vec<Located<Object>>),
    Reference(Box<Object>),
    Type(Type),
    Column(ColumnDefinition),
    Value(Value),
    Sql(Sql),
    IndexColumn(IndexColumn),
    Action(Action),
}

impl Object {
    /// What the value is, for messages: "a text", "a column type".
    pub fn description(&self) -> &'static str {
        match self {
            Object::Str(_) | Object::String(_) => "a text",
            Object::Integer(_) => "an integer",
            Object::Float(_) => "a floating point number",
            Object::Boolean(_) => "a truth value",
            Object::List(_) | Object::Slice(_) => "a list",
            Object::Tuple(_) => "a tuple",
            Object::Reference(inner) => inner.description(),
            Object::Type(_) => "a column type",
            Object::Column(_) => "a column definition",
            Object::Value(_) => "an SQL value",
            Object::Sql(_) => "SQL",
            Object::IndexColumn(_) => "a part of an index",
            Object::Action(_) => "a foreign key action",
        }
    }

    /// What the methods of the value belong to. The values of Rust itself have none.
    pub fn owner(&self) -> Option<Owner> {
        match self {
            Object::Type(_) => Some(Owner::Value("Type")),
            Object::Column(_) => Some(Owner::Value("Column")),
            Object::Value(_) => Some(Owner::Value("Value")),
            Object::Sql(_) => Some(Owner::Value("Sql")),
            Object::IndexColumn(_) => Some(Owner::Value("IndexColumn")),
            Object::Action(_) => Some(Owner::Value("Action")),
            Object::Str(_)
            | Object::String(_)
            | Object::Integer(_)
            | Object::Float(_)
            | Object::Boolean(_)
            | Object::List(_)
            | Object::Slice(_)
            | Object::Tuple(_)
            | Object::Reference(_) => None,
        }
    }

    /// The value behind any number of references.
    pub fn dereferenced(mut self) -> Object {
        while let Object::Reference(inner) = self {
            self = *inner;
        }
        self
    }
}

macro_rules! object_of {
    ($($variant:ident($type:ty)),* $(,)?) => { $(
        impl From<$type> for Object {
            fn from(value: $type) -> Self {
                Object::$variant(value)
            }
        }
    )* };
}
object_of!(Type(Type), Column(ColumnDefinition), Value(Value), Sql(Sql), IndexColumn(IndexColumn), Action(Action));

/// The conversion of an argument in a revision that rustc compiles.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be used where {P} is needed")]
pub trait Arg<P> {
    /// Converts by shape only; whether the value makes sense is found by the replay.
    fn into_argument(self, origin: Origin) -> P;
}

/// The conversion of an argument in a revision that Offprint interprets.
pub trait Parameter: Sized {
    /// What the parameter takes, for messages: "a name in quotes".
    const EXPECTS: &'static str;

    /// Converts by shape only.
    ///
    /// # Errors
    ///
    /// The object, or a part of it, has another shape.
    fn read(object: Located<Object>) -> Result<Self, Mismatch>;
}

impl<P, T: Arg<P> + Clone> Arg<P> for &T {
    fn into_argument(self, origin: Origin) -> P {
        self.clone().into_argument(origin)
    }
}

impl<T> Arg<Located<T>> for Located<T> {
    fn into_argument(self, _: Origin) -> Located<T> {
        self
    }
}

impl<P, T: Arg<P>, const N: usize> Arg<Vec<P>> for [T; N] {
    fn into_argument(self, origin: Origin) -> Vec<P> {
        self.into_iter().map(|element| element.into_argument(origin)).collect()
    }
}

impl<P, T: Arg<P> + Clone> Arg<Vec<P>> for &[T] {
    fn into_argument(self, origin: Origin) -> Vec<P> {
        self.iter().cloned().map(|element| element.into_argument(origin)).collect()
    }
}

impl<P, T: Arg<P>> Arg<Vec<P>> for Vec<T> {
    fn into_argument(self, origin: Origin) -> Vec<P> {
        self.into_iter().map(|element| element.into_argument(origin)).collect()
    }
}

impl<P: Parameter> Parameter for Vec<P> {
    const EXPECTS: &'static str = "a list in square brackets";

    fn read(object: Located<Object>) -> Result<Self, Mismatch> {
        match object.value.dereferenced() {
            Object::List(elements) | Object::Slice(elements) => {
                // `collect` would keep the room of the objects, which are larger.
                let mut read = Vec::with_capacity(elements.len());
                for element in elements {
                    read.push(P::read(element)?);
                }
                Ok(read)
            }
            other => Err(Mismatch::new::<Self>(&other, object.origin)),
        }
    }
}

impl<P, Q, A: Arg<P>, B: Arg<Q>> Arg<(P, Q)> for (A, B) {
    fn into_argument(self, origin: Origin) -> (P, Q) {
        (self.0.into_argument(origin), self.1.into_argument(origin))
    }
}

impl<P: Parameter, Q: Parameter> Parameter for (P, Q) {
    const EXPECTS: &'static str = "a pair in parentheses, such as (\"old\", \"new\")";

    fn read(object: Located<Object>) -> Result<Self, Mismatch> {
        match object.value.dereferenced() {
            Object::Tuple(elements) => match <[Located<Object>; 2]>::try_from(elements) {
                Ok([first, second]) => Ok((P::read(first)?, Q::read(second)?)),
                Err(elements) => Err(Mismatch::new::<Self>(&Object::Tuple(elements), object.origin)),
            },
            other => Err(Mismatch::new::<Self>(&other, object.origin)),
        }
    }
}

/// A row of values, written as a tuple.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Located<Value>>);

impl Parameter for Row {
    const EXPECTS: &'static str = "a row in parentheses, such as (1, \"x\", null())";

    fn read(object: Located<Object>) -> Result<Self, Mismatch> {
        match object.value.dereferenced() {
            Object::Tuple(elements) => {
                let mut row = Vec::with_capacity(elements.len());
                for element in elements {
                    row.push(Located::<Value>::read(element)?);
                }
                Ok(Row(row))
            }
            other => Err(Mismatch::new::<Self>(&other, object.origin)),
        }
    }
}

macro_rules! rows {
    ($(($($element:ident $index:tt),*))*) => { $(
        impl<$($element: Arg<Located<Value>>),*> Arg<Row> for ($($element,)*) {
            fn into_argument(self, origin: Origin) -> Row {
                Row(vec![$(self.$index.into_argument(origin)),*])
            }
        }
    )* };
}
rows! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

/// The most values that a row written as a tuple may have. (Rust itself derives for tuples up to 12.)
pub const LONGEST_ROW: usize = 12;

/// Declares what an argument of one parameter type may be, for compiled and interpreted revisions alike.
macro_rules! accepts {
    ($parameter:ty, $expects:literal, { $( $kind:ident($value:ident: $rust:ty, $origin:pat_param) => $conversion:expr ),* $(,)? }) => {
        $(
            impl $crate::language::vocabulary::Arg<$parameter> for $rust {
                #[allow(clippy::useless_conversion)]
                fn into_argument(self, origin: $crate::source::Origin) -> $parameter {
                    let $origin = origin;
                    let $value = self;
                    $conversion
                }
            }
        )*
        impl $crate::language::vocabulary::Parameter for $parameter {
            const EXPECTS: &'static str = $expects;

            #[allow(clippy::useless_conversion)]
            fn read(
                object: $crate::source::Located<$crate::language::vocabulary::Object>,
            ) -> Result<Self, $crate::language::vocabulary::Mismatch> {
                let origin = object.origin;
                match object.value.dereferenced() {
                    $(
                        $crate::language::vocabulary::Object::$kind($value) => {
                            let $origin = origin;
                            Ok($conversion)
                        }
                    )*
                    #[allow(unreachable_patterns)]
                    other => Err($crate::language::vocabulary::Mismatch::new::<Self>(&other, origin)),
                }
            }
        }
    };
}

accepts!(Name, "a name in quotes", {
    Str(text: &str, origin) => Name::new(EcoString::from(text), origin),
    String(text: String, origin) => Name::new(EcoString::from(text), origin),
});

accepts!(Located<i64>, "an integer", {
    Integer(number: i64, origin) => Located::new(number, origin),
});

accepts!(Located<Value>, "a value: a text, a number, true, false, or null(), now(), decimal(\"1.10\"), sql(\"…\")", {
    Str(text: &str, origin) => Located::new(Value::Text(EcoString::from(text)), origin),
    String(text: String, origin) => Located::new(Value::Text(EcoString::from(text)), origin),
    Integer(number: i64, origin) => Located::new(Value::Integer(number), origin),
    Float(number: f64, origin) => Located::new(Value::Float(number), origin),
    Boolean(truth: bool, origin) => Located::new(Value::Boolean(truth), origin),
    Value(value: Value, origin) => Located::new(value, origin),
    Sql(sql: Sql, origin) => Located::new(Value::Sql(sql), origin),
});

accepts!(Sql, "SQL in quotes, or sql(\"…\").postgres(\"…\").sqlite(\"…\")", {
    Str(text: &str, origin) => Sql::of(Name::new(EcoString::from(text), origin)),
    String(text: String, origin) => Sql::of(Name::new(EcoString::from(text), origin)),
    Sql(sql: Sql, _) => sql,
});

accepts!(Type, "a column type such as text() or integer()", {
    Type(column_type: Type, _) => column_type,
});

accepts!(ColumnDefinition, "a column type such as text() or integer().not_null()", {
    Type(column_type: Type, _) => ColumnDefinition::from(column_type),
    Column(column: ColumnDefinition, _) => column,
});

accepts!(IndexColumn, "a column name in quotes, or column(\"…\").desc(), or expression(\"…\")", {
    Str(text: &str, origin) => IndexColumn::of(Name::new(EcoString::from(text), origin)),
    String(text: String, origin) => IndexColumn::of(Name::new(EcoString::from(text), origin)),
    IndexColumn(part: IndexColumn, _) => part,
});

accepts!(Located<Action>, "NoAction, Restrict, Cascade, SetNull or SetDefault", {
    Action(action: Action, origin) => Located::new(action, origin),
});

/// One word of the vocabulary, as the evaluator, `explain` and completions see it.
pub struct Word {
    /// What the word is called on.
    pub owner: Owner,
    pub name: &'static str,
    pub parameters: &'static [ParameterDescription],
    /// The doc comment. Markdown.
    pub docs: &'static str,
    pub call: Call,
}

impl Word {
    /// The word with the names of its parameters, such as `rename_table(name, new_name)`.
    pub fn signature(&self) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

/// A parameter of a word, for messages and documentation.
#[derive(Debug, Clone, Copy)]
pub struct ParameterDescription {
    pub name: &'static str,
    pub expects: &'static str,
}

/// What a word is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Nothing: a function such as `text()`, or a constant such as `Cascade`.
    Free,
    /// `op`.
    Operations,
    /// The operation that was just written, by the name of its type, such as `CreateTable`.
    Builder(&'static str),
    /// A value, by the name of its type, such as `Type`.
    Value(&'static str),
}

/// How the evaluator calls a word. Arguments are all read before anything is changed.
pub enum Call {
    /// A constant.
    Constant(fn() -> Object),
    /// A function that makes a value.
    Function(fn(Origin, Arguments<'_>) -> Result<Object, Mismatch>),
    /// A method of a value that makes another value.
    Method(fn(Object, Arguments<'_>) -> Result<Object, Mismatch>),
    /// A method of `op` that limits the next operation, such as `op.postgres()`.
    Limit(fn(&mut Op) -> &mut Op),
    /// A method of `op` that records an operation.
    Operation(fn(&mut Op, Origin, Arguments<'_>) -> Result<(), Mismatch>),
    /// A method of an operation that adds to it.
    Continuation(fn(&mut Operation, Origin, Arguments<'_>) -> Result<(), Mismatch>),
}

impl fmt::Debug for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}.{}", self.owner, self.name)
    }
}

/// An argument, or a part of one, that has another shape than its parameter takes.
#[derive(Debug)]
pub struct Mismatch {
    /// What was given.
    pub found: &'static str,
    pub origin: Origin,
    /// What the parameter takes.
    pub expects: &'static str,
}

impl Mismatch {
    fn new<P: Parameter>(found: &Object, origin: Origin) -> Self {
        Mismatch { found: found.description(), origin, expects: P::EXPECTS }
    }
}

/// The arguments of one call, as many as the word has parameters.
pub struct Arguments<'a>(std::vec::Drain<'a, Located<Object>>);

impl<'a> Arguments<'a> {
    /// The caller has compared the number of arguments with the parameters of the word.
    pub fn new(arguments: std::vec::Drain<'a, Located<Object>>) -> Self {
        Arguments(arguments)
    }

    /// Reads the next argument.
    pub fn read<P: Parameter>(&mut self) -> Result<P, Mismatch> {
        let Some(argument) = self.0.next() else { unreachable!("the evaluator counts the arguments before the call") };
        P::read(argument)
    }
}

/// Declares functions and constants that make values.
macro_rules! functions {
    ($(
        $(#[doc = $doc:literal])*
        fn $name:ident($($parameter:ident: $kind:ty),* $(,)?) -> $result:ident $body:tt
    )*) => {
        $(
            $(#[doc = $doc])*
            #[track_caller]
            #[allow(unused_braces)]
            pub fn $name($($parameter: impl $crate::language::vocabulary::Arg<$kind>),*) -> $result {
                let _origin = $crate::source::Origin::caller();
                $(let $parameter: $kind = $parameter.into_argument(_origin);)*
                $body
            }
        )*

        pub(crate) const FUNCTIONS: &[$crate::language::vocabulary::Word] = &[$(
            $crate::language::vocabulary::Word {
                owner: $crate::language::vocabulary::Owner::Free,
                name: stringify!($name),
                parameters: &[$($crate::language::vocabulary::ParameterDescription {
                    name: stringify!($parameter),
                    expects: <$kind as $crate::language::vocabulary::Parameter>::EXPECTS,
                }),*],
                docs: concat!($($doc, "\n"),*),
                call: $crate::language::vocabulary::Call::Function(|_origin, mut _arguments| {
                    $(let $parameter: $kind = _arguments.read()?;)*
                    let result: $result = $body;
                    Ok(result.into())
                }),
            },
        )*];
    };
}
pub(crate) use functions;

/// Declares methods of a value. Each takes the value and makes another one.
macro_rules! methods {
    ($owner:ident as $variant:ident: $(
        $(#[doc = $doc:literal])*
        fn $name:ident($this:ident $(, $parameter:ident: $kind:ty)* $(,)?) -> $result:ident $body:tt
    )*) => {
        impl $owner {
            $(
                $(#[doc = $doc])*
                #[track_caller]
                #[allow(unused_braces)]
                pub fn $name(self $(, $parameter: impl $crate::language::vocabulary::Arg<$kind>)*) -> $result {
                    let _origin = $crate::source::Origin::caller();
                    $(let $parameter: $kind = $parameter.into_argument(_origin);)*
                    #[allow(unused_mut)]
                    let mut $this = self;
                    $body
                }
            )*
        }

        impl $owner {
            pub(crate) const METHODS: &'static [$crate::language::vocabulary::Word] = &[$(
                $crate::language::vocabulary::Word {
                    owner: $crate::language::vocabulary::Owner::Value(stringify!($variant)),
                    name: stringify!($name),
                    parameters: &[$($crate::language::vocabulary::ParameterDescription {
                        name: stringify!($parameter),
                        expects: <$kind as $crate::language::vocabulary::Parameter>::EXPECTS,
                    }),*],
                    docs: concat!($($doc, "\n"),*),
                    call: $crate::language::vocabulary::Call::Method(|receiver, mut _arguments| {
                        $(let $parameter: $kind = _arguments.read()?;)*
                        #[allow(unused_mut)]
                        match receiver {
                            $crate::language::vocabulary::Object::$variant(mut $this) => {
                                let result: $result = $body;
                                Ok(result.into())
                            }
                            _ => unreachable!("the evaluator finds a method by the value that it is called on"),
                        }
                    }),
                },
            )*];
        }
    };
}
pub(crate) use methods;

/// Declares an operation: a method of `op`, and the methods that continue it.
///
/// In a body, the first parameter of a continuation is the operation, and the name after `@` is where it was called.
macro_rules! operation {
    (
        $(#[doc = $doc:literal])*
        fn $name:ident($($parameter:ident: $kind:ty),* $(,)?) -> $builder:ident $body:tt
        $(
            $(#[doc = $method_doc:literal])*
            fn $method:ident($this:ident @ $origin:pat_param $(, $method_parameter:ident: $method_kind:ty)* $(,)?) $method_body:tt
        )*
    ) => {
        impl $crate::operation::Op {
            $(#[doc = $doc])*
            #[track_caller]
            #[allow(unused_braces)]
            pub fn $name(&mut self $(, $parameter: impl $crate::language::vocabulary::Arg<$kind>)*) -> &mut $builder {
                let origin = $crate::source::Origin::caller();
                $(let $parameter: $kind = $parameter.into_argument(origin);)*
                let operation: $builder = $body;
                match self.record(origin, operation.into()) {
                    $crate::operation::Operation::$builder(operation) => operation,
                    _ => unreachable!("the operation that was just recorded is the last one"),
                }
            }
        }

        impl $builder {
            $(
                $(#[doc = $method_doc])*
                #[track_caller]
                #[allow(unused_braces)]
                pub fn $method(&mut self $(, $method_parameter: impl $crate::language::vocabulary::Arg<$method_kind>)*) -> &mut Self {
                    let origin = $crate::source::Origin::caller();
                    $(let $method_parameter: $method_kind = $method_parameter.into_argument(origin);)*
                    {
                        let $origin = origin;
                        let $this = &mut *self;
                        $method_body
                    }
                    self
                }
            )*
        }

        impl From<$builder> for $crate::operation::Operation {
            fn from(operation: $builder) -> Self {
                $crate::operation::Operation::$builder(Box::new(operation))
            }
        }

        pub(crate) const WORDS: &[$crate::language::vocabulary::Word] = &[
            $crate::language::vocabulary::Word {
                owner: $crate::language::vocabulary::Owner::Operations,
                name: stringify!($name),
                parameters: &[$($crate::language::vocabulary::ParameterDescription {
                    name: stringify!($parameter),
                    expects: <$kind as $crate::language::vocabulary::Parameter>::EXPECTS,
                }),*],
                docs: concat!($($doc, "\n"),*),
                call: $crate::language::vocabulary::Call::Operation(|op, origin, mut _arguments| {
                    $(let $parameter: $kind = _arguments.read()?;)*
                    let operation: $builder = $body;
                    op.record(origin, operation.into());
                    Ok(())
                }),
            },
            $(
                $crate::language::vocabulary::Word {
                    owner: $crate::language::vocabulary::Owner::Builder(stringify!($builder)),
                    name: stringify!($method),
                    parameters: &[$($crate::language::vocabulary::ParameterDescription {
                        name: stringify!($method_parameter),
                        expects: <$method_kind as $crate::language::vocabulary::Parameter>::EXPECTS,
                    }),*],
                    docs: concat!($($method_doc, "\n"),*),
                    call: $crate::language::vocabulary::Call::Continuation(|operation, origin, mut _arguments| {
                        $(let $method_parameter: $method_kind = _arguments.read()?;)*
                        let $origin = origin;
                        let $crate::operation::Operation::$builder($this) = operation else {
                            unreachable!("the evaluator finds a continuation by the operation that it continues")
                        };
                        $method_body;
                        Ok(())
                    }),
                },
            )*
        ];
    };
}
pub(crate) use operation;
