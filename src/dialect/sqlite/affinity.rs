//! The guard against values that a copy would change without a word: a table of another tool may hold under a declared type
//! of its own what the type of the revisions makes another value of, `'007'` in a TEXT that the revisions call an integer.

use super::definition::is_rowid_alias;
use super::guard::{Message, refuse};
use super::layout;
use super::quote;
use super::row_guards::Guard;
use super::rows::{Rows, Values};
use super::types::{self, Class};
use crate::schema::Schema;

/// Values that are to be kept and that the declared type of the new column would change.
///
/// A column that is declared in the database as it is in the revisions holds nothing that its new type would change: its
/// values went through that type when they were stored. So the rows are read only where a column is declared otherwise,
/// since a column whose values stay may have any type.
pub fn kept_values(rows: &Rows<'_>, schema: &Schema) -> Option<Guard> {
    let (mut cases, mut known) = (Vec::new(), Vec::new());
    let mut has_alias = false;
    for (column, new) in rows.new.columns.iter().zip(rows.columns()) {
        let from = match &new.values {
            Values::Kept(from) => from,
            // It becomes another type of the revisions, and stays as it is for that.
            Values::Converted { from, .. } if new.converted.as_ref().is_some_and(|one| one.expression.is_none()) => {
                from
            }
            Values::Converted { .. } | Values::Fresh { .. } | Values::Generated => continue,
        };
        // What cannot be held is refused where the table is made.
        let Ok(held) = types::hold(&column.column_type, rows.new, schema) else { continue };
        let mut becomes = changed_by(&held.class, &new.expression);
        let is_alias = is_rowid_alias(rows.new, column, schema);
        if is_alias {
            // Where another one is the key, it may be NULL in SQLite; the alias makes a number of that.
            let null = format!("{} IS NULL", new.expression);
            becomes = Some(becomes.map_or(null.clone(), |changed| format!("{null} OR {changed}")));
        }
        let Some(condition) = becomes else { continue };
        let words = [from.as_str(), "` holds "].concat();
        let declared = [" and is ", held.declared.as_str()].concat();
        cases.push(format!(
            "\n            WHEN {condition}\n                THEN {} || substr(quote({}), 1, 60) || {}",
            quote::text(&words),
            new.expression,
            quote::text(&declared)
        ));
        has_alias |= is_alias;
        let (from, declared) = (quote::text(from), quote::text(&held.declared));
        known.push(format!("\n            ({from}, {declared}, {})", u8::from(is_alias)));
    }
    if cases.is_empty() {
        return None;
    }
    let table = quote::text(&rows.old.name);
    // `INTEGER PRIMARY KEY DESC` is no alias of the rowid, and has an index.
    let by_index = if has_alias {
        format!("\n    UNION ALL SELECT 1 FROM pragma_index_list({table}) WHERE \"origin\" = 'pk'")
    } else {
        String::new()
    };
    let source = format!(
        "(
    SELECT 1
    FROM pragma_table_xinfo({table}) AS \"column\"
    JOIN (
        VALUES{}
    ) AS \"known\" ON \"known\".\"column1\" = \"column\".\"name\" COLLATE NOCASE
    WHERE \"column\".\"type\" <> \"known\".\"column2\" COLLATE NOCASE
        OR \"column\".\"pk\" < \"known\".\"column3\"{by_index}
    LIMIT 1
) AS \"otherwise\"
CROSS JOIN (
    SELECT
        CASE{}
        END AS \"words\"
    FROM {}
) AS \"changed\"",
        known.join(","),
        cases.concat(),
        quote::name(&rows.old.name)
    );
    let message = Message::new(format!("`{}.", rows.old.name))
        .value("replace(\"changed\".\"words\", '''', '`')")
        .words(" in the revisions, so that a rebuild would make another value of it");
    Some(Guard::of(rows.old, refuse(message, source, "\"changed\".\"words\" IS NOT NULL")))
}

/// When a column of this class stores another value than the one it is given. A number that stays the same number, as 3
/// and 3.0 are, is no other value.
fn changed_by(class: &Class, value: &str) -> Option<String> {
    // The engine compares text with a number as a column of numbers would store it, so it says itself what looks like one.
    let looks_like_number = format!("typeof({value}) = 'text' AND {value} = CAST({value} AS NUMERIC)");
    match class {
        Class::Bytes | Class::Any => None,
        Class::Integer | Class::Boolean | Class::Numeric => Some(looks_like_number),
        Class::Real => {
            let is_rounded = format!("typeof({value}) = 'integer' AND {value} <> CAST({value} AS REAL)");
            Some(layout::one_of(&[looks_like_number, is_rounded], 4))
        }
        Class::Text { .. }
        | Class::Date
        | Class::Time
        | Class::Timestamp
        | Class::Uuid
        | Class::Json
        | Class::Enumeration(_) => Some(format!("typeof({value}) IN ('integer', 'real')")),
    }
}
