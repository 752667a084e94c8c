//! Enums: their values, and the swap of the type where Postgres cannot change them.

use std::sync::Arc;

use ecow::{EcoString, eco_format};

use super::super::locks::Kind;
use super::super::quote::{identifier, text, texts};
use super::super::statement::{
    AddEnumValue, AlterTable, CreateEnum, DropDomain, DropEnum, RenameEnum, RenameEnumValue, Statement,
};
use super::super::{clauses, objects, types};
use super::dependants::{Effect, Search};
use super::evolution::{Addition, Decision, Place};
use super::guards::Misfit;
use super::wording::Words;
use super::{Lowering, Result, wording};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Purpose, Step};
use crate::schema::names::Reference;
use crate::schema::{
    Cause, Column, ColumnType, Conversion, Dialect, Domain, Enumeration, Literal, Schema, SchemaObject,
    SchemaObjectKind, Table, Transition, naming,
};

impl Lowering<'_> {
    pub(super) fn create_enum(&mut self, index: usize, enumeration: &Enumeration, cause: &Arc<Cause>) {
        let (values, comment) = match self.evolution.decision(index) {
            Some(Decision::Created { values, folded: true }) => {
                (values.clone(), Some("with the values that later operations of this revision add"))
            }
            _ => (enumeration.values.clone(), None),
        };
        let values = values.iter().map(|value| text(value)).collect();
        self.push_with(cause, CreateEnum { name: self.names.of(&enumeration.name), values }, comment);
    }

    /// Adds values where and when the whole revision allows it.
    pub(super) fn add_enum_values(
        &mut self,
        index: usize,
        name: &str,
        from: &[EcoString],
        to: &[EcoString],
        cause: &Arc<Cause>,
    ) {
        match self.evolution.decision(index).cloned() {
            Some(Decision::InPlace(additions)) => {
                for addition in additions {
                    self.push(cause, self.add_enum_value(&addition, ""));
                }
            }
            Some(Decision::Ahead(additions)) => {
                for addition in additions {
                    let statement: Statement = self.add_enum_value(&addition, "IF NOT EXISTS ").into();
                    let step = Step::new(Purpose::Change(cause.clone()), statement.to_string())
                        .comment("committed before the rest, which may then use the value");
                    self.push_ahead(step);
                }
            }
            Some(Decision::Folded | Decision::Created { .. }) | None => {
                let added: Vec<&EcoString> = to.iter().filter(|value| !from.contains(value)).collect();
                let added = texts(added);
                self.remark(cause, format!("type {name} is created with {added} already"));
            }
        }
    }

    fn add_enum_value(&self, addition: &Addition, condition: &'static str) -> AddEnumValue {
        AddEnumValue {
            name: self.names.of(&addition.enumeration),
            condition,
            value: text(&addition.value),
            position: match &addition.place {
                Place::Last => None,
                Place::Before(other) => Some(format!("BEFORE {}", text(other))),
                Place::After(other) => Some(format!("AFTER {}", text(other))),
            },
        }
    }

    /// Renames a value, unless words about a column of the enum name it: the server follows in what it has made of them,
    /// and they themselves would go on naming the old one, or later another value of that name.
    pub(super) fn rename_enum_value(
        &mut self,
        name: &str,
        from: &str,
        to: &str,
        schema: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let of_columns = schema
            .columns_of_enum(name)
            .flat_map(|(table, column)| schema.references_to_column(&table.name, &column.name, Dialect::Postgres));
        let as_type = schema.references_to_enumeration(name, Dialect::Postgres);
        let mut naming = of_columns.chain(as_type).filter(|reference| wording::names_value(&reference.text, from));
        if let Some(Reference { dependant, .. }) = naming.next() {
            return Err(named(name, from, &dependant.to_string(), cause));
        }
        let says_it = |domain: &&Domain| domain.texts().any(|text| wording::names_value(text, from));
        if let Some(domain) = schema.domains_over(name).into_iter().find(says_it) {
            return Err(named_by_rule(name, from, domain, cause));
        }
        self.push(cause, RenameEnumValue { name: self.names.of(name), from: text(from), to: text(to) });
        Ok(())
    }

    /// Gives an enum another list of values: by adding, if that is all, else by another type in its place.
    pub(super) fn replace_enum_values(
        &mut self,
        index: usize,
        name: &EcoString,
        from: &[EcoString],
        to: &[EcoString],
        conversion: &Conversion,
        transition: &Transition,
    ) -> Result<()> {
        let Transition { before, cause, .. } = transition;
        let Some(Decision::Created { values, .. }) = self.evolution.decision(index).cloned() else {
            self.add_enum_values(index, name, from, to, cause);
            return Ok(());
        };
        let fates = fates(from, to, conversion);
        let types = before.types_over(name);
        let mut users: Vec<(&Arc<Table>, &Column)> = before.columns_of_enum(name).collect();
        for composite in types.iter().filter(|made| made.kind() == SchemaObjectKind::Composite) {
            check_moves_nothing(composite, name, &fates, cause)?;
            let columns = before.columns_of_type(composite.name());
            let new = |(table, column): &(&Arc<Table>, &Column)| {
                !users.iter().any(|(other, own)| other.name == table.name && own.name == column.name)
            };
            let new: Vec<_> = columns.filter(new).collect();
            users.extend(new);
        }
        let gone: Vec<EcoString> = from.iter().filter(|value| !to.contains(value)).cloned().collect();
        let mut search = Search::new(before, cause);
        for (table, column) in &users {
            self.check_not_dividing(table, &column.name, cause)?;
            if column.generated.is_some() {
                search.generated_column(table, column, &gone)?;
            } else {
                search.column(table, &column.name, Effect::Swapped(&gone))?;
                // Inside of composite values only the cast can tell what is wrong.
                if column.column_type.enumeration().is_some() {
                    self.guard_swap(table, column, name, &fates);
                }
            }
        }
        search.enumeration(name, &gone)?;
        for made in &types {
            search.enumeration(made.name(), &gone)?;
            if let SchemaObject::Domain(domain) = made {
                check_rules(domain, name, &gone, before, cause)?;
            }
        }
        let in_the_way = search.found;
        let users: Vec<_> = users.into_iter().filter(|(_, column)| column.generated.is_none()).collect();
        let own_things = std::iter::once(self.type_thing(name));
        let things = own_things.chain(types.iter().map(|made| self.made_type_thing(made))).collect();
        self.set_aside(in_the_way, things, before, cause)?;
        let full = self.names.of(name);
        let aside = self.free_name(name, before);
        let mut statements: Vec<Statement> = vec![
            RenameEnum { name: full.clone(), to: identifier(&aside) }.into(),
            CreateEnum { name: full.clone(), values: values.iter().map(|value| text(value)).collect() }.into(),
        ];
        let mut old_types: Vec<Statement> = Vec::new();
        for made in &types {
            let aside = self.free_name(made.name(), before);
            statements.push(RenameEnum { name: self.names.of(made.name()), to: identifier(&aside) }.into());
            statements.extend(self.in_words(objects::create(made, before, self.names), cause)?);
            let old = self.names.of(&aside);
            old_types.push(match made.kind() {
                SchemaObjectKind::Domain => DropDomain { name: old }.into(),
                _ => DropEnum { name: old }.into(),
            });
        }
        let mut tables: Vec<&Arc<Table>> = Vec::new();
        for (table, _) in &users {
            if !tables.iter().any(|other| other.name == table.name) {
                tables.push(table);
            }
        }
        let mut comments = Vec::new();
        for table in tables {
            let columns = users.iter().filter(|(other, _)| other.name == table.name).map(|(_, column)| *column);
            for column in columns.clone() {
                let own = self.drop_partition_defaults(column, table, before);
                statements.extend(own.into_iter().map(|(_, statement)| statement));
            }
            let actions = self.swap_columns(columns.clone(), &fates, cause)?;
            statements.push(AlterTable { table: self.names.of(&table.name), actions }.into());
            for column in columns {
                let own = self.set_partition_defaults(column, table, before, cause)?;
                statements.extend(own.into_iter().map(|(_, statement)| statement));
            }
            comments.extend(self.locks([(table.name.as_str(), Kind::ChangeType)]));
        }
        statements.extend(old_types.into_iter().rev());
        statements.push(DropEnum { name: self.names.of(&aside) }.into());
        let sql: Vec<String> = statements.iter().map(ToString::to_string).collect();
        let step = Step::new(Purpose::Change(cause.clone()), sql.join("\n"));
        self.out.body.push(comments.into_iter().fold(step, Step::comment));
        Ok(())
    }

    fn guard_swap(&mut self, table: &Table, column: &Column, name: &str, fates: &[Fate]) {
        let placed: Vec<&EcoString> =
            fates.iter().filter(|fate| fate.becomes.is_some()).map(|fate| &fate.value).collect();
        if placed.len() == fates.len() {
            return;
        }
        let quoted = identifier(&column.name);
        let condition = match (placed.is_empty(), column.column_type.plain()) {
            (true, _) => format!("{quoted} IS NOT NULL"),
            (false, ColumnType::Array(_)) => format!(
                "EXISTS (SELECT FROM unnest({quoted}::text[]) AS element WHERE element NOT IN ({}))",
                texts(placed)
            ),
            (false, _) => format!("{quoted}::text NOT IN ({})", texts(placed)),
        };
        let problem = format!("{}.{} has values that enum {name} is to lose", table.name, column.name);
        self.guard_rows(&table.name, Misfit { value: quoted, condition, problem });
    }

    fn swap_columns<'c>(
        &self,
        columns: impl Iterator<Item = &'c Column>,
        fates: &[Fate],
        cause: &Cause,
    ) -> Result<Vec<String>> {
        let mut actions = Vec::new();
        for column in columns {
            let name = identifier(&column.name);
            let target = types::sql(&column.column_type, self.names);
            let using = match column.column_type.plain() {
                ColumnType::Array(_) => {
                    " ".to_owned() + &swap_elements(&name, fates).ok_or_else(|| circular(column, cause))?
                }
                _ => swap_value(&name, fates),
            };
            let default = self.in_words(clauses::default(column, self.names), cause)?;
            if default.is_some() {
                actions.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
            }
            actions.push(format!("ALTER COLUMN {name} TYPE {target} USING{using}::{target}"));
            actions.extend(default.map(|default| format!("ALTER COLUMN {name} SET DEFAULT {default}")));
        }
        Ok(actions)
    }

    /// A name for the old type that nothing bears. The server adds names of its own for arrays, and moves them away.
    fn free_name(&self, name: &str, schema: &Schema) -> EcoString {
        let mut number = 1_u32;
        loop {
            let wanted = if number == 1 { eco_format!("{name}_old") } else { eco_format!("{name}_old{number}") };
            let candidate = naming::shorten(wanted);
            if schema.occupant(&candidate).is_none() {
                return candidate;
            }
            number += 1;
        }
    }
}

