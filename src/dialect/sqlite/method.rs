//! Which changes SQLite can make in place, and which need a table to be built anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

use super::conversion;
use super::definition::{column_definition, is_rowid_name, unchecked_definition};
use super::types::{self, Class, Held};
use crate::dialect::Settings;
use crate::schema::names::expression_names_column;
use crate::schema::{Change, Column, ColumnType, Constraint, Dialect, Facet, Literal, Rule, Schema, Table, Transition};

/// A table that has to be rebuilt, by its name after the change, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuild {
    pub table: EcoString,
    pub reason: String,
}

/// The version in which SQLite learned to change NOT NULL and checks in place.
const ALTERS_RULES: (u32, u32) = (3, 53);

/// The version in which SQLite learned to drop foreign keys in place.
const DROPS_FOREIGN_KEYS: (u32, u32) = (3, 54);

/// Whether NOT NULL and named checks can be changed in place.
pub fn alters_rules_in_place(settings: &Settings) -> bool {
    settings.sqlite_version >= ALTERS_RULES
}

/// The tables that a change forces to be rebuilt; none where SQLite can make the change in place, or where the change
/// means nothing to it.
pub fn rebuilds(transition: &Transition, settings: &Settings) -> Vec<Rebuild> {
    let one = |table: &EcoString, reason: String| vec![Rebuild { table: table.clone(), reason }];
    match &transition.change {
        Change::RenameTable { from, to } => {
            let uses_enum = |column: &Arc<Column>| matches!(column.column_type, ColumnType::Enumeration(_));
            match transition.after.table(to) {
                Some(table) if table.columns.iter().any(uses_enum) => {
                    let columns: Vec<&EcoString> = table.columns.iter().map(|column| &column.name).collect();
                    if exchanges_enum_checks(transition, [from, to], &columns, settings) {
                        return Vec::new();
                    }
                    one(to, "the checks of its enums bear the name of the table".into())
                }
                _ => Vec::new(),
            }
        }
        Change::RenameColumn { table, from, to } if is_renamed_by_rebuild(transition, table, [from, to]) => {
            let reason = "newer versions of SQLite cannot rename a column from or to a name of the row number";
            let referring =
                transition.after.inbound_foreign_keys(table).filter(|(_, _, key)| key.referred_columns.contains(to));
            let mut all = one(table, reason.into());
            for (other, ..) in referring.filter(|(other, ..)| other.name != *table) {
                let reason = format!("its foreign key names {table}.{from}, which gets another name in a rebuild");
                all.push(Rebuild { table: other.name.clone(), reason });
            }
            all
        }
        Change::RenameColumn { table, from, to } => {
            let column = transition.after.table(table).and_then(|table| table.column(to));
            match column.map(|column| &column.column_type) {
                Some(ColumnType::Enumeration(_))
                    if !exchanges_enum_checks(transition, [table, table], &[from, to], settings) =>
                {
                    one(table, "the check of its enum bears the name of the column".into())
                }
                _ => Vec::new(),
            }
        }
        Change::AddColumn { table, column } => {
            let known = transition.after.table(table);
            let reason = known.and_then(|known| added_by_rebuild(column, known, &transition.after));
            reason.map(|reason| one(table, reason.into())).unwrap_or_default()
        }
        Change::DropColumn { table, column } => {
            let known = transition.before.table(table);
            let reason = known.and_then(|known| dropped_by_rebuild(&column.name, known, &transition.before));
            let has_check = matches!(column.column_type, ColumnType::Enumeration(_));
            let stays = has_check && !exchanges_enum_checks(transition, [table, table], &[&column.name], settings);
            let reason = reason.or(stays.then_some("the check of its enum may stand behind the columns"));
            reason.map(|reason| one(table, reason.into())).unwrap_or_default()
        }
        Change::AlterColumn { table, column, facet } => {
            let sides = [&transition.before, &transition.after];
            let [before, after] = sides.map(|schema| schema.table(table));
            match (before, after) {
                (Some(before), Some(after)) => {
                    let sides = [(before.as_ref(), &transition.before), (after.as_ref(), &transition.after)];
                    let reason = altered_by_rebuild(column, facet, sides, settings);
                    reason.map(|reason| one(table, reason)).unwrap_or_default()
                }
                _ => Vec::new(),
            }
        }
        Change::AddConstraint { table, constraint } | Change::DropConstraint { table, constraint } => {
            let drops = matches!(transition.change, Change::DropConstraint { .. });
            let in_place = match &constraint.rule {
                Rule::Check { .. } => alters_rules_in_place(settings),
                Rule::ForeignKey(_) => drops && settings.sqlite_version >= DROPS_FOREIGN_KEYS,
                Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Exclusion(_) => false,
            };
            let nameable = match &constraint.name {
                Some(name) => is_one_name(transition, [table, table], name),
                None => !drops,
            };
            match (in_place, nameable) {
                (true, true) => Vec::new(),
                (true, false) => one(table, format!("no name tells the {} from others", constraint.rule.kind())),
                (false, _) => one(table, format!("a {} is part of the table", constraint.rule.kind())),
            }
        }
        Change::RenameConstraint { table, from, to } => {
            let constraint = transition.before.table(table).and_then(|known| known.constraint(from));
            let is_check = constraint.is_some_and(|constraint| matches!(constraint.rule, Rule::Check { .. }));
            let is_one = [from, to].into_iter().all(|name| is_one_name(transition, [table, table], name));
            if is_check && is_one && alters_rules_in_place(settings) {
                return Vec::new();
            }
            one(table, "the name of a constraint is part of the table".into())
        }
        Change::SetDeferrability { table, .. } => {
            one(table, "when a foreign key is checked is part of the table".into())
        }
        Change::AddEnumValue { name, .. }
        | Change::RenameEnumValue { name, .. }
        | Change::ReplaceEnumValues { name, .. } => {
            let keeps_values = match &transition.change {
                Change::AddEnumValue { .. } => true,
                Change::ReplaceEnumValues { conversion, .. } => conversion.is_empty(),
                _ => false,
            };
            let mut tables: BTreeMap<&EcoString, Vec<&EcoString>> = BTreeMap::new();
            for (table, column) in transition.before.columns_of_enum(name) {
                tables.entry(&table.name).or_default().push(&column.name);
            }
            let by_rebuild = tables.into_iter().filter(|(table, columns)| {
                !keeps_values || !exchanges_enum_checks(transition, [table, table], columns, settings)
            });
            let reason = format!("the values of `{name}` stand in its checks");
            by_rebuild.map(|(table, _)| Rebuild { table: table.clone(), reason: reason.clone() }).collect()
        }
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::SetTableComment { .. }
        | Change::SetStorageParameter { .. }
        | Change::SetValidity { .. }
        | Change::CreateIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::RenameEnum { .. }
        | Change::CreateView(_)
        | Change::DropView(_)
        | Change::RefreshView { .. }
        | Change::ReplaceView { .. }
        | Change::CreateTrigger(_)
        | Change::DropTrigger(_)
        | Change::CreateObject(_)
        | Change::DropObject(_)
        | Change::ReplaceObject { .. }
        | Change::AttachPartition { .. }
        | Change::DetachPartition { .. }
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Execute(_) => Vec::new(),
    }
}

