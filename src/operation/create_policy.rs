//! Create a policy of row-level security.

use ecow::{EcoString, eco_format};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Combination, Editor, Policy, PolicyCommand, SchemaObject, Sql};
use crate::source::{Located, Name};

/// Creates a policy of row-level security.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePolicy {
    name: Name,
    table: Name,
    combination: Combination,
    command: Option<Name>,
    roles: Vec<Name>,
    using: Option<Sql>,
    with_check: Option<Sql>,
}

operation! {
    /// Creates a policy, which lets rows of a table through. It has an effect once the table has row-level security.
    ///
    /// `op.postgres().create_policy("own_jobs", "job").for_command("select").to(["authenticated"]).using("owner_id = (SELECT auth.uid())");`
    fn create_policy(name: Name, table: Name) -> CreatePolicy {
        CreatePolicy {
            name,
            table,
            combination: Combination::Permissive,
            command: None,
            roles: Vec::new(),
            using: None,
            with_check: None,
        }
    }

    /// What the policy is for: `select`, `insert`, `update`, `delete`, or `all`, which it is for without this.
    fn for_command(policy @ _, command: Name) { policy.command = Some(command) }

    /// The roles that the policy is for. Without this it is for all of them, which `"public"` says too.
    fn to(policy @ _, roles: Vec<Name>) { policy.roles = roles }

    /// Which rows are there to be seen, changed and deleted: those for which this SQL condition is true.
    fn using(policy @ _, condition: Sql) { policy.using = Some(condition) }

    /// Which rows may be written: those for which this SQL condition is true. Without it, those of `using`.
    fn with_check(policy @ _, condition: Sql) { policy.with_check = Some(condition) }

    /// Narrows what the other policies of the table let through, where a policy by itself lets more through.
    fn restrictive(policy @ _) { policy.combination = Combination::Restrictive }
}

impl CreatePolicy {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.check_name(&self.name)?;
        let table = editor.table(&self.table)?.name.clone();
        self.roles.iter().try_for_each(|role| editor.check_foreign_name(role))?;
        let command = self.command()?;
        self.check_conditions(command)?;
        let text = |sql: &Option<Sql>| sql.as_ref().map(|sql| editor.expression(sql)).transpose();
        let policy = Policy {
            name: self.name.value.clone(),
            table,
            combination: self.combination,
            command,
            roles: self.roles.iter().map(|role| role.value.clone()).collect(),
            using: text(&self.using)?.map(|text| text.value),
            with_check: text(&self.with_check)?.map(|text| text.value),
        };
        editor.create_object(Located::new(SchemaObject::Policy(policy), self.name.origin))
    }

    fn command(&self) -> Result<PolicyCommand> {
        let Some(word) = &self.command else { return Ok(PolicyCommand::All) };
        let known = PolicyCommand::LIST.into_iter().find(|command| command.keyword().eq_ignore_ascii_case(word));
        known.ok_or_else(|| {
            Box::new(
                Diagnostic::new(Code::InvalidValue, format!("a policy cannot be for `{word}`"))
                    .at(word.origin, "no command of a policy")
                    .help("write `select`, `insert`, `update`, `delete` or `all`"),
            )
        })
    }

    /// Each condition has something to say about the command, and there is one.
    fn check_conditions(&self, command: PolicyCommand) -> Result<()> {
        let pointless = |sql: &Sql, problem: &str, help: &str| {
            let message = format!("a policy for {} {problem}", command.keyword());
            Err(Box::new(Diagnostic::new(Code::InvalidValue, message).at(sql.origin(), "never asked").help(help)))
        };
        match (&self.using, &self.with_check) {
            (Some(using), _) if !command.reads_rows() => {
                pointless(using, "looks at no rows that are there", "write the condition with `.with_check(…)`")
            }
            (_, Some(check)) if !command.writes_rows() => {
                pointless(check, "writes no rows", "write the condition with `.using(…)`")
            }
            (None, None) => Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("policy `{}` has no condition", self.name))
                    .at(self.name.origin, "lets nothing through")
                    .help("say which rows with `.using(\"…\")` or `.with_check(\"…\")`; `true` is all of them"),
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("create_policy {} on {}", self.name, self.table)
    }
}
