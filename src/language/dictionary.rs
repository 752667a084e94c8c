//! Finding words of the vocabulary.

use std::sync::LazyLock;

use super::vocabulary::{Call, Owner, Word};
use crate::operation::words;

/// The word of this name that is called on this owner.
pub fn find(owner: Owner, name: &str) -> Option<&'static Word> {
    SHELVES[shelf(owner, name)].iter().copied().find(|word| word.name == name && word.owner == owner)
}

/// The words that are called on this owner, in the order of the vocabulary.
pub fn words_of(owner: Owner) -> impl Iterator<Item = &'static Word> {
    words().filter(move |word| word.owner == owner)
}

/// The operation to which the methods of a builder belong: `create_table` for `CreateTable`.
pub fn operation_of(builder: &str) -> String {
    let mut name = String::with_capacity(builder.len() + 4);
    for character in builder.chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

/// Whether the word is a constant, such as `Cascade`.
pub fn is_constant(word: &Word) -> bool {
    matches!(word.call, Call::Constant(_))
}

/// The vocabulary, spread so that few words are on one shelf.
static SHELVES: LazyLock<Vec<Vec<&'static Word>>> = LazyLock::new(|| {
    let mut shelves = vec![Vec::new(); SHELF_COUNT];
    for word in words() {
        shelves[shelf(word.owner, word.name)].push(word);
    }
    shelves
});

const SHELF_COUNT: usize = 1024;

/// The shelf of a word. A few letters of it are enough: no attacker can extend the vocabulary.
fn shelf(owner: Owner, name: &str) -> usize {
    let owner = match owner {
        Owner::Free => 1,
        Owner::Operations => 2,
        Owner::Builder(name) | Owner::Value(name) => mark(name),
    };
    (owner + 7 * mark(name)) % SHELF_COUNT
}

fn mark(name: &str) -> usize {
    let letters = name.as_bytes();
    let length = letters.len();
    if length == 0 {
        return 0;
    }
    let letter = |place: usize| usize::from(letters[place]);
    length + 3 * letter(0) + 11 * letter(length / 2) + 31 * letter(length - 1)
}

#[cfg(test)]
mod tests {
    use super::{SHELVES, find};
    use crate::operation::words;

    #[test]
    fn every_word_is_found_on_a_short_shelf() {
        for word in words() {
            assert!(find(word.owner, word.name).is_some_and(|found| std::ptr::eq(found, word)), "{word:?}");
        }
        let longest = SHELVES.iter().map(Vec::len).max();
        assert!(longest <= Some(4), "{longest:?} words are on one shelf");
    }
}
