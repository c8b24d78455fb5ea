//! What was read lately, up to so many bytes. When it is more, what was not asked for the longest is
//! forgotten, an eighth of it at a time, so that putting things in order costs next to nothing.

use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::{HashMap, HashMapExt};
use shared_proto::limits;

/// Of all there is, how much is forgotten at a time.
const SHARE: usize = 8;

/// Values by their keys.
pub struct Cache<K, V> {
    held: Mutex<Held<K, V>>,
}

struct Held<K, V> {
    values: HashMap<K, Value<V>>,
    bytes: usize,
    /// How often anything was asked for.
    clock: u64,
}

struct Value<V> {
    value: V,
    bytes: usize,
    /// When it was asked for last.
    used: u64,
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self { held: Mutex::new(Held { values: HashMap::new(), bytes: 0, clock: 0 }) }
    }
}

impl<K: Eq + Hash + Copy, V: Clone> Cache<K, V> {
    /// What is known of `key`.
    pub fn get(&self, key: &K) -> Option<V> {
        self.lock().get(key)
    }

    /// Keeps what was read, unless something newer is known; what is known then.
    pub fn keep(&self, key: K, value: V, bytes: impl Fn(&V) -> usize) -> V {
        let bytes = Self::cost(&value, bytes);
        let mut held = self.lock();
        if let Some(known) = held.get(&key) {
            return known;
        }
        held.put(key, value.clone(), bytes);
        value
    }

    /// Keeps what is true from now on.
    pub fn replace(&self, key: K, value: V, bytes: impl Fn(&V) -> usize) {
        let bytes = Self::cost(&value, bytes);
        self.lock().put(key, value, bytes);
    }

    /// How many values are known.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.lock().values.len()
    }

    /// What it costs to keep it at all, too.
    fn cost(value: &V, bytes: impl Fn(&V) -> usize) -> usize {
        bytes(value) + size_of::<(K, Value<V>)>()
    }

    fn lock(&self) -> MutexGuard<'_, Held<K, V>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V: Clone> Held<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        self.clock += 1;
        let found = self.values.get_mut(key)?;
        found.used = self.clock;
        Some(found.value.clone())
    }

    fn put(&mut self, key: K, value: V, bytes: usize) {
        self.clock += 1;
        self.bytes += bytes;
        let value = Value { value, bytes, used: self.clock };
        if let Some(before) = self.values.insert(key, value) {
            self.bytes -= before.bytes;
        }
        while self.bytes > limits::INDEX_CACHE_BYTES {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let mut used: Vec<u64> = self.values.values().map(|value| value.used).collect();
        let last = used.len() / SHARE;
        let (_, last, _) = used.select_nth_unstable(last);
        let (last, mut bytes) = (*last, 0);
        self.values.retain(|_, value| {
            let stays = value.used > last;
            bytes += if stays { value.bytes } else { 0 };
            stays
        });
        self.bytes = bytes;
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
        let held = cache.lock();
        assert!(held.values.len() < 16 && held.bytes <= limits::INDEX_CACHE_BYTES);
    }

    #[test]
    fn what_fits_stays_however_often_all_of_it_is_read() {
        let cache = Cache::default();
        let size = limits::INDEX_CACHE_BYTES / 20;
        (0..19).for_each(|n| cache.replace(n, n, |_| size));
        for n in (0..19).cycle().take(100) {
            assert_eq!(cache.get(&n), Some(n));
        }
    }

    #[test]
    fn what_is_newer_is_not_replaced_by_what_was_read_before() {
        let cache = Cache::default();
        cache.replace(1, "new", |_| 1);
        assert_eq!(cache.keep(1, "old", |_| 1), "new");
        cache.replace(1, "newest", |_| 1);
        assert_eq!(cache.get(&1), Some("newest"));
    }

    #[test]
    fn what_is_larger_than_all_of_it_is_not_kept() {
        let cache = Cache::default();
        cache.replace(1, "small", |_| 1);
        assert_eq!(cache.keep(2, "large", |_| limits::INDEX_CACHE_BYTES), "large");
        assert_eq!(cache.get(&2), None);
        assert_eq!(cache.lock().bytes, 0);
    }
}
