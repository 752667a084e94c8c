//! The sections of `offprint.toml`, each with its keys.

use ecow::EcoString;
use toml::de::DeTable;

use super::reader::{Reader, Section, Word};
use super::{Project, target};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Timeouts;
use crate::schema::naming::{LONGEST_NAME, NamingConvention, Patterns};
use crate::source::{Located, Origin, SourceId};

/// The oldest servers that Offprint can write for.
const OLDEST_POSTGRES: u32 = 12;
const OLDEST_SQLITE: (u32, u32) = (3, 35);

pub(super) fn parse(text: &str, source: SourceId) -> Result<Project, Vec<Diagnostic>> {
    let mut reader = Reader { source, diagnostics: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let origin = error.span().map_or(Origin::Unknown, |bytes| reader.origin(bytes));
        reader.diagnostics.push(
            Diagnostic::new(Code::Config, format!("the file is not valid TOML: {}", error.message()))
                .at(origin, "here")
                .help("values are written as in `out = \"out\"`, sections as in `[postgres]`"),
        );
    }
    if !reader.diagnostics.is_empty() {
        return Err(reader.diagnostics);
    }
    let root = Section { name: "", table: table.get_ref(), origin: Origin::Unknown };
    let project = reader.project(root);
    let place =
        |diagnostic: &Diagnostic| diagnostic.labels.first().and_then(|label| label.origin.span()).map(|it| it.start);
    reader.diagnostics.sort_by_key(place);
    if reader.diagnostics.is_empty() { Ok(project) } else { Err(reader.diagnostics) }
}

impl Reader {
    fn project(&mut self, root: Section<'_>) -> Project {
        let mut project = Project::default();
        self.only(root, &["revisions", "out", "postgres", "sqlite", "history", "naming", "target"]);
        if let Some(folder) = self.folder(root, "revisions") {
            project.revisions = folder.value.into();
        }
        let out = self.folder(root, "out").map_or("out", |folder| folder.value);
        let settings = &mut project.settings;
        if let Some(section) = self.section(root, "postgres") {
            self.only(section, &["minimum_version", "schema", "lock_timeout", "statement_timeout"]);
            settings.timeouts = self.timeouts(section);
            if let Some(version) = self.postgres_version(section) {
                settings.postgres_version = version;
            }
            if let Some(schema) = self.name(section, "schema") {
                settings.postgres_schema = schema.value.into();
            }
        }
        if let Some(section) = self.section(root, "sqlite") {
            self.only(section, &["minimum_version"]);
            if let Some(version) = self.sqlite_version(section) {
                settings.sqlite_version = version;
            }
        }
        settings.history_schema = settings.postgres_schema.clone();
        if let Some(section) = self.section(root, "history") {
            self.only(section, &["table", "schema"]);
            if let Some(table) = self.name(section, "table") {
                settings.history_table = table.value.into();
            }
            if let Some(schema) = self.name(section, "schema") {
                settings.history_schema = schema.value.into();
            }
        }
        if let Some(section) = self.section(root, "naming") {
            project.naming = self.naming(section);
        }
        project.targets = match self.sections(root, "target") {
            Some(sections) => self.targets(&sections, out, &project.revisions),
            None => target::default_targets(out),
        };
        if !root.has("target") {
            let origin = self.origin_of(root, if root.has("out") { "out" } else { "revisions" });
            for target in &project.targets {
                self.outside_revisions(target, &project.revisions, origin);
            }
        }
        project
    }

