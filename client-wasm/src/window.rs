//! Which slice of a long list is drawn. Rows are measured once drawn; until then their height is
//! a guess, and an anchor keeps what the reader looks at in place when a guess turns out wrong or
//! rows arrive above. Pure: pixels come in, pixels go out.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// The height of a row that was never drawn, in pixels.
pub const GUESS: f64 = 52.0;
/// How far beyond the viewport rows are drawn, in pixels, on either side.
pub const OVERSCAN: f64 = 700.0;
/// Closer to the end than this counts as being there, in pixels.
pub const END_SLACK: f64 = 32.0;
/// Most rows drawn, whatever their height.
pub const ROWS: usize = 120;

/// What stays in place when the list changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor<K> {
    /// The end: new rows push the old ones up.
    End,
    /// The top of this row, so many pixels below the top of the viewport (negative above it).
    Row(K, f64),
}

/// A list of keyed rows and what is known of their heights.
#[derive(Debug)]
pub struct Window<K> {
    keys: Vec<K>,
    heights: HashMap<K, f64>,
    /// Top of each row, and the total height at the end.
    tops: Vec<f64>,
    index: HashMap<K, usize>,
    anchor: Anchor<K>,
    /// Whether more may come below, which is no news: the end is no place to stay at.
    cut: bool,
}

impl<K: Copy + Eq + Hash> Default for Window<K> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            heights: HashMap::new(),
            tops: vec![0.0],
            index: HashMap::new(),
            anchor: Anchor::End,
            cut: false,
        }
    }
}

impl<K: Copy + Eq + Hash> Window<K> {
    /// Replaces the rows. Heights measured before are kept; an anchor whose row is gone moves to
    /// the next row that was below it and is still there.
    pub fn set_keys(&mut self, keys: Vec<K>) {
        if keys == self.keys {
            return;
        }
        let index: HashMap<K, usize> =
            keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
        if let Anchor::Row(key, offset) = self.anchor
            && !index.contains_key(&key)
        {
            let from = self.index.get(&key).copied().unwrap_or(self.keys.len());
            let heir = (from..self.keys.len()).find(|old| index.contains_key(&self.keys[*old]));
            self.anchor = match heir {
                Some(old) => Anchor::Row(self.keys[old], offset + self.tops[old] - self.tops[from]),
                None => Anchor::End,
            };
        }
        self.keys = keys;
        self.index = index;
        self.lay_out();
    }

    /// Notes measured heights, in pixels. Returns whether any was news.
    pub fn measure(&mut self, rows: impl IntoIterator<Item = (K, f64)>) -> bool {
        let mut news = false;
        for (key, height) in rows {
            let before = self.heights.insert(key, height);
            news |= before.is_none_or(|before| (before - height).abs() > 0.01);
        }
        if news {
            self.lay_out();
        }
        news
    }

    /// Forgets all heights: the width changed.
    pub fn forget_heights(&mut self) {
        self.heights.clear();
        self.lay_out();
    }

    fn lay_out(&mut self) {
        self.tops.clear();
        let mut top = 0.0;
        for key in &self.keys {
            self.tops.push(top);
            top += self.heights.get(key).copied().unwrap_or(GUESS);
        }
        self.tops.push(top);
    }

