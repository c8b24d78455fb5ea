//! A form with an item of every kind, for the tests beside the rules.

use super::{
    Alert, Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score,
    Test,
};
use crate::date::Date;
use crate::form::decimal::Decimal;

pub const SECTION: LinkId = LinkId(1);
pub const NOTE: LinkId = LinkId(2);
pub const NAME: LinkId = LinkId(3);
pub const STORY: LinkId = LinkId(4);
pub const WEIGHT: LinkId = LinkId(5);
pub const BORN: LinkId = LinkId(6);
pub const MEDICINES: LinkId = LinkId(7);
pub const WHICH: LinkId = LinkId(8);
pub const MOOD: LinkId = LinkId(9);
pub const SYMPTOMS: LinkId = LinkId(13);
pub const PAIN: LinkId = LinkId(17);
pub const SIGNED: LinkId = LinkId(18);
pub const NEVER: ChoiceId = ChoiceId(10);
pub const OFTEN: ChoiceId = ChoiceId(11);
pub const ALWAYS: ChoiceId = ChoiceId(12);
pub const SLEEP: ChoiceId = ChoiceId(14);
pub const WORRY: ChoiceId = ChoiceId(15);
pub const NOTHING: ChoiceId = ChoiceId(16);

pub fn item(link: LinkId, label: &str, kind: Kind) -> Item {
    Item {
        link,
        label: label.to_owned(),
        help: String::new(),
        required: false,
        show_if: None,
        alert: None,
        kind,
    }
}

pub fn choice(id: ChoiceId, label: &str, points: i16) -> Choice {
    Choice { id, label: label.to_owned(), points: Some(points), alone: id == NOTHING }
}

pub fn day(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).expect("a day of the calendar")
}

pub fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn form() -> Form {
    let weight = Number {
        least: Some(number("20")),
        most: Some(number("300")),
        decimals: 1,
        unit: "kg".to_owned(),
    };
    let born = Days { earliest: Some(day(1900, 1, 1)), latest: Some(day(2026, 12, 31)) };
    let often =
        vec![choice(NEVER, "Never", 0), choice(OFTEN, "Often", 1), choice(ALWAYS, "Always", 3)];
    let symptoms =
        vec![choice(SLEEP, "Sleep", 2), choice(WORRY, "Worry", 2), choice(NOTHING, "None", 0)];
    let (from_label, to_label) = ("None".to_owned(), "The worst".to_owned());
    let pain = Scale { from: 0, to: 10, from_label, to_label };
    let mut items = vec![
        item(SECTION, "About you", Kind::Section),
        item(NOTE, "Take your time.\n\nThere are no wrong answers.", Kind::Note),
        item(NAME, "What are you called?", Kind::Text),
        item(STORY, "What brings you here?", Kind::LongText),
        item(WEIGHT, "What do you weigh?", Kind::Number(weight)),
        item(BORN, "When were you born?", Kind::Date(born)),
        item(MEDICINES, "Do you take medicines?", Kind::YesNo),
        item(WHICH, "Which ones?", Kind::Text),
        item(MOOD, "How often are you sad?", Kind::One(often)),
        item(SYMPTOMS, "What else is there?", Kind::Several(symptoms)),
        item(PAIN, "How much pain?", Kind::Scale(pain)),
        item(SIGNED, "Your name", Kind::Signature("All of this is true.".to_owned())),
    ];
    items[2].required = true;
    items[7].required = true;
    items[7].show_if = Some(Condition { item: MEDICINES, test: Test::Is(true) });
    let test = Test::OneOf(vec![OFTEN, ALWAYS]);
    items[8].alert = Some(Alert { test, label: "Ask about this today.".to_owned() });
    let band = |from, label: &str| Band { from, label: label.to_owned() };
    let score = Score {
        label: "Burden".to_owned(),
        items: vec![MOOD, SYMPTOMS, PAIN],
        bands: vec![band(0, "Low"), band(8, "High")],
    };
    Form {
        title: "Before we meet".to_owned(),
        description: String::new(),
        items,
        scores: vec![score],
        next_id: 19,
    }
}

impl Form {
    /// One of its items, to change.
    pub fn item_mut(&mut self, link: LinkId) -> &mut Item {
        self.items.iter_mut().find(|item| item.link == link).expect("an item of the sample")
    }
}
