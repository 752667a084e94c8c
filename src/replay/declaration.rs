//! Raw SQL that changes the schema has its change declared after it.

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::{Operation, Recorded};
use crate::schema::Dialect;
use crate::schema::statements::{Statement, statements};

/// Checks the operation at the start of `operations`, if it is raw SQL, against the declarations that follow it.
///
/// # Errors
///
/// A statement changes the schema, and no declaration after it speaks of it.
pub fn check(operations: &[Recorded], dialect: Dialect) -> Result<()> {
    let Some((Recorded { operation: Operation::Execute(execute), .. }, following)) = operations.split_first() else {
        return Ok(());
    };
    let Some(text) = execute.sql().text(dialect) else { return Ok(()) };
    let in_scope = |recorded: &&Recorded| recorded.scope.is_none_or(|scope| scope == dialect);
    let mut declared: Vec<&Operation> = following
        .iter()
        .filter(in_scope)
        .take_while(|recorded| recorded.declared)
        .map(|recorded| &recorded.operation)
        .collect();
    for statement in statements(text).iter().filter(|statement| statement.is_ddl()) {
        if declared.iter().any(|operation| matches!(operation, Operation::Nothing(_))) {
            continue;
        }
        match declared.iter().position(|operation| speaks_of(operation, statement)) {
            Some(position) => {
                declared.remove(position);
            }
            None => {
                return Err(Box::new(
                    Diagnostic::new(Code::UndeclaredDdl, "raw SQL changes the schema without a declaration")
                        .at(text.origin, format!("`{} …` is not declared", statement.beginning()))
                        .help(format!("write after it {}", suggestion(statement))),
                ));
            }
        }
    }
    Ok(())
}

/// Whether a declared operation may be what a statement does.
fn speaks_of(operation: &Operation, statement: &Statement<'_>) -> bool {
    let is = |verb: &str, object: &str| statement.begins_with(&[verb]) && early_word(statement, object);
    use Operation as O;
    match operation {
        O::CreateTable(_) | O::CreatePartition(_) => is("CREATE", "TABLE") || statement.has_word("INTO"),
        O::DropTable(_) | O::DropPartition(_) => is("DROP", "TABLE"),
        O::CreateIndex(_) => is("CREATE", "INDEX"),
        O::SetStorageParameter(_) | O::ResetStorageParameter(_) => is("ALTER", "TABLE") || is("ALTER", "INDEX"),
        O::DropIndex(_) => is("DROP", "INDEX"),
        O::RenameIndex(_) => is("ALTER", "INDEX"),
        O::CreateEnum(_) | O::CreateCompositeType(_) => is("CREATE", "TYPE"),
        O::DropEnum(_) | O::DropCompositeType(_) => is("DROP", "TYPE"),
        O::CreateDomain(_) => is("CREATE", "DOMAIN"),
        O::AlterDomain(_) => is("ALTER", "DOMAIN"),
        O::DropDomain(_) => is("DROP", "DOMAIN"),
        O::RenameEnum(_) | O::AddEnumValue(_) | O::RenameEnumValue(_) | O::ReplaceEnumValues(_) => is("ALTER", "TYPE"),
        O::CreateSequence(_) => is("CREATE", "SEQUENCE"),
        O::AlterSequence(_) => is("ALTER", "SEQUENCE"),
        O::DropSequence(_) => is("DROP", "SEQUENCE"),
        O::CreateView(_) => is("CREATE", "VIEW") && !early_word(statement, "MATERIALIZED"),
        O::DropView(_) => is("DROP", "VIEW") && !early_word(statement, "MATERIALIZED"),
        O::CreateMaterializedView(_) => is("CREATE", "MATERIALIZED"),
        O::DropMaterializedView(_) => is("DROP", "MATERIALIZED"),
        O::CreateTrigger(_) => is("CREATE", "TRIGGER"),
        O::DropTrigger(_) => is("DROP", "TRIGGER"),
        O::CreatePolicy(_) => is("CREATE", "POLICY"),
        O::DropPolicy(_) => is("DROP", "POLICY"),
        O::CreateFunction(_) => is("CREATE", "FUNCTION"),
        O::DropFunction(_) => is("DROP", "FUNCTION"),
        O::CreateProcedure(_) => is("CREATE", "PROCEDURE"),
        O::DropProcedure(_) => is("DROP", "PROCEDURE"),
        O::CreateSchema(_) => is("CREATE", "SCHEMA"),
        O::DropSchema(_) => is("DROP", "SCHEMA"),
        O::CreateExtension(_) => is("CREATE", "EXTENSION"),
        O::DropExtension(_) => is("DROP", "EXTENSION"),
        O::Grant(_) => statement.begins_with(&["GRANT"]),
        O::Revoke(_) => statement.begins_with(&["REVOKE"]),
        O::EnableRowLevelSecurity(_) | O::DisableRowLevelSecurity(_) => {
            is("ALTER", "TABLE") && statement.has_word("SECURITY")
        }
        O::SetTableComment(_) | O::DropTableComment(_) => statement.begins_with(&["COMMENT"]),
        O::RenameTable(_)
        | O::AddColumn(_)
        | O::DropColumn(_)
        | O::RenameColumn(_)
        | O::AlterColumn(_)
        | O::CreatePrimaryKey(_)
        | O::CreateUniqueConstraint(_)
        | O::CreateCheckConstraint(_)
        | O::CreateForeignKey(_)
        | O::CreateExclusionConstraint(_)
        | O::DropConstraint(_)
        | O::DropPrimaryKey(_)
        | O::DropUniqueConstraint(_)
        | O::DropCheckConstraint(_)
        | O::DropForeignKey(_)
        | O::AlterConstraint(_)
        | O::RenameConstraint(_)
        | O::ValidateConstraint(_)
        | O::AttachPartition(_)
        | O::DetachPartition(_) => is("ALTER", "TABLE") || statement.begins_with(&["COMMENT"]),
        // These change rows alone.
        O::RefreshMaterializedView(_) | O::Insert(_) | O::Update(_) | O::Delete(_) => false,
        O::Execute(_) | O::Irreversible(_) => false,
        O::Nothing(_) => true,
    }
}

