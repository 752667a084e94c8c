//! The table of a case, and what stands around it that its change could damage.

use offprint::operation::{CreateTable, Op};
use offprint::prelude::*;
use rusqlite::Connection;

use crate::support::random::Random;

/// What identifies a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Single,
    /// The same with `AUTOINCREMENT`.
    Identity,
    /// A text in front of the number.
    Composite,
    /// Only the number of the row, which no column shows.
    None,
}

/// What happens to a child whose row goes.
#[derive(Debug, Clone, Copy)]
enum Action {
    Nothing,
    Cascade,
    SetNull,
    Restrict,
}

/// The table `t`, with a child that refers to it, and more or less around both.
#[derive(Debug)]
pub struct Shape {
    key: Key,
    pub strict: bool,
    without_rowid: bool,
    action: Action,
    /// A column `above` that refers to the table itself.
    own_reference: bool,
    /// A generated column `twice`.
    generated: bool,
    /// The columns that indexes, views and triggers name, by their numbers.
    plain_index: Option<usize>,
    partial_index: Option<usize>,
    expression_index: Option<usize>,
    view: Option<usize>,
    trigger: Option<usize>,
    trigger_of_child: Option<usize>,
}

/// The number that an AUTOINCREMENT table has given out last, to a row that has gone.
const LAST_NUMBER: i64 = 1000;

impl Shape {
    /// A shape of a table with so many columns, of which nothing names those that are dropped, but for plain indexes.
    pub fn random(dropped: &[bool], random: &mut Random) -> Shape {
        let keys = [Key::Single, Key::Single, Key::Identity, Key::Composite, Key::None];
        let key = keys[random.below(keys.len())];
        let actions = [Action::Nothing, Action::Cascade, Action::Cascade, Action::SetNull, Action::Restrict];
        let any = |random: &mut Random| random.one_in(3).then(|| random.below(dropped.len()));
        let staying = |random: &mut Random| any(random).filter(|column| !dropped[*column]);
        Shape {
            key,
            strict: random.one_in(4),
            without_rowid: matches!(key, Key::Single | Key::Composite) && random.one_in(4),
            action: actions[random.below(actions.len())],
            own_reference: key != Key::Composite && random.one_in(3),
            generated: random.one_in(3),
            plain_index: any(random),
            partial_index: any(random),
            expression_index: staying(random),
            view: staying(random),
            trigger: staying(random),
            trigger_of_child: staying(random),
        }
    }

