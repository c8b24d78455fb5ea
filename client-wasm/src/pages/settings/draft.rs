//! What is typed into a group of settings and not saved yet. Pure: a change made in another window
//! shows wherever nothing was typed, and never replaces what was.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared_proto::refusal::Refusal;
use yew::Reducible;

/// Where saving stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing to say.
    #[default]
    Idle,
    /// On its way.
    Busy,
    /// All of it is kept.
    Saved,
}

/// What was typed, by the name of its input, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    typed: BTreeMap<&'static str, String>,
    refused: BTreeMap<&'static str, Refusal>,
    /// Where saving stands.
    pub stage: Stage,
}

/// Something happened to it.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Something was typed.
    Type(&'static str, String),
    /// It is put back to this, as which it is stored: what is stored shows, also when that changes.
    Restore(&'static str, String),
    /// Saving begins.
    Begin,
    /// This was kept, as it was typed.
    Kept(&'static str, String),
    /// This was not.
    Refused(&'static str, Refusal),
    /// Everything has been answered.
    End,
}

impl Draft {
    /// What an input shows: what was typed, or else what is `stored`.
    #[must_use]
    pub fn value(&self, name: &str, stored: &str) -> String {
        self.typed.get(name).map_or(stored, String::as_str).to_owned()
    }

    /// What was typed, when it is not what is `stored`.
    #[must_use]
    pub fn changed(&self, name: &str, stored: &str) -> Option<&str> {
        self.typed.get(name).map(String::as_str).filter(|typed| *typed != stored)
    }

    /// What is wrong with an input.
    #[must_use]
    pub fn refusal(&self, name: &str) -> Option<Refusal> {
        self.refused.get(name).copied()
    }

    /// Whether something is wrong with any.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    fn touched(&mut self, name: &str) {
        self.refused.remove(name);
        if self.stage == Stage::Saved {
            self.stage = Stage::Idle;
        }
    }

    fn edit(&mut self, edit: Edit) {
        match edit {
            // What is on its way is about to be stored instead.
            Edit::Restore(name, _) if self.stage != Stage::Busy => {
                self.typed.remove(name);
                self.touched(name);
            }
            Edit::Type(name, text) | Edit::Restore(name, text) => {
                self.typed.insert(name, text);
                self.touched(name);
            }
            Edit::Begin => {
                self.refused.clear();
                self.stage = Stage::Busy;
            }
            Edit::Kept(name, sent) => {
                // What was typed since is not what was kept.
                if self.typed.get(name) == Some(&sent) {
                    self.typed.remove(name);
                }
            }
            Edit::Refused(name, refusal) => {
                self.refused.insert(name, refusal);
            }
            Edit::End => {
                self.stage = if self.refused.is_empty() { Stage::Saved } else { Stage::Idle };
            }
        }
    }
}

impl Reducible for Draft {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut draft = Rc::unwrap_or_clone(self);
        draft.edit(edit);
        Rc::new(draft)
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::refusal::{Field, Rule};

    use super::*;

    fn after(edits: Vec<Edit>) -> Draft {
        let mut draft = Draft::default();
        for edit in edits {
            draft.edit(edit);
        }
        draft
    }

    #[test]
    fn a_change_from_elsewhere_shows_where_nothing_was_typed() {
        let draft = after(vec![Edit::Type("name", "Da".into())]);
        assert_eq!(draft.value("name", "Dana in another window"), "Da");
        assert_eq!(draft.value("mobile", "+41 79 555 01 01"), "+41 79 555 01 01");
        assert_eq!(draft.changed("mobile", "whatever"), None);
        assert_eq!(draft.changed("name", "Da"), None, "it is so already");
    }

    #[test]
    fn what_is_put_back_follows_what_becomes_of_what_is_stored_unless_that_is_its_own() {
        let off = Edit::Type("sms", "false".into());
        let back = Edit::Restore("sms", "true".into());
        let draft = after(vec![off.clone(), back.clone()]);
        assert_eq!(draft.changed("sms", "false"), None, "switched off in another window");
        let kept = Edit::Kept("sms", "false".into());
        let draft = after(vec![off, Edit::Begin, back, kept, Edit::End]);
        assert_eq!(draft.changed("sms", "false"), Some("true"), "while it was being saved");
    }

    #[test]
    fn what_is_kept_is_no_longer_typed_unless_it_was_changed_since() {
        let sent = vec![Edit::Type("name", " Dana ".into()), Edit::Begin];
        let kept = Edit::Kept("name", " Dana ".into());
        let draft = after([sent.clone(), vec![kept.clone(), Edit::End]].concat());
        assert_eq!(draft.value("name", "Dana"), "Dana");
        assert_eq!(draft.stage, Stage::Saved);
        let since = Edit::Type("name", "Dana W".into());
        let draft = after([sent, vec![since, kept, Edit::End]].concat());
        assert_eq!(draft.changed("name", "Dana"), Some("Dana W"));
    }

    #[test]
    fn what_is_refused_stays_as_it_was_typed_with_its_rule() {
        let refusal = Refusal::invalid(Field::Phone, Rule::Malformed);
        let edits = vec![
            Edit::Type("mobile", "call me".into()),
            Edit::Begin,
            Edit::Refused("mobile", refusal),
        ];
        let draft = after([edits, vec![Edit::End]].concat());
        assert_eq!(draft.value("mobile", ""), "call me");
        assert_eq!(draft.refusal("mobile"), Some(refusal));
        assert_eq!(draft.stage, Stage::Idle, "nothing says that it was saved");
        let draft = after(vec![Edit::Refused("mobile", refusal), Edit::Type("mobile", "1".into())]);
        assert!(!draft.is_refused(), "whoever types anew is not told of what stood there before");
    }
}
