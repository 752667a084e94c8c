//! Sequences: create, alter, drop.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, Literal, Schema, SchemaObject, SchemaObjectKind, Sequence, SequenceOwner};
use crate::source::{Located, Name, Origin};

impl Editor<'_> {
    /// The sequence of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn sequence(&self, name: &Name) -> Result<Sequence> {
        match self.schema.object(&SchemaObjectKind::Sequence.key(name)).map(AsRef::as_ref) {
            Some(SchemaObject::Sequence(sequence)) => Ok(sequence.clone()),
            _ => {
                let title = format!("sequence `{name}`");
                Err(self.missing_object(SchemaObjectKind::Sequence, name, &title, name.origin))
            }
        }
    }

    /// Creates a sequence.
    ///
    /// # Errors
    ///
    /// Its name is taken.
    pub fn create_sequence(&mut self, sequence: Located<Sequence>) -> Result<()> {
        let Located { value: sequence, origin } = sequence;
        self.check_free(&Name::new(sequence.name.clone(), origin))?;
        self.create_object(Located::new(SchemaObject::Sequence(sequence), origin))
    }

    /// Lets a sequence count otherwise, or gives it to a column.
    ///
    /// # Errors
    ///
    /// It is so already.
    pub fn alter_sequence(&mut self, before: Sequence, after: Located<Sequence>) -> Result<()> {
        if before == after.value {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("sequence `{}` is so already", before.name))
                    .at(after.origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        self.put_sequence(before, after.value);
        Ok(())
    }

    fn put_sequence(&mut self, before: Sequence, after: Sequence) {
        let to = Arc::new(SchemaObject::Sequence(after));
        let change = Change::ReplaceObject { from: Arc::new(SchemaObject::Sequence(before)), to: to.clone() };
        self.record(change, |schema| schema.put_object(to));
    }

    /// Drops a sequence.
    ///
    /// # Errors
    ///
    /// There is none, or a default has its numbers from it.
    pub fn drop_sequence(&mut self, name: &Name) -> Result<()> {
        self.sequence(name)?;
        self.check_not_default(name, name.origin, None)?;
        self.drop_object(SchemaObjectKind::Sequence, name, &format!("sequence `{name}`"), name.origin)
    }

    /// Refuses to drop a sequence that the default of a column may name, other than those that are dropped with it.
    fn check_not_default(&self, name: &str, origin: Origin, dropped: Option<(&str, Option<&str>)>) -> Result<()> {
        for table in self.schema.tables() {
            for column in &table.columns {
                let Some(Literal::Sql(default)) = &column.default else { continue };
                let goes = dropped
                    .is_some_and(|(gone, only)| table.name == gone && only.is_none_or(|only| column.name == only));
                if !goes && default.contains(name) {
                    let place = format!("{}.{}", table.name, column.name);
                    return Err(Box::new(
                        Diagnostic::new(Code::InUse, format!("sequence `{name}` is used by the default of `{place}`"))
                            .at(origin, "still in use")
                            .help("drop the default first: `.drop_default()`"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Takes the sequences from a table, or from one of its columns, that go away with it. They are dropped behind it.
    ///
    /// # Errors
    ///
    /// The default of another column has its numbers from one of them.
    pub(super) fn release_sequences(
        &mut self,
        table: &str,
        column: Option<&str>,
        origin: Origin,
    ) -> Result<Vec<EcoString>> {
        let owned = owned_by(&self.schema, table, column);
        for sequence in &owned {
            self.check_not_default(&sequence.name, origin, Some((table, column)))?;
        }
        let names = owned.iter().map(|sequence| sequence.name.clone()).collect();
        for before in owned {
            let after = Sequence { owner: None, ..before.clone() };
            self.put_sequence(before, after);
        }
        Ok(names)
    }

    /// Drops sequences that were released before what owned them was dropped.
    pub(super) fn drop_released(&mut self, names: Vec<EcoString>, origin: Origin) -> Result<()> {
        names.into_iter().try_for_each(|name| {
            self.drop_object(SchemaObjectKind::Sequence, &name, &format!("sequence `{name}`"), origin)
        })
    }
}

/// The sequences that a table owns, or one of its columns.
fn owned_by(schema: &Schema, table: &str, column: Option<&str>) -> Vec<Sequence> {
    let owned = |object: &Arc<SchemaObject>| match &**object {
        SchemaObject::Sequence(sequence) => {
            let owner = sequence.owner.as_ref()?;
            let here = owner.table == table && column.is_none_or(|column| owner.column == column);
            here.then(|| sequence.clone())
        }
        _ => None,
    };
    schema.objects().filter_map(owned).collect()
}

/// Lets sequences follow a column that got another name.
pub(super) fn follow_column(schema: &mut Schema, table: &str, from: &str, to: &EcoString) {
    for sequence in owned_by(schema, table, Some(from)) {
        let owner = Some(SequenceOwner { table: table.into(), column: to.clone() });
        schema.put_object(Arc::new(SchemaObject::Sequence(Sequence { owner, ..sequence })));
    }
}
