//! Every refusal of the language: which words are underlined, what is said, and that a remedy is named.

use std::fmt::Write as _;

use offprint::diagnostic::Diagnostic;
use offprint::language;
use offprint::source::Sources;

/// The mistakes of a text.
fn mistakes(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let source = sources.add("revisions/a.rs", text);
    let included = |path: &str| match path {
        "sql/a.sql" => Ok("SELECT 1".into()),
        "large.sql" => Ok("x".repeat(9 * 1024 * 1024).into()),
        "also_large.sql" => Ok("y".repeat(9 * 1024 * 1024).into()),
        _ => Err("no such file".to_owned()),
    };
    let revision = language::parse(source, text).and_then(|syntax| language::evaluate(&syntax, "a", &included));
    revision.err().unwrap_or_default()
}

/// What the first label of a mistake underlines.
fn underlined<'a>(diagnostic: &Diagnostic, text: &'a str) -> &'a str {
    let label = diagnostic.labels.first().expect("every mistake has a place");
    &text[label.origin.span().expect("the place is in the file").range()]
}

const HEADER: &str =
    "use offprint::prelude::*;\npub const REVISION: &str = \"a\";\npub const REVISES: &[&str] = &[\"b\"];\n";

/// A whole revision with these statements in `upgrade`.
fn with_statements(statements: &str) -> String {
    format!("{HEADER}pub fn upgrade(op: &mut Op) {{\n    {statements}\n}}\n")
}

/// A whole revision with these items.
fn with_items(items: &str) -> String {
    format!("{HEADER}{items}\npub fn upgrade(op: &mut Op) {{}}\n")
}