/// Whether the checks which keep these columns to their enums can be dropped and added by their names. `tables` are the
/// names of the table before and after, and `columns` those of the columns.
fn exchanges_enum_checks(
    transition: &Transition,
    tables: [&EcoString; 2],
    columns: &[&EcoString],
    settings: &Settings,
) -> bool {
    let named = |(table, column): (&EcoString, &&EcoString)| {
        is_one_name(transition, tables, &types::enumeration_check(table, column))
    };
    alters_rules_in_place(settings)
        && tables.into_iter().all(|table| columns.iter().all(|column| named((table, column))))
}

/// Whether the table, which has these names before and after, has no two constraints that SQLite finds under this name.
fn is_one_name(transition: &Transition, [before, after]: [&EcoString; 2], name: &str) -> bool {
    let sides = [(&transition.before, before), (&transition.after, after)];
    sides.into_iter().filter_map(|(schema, table)| schema.table(table)).all(|table| bearers(table, name) <= 1)
}

/// How many constraints of the table SQLite finds under this name. It takes the first one and ignores case.
fn bearers(table: &Table, name: &str) -> usize {
    let enums = table.columns.iter().filter(|column| matches!(column.column_type, ColumnType::Enumeration(_)));
    let checks = enums.map(|column| types::enumeration_check(&table.name, &column.name));
    let named = |constraint: &Constraint| constraint.name.clone();
    let all = table.constraints.iter().filter_map(named).chain(checks);
    all.filter(|other| other.eq_ignore_ascii_case(name)).count()
}

