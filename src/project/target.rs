//! The targets of `offprint.toml`.

use ecow::{EcoString, eco_format};

use super::reader::{Reader, Section, Word, list};
use crate::applier::{Applier, Target};
use crate::dialect::{Delivery, ForeignKeys, Timeouts};
use crate::schema::Dialect;
use crate::source::{Located, Origin};

/// Everyone who may open the transactions of a script.
const DELIVERIES: [Delivery; 3] =
    [Delivery::Own { foreign_keys: ForeignKeys::Off }, Delivery::Wrapped, Delivery::Hosted];

/// A target named like its applier, with the usual folder.
fn usual(applier: Applier, out: &str) -> Target {
    let name = applier.name();
    Target {
        name: name.into(),
        applier,
        folder: usual_folder(applier, out, name),
        delivery: applier.deliveries()[0],
        timeouts: Timeouts::default(),
    }
}

/// Where the files of a target go unless it says otherwise.
fn usual_folder(applier: Applier, out: &str, target: &str) -> EcoString {
    match applier {
        Applier::Psql | Applier::Sqlite3 => eco_format!("{out}/{target}"),
        Applier::Supabase => eco_format!("{out}/{target}/migrations"),
    }
}

/// The targets of a project that names none.
pub(super) fn default_targets(out: &str) -> Vec<Target> {
    vec![usual(Applier::Psql, out), usual(Applier::Sqlite3, out)]
}

impl Reader {
    pub(super) fn targets(&mut self, sections: &[Section<'_>], out: &str, revisions: &str) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for &section in sections {
            let Some(target) = self.target(section, out) else { continue };
            let origin = self.origin_of(section, "name");
            if targets.iter().any(|other| other.name == target.name) {
                let help = "give each target a `name` of its own";
                self.mistake(format!("two targets have the name `{}`", target.name), origin, "the second one", help);
                continue;
            }
            let origin = self.origin_of(section, "folder");
            if let Some(other) = targets.iter().find(|other| overlap(&other.folder, &target.folder)) {
                let message = format!("the folders of the targets `{}` and `{}` overlap", other.name, target.name);
                let label = format!("the other one is `{}`", other.folder);
                self.mistake(message, origin, &label, "give each target a `folder` of its own");
            }
            self.outside_revisions(&target, revisions, origin);
            targets.push(target);
        }
        if sections.is_empty() {
            let help = "add a `[[target]]`, or delete the key to get the targets `psql` and `sqlite3`";
            self.mistake("the project has no target", Origin::Unknown, "", help);
        }
        targets
    }

    fn target(&mut self, section: Section<'_>, out: &str) -> Option<Target> {
        self.only(
            section,
            &["name", "applier", "dialect", "folder", "delivery", "foreign_keys", "lock_timeout", "statement_timeout"],
        );
        let appliers = Applier::ALL.map(|applier| (applier.name(), applier));
        let dialect = self.choice(section, "dialect", &Dialect::ALL.map(|dialect| (dialect.name(), dialect)));
        let delivery = self.choice(section, "delivery", &DELIVERIES.map(|delivery| (delivery.name(), delivery)));
        let foreign_keys = self.choice(section, "foreign_keys", &[("on", ForeignKeys::On), ("off", ForeignKeys::Off)]);
        let timeouts = self.timeouts(section);
        let name = self.target_name(section);
        let folder = self.folder(section, "folder");
        if !section.has("applier") {
            let help = format!("add `applier = \"psql\"`; the appliers are {}", list(&appliers.map(|(name, _)| name)));
            self.mistake("the target does not say what applies its files", section.origin, "no `applier`", help);
        }
        let applier = self.choice(section, "applier", &appliers)?.value;
        if let Some(dialect) = dialect
            && dialect.value != applier.dialect()
        {
            self.mistake(
                format!("`{}` does not apply files to {}", applier.name(), dialect.value.title()),
                dialect.origin,
                "another dialect",
                format!("delete the line: the dialect of `{}` is {}", applier.name(), applier.dialect().title()),
            );
        }
        if let Some(foreign_keys) = foreign_keys
            && applier.dialect() != Dialect::Sqlite
        {
            let message = format!("{} enforces foreign keys always", applier.dialect().title());
            self.mistake(message, foreign_keys.origin, "for SQLite only", "delete the line");
        }
        if timeouts != Timeouts::default() && applier.dialect() != Dialect::Postgres {
            let message = format!("{} has no such time limit", applier.dialect().title());
            let key = if timeouts.lock.is_some() { "lock_timeout" } else { "statement_timeout" };
            self.mistake(message, self.origin_of(section, key), "for Postgres only", "delete the line");
        }
        let delivery = self.delivery(applier, delivery, foreign_keys);
        let name = name.map_or(applier.name(), |name| name.value);
        Some(Target {
            name: name.into(),
            applier,
            folder: folder.map_or_else(|| usual_folder(applier, out, name), |folder| folder.value.into()),
            delivery,
            timeouts,
        })
    }

    /// Who opens the transactions, as far as the applier can be run so.
    fn delivery(
        &mut self,
        applier: Applier,
        asked: Option<Located<Delivery>>,
        foreign_keys: Option<Located<ForeignKeys>>,
    ) -> Delivery {
        let possible = applier.deliveries();
        if let Some(asked) = &asked
            && !possible.contains(&asked.value)
        {
            let names: Vec<&str> = possible.iter().map(|delivery| delivery.name()).collect();
            let message = format!("the files of `{}` cannot be `{}`", applier.name(), asked.value.name());
            self.mistake(message, asked.origin, "not with this applier", format!("write one of {}", list(&names)));
        }
        let delivery = asked.map_or(possible[0], |asked| asked.value);
        match (delivery, foreign_keys) {
            (Delivery::Own { .. }, Some(foreign_keys)) => Delivery::Own { foreign_keys: foreign_keys.value },
            (Delivery::Wrapped, Some(foreign_keys)) if applier.dialect() == Dialect::Sqlite => {
                let message = "`wrapped` SQL is right with foreign keys on and with foreign keys off";
                self.mistake(message, foreign_keys.origin, "for `own` only", "delete the line");
                delivery
            }
            (Delivery::Hosted, Some(foreign_keys)) if applier.dialect() == Dialect::Sqlite => {
                let message = "foreign keys are always on where SQL is `hosted`";
                self.mistake(message, foreign_keys.origin, "for `own` only", "delete the line");
                delivery
            }
            (delivery, _) => delivery,
        }
    }

    fn target_name<'t>(&mut self, section: Section<'t>) -> Option<Word<'t>> {
        let word = self.text(section, "name")?;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if word.is_empty() || !word.bytes().all(valid) {
            let message = format!("`{}` cannot be the name of a target", word.escape_debug());
            let help = "write letters of `A` to `Z`, digits, `_` and `-`";
            self.mistake(message, word.origin, "not a name", help);
            return None;
        }
        Some(word)
    }

    /// Revisions and artifacts must not lie in each other's folders: artifacts are deleted, revisions are read.
    pub(super) fn outside_revisions(&mut self, target: &Target, revisions: &str, origin: Origin) {
        if overlap(&target.folder, revisions) {
            let message = format!("the folder of the target `{}` overlaps the folder of the revisions", target.name);
            let label = format!("`{}` and `{revisions}`", target.folder);
            self.mistake(message, origin, &label, "let the target write into another folder");
        }
    }
}

/// Whether one folder is the other or lies in it. File systems may ignore case.
fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    inside(&one, &other) || inside(&other, &one)
}
