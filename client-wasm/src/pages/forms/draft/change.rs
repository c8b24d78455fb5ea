//! What can be changed of an item.

use shared_proto::date::Date;
use shared_proto::form::{Alert, Choice, ChoiceId, Condition, Item, Kind, LinkId, Test};

use super::Draft;
use super::blank::choice;
use super::numbers::Input;
use super::order::Way;

/// Something of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What it asks.
    Label(String),
    /// What helps with the answer.
    Help(String),
    /// Whether it has to be answered.
    Required(bool),
    /// What stands after a number.
    Unit(String),
    /// How many decimals a number has.
    Decimals(u8),
    /// The earliest day.
    Earliest(Option<Date>),
    /// The latest day.
    Latest(Option<Date>),
    /// What the low end of a scale means.
    FromLabel(String),
    /// What its high end means.
    ToLabel(String),
    /// What is signed.
    Statement(String),
    /// One more choice, at the end.
    AddChoice,
    /// What a choice says.
    Choice(ChoiceId, String),
    /// Whether nothing else can be chosen beside it.
    Alone(ChoiceId, bool),
    /// A choice goes up or down by one.
    MoveChoice(ChoiceId, Way),
    /// A choice goes.
    RemoveChoice(ChoiceId),
    /// When it is shown.
    ShowIf(Option<Condition>),
    /// Which answers its reader is alerted to: the test, or none.
    Alert(Option<Test>),
    /// What the reader is told then.
    AlertLabel(String),
}

impl Draft {
    pub(super) fn change(&mut self, link: LinkId, change: Change) {
        let added = (change == Change::AddChoice).then(|| choice(&mut self.form));
        match change {
            Change::ShowIf(_) => self.forget(Input::ShowIf(link)),
            Change::Alert(_) => self.forget(Input::Alert(link)),
            Change::RemoveChoice(id) => {
                self.forget(Input::Points(id));
                self.drop_from_tests(id);
            }
            _ => {}
        }
        let Some(item) = self.form.items.iter_mut().find(|item| item.link == link) else { return };
        match change {
            Change::Label(label) => item.label = label,
            Change::Help(help) => item.help = help,
            Change::Required(required) => item.required = required,
            Change::ShowIf(condition) => item.show_if = condition,
            Change::Alert(test) => {
                let label = item.alert.take().map(|alert| alert.label).unwrap_or_default();
                item.alert = test.map(|test| Alert { test, label });
            }
            Change::AlertLabel(label) => {
                if let Some(alert) = &mut item.alert {
                    alert.label = label;
                }
            }
            of_kind => change_kind(item, of_kind, added),
        }
    }

    /// A choice that is gone is looked for no longer. Where it was the only one that was, the
    /// place says so by its rule.
    fn drop_from_tests(&mut self, id: ChoiceId) {
        for item in &mut self.form.items {
            let shown = item.show_if.as_mut().map(|condition| &mut condition.test);
            for test in shown.into_iter().chain(item.alert.as_mut().map(|alert| &mut alert.test)) {
                if let Test::OneOf(wanted) = test {
                    wanted.retain(|wanted| *wanted != id);
                }
            }
        }
    }
}

fn change_kind(item: &mut Item, change: Change, added: Option<Choice>) {
    match (&mut item.kind, change) {
        (Kind::Number(number), Change::Unit(unit)) => number.unit = unit,
        (Kind::Number(number), Change::Decimals(decimals)) => number.decimals = decimals,
        (Kind::Date(days), Change::Earliest(day)) => days.earliest = day,
        (Kind::Date(days), Change::Latest(day)) => days.latest = day,
        (Kind::Scale(scale), Change::FromLabel(label)) => scale.from_label = label,
        (Kind::Scale(scale), Change::ToLabel(label)) => scale.to_label = label,
        (Kind::Signature(statement), Change::Statement(words)) => *statement = words,
        (Kind::One(choices) | Kind::Several(choices), change) => {
            change_choices(choices, change, added);
        }
        _ => {}
    }
}

fn change_choices(choices: &mut Vec<Choice>, change: Change, added: Option<Choice>) {
    let place = |choices: &[Choice], id| choices.iter().position(|choice| choice.id == id);
    match change {
        Change::AddChoice => choices.extend(added),
        Change::Choice(id, label) => {
            if let Some(place) = place(choices, id) {
                choices[place].label = label;
            }
        }
        Change::Alone(id, alone) => {
            if let Some(place) = place(choices, id) {
                choices[place].alone = alone;
            }
        }
        Change::RemoveChoice(id) => choices.retain(|choice| choice.id != id),
        Change::MoveChoice(id, way) => {
            let Some(at) = place(choices, id) else { return };
            let other = match way {
                Way::Up => at.checked_sub(1),
                Way::Down => Some(at + 1).filter(|other| *other < choices.len()),
            };
            if let Some(other) = other {
                choices.swap(at, other);
            }
        }
        _ => {}
    }
}
