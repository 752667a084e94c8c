//! Random revisions that Offprint accepts, over the whole vocabulary and every construct of the language.
//!
//! The generator is sloppy about moves and types: it proposes statements, and keeps those that Offprint accepts after
//! the ones before. So the borders of the language are crossed all the time, and what lies just inside is kept.

use offprint::language::vocabulary::{Call, Owner, Word};
use offprint::operation::words;

use crate::interpreted::accepts;
use crate::random::Random;

/// The kinds of values that parameters and names have.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    Integer,
    Float,
    Boolean,
    Type,
    Column,
    Value,
    Sql,
    IndexColumn,
    Action,
    List(Box<Kind>),
    Tuple(Vec<Kind>),
}

#[derive(Debug, Clone)]
struct Name {
    text: String,
    kind: Kind,
}

pub struct Generator<'random> {
    random: &'random mut Random,
    constants: Vec<Name>,
    names: Vec<Name>,
    counter: usize,
}

/// A revision in which this word of the vocabulary occurs.
pub fn revision(random: &mut Random, word: &'static Word) -> String {
    let mut generator = Generator { random, constants: Vec::new(), names: Vec::new(), counter: 0 };
    let text = generator.file(word);
    generator.dressed(text)
}

fn operations() -> Vec<&'static Word> {
    words().filter(|word| word.owner == Owner::Operations && !is_limit(word)).collect()
}

fn is_limit(word: &Word) -> bool {
    matches!(word.name, "postgres" | "sqlite" | "declare")
}