/// Whether the renaming is about a name of the row number, which SQLite 3.54 and later leave alone in `ALTER TABLE`.
pub fn is_renamed_by_rebuild(transition: &Transition, table: &str, names: [&EcoString; 2]) -> bool {
    let has_rowid = transition.after.table(table).is_some_and(|table| !table.without_rowid);
    has_rowid && names.into_iter().any(|name| is_rowid_name(name))
}

/// What a reviewer should know of a change that is made in place: why that is exact.
pub fn in_place_comment(change: &Change) -> Option<&'static str> {
    match change {
        Change::AddColumn { column, .. } => Some(match &column.default {
            None | Some(Literal::Null) => "in place: the rows that are there have NULL in the new column",
            Some(_) => "in place: the rows that are there read the constant default",
        }),
        Change::DropColumn { .. } => Some("in place: nothing else names the column"),
        Change::RenameTable { .. } | Change::RenameColumn { .. } => Some("in place: what names it follows"),
        Change::AddEnumValue { .. } | Change::ReplaceEnumValues { .. } => Some(
            "in place, as SQLite 3.53 and later can drop a check by its name and add one, for which it looks at all rows",
        ),
        Change::RenameConstraint { .. } => {
            Some("in place, as SQLite 3.53 and later can drop a check by its name and add one")
        }
        Change::AlterColumn { facet: Facet::Nullability { .. }, .. } => {
            Some("in place, as SQLite 3.53 and later can change NOT NULL")
        }
        Change::AddConstraint { .. } => Some("in place, as SQLite 3.53 and later can add a check"),
        Change::DropConstraint { constraint, .. } => Some(match constraint.rule {
            Rule::ForeignKey(_) => "in place, as SQLite 3.54 and later can drop a foreign key by its name",
            _ => "in place, as SQLite 3.53 and later can drop a check by its name",
        }),
        _ => None,
    }
}

/// Why a column cannot be added in place, also to a table that has rows.
fn added_by_rebuild(column: &Column, table: &Table, schema: &Schema) -> Option<&'static str> {
    if !table.without_rowid && is_rowid_name(&column.name) {
        return Some("newer versions of SQLite cannot add a column with a name of the row number");
    }
    if column.generated.is_some() {
        return Some("SQLite cannot add a stored generated column to rows");
    }
    if column.identity.is_some() {
        return Some("SQLite cannot add a column that numbers the rows");
    }
    match &column.default {
        None | Some(Literal::Null) if column.is_not_null() => {
            Some("SQLite cannot add a NOT NULL column without a default to rows")
        }
        None => None,
        Some(default) if !default.is_constant() => {
            Some("SQLite cannot add a column to rows whose default it has to compute")
        }
        Some(default) if table.strict => {
            let held = types::hold(&column.column_type, table, schema).ok()?;
            // SQLite before 3.44 takes a default of another type here, and holds values then that it must not.
            (!is_of_class(default, &held)).then_some("the default has another type than the STRICT table takes")
        }
        Some(_) => None,
    }
}

