//! A few things, each once: some dozens at most. A tree or a table for millions takes more code than
//! everything that is done with them here, and everybody loads it.

/// Some of `T`, each once, in the order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T>(Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + PartialEq> Few<T> {
    /// Whether it is among them.
    #[must_use]
    pub fn contains(&self, wanted: &T) -> bool {
        self.0.contains(wanted)
    }

    /// One more; whether it was not among them.
    pub fn insert(&mut self, one: T) -> bool {
        let is_new = !self.contains(&one);
        if is_new {
            self.0.push(one);
        }
        is_new
    }

    /// One less; whether it was among them.
    pub fn remove(&mut self, one: &T) -> bool {
        let at = self.0.iter().position(|known| known == one);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// None any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Each.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut few = Self::default();
        for one in all {
            few.insert(one);
        }
        few
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn each_is_there_once() {
        let mut few: Few<u8> = [3, 1, 3].into_iter().collect();
        assert_eq!(few.iter().copied().collect::<Vec<_>>(), [3, 1]);
        assert!(!few.insert(1));
        assert!(few.insert(2));
        assert!(few.remove(&3));
        assert!(!few.remove(&3));
        assert!(few.contains(&2) && !few.contains(&3));
        assert_eq!(few.len(), 2);
        few.clear();
        assert!(few.is_empty());
    }
}
