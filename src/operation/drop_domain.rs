//! Drop a domain.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a domain.
#[derive(Debug, Clone, PartialEq)]
pub struct DropDomain {
    name: Name,
}

operation! {
    /// Drops a domain.
    ///
    /// `op.postgres().drop_domain("percentage");`
    fn drop_domain(name: Name) -> DropDomain {
        DropDomain { name }
    }
}

impl DropDomain {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_domain(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_domain ", &self.name])
    }
}
