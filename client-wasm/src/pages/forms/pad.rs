//! Answers while they are given: what is typed, what of it is kept by the server, what came from
//! another device, and what is wrong with it. Pure.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::decimal::Decimal;
use shared_proto::form::fill::{AnswerProblem, AnswerRule, may_save, problems, shown};
use shared_proto::form::{Form, Kind, LinkId};
use yew::Reducible;

#[cfg(test)]
mod tests;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It breaks a rule.
    Rule(AnswerRule),
    /// It is no number.
    NoNumber,
    /// It is no day of the calendar.
    NoDay,
}

/// Answers while they are given.
#[derive(Clone, Debug, PartialEq)]
pub struct Pad {
    /// What is asked.
    pub form: Rc<Form>,
    /// The answers as they stand.
    pub answers: Answers,
    /// Whether they were to be submitted: from then on everything that is missing is said.
    pub tried: bool,
    /// What the server found wrong with them, until something is changed.
    pub refused: Vec<AnswerProblem>,
    /// What the server keeps.
    kept: Answers,
    /// What is on its way there.
    sending: Option<Answers>,
    /// Whether the server refused to keep what stands.
    failed: bool,
    /// Numbers and days as they are typed.
    typed: BTreeMap<LinkId, String>,
}

/// Something happens to them.
#[derive(Clone, Debug)]
pub enum Does {
    /// An answer is given, or taken back.
    Answer(LinkId, Option<Value>),
    /// A number or a day is typed.
    Type(LinkId, String),
    /// They are to be submitted.
    Try,
    /// What stands goes to the server.
    Send,
    /// What was sent is kept.
    Kept,
    /// What was sent is not kept.
    Failed,
    /// The server found this wrong.
    Refused(Vec<AnswerProblem>),
    /// Another device keeps these now.
    Elsewhere(Answers),
}

impl Pad {
    /// Goes on from what is kept.
    #[must_use]
    pub fn of(form: Rc<Form>, kept: Answers) -> Self {
        Self {
            form,
            answers: kept.clone(),
            tried: false,
            refused: Vec::new(),
            kept,
            sending: None,
            failed: false,
            typed: BTreeMap::new(),
        }
    }

