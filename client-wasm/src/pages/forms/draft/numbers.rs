//! Inputs for numbers: what is typed stays as it is typed, whether or not it is a number yet.

use shared_proto::form::decimal::Decimal;
use shared_proto::form::{ChoiceId, Item, Kind, LinkId, Test};

use super::Draft;

/// An input for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// The least number that is accepted; may be empty.
    Least(LinkId),
    /// The greatest; may be empty.
    Most(LinkId),
    /// The low end of a scale.
    From(LinkId),
    /// Its high end.
    To(LinkId),
    /// What a choice counts; may be empty.
    Points(ChoiceId),
    /// The number another item has to be answered with for this one to be shown.
    ShowIf(LinkId),
    /// The number its reader is alerted to.
    Alert(LinkId),
    /// Where a band of a score begins: the places of both.
    Band(u8, u8),
}

impl Input {
    /// Of which item, if it is one of `item`.
    pub(super) fn item(self, item: &Item) -> Option<LinkId> {
        match self {
            Self::Least(link)
            | Self::Most(link)
            | Self::From(link)
            | Self::To(link)
            | Self::ShowIf(link)
            | Self::Alert(link) => Some(link),
            Self::Points(id) => {
                item.kind.choices().iter().any(|choice| choice.id == id).then_some(item.link)
            }
            Self::Band(..) => None,
        }
        .filter(|link| *link == item.link)
    }

    /// Whether it may be empty.
    const fn is_optional(self) -> bool {
        matches!(self, Self::Least(_) | Self::Most(_) | Self::Points(_))
    }

    /// Whether only whole numbers fit.
    const fn is_whole(self) -> bool {
        matches!(self, Self::From(_) | Self::To(_) | Self::Points(_) | Self::Band(..))
    }
}

impl Draft {
    /// What stands in the input.
    #[must_use]
    pub fn number(&self, input: Input) -> String {
        let stored = || self.stored(input).map(|number| number.to_string()).unwrap_or_default();
        self.typed.get(&input).cloned().unwrap_or_else(stored)
    }

    /// Whether something stands in it that is no number, or nothing where one belongs.
    #[must_use]
    pub fn is_unreadable(&self, input: Input) -> bool {
        let Some(typed) = self.typed.get(&input) else { return false };
        if typed.trim().is_empty() { !input.is_optional() } else { read(input, typed).is_none() }
    }

    pub(super) fn type_number(&mut self, input: Input, typed: String) {
        let number = read(input, &typed);
        if number.is_some() || (typed.trim().is_empty() && input.is_optional()) {
            self.store(input, number);
        }
        self.typed.insert(input, typed);
    }

    /// Forgets what was typed: something else takes its place.
    pub(super) fn forget(&mut self, input: Input) {
        self.typed.remove(&input);
    }

    fn stored(&self, input: Input) -> Option<Decimal> {
        let item = |link| self.form.item(link);
        match input {
            Input::Least(link) | Input::Most(link) => match &item(link)?.kind {
                Kind::Number(number) if input == Input::Least(link) => number.least,
                Kind::Number(number) => number.most,
                _ => None,
            },
            Input::From(link) | Input::To(link) => match &item(link)?.kind {
                Kind::Scale(scale) if input == Input::From(link) => {
                    Some(Decimal::whole(scale.from))
                }
                Kind::Scale(scale) => Some(Decimal::whole(scale.to)),
                _ => None,
            },
            Input::Points(id) => {
                let mut choices = self.form.items.iter().flat_map(|item| item.kind.choices());
                choices.find(|choice| choice.id == id)?.points.map(Decimal::whole)
            }
            Input::ShowIf(link) => of_test(&item(link)?.show_if.as_ref()?.test),
            Input::Alert(link) => of_test(&item(link)?.alert.as_ref()?.test),
            Input::Band(score, band) => {
                let score = self.form.scores.get(usize::from(score))?;
                let from = score.bands.get(usize::from(band))?.from;
                Decimal::ten_thousandths(i64::from(from) * 10_000)
            }
        }
    }

    fn store(&mut self, input: Input, number: Option<Decimal>) {
        if let Input::Band(score, band) = input {
            let score = self.form.scores.get_mut(usize::from(score));
            let band = score.and_then(|score| score.bands.get_mut(usize::from(band)));
            if let (Some(band), Some(number)) = (band, number) {
                // No band begins beyond what `read` lets pass.
                band.from = i32::try_from(number.truncated()).unwrap_or(band.from);
            }
            return;
        }
        let whole = number.and_then(|number| i16::try_from(number.truncated()).ok());
        for item in &mut self.form.items {
            match (input, &mut item.kind) {
                (Input::Points(id), Kind::One(choices) | Kind::Several(choices)) => {
                    if let Some(choice) = choices.iter_mut().find(|choice| choice.id == id) {
                        choice.points = whole;
                    }
                }
                (Input::Least(link), Kind::Number(of)) if link == item.link => of.least = number,
                (Input::Most(link), Kind::Number(of)) if link == item.link => of.most = number,
                (Input::From(link), Kind::Scale(scale)) if link == item.link => {
                    scale.from = whole.unwrap_or(scale.from);
                }
                (Input::To(link), Kind::Scale(scale)) if link == item.link => {
                    scale.to = whole.unwrap_or(scale.to);
                }
                (Input::ShowIf(link), _) if link == item.link => {
                    set_test(item.show_if.as_mut().map(|condition| &mut condition.test), number);
                }
                (Input::Alert(link), _) if link == item.link => {
                    set_test(item.alert.as_mut().map(|alert| &mut alert.test), number);
                }
                _ => {}
            }
        }
    }
}

fn read(input: Input, typed: &str) -> Option<Decimal> {
    let number: Decimal = typed.parse().ok()?;
    let fits = match input {
        Input::Band(..) => i32::try_from(number.truncated()).is_ok(),
        _ => i16::try_from(number.truncated()).is_ok(),
    };
    (!input.is_whole() || (number.decimals() == 0 && fits)).then_some(number)
}

const fn of_test(test: &Test) -> Option<Decimal> {
    match test {
        Test::Equals(number) | Test::AtLeast(number) | Test::AtMost(number) => Some(*number),
        Test::Answered | Test::Is(_) | Test::OneOf(_) => None,
    }
}

fn set_test(test: Option<&mut Test>, number: Option<Decimal>) {
    if let (Some(Test::Equals(held) | Test::AtLeast(held) | Test::AtMost(held)), Some(number)) =
        (test, number)
    {
        *held = number;
    }
}