impl Generator<'_> {
    fn file(&mut self, word: &'static Word) -> String {
        let mut header = String::new();
        for _ in 0..self.random.below(3) {
            header.push_str("//! What the revision does: \"quotes\" {braces} and ümläuts\n");
        }
        header.push_str("use offprint::prelude::*;\n");
        let id = self.random.pick(&["\"a1\"", "\"3af4686817cc\"", "r\"b_2\"", "ID"]);
        header.push_str(&format!("pub const REVISION: &str = {id};\nconst ID: &str = \"c.3\";\n"));
        let parents = self.random.pick(&["&[]", "&[\"p1\"]", "&[\"p1\", ID,]", "&PARENTS"]);
        header.push_str(&format!(
            "pub const REVISES: &[&str] = {parents};\nconst PARENTS: [&str; 2] = [\"x\", r#\"y\"#];\n"
        ));
        if self.random.one_in(4) {
            header.push_str("pub const BRANCH_LABELS: &[&str] = &[\"label\"];\n");
        }
        if self.random.one_in(4) {
            header.push_str("pub const DEPENDS_ON: &[&str] = REVISES;\n");
        }
        self.constants.push(Name { text: "ID".into(), kind: Kind::Text });
        self.constants.push(Name { text: "PARENTS".into(), kind: Kind::List(Box::new(Kind::Text)) });
        for _ in 0..self.random.below(5) {
            let constant = self.constant();
            let candidate = format!("{header}{constant}\npub fn upgrade(op: &mut Op) {{}}\n");
            if accepts(&candidate) {
                header.push_str(&constant);
                header.push('\n');
            } else {
                self.constants.pop();
            }
        }
        let mut body = String::new();
        let count = 3 + self.random.below(6);
        for number in 0..count {
            // First, where no name hides the word.
            let required = number == 0;
            for attempt in 0..400 {
                assert!(!required || attempt < 399, "no accepted use of {word:?} was found");
                if !required && attempt > 8 {
                    break;
                }
                let names = self.names.clone();
                let statement = if required { self.statement_with(word) } else { self.statement(0) };
                let candidate = format!("{header}pub fn upgrade(op: &mut Op) {{\n{body}{statement}}}\n");
                if accepts(&candidate) {
                    body.push_str(&statement);
                    break;
                }
                self.names = names;
            }
        }
        let mut text = format!("{header}pub fn upgrade(op: &mut Op) {{\n{body}}}\n");
        if self.random.one_in(3) {
            self.names.clear();
            let statement = self.statement(0);
            let candidate = format!("{text}pub fn downgrade(op: &mut Op) {{\n{statement}}}\n");
            if accepts(&candidate) {
                text = candidate;
            }
        }
        text
    }

    /// Comments, line ends, a byte order mark: what must not matter.
    fn dressed(&mut self, mut text: String) -> String {
        if self.random.one_in(4) {
            text = text.replacen("use ", "// a comment: \"\n/* another /* inside */ one */ use ", 1);
        }
        if self.random.one_in(4) {
            text = text.replace(";\n", " /* so */ ; // that's it\n");
        }
        if self.random.one_in(4) {
            text = text.replace(").", ")\n        .").replace(", ", ",\n\t");
        }
        if self.random.one_in(4) {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        if self.random.one_in(6) {
            text.insert(0, '\u{feff}');
        }
        text
    }

    fn fresh(&mut self, upper: bool) -> String {
        self.counter += 1;
        let stem = self.random.pick(&["table", "name", "x", "text", "_a", "column", "values", "default", "union"]);
        if upper {
            format!("{}_{}", stem.trim_start_matches('_').to_uppercase(), self.counter)
        } else if self.random.one_in(5) {
            stem.to_owned()
        } else {
            format!("{stem}_{}", self.counter)
        }
    }

    // Constants.

    fn constant(&mut self) -> String {
        let name = self.fresh(true);
        let (kind, written, value) = self.constant_kind(0);
        self.constants.push(Name { text: name.clone(), kind });
        let public = if self.random.one_in(2) { "pub " } else { "" };
        format!("{public}const {name}: {written} = {value};")
    }

    /// A kind, its type in Rust, and a value of it.
    fn constant_kind(&mut self, depth: usize) -> (Kind, String, String) {
        match self.random.below(if depth > 2 { 5 } else { 11 }) {
            0 | 1 => (Kind::Text, "&str".into(), self.text_literal()),
            2 => (Kind::Integer, "i64".into(), self.integer_literal(true)),
            3 => (Kind::Float, "f64".into(), self.float_literal()),
            4 => (Kind::Boolean, "bool".into(), self.random.pick(&["true", "false"]).into()),
            5 | 6 => {
                let (kind, written, value) = self.constant_kind(depth + 1);
                let count = 1 + self.random.below(3);
                let values = vec![value; count].join(", ");
                (Kind::List(Box::new(kind)), format!("[{written}; {count}]"), format!("[{values}]"))
            }
            7 | 8 => {
                let (kind, written, value) = self.constant_kind(depth + 1);
                let values = vec![value; 1 + self.random.below(3)].join(", ");
                (Kind::List(Box::new(kind)), format!("&[{written}]"), format!("&[{values},]"))
            }
            9 => {
                let parts: Vec<_> = (0..1 + self.random.below(3)).map(|_| self.constant_kind(depth + 1)).collect();
                let kinds = parts.iter().map(|part| part.0.clone()).collect();
                let written: String = parts.iter().map(|part| format!("{},", part.1)).collect();
                let value: String = parts.iter().map(|part| format!("{},", part.2)).collect();
                (Kind::Tuple(kinds), format!("({written})"), format!("({value})"))
            }
            _ => {
                let (kind, written, value) = self.constant_kind(depth + 1);
                (kind, format!("&{written}"), format!("&{value}"))
            }
        }
    }

    // Statements.

    fn statement(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 2 { 6 } else { 9 }) {
            0..=2 => {
                let kind = self.kind(0);
                let value = self.value(&kind, 0);
                let name = self.fresh(false);
                self.names.push(Name { text: name.clone(), kind });
                format!("let {name} = {value};\n")
            }
            6..=8 => self.iteration(depth),
            _ => self.operation(None),
        }
    }

    fn iteration(&mut self, depth: usize) -> String {
        let kind = if self.random.one_in(3) { Kind::Tuple(vec![self.kind(1), self.kind(1)]) } else { self.kind(1) };
        let list = self.value(&Kind::List(Box::new(kind.clone())), 0);
        let outer = self.names.len();
        let pattern = match &kind {
            Kind::Tuple(kinds) if !self.random.one_in(5) => {
                let parts: Vec<String> = kinds.iter().map(|kind| self.pattern(kind)).collect();
                format!("({})", parts.join(", "))
            }
            kind => self.pattern(kind),
        };
        let mut body = String::new();
        for _ in 0..1 + self.random.below(3) {
            body.push_str(&self.statement(depth + 1));
        }
        self.names.truncate(outer);
        format!("for {pattern} in {list} {{\n{body}}}\n")
    }

    fn pattern(&mut self, kind: &Kind) -> String {
        if self.random.one_in(8) {
            return "_".into();
        }
        let name = self.fresh(false);
        self.names.push(Name { text: name.clone(), kind: kind.clone() });
        name
    }

    /// A statement in which the word occurs.
    fn statement_with(&mut self, word: &'static Word) -> String {
        match word.owner {
            Owner::Operations if is_limit(word) => {
                let all = operations();
                let operation = all[self.random.below(all.len())];
                format!("op.{}.{};\n", self.call(word, 0), self.call(operation, 0))
            }
            Owner::Operations => self.operation(Some(word)),
            Owner::Builder(owner) => {
                let operation = operations().into_iter().find(|operation| builder(operation.name) == owner);
                let operation = operation.expect("every builder has its operation");
                format!("op.{}.{};\n", self.call(operation, 0), self.call(word, 0))
            }
            Owner::Free | Owner::Value(_) => {
                let value = match word.owner {
                    Owner::Value("Column") => format!("{}.not_null().{}", self.made("Type", 5), self.call(word, 0)),
                    Owner::Value(owner) => format!("{}.{}", self.made(owner, 5), self.call(word, 0)),
                    _ if matches!(word.call, Call::Constant(_)) => word.name.to_owned(),
                    _ => self.call(word, 0),
                };
                format!("let made = {value};\n")
            }
        }
    }

    fn operation(&mut self, word: Option<&'static Word>) -> String {
        let all = operations();
        let word = word.unwrap_or_else(|| all[self.random.below(all.len())]);
        let limit =
            if self.random.one_in(6) { self.random.pick(&["postgres().", "sqlite().", "declare()."]) } else { "" };
        let mut text = format!("op.{limit}{}", self.call(word, 0));
        let owner = builder(word.name);
        let continuations: Vec<&Word> =
            words().filter(|word| matches!(word.owner, Owner::Builder(builder) if builder == owner)).collect();
        if !continuations.is_empty() {
            for _ in 0..self.random.below(5) {
                let continuation = continuations[self.random.below(continuations.len())];
                text.push('.');
                text.push_str(&self.call(continuation, 0));
            }
        }
        text.push_str(";\n");
        text
    }

    fn call(&mut self, word: &Word, depth: usize) -> String {
        let arguments: Vec<String> = word
            .parameters
            .iter()
            .map(|parameter| {
                let kind = self.parameter_kind(word.name, parameter.expects);
                self.value(&kind, depth + 1)
            })
            .collect();
        let comma = if !arguments.is_empty() && self.random.one_in(6) { "," } else { "" };
        format!("{}({}{comma})", word.name, arguments.join(", "))
    }

    /// The kind of a parameter, by what it expects. Of a list one has to guess what is in it.
    fn parameter_kind(&mut self, word: &str, expects: &str) -> Kind {
        if expects.starts_with("a name") {
            Kind::Text
        } else if expects.starts_with("an integer") {
            Kind::Integer
        } else if expects.starts_with("a value") {
            self.any_value_kind()
        } else if expects.starts_with("SQL") {
            if self.random.one_in(2) { Kind::Text } else { Kind::Sql }
        } else if expects.contains("not_null") {
            if self.random.one_in(2) { Kind::Type } else { Kind::Column }
        } else if expects.starts_with("a column type") {
            Kind::Type
        } else if expects.starts_with("a column name") {
            if self.random.one_in(2) { Kind::Text } else { Kind::IndexColumn }
        } else if expects.starts_with("NoAction") {
            Kind::Action
        } else if expects.starts_with("a row") {
            Kind::Tuple((0..1 + self.random.below(12)).map(|_| self.any_value_kind()).collect())
        } else if expects.starts_with("a pair") {
            Kind::Tuple(vec![self.any_value_kind(), self.any_value_kind()])
        } else if word == "map" {
            let (old, new) = if self.random.one_in(2) {
                (Kind::Text, Kind::Text)
            } else {
                (self.any_value_kind(), self.any_value_kind())
            };
            Kind::List(Box::new(Kind::Tuple(vec![old, new])))
        } else if word == "exclude" || word == "create_exclusion_constraint" {
            let element = if self.random.one_in(2) { Kind::Text } else { Kind::IndexColumn };
            Kind::List(Box::new(Kind::Tuple(vec![element, Kind::Text])))
        } else if word == "rows" {
            Kind::List(Box::new(Kind::Tuple((0..1 + self.random.below(4)).map(|_| self.any_value_kind()).collect())))
        } else if word == "create_index" && self.random.one_in(2) {
            Kind::List(Box::new(Kind::IndexColumn))
        } else {
            Kind::List(Box::new(Kind::Text))
        }
    }

    fn any_value_kind(&mut self) -> Kind {
        match self.random.below(7) {
            0 | 1 => Kind::Text,
            2 => Kind::Integer,
            3 => Kind::Float,
            4 => Kind::Boolean,
            5 => Kind::Value,
            _ => Kind::Sql,
        }
    }

    // Values.

    fn kind(&mut self, depth: usize) -> Kind {
        match self.random.below(if depth > 2 { 11 } else { 15 }) {
            0..=3 => Kind::Text,
            4 => Kind::Integer,
            5 => Kind::Float,
            6 => Kind::Boolean,
            7 => Kind::Type,
            8 => Kind::Column,
            9 => Kind::Value,
            10 => self.random.pick(&[&Kind::Sql, &Kind::IndexColumn, &Kind::Action]).clone(),
            11 | 12 => Kind::List(Box::new(self.kind(depth + 1))),
            _ => Kind::Tuple((0..1 + self.random.below(3)).map(|_| self.kind(depth + 1)).collect()),
        }
    }

    fn value(&mut self, kind: &Kind, depth: usize) -> String {
        let known: Vec<String> = self
            .names
            .iter()
            .chain(&self.constants)
            .filter(|name| name.kind == *kind)
            .map(|name| name.text.clone())
            .collect();
        if !known.is_empty() && self.random.one_in(2) {
            let name = &known[self.random.below(known.len())];
            return match self.random.below(8) {
                0 => format!("&{name}"),
                1 | 2 => format!("{name}.clone()"),
                3 => format!("({name})"),
                4 => format!("&&{name}"),
                5 => format!("(&{name}).clone()"),
                _ => name.clone(),
            };
        }
        let plain = self.plain_value(kind, depth);
        match self.random.below(14) {
            0 if depth < 4 => format!("&{plain}"),
            1 if depth < 4 => format!("({plain})"),
            2 if depth < 4 && !plain.starts_with('-') => format!("{plain}.clone()"),
            3 if depth < 4 => format!("(&{plain}).clone()"),
            _ => plain,
        }
    }

    fn plain_value(&mut self, kind: &Kind, depth: usize) -> String {
        match kind {
            Kind::Text => self.text(),
            Kind::Integer => self.integer_literal(depth > 0),
            Kind::Float => self.float_literal(),
            Kind::Boolean => self.random.pick(&["true", "false"]).into(),
            Kind::Action => {
                self.random.pick(&["Cascade", "Action::SetNull", "Restrict", "NoAction", "SetDefault"]).into()
            }
            Kind::List(element) => {
                let count = 1 + self.random.below(3);
                let elements: Vec<String> = (0..count).map(|_| self.value(element, depth + 1)).collect();
                let comma = if self.random.one_in(5) { "," } else { "" };
                format!("[{}{comma}]", elements.join(", "))
            }
            Kind::Tuple(kinds) => {
                let parts: Vec<String> = kinds.iter().map(|kind| self.value(kind, depth + 1)).collect();
                let comma = if parts.len() == 1 || self.random.one_in(5) { "," } else { "" };
                format!("({}{comma})", parts.join(", "))
            }
            Kind::Type => self.made("Type", depth),
            Kind::Column => self.made("Column", depth),
            Kind::Value => self.made("Value", depth),
            Kind::Sql => self.made("Sql", depth),
            Kind::IndexColumn => self.made("IndexColumn", depth),
        }
    }

    /// A function of the vocabulary that makes this kind of value, with methods.
    fn made(&mut self, owner: &'static str, depth: usize) -> String {
        let start = match owner {
            "Type" | "Column" => self.random.pick(&[
                "small_integer",
                "integer",
                "big_integer",
                "float",
                "double",
                "numeric",
                "varchar",
                "char",
                "text",
                "boolean",
                "date",
                "time",
                "timestamp",
                "timestamptz",
                "interval",
                "uuid",
                "json",
                "jsonb",
                "bytes",
                "enumeration",
                "array",
                "native",
            ]),
            "Value" => self.random.pick(&["null", "now", "current_date", "random_uuid", "decimal", "hex"]),
            "Sql" => self.random.pick(&["sql", "postgres", "sqlite"]),
            _ => self.random.pick(&["column", "expression"]),
        };
        let Some(word) = words().find(|word| word.owner == Owner::Free && word.name == start) else {
            return "text()".into();
        };
        if depth > 6 {
            return "text()".into();
        }
        let mut text = self.call(word, depth + 1);
        // A method may turn a type into a column.
        let mut owner = if owner == "Column" { "Type" } else { owner };
        for _ in 0..self.random.below(3) {
            let methods: Vec<&Word> = words().filter(|word| word.owner == Owner::Value(owner)).collect();
            if methods.is_empty() {
                break;
            }
            let method = methods[self.random.below(methods.len())];
            text.push('.');
            text.push_str(&self.call(method, depth + 1));
            if owner == "Type" && !matches!(method.name, "postgres" | "sqlite") {
                owner = "Column";
            }
        }
        text
    }

    fn text(&mut self) -> String {
        match self.random.below(8) {
            0 => {
                let arguments = self.random.below(3);
                let mut format = String::from("a_");
                for name in self.names.clone().iter().chain(&self.constants.clone()) {
                    if matches!(name.kind, Kind::Text | Kind::Integer | Kind::Float | Kind::Boolean)
                        && self.random.one_in(4)
                    {
                        format.push_str(&format!("{{{}}}{{{{", name.text));
                    }
                }
                let mut values = String::new();
                for _ in 0..arguments {
                    format.push_str("{}");
                    let kind = self.random.pick(&[&Kind::Text, &Kind::Integer, &Kind::Float, &Kind::Boolean]).clone();
                    values.push_str(&format!(", {}", self.value(&kind, 0)));
                }
                let literal = match self.random.below(4) {
                    0 => format!("r#\"{format}\"#"),
                    1 => format!("\"\\n{format}\""),
                    _ => format!("\"{format}\""),
                };
                format!("format!({literal}{values})")
            }
            1 => self.random.pick(&["include_str!(\"sql/a.sql\")", "include_str!(r\"b.txt\",)"]).into(),
            _ => self.text_literal(),
        }
    }

    fn text_literal(&mut self) -> String {
        self.random
            .pick(&[
                "\"job\"",
                "\"a b\"",
                "\"\"",
                "\"it's {not} a \\\"format\\\"\"",
                "\"tab\\tnew\\nline\\\\\"",
                "\"\\u{e9}\\x41\\0\"",
                "\"ünïcödé – „“\"",
                "r\"raw \\n\"",
                "r##\"a \"# b\"##",
                "\"two\nlines\"",
                "\"joined \\\n      line\"",
                "r\"raw\nlines\"",
                "\"// no comment\"",
                "\"/* nor this\"",
                "\"\\\n\n x\"",
            ])
            .into()
    }

    fn integer_literal(&mut self, wide: bool) -> String {
        let narrow = ["0", "5", "-7", "1_000", "0x1F", "0o17", "0b101", "2147483647", "-2147483648", "00_7", "- 3"];
        let large = ["9223372036854775807", "-9223372036854775808", "3_000_000_000", "0xFFFF_FFFF", "-2147483649"];
        if wide && self.random.one_in(2) { self.random.pick(&large).into() } else { self.random.pick(&narrow).into() }
    }

    fn float_literal(&mut self) -> String {
        self.random
            .pick(&[
                "1.5",
                "1.",
                "1e5",
                "2.5E-3",
                "-0.0",
                "0.1",
                "1_0.2_5",
                "1e308",
                "5e-324",
                "123456789.123456789",
                "1e+2",
            ])
            .into()
    }
}

/// The builder of an operation: `CreateTable` for `create_table`.
fn builder(operation: &str) -> String {
    operation.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}
