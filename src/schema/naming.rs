//! How constraints and indexes are named when the author does not.

use ecow::{EcoString, eco_format};

/// The names of objects are cut to this many bytes: Postgres keeps 63 (NAMEDATALEN - 1).
pub const LONGEST_NAME: usize = 63;

/// How names are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamingConvention {
    /// By patterns of the project.
    Patterns(Patterns),
    /// As Postgres names what has no name: `<table>_<columns>_key`. The label of a check stands for its columns.
    Postgres,
}

impl Default for NamingConvention {
    fn default() -> Self {
        NamingConvention::Patterns(Patterns::default())
    }
}

/// Patterns in the words of SQLAlchemy's `naming_convention`.
///
/// A pattern may hold `%(table_name)s`, `%(column_0_name)s`, `%(column_0_label)s` (table and column),
/// `%(column_0_N_name)s` (all columns, joined by `_`), `%(referred_table_name)s`, `%(referred_column_0_name)s` and,
/// for checks, `%(constraint_name)s`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    pub primary_key: String,
    pub unique: String,
    pub check: String,
    pub foreign_key: String,
    pub exclusion: String,
}

impl Default for Patterns {
    fn default() -> Self {
        Patterns {
            primary_key: "pk_%(table_name)s".into(),
            unique: "uq_%(table_name)s_%(column_0_name)s".into(),
            check: "ck_%(table_name)s_%(constraint_name)s".into(),
            foreign_key: "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s".into(),
            // SQLAlchemy has no pattern for it.
            exclusion: "ex_%(table_name)s_%(column_0_name)s".into(),
        }
    }
}

/// What a pattern can speak of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    pub table: &'a str,
    pub columns: &'a [EcoString],
    pub referred_table: &'a str,
    pub referred_columns: &'a [EcoString],
    pub constraint: &'a str,
}

/// Fills a pattern in. A name that is too long is cut, and ends in a short hash of the whole.
pub fn fill(pattern: &str, subject: Subject<'_>) -> EcoString {
    let first = subject.columns.first().map_or("", EcoString::as_str);
    let mut name = EcoString::new();
    let mut rest = pattern;
    while let Some(start) = rest.find("%(") {
        name.push_str(&rest[..start]);
        let Some(length) = rest[start..].find(")s") else { break };
        match &rest[start + 2..start + length] {
            "table_name" => name.push_str(subject.table),
            "column_0_name" => name.push_str(first),
            "column_0_label" => {
                name.push_str(subject.table);
                name.push('_');
                name.push_str(first);
            }
            "column_0_N_name" => name.push_str(&subject.columns.join("_")),
            "referred_table_name" => name.push_str(subject.referred_table),
            "referred_column_0_name" => name.push_str(subject.referred_columns.first().map_or("", EcoString::as_str)),
            "constraint_name" => name.push_str(subject.constraint),
            unknown => name.push_str(unknown),
        }
        rest = &rest[start + length + 2..];
    }
    name.push_str(rest);
    shorten(name)
}

/// The name itself if Postgres keeps it whole, else its beginning and eight digits of its hash.
///
/// Cut in the model, so that both dialects have the same name and no two long names meet.
pub fn shorten(name: EcoString) -> EcoString {
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let mut end = LONGEST_NAME - 9;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    eco_format!("{}_{:08x}", &name[..end], hash(name.as_bytes()))
}

/// The name that Postgres gives a constraint for which none is written: parts joined by `_`, cut to 63 bytes.
///
/// The longer of the two first parts is shortened until the name fits (`makeObjectName` of Postgres; measured against
/// a server). SQLite gives no name at all.
pub fn postgres_default(table: &str, columns: &str, label: &str) -> EcoString {
    let fixed = label.len() + 1 + usize::from(!columns.is_empty());
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second + fixed > LONGEST_NAME {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let clip = |text: &str, mut end: usize| {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        EcoString::from(&text[..end])
    };
    let (table, columns) = (clip(table, first), clip(columns, second));
    if columns.is_empty() { eco_format!("{table}_{label}") } else { eco_format!("{table}_{columns}_{label}") }
}

/// FNV-1a with 32 bits: short, and the same on every platform and in every version.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_that_of_sqlalchemy() {
        let columns = [EcoString::from("job_id")];
        let subject = Subject { table: "job_event", columns: &columns, referred_table: "job", ..Subject::default() };
        let convention = Patterns::default();
        assert_eq!(fill(&convention.foreign_key, subject), "fk_job_event_job_id_job");
        assert_eq!(fill("ix_%(column_0_label)s", subject), "ix_job_event_job_id");
        assert_eq!(fill(&convention.primary_key, subject), "pk_job_event");
    }

    #[test]
    fn unnamed_constraints_are_named_like_postgres_does() {
        assert_eq!(postgres_default("job", "", "pkey"), "job_pkey");
        assert_eq!(postgres_default("job", "tenant_key", "key"), "job_tenant_key_key");
        let long = postgres_default(&"t".repeat(60), &"c".repeat(20), "fkey");
        assert_eq!(long.len(), LONGEST_NAME);
        assert!(long.ends_with("_cccccccccccccccccccc_fkey"));
    }

    #[test]
    fn long_names_stay_apart() {
        let first = shorten("x".repeat(80).into());
        let second = shorten(format!("{}y", "x".repeat(79)).into());
        assert_eq!(first.len(), LONGEST_NAME);
        assert_ne!(first, second);
        assert!(shorten("é".repeat(60).into()).len() <= LONGEST_NAME);
    }
}
