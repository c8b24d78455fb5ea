//! How a form changes: by its next version. What was assigned stays as it was.

use serde::{Deserialize, Serialize};

use super::check::{FormProblem, FormRule, Part, checked};
use super::{ChoiceId, Form, Item, LinkId};
use crate::id::FormId;

/// A form of the practice in one of its versions. None of them ever changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Which form, through all its versions.
    pub id: FormId,
    /// Which version: 1 and up; 0 for a form as it came along ([`Known`](super::ask::Known)).
    pub version: u32,
    /// The form itself.
    pub form: Form,
}

/// What became of an item, or of the order of all, from one version to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added(LinkId),
    /// It is there no longer.
    Removed(LinkId),
    /// It asks something else, or in another way.
    Changed(LinkId),
    /// Those that stayed stand in another order.
    Reordered,
}

impl Template {
    /// The first version of a form.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn first(id: FormId, form: Form) -> Result<Self, Vec<FormProblem>> {
        Ok(Self { id, version: 1, form: checked(form)? })
    }

    /// The next version, or this one when nothing has changed. An item that stays keeps its id and
    /// how it is answered; what is new has an id that nothing had before.
    ///
    /// # Errors
    /// Everything that is wrong with it, alone or beside this version. Once there have been
    /// `u32::MAX` versions there can be no more.
    pub fn next(&self, form: Form) -> Result<Self, Vec<FormProblem>> {
        let form = checked(form)?;
        let mut problems = Vec::new();
        if form.next_id < self.form.next_id {
            let (part, rule) = (Part::Whole, FormRule::NotNew);
            problems.push(FormProblem { item: None, part, rule });
        }
        for item in &form.items {
            let found = |part, rule| FormProblem { item: Some(item.link), part, rule };
            let before = self.form.item(item.link);
            match before {
                Some(before) if !is_same_kind(before, item) => {
                    problems.push(found(Part::Id, FormRule::WrongKind));
                }
                None if item.link.0 < self.form.next_id => {
                    problems.push(found(Part::Id, FormRule::NotNew));
                }
                _ => {}
            }
            let had = |id: ChoiceId| {
                before.is_some_and(|item| item.kind.choices().iter().any(|choice| choice.id == id))
            };
            for choice in item.kind.choices() {
                if choice.id.0 < self.form.next_id && !had(choice.id) {
                    problems.push(found(Part::Choice(choice.id), FormRule::NotNew));
                }
            }
        }
        let version =
            if form == self.form { Some(self.version) } else { self.version.checked_add(1) };
        match version {
            Some(version) if problems.is_empty() => Ok(Self { id: self.id, version, form }),
            Some(_) => Err(problems),
            None => {
                let rule = FormRule::TooMany { limit: u32::MAX };
                Err(vec![FormProblem { item: None, part: Part::Whole, rule }])
            }
        }
    }
}

/// What became of the items: first of those that are there now, in their order, then of those that
/// were removed, and of their order last.
#[must_use]
pub fn changes(before: &Form, now: &Form) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut stayed = Vec::new();
    for item in &now.items {
        match before.items.iter().position(|earlier| earlier.link == item.link) {
            None => changes.push(Change::Added(item.link)),
            Some(place) => {
                stayed.push(place);
                if before.items[place] != *item {
                    changes.push(Change::Changed(item.link));
                }
            }
        }
    }
    let gone = before.items.iter().filter(|item| now.item(item.link).is_none());
    changes.extend(gone.map(|item| Change::Removed(item.link)));
    if !stayed.is_sorted() {
        changes.push(Change::Reordered);
    }
    changes
}

fn is_same_kind(before: &Item, now: &Item) -> bool {
    std::mem::discriminant(&before.kind) == std::mem::discriminant(&now.kind)
}

#[cfg(test)]
mod tests;
