//! Keeps the checks of all columns of an enum in step with its values.

use ecow::EcoString;

use super::lower::{Lowering, Result, required};
use super::quote;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Change, ColumnType, Conversion, IndexKey, Literal, Rule, Schema, Table, Transition, tokens};

impl Lowering<'_> {
    pub fn change_enum_values(&mut self, index: usize, name: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        let columns: Vec<(EcoString, EcoString)> = transition
            .before
            .columns_of_enum(name)
            .map(|(table, column)| (table.name.clone(), column.name.clone()))
            .collect();
        if columns.is_empty() {
            self.note(&transition.cause, "no column has this enum; nothing to do");
        }
        check_not_in_text(transition, name, &columns)?;
        let text = |value: &EcoString| Literal::Text(value.clone());
        let conversion = match &transition.change {
            Change::RenameEnumValue { from, to, .. } => {
                Some(Conversion { map: vec![(text(from), text(to))], ..Conversion::default() })
            }
            Change::ReplaceEnumValues { from, to, conversion, .. } => {
                let kept = from.iter().all(|value| to.contains(value));
                (!kept || !conversion.is_empty()).then(|| conversion.clone())
            }
            // No value becomes another one.
            _ => None,
        };
        for (table, column) in columns {
            if !self.folds(index, &table) {
                let kind = ColumnType::Enumeration(name.clone());
                self.guard_values(index, &table, &column, [&kind, &kind], format!("the enum `{name}`"))?;
                let statements = self.exchange_enum_check(index, &table, &column);
                self.changes_in_place(index, &statements);
                continue;
            }
            match &conversion {
                Some(conversion) => {
                    let kind = ColumnType::Enumeration(name.clone());
                    let title = format!("the enum `{name}`");
                    self.fold_type(index, &table, &column, [&kind, &kind], conversion, title)?;
                }
                None => {
                    self.pending(index, &table)?;
                }
            }
        }
        Ok(())
    }
}

/// Refuses that a value goes away which stands in the text of an expression: that would go on speaking of it.
fn check_not_in_text(transition: &Transition, name: &str, columns: &[(EcoString, EcoString)]) -> Result<()> {
    let gone: Vec<&EcoString> = match &transition.change {
        Change::RenameEnumValue { from, .. } => vec![from],
        Change::ReplaceEnumValues { from, to, .. } => from.iter().filter(|value| !to.contains(value)).collect(),
        _ => Vec::new(),
    };
    for value in gone {
        for (table, column) in columns {
            let known = required(transition.before.table(table));
            if let Some(object) = object_with_value(known, column, value, &transition.before) {
                let message = format!("{object} names the value `{value}` of enum `{name}`");
                return Err(Box::new(
                    Diagnostic::new(Code::InUse, message)
                        .at(transition.cause.origin, "changes this value")
                        .note("SQLite keeps the value in the text of the expression, which would not follow")
                        .help("drop it before the change and create it again after it"),
                ));
            }
        }
    }
    Ok(())
}

/// The object whose text has this value where it speaks of the column.
fn object_with_value(table: &Table, column: &str, value: &str, schema: &Schema) -> Option<String> {
    let literal = quote::text(value);
    let has = |text: &str| {
        let stands = |token: tokens::Token<'_>| token.kind == tokens::TokenKind::Text && token.text == literal;
        tokens::mentions(text, column) && tokens::tokens(text).any(stands)
    };
    let constraint = table.constraints.iter().find(|constraint| match &constraint.rule {
        Rule::Check { expression } => has(expression),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => false,
    });
    if let Some(constraint) = constraint {
        return Some(format!("the {constraint}"));
    }
    let index = table.indexes.iter().find(|index| {
        let part = |key: &IndexKey| matches!(key, IndexKey::Expression(text) if has(text));
        index.parts.iter().any(|one| part(&one.key)) || index.filter.as_deref().is_some_and(has)
    });
    if let Some(index) = index {
        return Some(format!("the index `{}`", index.name));
    }
    let generated = table.columns.iter().find(|other| other.generated.as_deref().is_some_and(has));
    if let Some(generated) = generated {
        return Some(format!("the generated column `{}.{}`", table.name, generated.name));
    }
    let view = schema.views().find(|view| tokens::mentions(&view.query, &table.name) && has(&view.query));
    if let Some(view) = view {
        return Some(format!("the view `{}`", view.name));
    }
    let trigger = schema.triggers().find(|trigger| {
        let near = trigger.table == table.name || tokens::mentions(&trigger.definition, &table.name);
        near && has(&trigger.definition)
    });
    trigger.map(|trigger| format!("the trigger `{}`", trigger.name))
}
