//! What happens to a column, and to its values.

use offprint::operation::{Op, Type};
use offprint::prelude::*;

use offprint::schema::Value;

use crate::names::Names;

/// A value before the change, after it, and after the way back; the first as SQL.
pub struct Row(pub &'static str, pub &'static str, pub &'static str);

/// Changes columns, each with its table.
type Revision = fn(&mut Op, &Names, &[(&str, &str)]);

/// A change of the type of a column, or of the enum that it is of.
pub struct Change {
    pub name: &'static str,
    pub from: fn(&Names) -> Type,
    /// The default before the change.
    pub default: fn() -> Value,
    pub values: &'static [Row],
    /// A condition over `{c}` that all values but NULL fulfil, in words that both types understand.
    pub condition: &'static str,
    pub up: Revision,
    /// The way back, where it cannot be derived.
    pub down: Option<Revision>,
}

fn mood(names: &Names) -> Type {
    enumeration(names.enumeration)
}

const MOODS: &[Row] = &[Row("'sad'", "sad", "sad"), Row("'ok'", "ok", "ok")];

pub const CHANGES: &[Change] = &[
    Change {
        name: "text to enum",
        from: |_| text(),
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "{c} IN ('sad', 'ok')",
        up: |op, names, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(mood(names));
            }
        },
        down: None,
    },
    Change {
        name: "text to enum, mapped",
        from: |_| text(),
        default: || Value::Text("ok".into()),
        values: &[Row("'SAD'", "sad", "sad"), Row("'ok'", "ok", "ok")],
        condition: "{c} IS DISTINCT FROM 'happy'",
        up: |op, names, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(mood(names)).map([("SAD", "sad")]);
            }
        },
        down: None,
    },
    Change {
        name: "enum to text",
        from: mood,
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "'happy' <> {c}",
        up: |op, _, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(text());
            }
        },
        down: None,
    },
    Change {
        name: "value added",
        from: mood,
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "{c} <> 'happy'",
        up: |op, names, _| {
            op.add_enum_value(names.enumeration, "calm").before("ok");
        },
        down: None,
    },
    Change {
        name: "value renamed",
        from: mood,
        default: || Value::Text("ok".into()),
        values: &[Row("'sad'", "sad", "sad"), Row("'ok'", "fine", "ok")],
        condition: "{c} <> 'happy'",
        up: |op, names, _| {
            op.rename_enum_value(names.enumeration, "ok", "fine");
        },
        down: None,
    },
    Change {
        name: "value removed",
        from: mood,
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "{c} <> 'happy'",
        up: |op, names, _| {
            op.replace_enum_values(names.enumeration, ["sad", "ok", "happy"]);
        },
        down: None,
    },
    Change {
        name: "values reordered",
        from: mood,
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "{c} <> 'happy'",
        up: |op, names, _| {
            op.replace_enum_values(names.enumeration, ["happy", "gone", "ok", "sad"]);
        },
        down: None,
    },
    Change {
        name: "values merged, added and removed",
        from: mood,
        default: || Value::Text("ok".into()),
        values: &[Row("'gone'", "sad", "sad"), Row("'sad'", "sad", "sad"), Row("'ok'", "ok", "ok")],
        condition: "{c} <> 'happy'",
        up: |op, names, _| {
            op.replace_enum_values(names.enumeration, ["calm", "sad", "ok", "happy"]).map([("gone", "sad")]);
        },
        down: None,
    },
    Change {
        name: "array of enum",
        from: |names| array(mood(names)),
        default: || Value::Text("{ok}".into()),
        values: &[Row("'{gone,ok}'", "{sad,ok}", "{sad,ok}"), Row("'{}'", "{}", "{}")],
        condition: "{c} <> '{happy}'",
        up: |op, names, _| {
            op.replace_enum_values(names.enumeration, ["ok", "sad", "happy"]).map([("gone", "sad")]);
        },
        down: None,
    },
    Change {
        name: "varchar widened",
        from: |_| varchar(4),
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "lower({c}) <> 'happy'",
        up: |op, _, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(varchar(9));
            }
        },
        down: None,
    },
    Change {
        name: "varchar narrowed",
        from: |_| varchar(9),
        default: || Value::Text("ok".into()),
        values: MOODS,
        condition: "lower({c}) <> 'happy'",
        up: |op, _, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(varchar(4));
            }
        },
        down: None,
    },
    Change {
        name: "integer to bigint",
        from: |_| integer(),
        default: || Value::Integer(3),
        values: &[Row("1", "1", "1"), Row("2", "2", "2")],
        condition: "{c} % 10 > 0",
        up: |op, _, columns| {
            for (table, column) in columns {
                op.alter_column(table, column).set_type(big_integer());
            }
        },
        down: None,
    },
    Change {
        name: "text to integer",
        from: |_| text(),
        default: || Value::Text("3".into()),
        values: &[Row("' 1 '", "1", "1"), Row("'2'", "2", "2")],
        condition: "{c} <> '0'",
        up: |op, names, columns| {
            for (table, column) in columns {
                let alter = op.alter_column(table, column).set_type(integer());
                if *column == names.column {
                    alter.set_default(3);
                }
            }
        },
        down: Some(|op, names, columns| {
            for (table, column) in columns {
                let alter = op.alter_column(table, column).set_type(text());
                if *column == names.column {
                    alter.set_default("3");
                }
            }
        }),
    },
    Change {
        name: "timestamp to timestamptz",
        from: |_| timestamp(),
        default: || Value::Text("2026-01-31 10:00:00".into()),
        values: &[Row("'2026-01-31 10:00'", "2026-01-31 09:00:00+00", "2026-01-31 10:00:00")],
        condition: "{c} IS NULL OR {c} IS NOT NULL",
        up: |op, names, columns| {
            for (table, column) in columns {
                let quoted = column.replace('"', "\"\"");
                let alter = op.alter_column(table, column).set_type(timestamptz());
                alter.using(format!("\"{quoted}\" AT TIME ZONE 'Europe/Berlin'"));
                if *column == names.column {
                    alter.set_default("2026-01-31 10:00:00+01");
                }
            }
        },
        down: Some(|op, names, columns| {
            for (table, column) in columns {
                let quoted = column.replace('"', "\"\"");
                let alter = op.alter_column(table, column).set_type(timestamp());
                alter.using(format!("\"{quoted}\" AT TIME ZONE 'Europe/Berlin'"));
                if *column == names.column {
                    alter.set_default("2026-01-31 10:00:00");
                }
            }
        }),
    },
];
