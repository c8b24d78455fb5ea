//! Answers as a QuestionnaireResponse.

use serde_json::{Value, json};
use shared_proto::form::answers::{Answers, Value as Answer};
use shared_proto::form::fill::shown;
use shared_proto::form::score::totals;
use shared_proto::form::{ChoiceId, Item, Kind};

use super::parts::{
    Element, canonical, coding, extension, is_whole, number, numbered, reference, signature_kind,
    text,
};
use super::{Filled, Link};
use crate::admin::dates;

/// Answers as an R4 QuestionnaireResponse: those to items that are shown, within the groups of
/// their Questionnaire, and the totals where there are any.
#[must_use]
pub fn questionnaire_response(filled: &Filled) -> Value {
    let form = &filled.template.form;
    // First, so that an item is not shown by an answer that is not there.
    let mut answers = filled.answers.clone();
    for item in &form.items {
        if is_no_integer(item, &answers) {
            answers.clear(item.link);
        }
    }
    let filled = &Filled { answers: &answers, ..*filled };
    let mut items: Vec<Value> = Vec::new();
    let mut group: Option<(&Item, Vec<Value>)> = None;
    for (item, shown) in form.items.iter().zip(shown(form, filled.answers)) {
        if item.kind == Kind::Section {
            close(&mut items, group.replace((item, Vec::new())));
            continue;
        }
        let Some(answered) = shown.then(|| answered(filled, item)).flatten() else { continue };
        match &mut group {
            Some((_, within)) => within.push(answered),
            None => items.push(answered),
        }
    }
    close(&mut items, group);
    items.extend(scored(filled));

    let mut resource = Element::default();
    resource.set("resourceType", "QuestionnaireResponse");
    resource.set("id", filled.id);
    resource.set("questionnaire", canonical(filled.template));
    resource.set("status", if filled.submitted { "completed" } else { "in-progress" });
    resource.set("subject", reference(filled.subject));
    resource.set("authored", dates::show(filled.at));
    resource.set("author", reference(filled.author));
    resource.set("source", reference(filled.author));
    resource.set_list("item", items);
    resource.into()
}

/// Whether an answer has a fraction where whole numbers are asked for: typed, and not submitted yet.
fn is_no_integer(item: &Item, answers: &Answers) -> bool {
    let answer = answers.get(item.link);
    is_whole(item) && matches!(answer, Some(Answer::Number(said)) if said.decimals() > 0)
}

/// Puts a group with what was answered in it among the others; none when that is nothing.
fn close(items: &mut Vec<Value>, group: Option<(&Item, Vec<Value>)>) {
    if let Some((section, within)) = group.filter(|(_, within)| !within.is_empty()) {
        let mut element = named(section);
        element.set("item", within);
        items.push(element.into());
    }
}

/// The link id and the text of an item.
fn named(item: &Item) -> Element {
    let mut element = Element::default();
    element.set("linkId", Link::Item(item.link).to_string());
    element.set_text("text", &item.label);
    element
}

/// An item with its answer; `None` when it has none.
fn answered(filled: &Filled, item: &Item) -> Option<Value> {
    let answer = filled.answers.get(item.link)?;
    let chosen = |ids: &[ChoiceId]| -> Vec<Value> {
        let choices = item.kind.choices().iter().filter(|choice| ids.contains(&choice.id));
        choices.map(|choice| json!({ "valueCoding": coding(filled.template.id, choice) })).collect()
    };
    let answers = match (&item.kind, answer) {
        (Kind::Text | Kind::LongText, Answer::Text(said))
        | (Kind::Signature(_), Answer::Signature(said)) => {
            vec![json!({ "valueString": text(said) })]
        }
        (Kind::Number(_) | Kind::Scale(_), Answer::Number(said)) => {
            let mut value = Element::default();
            value.set(numbered("value", item), number(*said));
            vec![value.into()]
        }
        (Kind::Date(_), Answer::Date(said)) => vec![json!({ "valueDate": said.to_string() })],
        (Kind::YesNo, Answer::YesNo(said)) => vec![json!({ "valueBoolean": said })],
        (Kind::One(_), Answer::One(said)) => chosen(&[*said]),
        (Kind::Several(_), Answer::Several(said)) => chosen(said),
        // Nothing that was ever kept: [`shared_proto::form::fill::may_save`].
        _ => return None,
    };
    if answers.is_empty() {
        return None;
    }
    let mut element = named(item);
    if filled.submitted && matches!(item.kind, Kind::Signature(_)) {
        element.set("extension", vec![signature(filled)]);
    }
    element.set("answer", answers);
    Some(element.into())
}

/// That the author signed, by submitting under the name they typed.
fn signature(filled: &Filled) -> Value {
    let signature = json!({
        "type": [signature_kind()],
        "when": dates::show(filled.at),
        "who": reference(filled.author),
    });
    extension("questionnaireresponse-signature", "valueSignature", signature)
}

/// The totals there are, each with its band.
fn scored(filled: &Filled) -> Vec<Value> {
    let form = &filled.template.form;
    let mut items = Vec::new();
    for (place, total) in totals(form, filled.answers).into_iter().enumerate() {
        let Some(total) = total else { continue };
        let label = text(&form.scores[place].label);
        let mut answer = Element::default();
        answer.set("valueInteger", total.points);
        if let Some(band) = total.band {
            let band = json!({
                "linkId": Link::Band(place).to_string(),
                "text": label,
                "answer": [{ "valueString": text(&band.label) }],
            });
            answer.set("item", vec![band]);
        }
        items.push(json!({
            "linkId": Link::Total(place).to_string(),
            "text": label,
            "answer": [Value::from(answer)],
        }));
    }
    items
}
