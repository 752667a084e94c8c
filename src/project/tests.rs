use super::*;
use crate::dialect::{Delivery, ForeignKeys, Timeouts};
use crate::schema::Dialect;
use crate::source::Sources;

fn project(text: &str) -> Project {
    let mut sources = Sources::default();
    let source = sources.add(FILE_NAME, text);
    Project::parse(text, source).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Each mistake as its message, the underlined text and the remedy.
fn mistakes(text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add(FILE_NAME, text);
    let show = |diagnostic: &Diagnostic| {
        let underlined = diagnostic.labels[0].origin.span().map_or("", |span| &text[span.range()]);
        format!("{} {} [{underlined}] {}", diagnostic.code, diagnostic.message, diagnostic.helps.join("; "))
    };
    let mistakes = Project::parse(text, source).expect_err("mistakes");
    mistakes.iter().map(show).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_empty_file_says_the_defaults() {
    assert_eq!(project(""), Project::default());
    let project = Project::default();
    let names: Vec<&str> = project.targets.iter().map(|target| target.folder.as_str()).collect();
    assert_eq!(names, ["out/psql", "out/sqlite3"]);
}

#[test]
fn every_key_is_read() {
    let project = project(
        r#"
revisions = "db/revisions"
out = "sql"
[postgres]
minimum_version = 16
schema = "app"
lock_timeout = "5s"
statement_timeout = "10min"
[sqlite]
minimum_version = "3.45"
[history]
table = "revision"
schema = "meta"
[naming]
uq = "%(column_0_label)s_key"
ck = "%(table_name)s_%(constraint_name)s_check"
fk = "%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(referred_column_0_name)s_fkey"
pk = "%(table_name)s_pkey"
[[target]]
applier = "psql"
[[target]]
name = "live"
applier = "supabase"
dialect = "postgres"
folder = "supabase/migrations"
lock_timeout = "0"
[[target]]
name = "phone"
applier = "sqlite3"
foreign_keys = "on"
[[target]]
name = "edge"
applier = "sqlite3"
delivery = "hosted"
[[target]]
name = "single"
applier = "psql"
delivery = "wrapped"
"#,
    );
    assert_eq!(project.revisions, "db/revisions");
    let settings = Settings {
        postgres_version: 16,
        postgres_schema: "app".into(),
        timeouts: Timeouts { lock: Some("5s".into()), statement: Some("10min".into()) },
        sqlite_version: (3, 45),
        history_table: "revision".into(),
        history_schema: "meta".into(),
    };
    assert_eq!(project.settings, settings);
    let NamingConvention::Patterns(patterns) = &project.naming else { panic!("patterns are given") };
    assert_eq!(patterns.primary_key, "%(table_name)s_pkey");
    assert_eq!(patterns.check, "%(table_name)s_%(constraint_name)s_check");
    assert_eq!(project.targets[0].timeouts, Timeouts::default());
    assert_eq!(project.targets[1].timeouts, Timeouts { lock: Some("0".into()), statement: None });
    let targets: Vec<(&str, &str, Dialect, Delivery)> = project
        .targets
        .iter()
        .map(|target| (target.name.as_str(), target.folder.as_str(), target.applier.dialect(), target.delivery))
        .collect();
    assert_eq!(
        targets,
        [
            ("psql", "sql/psql", Dialect::Postgres, Delivery::Own { foreign_keys: ForeignKeys::Off }),
            ("live", "supabase/migrations", Dialect::Postgres, Delivery::Wrapped),
            ("phone", "sql/phone", Dialect::Sqlite, Delivery::Own { foreign_keys: ForeignKeys::On }),
            ("edge", "sql/edge", Dialect::Sqlite, Delivery::Hosted),
            ("single", "sql/single", Dialect::Postgres, Delivery::Wrapped),
        ]
    );
}

#[test]
fn the_history_table_lives_in_the_schema_of_the_objects() {
    assert_eq!(project("[postgres]\nschema = \"app\"").settings.history_schema, "app");
}

#[test]
fn times_are_those_of_postgres() {
    insta::assert_snapshot!(mistakes(
        "[postgres]\nlock_timeout = \"5 s\"\nstatement_timeout = \"'0\"\n[[target]]\napplier = \"sqlite3\"\nlock_timeout = \"1s\"\n[[target]]\napplier = \"psql\"\nstatement_timeout = 5"
    ), @r#"
    E0501 `5 s` is no lock_timeout ["5 s"] write a number with `ms`, `s`, `min` or `h`, as in "5s"; "0" waits for ever
    E0501 `\'0` is no statement_timeout ["'0"] write a number with `ms`, `s`, `min` or `h`, as in "5s"; "0" waits for ever
    E0501 SQLite has no such time limit ["1s"] delete the line
    E0501 `statement_timeout` must be a text [5] write `statement_timeout = "…"`
    "#);
}

#[test]
fn names_are_made_as_postgres_makes_them() {
    assert_eq!(project("[naming]\nconvention = \"postgres\"").naming, NamingConvention::Postgres);
    assert_eq!(project("[naming]\nconvention = \"sqlalchemy\"").naming, NamingConvention::default());
    assert_eq!(
        mistakes("[naming]\npk = \"%(table_name)s_pkey\"\nconvention = \"postgres\""),
        "E0501 the convention of Postgres has no patterns [\"%(table_name)s_pkey\"] delete the line, or `convention`"
    );
}

#[test]
fn unknown_keys() {
    insta::assert_snapshot!(
        mistakes("revision = \"x\"\nanything = 1\n[postgres]\nversion = 15\nschemas = \"a\"\n[[target]]\napplier = \"psql\"\npath = \"x\""),
        @r"
        E0501 there is no key `revision` at the top level [revision] did you mean `revisions`?
        E0501 there is no key `anything` at the top level [anything] the keys are `revisions`, `out`, `postgres`, `sqlite`, `history`, `naming`, `target`
        E0501 there is no key `version` in `postgres` [version] the keys are `minimum_version`, `schema`, `lock_timeout`, `statement_timeout`
        E0501 there is no key `schemas` in `postgres` [schemas] did you mean `schema`?
        E0501 there is no key `path` in `target` [path] the keys are `name`, `applier`, `dialect`, `folder`, `delivery`, `foreign_keys`, `lock_timeout`, `statement_timeout`
        "
    );
}

#[test]
fn values_of_the_wrong_kind() {
    insta::assert_snapshot!(
        mistakes("revisions = 1\nout = [\"out\"]\nhistory = \"x\"\ntarget = \"psql\"\nnaming = []\n[postgres]\nminimum_version = \"15\"\n[sqlite]\nminimum_version = 3.40"),
        @r#"
        E0501 `revisions` must be a text [1] write `revisions = "…"`
        E0501 `out` must be a text [["out"]] write `out = "…"`
        E0501 `history` must be a table ["x"] write `[history]` on a line of its own, and its keys below
        E0501 `target` must be a list of tables ["psql"] write `[[target]]` on a line of its own, once for each, and its keys below
        E0501 `naming` must be a table [[]] write `[naming]` on a line of its own, and its keys below
        E0501 `minimum_version` must be a whole number ["15"] write `minimum_version = 15`
        E0501 `minimum_version` must be a text [3.40] write `minimum_version = "…"`
        "#
    );
}

#[test]
fn values_that_mean_nothing() {
    insta::assert_snapshot!(
        mistakes("revisions = \"../up\"\nout = \"a\\\\b\"\n[postgres]\nminimum_version = 9\nschema = \"\"\n[sqlite]\nminimum_version = \"3.8\"\n[history]\ntable = \"a.b\""),
        @r#"
        E0501 the folder `../up` has an empty part, `.` or `..` ["../up"] name a folder below the one of `offprint.toml`, as in `a/b`
        E0501 the folder `a\\b` has a backslash ["a\\b"] separate folders by `/`, on every system
        E0501 Offprint does not write for Postgres 9 [9] write 12 or newer
        E0501 the schema `` is empty [""] write a name of at most 63 bytes, without quotes and without a schema
        E0501 Offprint does not write for SQLite 3.8 ["3.8"] write "3.35" or newer
        E0501 the table `a.b` has a dot ["a.b"] write a name of at most 63 bytes, without quotes and without a schema
        "#
    );
    insta::assert_snapshot!(mistakes("[sqlite]\nminimum_version = \"4\"\n[postgres]\nminimum_version = -1"), @r#"
    E0501 `4` is no version of SQLite ["4"] write the major and the minor version, as in "3.40"
    E0501 `minimum_version` must be a whole number [-1] write `minimum_version = 15`
    "#);
}

#[test]
fn patterns() {
    insta::assert_snapshot!(
        mistakes("[naming]\nix = \"ix_%(column_0_label)s\"\nex = \"ex_%(table_name)s_%(column_0_lable)s\"\nuq = \"uq_%(column_0_name)s\"\nck = \"ck_%(table_name)s\"\nfk = \"100%\"\npk = \"pk_%(table_name)s_%(constraint_name)s\"\nxx = \"\""),
        @r#"
        E0501 no convention names indexes ["ix_%(column_0_label)s"] delete the line: `create_index` gives each index its name
        E0501 the pattern of `ex` has no token `column_0_lable` ["ex_%(table_name)s_%(column_0_lable)s"] did you mean `%(column_0_label)s`?
        E0501 the pattern of `uq` gives different objects the same name ["uq_%(column_0_name)s"] add `%(table_name)s`
        E0501 the pattern of `ck` gives different objects the same name ["ck_%(table_name)s"] add `%(constraint_name)s`
        E0501 the pattern `100%` has a `%` that begins no token ["100%"] write tokens as in `%(table_name)s`
        E0501 the pattern of `pk` has no token `constraint_name` ["pk_%(table_name)s_%(constraint_name)s"] the tokens of `pk` are `table_name`, `column_0_name`, `column_0_label`, `column_0_N_name`
        E0501 there is no key `xx` in `naming` [xx] did you mean `ex`?
        "#
    );
}

#[test]
fn targets() {
    insta::assert_snapshot!(
        mistakes("[[target]]\nname = \"a b\"\n[[target]]\napplier = \"psq\"\n[[target]]\napplier = \"supabase\"\ndialect = \"sqlite\"\nforeign_keys = \"on\"\n[[target]]\napplier = \"supabase\"\n[[target]]\nname = \"x\"\napplier = \"sqlite3\"\nfolder = \"out/Supabase\"\nforeign_keys = \"yes\"\n[[target]]\nname = \"y\"\napplier = \"sqlite3\"\nfolder = \"revisions/sql\""),
        @r#"
        E0501 the target does not say what applies its files [[[target]]] add `applier = "psql"`; the appliers are `psql`, `sqlite3`, `supabase`
        E0501 `a b` cannot be the name of a target ["a b"] write letters of `A` to `Z`, digits, `_` and `-`
        E0501 `psq` is no applier ["psq"] did you mean `"psql"`?
        E0501 `supabase` does not apply files to SQLite ["sqlite"] delete the line: the dialect of `supabase` is Postgres
        E0501 Postgres enforces foreign keys always ["on"] delete the line
        E0501 two targets have the name `supabase` [[[target]]] give each target a `name` of its own
        E0501 the folders of the targets `supabase` and `x` overlap ["out/Supabase"] give each target a `folder` of its own
        E0501 `yes` is no foreign_keys ["yes"] write one of `on`, `off`
        E0501 the folder of the target `y` overlaps the folder of the revisions ["revisions/sql"] let the target write into another folder
        "#
    );
    insta::assert_snapshot!(
        mistakes("[[target]]\napplier = \"psql\"\ndelivery = \"hosted\"\n[[target]]\napplier = \"supabase\"\ndelivery = \"own\"\n[[target]]\napplier = \"sqlite3\"\ndelivery = \"wrapped\"\nforeign_keys = \"on\"\n[[target]]\nname = \"x\"\napplier = \"sqlite3\"\ndelivery = \"wraped\""),
        @r#"
        E0501 the files of `psql` cannot be `hosted` ["hosted"] write one of `own`, `wrapped`
        E0501 the files of `supabase` cannot be `own` ["own"] write one of `wrapped`
        E0501 `wrapped` SQL is right with foreign keys on and with foreign keys off ["on"] delete the line
        E0501 `wraped` is no delivery ["wraped"] did you mean `"wrapped"`?
        "#
    );
    insta::assert_snapshot!(mistakes("target = []"), @"E0501 the project has no target [] add a `[[target]]`, or delete the key to get the targets `psql` and `sqlite3`");
}

#[test]
fn folders_that_overlap() {
    insta::assert_snapshot!(mistakes("out = \"db\"\nrevisions = \"db/psql\""), @r#"E0501 the folder of the target `psql` overlaps the folder of the revisions ["db"] let the target write into another folder"#);
    insta::assert_snapshot!(mistakes("revisions = \"OUT\""), @r#"
    E0501 the folder of the target `psql` overlaps the folder of the revisions ["OUT"] let the target write into another folder
    E0501 the folder of the target `sqlite3` overlaps the folder of the revisions ["OUT"] let the target write into another folder
    "#);
}

#[test]
fn broken_toml() {
    insta::assert_snapshot!(mistakes("revisions = \nout = \"x\n[postgres\nschema = 'a'\nschema = 'b'"), @r#"
    E0501 the file is not valid TOML: unclosed table, expected `]` [] values are written as in `out = "out"`, sections as in `[postgres]`
    E0501 the file is not valid TOML: string values must be quoted, expected literal string [] values are written as in `out = "out"`, sections as in `[postgres]`
    E0501 the file is not valid TOML: invalid basic string, expected `"` [] values are written as in `out = "out"`, sections as in `[postgres]`
    "#);
    insta::assert_snapshot!(mistakes("out = \"a\"\nout = \"b\""), @r#"E0501 the file is not valid TOML: duplicate key [out] values are written as in `out = "out"`, sections as in `[postgres]`"#);
}