/// What becomes of an old value; none if nothing does.
struct Fate {
    value: EcoString,
    becomes: Option<EcoString>,
}

fn fates(from: &[EcoString], to: &[EcoString], conversion: &Conversion) -> Vec<Fate> {
    let label = |value: &Literal| match value {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    };
    let fate = |value: &EcoString| {
        let mapped = conversion.map.iter().find(|(old, _)| label(old).as_ref() == Some(value));
        let becomes = match mapped {
            Some((_, new)) => label(new),
            None if to.contains(value) => Some(value.clone()),
            None => conversion.otherwise.as_ref().and_then(label),
        };
        Fate { value: value.clone(), becomes }
    };
    from.iter().map(fate).collect()
}

/// The values that become others, in pairs.
fn moves(fates: &[Fate]) -> Vec<(&EcoString, &EcoString)> {
    let moved = |fate: &&Fate| fate.becomes.as_ref().is_some_and(|becomes| *becomes != fate.value);
    fates.iter().filter(moved).filter_map(|fate| Some((&fate.value, fate.becomes.as_ref()?))).collect()
}

fn swap_value(column: &str, fates: &[Fate]) -> String {
    let moves = moves(fates);
    if moves.is_empty() {
        return format!(" {column}::text");
    }
    let branches = moves.iter().map(|(old, new)| format!("WHEN {} THEN {}", text(old), text(new)));
    let branches: Vec<String> = branches.chain([format!("ELSE {column}::text")]).collect();
    format!("\n        CASE {column}::text\n            {}\n        END", branches.join("\n            "))
}

