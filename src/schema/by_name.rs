//! Objects by their names: cheap to copy, and cheap to change while copies are kept.

use std::iter::Peekable;

use ecow::{EcoString, EcoVec};
use imbl::OrdMap;

/// A map from names to objects.
///
/// The replay keeps a copy of every state of a revision, so each change would copy a path through the tree. What
/// changed lately therefore stands in a short list of its own, and goes into the tree when [`ByName::settle`] is called
/// between two revisions: by then the copies are gone, and the tree is changed in place.
#[derive(Debug, Clone)]
pub struct ByName<V> {
    settled: OrdMap<EcoString, V>,
    /// What is otherwise than in `settled`, in the order of the names: another object, or none.
    recent: EcoVec<(EcoString, Option<V>)>,
}

/// A longer list would cost more than the path through the tree that it saves.
const MOST_RECENT: usize = 32;

impl<V> Default for ByName<V> {
    fn default() -> Self {
        ByName { settled: OrdMap::new(), recent: EcoVec::new() }
    }
}

impl<V: Clone> ByName<V> {
    pub fn get(&self, name: &str) -> Option<&V> {
        match self.place(name) {
            Ok(place) => self.recent[place].1.as_ref(),
            Err(_) => self.settled.get(name),
        }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn insert(&mut self, name: EcoString, object: V) {
        self.put(name, Some(object));
    }

    /// Takes an object away, and gives it back if it was there.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        let removed = self.get(name)?.clone();
        self.put(name.into(), None);
        Some(removed)
    }

    fn put(&mut self, name: EcoString, object: Option<V>) {
        if self.recent.len() >= MOST_RECENT {
            self.settle();
        }
        match self.place(&name) {
            Ok(place) => self.recent.make_mut()[place].1 = object,
            Err(place) => self.recent.insert(place, (name, object)),
        }
    }

    /// Where the name stands among the recent ones, or would stand.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.recent.binary_search_by(|(recent, _)| recent.as_str().cmp(name))
    }

    /// Puts what is recent into the tree.
    pub fn settle(&mut self) {
        for (name, object) in std::mem::take(&mut self.recent) {
            match object {
                Some(object) => self.settled.insert(name, object),
                None => self.settled.remove(&name),
            };
        }
    }

    /// Names and objects, in the order of the names.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter { settled: self.settled.iter().peekable(), recent: self.recent.iter().peekable() }
    }

    /// The objects, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, object)| object)
    }

    /// The names under which both have something else, in no order. What both share is not looked at.
    pub fn differences<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a EcoString>
    where
        V: PartialEq,
    {
        use imbl::ordmap::DiffItem;
        let settled = self.settled.diff(&other.settled).map(|item| match item {
            DiffItem::Add(name, _) | DiffItem::Remove(name, _) | DiffItem::Update { old: (name, _), .. } => name,
        });
        let recent = self.recent.iter().chain(&other.recent).map(|(name, _)| name);
        settled.chain(recent).filter(|name| self.get(name) != other.get(name))
    }
}

impl<V: Clone + PartialEq> PartialEq for ByName<V> {
    fn eq(&self, other: &Self) -> bool {
        self.differences(other).next().is_none()
    }
}

/// See [`ByName::iter`].
pub struct Iter<'a, V> {
    settled: Peekable<imbl::ordmap::Iter<'a, EcoString, V, imbl::shared_ptr::DefaultSharedPtr>>,
    recent: Peekable<std::slice::Iter<'a, (EcoString, Option<V>)>>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a EcoString, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((recent, _)) = self.recent.peek() else { return self.settled.next() };
            if self.settled.peek().is_some_and(|(name, _)| *name < recent) {
                return self.settled.next();
            }
            self.settled.next_if(|(name, _)| *name == recent);
            if let Some((name, Some(object))) = self.recent.next() {
                return Some((name, object));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn list(map: &ByName<u32>) -> Vec<(&str, u32)> {
        map.iter().map(|(name, number)| (name.as_str(), *number)).collect()
    }

    #[test]
    fn what_is_recent_covers_what_is_settled() {
        let mut map = ByName::default();
        for (name, number) in [("b", 1), ("d", 2), ("f", 3)] {
            map.insert(name.into(), number);
        }
        map.settle();
        let before = map.clone();
        map.insert("d".into(), 20);
        map.insert("a".into(), 10);
        map.insert("g".into(), 30);
        assert_eq!(map.remove("b"), Some(1));
        assert_eq!(map.remove("c"), None);
        let expected = [("a", 10), ("d", 20), ("f", 3), ("g", 30)];
        assert_eq!(list(&map), expected);
        assert_eq!((map.get("b"), map.get("d"), map.get("f")), (None, Some(&20), Some(&3)));
        assert_eq!(list(&before), [("b", 1), ("d", 2), ("f", 3)]);
        assert_ne!(map, before);
        let open = map.clone();
        map.settle();
        assert_eq!(list(&map), expected);
        assert_eq!(map, open);
    }

    #[test]
    fn a_map_that_came_back_equals_the_first() {
        let mut map = ByName::default();
        for number in 0..100 {
            map.insert(ecow::eco_format!("n{number}"), number);
        }
        assert_eq!(map.iter().count(), 100);
        let before = map.clone();
        map.insert("n50".into(), 0);
        map.remove("n51");
        let differing: BTreeSet<&str> = before.differences(&map).map(EcoString::as_str).collect();
        assert_eq!(differing, BTreeSet::from(["n50", "n51"]));
        map.insert("n51".into(), 51);
        map.insert("n50".into(), 50);
        assert_eq!(map, before);
    }
}
