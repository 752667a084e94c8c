//! Domains and composite types, which only Postgres has.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

const VALUES: &str = "SELECT id, share, mood FROM part ORDER BY id";

/// Domains over an integer, over an enum, and over that one, and a table with columns of them.
fn domains(op: &mut Op) {
    op.create_enum("mood", ["gone", "good", "bad"]);
    op.postgres()
        .create_domain("share", integer())
        .default(0)
        .check("share_range", "VALUE BETWEEN 0 AND 100")
        .check("share_even", "VALUE % 2 = 0 -- even");
    op.postgres()
        .create_domain("feeling", enumeration("mood"))
        .default("good")
        .check("feeling_not_bad", "VALUE <> 'bad'");
    op.postgres().create_domain("a strong \"feeling\"", domain("feeling"));
    op.postgres().grant(["usage"]).on_type("feeling").to(["pg_monitor"]);
    op.create_table("part")
        .column("id", integer())
        .column("share", domain("share").sqlite("INTEGER"))
        .column("mood", domain("a strong \"feeling\"").sqlite("TEXT").default("good"))
        .column("moods", array(domain("feeling")).sqlite("TEXT"))
        .primary_key(["id"]);
    op.postgres().create_index("ix_mood", "part", ["mood"]);
    op.postgres().create_view("good_parts", "SELECT id, mood FROM part WHERE CAST(mood AS mood) = 'good'");
}

const PARTS: &str = "
    INSERT INTO part (id, share, mood) VALUES (1, 10, 'good'), (2, 20, 'gone'), (3, NULL, NULL);
    UPDATE part SET moods = '{good,gone}' WHERE id = 1;
";

fn on_domains(upgrade: fn(&mut Op)) -> Case {
    Case::new(domains, upgrade).seed(PARTS).only(Dialect::Postgres)
}

/// A composite type with a domain in it, and a table with a column of it.
fn composites(op: &mut Op) {
    op.create_enum("mood", ["gone", "good", "bad"]);
    op.postgres().create_domain("zip", varchar(5)).check("zip_digits", "VALUE ~ '^[0-9]+$'");
    op.postgres()
        .create_composite_type("address")
        .attribute("street \"name\"", text())
        .attribute("zip", domain("zip"))
        .attribute("moods", array(enumeration("mood")));
    op.postgres().create_composite_type("pair").attribute("first", integer()).attribute("of", composite("address"));
    op.postgres()
        .create_table("person")
        .column("id", integer())
        .column("home", composite("address").default("(Long,12345,{good})"))
        .column("places", array(composite("address")))
        .primary_key(["id"]);
}

const PERSONS: &str = r#"
    INSERT INTO person (id, home) VALUES (1, ROW('Main "1"', '54321', '{good,gone}')), (2, NULL);
    INSERT INTO person (id) VALUES (3);
"#;

fn on_composites(upgrade: fn(&mut Op)) -> Case {
    Case::new(composites, upgrade).seed(PERSONS).only(Dialect::Postgres)
}

const HOMES: &str = "SELECT id, home FROM person ORDER BY id";

