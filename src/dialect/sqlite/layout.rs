//! Where long lists, conditions and messages are broken into lines, so that a reviewer can read them.

use ecow::EcoString;

use super::quote;

/// The width that a line keeps where it can be broken.
const WIDTH: usize = 110;

fn indent(depth: usize) -> String {
    " ".repeat(4 * depth)
}

fn fits(items: &[String], separator: &str, depth: usize) -> bool {
    let inner: usize = items.iter().map(|item| item.len() + separator.len()).sum();
    4 * depth + inner <= WIDTH && items.iter().all(|item| !item.contains('\n'))
}

/// What stands between parentheses, with commas in between: in one line, or in lines that are filled, at this depth.
pub fn filled(items: &[String], depth: usize) -> String {
    if fits(items, ", ", depth) {
        return items.join(", ");
    }
    let mut text = String::new();
    let mut width = WIDTH;
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        if width + item.len() + 2 > WIDTH {
            text.extend(["\n", &indent(depth)]);
            width = 4 * depth;
        } else {
            text.push(' ');
            width += 1;
        }
        text.push_str(item);
        width += item.len() + 1;
    }
    text.extend(["\n", &indent(depth.saturating_sub(1))]);
    text
}

/// Names as texts between parentheses, in one line, or in lines that are filled, at this depth.
pub fn texts<'n>(names: impl IntoIterator<Item = &'n EcoString>, depth: usize) -> String {
    filled(&names.into_iter().map(|name| quote::text(name)).collect::<Vec<_>>(), depth)
}

/// What stands behind `SELECT` or `GROUP BY`: in one line, or one item a line, at this depth.
pub fn listed(items: &[String], depth: usize) -> String {
    if fits(items, ", ", depth) {
        return [" ", &items.join(", ")].concat();
    }
    let start = ["\n", &indent(depth)].concat();
    [start.as_str(), &items.join(&[",", &start].concat())].concat()
}

/// Rows between parentheses: in one line, or one row a line, at this depth.
pub fn rows(rows: &[String], depth: usize) -> String {
    if rows.len() == 1 || fits(rows, ", ", depth + 2) {
        return ["VALUES ", &rows.join(", ")].concat();
    }
    let start = ["\n", &indent(depth + 1)].concat();
    ["\n", &indent(depth), "VALUES", &start, &rows.join(&[",", &start].concat()), "\n", &indent(depth - 1)].concat()
}

/// Conditions that all have to hold: in one line, or one condition a line, at this depth.
pub fn all_of(conditions: &[String], depth: usize) -> String {
    joined(conditions, "AND ", depth)
}

/// Conditions of which one has to hold: in one line, or one condition a line, at this depth.
pub fn one_of(conditions: &[String], depth: usize) -> String {
    joined(conditions, "OR ", depth)
}

fn joined(items: &[String], word: &str, depth: usize) -> String {
    let separator = [" ", word].concat();
    if fits(items, &separator, depth) {
        return items.join(&separator);
    }
    items.join(&["\n", &indent(depth), word].concat())
}

/// The arguments of a function, of which the last is one of several texts that are joined: in one line, or in lines that
/// are filled.
pub fn arguments(first: &str, texts: &[String]) -> String {
    if fits(texts, " || ", 8) {
        return [first, ", ", &texts.join(" || ")].concat();
    }
    let mut text = ["\n", &indent(1), first, ",\n", &indent(1)].concat();
    let mut width = 4;
    for (number, part) in texts.iter().enumerate() {
        let needed = part.len() + 4;
        if number > 0 && width + needed > WIDTH {
            text.extend(["\n", &indent(2), "|| "]);
            width = 11;
        } else if number > 0 {
            text.push_str(" || ");
            width += 4;
        }
        text.push_str(part);
        width += part.len();
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lists_stay_in_one_line() {
        let items = ["a".to_owned(), "b".to_owned()];
        assert_eq!(filled(&items, 1), "a, b");
        assert_eq!(listed(&items, 1), " a, b");
        assert_eq!(rows(&items, 1), "VALUES a, b");
        assert_eq!(all_of(&items, 1), "a AND b");
        assert_eq!(one_of(&items, 1), "a OR b");
        assert_eq!(arguments("'{}'", &items), "'{}', a || b");
    }

    #[test]
    fn long_lists_are_broken() {
        let items = ["a".repeat(60), "b".repeat(60), "c".to_owned()];
        let [a, b, c] = &items;
        assert_eq!(filled(&items, 1), format!("\n    {a},\n    {b}, {c}\n"));
        assert_eq!(listed(&items, 1), format!("\n    {a},\n    {b},\n    {c}"));
        assert_eq!(rows(&items, 1), format!("\n    VALUES\n        {a},\n        {b},\n        {c}\n"));
        assert_eq!(all_of(&items, 1), format!("{a}\n    AND {b}\n    AND {c}"));
        assert_eq!(arguments("'{}'", &items), format!("\n    '{{}}',\n    {a}\n        || {b} || {c}\n"));
    }
}
