//! The mistakes that authors make most: what the user sees, and which words are underlined.

#[path = "support/authored.rs"]
mod authored;

const FIRST: &str = r#"//! the job ledger

use offprint::prelude::*;

pub const REVISION: &str = "first";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_enum("job_status", ["queued", "running", "done"]);
    op.create_table("job")
        .column("id", big_integer().identity())
        .column("status", enumeration("job_status").not_null())
        .column("attempts", integer().not_null().default(0))
        .primary_key(["id"]);
}
"#;

/// A second revision with these statements.
fn second(statements: &str) -> String {
    authored::revision("second", Some("first"), statements)
}

macro_rules! mistake {
    ($name:ident: $revision:expr => $underlined:expr) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), authored::shown(FIRST, &$revision, &$underlined));
        }
    };
}

mistake! { misspelt_operation: second(r#"op.drop_tabel("job");"#) => ["drop_tabel"] }
mistake! { misspelt_method: second(r#"op.create_table("note").colum("id", uuid());"#) => ["colum"] }
mistake! { misspelt_argument: second(
    r#"op.create_foreign_key("job", ["id"], "job", ["id"]).on_delete(Cascad);"#
) => ["Cascad"] }
mistake! { misspelt_type: second(r#"op.add_column("job", "note", txt());"#) => ["txt"] }
mistake! { misspelt_column: second(r#"op.drop_column("job", "atempts");"#) => ["\"atempts\""] }
mistake! { misspelt_table: second(
    "for table in [\"job\", \"jobs\"] {\n        op.add_column(table, \"note\", text());\n    }"
) => ["\"jobs\""] }
mistake! { missing_comma: second(r#"op.add_column("job" "note", text());"#) => ["\"note\""] }
mistake! { missing_brace: second("for table in [\"job\"] {\n        op.drop_table(table);") => ["{"] }
mistake! { missing_parenthesis: second("op.drop_table(\"job\";\n    op.drop_enum(\"job_status\");") => [";"] }
mistake! { missing_quote: second("op.drop_table(\"job);\n    op.drop_enum(\"job_status\");") => ["\"job);"] }
mistake! { missing_semicolon: second("op.drop_table(\"job\")\n    op.drop_enum(\"job_status\");") => ["op"] }
mistake! { wrong_kind_of_value: second(r#"op.add_column("job", 5, "text");"#) => ["5"] }
mistake! { duplicate_id: second("").replace("&[\"first\"]", "&[]").replace("\"second\"", "\"first\"") => ["\"first\""] }
mistake! { wrong_parent: second("").replace("&[\"first\"]", "&[\"frist\"]") => ["\"frist\""] }
mistake! { not_an_enum_value: second(r#"op.alter_column("job", "status").set_default("finished");"#) => ["\"finished\""] }
mistake! { decision: second("if true {\n        op.drop_table(\"job\");\n    }") => ["if"] }
mistake! { closure: second(r#"op.create_table("note", |table| { table.column("id"); });"#) => ["|"] }
mistake! { vector: second(r#"op.create_index("ix", "job", vec!["status"]);"#) => ["vec"] }
mistake! { type_that_the_dialect_lacks: second(r#"op.add_column("job", "took", interval());"#) => ["add_column"] }
mistake! { undeclared_ddl: second(r#"op.execute("CREATE TABLE note (id bigint)");"#) => ["\"CREATE TABLE note (id bigint)\""] }
mistake! { value_that_does_not_fit: second(
    r#"op.insert("job", ["id", "status", "attempts"]).row((1, "done", 3)).row((2, "queued", "many"));"#
) => ["\"many\"", "\"many\""] }
mistake! { table_of_the_history: second(
    r#"op.create_table("Alembic_Version").column("version_num", varchar(32).not_null());"#
) => ["create_table"] }
mistake! { used_twice: second(
    "let note = text().not_null();\n    op.add_column(\"job\", \"a\", note);\n    op.add_column(\"job\", \"b\", note);"
) => ["note"] }
mistake! { several_at_once: second(
    "op.drop_tabel(\"job\");\n    let note = txt();\n    op.add_column(\"job\", \"note\", note);\n    op.execute(5);"
) => ["drop_tabel", "txt", "5"] }