/// Each case: the text, what is underlined, and a part of the message of the only mistake.
fn check(cases: &[(&str, &str, &str)], whole: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for (case, place, message) in cases {
        let text = whole(case);
        let found = mistakes(&text);
        let matches = match found.as_slice() {
            [one] => underlined(one, &text) == *place && one.message.contains(message) && !one.helps.is_empty(),
            _ => false,
        };
        if !matches {
            let _ = writeln!(wrong, "{case}\n  expected: {place} | {message}");
            for mistake in found {
                let _ = writeln!(
                    wrong,
                    "  found:    {} | {} | {:?}",
                    underlined(&mistake, &text),
                    mistake.message,
                    mistake.helps
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_the_subset_has_is_accepted() {
    for items in [
        "const A: &str = \"x\"; const B: i64 = -5; const C: f64 = 1.; const D: bool = true; const E: [&str; 2] = [A, A];",
        "const A: &[(&str, i64)] = &[(\"x\", 0x1F), (\"y\", 1_000)]; const B: &[(&str, i64)] = A; pub const C: (i64,) = (5,);",
        "const A: &[&[&str]] = &[&[\"a\"], &[\"b\", \"c\"]]; const E: [&str; 1] = [\"x\"]; const F: &[&str] = &E;",
        "const A: &[&str] = &[]; const B: &str = include_str!(\"sql/a.sql\"); const C: &&str = &\"x\";",
        "pub const BRANCH_LABELS: &[&str] = &[\"x\"]; pub const DEPENDS_ON: &[&str] = &[]; pub fn downgrade(op: &mut Op,) {}",
        "// a comment\n/* another /* nested */ one */",
    ] {
        assert_eq!(mistakes(&with_items(items)), [], "{items}");
    }
    for statements in [
        "let a = \"x\"; let a = a; op.drop_table(a); op.drop_table(a);",
        "for (a, (b, _)) in [(\"x\", (1, true))] { op.execute(format!(\"{a}{{}}{b}{}\", 2)); };",
        "let made = text().not_null(); op.add_column(\"t\", \"c\", &made); op.add_column(\"t\", \"d\", made);",
        "for name in &[format!(\"a\")] { op.drop_table(name); } for name in REVISES { op.drop_table(name.clone()); }",
        "op.postgres().create_index(\"i\", \"t\", [column(\"c\").desc(), expression(\"lower(d)\")]).unique();",
        "op.insert(\"t\", [\"a\"]).row((9223372036854775807,)).row((-1.5,)); ;",
        "let text = \"x\"; op.create_foreign_key(\"a\", [text], \"b\", [\"c\"]).on_delete(Action::Cascade).on_update(Cascade);",
    ] {
        assert_eq!(mistakes(&with_statements(statements)), [], "{statements}");
    }
}

#[test]
fn statements_outside_of_the_subset() {
    check(
        &[
            ("if true { op.drop_table(\"x\"); } else { }", "if", "no `if`"),
            ("match x { _ => () }", "match", "no `match`"),
            ("while true { }", "while", "no `while`"),
            ("loop { }", "loop", "no `loop`"),
            ("return;", "return", "first statement to its last"),
            ("break;", "break", "first statement to its last"),
            ("unsafe { }", "unsafe", "nothing `unsafe`"),
            ("fn helper() { }", "fn", "no functions of its own"),
            ("const A: &str = \"x\";", "const", "only statements"),
            ("use std::fmt;", "use", "only statements"),
            ("{ op.drop_table(\"x\"); }", "{", "no blocks"),
            ("'outer: for a in [1] { }", "'outer", "no label"),
            ("#[allow(unused)] op.drop_table(\"x\");", "#", "no attributes"),
            ("struct A;", "struct", "only statements"),
            ("async { }", "async", "no closures"),
            ("let mut a = 1;", "mut", "nothing in a revision is changed"),
            ("let (a, b) = (1, 2);", "(", "one name"),
            ("let _ = 1;", "_", "needs a name"),
            ("let a: i64 = 1;", ":", "has no type"),
            ("let Upper = 1;", "Upper", "small letters"),
            ("let op = 1;", "op", "name of the parameter"),
            ("let fn = 1;", "fn", "keyword"),
            ("let gen = 1;", "gen", "keyword"),
            ("let r#type = 1;", "r#type", "no raw identifiers"),
            ("let größe = 1;", "größe", "ASCII"),
            ("a = 5;", "a", "nothing in a revision is changed"),
            ("uuid();", "uuid()", "does nothing"),
            ("\"text\";", "\"text\"", "does nothing"),
            ("op;", "op", "only at the start"),
            ("op.postgres();", "op.postgres()", "no operation follows"),
            ("for &a in &[1] { }", "&", "no `&`"),
            ("for (a) in [1] { }", "(a)", "no tuple"),
            ("for (a, a) in [(1, 2)] { }", "a", "twice"),
            ("for A in [1] { }", "A", "small letters"),
            ("for a in 0..3 { }", ".", "no ranges"),
            ("for a in 0..=3 { }", ".", "no ranges"),
            ("for a in \"abc\" { }", "\"abc\"", "goes through a list"),
            ("for a in (1, 2) { }", "(1, 2)", "goes through a list"),
            ("for a in &&[1] { }", "&&[1]", "goes through a list"),
            ("for (a, b) in [(1, 2, 3)] { }", "(a, b)", "2 names for tuples of 3"),
            ("for (a, b) in [1] { }", "(a, b)", "2 names for values"),
        ],
        with_statements,
    );
}

#[test]
fn values_outside_of_the_subset() {
    check(
        &[
            ("let a = |x| x;", "|", "no closures"),
            ("let a = move || 1;", "move", "no closures"),
            ("let a = vec![1];", "vec", "no `vec!`"),
            ("let a = concat!(\"a\", \"b\");", "concat", "no `concat!`"),
            ("let a = println!(\"a\");", "println", "no `println!`"),
            ("let a = fromat!(\"a\");", "fromat", "no `fromat!`"),
            ("let a = format![\"a\"];", "[", "with parentheses"),
            ("let a = 1 + 2;", "+", "no `+`"),
            ("let a = 1 * 2;", "*", "does not calculate"),
            ("let a = 1 - 2;", "-", "does not calculate"),
            ("let a = 1 == 2;", "=", "compares and changes nothing"),
            ("let a = 1 < 2;", "<", "compares and changes nothing"),
            ("let a = true && false;", "&", "compares and changes nothing"),
            ("let a = !true;", "!", "no operators"),
            ("let a = *REVISION;", "*", "no `*`"),
            ("let a = REVISES[0];", "[", "after a value"),
            ("let a = (1, 2).0;", "0", "have no names"),
            ("let a = sql(\"x\").every;", "every", "without parentheses"),
            ("let a = sql(\"x\")?;", "?", "fails halfway"),
            ("let a = 5 as i64;", "as", "not converted"),
            ("let a = &mut 5;", "mut", "nothing in a revision is changed"),
            ("let a = -REVISION;", "-", "only before a number"),
            ("let a = --5;", "-", "only before a number"),
            ("let a = -5.clone();", ".", "no methods"),
            ("let a = 5.clone();", ".", "no methods"),
            ("let a = if true { 1 } else { 2 };", "if", "no `if`"),
            ("let a = { 1 };", "{", "a block is no value"),
            ("let a = Some { b: 1 };", "{", "a block or a struct"),
            ("let a = ();", "()", "empty tuple"),
            ("let a = 'x';", "'x'", "double quotes"),
            ("let a = b\"x\";", "b\"x\"", "no byte"),
            ("let a = b'x';", "b'x'", "no byte"),
            ("let a = c\"x\";", "c\"x\"", "no byte"),
            ("let a = br\"x\";", "br\"x\"", "no byte"),
            ("let a = 5u8;", "u8", "no suffix"),
            ("let a = 5i64;", "i64", "no suffix"),
            ("let a = 1.5f64;", "f64", "no suffix"),
            ("let a = 0xZZ;", "0xZZ", "not a number"),
            ("let a = 0b12;", "0b12", "not a number"),
            ("let a = 1e;", "1e", "not a number"),
            ("let a = 1e999;", "1e999", "64 bits"),
            ("let a = 99999999999999999999;", "99999999999999999999", "64 bits"),
            ("let a = 9223372036854775808;", "9223372036854775808", "64 bits"),
            ("let a = 3000000000;", "3000000000", "32 bits"),
            ("let a = [-2147483649];", "-2147483649", "32 bits"),
            ("let a = format!(\"{}\", 3000000000);", "3000000000", "32 bits"),
            ("let a = \"\\q\";", "\\q", "no meaning"),
            ("let a = \"\\u{d800}\";", "\\u{d800}", "no meaning"),
            ("let a = String::from(\"x\");", "String", "have a path"),
            ("let a = Vec::<i64>::new();", "Vec", "have a path"),
            ("let a = std::mem::take;", "std", "have a path"),
            ("let a = Action::Nothing;", "Action::Nothing", "not known"),
            ("let a = Option::None;", "Option", "not known"),
            ("let a = varchar::<i64>(5);", "varchar", "have a path"),
            ("let a = sql(\"x\")(5);", "(", "not called"),
            ("let a = op.drop_table(\"x\");", "op", "only at the start"),
            ("op.execute(op);", "op", "only at the start"),
            ("op.execute(format!(\"{op}\"));", "{op}", "plain names"),
            ("let a = _;", "_", "no value"),
            ("let a = \"x\".to_string();", "to_string", "no method"),
            ("let a = REVISES.iter();", "iter", "a list has no method"),
            ("let a = self;", "self", "paths into a crate"),
            ("let a = #[b] 1;", "#", "expected a value"),
            ("let a = sql(\"x\").await;", "await", "keyword"),
            ("let a = 'b;", "'b", "no value"),
            ("let a = for b in [1] { };", "for", "a `for` has no value"),
            ("let a = let b = 1;", "let", "a `let` has no value"),
            ("let a = where;", "where", "does not belong to a revision"),
            ("let a = \"x\"::<i64>;", ":", "no type arguments"),
        ],
        with_statements,
    );
}

#[test]
fn texts_and_files() {
    check(
        &[
            ("let a = format!(\"{a:?}\");", "{a:?}", "plain names"),
            ("let a = format!(\"{0}\", 1);", "{0}", "plain names"),
            ("let a = format!(\"{:>5}\", 1);", "{:>5}", "plain names"),
            ("let a = format!(\"{ a }\");", "{ a }", "plain names"),
            ("let a = format!(\"{\");", "{", "no partner"),
            ("let a = format!(\"}\");", "}", "no partner"),
            ("let a = format!(\"{}\");", "\"{}\"", "room for 1 value, but 0 are given"),
            ("let a = format!(\"x\", 1, 2);", "\"x\"", "room for 0 values, but 2 are given"),
            ("let a = format!(\"{}\", b = 1);", "b", "have no names"),
            ("let a = format!(REVISION);", "REVISION", "takes a text"),
            ("let a = format!();", ")", "takes a text"),
            ("let a = format!(\"{nothing}\");", "{nothing}", "not known"),
            ("let a = format!(\"{Cascade}\");", "{Cascade}", "not known"),
            ("let a = format!(\"{}\", [1]);", "[1]", "not a list"),
            ("let a = format!(\"{}\", text());", "text()", "not a column type"),
            ("let a = include_str!(REVISION);", "REVISION", "path as a text"),
            ("let a = include_str!(\"\");", "\"\"", "the path is empty"),
            ("let a = include_str!(\"/etc/passwd\");", "\"/etc/passwd\"", "absolute"),
            ("let a = include_str!(\"../a.sql\");", "\"../a.sql\"", "leaves the folder"),
            ("let a = include_str!(\"sql/../../a.sql\");", "\"sql/../../a.sql\"", "leaves the folder"),
            ("let a = include_str!(\"./a.sql\");", "\"./a.sql\"", "empty part"),
            ("let a = include_str!(\"sql//a.sql\");", "\"sql//a.sql\"", "empty part"),
            ("let a = include_str!(\"sql\\\\a.sql\");", "\"sql\\\\a.sql\"", "backslash"),
            ("let a = include_str!(\"C:a.sql\");", "\"C:a.sql\"", "colon"),
            ("let a = include_str!(\"nothing.sql\");", "\"nothing.sql\"", "no such file"),
            (
                "let a = include_str!(\"large.sql\"); let b = include_str!(\"also_large.sql\");",
                "\"also_large.sql\"",
                "more than 16 MiB",
            ),
        ],
        with_statements,
    );
}

#[test]
fn rules_of_types_and_moves() {
    check(
        &[
            ("let a = [];", "[]", "empty"),
            ("let a = [1, \"x\"];", "\"x\"", "not of one type"),
            ("let a = [\"x\", format!(\"y\")];", "format!(\"y\")", "not of one type"),
            ("let a = [\"x\", &\"y\"];", "&\"y\"", "not of one type"),
            ("let a = [1, 1.0];", "1.0", "not of one type"),
            ("let a = [(1, 2), (1, 2, 3)];", "(1, 2, 3)", "not of one type"),
            ("let a = [[1], [1, 2]];", "[1, 2]", "not of one type"),
            ("let a = [text(), text().not_null()];", "text().not_null()", "not of one type"),
            (
                "let a = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);",
                "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)",
                "at most 12",
            ),
            ("let a = format!(\"x\"); op.drop_table(a); op.drop_table(a);", "a", "a second time"),
            ("let a = text(); let b = a; let c = a;", "a", "a second time"),
            ("let a = text(); let b = a.not_null(); let c = &a;", "a", "a second time"),
            ("let a = text(); let b = [a.clone(), a, a];", "a", "a second time"),
            ("let a = text(); for b in [1] { op.add_column(\"t\", \"c\", a); }", "a", "first round"),
            ("let a = [text()]; for b in [1] { for c in a { } }", "a", "first round"),
            ("for a in [format!(\"x\")] { for b in [1] { op.drop_table(a); } }", "a", "first round"),
            ("let a = text(); let b = &a; let c = a;", "a", "while a reference"),
            ("let a = format!(\"x\"); op.rename_table(&a, a);", "a", "while a reference"),
            ("let a = [format!(\"x\")]; for b in &a { } op.create_enum(\"x\", a);", "a", "while a reference"),
            ("let a = text(); let b = &a; let c = b.not_null();", "not_null", "only a reference"),
            ("let a = [&format!(\"x\")].clone();", "clone", "gone after the statement"),
            ("let a = 1; let b = a.clone();", "clone", "a number needs no"),
            ("let a = \"x\"; let b = a.clone(1);", "clone(1)", "takes no arguments"),
            ("let text = 1; let a = text();", "text", "the name of a value"),
            ("let a = Cascade();", "Cascade", "not a function"),
            ("let a = text;", "text", "without parentheses"),
            ("let a = nothing;", "nothing", "not known"),
            ("let a = 1; let b = aa;", "aa", "not known"),
            ("for a in [1] { let b = 1; } let c = b;", "b", "not known"),
            ("let a = 1.5; let b = varchar(a);", "1.5", "cannot take a floating point number"),
        ],
        with_statements,
    );
}

#[test]
fn words_and_arguments() {
    check(
        &[
            ("op.create_tabel(\"x\");", "create_tabel", "no operation is called"),
            ("op.not_null();", "not_null", "no operation is called"),
            ("op.create_table(\"x\").colum(\"a\", text());", "colum", "`create_table` has no method `colum`"),
            ("op.drop_table(\"x\").drop_table(\"y\");", "drop_table", "`drop_table` has no method"),
            ("let a = txt();", "txt", "no function `txt`"),
            ("let a = drop_table(\"x\");", "drop_table", "no function"),
            ("let a = text().not_nul();", "not_nul", "a column type has no method"),
            ("let a = null().not_null();", "not_null", "no method"),
            ("let a = Cascad;", "Cascad", "not known"),
            ("op.drop_table();", "drop_table()", "takes 1 argument, not 0"),
            ("op.drop_table(\"x\", \"y\");", "drop_table(\"x\", \"y\")", "takes 1 argument, not 2"),
            ("let a = varchar();", "varchar()", "takes 1 argument"),
            ("let a = text().not_null(1);", "not_null(1)", "takes no arguments"),
            ("op.drop_table(5);", "5", "cannot take an integer"),
            ("op.create_enum(\"x\", \"y\");", "\"y\"", "cannot take a text"),
            ("op.create_enum(\"x\", [1]);", "1", "cannot take an integer"),
            ("op.add_column(\"x\", \"y\", \"text\");", "\"text\"", "cannot take a text"),
            ("op.insert(\"x\", [\"y\"]).row(1);", "1", "cannot take an integer"),
            ("op.alter_column(\"x\", \"y\").map([(1, 2, 3)]);", "(1, 2, 3)", "cannot take a tuple"),
            (
                "op.create_foreign_key(\"a\", [\"b\"], \"c\", [\"d\"]).on_delete(\"Cascade\");",
                "\"Cascade\"",
                "cannot take a text",
            ),
        ],
        with_statements,
    );
}

#[test]
fn items_outside_of_the_subset() {
    check(
        &[
            ("use std::fmt;", "use std::fmt", "imports the vocabulary once"),
            ("use offprint::prelude::*;", "use offprint::prelude::*", "imports the vocabulary once"),
            ("pub use offprint::prelude::*;", "pub use offprint::prelude::*", "imports the vocabulary once"),
            ("static A: &str = \"x\";", "static", "no `static`"),
            ("struct A;", "struct", "no `struct`"),
            ("mod a;", "mod", "no `mod`"),
            ("macro_rules! a { () => {} }", "macro_rules", "no `macro_rules`"),
            ("#[test]", "#", "no attributes"),
            ("/// docs", "/// docs", "no `///`"),
            ("//! docs", "//! docs", "only at the top"),
            ("/** docs */", "/** docs */", "no block documentation"),
            ("fn helper(op: &mut Op) {}", "helper", "no function `helper` of its own"),
            ("fn downgrade(op: &mut Op) {}", "fn", "`downgrade` is not `pub`"),
            ("pub fn downgrade() {}", "()", "another signature"),
            ("pub fn downgrade(ops: &mut Op) {}", "(ops: &mut Op)", "another signature"),
            ("pub fn downgrade(op: &mut Op) -> bool {}", "(op: &mut Op) -> bool", "another signature"),
            ("pub fn downgrade<T>(op: &mut Op) {}", "<T>(op: &mut Op)", "another signature"),
            ("pub(crate) const A: &str = \"x\";", "(", "is `pub` or not"),
            ("const lower: &str = \"x\";", "lower", "in capitals"),
            ("const _: &str = \"x\";", "_", "in capitals"),
            ("const A = 5;", "=", "needs its type"),
            ("const A: &str = \"x\"; const A: &str = \"y\";", "A", "twice"),
            ("const A: String = \"x\";", "String", "type `String`"),
            ("const A: u8 = 5;", "u8", "type `u8`"),
            ("const A: str = \"x\";", "str", "type `str`"),
            ("const A: &'static str = \"x\";", "'static", "plain reference"),
            ("const A: [&str] = [\"x\"];", "[&str]", "behind a reference"),
            ("const A: [&str; N] = [\"x\"];", "N", "is a number"),
            ("const A: (&str) = \"x\";", "(&str)", "no tuple"),
            ("const A: () = ();", "()", "no tuple"),
            ("const A: fn() = x;", "fn", "expected a type"),
            ("const A: &str = 5;", "5", "expected a text"),
            ("const A: i64 = 1.0;", "1.0", "expected an integer"),
            ("const A: f64 = 1;", "1", "expected a floating point number"),
            ("const A: bool = \"true\";", "\"true\"", "expected `true` or `false`"),
            ("const A: [&str; 2] = [\"x\"];", "[\"x\"]", "expected a list of 2"),
            ("const A: &[&str] = [\"x\"];", "[\"x\"]", "expected a reference to a list"),
            ("const A: &[&str] = &[1];", "1", "expected a text"),
            ("const A: (i64, i64) = (1, 2, 3);", "(1, 2, 3)", "expected a tuple of 2"),
            ("const A: &&[&str] = &&[\"x\"];", "&&[\"x\"]", "expected a reference to a reference"),
            ("const A: &str = format!(\"x\");", "format!(\"x\")", "written out"),
            ("const A: &str = sql(\"x\");", "sql(\"x\")", "written out"),
            ("const A: &str = REVISION.clone();", "REVISION.clone()", "written out"),
            ("const A: &str = NOTHING;", "NOTHING", "no constant is called"),
            ("const A: i64 = REVISION;", "REVISION", "is a text"),
            ("const A: &[i64] = &B; const B: [&str; 1] = [\"x\"];", "B", "expected a reference to a list"),
            ("const A: &str = B; const B: &str = A;", "A", "needs its own value"),
            ("}", "}", "closes nothing"),
            ("op.drop_table(\"x\");", "op", "expected an item"),
            ("let a = 1;", "let", "no `let`"),
        ],
        with_items,
    );
}

#[test]
fn items_that_are_missing_or_wrong() {
    let function = "pub fn upgrade(op: &mut Op) {}";
    let whole = |text: &str| text.to_owned();
    let import = "use offprint::prelude::*;";
    let id = "pub const REVISION: &str = \"a\";";
    let parents = "pub const REVISES: &[&str] = &[];";
    let joined = |parts: &[&str]| parts.join("\n");
    check(
        &[
            (&joined(&[id, parents, function]), "pub", "does not import"),
            (&joined(&[import, parents, function]), "", "no `pub const REVISION`"),
            (&joined(&[import, id, function]), "", "no `pub const REVISES`"),
            (&joined(&[import, id, parents]), "", "no `pub fn upgrade`"),
            (&joined(&[import, &id[4..], parents, function]), "REVISION", "not `pub`"),
            (&joined(&[import, "pub const REVISION: i64 = 5;", parents, function]), "i64", "another type"),
            (&joined(&[import, id, "pub const REVISES: [&str; 0] = [];", function]), "[&str; 0]", "another type"),
            (
                &joined(&[import, id, parents, function, "const BRANCH_LABELS: &[&str] = &[];"]),
                "BRANCH_LABELS",
                "not `pub`",
            ),
            (&joined(&[import, id, parents, function, "const DEPENDS_ON: &[&str] = &[];"]), "DEPENDS_ON", "not `pub`"),
            (&joined(&[import, id, parents, function, function]), "upgrade", "twice"),
            (
                &joined(&["#!/usr/bin/env offprint", import, id, parents, function]),
                "#!/usr/bin/env offprint",
                "no `#!` line",
            ),
            (&joined(&["#![allow(unused)]", import, id, parents, function]), "#", "no attributes"),
        ],
        whole,
    );
    // An empty list is fine as a constant, and says nothing in a function.
    let text = joined(&[import, id, parents, "pub fn upgrade(op: &mut Op) { for a in REVISES { op.drop_table(a); } }"]);
    check(&[(&text, "REVISES", "the list `REVISES` is empty")], whole);
}

#[test]
fn characters_that_no_revision_has() {
    let whole = |text: &str| text.to_owned();
    check(
        &[
            ("a\0b", "\0", "NUL"),
            ("// a\rb", "\r", "carriage return"),
            ("// a\r\r\n", "\r", "carriage return"),
            ("// a \u{202e} b", "\u{202e}", "U+202E"),
            ("// a \u{2067} b", "\u{2067}", "U+2067"),
            ("// a \u{200f} b", "\u{200f}", "U+200F"),
        ],
        whole,
    );
    check(
        &[("let a\u{a0}= 1;", "\u{a0}", "does not belong to Rust"), ("let a\u{2028}= 1;", "\u{2028}", "white space")],
        with_statements,
    );
}

#[test]
fn missing_and_superfluous_punctuation() {
    check(
        &[
            ("op.drop_table(\"x\")", "}", "expected `;`"),
            ("op.drop_table(\"x\")\nop.drop_table(\"y\");", "op", "expected `;`"),
            ("op.drop_table(\"x\";", ";", "expected `,` or `)`"),
            ("op.drop_table(\"x\"));", ")", "expected `;`"),
            ("op.rename_table(\"x\" \"y\");", "\"y\"", "expected `,` or `)`"),
            ("op.create_enum(\"x\", [\"a\" \"b\"]);", "\"b\"", "expected `,` or `]`"),
            ("op.drop_table(\"x);\nop.drop_table(\"y\");", "\"x);", "not closed"),
            ("op.drop_table(x\");", "x", "runs into a quote"),
            ("op.drop_table(\"x\"y\");", "\"x\"y", "runs into the word `y`"),
            ("op.drop_table(r#\"x\");", "r#\"", "not closed"),
            ("op.drop_table(#\"x\"#);", "#\"", "no meaning"),
            ("op.drop_table(b\"x);", "b\"", "a quote is not closed"),
            ("op.drop_table('+);", "'", "a quote is not closed"),
            ("op.drop_table(x#y);", "x", "no meaning in Rust"),
            ("op.drop_table(r\"x\"y);", "y", "runs into a word"),
            ("/* no end", "/*", "comment is not closed"),
            ("op drop_table(\"x\");", "drop_table", "expected `.`"),
            ("op.;", ";", "expected the name of a method"),
            ("op.drop_table;", "drop_table", "without parentheses"),
            ("op.drop_table(,);", ",", "expected a value"),
            ("op.rename_table(\"x\",, \"y\");", ",", "expected a value"),
            ("let a = ;", ";", "expected a value"),
            ("let = 1;", "=", "expected a name"),
            ("let a 1;", "1", "expected `=`"),
            ("for a [1] { }", "[", "expected `in`"),
            ("for a in [1] op.drop_table(\"x\");", "op", "expected `{`"),
            ("for a in [1] { op.drop_table(\"x\");", "{", "expected `}`"),
            ("?", "?", "expected a statement"),
        ],
        with_statements,
    );
}

#[test]
fn all_mistakes_of_a_file_are_found() {
    let text = with_statements(
        "if true { }\nop.drop_tabel(\"x\");\nlet a = 5u8;\nop.drop_table(\"x\" \"y\");\nlet b = ;\nfor c in [1] { let D = 2; }",
    );
    let found: Vec<&str> = mistakes(&text).iter().map(|mistake| underlined(mistake, &text)).collect();
    assert_eq!(found, ["if", "u8", "\"y\"", ";", "D"]);
    let text = with_statements(
        "op.drop_tabel(\"x\");\nlet a = nothing;\nop.drop_table(a);\nfor c in a { op.foo(c); }\nop.create_table(1).column(2, 3).colum(4);",
    );
    let found: Vec<&str> = mistakes(&text).iter().map(|mistake| underlined(mistake, &text)).collect();
    assert_eq!(found, ["drop_tabel", "nothing", "foo", "1"]);
    let text = with_statements(&"let A = 1;\n".repeat(100));
    assert_eq!(mistakes(&text).len(), 20);
}
