//! Revisions on the border of the language, written by hand. Those that Offprint accepts must compile and be equal.

/// Items before `upgrade`, and statements in it.
pub const BORDERS: &[(&str, &str)] = &[
    // Numbers.
    ("const A: i64 = 9223372036854775807; const B: i64 = -9223372036854775808;", "op.execute(format!(\"{A}{B}\"));"),
    (
        "const A: i64 = - 5; const B: f64 = - 5.; const C: i64 = 0xFF; const D: i64 = -0x8000_0000_0000_0000;",
        "op.execute(format!(\"{A} {B} {C} {D}\"));",
    ),
    ("", "op.insert(\"t\", [\"a\"]).row((9223372036854775807, -9223372036854775808, 0xFFFF_FFFF));"),
    ("", "let a = 5; op.insert(\"t\", [\"a\"]).row((a,)); let b = varchar(a); op.execute(format!(\"{a}\"));"),
    ("", "let a = -2147483648; let b = [2147483647, a]; for c in b { op.insert(\"t\", [\"a\"]).row((c, 1.)); }"),
    (
        "const A: i64 = 5_000_000_000;",
        "let a = [A, 1]; for b in a { let c = varchar(b); op.add_column(\"a\", \"b\", c); }",
    ),
    ("const A: i64 = 5_000_000_000;", "let a = [1, A]; let b = &a; for c in b { op.execute(format!(\"{c}{}\", c)); }"),
    (
        "",
        "op.execute(format!(\"{} {} {} {}\", 1., 1e5, 2.5E-3, -0.0)); op.execute(format!(\"{} {}\", 1e21, 123456789012345680.0));",
    ),
    (
        "const A: f64 = 1e308; const B: f64 = 5e-324;",
        "op.execute(format!(\"{A} {B} {}\", 0.1)); op.insert(\"t\", [\"a\"]).row((A, B));",
    ),
    ("", "let a = [1.5, -2.]; for b in &a { op.insert(\"t\", [\"a\"]).row((b, &&b)); }"),
    ("", "op.insert(\"t\", [\"a\"]).row((&5, &&-5, &1.5, &true, &\"x\", &null()));"),
    ("", "let a = (1, 2.5, true); op.insert(\"t\", [\"a\"]).row(a).row(&a).row(a.clone());"),
    ("", "op.execute(format!(\"{}\", 0xFFFF_FFFF)); let x = 0x8000_0000;"),
    ("", "op.execute(format!(\"{}\", -0)); op.execute(format!(\"{:}\", 1));"),
    ("", "let a = 1; let b = [&a, &2]; for c in b { op.execute(format!(\"{c}\")); }"),
    ("const A: i64 = 3;", "let a = [&A, &2]; for c in a { op.add_column(\"t\", \"c\", varchar(c)); }"),
    // Texts.
    ("", "op.execute(\"a\\\n     b\\x41\\u{1F600}\\0\\'\\\"\\\\\");"),
    ("", "op.execute(r###\"a\"##b\"###); op.execute(r\"\"); op.execute(\"\");"),
    ("", "op.execute(\"two\n  lines\ttab\"); op.execute(r\"two\n  lines\");"),
    ("", "op.execute(format!(\"{{}}{{{}}}\", 1)); op.execute(format!(r#\"{{\"a\": \"{}\"}}\"#, \"x\"));"),
    ("", "let a = \"x\"; op.execute(format!(\"{a}\\n{a}\\u{e9}{a}\")); op.execute(format!(\"\\u{7b}a}\"));"),
    ("", "let a = \"x\"; op.execute(format!(\"{a\\u{7d}\")); op.execute(format!(\"\\x7ba}\"));"),
    ("", "let a = \"x\"; op.execute(format!(\"{a}\\\n      {a}\"));"),
    ("", "op.execute(format!(\"{}{}\", format!(\"{}\", \"a\"), &format!(\"b\"),)); op.execute(format!(\"x\",));"),
    (
        "",
        "op.execute(format!(\"{}\", true)); op.execute(format!(\"{}\", &&\"x\")); op.execute(format!(\"{REVISION}\"));",
    ),
    (
        "",
        "op.execute(include_str!(\"sql/a.sql\")); op.execute(include_str!(r#\"b.txt\"#)); let a = include_str!(\"b.txt\",); op.execute(a); op.execute(a);",
    ),
    (
        "const A: &str = include_str!(\"sql/a.sql\"); const B: [&str; 2] = [A, include_str!(\"b.txt\")];",
        "for b in B { op.execute(b); }",
    ),
    ("", "op.execute(\"{a}\"); op.execute(\"{}\"); op.execute(format!(\"{}\", \"{a}\"));"),
    // Moves and references.
    ("", "let a = format!(\"x\"); let b = &a; let c = b; op.drop_table(b); op.drop_table(c); op.drop_table(&a);"),
    ("", "let a = format!(\"x\"); op.drop_table(&a); op.drop_table(a);"),
    ("", "let a = format!(\"x\"); op.rename_table(a.clone(), a);"),
    ("", "let a = format!(\"x\"); op.rename_table(&a, a.clone()); let b = [a.clone(), a]; op.create_enum(\"e\", b);"),
    ("", "let a = text(); let b = (a.clone(), a); let c = b.clone(); let d = [b, c];"),
    ("", "let a = &format!(\"x\"); op.drop_table(a); let b = a.clone(); op.drop_table(b); op.drop_table(a);"),
    ("", "let a = [&format!(\"x\"), &format!(\"y\")]; for b in a { op.drop_table(b); } op.create_enum(\"e\", a);"),
    ("", "let a = (&text(), &[&uuid()]); let b = &&&format!(\"x\"); op.drop_table(b);"),
    (
        "",
        "let a = &[(format!(\"x\"), text())]; for (b, c) in a { op.add_column(\"t\", b, c); op.add_column(b, \"u\", c.clone()); }",
    ),
    ("", "for (a, b) in [(format!(\"x\"), text())] { op.add_column(\"t\", &a, &b); op.add_column(a, \"u\", b); }"),
    (
        "",
        "for (a, (b, _)) in &[(\"x\", (&text(), 1))] { op.add_column(\"t\", a, b); op.add_column(a, \"u\", b.clone()); }",
    ),
    ("", "for (a, b) in &[&(\"x\", &(\"y\", 1))] { let c = b.clone(); op.drop_table(a); }"),
    ("", "for (a, (b, c)) in &[&(\"x\", &(\"y\", 1))] { op.rename_table(a, b); op.execute(format!(\"{c}\")); }"),
    (
        "",
        "for a in [[\"x\"], [\"y\"]] { for b in a { op.drop_table(b); } for b in &a { op.drop_table(b); } op.create_enum(\"e\", a); }",
    ),
    (
        "",
        "let a = [format!(\"x\")]; for b in a.clone() { op.drop_table(b); } for b in &a { op.drop_table(b); } for b in a { op.drop_table(b); }",
    ),
    ("", "let a = [format!(\"x\")]; for b in [&a, &a] { for c in b { op.drop_table(c); } op.create_enum(\"e\", b); }"),
    ("", "let a = &[\"x\"]; let b = &a; for c in a { op.drop_table(c); } op.create_enum(\"e\", b);"),
    ("", "let a = &&[\"x\"]; for b in a.clone() { op.drop_table(b); }"),
    ("", "let a = text(); let a = a.not_null(); let a = a.default(\"x\"); op.add_column(\"t\", \"c\", a);"),
    ("", "let a = text(); let b = &a; let a = 1; op.add_column(\"t\", \"c\", b); op.execute(format!(\"{a}\"));"),
    (
        "",
        "let a = text(); for b in [1] { let c = &a; op.add_column(\"t\", \"c\", c); } op.add_column(\"t\", \"d\", a);",
    ),
    ("", "let a = text(); for b in [&a] { op.add_column(\"t\", \"c\", b); } op.add_column(\"t\", \"d\", a.clone());"),
    (
        "",
        "let a = Cascade; let b = [a, a, Action::SetNull]; for c in b { op.create_foreign_key(\"a\", [\"b\"], \"c\", [\"d\"]).on_delete(c).on_update(c); }",
    ),
    (
        "",
        "let a = &Cascade; op.create_foreign_key(\"a\", [\"b\"], \"c\", [\"d\"]).on_delete(a).on_update(a.clone()).on_update(&&NoAction);",
    ),
    (
        "",
        "let a = (\"x\"); let b = ((\"y\")); op.rename_table((a), (b)); let c = ([(a), (b)]); for d in (c) { op.drop_table((d)); }",
    ),
    ("", "let a = \"x\".clone(); let b = \"y\".clone().clone(); let c = a.clone(); op.rename_table(a.clone(), b);"),
    (
        "",
        "let a = &\"x\"; let b = a.clone(); let c = [b, \"y\"]; let d = &[a, &\"y\"]; for e in d { op.drop_table(e); } for f in c { op.drop_table(f); }",
    ),
    ("", "let a = &(\"x\", format!(\"y\")); let b = a.clone(); let (c) = 1;"),
    (
        "",
        "let a = &(\"x\", format!(\"y\")); let b = a.clone(); let c = [b, a.clone()]; for (d, e) in c { op.rename_table(d, e); }",
    ),
    (
        "",
        "let a = true; let b = a.clone(); op.insert(\"t\", [\"a\"]).row((a, b, a)); let c = &a; let d = c.clone(); let e = [d, a];",
    ),
    ("", "let a = (1, \"x\").clone(); let b = [1].clone(); let c = [1.5].clone(); op.insert(\"t\", [\"a\"]).row(a);"),
    (
        "",
        "let a = &1; let b = &a; let c = [a, b.clone()]; let d = [&a, b]; for e in d { op.execute(format!(\"{e}\")); }",
    ),
    (
        "",
        "let a = (text().not_null()).clone().default(1); op.add_column(\"t\", \"c\", a.clone().comment(\"x\")); op.add_column(\"t\", \"d\", a);",
    ),
    (
        "",
        "let a = [text(), uuid()]; let b = a.clone(); let c = &a; let d = c.clone(); for e in d { op.add_column(\"t\", \"c\", e); }",
    ),
    (
        "",
        "let a = [(&format!(\"x\"), 1)]; for (b, c) in a { op.execute(format!(\"{b}{c}\")); } for (b, c) in &a { op.execute(format!(\"{b}{c}\")); }",
    ),
    // Names.
    (
        "",
        "let text = \"x\"; let date = text; op.drop_table(date); let upgrade = 1; let union = upgrade; let auto = union; let raw = 1; let safe = 2;",
    ),
    ("", "for text in [\"x\"] { op.drop_table(text); } op.add_column(\"t\", \"c\", text());"),
    (
        "",
        "let str = \"x\"; let i64 = 5; let bool = true; let format = \"y\"; op.drop_table(format!(\"{str}{i64}{bool}{format}\"));",
    ),
    ("", "let clone = \"x\"; let column = clone; op.create_index(\"i\", column, [expression(column.clone())]);"),
    (
        "",
        "let std = \"x\"; let core = \"y\"; let offprint = std; let a = format!(\"{std}{core}\"); op.drop_table(a); op.drop_table(include_str!(\"b.txt\"));",
    ),
    (
        "",
        "let some = 1; let ok = 2; let string = format!(\"{some}{ok}\"); let a1_ = &string; let __ = a1_; op.drop_table(__);",
    ),
    (
        "const OP: &str = \"x\"; const STR: &str = OP; const I64: i64 = 1; const T: &str = STR; const A1_: &str = T;",
        "op.drop_table(T); op.drop_table(format!(\"{A1_}{I64}\"));",
    ),
    (
        "const SELF: &str = \"x\"; const VEC: &str = \"y\"; const NONE: &str = \"z\"; const U8: &str = \"a\";",
        "for a in [SELF, VEC, NONE, U8] { op.drop_table(a); }",
    ),
    (
        "",
        "for _ in [1, 2] { op.drop_table(\"x\"); } for (_, a) in [(text(), \"x\")] { op.drop_table(a); } for (_, _) in &[(1, 2)] {}",
    ),
    ("", "for _a in [1] {} let _b = 1; let _c = text(); ; ;; for a in [1] {};"),
    // Constants.
    (
        "const A: &[&[&str]] = &[&[\"a\"], &[\"b\", \"c\"]]; const B: &[(&str, &[&str])] = &[(\"x\", &[\"y\"]), (\"z\", &[])];",
        "for a in A { op.create_enum(\"e\", a); for b in a.clone() { op.drop_table(b); } }",
    ),
    (
        "const A: &[(&str, &[&str])] = &[(\"x\", &[\"y\"]), (\"z\", &[\"u\", \"v\"])];",
        "for (a, b) in A { op.create_enum(a, b); op.create_enum(a.clone(), b.clone()); for c in b.clone() { op.drop_table(c); } }",
    ),
    (
        "const A: (&str, &[&str]) = (\"x\", &[\"y\"]); const B: &(&str, &[&str]) = &(\"x\", &[\"y\"]); const C: &(&str, [&str; 1]) = &(\"x\", [\"y\"]);",
        "for (a, b) in [A, A] { op.create_enum(a, b); } for (a, b) in [B] { op.create_enum(a, b); }",
    ),
    (
        "const A: [&[&str]; 2] = [&[\"x\"], &[\"y\", \"z\"]]; const B: &[[&str; 1]; 1] = &[[\"x\"]]; const C: &[[&str; 1]] = B;",
        "for a in A { op.create_enum(\"e\", a); }",
    ),
    (
        "const A: [&str; 1] = [\"x\"]; const B: &[&str] = &A; const C: &&[&str] = &B; const D: &[&[&str]] = &[B, B]; const E: &[&[&str]] = &[B, &A, &[\"y\"]];",
        "op.create_enum(\"e\", C); for a in E { op.create_enum(\"e\", a); } let f = [B, B]; let g = [A, [\"y\"]]; let h = [B, D.clone()];",
    ),
    (
        "const A: [&str; 1] = [\"x\"]; const B: &[&str] = &A;",
        "let a = [B, &A]; for b in a { op.create_enum(\"e\", b); }",
    ),
    (
        "const A: [&str; 1] = [\"x\"]; const B: &[&str] = &A;",
        "let a = [B, B]; let b = [&A, &[\"y\"]]; for c in a { op.create_enum(\"e\", c); } for c in b { op.create_enum(\"e\", c); }",
    ),
    (
        "const A: &str = B; const B: &str = \"x\"; const C: (&str, i64) = (A, D); const D: i64 = 5; const E: &(&str, i64) = &C; const F: &i64 = &D; const G: &&str = &A;",
        "op.drop_table(G); op.insert(\"t\", [\"a\"]).row(C).row(E).row((F, G)); for a in [E, &C] { op.insert(\"t\", [\"a\"]).row(a); }",
    ),
    (
        "const A: [(i64, f64, bool, &str); 1] = [(-1, -1., false, \"\")]; const B: (((i64,),),) = (((5,),),); const C: [[i64; 2]; 2] = [[1, 2], [3, 4]];",
        "for (a, b, c, d) in A { op.insert(\"t\", [\"a\"]).row((a, b, c, d)); } for ((a,),) in [B.clone()] {} for a in C { for b in a { op.execute(format!(\"{b}\")); } }",
    ),
    (
        "const A: &[&str] = REVISES; pub const B: &str = REVISION; const C: &[i64] = &[]; const D: [bool; 0] = []; const E: &[&[&str]] = &[&[]];",
        "op.drop_table(B);",
    ),
    (
        "const A: &[&str; 2] = &[\"x\", \"y\"]; const B: &[&str; 2] = A; const C: &&[&str; 2] = &A;",
        "op.create_enum(\"e\", A); op.create_enum(\"e\", C); for a in B { op.drop_table(a); } for a in A.clone() { op.drop_table(a); } for a in C.clone() { op.drop_table(a); }",
    ),
    (
        "const A: &(i64, &str) = &(1, \"x\"); const B: &[&(i64, &str)] = &[A, &(2, \"y\")];",
        "for (a, b) in B { op.insert(\"t\", [\"a\"]).row((a, b)); } op.insert(\"t\", [\"a\"]).rows(B);",
    ),
    (
        "const A: (&str,) = (\"x\",); const B: [(&str,); 1] = [A]; const C: &[(&str,)] = &B;",
        "for (a,) in C { op.drop_table(a); } op.insert(\"t\", [\"a\"]).rows(C).row(A).row(&A);",
    ),
    (
        "const A: &&&str = &&\"x\"; const B: &&str = &\"y\";",
        "op.rename_table(A, B); let a = [A.clone(), B.clone().clone()];",
    ),
    (
        "const A: &&&str = &&\"x\"; const B: &&str = &\"y\";",
        "let a = [A.clone(), &B.clone()]; for b in a { op.drop_table(b); }",
    ),
    // Arguments.
    (
        "",
        "op.insert(\"t\", [\"a\"]).rows([(1, \"x\"), (2, \"y\")]).rows(&[(1.5, null())]).row((decimal(\"1.10\"), sql(\"x\").postgres(\"y\"), now()));",
    ),
    ("", "op.insert(\"t\", [\"a\"]).row((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)).rows([(1,)]);"),
    (
        "",
        "let a = [(1, \"x\")]; op.insert(\"t\", [\"a\"]).rows(a).rows(&a).rows(a.clone()); let b = &a; op.insert(\"t\", [\"a\"]).rows(b).rows(&b);",
    ),
    (
        "",
        "op.alter_column(\"t\", \"c\").map([(\"a\", null()), (\"b\", null())]).otherwise(1).using(\"x\").using(sql(\"x\")).set_default(now());",
    ),
    (
        "",
        "op.alter_column(\"t\", \"c\").map([(1, \"x\")]).map(&[(true, 1.5)]).map([(sql(\"a\"), decimal(\"1\"))]).map([(&1, &\"x\")]).map([&(1, 2)]);",
    ),
    (
        "",
        "op.create_index(\"i\", \"t\", [column(\"a\").desc(), expression(\"b\")]).include([\"c\"]).filter(\"x\").filter(sqlite(\"y\"));",
    ),
    (
        "",
        "op.create_index(\"i\", \"t\", &[\"a\"]).include(&&[&\"c\"]); op.create_index(\"i\", \"t\", [format!(\"a\")]); op.create_index(\"i\", \"t\", [&column(\"a\")]);",
    ),
    (
        "",
        "op.add_column(\"t\", \"c\", array(varchar(5)).sqlite(\"TEXT\").not_null()); op.add_column(\"t\", \"c\", &array(&text())); op.add_column(\"t\", \"c\", numeric(10, &2));",
    ),
    (
        "",
        "op.add_column(\"t\", \"c\", text().default(\"x\").default(1).default(1.5).default(true).default(&null()).default(format!(\"y\")).generated(\"z\").generated(&sql(\"w\")));",
    ),
    (
        "",
        "op.postgres().declare().create_index(\"i\", \"t\", [\"a\"]); op.sqlite().postgres().execute(\"x\"); op.declare().declare().execute(\"y\");",
    ),
    ("", "op.update(\"t\").set(\"a\", 1).filter(\"b\"); op.delete(\"t\").filter(sql(\"c\"));"),
    ("", "op . drop_table ( \"x\" , ) ; op\n.\ndrop_table\n(\n\"y\"\n)\n;"),
    ("", "op./* a */drop_table(/* b */\"x\"/* c */,/* d */)/* e */; // f"),
    ("", "let a = format ! (\"{}\" , 1) ; let b = Action :: Cascade ; let c = include_str ! (\"b.txt\");"),
    (
        "",
        "op.create_enum(\"e\", [\"a\", \"b\",],); op.create_enum(\"e\", [&\"a\"]); op.create_enum(\"e\", [&&\"a\", &&\"b\"]); op.create_enum(\"e\", (&[format!(\"x\")]));",
    ),
];
