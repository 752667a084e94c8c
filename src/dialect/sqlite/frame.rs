//! How a script begins and ends, which depends on who runs it, and the guards that refuse to run it otherwise.

use super::guard::{Message, refuse};
use super::marks::Marks;
use super::statement::{
    self, Begin, Commit, DeferForeignKeys, DemandMarks, ForgetMarks, LookAtDatabase, MakeMarks, Savepoint,
    SetForeignKeys, Statement,
};
use crate::dialect::{Delivery, ForeignKeys};

/// The statements around the steps of a script.
#[derive(Debug)]
pub struct Frame {
    /// Those that open the transaction, with what stands before it.
    pub opening: Vec<String>,
    /// The first statements in the transaction: those that refuse to run in another way than the script is made for.
    pub guards: String,
    /// Those that close the transaction, with what stands behind it.
    pub closing: Vec<Statement>,
}

/// What a reviewer should know of all that stands between the statements that matter.
const MARKS_EXPLAINED: &str = "\
-- Each guard that passes and each statement that does what it should leaves a mark; without all of them nothing is
-- committed. A savepoint keeps what follows in a transaction, should an error have ended the one that was open.
";

impl Frame {
    /// The frame of a script. `switches` says whether foreign keys must be off in it.
    pub fn new(delivery: Delivery, switches: bool, marks: &mut Marks) -> Frame {
        match delivery {
            Delivery::Own { foreign_keys: ForeignKeys::On } if switches => Frame::switching(marks),
            Delivery::Own { foreign_keys } => Frame::own(&[foreign_keys_are(foreign_keys)], marks),
            Delivery::Wrapped => Frame::within(&transaction_is_open(), marks),
            Delivery::Hosted => Frame::within(&[foreign_keys_are(ForeignKeys::On)], marks),
        }
    }

    /// A script that opens its transaction, behind these guards.
    pub fn own(guards: &[Statement], marks: &mut Marks) -> Frame {
        let opening = [ForgetMarks {}.into(), MakeMarks {}.into()];
        let opening = [opening.as_slice(), guards, &[Begin {}.into(), Savepoint {}.into()]].concat();
        Frame {
            opening: vec![[MARKS_EXPLAINED, &marks.write(&opening)].concat()],
            guards: String::new(),
            closing: vec![Commit {}.into(), ForgetMarks {}.into()],
        }
    }

    /// The same where foreign keys are on and have to be off, which works outside of the transaction only.
    fn switching(marks: &mut Marks) -> Frame {
        let set = |state| Statement::from(SetForeignKeys { state });
        let mut frame = Frame::own(&[foreign_keys_are(ForeignKeys::On), set("OFF")], marks);
        frame.guards = marks.write(&[foreign_keys_went_off()]);
        frame.closing.push(set("ON"));
        frame
    }

    /// A script in a transaction that is open already.
    fn within(guards: &[Statement], marks: &mut Marks) -> Frame {
        Frame { opening: Vec::new(), guards: marks.write(guards), closing: Vec::new() }
    }
}

/// The statements that close the transaction, once all marks are known.
pub fn closing(statements: Vec<Statement>, marks: &Marks) -> Vec<String> {
    let demand = match marks {
        Marks::Kept { wanted } => Some(DemandMarks { wanted: *wanted }.into()),
        Marks::None => None,
    };
    let all: Vec<Statement> = demand.into_iter().chain(statements).collect();
    if all.is_empty() { Vec::new() } else { vec![statement::join(&all)] }
}

/// Refuses when the client does not treat foreign keys as the target says. SQL cannot restore a setting that it finds.
fn foreign_keys_are(declared: ForeignKeys) -> Statement {
    let (wanted, state, other) = match declared {
        ForeignKeys::On => (1, "on", "off"),
        ForeignKeys::Off => (0, "off", "on"),
    };
    let words =
        format!("the target says that foreign keys are {state} in its client, and they are {other} (foreign_keys = ");
    let message = Message::new(words).value("\"client\".\"foreign_keys\"").words(")");
    refuse(message, "pragma_foreign_keys AS \"client\"", format!("\"client\".\"foreign_keys\" <> {wanted}"))
}

/// Within a transaction SQLite ignores that foreign keys are switched off.
fn foreign_keys_went_off() -> Statement {
    let message =
        Message::new("foreign keys cannot be switched off, since a transaction is open already (foreign_keys = ")
            .value("\"client\".\"foreign_keys\"")
            .words("); the target says that the script opens it");
    refuse(message, "pragma_foreign_keys AS \"client\"", "\"client\".\"foreign_keys\" <> 0")
}

/// Refuses when no transaction is open. A check that is put off to the end of the transaction is put off until then only:
/// outside of one, until the end of the next statement that looks at the database.
fn transaction_is_open() -> Vec<Statement> {
    let message = Message::new(
        "the target says that the applier opens a transaction around the script, and none is open (defer_foreign_keys = ",
    )
    .value("\"client\".\"defer_foreign_keys\"")
    .words(")");
    let source = "pragma_defer_foreign_keys AS \"client\"";
    vec![
        DeferForeignKeys {}.into(),
        LookAtDatabase {}.into(),
        refuse(message, source, "\"client\".\"defer_foreign_keys\" = 0"),
    ]
}