cases! {
    create_domain: jobs::unchanged(|op| {
        op.create_domain("percentage", integer()).default(50).not_null().check("percentage_range", "VALUE BETWEEN 0 AND 100;");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no domains: domain `percentage`")
    .accepts("SELECT 5::percentage")
    .refuses("SELECT 500::percentage")
    .refuses("SELECT NULL::percentage");

    a_new_column_of_a_new_domain: jobs::unchanged(|op| {
        op.postgres().create_domain("percentage", integer()).default(50).check("percentage_range", "VALUE BETWEEN 0 AND 100");
        op.add_column("job", "done", domain("percentage").sqlite("INTEGER").default(7));
        op.add_column("job", "left", domain("percentage").sqlite("INTEGER"));
    })
    .after(
        ("SELECT id, done, \"left\" FROM job ORDER BY id", "SELECT id, done, 50 FROM job ORDER BY id"),
        ["1|7|50", "2|7|50", "3|7|50"],
    );

    drop_domain: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_domain("word", varchar(20)).check("word_given", "VALUE <> ''");
            op.postgres().grant(["usage"]).on_type("word").to(["pg_monitor"]);
        },
        |op| {
            op.drop_domain("word");
        },
    )
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no domain `word` exists here")
    .before("SELECT to_regtype('word')", ["word"])
    .after("SELECT to_regtype('word')", ["NULL"]);

    alter_domain: Case::new(domains, |op| {
        op.alter_domain("share")
            .drop_check("share_even")
            .drop_check("share_range")
            .add_check("share_range", "VALUE BETWEEN 0 AND 200")
            .set_default(1);
    })
    .seed(PARTS)
    .refused_on(Dialect::Sqlite, "no domain `share` exists here")
    .keeps(VALUES, ["1|10|good", "2|20|gone", "3|NULL|NULL"])
    .after(
        ("SELECT pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE typname = 'share'", "SELECT 1"),
        ["1"],
    )
    .refuses("UPDATE part SET share = 201");

    a_stricter_domain: on_domains(|op| {
        op.delete("part").filter("share IS NULL");
        op.postgres().alter_domain("share").set_not_null().drop_default().add_check("share_small", "VALUE < 50");
    })
    .downgrade(|op| {
        op.postgres().alter_domain("share").drop_not_null().set_default(0).drop_check("share_small");
    })
    .after(VALUES, ["1|10|good", "2|20|gone"])
    .back(VALUES, ["1|10|good", "2|20|gone"])
    .refuses("INSERT INTO part (id, share) VALUES (4, 60)")
    .refuses("INSERT INTO part (id) VALUES (4)");

    a_domain_that_rows_break: on_domains(|op| {
        op.postgres().alter_domain("share").add_check("share_small", "VALUE < 15");
    })
    .stops("column \"share\" of table \"part\" contains values that violate the new constraint");

    a_column_becomes_one_of_a_domain: on_domains(|op| {
        op.alter_column("part", "id").set_type(domain("share").sqlite("INTEGER"));
        op.alter_column("part", "share").set_type(text());
        op.alter_column("part", "mood").set_type(text());
    })
    .downgrade(|op| {
        op.alter_column("part", "mood").set_type(domain("a strong \"feeling\""));
        op.alter_column("part", "share").set_type(domain("share"));
        op.alter_column("part", "id").set_type(integer());
    })
    .stops("value for domain share violates check constraint \"share_even\"");

    columns_come_from_domains_and_go_back: on_domains(|op| {
        op.alter_column("part", "share").set_type(text());
        op.alter_column("part", "mood").set_type(text());
        op.alter_column("part", "moods").set_type(array(text()));
    })
    .keeps(VALUES, ["1|10|good", "2|20|gone", "3|NULL|NULL"])
    .keeps("SELECT moods FROM part WHERE id = 1", ["{good,gone}"]);

    columns_take_the_rules_of_a_domain: on_domains(|op| {
        op.alter_column("part", "share").set_type(integer());
        op.alter_column("part", "mood").set_type(domain("feeling"));
    })
    .keeps(VALUES, ["1|10|good", "2|20|gone", "3|NULL|NULL"]);

    the_enum_of_domains_is_renamed: on_domains(|op| {
        op.rename_enum("mood", "temper");
        op.rename_enum_value("temper", "gone", "lost");
    })
    .before(VALUES, ["1|10|good", "2|20|gone", "3|NULL|NULL"])
    .after(VALUES, ["1|10|good", "2|20|lost", "3|NULL|NULL"]);

    the_enum_of_domains_loses_a_value: on_domains(|op| {
        op.replace_enum_values("mood", ["bad", "good"]).map([("gone", "good")]);
    })
    .before(VALUES, ["1|10|good", "2|20|gone", "3|NULL|NULL"])
    .after(VALUES, ["1|10|good", "2|20|good", "3|NULL|NULL"])
    .back(VALUES, ["1|10|good", "2|20|good", "3|NULL|NULL"])
    .after("SELECT moods FROM part WHERE id = 1", ["{good,good}"])
    .keeps("SELECT has_type_privilege('pg_monitor', 'feeling', 'usage')", ["t"])
    .refuses("UPDATE part SET mood = 'bad'");

    a_domain_whose_rules_name_a_value_that_goes: on_domains(|op| {
        op.replace_enum_values("mood", ["gone", "good"]);
    })
    .refused_on(Dialect::Postgres, "enum `mood` cannot lose values while the rules of domain `feeling` name them");

    a_domain_whose_rules_name_a_value_that_is_renamed: on_domains(|op| {
        op.rename_enum_value("mood", "bad", "worse");
    })
    .refused_on(Dialect::Postgres, "value `bad` of enum `mood` cannot be renamed while the rules of domain `feeling` name it");

    a_default_of_a_domain_goes: on_domains(|op| {
        op.alter_column("part", "mood").drop_default();
        op.replace_enum_values("mood", ["bad", "gone"]).map([("good", "gone")]);
    })
    .refused_on(Dialect::Postgres, "`good` is the default of domain `feeling`");

    a_default_that_the_enum_of_a_domain_does_not_have: on_domains(|op| {
        op.postgres().alter_domain("feeling").set_default("ugly");
    })
    .refused_on(Dialect::Postgres, "`ugly` is not a value of enum `mood`");

    a_domain_in_arrays_gets_no_new_rule: on_domains(|op| {
        op.postgres().alter_domain("feeling").set_not_null();
    })
    .refused_on(Dialect::Postgres, "domain `feeling` is used by the arrays of `part.moods`");

    a_domain_that_a_column_is_of_is_dropped: on_domains(|op| {
        op.postgres().drop_domain("share");
    })
    .refused_on(Dialect::Postgres, "domain `share` is the type of `part.share`");

    a_domain_that_another_is_made_of_is_dropped: Case::new(
        |op| {
            op.postgres().create_domain("a", integer());
            op.postgres().create_domain("b", domain("a"));
        },
        |op| {
            op.postgres().drop_domain("a");
        },
    )
    .refused_on(Dialect::Postgres, "domain `a` is used by domain `b`")
    .only(Dialect::Postgres);

    an_enum_that_a_domain_is_made_of_is_dropped: Case::new(
        |op| {
            op.create_enum("mood", ["good"]);
            op.postgres().create_domain("feeling", enumeration("mood"));
        },
        |op| {
            op.drop_enum("mood");
        },
    )
    .refused_on(Dialect::Postgres, "enum `mood` is used by domain `feeling`")
    .only(Dialect::Postgres);

    a_domain_that_a_view_names_is_dropped: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_domain("word", text());
            op.postgres().create_view("words", "SELECT title::word AS word FROM job");
        },
        |op| {
            op.postgres().drop_domain("word");
        },
    )
    .refused_on(Dialect::Postgres, "domain `word` is used by view `words`")
    .only(Dialect::Postgres);

    a_name_that_a_domain_has: on_domains(|op| {
        op.create_table("share").column("id", integer());
    })
    .refused_on(Dialect::Postgres, "a domain `share` exists already");

    create_composite_type: jobs::unchanged(|op| {
        op.create_composite_type("point in time").attribute("at", timestamptz()).attribute("Place", varchar(20));
    })
    .refused_on(Dialect::Sqlite, "SQLite has no composite types: composite type `point in time`")
    .accepts("SELECT (ROW(now(), 'x')::\"point in time\").\"Place\"");

    a_column_of_a_composite_type: jobs::unchanged(|op| {
        op.postgres().create_composite_type("address").attribute("street", text()).attribute("zip", varchar(5));
        op.postgres().grant(["usage"]).on_type("address").to(["pg_monitor"]);
        op.add_column("job", "place", composite("address").sqlite("TEXT").default("(Main,12345)"));
    })
    .after("SELECT place FROM job WHERE id = 1", ["(Main,12345)"])
    .accepts(("UPDATE job SET place.zip = '1'", "SELECT 1"))
    .refuses(("UPDATE job SET place.zip = '123456'", "SELECT x"));

    drop_composite_type: Case::new(composites, |op| {
        op.drop_composite_type("pair");
    })
    .seed((PERSONS, ""))
    .refused_on(Dialect::Sqlite, "no composite type `pair` exists here")
    .keeps(HOMES, ["1|(\"Main \"\"1\"\"\",54321,\"{good,gone}\")", "2|NULL", "3|(Long,12345,{good})"]);

    a_column_of_a_composite_type_becomes_text: on_composites(|op| {
        op.alter_column("person", "home").set_type(text());
    })
    .keeps(HOMES, ["1|(\"Main \"\"1\"\"\",54321,\"{good,gone}\")", "2|NULL", "3|(Long,12345,{good})"]);

    the_enum_of_a_composite_type_is_renamed: on_composites(|op| {
        op.rename_enum("mood", "temper");
        op.postgres().create_composite_type("other").attribute("temper", enumeration("temper"));
    })
    .keeps(HOMES, ["1|(\"Main \"\"1\"\"\",54321,\"{good,gone}\")", "2|NULL", "3|(Long,12345,{good})"]);

    the_enum_of_a_composite_type_changes_its_order: on_composites(|op| {
        op.replace_enum_values("mood", ["good", "bad", "gone", "new"]);
    })
    .keeps(HOMES, ["1|(\"Main \"\"1\"\"\",54321,\"{good,gone}\")", "2|NULL", "3|(Long,12345,{good})"])
    .after("SELECT 'gone'::mood < 'good'::mood", ["f"]);

    the_enum_of_a_composite_type_loses_a_value_that_rows_have: on_composites(|op| {
        op.replace_enum_values("mood", ["good", "bad"]);
    })
    .stops("invalid input value for enum mood: \"gone\"");

    values_inside_of_a_composite_type_are_mapped: on_composites(|op| {
        op.replace_enum_values("mood", ["good", "bad"]).map([("gone", "bad")]);
    })
    .refused_on(Dialect::Postgres, "values of enum `mood` cannot be mapped inside of composite type `address`");

    the_way_out_for_the_enum_of_a_composite_type: on_composites(|op| {
        op.postgres().drop_composite_type("pair");
        op.alter_column("person", "places").set_type(text()).using("places::text");
        op.alter_column("person", "home").set_type(text()).using("replace(home::text, 'gone', 'bad')");
        op.postgres().drop_composite_type("address");
        op.replace_enum_values("mood", ["good", "bad"]);
        op.postgres().create_composite_type("address").attribute("street \"name\"", text()).attribute("moods", array(enumeration("mood")));
        op.alter_column("person", "home").drop_default();
        op.alter_column("person", "home").set_type(composite("address")).using("ROW((home::text), '{bad}')::address");
    })
    .downgrade(|op| {
        op.postgres().drop_column("person", "places");
        op.alter_column("person", "home").set_type(text());
        op.postgres().drop_composite_type("address");
        op.replace_enum_values("mood", ["gone", "good", "bad"]);
        op.postgres()
            .create_composite_type("address")
            .attribute("street \"name\"", text())
            .attribute("zip", domain("zip"))
            .attribute("moods", array(enumeration("mood")));
        op.postgres().create_composite_type("pair").attribute("first", integer()).attribute("of", composite("address"));
        op.alter_column("person", "home").set_type(composite("address")).using("NULL::address").set_default("(Long,12345,{good})");
        op.postgres().add_column("person", "places", array(composite("address")));
    })
    .after("SELECT (home).moods FROM person WHERE id = 1", ["{bad}"])
    .back("SELECT count(*) FROM person", ["3"]);

    a_composite_type_that_a_column_is_of_is_dropped: on_composites(|op| {
        op.postgres().drop_composite_type("address");
    })
    .refused_on(Dialect::Postgres, "composite type `address` is the type of `person.home`");

    a_composite_type_without_attributes: on_composites(|op| {
        op.postgres().create_composite_type("nothing");
    })
    .refused_on(Dialect::Postgres, "composite type `nothing` has no attribute");

    a_composite_type_with_an_attribute_twice: on_composites(|op| {
        op.postgres().create_composite_type("twin").attribute("a", text()).attribute("a", integer());
    })
    .refused_on(Dialect::Postgres, "attribute `a` stands twice");
}
