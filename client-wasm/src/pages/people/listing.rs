//! What is here of the list of people: the rows that answer the last question, and the question
//! that is to be asked now. Pure: the page asks and tells.

use std::rc::Rc;

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::people::{PeopleFilter, PeopleMark, PeoplePage, PersonRow};
use shared_proto::refusal::Refusal;
use yew::Reducible;

/// A page to ask for. Each question has a number of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Recognises its answer: one with an older number is of no use any more.
    pub number: u32,
    /// Which people.
    pub filter: PeopleFilter,
    /// After which; `None` for the first page.
    pub after: Option<PeopleMark>,
}

/// What happens to the list.
#[derive(Clone, Debug)]
pub enum Event {
    /// Other people are wanted.
    Find(PeopleFilter),
    /// The reader is near the end, or asks again for what was refused.
    More,
    /// The line was down: what changed meanwhile was not told.
    Refresh,
    /// The question with this number was answered.
    Answered(u32, Result<PeoplePage, Refusal>),
    /// Somebody is new or changed.
    Changed(Box<PersonRow>),
    /// Somebody is not to be seen any more.
    Gone(PersonId),
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Who reads it.
    me: Option<PersonId>,
    /// Whom the rows are of.
    pub filter: PeopleFilter,
    /// The rows: assigned ones first, then by name.
    pub rows: Vec<Rc<PersonRow>>,
    /// Where the next page goes on.
    next: Option<PeopleMark>,
    /// How many there are, here or not.
    pub total: u32,
    /// Whether an answer has come.
    pub loaded: bool,
    /// What is to be asked, or is being asked.
    pub question: Option<Question>,
    /// Why the last question was refused.
    pub refused: Option<Refusal>,
    /// Rows of a list that takes the place of the one shown, once there are `depth` of them.
    fresh: Vec<Rc<PersonRow>>,
    depth: usize,
    number: u32,
}

impl Listing {
    /// The list as `me` sees it: clients, all of them.
    #[must_use]
    pub fn of(me: PersonId) -> Self {
        let mut listing = Self { me: Some(me), ..Self::default() };
        listing.start_over(PeopleFilter::default(), 0);
        listing
    }

    /// Whom the reader asked for last, answered or not.
    #[must_use]
    pub fn wanted(&self) -> &PeopleFilter {
        self.question.as_ref().map_or(&self.filter, |question| &question.filter)
    }

    /// Whether there are more than are here, and nothing stands in the way of asking for them.
    #[must_use]
    pub const fn may_ask_for_more(&self) -> bool {
        self.question.is_none() && self.refused.is_none() && self.next.is_some()
    }

    fn start_over(&mut self, filter: PeopleFilter, depth: usize) {
        self.fresh.clear();
        self.depth = depth;
        self.ask(filter, None);
    }

    fn ask(&mut self, filter: PeopleFilter, after: Option<PeopleMark>) {
        self.number = self.number.wrapping_add(1);
        self.refused = None;
        self.question = Some(Question { number: self.number, filter, after });
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::Find(mut filter) => {
                filter.text = filter.text.chars().take(limits::QUERY_SCALARS).collect();
                if *self.wanted() != filter || self.refused.is_some() {
                    self.start_over(filter, 0);
                }
            }
            Event::More => self.more(),
            Event::Refresh => {
                let depth = if *self.wanted() == self.filter { self.rows.len() } else { 0 };
                self.start_over(self.wanted().clone(), depth);
            }
            Event::Answered(number, result) => {
                if self.question.as_ref().is_some_and(|question| question.number == number)
                    && let Some(question) = self.question.take()
                {
                    self.answered(question, result);
                }
            }
            Event::Changed(row) => self.changed(*row),
            Event::Gone(person) => self.gone(person),
        }
    }

    fn more(&mut self) {
        if self.question.is_some() {
            return;
        }
        if !self.loaded {
            self.start_over(self.filter.clone(), 0);
        } else if let Some(next) = self.next.clone() {
            self.ask(self.filter.clone(), Some(next));
        }
    }

    fn answered(&mut self, question: Question, result: Result<PeoplePage, Refusal>) {
        let page = match result {
            Ok(page) => page,
            Err(refusal) => {
                self.refused = Some(refusal);
                self.fresh.clear();
                // What was wanted stays wanted: another try asks for it.
                if question.filter != self.filter {
                    self.filter = question.filter;
                    self.rows.clear();
                    self.next = None;
                    self.loaded = false;
                }
                return;
            }
        };
        self.total = page.total;
        let rows = page.rows.into_iter().map(Rc::new);
        // A next page of the list that is shown, or a page of the one that takes its place.
        let replaces = question.after.is_none() || !self.fresh.is_empty();
        if !replaces {
            let known: Vec<PersonId> = self.rows.iter().map(|row| row.card.id).collect();
            self.rows.extend(rows.filter(|row| !known.contains(&row.card.id)));
            self.next = page.next;
            return;
        }
        self.fresh.extend(rows);
        match page.next {
            Some(next) if self.fresh.len() < self.depth => {
                self.ask(question.filter, Some(next));
            }
            next => {
                self.rows = std::mem::take(&mut self.fresh);
                self.filter = question.filter;
                self.next = next;
                self.loaded = true;
                self.depth = 0;
            }
        }
    }

    fn changed(&mut self, row: PersonRow) {
        let id = row.card.id;
        let known = self.rows.iter().position(|known| known.card.id == id);
        if let Some(index) = known {
            self.rows.remove(index);
        }
        let place = self.place(&row);
        let at = self.rows.partition_point(|known| self.place(known) < place);
        // Beyond what is here, the page it is on will bring it.
        let here = self.next.is_none() || at < self.rows.len();
        let fits = self.loaded && fits(&self.filter, &row);
        if fits && here {
            self.rows.insert(at, Rc::new(row));
        }
        match (known.is_some(), fits) {
            (true, false) => self.total = self.total.saturating_sub(1),
            (false, true) if here => self.total += 1,
            _ => {}
        }
    }

    fn gone(&mut self, person: PersonId) {
        let before = self.rows.len();
        self.rows.retain(|row| row.card.id != person);
        if self.rows.len() < before {
            self.total = self.total.saturating_sub(1);
        }
    }

    /// Where somebody stands, as the server sorts.
    fn place(&self, row: &PersonRow) -> (bool, String, PersonId) {
        let assigned = self.me.is_some_and(|me| row.assigned.contains(&me));
        (!assigned, row.card.name.to_lowercase(), row.card.id)
    }
}

/// Whether somebody belongs to what the filter shows, by the server's rule.
fn fits(filter: &PeopleFilter, row: &PersonRow) -> bool {
    if !filter.shows(row) {
        return false;
    }
    let text = filter.text.trim().to_lowercase();
    let digits: String = row.phone.chars().filter(char::is_ascii_digit).collect();
    [&row.card.name, &row.email, &row.phone, &digits, &row.chart_number]
        .iter()
        .any(|held| held.to_lowercase().contains(&text))
}

impl Reducible for Listing {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        let mut listing = Rc::unwrap_or_clone(self);
        listing.happened(event);
        Rc::new(listing)
    }
}

#[cfg(test)]
mod tests;
