//! The order of the items: one is moved by a step, and never past what it depends on.

use shared_proto::form::{Item, LinkId};

use super::Draft;

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// Why an item stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// It is the first, or the last.
    Edge,
    /// Whether it is shown depends on this one, which has to be asked before.
    Needs(LinkId),
    /// Whether this one is shown depends on it.
    NeededBy(LinkId),
}

impl Draft {
    /// Whether an item can be moved by a step.
    ///
    /// # Errors
    /// Why not.
    pub fn may_move(&self, link: LinkId, way: Way) -> Result<(), Stuck> {
        self.step(link, way).map(drop)
    }

    /// The place of the item and of its neighbour, with which it changes places.
    fn step(&self, link: LinkId, way: Way) -> Result<(usize, usize), Stuck> {
        let place = self.place(link).ok_or(Stuck::Edge)?;
        let other = match way {
            Way::Up => place.checked_sub(1),
            Way::Down => Some(place + 1).filter(|other| *other < self.form.items.len()),
        };
        let other = other.ok_or(Stuck::Edge)?;
        let items = &self.form.items;
        let (moved, neighbour) = (&items[place], &items[other]);
        match way {
            Way::Up if needs(moved, neighbour) => Err(Stuck::Needs(neighbour.link)),
            Way::Down if needs(neighbour, moved) => Err(Stuck::NeededBy(neighbour.link)),
            _ => Ok((place, other)),
        }
    }

    pub(super) fn shift(&mut self, link: LinkId, way: Way) {
        if let Ok((place, other)) = self.step(link, way) {
            self.form.items.swap(place, other);
        }
    }
}

/// Whether `item` is shown by how `other` is answered.
fn needs(item: &Item, other: &Item) -> bool {
    item.show_if.as_ref().is_some_and(|condition| condition.item == other.link)
}