fn is_of_class(default: &Literal, held: &Held) -> bool {
    match default {
        _ if held.class == Class::Any => default.is_constant(),
        Literal::Null => true,
        Literal::Boolean(_) | Literal::Integer(_) => {
            matches!(held.class, Class::Integer | Class::Boolean) || held.class.is_text()
        }
        Literal::Float(_) => held.class == Class::Real || held.class.is_text(),
        Literal::Decimal(_) => held.class.is_text(),
        Literal::Text(_) => held.class.is_text(),
        Literal::Hex(_) => held.class == Class::Bytes,
        Literal::Now | Literal::CurrentDate | Literal::RandomUuid | Literal::Sql(_) => false,
    }
}

/// Why a column cannot be dropped in place.
fn dropped_by_rebuild(name: &EcoString, table: &Table, schema: &Schema) -> Option<&'static str> {
    let mentions = |text: &EcoString| expression_names_column(text, table, name, schema, Dialect::Sqlite);
    let in_constraint = table.constraints.iter().any(|constraint| match &constraint.rule {
        Rule::Check { expression } => mentions(expression),
        other => other.columns().contains(name) || other.expressions().into_iter().any(mentions),
    });
    let in_index = table
        .indexes
        .iter()
        .any(|index| index.columns().any(|column| column == name) || index.expressions().any(mentions));
    let in_generated =
        table.columns.iter().any(|column| column.name != *name && column.generated.as_ref().is_some_and(mentions));
    if !table.without_rowid && is_rowid_name(name) {
        Some("newer versions of SQLite cannot drop a column with a name of the row number")
    } else if in_constraint {
        Some("a constraint names the column")
    } else if in_index {
        Some("an index names the column")
    } else if in_generated {
        Some("a generated column names the column")
    } else {
        None
    }
}

/// Why a column cannot be altered in place; `None` also where its definition stays as it is.
fn altered_by_rebuild(
    name: &EcoString,
    facet: &Facet,
    [before, after]: [(&Table, &Schema); 2],
    settings: &Settings,
) -> Option<String> {
    let reason = match facet {
        Facet::Comment { .. } => return None,
        Facet::Nullability { .. } if alters_rules_in_place(settings) => return None,
        Facet::Nullability { .. } => "SQLite before 3.53 cannot change NOT NULL in place".into(),
        Facet::Type { from, to, conversion } => {
            if !conversion.is_empty() {
                return Some(format!("the values of {name} become others"));
            }
            let held =
                [(from, before), (to, after)].map(|(kind, (table, schema))| types::hold(kind, table, schema).ok());
            if let [Some(from), Some(to)] = held
                && conversion::convert("x", &from, &to, conversion, None)
                    .is_ok_and(|result| result.expression.is_some())
            {
                return Some(format!("the values of {name} become others"));
            }
            format!("SQLite cannot change the type of {name} in place")
        }
        Facet::Default { .. } => format!("SQLite cannot change the default of {name} in place"),
        Facet::Identity { .. } => "SQLite cannot change AUTOINCREMENT in place".into(),
        Facet::Generated { .. } => format!("SQLite cannot change how {name} is generated in place"),
        Facet::Collation { .. } => format!("SQLite cannot change the collation of {name} in place"),
    };
    let is_one = |(table, _): (&Table, &Schema)| bearers(table, &types::enumeration_check(&table.name, name)) <= 1;
    let exchanges_check = alters_rules_in_place(settings) && is_one(before) && is_one(after);
    let define = if exchanges_check { unchecked_definition } else { column_definition };
    let definition =
        |(table, schema): (&Table, &Schema)| table.column(name).and_then(|column| define(column, table, schema).ok());
    match (definition(before), definition(after)) {
        (Some(old), Some(new)) if old == new => None,
        _ => Some(reason),
    }
}
