//! The words for the types of columns.

use ecow::EcoString;

use super::ColumnDefinition;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::{functions, methods};
use crate::schema::{ColumnType, Dialect, Editor, Sql, Value};
use crate::source::{Located, Name, Origin};

/// A column type as an author wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A type without parameters.
    Plain(ColumnType),
    /// The precision and the scale. Boxed, since most types are much smaller.
    Numeric(Box<(Located<i64>, Located<i64>)>),
    Varchar(Located<i64>),
    Char(Located<i64>),
    Enumeration(Name),
    Domain(Name),
    Composite(Name),
    Array(Box<Type>),
    /// A type in the dialect's own words.
    Native(Sql),
    /// A type with other words for some dialects.
    Overridden(Box<Type>, Sql),
}

functions! {
    /// An integer of 16 bits.
    fn small_integer() -> Type { Type::Plain(ColumnType::SmallInteger) }

    /// An integer of 32 bits.
    fn integer() -> Type { Type::Plain(ColumnType::Integer) }

    /// An integer of 64 bits.
    fn big_integer() -> Type { Type::Plain(ColumnType::BigInteger) }

    /// A floating point number with single precision.
    fn float() -> Type { Type::Plain(ColumnType::Float) }

    /// A floating point number with double precision.
    fn double() -> Type { Type::Plain(ColumnType::Double) }

    /// A decimal number with `precision` digits, `scale` of them behind the point. SQLite cannot hold it exactly: say what it holds instead, `numeric(10, 2).sqlite("TEXT")`.
    fn numeric(precision: Located<i64>, scale: Located<i64>) -> Type { Type::Numeric(Box::new((precision, scale))) }

    /// Text of any length.
    fn text() -> Type { Type::Plain(ColumnType::Text) }

    /// Text of at most `length` characters. (SQLite does not enforce the length.)
    fn varchar(length: Located<i64>) -> Type { Type::Varchar(length) }

    /// Text of exactly `length` characters, padded with spaces on Postgres.
    fn char(length: Located<i64>) -> Type { Type::Char(length) }

    /// True or false. SQLite holds 1 and 0.
    fn boolean() -> Type { Type::Plain(ColumnType::Boolean) }

    /// A calendar date. SQLite holds text such as `2026-01-31`.
    fn date() -> Type { Type::Plain(ColumnType::Date) }

    /// A time of day. SQLite holds text.
    fn time() -> Type { Type::Plain(ColumnType::Time) }

    /// A date and time without a time zone. SQLite holds text.
    fn timestamp() -> Type { Type::Plain(ColumnType::Timestamp) }

    /// A point in time. SQLite holds text in UTC.
    fn timestamptz() -> Type { Type::Plain(ColumnType::Timestamptz) }

    /// A span of time. SQLite has none: `interval().sqlite("TEXT")`.
    fn interval() -> Type { Type::Plain(ColumnType::Interval) }

    /// A UUID. SQLite holds text.
    fn uuid() -> Type { Type::Plain(ColumnType::Uuid) }

    /// A JSON document, kept as it was written. SQLite holds text.
    fn json() -> Type { Type::Plain(ColumnType::Json) }

    /// A JSON document in Postgres' binary form. SQLite holds text.
    fn jsonb() -> Type { Type::Plain(ColumnType::Jsonb) }

    /// Binary data.
    fn bytes() -> Type { Type::Plain(ColumnType::Bytes) }

    /// One of the values of an enum. On SQLite the column is text with a check.
    fn enumeration(name: Name) -> Type { Type::Enumeration(name) }

    /// A domain, with `op.create_domain(…)`. SQLite has none: `domain("percentage").sqlite("INTEGER")`.
    fn domain(name: Name) -> Type { Type::Domain(name) }

    /// A composite type, with `op.create_composite_type(…)`. SQLite has none: `composite("address").sqlite("TEXT")`.
    fn composite(name: Name) -> Type { Type::Composite(name) }

    /// An array. SQLite has none: `array(text()).sqlite("TEXT")`, or `json()`.
    fn array(element: Type) -> Type { Type::Array(Box::new(element)) }

    /// A type in the dialect's own words: `native("inet").sqlite("TEXT")`.
    fn native(name: Sql) -> Type { Type::Native(name) }
}

