//! What was read lately, up to so many bytes: two generations, of which the elder is forgotten when
//! the younger is full.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use shared_proto::limits;

/// Values by their keys.
pub struct Cache<K, V> {
    generations: Mutex<Generations<K, V>>,
}

struct Generations<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    bytes: usize,
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new(), bytes: 0 };
        Self { generations: Mutex::new(generations) }
    }
}

impl<K: Eq + Hash + Copy, V: Clone> Cache<K, V> {
    /// What is known of `key`.
    pub fn get(&self, key: &K) -> Option<V> {
        let mut generations = self.lock();
        if let Some((value, _)) = generations.young.get(key) {
            return Some(value.clone());
        }
        let (value, bytes) = generations.old.remove(key)?;
        generations.put(*key, value.clone(), bytes);
        Some(value)
    }

    /// Keeps what was read, unless something newer is known; what is known then.
    pub fn keep(&self, key: K, value: V, bytes: impl Fn(&V) -> usize) -> V {
        if let Some(known) = self.get(&key) {
            return known;
        }
        let bytes = bytes(&value);
        self.lock().put(key, value.clone(), bytes);
        value
    }

    /// Keeps what is true from now on.
    pub fn replace(&self, key: K, value: V, bytes: impl Fn(&V) -> usize) {
        let bytes = bytes(&value);
        let mut generations = self.lock();
        generations.old.remove(&key);
        generations.put(key, value, bytes);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    fn put(&mut self, key: K, value: V, bytes: usize) {
        // What it costs to keep it at all.
        let bytes = bytes + size_of::<(K, V, usize)>();
        if self.bytes + bytes > limits::INDEX_CACHE_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        if let Some((_, before)) = self.young.insert(key, (value, bytes)) {
            self.bytes -= before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_lately_is_known_and_the_rest_is_forgotten() {
        let cache = Cache::default();
        let size = limits::INDEX_CACHE_BYTES / 16;
        for n in 0..100 {
            assert_eq!(cache.keep(n, n, |_| size), n);
            assert_eq!(cache.get(&0), Some(0), "what is asked for again stays");
        }
        assert_eq!(cache.get(&99), Some(99));
        assert_eq!(cache.get(&50), None);
        let generations = cache.lock();
        assert!(generations.young.len() + generations.old.len() <= 16);
    }

    #[test]
    fn what_is_newer_is_not_replaced_by_what_was_read_before() {
        let cache = Cache::default();
        cache.replace(1, "new", |_| 1);
        assert_eq!(cache.keep(1, "old", |_| 1), "new");
        cache.replace(1, "newest", |_| 1);
        assert_eq!(cache.get(&1), Some("newest"));
    }
}
