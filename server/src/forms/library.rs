//! The forms that come with Quietroom, for a practice to use as they are or to begin its own with.
//!
//! Here and not in `shared-proto`, so that they do not weigh in the browser. They are in English;
//! another language would be another function beside each.

use shared_proto::form::ask::Known;
use shared_proto::form::{
    Alert, Band, Choice, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score, Test,
};

mod gad7;
mod intake;
mod messaging;
mod phq;
mod phq9;

/// A form as it comes along. It keeps every rule of `shared_proto::form::check`.
#[must_use]
pub fn form(known: Known) -> Form {
    match known {
        Known::Intake => intake::form(),
        Known::Messaging => messaging::form(),
        Known::Phq9 => phq9::form(),
        Known::Gad7 => gad7::form(),
    }
}

/// A form while it is put together: items get their ids in order, and each may be changed by what
/// is said of it next.
struct Draft {
    form: Form,
}

impl Draft {
    fn titled(title: &str, description: &str) -> Self {
        let mut form = Form::named(title);
        description.clone_into(&mut form.description);
        Self { form }
    }

    fn item(&mut self, label: &str, kind: Kind) -> LinkId {
        let link = self.form.new_link();
        self.form.items.push(Item {
            link,
            label: label.to_owned(),
            help: String::new(),
            required: false,
            show_if: None,
            alert: None,
            kind,
        });
        link
    }

    fn section(&mut self, label: &str) -> LinkId {
        self.item(label, Kind::Section)
    }

    fn note(&mut self, text: &str) -> LinkId {
        self.item(text, Kind::Note)
    }

    fn text(&mut self, label: &str) -> LinkId {
        self.item(label, Kind::Text)
    }

    fn long_text(&mut self, label: &str) -> LinkId {
        self.item(label, Kind::LongText)
    }

    fn yes_no(&mut self, label: &str) -> LinkId {
        self.item(label, Kind::YesNo)
    }

    fn date(&mut self, label: &str, days: Days) -> LinkId {
        self.item(label, Kind::Date(days))
    }

    fn number(&mut self, label: &str, number: Number) -> LinkId {
        self.item(label, Kind::Number(number))
    }

    fn scale(
        &mut self,
        label: &str,
        (from, from_label): (i16, &str),
        (to, to_label): (i16, &str),
    ) -> LinkId {
        let (from_label, to_label) = (from_label.to_owned(), to_label.to_owned());
        self.item(label, Kind::Scale(Scale { from, to, from_label, to_label }))
    }

    fn signature(&mut self, label: &str, statement: &str) -> LinkId {
        self.item(label, Kind::Signature(statement.to_owned()))
    }

    fn one(&mut self, label: &str, choices: &[&str]) -> LinkId {
        let choices = self.choices(choices);
        self.item(label, Kind::One(choices))
    }

    fn several(&mut self, label: &str, choices: &[&str]) -> LinkId {
        let choices = self.choices(choices);
        self.item(label, Kind::Several(choices))
    }

    fn choices(&mut self, labels: &[&str]) -> Vec<Choice> {
        let choice = |label: &&str| Choice {
            id: self.form.new_choice(),
            label: (*label).to_owned(),
            points: None,
            alone: false,
        };
        labels.iter().map(choice).collect()
    }

    /// The item added last.
    fn last(&mut self) -> &mut Item {
        self.form.items.last_mut().expect("an item is described after it was added")
    }

    fn required(&mut self) {
        self.last().required = true;
    }

    fn help(&mut self, help: &str) {
        help.clone_into(&mut self.last().help);
    }

    fn show_if(&mut self, item: LinkId, test: Test) {
        self.last().show_if = Some(Condition { item, test });
    }

    fn alert(&mut self, test: Test, label: &str) {
        self.last().alert = Some(Alert { test, label: label.to_owned() });
    }

    /// The points of the choices of the item added last, in their order.
    fn points(&mut self, points: &[i16]) {
        if let Kind::One(choices) | Kind::Several(choices) = &mut self.last().kind {
            for (choice, points) in choices.iter_mut().zip(points) {
                choice.points = Some(*points);
            }
        }
    }

    /// The choice with this label of the item added last stands alone.
    fn alone(&mut self, label: &str) {
        if let Kind::Several(choices) = &mut self.last().kind {
            choices.iter_mut().for_each(|choice| choice.alone |= choice.label == label);
        }
    }

    /// A test for one of these choices of an item.
    fn chose(&self, item: LinkId, labels: &[&str]) -> Test {
        let choices = self.form.item(item).map_or(&[][..], |item| item.kind.choices());
        let named = choices.iter().filter(|choice| labels.contains(&&*choice.label));
        Test::OneOf(named.map(|choice| choice.id).collect())
    }

    fn score(&mut self, label: &str, items: Vec<LinkId>, bands: &[(i32, &str)]) {
        let band = |(from, label): &(i32, &str)| Band { from: *from, label: (*label).to_owned() };
        let bands = bands.iter().map(band).collect();
        self.form.scores.push(Score { label: label.to_owned(), items, bands });
    }
}

#[cfg(test)]
mod tests;