    /// The height of all rows.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.tops[self.keys.len()]
    }

    /// The rows.
    #[must_use]
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// Whether this row is in the list.
    #[must_use]
    pub fn has(&self, key: K) -> bool {
        self.index.contains_key(&key)
    }

    /// What stays in place.
    #[must_use]
    pub fn anchor(&self) -> Anchor<K> {
        self.anchor
    }

    /// Decides what stays in place.
    pub fn set_anchor(&mut self, anchor: Anchor<K>) {
        self.anchor = anchor;
    }

    /// Whether the rows end before the list does.
    pub const fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }

    /// The reader scrolled: what they look at now stays in place. Only a row that `stays` where it
    /// is among its neighbours is held on to: the sign at the top of the list, say, would take the
    /// reader along to the beginning when older rows arrive below it.
    pub fn scrolled(&mut self, scroll_top: f64, viewport: f64, stays: impl Fn(K) -> bool) {
        if !self.cut && scroll_top + viewport >= self.total() - END_SLACK {
            self.anchor = Anchor::End;
        } else {
            let first = self.row_at(scroll_top);
            let row = (first..self.keys.len()).find(|row| stays(self.keys[*row]));
            let row = row.unwrap_or(first);
            self.anchor = Anchor::Row(self.keys[row], self.tops[row] - scroll_top);
        }
    }

    /// Whether the list cannot be scrolled further down than this.
    #[must_use]
    pub fn is_end(&self, scroll_top: f64, viewport: f64) -> bool {
        !self.cut && scroll_top + viewport >= self.total() - 1.0
    }

    /// Where the list has to be scrolled to, for the anchor to be in place.
    #[must_use]
    pub fn scroll_top(&self, viewport: f64) -> f64 {
        let end = (self.total() - viewport).max(0.0);
        match self.anchor {
            Anchor::End => end,
            Anchor::Row(key, offset) => match self.index.get(&key) {
                // Not `clamp`: that brings along how to print a number in its panic.
                Some(index) => (self.tops[*index] - offset).min(end).max(0.0),
                None => end,
            },
        }
    }

    /// The rows to draw when scrolled to `scroll_top`, `margin` pixels beyond the viewport.
    #[must_use]
    pub fn slice(&self, scroll_top: f64, viewport: f64, margin: f64) -> Range<usize> {
        if self.keys.is_empty() {
            return 0..0;
        }
        let start = self.row_at(scroll_top - margin);
        let end = self.row_at(scroll_top + viewport + margin) + 1;
        if end - start <= ROWS {
            return start..end;
        }
        let first = self.row_at(scroll_top);
        let start = start.max(first.saturating_sub(ROWS / 2));
        start..end.min(start + ROWS)
    }

    /// Height of the rows before `index`.
    #[must_use]
    pub fn top(&self, index: usize) -> f64 {
        self.tops[index.min(self.keys.len())]
    }

    /// The last row that is wholly above the lower edge of the viewport.
    #[must_use]
    pub fn last_seen(&self, scroll_top: f64, viewport: f64) -> Option<usize> {
        let edge = scroll_top + viewport + END_SLACK;
        let below = self.tops[1..].partition_point(|bottom| *bottom <= edge);
        below.checked_sub(1)
    }

    fn row_at(&self, y: f64) -> usize {
        let after = self.tops[..self.keys.len()].partition_point(|top| *top <= y);
        after.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(rows: std::ops::Range<u32>, height: f64) -> Window<u32> {
        let mut window = Window::default();
        window.set_keys(rows.clone().collect());
        window.measure(rows.map(|row| (row, height)));
        window
    }

    #[test]
    fn of_ten_thousand_rows_only_those_near_the_viewport_are_drawn() {
        let window = window(0..10_000, 50.0);
        assert_eq!(window.slice(250_000.0, 800.0, 500.0), 4990..5027);
        assert!(window.slice(0.0, 800.0, 500.0).len() < 60);
        assert_eq!(window.slice(1e9, 800.0, 0.0).end, 10_000);
    }

    #[test]
    fn rows_added_above_do_not_move_what_the_reader_sees() {
        let mut window = window(100..200, 40.0);
        window.scrolled(410.0, 600.0, |_| true);
        assert_eq!(window.anchor(), Anchor::Row(110, -10.0));
        window.set_keys((50..200).collect());
        assert_eq!(window.scroll_top(600.0), 410.0 + 50.0 * GUESS);
        window.measure((50..100).map(|row| (row, 90.0)));
        assert_eq!(window.scroll_top(600.0), 410.0 + 50.0 * 90.0);
    }

    #[test]
    fn the_end_of_a_part_is_no_place_to_stay_at() {
        let mut window = window(0..50, 40.0);
        window.set_cut(true);
        window.scrolled(1_400.0, 600.0, |_| true);
        assert_eq!(window.anchor(), Anchor::Row(35, 0.0));
        assert!(!window.is_end(1_400.0, 600.0));
        window.set_keys((0..100).collect());
        assert_eq!(window.scroll_top(600.0), 1_400.0, "what comes below moves nothing");
        window.set_cut(false);
        window.scrolled(50.0 * 40.0 + 50.0 * GUESS - 600.0, 600.0, |_| true);
        assert_eq!(window.anchor(), Anchor::End);
    }

    #[test]
    fn at_the_very_top_too_rows_added_above_do_not_move_what_the_reader_sees() {
        // Row 0 stands for "older messages are on their way" and stays the first.
        let mut window = Window::default();
        window.set_keys((0..1).chain(100..200).collect());
        window.measure((0..1).chain(100..200).map(|row| (row, 40.0)));
        window.scrolled(0.0, 600.0, |row| row >= 100);
        assert_eq!(window.anchor(), Anchor::Row(100, 40.0));
        window.set_keys((0..1).chain(50..200).collect());
        window.measure((50..100).map(|row| (row, 40.0)));
        assert_eq!(window.scroll_top(600.0), 50.0 * 40.0);
    }

    #[test]
    fn at_the_end_new_rows_push_the_old_ones_up() {
        let mut window = window(0..100, 40.0);
        window.scrolled(3390.0, 600.0, |_| true);
        assert_eq!(window.anchor(), Anchor::End);
        window.set_keys((0..101).collect());
        assert_eq!(window.scroll_top(600.0), 4000.0 + GUESS - 600.0);
    }

    #[test]
    fn a_list_that_fits_is_at_its_end_and_so_is_one_that_is_scrolled_down() {
        assert!(window(0..10, 40.0).is_end(0.0, 600.0));
        let long = window(0..100, 40.0);
        assert!(long.is_end(3400.0, 600.0));
        assert!(!long.is_end(3390.0, 600.0));
    }

    #[test]
    fn an_anchor_whose_row_went_moves_to_the_row_below_it() {
        let mut window = window(0..100, 40.0);
        window.scrolled(400.0, 600.0, |_| true);
        window.set_keys((0..100).filter(|row| *row != 10).collect());
        assert_eq!(window.anchor(), Anchor::Row(11, 40.0));
        assert_eq!(window.scroll_top(600.0), 360.0);
    }

    #[test]
    fn a_row_counts_as_seen_when_its_lower_edge_is_on_screen() {
        let window = window(0..100, 40.0);
        assert_eq!(window.last_seen(0.0, 600.0), Some(14));
        assert_eq!(window.last_seen(3400.0, 600.0), Some(99));
        assert_eq!(Window::<u32>::default().last_seen(0.0, 600.0), None);
    }

    #[test]
    fn rows_of_great_height_are_bounded_by_number_and_empty_lists_are_empty() {
        let window = window(0..5000, 1.0);
        assert_eq!(window.slice(2000.0, 800.0, 700.0).len(), ROWS);
        assert_eq!(Window::<u32>::default().slice(0.0, 600.0, 10.0), 0..0);
    }
}
