//! One random table, its rows, a change, and what has to become of them.

use offprint::operation::Op;
use offprint::prelude::*;
use offprint::schema::Value;

use crate::prediction::Stored::{self, Null, Text};
use crate::prediction::{Fate, Kind, by_itself, given, needs_a_word};
use crate::shape::{Shape, drop_result};
use crate::support::random::Random;
use crate::values;
use crate::words::{Word, can_be_written, literal, type_of};

/// A table `t` with columns that change, and what stands around it.
#[derive(Debug)]
pub struct Case {
    pub seed: u64,
    pub shape: Shape,
    pub columns: Vec<Kind>,
    pub rows: Vec<Vec<Stored>>,
    /// The values of the enum `mood` before and after.
    moods: [Vec<String>; 2],
    enum_change: Option<EnumChange>,
    type_changes: Vec<TypeChange>,
    /// What happens to the name of each column.
    moves: Vec<Move>,
    /// Whether names change before values.
    moves_first: bool,
    /// A new column with this default.
    added: Option<(Kind, Stored)>,
    unique: Option<usize>,
    renames_table: bool,
}

#[derive(Debug)]
enum EnumChange {
    Add,
    Rename,
    Replace { map: bool, otherwise: bool },
}

#[derive(Debug)]
struct TypeChange {
    column: usize,
    to: Kind,
    word: Word,
    required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Stays,
    /// From `c0` to `r0`.
    Renamed,
    Dropped,
}

/// The state of the table that a script leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Before,
    After,
}

impl Case {
    pub fn random(seed: u64, random: &mut Random) -> Case {
        let width = 1 + random.below(4);
        let moves: Vec<Move> = (0..width)
            .map(|_| match random.below(8) {
                0 => Move::Dropped,
                1 | 2 => Move::Renamed,
                _ => Move::Stays,
            })
            .collect();
        let dropped: Vec<bool> = moves.iter().map(|one| *one == Move::Dropped).collect();
        let shape = Shape::random(&dropped, random);
        let kind = |random: &mut Random| loop {
            let kind = Kind::ALL[random.below(Kind::ALL.len())];
            // A STRICT table knows no such type.
            if !shape.strict || kind != Kind::Decimal {
                return kind;
            }
        };
        let columns: Vec<Kind> = (0..width).map(|_| kind(random)).collect();
        let list = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<String>>();
        let before = list(&["ok", "sad"]);
        let hostile = !random.one_in(3);
        let row = |random: &mut Random| {
            let value = |&kind: &Kind| values::any(kind, hostile && !shape.strict, &before, random);
            columns.iter().map(value).collect::<Vec<Stored>>()
        };
        let rows: Vec<Vec<Stored>> = (0..random.below(5)).map(|_| row(random)).collect();
        let enum_change = match random.below(8) {
            0 => Some(EnumChange::Add),
            1 => Some(EnumChange::Rename),
            2 | 3 => Some(EnumChange::Replace { map: random.one_in(2), otherwise: random.one_in(2) }),
            _ => None,
        };
        let after = match &enum_change {
            None => before.clone(),
            Some(EnumChange::Add) => list(&["new", "ok", "sad"]),
            Some(EnumChange::Rename) => list(&["ok", "it's blue"]),
            Some(EnumChange::Replace { .. }) => list(&["calm", "ok"]),
        };
        let mut type_changes = Vec::new();
        for column in (0..columns.len()).filter(|column| !dropped[*column]) {
            let to = kind(random);
            if random.one_in(3) || enum_change.is_some() && random.one_in(2) {
                continue;
            }
            let from = columns[column];
            let word = Word::random(from, to, rows.iter().map(|row| &row[column]), &after, random);
            if from == to && matches!(word, Word::Nothing) {
                continue;
            }
            type_changes.push(TypeChange { column, to, word, required: random.one_in(6) });
        }
        let unique = random.one_in(6).then(|| random.below(width)).filter(|column| !dropped[*column]);
        let added = random.one_in(4).then(|| {
            let kind = kind(random);
            (kind, values::own(kind, &after, random))
        });
        // These have no literals of their own.
        let added =
            added.filter(|(kind, value)| can_be_written(value) && !matches!(kind, Kind::Decimal | Kind::NumericAsText));
        Case {
            seed,
            shape,
            columns,
            rows,
            moods: [before, after],
            enum_change,
            type_changes,
            moves,
            moves_first: random.one_in(2),
            added,
            unique,
            renames_table: random.one_in(8),
        }
    }

