//! Every kind of mistake, with its number and its explanation.

use std::fmt;

macro_rules! codes {
    ($( $variant:ident = $number:literal, $explanation:literal; )*) => {
        /// The kind of a mistake. Numbers are stable: 01 language, 02 history, 03 schema, 04 dialect, 05 project.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $explanation] $variant, )* }

        impl Code {
            /// Every kind of mistake, in the order of their numbers.
            pub const ALL: &'static [Code] = &[ $( Code::$variant, )* ];

            /// The number that the user sees, such as `E0301`.
            pub fn number(self) -> &'static str {
                match self { $( Code::$variant => $number, )* }
            }

            /// What the mistake is and how to mend it, as `offprint explain` prints it. Markdown.
            pub fn explanation(self) -> &'static str {
                match self { $( Code::$variant => $explanation, )* }
            }
        }
    };
}

codes! {
    // 01: the language of revisions.
    UnreadableText = "E0101", "The file is not text that Offprint can read: it is not UTF-8, or it has a NUL byte, a bare carriage return or a bidirectional control character.\n\nSave the file as UTF-8.";
    SyntaxError = "E0102", "The text is not Rust: a brace, a comma, a quote or a semicolon is missing or stands in the wrong place.";
    OutsideTheSubset = "E0103", "The text is Rust, but not of the subset that Offprint reads without running it.\n\nA revision may use `let`, `for` over lists that are written out, `format!`, `include_str!`, literals and the vocabulary. Anything else (`if`, closures, other macros, functions of its own) is refused, because a revision must mean the same for everyone, at any time.";
    UnknownWord = "E0104", "The word is not in the vocabulary, and no `const` or `let` of this name stands before it.";
    WrongArguments = "E0105", "An operation, method or function was called with too many or too few arguments.";
    WrongKind = "E0106", "An argument is of another kind than the parameter takes, for example a number where a name is needed.";
    UsedTwice = "E0107", "A value was used a second time. In Rust a value is used up by its first use, unless it is a plain text, number or truth value.\n\nWrite `.clone()` at the first use.";
    Budget = "E0108", "The file is larger, deeper or does more than any revision should. The limits protect whoever compiles a stranger's revision.";
    MissingItem = "E0109", "A revision needs `pub const REVISION: &str`, `pub const REVISES: &[&str]` and `pub fn upgrade(op: &mut Op)`.";
    WrongItem = "E0110", "One of the items that Offprint knows has another form than it must have, for example it is not `pub`.";
    IncludedFile = "E0111", "A file named by `include_str!` cannot be read, or lies outside the folder of the revisions.";

    // 02: the history.
    DuplicateRevision = "E0201", "Two revisions have the same id.";
    UnknownRevision = "E0202", "No revision has this id, label or prefix.";
    Cycle = "E0203", "Revisions revise each other in a circle, so none of them can come first.";
    AmbiguousRevision = "E0204", "The reference fits more than one revision: several ids begin with this prefix, or a step such as `+1` or `-1` has several ways to go.";
    NoPath = "E0205", "No path of revisions leads from the one to the other: neither is an ancestor of the other.";
    SeveralHeads = "E0206", "The history has more than one head where one was meant.\n\nMerge them with a revision that revises all of them, `offprint new \"merge\" --parent A --parent B`, or name the one you mean.";
    MergeConflict = "E0207", "The sides of a merge touch the same object, so their order would matter.\n\nPut one after the other: let the first revision of one side revise the head of the other side.";
    InvalidRevisionId = "E0208", "A revision id has 1 to 32 characters out of `A-Z a-z 0-9 _ .`. (The column of Alembic's history table takes 32.) The words `base`, `head` and `heads` name positions and cannot be ids. The same holds for branch labels.";
    DuplicateLabel = "E0209", "Two revisions have the same branch label, or a label is also the id of a revision.";
    RepeatedParent = "E0210", "A revision names the same parent or dependency twice, or a parent that comes before another of its parents anyway.";

    // 03: the schema.
    UnknownTable = "E0301", "No table of this name exists at this point of the history.";
    UnknownColumn = "E0302", "The table has no column of this name at this point of the history.";
    UnknownObject = "E0303", "No such object (index, constraint, enum, view, trigger) exists at this point of the history.";
    AlreadyExists = "E0304", "An object of this name exists already.";
    InvalidName = "E0305", "A name is empty, has a control character, or is longer than the 63 bytes that Postgres keeps.";
    InvalidValue = "E0306", "A value has the right kind but no meaning here, for example a length of 0.";
    InUse = "E0307", "The object cannot be dropped or changed because another object depends on it.";
    NotAnEnumValue = "E0308", "The text is not one of the values of the enum.";
    NothingToDo = "E0309", "The operation asks for nothing: it has no facet, no row or no column.";
    MissingSql = "E0310", "The SQL is written for one dialect only, and the operation is for both.";
    UndeclaredDdl = "E0311", "Raw SQL changes the schema, and Offprint must be told how.\n\nWrite the change after it with `op.declare()`, which changes the replayed schema and emits nothing, or `op.declare().nothing(\"reason\")`.";
    RefusedSql = "E0312", "Raw SQL holds a statement that would break the transaction, the session or the client: BEGIN, COMMIT, SAVEPOINT, SET ROLE, PRAGMA, ATTACH or a command of psql or sqlite3.";
    NoDowngrade = "E0313", "The way back cannot be derived from the way there.\n\nWrite `pub fn downgrade(op: &mut Op)`, or say `op.irreversible(\"reason\")` in `upgrade`.";
    DowngradeDiffers = "E0314", "The `downgrade` that was written does not lead back to the schema before the revision.";
    DoubleQuotedText = "E0315", "A name stands in double quotes, and no column has it.\n\nSQLite takes it for a string, without a word: `CHECK (status <> \"gone\")` compares with the text `gone`, and a misspelt column compares with its own name. Newer builds of SQLite refuse it instead.\n\nWrite strings in single quotes, and in double quotes only names of columns.";

    // 04: the dialects.
    NotInDialect = "E0401", "The dialect has nothing that means this, and leaving it out would change what the schema means.";
    NotYet = "E0402", "Offprint cannot make this change exactly yet, and refuses to make it half right.";
    VersionFloor = "E0403", "The change needs a newer server than the project declares as its floor.";
    CannotConvert = "E0404", "Values of the old type do not fit the new type by themselves.\n\nSay how with `.using(…)`, `.map([…])` or `.otherwise(…)`.";

    // 05: the project.
    Config = "E0501", "`offprint.toml` has a mistake.";
    Drift = "E0502", "A committed artifact differs from what the revisions compile to. Run `offprint compile` and commit the result, or undo the change to the file.";
    StrayArtifact = "E0503", "A file in the folder of a target was not made by any revision. Delete it, or move it out of the folder.";
    ApplierLimit = "E0504", "The applier of the target cannot run this.";
    Io = "E0505", "A file or folder cannot be read or written.";
    Usage = "E0506", "The command line asks for something that the project does not have.";
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.number())
    }
}
