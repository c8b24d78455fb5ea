//! What is counted together.

use shared_proto::form::{Band, Kind, LinkId, Score};

use super::Draft;
use super::numbers::Input;

/// Something of a score; its place in the list comes first.
#[derive(Clone, Debug, PartialEq)]
pub enum Counted {
    /// One more score.
    Add,
    /// A score goes.
    Remove(u8),
    /// What it is called.
    Label(u8, String),
    /// Whether an item counts in it.
    Item(u8, LinkId, bool),
    /// One more band.
    AddBand(u8),
    /// What a band is called.
    Band(u8, u8, String),
    /// A band goes.
    RemoveBand(u8, u8),
}

impl Draft {
    pub(super) fn count(&mut self, counted: Counted) {
        match counted {
            Counted::Add => {
                let score = Score { label: String::new(), items: Vec::new(), bands: Vec::new() };
                self.form.scores.push(score);
            }
            Counted::Remove(number) => {
                if usize::from(number) < self.form.scores.len() {
                    self.form.scores.remove(number.into());
                    self.forget_bands();
                    // It may have counted in the one that is gone.
                    self.removed = None;
                }
            }
            Counted::Label(number, label) => {
                if let Some(score) = self.score_mut(number) {
                    score.label = label;
                }
            }
            Counted::Item(number, link, counts) => {
                if let Some(score) = self.score_mut(number) {
                    score.items.retain(|item| *item != link);
                    if counts {
                        score.items.push(link);
                    }
                }
                self.in_order(number);
            }
            Counted::AddBand(number) => {
                if let Some(score) = self.score_mut(number) {
                    let from = score.bands.last().map_or(0, |last| last.from.saturating_add(1));
                    score.bands.push(Band { from, label: String::new() });
                }
            }
            Counted::Band(number, band, label) => {
                let score = self.score_mut(number);
                if let Some(band) = score.and_then(|score| score.bands.get_mut(usize::from(band))) {
                    band.label = label;
                }
            }
            Counted::RemoveBand(number, band) => {
                if let Some(score) = self.score_mut(number)
                    && usize::from(band) < score.bands.len()
                {
                    score.bands.remove(band.into());
                    self.forget_bands();
                }
            }
        }
    }

    /// The items that can count.
    pub fn countable(&self) -> impl Iterator<Item = &shared_proto::form::Item> {
        let counts = |kind: &Kind| matches!(kind, Kind::One(_) | Kind::Several(_) | Kind::Scale(_));
        self.form.items.iter().filter(move |item| counts(&item.kind))
    }

    /// Whether an item counts in any score.
    #[must_use]
    pub fn is_counted(&self, link: LinkId) -> bool {
        self.form.scores.iter().any(|score| score.counts(link))
    }

    fn score_mut(&mut self, number: u8) -> Option<&mut Score> {
        self.form.scores.get_mut(usize::from(number))
    }

    /// Those that count stand as they stand in the form.
    fn in_order(&mut self, number: u8) {
        let order: Vec<LinkId> = self.form.items.iter().map(|item| item.link).collect();
        if let Some(score) = self.score_mut(number) {
            score.items.sort_by_key(|link| order.iter().position(|other| other == link));
        }
    }

    /// What was typed stands by its place, and places have changed.
    fn forget_bands(&mut self) {
        self.typed.retain(|input, _| !matches!(input, Input::Band(..)));
    }
}
