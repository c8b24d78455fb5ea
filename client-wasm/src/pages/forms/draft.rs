//! A form while it is built: what is typed, added, moved, deleted and brought back, and everything
//! that is wrong with it. Pure.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared_proto::form::check::{FormProblem, checked};
use shared_proto::form::version::Template;
use shared_proto::form::{Form, Item, LinkId};
use yew::Reducible;

mod blank;
mod change;
mod numbers;
mod order;
mod scores;
#[cfg(test)]
mod tests;

pub use blank::Blank;
pub use change::Change;
pub use numbers::Input;
pub use order::{Stuck, Way};
pub use scores::Counted;

/// A form while it is built.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The version it goes on from; `None` for a new form.
    pub base: Option<Rc<Template>>,
    /// As it stands.
    pub form: Form,
    /// The item whose inputs are shown.
    pub open: Option<LinkId>,
    /// Whether it was to be saved: from then on everything that is wrong is said.
    pub tried: bool,
    /// What the server found wrong with it, until something is changed.
    pub refused: Vec<FormProblem>,
    /// What was deleted last.
    pub removed: Option<Removed>,
    /// What was typed into inputs for numbers.
    typed: BTreeMap<Input, String>,
}

/// An item that was deleted, with what it takes to bring it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    /// The item.
    pub item: Item,
    /// Where it stood.
    place: usize,
    /// The scores it counted in, and where in each.
    counted: Vec<(usize, usize)>,
    /// What had been typed into its inputs for numbers.
    typed: Vec<(Input, String)>,
}

/// Something happens to it.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Another form takes its place.
    Begin(Option<Rc<Template>>),
    /// Its title.
    Title(String),
    /// What stands at its head.
    Description(String),
    /// One more item, at the end.
    Add(Blank),
    /// Something of an item.
    Change(LinkId, Change),
    /// An item goes up or down by one.
    Move(LinkId, Way),
    /// An item goes.
    Delete(LinkId),
    /// The item deleted last comes back.
    Undo,
    /// The inputs of an item are shown, or of none.
    Open(Option<LinkId>),
    /// Something was typed into an input for a number.
    Number(Input, String),
    /// Something of a score.
    Score(Counted),
    /// It is to be saved.
    Try,
    /// The server found this wrong with it.
    Refused(Vec<FormProblem>),
    /// It was saved as this version.
    Saved(Rc<Template>),
}

impl Draft {
    /// Goes on from a version, or begins with nothing.
    #[must_use]
    pub fn of(base: Option<Rc<Template>>) -> Self {
        let form = base.as_ref().map_or_else(|| Form::named(""), |base| base.form.clone());
        Self {
            base,
            form,
            open: None,
            tried: false,
            refused: Vec::new(),
            removed: None,
            typed: BTreeMap::new(),
        }
    }

    /// Whether anything is there that leaving would lose.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let unread = self.typed.keys().any(|input| self.is_unreadable(*input));
        unread
            || match &self.base {
                Some(base) => base.form != self.form,
                None => self.form != Form::named(""),
            }
    }

    /// Everything that is wrong with it by the rules, which are the server's own.
    #[must_use]
    pub fn problems(&self) -> Vec<FormProblem> {
        let form = self.form.clone();
        let found = match &self.base {
            Some(base) => base.next(form).err(),
            None => checked(form).err(),
        };
        let mut problems = found.unwrap_or_default();
        let more = self.refused.iter().filter(|problem| !problems.contains(problem));
        problems.extend(more.copied().collect::<Vec<_>>());
        problems
    }

    /// What may be sent; `None` while something is wrong with it.
    #[must_use]
    pub fn ready(&self) -> Option<Form> {
        let unread = self.typed.keys().any(|input| self.is_unreadable(*input));
        (!unread && self.problems().is_empty()).then(|| self.form.clone())
    }

    /// Does what is asked. What is not possible changes nothing.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Begin(base) => *self = Self::of(base),
            Edit::Open(open) => self.open = open,
            Edit::Try => self.tried = true,
            Edit::Refused(problems) => self.refused = problems,
            Edit::Saved(template) => self.saved(template),
            Edit::Undo => self.undo(),
            Edit::Title(title) => self.changed(|draft| draft.form.title = title),
            Edit::Description(words) => self.changed(|draft| draft.form.description = words),
            Edit::Add(blank) => self.changed(|draft| draft.add(blank)),
            Edit::Change(link, change) => self.changed(|draft| draft.change(link, change)),
            Edit::Move(link, way) => self.changed(|draft| draft.shift(link, way)),
            Edit::Delete(link) => self.changed(|draft| draft.delete(link)),
            Edit::Number(input, typed) => self.changed(|draft| draft.type_number(input, typed)),
            Edit::Score(counted) => self.changed(|draft| draft.count(counted)),
        }
    }

    fn changed(&mut self, change: impl FnOnce(&mut Self)) {
        self.refused.clear();
        change(self);
    }

    /// The form as it was kept takes the place of what was sent, unless it was changed since.
    fn saved(&mut self, template: Rc<Template>) {
        let sent = checked(self.form.clone()).is_ok_and(|form| form == template.form);
        if sent {
            self.form = template.form.clone();
            self.removed = None;
            self.typed.clear();
            self.tried = false;
        } else {
            self.form.next_id = self.form.next_id.max(template.form.next_id);
        }
        self.refused.clear();
        self.base = Some(template);
    }

    fn add(&mut self, blank: Blank) {
        let item = blank.item(&mut self.form);
        self.open = Some(item.link);
        self.form.items.push(item);
    }

    fn delete(&mut self, link: LinkId) {
        let Some(place) = self.place(link) else { return };
        let mut counted = Vec::new();
        for (number, score) in self.form.scores.iter_mut().enumerate() {
            if let Some(at) = score.items.iter().position(|item| *item == link) {
                score.items.remove(at);
                counted.push((number, at));
            }
        }
        let item = self.form.items.remove(place);
        let is_of = |input: &Input| input.item(&item) == Some(link);
        let inputs: Vec<Input> = self.typed.keys().copied().filter(is_of).collect();
        let typed = inputs.into_iter().filter_map(|input| self.typed.remove_entry(&input));
        let typed = typed.collect();
        self.removed = Some(Removed { item, place, counted, typed });
        if self.open == Some(link) {
            self.open = None;
        }
    }

    /// Its id was its own all the time: it was given to nothing else.
    fn undo(&mut self) {
        let Some(removed) = self.removed.take() else { return };
        self.refused.clear();
        let link = removed.item.link;
        self.form.items.insert(removed.place.min(self.form.items.len()), removed.item);
        for (number, at) in removed.counted {
            if let Some(score) = self.form.scores.get_mut(number) {
                score.items.insert(at.min(score.items.len()), link);
            }
        }
        self.typed.extend(removed.typed);
        self.open = Some(link);
    }

    fn place(&self, link: LinkId) -> Option<usize> {
        self.form.items.iter().position(|item| item.link == link)
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
