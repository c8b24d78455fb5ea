//! Which rows of a long list are drawn. Every row has the same height, so that this is all there
//! is to it. Pure: pixels come in, indices and pixels go out.

use std::ops::Range;

/// Rows drawn beyond the viewport, on either side.
pub const OVERSCAN: usize = 8;
/// Most rows drawn, however high the viewport.
pub const ROWS: usize = 80;
/// So few rows before the end of those that are here, the next page is wanted.
pub const NEAR_END: usize = 25;

/// A list of rows in its viewport, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// How far it is scrolled.
    pub scrolled: f64,
    /// The height of the viewport.
    pub height: f64,
    /// The height of each row.
    pub row: f64,
}

impl View {
    /// The rows of `count` that are drawn.
    #[must_use]
    pub fn drawn(&self, count: usize) -> Range<usize> {
        let row = self.row.max(1.0);
        // Beyond the end after rows went: the end is shown.
        let furthest = (count as f64 * row - self.height).max(0.0);
        let top = self.scrolled.clamp(0.0, furthest);
        let first = (top / row).floor() as usize;
        let shown = (self.height.max(0.0) / row).ceil() as usize + 1;
        let start = first.saturating_sub(OVERSCAN);
        let end = (first + shown + OVERSCAN).min(start + ROWS).min(count);
        start.min(end)..end
    }

    /// Whether so little is left below that the next page is wanted.
    #[must_use]
    pub fn is_near_end(&self, count: usize) -> bool {
        self.drawn(count).end + NEAR_END >= count
    }

    /// How far the list is scrolled for row `index` to be seen whole: as little as possible.
    #[must_use]
    pub fn reveal(&self, index: usize) -> f64 {
        let top = index as f64 * self.row;
        let bottom = top + self.row;
        if top < self.scrolled {
            top
        } else if bottom > self.scrolled + self.height {
            bottom - self.height
        } else {
            self.scrolled
        }
    }
}

/// Where a key leads in a list of `count` rows; `None` for a key that leads nowhere.
#[must_use]
pub fn step(key: &str, from: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some((from + 1).min(last)),
        "ArrowUp" => Some(from.saturating_sub(1).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { scrolled: 0.0, height: 600.0, row: 60.0 };

    #[track_caller]
    fn check(scrolled: f64, count: usize, expect: Range<usize>) {
        assert_eq!(View { scrolled, ..VIEW }.drawn(count), expect);
    }

    #[test]
    fn rows_near_the_viewport_are_drawn_and_no_others() {
        check(0.0, 2_000, 0..19);
        check(6_000.0, 2_000, 92..119);
        check(6_059.0, 2_000, 92..119);
        check(6_060.0, 2_000, 93..120);
        check(0.0, 3, 0..3);
        check(0.0, 0, 0..0);
    }

    #[test]
    fn the_end_is_drawn_when_rows_below_it_are_gone() {
        check(1e9, 2_000, 1_982..2_000);
        check(6_000.0, 20, 2..20);
        check(-40.0, 20, 0..19);
    }

    #[test]
    fn no_viewport_draws_everything() {
        let tall = View { height: 1e9, ..VIEW };
        assert_eq!(tall.drawn(10_000), 0..ROWS);
        let flat = View { row: 0.0, ..VIEW };
        assert!(flat.drawn(10_000).len() <= ROWS);
    }

    #[test]
    fn the_next_page_is_wanted_before_the_end_is_seen() {
        assert!(VIEW.is_near_end(0));
        assert!(VIEW.is_near_end(44));
        assert!(!VIEW.is_near_end(45));
        assert!(View { scrolled: 60.0, ..VIEW }.is_near_end(45));
    }

    #[test]
    fn a_row_comes_into_view_by_the_shortest_way() {
        let view = View { scrolled: 600.0, ..VIEW };
        assert_eq!(view.reveal(9), 540.0);
        assert_eq!(view.reveal(10), 600.0);
        assert_eq!(view.reveal(19), 600.0);
        assert_eq!(view.reveal(20), 660.0);
    }

    #[test]
    fn keys_go_through_the_rows_and_stop_at_either_end() {
        assert_eq!(step("ArrowDown", 3, 5), Some(4));
        assert_eq!(step("ArrowDown", 4, 5), Some(4));
        assert_eq!(step("ArrowUp", 0, 5), Some(0));
        assert_eq!(step("ArrowUp", 9, 5), Some(4));
        assert_eq!(step("Home", 3, 5), Some(0));
        assert_eq!(step("End", 3, 5), Some(4));
        assert_eq!(step("Enter", 3, 5), None);
        assert_eq!(step("End", 0, 0), None);
    }
}
