//! Forms and answers.

use shared_proto::date::Date;
use shared_proto::form::answers::{Answer, Answers, Value};
use shared_proto::form::decimal::Decimal;
use shared_proto::form::version::Template;
use shared_proto::form::{
    Alert, Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score,
    Test,
};

use crate::{INTAKE, check};

fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn day(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).expect("a day of the calendar")
}

fn choice(id: u16, label: &str, points: i16) -> Choice {
    Choice { id: ChoiceId(id), label: label.into(), points: Some(points), alone: false }
}

fn weight() -> Number {
    let (least, most) = (Some(number("20")), Some(number("300.5")));
    Number { least, most, decimals: 1, unit: "kg".into() }
}

fn pain() -> Scale {
    Scale { from: -1, to: 300, from_label: "lo".into(), to_label: "hi".into() }
}

fn sad() -> Item {
    Item {
        link: LinkId(300),
        label: "Sad".into(),
        help: "often".into(),
        required: true,
        show_if: Some(Condition { item: LinkId(1), test: Test::Is(true) }),
        alert: Some(Alert { test: Test::OneOf(vec![ChoiceId(301)]), label: "Ask".into() }),
        kind: Kind::One(vec![choice(301, "No", -1), choice(302, "Yes", 2)]),
    }
}

fn score() -> Score {
    let band = |from, label: &str| Band { from, label: label.into() };
    Score {
        label: "Sum".into(),
        items: vec![LinkId(300)],
        bands: vec![band(-1, "Low"), band(300, "High")],
    }
}

fn form() -> Form {
    let well = Item {
        link: LinkId(1),
        label: "Well".into(),
        help: String::new(),
        required: false,
        show_if: None,
        alert: None,
        kind: Kind::YesNo,
    };
    Form {
        title: "Intake".into(),
        description: "Hello".into(),
        items: vec![well, sad()],
        scores: vec![score()],
        next_id: 303,
    }
}

fn answers() -> Answers {
    let mut answers = Answers::default();
    answers.set(LinkId(1), Value::YesNo(true));
    answers.set(LinkId(300), Value::One(ChoiceId(302)));
    answers
}

golden! {
    forms_keep_their_bytes: Form {
        Form { .. } => {
            form() =>
                "06 'Intake' 05 'Hello' 02 01 04 'Well' 00*4 06 ac 02 03 'Sad' 05 'often' 01*6 02 \
                 01 ad 02 03 'Ask' 07 02 ad 02 02 'No' 01 01 00 ae 02 03 'Yes' 01 04 00 01 03 \
                 'Sum' 01 ac 02 02 01 03 'Low' d8 04 04 'High' af 02",
            Form::named("Oak") => "03 'Oak' 00 00 00 01",
        }
    }

    versions_of_forms_keep_their_bytes: Template {
        Template { .. } => {
            Template { id: INTAKE, version: 300, form: Form::named("Oak") } =>
                "f0*16 ac 02 03 'Oak' 00 00 00 01",
        }
    }

    items_keep_their_bytes: Item {
        Item { .. } => {
            sad() =>
                "ac 02 03 'Sad' 05 'often' 01*6 02 01 ad 02 03 'Ask' 07 02 ad 02 02 'No' 01 01 00 \
                 ae 02 03 'Yes' 01 04 00",
        }
    }

    kinds_keep_their_bytes: Kind {
        Kind::Section => { Kind::Section => "00" }
        Kind::Note => { Kind::Note => "01" }
        Kind::Text => { Kind::Text => "02" }
        Kind::LongText => { Kind::LongText => "03" }
        Kind::Number(_) => {
            Kind::Number(weight()) => "04 01 80 b5 18 01 90 e9 ee 02 01 02 'kg'",
            Kind::Number(Number::default()) => "04 00*4",
        }
        Kind::Date(_) => {
            Kind::Date(Days { earliest: Some(day(1900, 1, 2)), latest: Some(day(2026, 12, 31)) }) =>
                "05 01 ec 0e 01 02 01 ea 0f 0c 1f",
            Kind::Date(Days::default()) => "05 00 00",
        }
        Kind::YesNo => { Kind::YesNo => "06" }
        Kind::One(_) => {
            Kind::One(vec![choice(300, "No", -1)]) => "07 01 ac 02 02 'No' 01 01 00",
            Kind::One(vec![Choice { points: None, alone: true, ..choice(1, "No", 0) }]) =>
                "07 01 01 02 'No' 00 01",
        }
        Kind::Several(_) => {
            Kind::Several(vec![choice(1, "No", 1)]) => "08 01 01 02 'No' 01 02 00",
        }
        Kind::Scale(_) => { Kind::Scale(pain()) => "09 01 d8 04 02 'lo' 02 'hi'" }
        Kind::Signature(_) => { Kind::Signature("True".into()) => "0a 04 'True'" }
    }

    tests_of_answers_keep_their_bytes: Test {
        Test::Answered => { Test::Answered => "00" }
        Test::Is(_) => { Test::Is(true) => "01 01" }
        Test::OneOf(_) => { Test::OneOf(vec![ChoiceId(1), ChoiceId(300)]) => "02 02 01 ac 02" }
        Test::Equals(_) => { Test::Equals(number("0.0001")) => "03 02" }
        Test::AtLeast(_) => { Test::AtLeast(number("-5")) => "04 9f 8d 06" }
        Test::AtMost(_) => { Test::AtMost(Decimal::MAX) => "05 80 80 95 e7 89 c6 04" }
    }

    scores_keep_their_bytes: Score {
        Score { .. } => { score() => "03 'Sum' 01 ac 02 02 01 03 'Low' d8 04 04 'High'" }
    }

    answers_keep_their_bytes: Answers {
        _ => {
            answers() => "02 01 03 01 ac 02 04 ae 02",
            Answers::default() => "00",
        }
    }

    single_answers_keep_their_bytes: Answer {
        Answer { .. } => {
            Answer { link: LinkId(300), value: Value::YesNo(false) } => "ac 02 03 00",
        }
    }

    values_keep_their_bytes: Value {
        Value::Text(_) => { Value::Text("Ana".into()) => "00 03 'Ana'" }
        Value::Number(_) => { Value::Number(number("72.5")) => "01 90 c0 58" }
        Value::Date(_) => { Value::Date(day(2026, 2, 28)) => "02 ea 0f 02 1c" }
        Value::YesNo(_) => { Value::YesNo(true) => "03 01" }
        Value::One(_) => { Value::One(ChoiceId(300)) => "04 ac 02" }
        Value::Several(_) => {
            Value::Several(vec![ChoiceId(1), ChoiceId(300)]) => "05 02 01 ac 02",
        }
        Value::Signature(_) => { Value::Signature("Ana".into()) => "06 03 'Ana'" }
    }
}
