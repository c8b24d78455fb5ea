//! Forms, answers to them, and what is asked and told about both.

use shared_proto::codec;
use shared_proto::date::Date;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask as form;
use shared_proto::form::check::{FormProblem, FormRule, Part};
use shared_proto::form::fill::{AnswerProblem, AnswerRule};
use shared_proto::form::version::Template;
use shared_proto::form::{
    Alert, Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score,
    Test,
};
use shared_proto::id::FormId;
use shared_proto::time::Millis;

use crate::values::{card, entry_id, message_id, person, room};

/// A form with each kind that holds a sequence or a text, and answers to it.
pub fn forms() -> Vec<Vec<u8>> {
    let mut form = Form::named("Intake");
    let choices = |form: &mut Form| -> Vec<Choice> {
        let choice = |form: &mut Form| Choice {
            id: form.new_choice(),
            label: "Often".into(),
            points: Some(1),
            alone: false,
        };
        (0..3).map(|_| choice(form)).collect()
    };
    let scale = Scale { from: 0, to: 9, from_label: "low".into(), to_label: "high".into() };
    let kinds = [
        Kind::Number(Number { unit: "kg".into(), ..Number::default() }),
        Kind::Date(Days { earliest: Date::new(2026, 1, 2), latest: None }),
        Kind::One(choices(&mut form)),
        Kind::Several(choices(&mut form)),
        Kind::Scale(scale),
        Kind::Signature("True".into()),
    ];
    let mut answers = Answers::default();
    for kind in kinds {
        let chosen: Vec<ChoiceId> = kind.choices().iter().map(|choice| choice.id).collect();
        let link = form.new_link();
        let test = Test::OneOf(chosen.clone());
        let show_if = Some(Condition { item: link, test: test.clone() });
        let alert = Some(Alert { test, label: "Ask".into() });
        let (label, help) = (String::from("Why"), String::from("Because"));
        form.items.push(Item { link, label, help, required: true, show_if, alert, kind });
        answers.set(link, Value::Several(chosen));
        answers.set(form.new_link(), Value::Text("hello".into()));
    }
    let band = Band { from: 1, label: "Low".into() };
    let items = form.items.iter().map(|item| item.link).collect();
    form.scores = vec![Score { label: "Sum".into(), items, bands: vec![band; 3] }; 2];
    let template = Template { id: FormId::from_bytes([7; 16]), version: 1, form: form.clone() };
    vec![codec::encode(&form), codec::encode(&template), codec::encode(&answers)]
}

pub fn about_forms() -> Vec<form::Ask> {
    let (conversation, entry) = (room(), entry_id());
    let (client_id, form) = (message_id(), Some(FormId::from_bytes([7; 16])));
    vec![
        form::Ask::Save { client_id, form, version: 1, body: vec![7; 30] },
        form::Ask::Keep { conversation, entry, answers: vec![7; 30] },
        form::Ask::Submit {
            conversation,
            entry,
            client_message_id: client_id,
            answers: vec![7; 30],
        },
    ]
}

pub fn told_of_forms() -> Vec<form::Told> {
    let (id, title, at) = (FormId::from_bytes([7; 16]), String::from("Before we meet"), Millis(1));
    let changed = Some(form::ChangedBy { person: person(), at });
    let listing = form::Listing {
        id,
        version: 1,
        title: title.clone(),
        questions: 3,
        source: form::Source::Library(form::Known::Phq9),
        changed,
        retired: false,
    };
    let submitted = Some(form::Handed { entry: entry_id(), at });
    let assignment = form::Assignment {
        entry: entry_id(),
        form: id,
        version: 1,
        title,
        to: person(),
        at,
        submitted,
        alerts: true,
    };
    let assigned = form::Assigned {
        template: vec![7; 30],
        answers: vec![7; 30],
        to: person(),
        submitted,
        saved_at: Some(at),
    };
    let (item, part, rule) = (Some(LinkId(1)), Part::Whole, FormRule::Empty);
    let problem = FormProblem { item, part, rule };
    let answer_problem = AnswerProblem { item, rule: AnswerRule::Missing };
    vec![
        form::Told::Forms { forms: vec![listing.clone(); 3], people: vec![card(); 3], more: true },
        form::Told::Listing(Box::new(listing)),
        form::Told::Template(vec![7; 30]),
        form::Told::Problems(vec![problem; 3]),
        form::Told::Assigned(Box::new(assigned)),
        form::Told::AnswerProblems(vec![answer_problem; 3]),
        form::Told::Assignments { assignments: vec![assignment; 3], more: true },
    ]
}