    /// The number of a row, in SQL.
    pub fn number(&self) -> &'static str {
        if self.key == Key::None { "rowid" } else { "id" }
    }

    /// Whether a row has a number that none of its columns shows.
    pub fn is_keyless(&self) -> bool {
        self.key == Key::None
    }

    /// Columns and rules of the table.
    pub fn shape(&self, table: &mut CreateTable) {
        let id = integer().not_null();
        table.column("id", if self.key == Key::Identity { id.identity() } else { id });
        match self.key {
            Key::Single | Key::Identity => drop_result(table.primary_key(["id"])),
            Key::Composite => {
                table.column("part", text().not_null().default("p")).primary_key(["part", "id"]);
            }
            Key::None => drop_result(table.unique(["id"])),
        }
        if self.own_reference {
            table.column("above", integer()).foreign_key(["above"], "t", ["id"]).on_delete(SetNull);
        }
        if self.generated {
            table.column("twice", integer().generated("t.id * 2"));
        }
        if self.strict {
            table.strict();
        }
        if self.without_rowid {
            table.without_rowid();
        }
    }

    /// What is made behind the table.
    pub fn surround(&self, op: &mut Op) {
        let child = op.create_table("child").column("t_id", integer()).column("mood", enumeration("mood").not_null());
        let child = if self.key == Key::Composite {
            child.column("t_part", text()).foreign_key(["t_part", "t_id"], "t", ["part", "id"])
        } else {
            child.foreign_key(["t_id"], "t", ["id"])
        };
        match self.action {
            Action::Nothing => {}
            Action::Cascade => drop_result(child.on_delete(Cascade)),
            Action::SetNull => drop_result(child.on_delete(SetNull)),
            Action::Restrict => drop_result(child.on_delete(Restrict)),
        }
        op.create_table("log").column("what", text());
        if let Some(number) = self.plain_index {
            op.create_index("ix_plain", "t", [column(format!("c{number}")).desc(), column("id")]);
        }
        if let Some(column) = self.partial_index {
            op.create_index("ix_partial", "t", [format!("c{column}")]).filter("t.id > 10");
        }
        if let Some(column) = self.expression_index {
            op.create_index("ix_expression", "t", [expression(format!("typeof(c{column})"))]);
        }
        if let Some(column) = self.view {
            op.create_view("v", format!("SELECT id, c{column} AS shown FROM t"));
            op.create_view("w", "SELECT count(*) AS n, count(v.id) AS m FROM v");
        }
        let op = op.sqlite();
        if let Some(column) = self.trigger {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                let row = if event == "DELETE" { "old" } else { "new" };
                let action = format!("INSERT INTO log (what) VALUES ('{event} ' || typeof({row}.c{column}))");
                let name = format!("tr_{}", event.to_lowercase());
                op.create_trigger(name, "t", format!("AFTER {event} ON t BEGIN {action}; END"));
            }
        }
        if let Some(column) = self.trigger_of_child {
            let action = format!("UPDATE t SET c{column} = NULL WHERE id = old.t_id");
            op.create_trigger("tr_child", "child", format!("AFTER DELETE ON child BEGIN {action}; END"));
        }
    }

    /// Fills what stands around the rows with these ids.
    pub fn fill(&self, ids: &[i64], connection: &Connection) {
        let run = |sql: &str| connection.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        for id in ids {
            let parts = if self.key == Key::Composite { (", t_part", ", 'p'") } else { ("", "") };
            run(&format!("INSERT INTO child (t_id, mood{}) VALUES ({id}, 'ok'{})", parts.0, parts.1));
        }
        if let (true, Some(first)) = (self.own_reference, ids.first()) {
            run(&format!("UPDATE t SET above = {first}"));
        }
        if self.key == Key::Identity {
            run(&format!("INSERT INTO t (id) VALUES ({LAST_NUMBER}); DELETE FROM t WHERE id = {LAST_NUMBER}"));
        }
        run("DELETE FROM log");
    }

    /// What is around the table, as queries whose answers no change of the case may change. `t` is the table's name.
    pub fn observations(&self, t: &str) -> Vec<String> {
        let mut queries = vec![
            format!("SELECT {}, id FROM {t} ORDER BY id", self.number()),
            "SELECT * FROM child ORDER BY rowid".to_owned(),
            "SELECT * FROM log".to_owned(),
            "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'".to_owned(),
            "SELECT \"table\" FROM pragma_foreign_key_check".to_owned(),
        ];
        if self.own_reference {
            queries.push(format!("SELECT id, above FROM {t} ORDER BY id"));
        }
        if self.generated {
            queries.push(format!("SELECT id, twice FROM {t} ORDER BY id"));
        }
        if self.key == Key::Composite {
            queries.push(format!("SELECT id, part FROM {t} ORDER BY id"));
        }
        if self.key == Key::Identity {
            queries.push(format!("SELECT seq FROM sqlite_sequence WHERE name = '{t}'"));
        }
        if self.view.is_some() {
            queries.push("SELECT n, m FROM w".to_owned());
        }
        queries
    }

    /// Statements that look at every trigger and reference of the table.
    pub fn probes(&self, t: &str) -> Vec<String> {
        let mut probes = vec![
            format!("INSERT INTO {t} (id) SELECT 7 WHERE 0"),
            format!("UPDATE {t} SET id = id WHERE 0"),
            format!("DELETE FROM {t} WHERE 0"),
            "DELETE FROM child WHERE 0".to_owned(),
            "UPDATE child SET t_id = t_id WHERE 0".to_owned(),
        ];
        if self.view.is_some() {
            probes.push("SELECT id, shown FROM v LIMIT 0".to_owned());
        }
        probes
    }
}

/// For the branches of a `match` that end in an operation of the vocabulary.
pub fn drop_result<T>(_: T) {}