/// The elements of an array are replaced one value after the other, so a value must have moved on before another one
/// moves in. None if values change places in a circle.
fn swap_elements(column: &str, fates: &[Fate]) -> Option<String> {
    let mut rest = moves(fates);
    let mut expression = format!("{column}::text[]");
    while !rest.is_empty() {
        let next = rest.iter().position(|(_, new)| !rest.iter().any(|(old, _)| old == new))?;
        let (old, new) = rest.remove(next);
        expression = format!("array_replace({expression}, {}, {})", text(old), text(new));
    }
    Some(expression)
}

/// Refuses a rule of a domain that names a value which goes away.
fn check_rules(domain: &Domain, name: &str, gone: &[EcoString], schema: &Schema, cause: &Cause) -> Result<()> {
    for sql in domain.texts() {
        let words = Words { sql, name: "VALUE", sites: None };
        let Some(obstacle) = wording::obstacle(words, wording::Fate::Loses(gone), schema) else { continue };
        let message = format!("enum `{name}` cannot lose values while the rules of domain `{}` name them", domain.name);
        return Err(Box::new(
            Diagnostic::new(Code::NotYet, message)
                .at(cause.origin, format!("domain `{}` is in the way", domain.name))
                .note(format!("it cannot be made again by itself: {obstacle}"))
                .help(format!("change its rules first: `op.alter_domain({:?})`", domain.name)),
        ));
    }
    Ok(())
}

