//! What the objects of a case are called.

/// The names of a case.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub table: &'static str,
    pub column: &'static str,
    pub enumeration: &'static str,
}

pub const PLAIN: Names = Names { table: "entry", column: "value", enumeration: "mood" };

/// Names that only quotes can hold.
pub const QUOTED: Names = Names { table: "My \"Entry\" %s", column: "Select $1$", enumeration: "Mood's" };

/// Names of 63 bytes.
pub const LONG: Names = Names {
    table: "entry_with_a_name_that_is_as_long_as_the_server_allows_it_to_be",
    column: "valuë_with_a_name_that_is_as_long_as_the_server_allows_it_to_b",
    enumeration: "mood_with_a_name_that_is_as_long_as_the_server_allows_it_to_be_",
};

impl Names {
    /// SQL with `{t}` and `{c}` filled in.
    pub fn fill(&self, sql: &str) -> String {
        sql.replace("{t}", &quoted(self.table)).replace("{c}", &quoted(self.column))
    }
}

/// A name in quotes.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[test]
fn the_long_names_have_63_bytes() {
    assert_eq!([LONG.table.len(), LONG.column.len(), LONG.enumeration.len()], [63, 63, 63]);
}
