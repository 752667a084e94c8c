//! Finding words of the vocabulary.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::vocabulary::{Call, Owner, Word};
use crate::operation::words;

/// The word of this name that is called on this owner.
pub fn find(owner: Owner, name: &str) -> Option<&'static Word> {
    DICTIONARY.get(name)?.iter().copied().find(|word| word.owner == owner)
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

static DICTIONARY: LazyLock<HashMap<&'static str, Vec<&'static Word>, BuildHasherDefault<NameHasher>>> =
    LazyLock::new(|| {
        let mut dictionary: HashMap<&'static str, Vec<&'static Word>, _> = HashMap::default();
        for word in words() {
            dictionary.entry(word.name).or_default().push(word);
        }
        dictionary
    });

/// A quick hash (FNV-1a) for the names of a vocabulary that no attacker can extend.
struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        NameHasher(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