/// Refuses to give values inside of a composite type another value: its values are carried over as a whole.
fn check_moves_nothing(composite: &SchemaObject, name: &str, fates: &[Fate], cause: &Cause) -> Result<()> {
    if moves(fates).is_empty() {
        return Ok(());
    }
    let title = composite.title();
    Err(Box::new(
        Diagnostic::new(Code::NotYet, format!("values of enum `{name}` cannot be mapped inside of {title}"))
            .at(cause.origin, format!("{title} has an attribute of the enum"))
            .help(format!(
                "before the change let the columns of {title} be text, `.set_type(text())`, and drop it; behind the \
                 change create it again and set their type back, in the same revision"
            )),
    ))
}

fn named_by_rule(name: &str, value: &str, domain: &Domain, cause: &Cause) -> Box<Diagnostic> {
    let message = format!(
        "value `{value}` of enum `{name}` cannot be renamed while the rules of domain `{}` name it",
        domain.name
    );
    Box::new(
        Diagnostic::new(Code::NotYet, message)
            .at(cause.origin, format!("domain `{}` would go on naming `{value}`", domain.name))
            .help(format!("drop that rule before it, and add it again after it: `op.alter_domain({:?})`", domain.name)),
    )
}

fn named(name: &str, value: &str, dependant: &str, cause: &Cause) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            Code::NotYet,
            format!("value `{value}` of enum `{name}` cannot be renamed while {dependant} names it"),
        )
        .at(cause.origin, format!("{dependant} would go on naming `{value}`"))
        .help(format!(
            "drop {dependant} before it, and create it again with the new value after it, in the same revision"
        )),
    )
}

fn circular(column: &Column, cause: &Cause) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NotYet, format!("values in the arrays of `{}` change places in a circle", column.name))
            .at(cause.origin, "maps values onto each other")
            .help("map them in two revisions, by way of a value that is not in use"),
    )
}