/// The kind of object stands behind words such as `OR REPLACE`, `UNIQUE` or `TEMPORARY`.
fn early_word(statement: &Statement<'_>, word: &str) -> bool {
    statement.tokens.iter().take(5).any(|token| token.is_word(word))
}

fn suggestion(statement: &Statement<'_>) -> String {
    let privileges = [("GRANT", "`op.declare().grant(…)`"), ("REVOKE", "`op.declare().revoke(…)`")];
    if let Some((_, words)) = privileges.iter().find(|(verb, _)| statement.begins_with(&[verb])) {
        return (*words).to_string();
    }
    let known: &[(&str, &str, &str)] = &[
        ("CREATE", "TABLE", "`op.declare().create_table(…)` with its columns"),
        ("DROP", "TABLE", "`op.declare().drop_table(…)`"),
        ("CREATE", "INDEX", "`op.declare().create_index(…)`"),
        ("DROP", "INDEX", "`op.declare().drop_index(…)`"),
        ("CREATE", "TYPE", "`op.declare().create_enum(…)` or `op.declare().create_composite_type(…)`"),
        ("CREATE", "DOMAIN", "`op.declare().create_domain(…)`"),
        ("CREATE", "MATERIALIZED", "`op.declare().create_materialized_view(…)`"),
        ("CREATE", "VIEW", "`op.declare().create_view(…)`"),
        ("CREATE", "SEQUENCE", "`op.declare().create_sequence(…)`"),
        ("CREATE", "TRIGGER", "`op.declare().create_trigger(…)`"),
        ("CREATE", "POLICY", "`op.declare().create_policy(…)`"),
        ("CREATE", "FUNCTION", "`op.declare().create_function(…)`"),
        ("CREATE", "PROCEDURE", "`op.declare().create_procedure(…)`"),
        ("CREATE", "SCHEMA", "`op.declare().create_schema(…)`"),
        ("CREATE", "EXTENSION", "`op.declare().create_extension(…)`"),
        ("ALTER", "TABLE", "what it changes, for example `op.declare().add_column(…)`"),
    ];
    let known = known.iter().find(|(verb, object, _)| statement.begins_with(&[verb]) && early_word(statement, object));
    match known {
        Some((.., words)) => (*words).to_string(),
        None => "`op.declare().nothing(\"…\")` with the reason why the schema stays as it is".to_string(),
    }
}
