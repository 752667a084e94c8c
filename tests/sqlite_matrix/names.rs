//! What the table under test and its columns are called.

/// The names of the table under test and of its columns, which every change speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub item: &'static str,
    pub id: &'static str,
    pub name: &'static str,
    pub size: &'static str,
    pub digits: &'static str,
    pub note: &'static str,
    pub code: &'static str,
    pub kind: &'static str,
    pub shelf_id: &'static str,
    pub spare_id: &'static str,
    pub total: &'static str,
}

/// Names that nobody has to quote.
pub const PLAIN: Names = Names {
    item: "item",
    id: "id",
    name: "name",
    size: "size",
    digits: "digits",
    note: "note",
    code: "code",
    kind: "kind",
    shelf_id: "shelf_id",
    spare_id: "spare_id",
    total: "total",
};

/// Keywords, quotes of both kinds, dots, spaces, and letters beyond ASCII.
pub const ODD: Names = Names {
    item: "Order \"x\" of 'y'",
    id: "select",
    name: "na'me",
    size: "group",
    digits: "ünï cödé",
    note: "to",
    code: "a \"b\"",
    kind: "Kind;--",
    shelf_id: "[shelf]",
    spare_id: "`spare`",
    total: "%s_total",
};

/// A name as SQL writes it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