    /// A path below the root of the project.
    pub(super) fn folder<'t>(&mut self, section: Section<'t>, key: &str) -> Option<Word<'t>> {
        let word = self.text(section, key)?;
        let (problem, help) = if word.is_empty() {
            ("is empty", "name a folder of the project")
        } else if word.contains('\\') {
            ("has a backslash", "separate folders by `/`, on every system")
        } else if word.chars().any(char::is_control) {
            ("has a control character", "write it without")
        } else if word.starts_with('/') || word.contains(':') {
            ("is not relative", "name a folder below the one of `offprint.toml`")
        } else if word.split('/').any(|part| matches!(part, "" | "." | "..")) {
            ("has an empty part, `.` or `..`", "name a folder below the one of `offprint.toml`, as in `a/b`")
        } else {
            return Some(word);
        };
        self.mistake(format!("the folder `{}` {problem}", word.escape_debug()), word.origin, "not a folder", help);
        None
    }

    /// A name of the database.
    fn name<'t>(&mut self, section: Section<'t>, key: &str) -> Option<Word<'t>> {
        let word = self.text(section, key)?;
        let problem = if word.is_empty() {
            "is empty".into()
        } else if word.len() > LONGEST_NAME {
            format!("is longer than {LONGEST_NAME} bytes")
        } else if word.chars().any(char::is_control) {
            "has a control character".into()
        } else if word.contains('.') {
            "has a dot".into()
        } else {
            return Some(word);
        };
        let help = format!("write a name of at most {LONGEST_NAME} bytes, without quotes and without a schema");
        self.mistake(format!("the {key} `{}` {problem}", word.escape_debug()), word.origin, "not a name", help);
        None
    }

    fn postgres_version(&mut self, section: Section<'_>) -> Option<u32> {
        let version = self.number(section, "minimum_version")?;
        if version.value < OLDEST_POSTGRES {
            self.mistake(
                format!("Offprint does not write for Postgres {}", version.value),
                version.origin,
                "too old",
                format!("write {OLDEST_POSTGRES} or newer"),
            );
            return None;
        }
        Some(version.value)
    }

    /// The time limits of a section.
    pub(super) fn timeouts(&mut self, section: Section<'_>) -> Timeouts {
        let lock = self.duration(section, "lock_timeout");
        Timeouts { lock, statement: self.duration(section, "statement_timeout") }
    }

    /// A time in the words of Postgres.
    fn duration(&mut self, section: Section<'_>, key: &str) -> Option<EcoString> {
        let word = self.text(section, key)?;
        let (digits, unit) = word.split_at(word.bytes().take_while(u8::is_ascii_digit).count());
        let fits = digits.len() <= 6 && digits.parse::<u32>().is_ok();
        if fits && (matches!(unit, "ms" | "s" | "min" | "h") || word.value == "0") {
            return Some(word.value.into());
        }
        let message = format!("`{}` is no {key}", word.escape_debug());
        let help = "write a number with `ms`, `s`, `min` or `h`, as in \"5s\"; \"0\" waits for ever";
        self.mistake(message, word.origin, "not a time", help);
        None
    }

    fn sqlite_version(&mut self, section: Section<'_>) -> Option<(u32, u32)> {
        let word = self.text(section, "minimum_version")?;
        let parsed = word
            .split_once('.')
            .filter(|(_, minor)| minor.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)));
        let (oldest_major, oldest_minor) = OLDEST_SQLITE;
        match parsed {
            Some((3, minor)) if (3, minor) >= OLDEST_SQLITE => Some((3, minor)),
            Some((3, minor)) => {
                self.mistake(
                    format!("Offprint does not write for SQLite 3.{minor}"),
                    word.origin,
                    "too old",
                    format!("write \"{oldest_major}.{oldest_minor}\" or newer"),
                );
                None
            }
            _ => {
                self.mistake(
                    format!("`{}` is no version of SQLite", word.escape_debug()),
                    word.origin,
                    "not a version",
                    "write the major and the minor version, as in \"3.40\"",
                );
                None
            }
        }
    }

    fn naming(&mut self, section: Section<'_>) -> NamingConvention {
        /// What names are made by.
        #[derive(Clone, Copy)]
        enum By {
            Patterns,
            Postgres,
        }
        let mut naming = Patterns::default();
        const TABLE: &[&str] = &["table_name"];
        const COLUMNS: &[&str] = &["table_name", "column_0_name", "column_0_label", "column_0_N_name"];
        const CHECK: &[&str] = &["table_name", "constraint_name"];
        const REFERENCE: &[&str] = &[
            "table_name",
            "column_0_name",
            "column_0_label",
            "column_0_N_name",
            "referred_table_name",
            "referred_column_0_name",
        ];
        self.only(section, &["convention", "ix", "uq", "ck", "ex", "fk", "pk"]);
        if section.has("ix") {
            let help = "delete the line: `create_index` gives each index its name";
            self.mistake("no convention names indexes", self.origin_of(section, "ix"), "never read", help);
        }
        let convention =
            self.choice(section, "convention", &[("sqlalchemy", By::Patterns), ("postgres", By::Postgres)]);
        if let Some(Located { value: By::Postgres, .. }) = convention {
            if let Some(key) = ["uq", "ck", "ex", "fk", "pk"].into_iter().find(|key| section.has(key)) {
                let message = "the convention of Postgres has no patterns";
                self.mistake(message, self.origin_of(section, key), "a pattern", "delete the line, or `convention`");
            }
            return NamingConvention::Postgres;
        }
        self.pattern(section, "uq", COLUMNS, TABLE, &mut naming.unique);
        self.pattern(section, "ck", CHECK, CHECK, &mut naming.check);
        self.pattern(section, "ex", COLUMNS, TABLE, &mut naming.exclusion);
        self.pattern(section, "fk", REFERENCE, TABLE, &mut naming.foreign_key);
        self.pattern(section, "pk", COLUMNS, TABLE, &mut naming.primary_key);
        NamingConvention::Patterns(naming)
    }

    /// A pattern of SQLAlchemy's `naming_convention`. It may have the tokens `known` and must have those `needed`:
    /// without the table, the names of two tables would meet.
    fn pattern(&mut self, section: Section<'_>, key: &str, known: &[&str], needed: &[&str], pattern: &mut String) {
        let Some(word) = self.text(section, key) else { return };
        let mut seen = Vec::new();
        let mut rest = word.value;
        while let Some(start) = rest.find('%') {
            let after = &rest[start + 1..];
            let token = after.strip_prefix('(').and_then(|inner| inner.split_once(")s"));
            let Some((token, tail)) = token else {
                let message = format!("the pattern `{}` has a `%` that begins no token", word.escape_debug());
                self.mistake(message, word.origin, "not a pattern", "write tokens as in `%(table_name)s`");
                return;
            };
            if !known.contains(&token) {
                let help = match crate::diagnostic::closest(token, known.iter().copied()) {
                    Some(candidate) => format!("did you mean `%({candidate})s`?"),
                    None => format!("the tokens of `{key}` are {}", super::reader::list(known)),
                };
                let message = format!("the pattern of `{key}` has no token `{}`", token.escape_debug());
                self.mistake(message, word.origin, "unknown token", help);
                return;
            }
            seen.push(token);
            rest = tail;
        }
        let names_the_table =
            |needed: &str| seen.contains(&needed) || (needed == "table_name" && seen.contains(&"column_0_label"));
        if let Some(missing) = needed.iter().find(|needed| !names_the_table(needed)) {
            let message = format!("the pattern of `{key}` gives different objects the same name");
            self.mistake(message, word.origin, "not enough tokens", format!("add `%({missing})s`"));
            return;
        }
        if word.chars().any(char::is_control) {
            let message = format!("the pattern of `{key}` has a control character");
            self.mistake(message, word.origin, "not a pattern", "write it without");
            return;
        }
        *pattern = word.value.into();
    }
}
