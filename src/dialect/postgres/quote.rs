//! Names and texts in quotes.

use crate::schema::tokens;

/// The schema that objects live in, to write their names in full.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub schema: &'a str,
}

impl Names<'_> {
    /// The name of an object with its schema: `"public"."job"`.
    pub fn of(self, name: &str) -> String {
        let mut full = String::with_capacity(self.schema.len() + name.len() + 5);
        tokens::push_quoted(&mut full, self.schema);
        full.push('.');
        tokens::push_quoted(&mut full, name);
        full
    }
}

/// A name in double quotes.
pub fn identifier(name: &str) -> String {
    tokens::quote(name)
}

/// Names in double quotes with commas.
pub fn identifiers<'a>(names: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>) -> String {
    list(names, tokens::push_quoted)
}

/// A text as a standard string: only quotes are doubled, and a backslash stands for itself.
pub fn text(value: &str) -> String {
    tokens::quote_text(value)
}

/// Texts as standard strings with commas.
pub fn texts<'a>(values: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>) -> String {
    list(values, tokens::push_text)
}

/// Most lists are shorter, so that their text is never moved while it grows.
const USUAL_LENGTH: usize = 64;

/// The items with commas, each as `push` writes it.
fn list<'a>(items: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>, push: fn(&mut String, &str)) -> String {
    let mut list = String::with_capacity(USUAL_LENGTH);
    for item in items {
        if !list.is_empty() {
            list.push_str(", ");
        }
        push(&mut list, item.as_ref());
    }
    list
}

/// A dollar tag that does not occur in any of these texts.
pub fn dollar_tag(bodies: &[&str]) -> String {
    let mut tag = String::from("$offprint$");
    let mut number = 0_u32;
    // Most bodies have no dollar at all, and a byte is found in a fraction of the time that a text takes.
    while bodies.iter().any(|body| body.contains('$') && body.contains(&tag)) {
        number += 1;
        tag = format!("$offprint_{number}$");
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_quotes_are_doubled() {
        assert_eq!(Names { schema: "public" }.of("a\"b"), r#""public"."a""b""#);
        assert_eq!(text(r"it's \n"), r"'it''s \n'");
        assert_eq!(identifiers(&["a", "b"]), r#""a", "b""#);
    }

    #[test]
    fn a_dollar_tag_is_free() {
        assert_eq!(dollar_tag(&["x"]), "$offprint$");
        assert_eq!(dollar_tag(&["x $offprint$ $offprint_1$"]), "$offprint_2$");
    }
}
