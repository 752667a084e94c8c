//! Replace the values of an enum.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Conversion, Editor, Literal};
use crate::source::{Name, joined};

/// Replaces the list of values of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceEnumValues {
    name: Name,
    values: Vec<Name>,
    map: Vec<(Name, Name)>,
    otherwise: Option<Name>,
}

operation! {
    /// Replaces the list of values of an enum: removes, adds or reorders them. Rows with a value that goes away stop the script, unless `.map` or `.otherwise` says what they become.
    ///
    /// `op.replace_enum_values("job_status", ["open", "closed"]).map([("queued", "open"), ("done", "closed")]);`
    fn replace_enum_values(name: Name, values: Vec<Name>) -> ReplaceEnumValues {
        ReplaceEnumValues { name, values, map: Vec::new(), otherwise: None }
    }

    /// What values that go away become: `.map([("error", "failed")])`.
    fn map(replace @ _, pairs: Vec<(Name, Name)>) { replace.map = pairs }

    /// What every value becomes that goes away and that the map does not name.
    fn otherwise(replace @ _, value: Name) { replace.otherwise = Some(value) }
}

impl ReplaceEnumValues {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let enumeration = editor.enumeration(&self.name)?;
        let new = |value: &Name| {
            let found = self.values.contains(value);
            found.then(|| Literal::Text(value.value.clone())).ok_or_else(|| {
                let values = self.values.iter().map(Name::as_str);
                not_a_value(value, "the new list does not have it", values)
            })
        };
        let mut map = Vec::with_capacity(self.map.len());
        for (old, replacement) in &self.map {
            if !enumeration.values.contains(&old.value) {
                let values = enumeration.values.iter().map(EcoString::as_str);
                return Err(not_a_value(old, "the enum does not have it", values));
            }
            map.push((Literal::Text(old.value.clone()), new(replacement)?));
        }
        let conversion = Conversion { using: None, map, otherwise: self.otherwise.as_ref().map(new).transpose()? };
        editor.replace_enum_values(&self.name, &self.values, conversion)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["replace_enum_values ", &self.name])
    }
}

fn not_a_value<'a>(value: &Name, label: &str, values: impl Iterator<Item = &'a str> + Clone) -> Box<Diagnostic> {
    let known = values.clone().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    Box::new(
        Diagnostic::new(Code::NotAnEnumValue, format!("`{value}` is not one of the values"))
            .at(value.origin, label)
            .did_you_mean(value, values)
            .help(format!("write one of the values: {known}")),
    )
}