    /// The name of the table.
    pub fn table(&self, state: State) -> &'static str {
        if self.renames_table && state == State::After { "u" } else { "t" }
    }

    /// The columns that are there, by their numbers and names; the new one has none of the numbers.
    pub fn names(&self, state: State) -> Vec<(Option<usize>, String)> {
        let name = |(number, one): (usize, &Move)| match one {
            Move::Dropped if state == State::After => None,
            _ => Some((Some(number), self.name(number, state))),
        };
        let added = (state == State::After && self.added.is_some()).then(|| (None, "more".to_owned()));
        self.moves.iter().enumerate().filter_map(name).chain(added).collect()
    }

    fn name(&self, number: usize, state: State) -> String {
        let renamed = self.moves[number] == Move::Renamed && state == State::After;
        format!("{}{number}", if renamed { 'r' } else { 'c' })
    }

    /// The first revision.
    pub fn base(&self, op: &mut Op) {
        op.create_enum("mood", self.moods[0].clone());
        let table = op.create_table("t");
        self.shape.shape(table);
        for (index, kind) in self.columns.iter().enumerate() {
            let column = type_of(*kind);
            table.column(format!("c{index}"), if *kind == Kind::Mood { column.default("sad") } else { column.into() });
        }
        self.shape.surround(op);
    }

    /// The second revision.
    pub fn upgrade(&self, op: &mut Op) {
        let mut state = State::Before;
        if self.moves_first {
            self.move_columns(op);
            state = State::After;
        }
        self.change_enum(state, op);
        self.change_types(state, op);
        if !self.moves_first {
            self.move_columns(op);
        }
        if let Some((kind, value)) = &self.added {
            op.add_column("t", "more", type_of(*kind).not_null().default(literal(value, *kind)));
        }
        if let Some(column) = self.unique {
            op.create_unique_constraint("t", [self.name(column, State::After)]);
        }
        if self.renames_table {
            op.rename_table("t", self.table(State::After));
        }
        op.create_table("unrelated").column("id", integer());
    }

    fn move_columns(&self, op: &mut Op) {
        for (number, one) in self.moves.iter().enumerate() {
            let name = self.name(number, State::Before);
            match one {
                Move::Stays => {}
                Move::Renamed => drop_result(op.rename_column("t", name, self.name(number, State::After))),
                Move::Dropped => drop_result(op.drop_column("t", name)),
            }
        }
    }

    fn change_enum(&self, state: State, op: &mut Op) {
        match &self.enum_change {
            None => {}
            Some(EnumChange::Add) => drop_result(op.add_enum_value("mood", "new").before("ok")),
            Some(EnumChange::Rename) => drop_result(op.rename_enum_value("mood", "sad", "it's blue")),
            Some(EnumChange::Replace { map, otherwise }) => {
                for (number, name) in self.names(state) {
                    if number.is_some_and(|number| self.columns[number] == Kind::Mood) {
                        op.alter_column("t", name).set_default("ok");
                    }
                }
                let replace = op.replace_enum_values("mood", self.moods[1].clone());
                if *map {
                    replace.map([("sad", "calm")]);
                }
                if *otherwise {
                    replace.otherwise("ok");
                }
            }
        }
    }

    fn change_types(&self, state: State, op: &mut Op) {
        for change in &self.type_changes {
            let name = self.name(change.column, state);
            if self.columns[change.column] == Kind::Mood {
                op.alter_column("t", name.clone()).drop_default();
            }
            let alter = op.alter_column("t", name.clone()).set_type(type_of(change.to));
            match &change.word {
                Word::Nothing => {}
                Word::Using(expression) => drop_result(alter.using(expression.sql(&name))),
                Word::Map { pairs, otherwise } => {
                    let from = self.columns[change.column];
                    let pairs: Vec<(Value, Value)> =
                        pairs.iter().map(|(old, new)| (literal(old, from), literal(new, change.to))).collect();
                    if !pairs.is_empty() {
                        alter.map(pairs);
                    }
                    if let Some(value) = otherwise {
                        alter.otherwise(literal(value, change.to));
                    }
                }
            }
            if change.required {
                alter.set_not_null();
            }
        }
    }

    /// What becomes of the values of a row on the way to a state: one for each of the columns that are then there.
    pub fn row(&self, row: &[Stored], to: State) -> Vec<Fate> {
        match to {
            State::After => self.row_up(row),
            State::Before => self.row_down(row),
        }
    }

    fn row_up(&self, row: &[Stored]) -> Vec<Fate> {
        let fate = |(number, _): (Option<usize>, String)| match (number, &self.added) {
            (Some(number), _) => self.up(number, &row[number]),
            (None, Some((_, value))) => Fate::Becomes(value.clone()),
            (None, None) => panic!("no column is added"),
        };
        self.names(State::After).into_iter().map(fate).collect()
    }

    fn row_down(&self, row: &[Stored]) -> Vec<Fate> {
        let names = self.names(State::After);
        let fate = |number: usize| match names.iter().position(|(there, _)| *there == Some(number)) {
            Some(position) => self.down(number, &row[position]),
            // A column that comes back has its default, which it lost at the same point of the revision.
            None if self.columns[number] == Kind::Mood => {
                let replaced = matches!(self.enum_change, Some(EnumChange::Replace { .. })) && !self.moves_first;
                Fate::Becomes(Text(if replaced { "ok" } else { "sad" }.to_owned()))
            }
            None => Fate::Becomes(Null),
        };
        (0..self.columns.len()).map(fate).collect()
    }

    /// What becomes of a value of a column on the way up.
    fn up(&self, column: usize, value: &Stored) -> Fate {
        let from = self.columns[column];
        let moods = [self.moods[0].as_slice(), self.moods[1].as_slice()];
        let value = match (from, self.changed_mood(value)) {
            (Kind::Mood, Some(mood)) => mood,
            (Kind::Mood, None) => return Fate::Stops,
            _ => value.clone(),
        };
        let Some(change) = self.type_changes.iter().find(|change| change.column == column) else {
            return Fate::Becomes(value);
        };
        let after = [moods[1], moods[1]];
        match &change.word {
            Word::Nothing => by_itself(&value, from, change.to, after),
            Word::Using(expression) => given(&expression.gives(&value), change.to, moods[1]),
            Word::Map { pairs, otherwise } => {
                if let Some((_, new)) = pairs.iter().find(|(old, _)| *old == value) {
                    return Fate::Becomes(new.clone());
                }
                let fate = match value {
                    Null => Fate::Becomes(Null),
                    _ if needs_a_word(from, change.to) => Fate::Stops,
                    _ => by_itself(&value, from, change.to, after),
                };
                match (fate, otherwise) {
                    (Fate::Stops, Some(otherwise)) => Fate::Becomes(otherwise.clone()),
                    (fate, _) => fate,
                }
            }
        }
    }

    /// What a value of the enum becomes when the enum changes; `None` where it stops the script.
    fn changed_mood(&self, value: &Stored) -> Option<Stored> {
        let Text(mood) = value else { return Some(Null) };
        let new = match (&self.enum_change, mood.as_str()) {
            (Some(EnumChange::Rename), "sad") => "it's blue",
            (Some(EnumChange::Replace { map: true, .. }), "sad") => "calm",
            (Some(EnumChange::Replace { otherwise: true, .. }), "sad") => "ok",
            (Some(EnumChange::Replace { .. }), "sad") => return None,
            (_, same) => same,
        };
        Some(Text(new.to_owned()))
    }

    /// What becomes of a value on the way down.
    fn down(&self, column: usize, value: &Stored) -> Fate {
        let from = self.columns[column];
        let moods = [self.moods[0].as_slice(), self.moods[1].as_slice()];
        let fate = match self.type_changes.iter().find(|change| change.column == column) {
            Some(change) => by_itself(value, change.to, from, [moods[1], moods[1]]),
            None => Fate::Becomes(value.clone()),
        };
        match (from, fate) {
            (Kind::Mood, Fate::Becomes(Text(mood))) => match self.enum_change {
                Some(EnumChange::Rename) if mood == "it's blue" => Fate::Becomes(Text("sad".to_owned())),
                _ if moods[0].contains(&mood) => Fate::Becomes(Text(mood)),
                _ => Fate::Stops,
            },
            (_, fate) => fate,
        }
    }

    /// Whether the compiler has to refuse the upgrade or the way back.
    pub fn is_refused(&self) -> [bool; 2] {
        let from = |change: &TypeChange| self.columns[change.column];
        let up = |change: &TypeChange| matches!(change.word, Word::Nothing) && needs_a_word(from(change), change.to);
        let down = |change: &TypeChange| needs_a_word(change.to, from(change));
        [self.type_changes.iter().any(up), self.type_changes.iter().any(down)]
    }

    /// Whether NULL stands where a value is required, or the same value where it is unique, after the upgrade.
    pub fn breaks_a_rule(&self, expected: &[Vec<Fate>]) -> bool {
        let null = Fate::Becomes(Null);
        let names = self.names(State::After);
        let values = |column: usize| {
            let position = names.iter().position(|(number, _)| *number == Some(column));
            let position = position.expect("a column with a rule stays");
            expected.iter().map(move |row| &row[position])
        };
        let missing =
            self.type_changes.iter().any(|change| change.required && values(change.column).any(|fate| *fate == null));
        let twice = self.unique.is_some_and(|column| {
            let values: Vec<&Fate> = values(column).filter(|fate| **fate != null).collect();
            values.iter().enumerate().any(|(index, value)| values[..index].contains(value))
        });
        missing || twice
    }

    /// Whether a value of the column becomes another one twice: with its enum, and with its type.
    pub fn changes_twice(&self, column: usize) -> bool {
        self.columns[column] == Kind::Mood
            && self.enum_change.is_some()
            && self.type_changes.iter().any(|change| change.column == column)
    }
}
