//! What grants and revocations have in common, as an author defines them.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Editor, Grant, GrantTarget, GrantTargetKind, Permission, Privilege};
use crate::source::{Located, Name};

/// Privileges on one object, and the roles that they are given to or taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct PrivilegesDefinition {
    pub privileges: Vec<Name>,
    pub columns: Vec<Name>,
    pub target: Option<(GrantTargetKind, Name)>,
    pub roles: Vec<Name>,
}

impl PrivilegesDefinition {
    /// Privileges of which the object and the roles are not known yet.
    pub fn new(privileges: Vec<Name>) -> Self {
        PrivilegesDefinition { privileges, columns: Vec::new(), target: None, roles: Vec::new() }
    }

    /// Does something for each of the roles.
    ///
    /// # Errors
    ///
    /// A part is missing or cannot be.
    pub fn for_each_role(
        &self,
        editor: &mut Editor<'_>,
        direction: &'static str,
        mut change: impl FnMut(&mut Editor<'_>, Grant<'_>) -> Result<()>,
    ) -> Result<()> {
        let target = self.target(editor)?;
        let permissions = self.permissions(editor, &target)?;
        if self.roles.is_empty() {
            return Err(self.incomplete(
                &format!("say {direction} whom"),
                &format!("name the roles: `.{direction}([\"authenticated\"])`"),
            ));
        }
        for role in &self.roles {
            editor.check_foreign_name(role)?;
            change(editor, Grant { target: &target, role, permissions: &permissions })?;
        }
        Ok(())
    }

    fn target(&self, editor: &Editor<'_>) -> Result<GrantTarget> {
        match &self.target {
            Some((kind, name)) => editor.grant_target(*kind, name),
            None => Err(self.incomplete("say on what", "name the object: `.on_table(\"job\")`")),
        }
    }

    fn permissions(&self, editor: &Editor<'_>, target: &GrantTarget) -> Result<Vec<Located<Permission>>> {
        let mut permissions = Vec::new();
        for word in &self.privileges {
            for privilege in self.privileges_of(word, target)? {
                if self.columns.is_empty() {
                    permissions.push(Located::new(Permission { privilege, column: None }, word.origin));
                }
                for column in &self.columns {
                    editor.check_grant_column(target, column)?;
                    let column = Some(column.value.clone());
                    permissions.push(Located::new(Permission { privilege, column }, word.origin));
                }
            }
        }
        if permissions.is_empty() {
            return Err(self.incomplete("names no privilege", "name one, such as `select`, or `all`"));
        }
        Ok(permissions)
    }

    /// The privileges that a word stands for.
    fn privileges_of(&self, word: &Name, target: &GrantTarget) -> Result<Vec<Privilege>> {
        let known = if self.columns.is_empty() { target.kind.privileges() } else { target.kind.column_privileges() };
        if known.is_empty() {
            let message = format!("{target} has no columns that privileges could be about");
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, message)
                    .at(word.origin, "with `.columns(…)`")
                    .help("leave out `.columns(…)`"),
            ));
        }
        if word.eq_ignore_ascii_case("all") {
            return Ok(known.to_vec());
        }
        match known.iter().find(|privilege| privilege.keyword().eq_ignore_ascii_case(word)) {
            Some(privilege) => Ok(vec![*privilege]),
            None => {
                let object = if self.columns.is_empty() { target.to_string() } else { format!("a column of {target}") };
                let words: Vec<String> =
                    known.iter().map(|privilege| format!("`{}`", privilege.keyword().to_lowercase())).collect();
                Err(Box::new(
                    Diagnostic::new(Code::InvalidValue, format!("there is no privilege `{word}` on {object}"))
                        .at(word.origin, "no such privilege")
                        .help(format!("write {} or `all`", words.join(", "))),
                ))
            }
        }
    }

    fn incomplete(&self, problem: &str, help: &str) -> Box<Diagnostic> {
        let origin = self.privileges.first().map_or(crate::source::Origin::Unknown, |word| word.origin);
        Box::new(
            Diagnostic::new(Code::NothingToDo, format!("privileges need more to be said: {problem}"))
                .at(origin, "incomplete")
                .help(help),
        )
    }

    /// The object in a few words.
    pub fn title(&self) -> EcoString {
        self.target.as_ref().map(|(_, name)| name.value.clone()).unwrap_or_default()
    }
}