    /// Whether everything that stands here is kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.answers == self.kept
    }

    /// Whether something is on its way.
    #[must_use]
    pub const fn is_sending(&self) -> bool {
        self.sending.is_some()
    }

    /// Whether all that stands is on its way.
    #[must_use]
    pub fn sent_all(&self) -> bool {
        self.sending.as_ref() == Some(&self.answers)
    }

    /// Whether the server refused what stands; the same is not sent again.
    #[must_use]
    pub const fn is_failed(&self) -> bool {
        self.failed || !self.refused.is_empty()
    }

    /// What is to be sent now: something changed, nothing is on its way, and it can be kept.
    #[must_use]
    pub fn to_send(&self) -> Option<&Answers> {
        let due = !self.is_kept() && !self.is_sending() && !self.is_failed();
        Some(&self.answers).filter(|answers| due && may_save(&self.form, answers).is_ok())
    }

    /// What stands in an input for a number or a day.
    #[must_use]
    pub fn typed(&self, link: LinkId) -> String {
        let stored = || match self.answers.get(link) {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Date(day)) => day.to_string(),
            _ => String::new(),
        };
        self.typed.get(&link).cloned().unwrap_or_else(stored)
    }

    /// Everything that keeps them from being submitted, in the order of the form; of no item in
    /// particular last.
    #[must_use]
    pub fn wrong(&self) -> Vec<(Option<LinkId>, Wrong)> {
        let found = problems(&self.form, &self.answers);
        let all: Vec<&AnswerProblem> = found.iter().chain(&self.refused).collect();
        let mut wrong = Vec::new();
        for (item, shown) in self.form.items.iter().zip(shown(&self.form, &self.answers)) {
            let rule = all.iter().find(|problem| problem.item == Some(item.link));
            let said = self.unreadable(item.link).filter(|_| shown);
            let said = said.or_else(|| rule.map(|problem| Wrong::Rule(problem.rule)));
            wrong.extend(said.map(|said| (Some(item.link), said)));
        }
        let whole = all.iter().filter(|problem| problem.item.is_none());
        wrong.extend(whole.take(1).map(|problem| (None, Wrong::Rule(problem.rule))));
        wrong
    }

    /// What is said now. Before somebody tries to submit, only what is not even kept.
    #[must_use]
    pub fn said(&self) -> Vec<(Option<LinkId>, Wrong)> {
        let at_once = |wrong: &Wrong| match wrong {
            Wrong::Rule(rule) => rule.bars_saving(),
            Wrong::NoNumber | Wrong::NoDay => false,
        };
        let mut said = self.wrong();
        said.retain(|(_, wrong)| self.tried || at_once(wrong));
        said
    }

    /// Does what is asked.
    pub fn act(&mut self, does: Does) {
        match does {
            Does::Answer(link, value) => {
                self.forgive();
                self.typed.remove(&link);
                self.set(link, value);
            }
            Does::Type(link, typed) => {
                self.forgive();
                let value = self.read(link, &typed);
                self.set(link, value);
                self.typed.insert(link, typed);
            }
            Does::Try => self.tried = true,
            Does::Send => self.sending = Some(self.answers.clone()),
            Does::Kept => {
                if let Some(sent) = self.sending.take() {
                    self.kept = sent;
                }
            }
            Does::Failed => {
                self.sending = None;
                self.failed = true;
            }
            Does::Refused(problems) => {
                self.sending = None;
                self.refused = problems;
            }
            Does::Elsewhere(answers) => self.elsewhere(answers),
        }
    }

    /// Something else stands now: what was wrong before is not said of it.
    fn forgive(&mut self) {
        self.refused.clear();
        self.failed = false;
    }

    /// What was changed here since it was kept stays; everything else is as the other device has
    /// it.
    fn elsewhere(&mut self, theirs: Answers) {
        for item in &self.form.items {
            let link = item.link;
            let mine = self.answers.get(link).cloned();
            let changed_here = mine.as_ref() != self.kept.get(link);
            let unread = self.typed.contains_key(&link) && mine.is_none();
            if changed_here || unread || mine.as_ref() == theirs.get(link) {
                continue;
            }
            self.typed.remove(&link);
            match theirs.get(link) {
                Some(value) => self.answers.set(link, value.clone()),
                None => self.answers.clear(link),
            }
        }
        self.kept = theirs;
    }

    fn set(&mut self, link: LinkId, value: Option<Value>) {
        match value {
            Some(value) => self.answers.set(link, value),
            None => self.answers.clear(link),
        }
    }

    fn read(&self, link: LinkId, typed: &str) -> Option<Value> {
        match &self.form.item(link)?.kind {
            Kind::Number(_) => typed.parse::<Decimal>().ok().map(Value::Number),
            Kind::Date(_) => typed.parse().ok().map(Value::Date),
            _ => None,
        }
    }

    /// Something stands in the input that is no number, or no day.
    fn unreadable(&self, link: LinkId) -> Option<Wrong> {
        let typed = self.typed.get(&link).filter(|typed| !typed.trim().is_empty())?;
        let wrong = match &self.form.item(link)?.kind {
            Kind::Number(_) => Wrong::NoNumber,
            Kind::Date(_) => Wrong::NoDay,
            _ => return None,
        };
        self.read(link, typed).is_none().then_some(wrong)
    }
}

impl Reducible for Pad {
    type Action = Does;

    fn reduce(self: Rc<Self>, does: Does) -> Rc<Self> {
        let mut pad = Rc::unwrap_or_clone(self);
        pad.act(does);
        Rc::new(pad)
    }
}