methods! { Type as Type:
    /// The column must have a value.
    fn not_null(this) -> ColumnDefinition { ColumnDefinition::from(this).not_null() }

    /// The value of the column in rows that do not give one. Text is a value, not SQL: `.default("queued")`, `.default(now())`, `.default(sql("…"))`.
    fn default(this, value: Located<Value>) -> ColumnDefinition { ColumnDefinition::from(this).default(value) }

    /// The database numbers the rows by itself.
    fn identity(this) -> ColumnDefinition { ColumnDefinition::from(this).identity() }

    /// The database numbers the rows by itself, and refuses rows of Postgres that bring a number. SQLite takes them and says so.
    fn identity_always(this) -> ColumnDefinition { ColumnDefinition::from(this).identity_always() }

    /// The database computes the column from others of its row, and stores it.
    fn generated(this, expression: Sql) -> ColumnDefinition { ColumnDefinition::from(this).generated(expression) }

    /// How text in the column is compared and sorted.
    fn collation(this, name: Sql) -> ColumnDefinition { ColumnDefinition::from(this).collation(name) }

    /// A comment that Postgres keeps with the column.
    fn comment(this, text: Name) -> ColumnDefinition { ColumnDefinition::from(this).comment(text) }

    /// Another type on Postgres, in its own words: `text().postgres("citext")`.
    fn postgres(this, name: Name) -> Type { this.with(Dialect::Postgres, name) }

    /// Another type on SQLite, in its own words: `numeric(10, 2).sqlite("TEXT")`.
    fn sqlite(this, name: Name) -> Type { this.with(Dialect::Sqlite, name) }
}

impl Type {
    fn with(self, dialect: Dialect, name: Name) -> Type {
        match self {
            Type::Native(sql) => Type::Native(sql.with(dialect, name)),
            Type::Overridden(base, sql) => Type::Overridden(base, sql.with(dialect, name)),
            other => Type::Overridden(Box::new(other), Sql::only(dialect, name)),
        }
    }

    /// The type as the dialect of this replay knows it.
    ///
    /// # Errors
    ///
    /// A length makes no sense, or the enum does not exist.
    pub(crate) fn resolve(&self, editor: &Editor<'_>) -> Result<ColumnType> {
        Ok(match self {
            Type::Plain(column_type) => column_type.clone(),
            Type::Varchar(length) => ColumnType::Varchar(in_range(length, 1, 10_485_760)?),
            Type::Char(length) => ColumnType::Char(in_range(length, 1, 10_485_760)?),
            Type::Numeric(digits) => {
                let (precision, scale) = &**digits;
                let digits: u16 = in_range(precision, 1, 1000)?;
                ColumnType::Numeric { precision: digits, scale: in_range(scale, 0, i64::from(digits))? }
            }
            Type::Enumeration(name) => ColumnType::Enumeration(editor.enumeration(name)?.name.clone()),
            Type::Domain(name) => editor.domain(name)?.column_type(),
            Type::Composite(name) => ColumnType::Composite(editor.composite_type(name)?.name.clone()),
            Type::Array(element) => match element.resolve(editor)? {
                ColumnType::Array(_) => return Err(nested_array()),
                element => ColumnType::Array(Box::new(element)),
            },
            Type::Native(sql) => ColumnType::Native(native_words(&editor.text(sql)?)?),
            Type::Overridden(base, sql) => match editor.own_text(sql) {
                Some(words) => ColumnType::Native(native_words(words)?),
                None => base.resolve(editor)?,
            },
        })
    }
}

fn nested_array() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::InvalidValue, "an array of arrays is the same type as an array in Postgres")
            .help("write `array(…)` once; Postgres arrays have any number of dimensions"),
    )
}

/// A number between two others, both included.
fn in_range<T: TryFrom<i64>>(number: &Located<i64>, low: i64, high: i64) -> Result<T> {
    let fits = (low..=high).contains(&number.value);
    fits.then(|| T::try_from(number.value).ok()).flatten().ok_or_else(|| {
        Box::new(
            Diagnostic::new(Code::InvalidValue, format!("{number} is not between {low} and {high}"))
                .at(number.origin, "out of range")
                .help(format!("write a number from {low} to {high}")),
        )
    })
}

/// The words of a native type: they end up in a statement as they are, so they may hold no statement of their own.
fn native_words(words: &Name) -> Result<EcoString> {
    use crate::schema::tokens::{TokenKind, tokens};
    let allowed = |kind: TokenKind, text: &str| match kind {
        TokenKind::Word | TokenKind::QuotedName | TokenKind::Number => true,
        TokenKind::Mark => matches!(text, "(" | ")" | "," | "[" | "]" | "."),
        TokenKind::Text | TokenKind::Unclosed => false,
    };
    let mut all = tokens(words).peekable();
    if all.peek().is_some() && all.all(|token| allowed(token.kind, token.text)) {
        return Ok(words.value.clone());
    }
    Err(invalid_type(words.origin))
}

fn invalid_type(origin: Origin) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::InvalidValue, "this is not the name of a type")
            .at(origin, "words, numbers, parentheses and brackets only")
            .help("write the type alone, such as `native(\"timestamp(3)\").sqlite(\"TEXT\")`"),
    )
}
