//! A form as a Questionnaire.

use serde_json::{Value, json};
use shared_proto::form::{Choice, Condition, Days, Form, Item, Kind, LinkId, Scale, Score, Test};
use shared_proto::id::FormId;
use shared_proto::limits;

use super::parts::{
    Element, coding, extension, item_control, number, numbered, signature_kind, text, url,
};
use super::{Link, Published};
use crate::admin::dates;

/// A form in one of its versions as an R4 Questionnaire. All versions share their `url`; each is a
/// resource with an `id` of its own.
#[must_use]
pub fn questionnaire(published: &Published) -> Value {
    let template = published.template;
    let form = &template.form;
    let mut resource = Element::default();
    resource.set("resourceType", "Questionnaire");
    resource.set("id", format!("{}-{}", template.id, template.version));
    resource.set("url", url(template.id));
    resource.set("version", template.version.to_string());
    resource.set_text("title", &form.title);
    resource.set("status", if published.retired { "retired" } else { "active" });
    resource.set("subjectType", vec!["Patient"]);
    resource.set("date", dates::show(published.at));
    resource.set_text("publisher", published.publisher);
    resource.set_text("description", &form.description);
    resource.set_list("item", Asked { id: template.id, form }.all());
    resource.into()
}

struct Asked<'a> {
    id: FormId,
    form: &'a Form,
}

impl Asked<'_> {
    fn all(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut rest = &self.form.items[..];
        while let Some((item, after)) = rest.split_first() {
            if item.kind != Kind::Section {
                all.push(self.item(item, Vec::new()));
                rest = after;
                continue;
            }
            let end = after.iter().position(|item| item.kind == Kind::Section);
            let (within, after) = after.split_at(end.unwrap_or(after.len()));
            all.push(self.item(item, within.iter().map(|item| self.item(item, vec![])).collect()));
            rest = after;
        }
        let scores = self.form.scores.iter().enumerate();
        all.extend(scores.map(|(place, score)| total(place, score)));
        all
    }

    /// An item with what is beneath it.
    fn item(&self, item: &Item, within: Vec<Value>) -> Value {
        let link = item.link;
        // Nothing may be beneath what is only displayed (que-1), and a group has something beneath.
        let is_display = item.kind == Kind::Note || item.kind == Kind::Section && within.is_empty();
        let mut element = Element::default();
        let (kind, extensions) = self.kind(item);
        element.set_list("extension", extensions);
        element.set("linkId", Link::Item(link).to_string());
        if is_display && !item.help.is_empty() {
            element.set_text("text", &format!("{}\n{}", item.label, item.help));
        } else {
            element.set_text("text", &item.label);
        }
        element.set("type", if is_display { "display" } else { kind });
        if let Some(condition) = &item.show_if {
            self.show_if(&mut element, condition);
        }
        if item.required {
            element.set("required", true);
        }
        match item.kind {
            Kind::Several(_) => element.set("repeats", true),
            Kind::Text => element.set("maxLength", limits::ANSWER_LINE_SCALARS),
            Kind::LongText => element.set("maxLength", limits::ANSWER_TEXT_SCALARS),
            Kind::Signature(_) => element.set("maxLength", *limits::NAME_SCALARS.end()),
            _ => {}
        }
        let choices = item.kind.choices().iter().map(|choice| self.option(choice));
        element.set_list("answerOption", choices.collect());
        if !is_display {
            let mut beneath = beneath(item);
            beneath.extend(within);
            element.set_list("item", beneath);
        }
        element.into()
    }

    /// The type of an item, and the extensions that say more of it.
    fn kind(&self, item: &Item) -> (&'static str, Vec<Value>) {
        let bound = |name, value| extension(name, &numbered("value", item), number(value));
        match &item.kind {
            Kind::Section => ("group", vec![]),
            Kind::Note => ("display", vec![]),
            Kind::Text => ("string", vec![]),
            Kind::LongText => ("text", vec![]),
            Kind::YesNo => ("boolean", vec![]),
            Kind::One(_) | Kind::Several(_) => ("choice", vec![]),
            Kind::Number(of) => {
                let mut extensions = Vec::new();
                extensions.extend(of.least.map(|least| bound("minValue", least)));
                extensions.extend(of.most.map(|most| bound("maxValue", most)));
                if !of.unit.is_empty() {
                    let unit = json!({ "display": text(&of.unit) });
                    extensions.push(extension("questionnaire-unit", "valueCoding", unit));
                }
                if of.decimals == 0 {
                    return ("integer", extensions);
                }
                let decimals = of.decimals.into();
                extensions.push(extension("maxDecimalPlaces", "valueInteger", decimals));
                ("decimal", extensions)
            }
            Kind::Date(days) => ("date", day_bounds(days)),
            Kind::Scale(scale) => ("integer", slider(scale)),
            Kind::Signature(_) => {
                let kind = json!({ "coding": [signature_kind()] });
                let name = "questionnaire-signatureRequired";
                ("string", vec![extension(name, "valueCodeableConcept", kind)])
            }
        }
    }

    fn option(&self, choice: &Choice) -> Value {
        let mut extensions = Vec::new();
        if let Some(points) = choice.points {
            extensions.push(extension("ordinalValue", "valueDecimal", points.into()));
        }
        if choice.alone {
            let name = "questionnaire-optionExclusive";
            extensions.push(extension(name, "valueBoolean", true.into()));
        }
        let mut option = Element::default();
        option.set_list("extension", extensions);
        option.set("valueCoding", coding(self.id, choice));
        option.into()
    }

    /// One of several choices is a condition for each of them, of which any will do.
    fn show_if(&self, element: &mut Element, condition: &Condition) {
        let Some(asked) = self.form.item(condition.item) else { return };
        let when = |operator: &str, answer: String, value: Value| {
            let mut when = Element::default();
            when.set("question", Link::Item(asked.link).to_string());
            when.set("operator", operator);
            when.set(answer, value);
            Value::from(when)
        };
        let compared =
            |operator, value| vec![when(operator, numbered("answer", asked), number(value))];
        let when = match &condition.test {
            Test::Answered => vec![when("exists", "answerBoolean".to_owned(), true.into())],
            Test::Is(said) => vec![when("=", "answerBoolean".to_owned(), (*said).into())],
            Test::Equals(value) => compared("=", *value),
            Test::AtLeast(least) => compared(">=", *least),
            Test::AtMost(most) => compared("<=", *most),
            Test::OneOf(wanted) => {
                let choices = asked.kind.choices().iter();
                let wanted = choices.filter(|choice| wanted.contains(&choice.id));
                let coded = |choice| when("=", "answerCoding".to_owned(), coding(self.id, choice));
                wanted.map(coded).collect()
            }
        };
        if when.len() > 1 {
            element.set("enableBehavior", "any");
        }
        element.set_list("enableWhen", when);
    }
}

/// What is displayed beneath an item: what is signed, the ends of a scale, the help.
fn beneath(item: &Item) -> Vec<Value> {
    let mut beneath = Vec::new();
    let mut show = |link: fn(LinkId) -> Link, label: &str, control: Option<&str>| {
        if label.is_empty() {
            return;
        }
        let mut element = Element::default();
        element.set_list("extension", control.map(item_control).into_iter().collect());
        element.set("linkId", link(item.link).to_string());
        element.set_text("text", label);
        element.set("type", "display");
        beneath.push(element.into());
    };
    match &item.kind {
        Kind::Signature(statement) => show(Link::Statement, statement, None),
        Kind::Scale(scale) => {
            show(Link::Low, &scale.from_label, Some("lower"));
            show(Link::High, &scale.to_label, Some("upper"));
        }
        _ => {}
    }
    show(Link::Help, &item.help, Some("help"));
    beneath
}

fn day_bounds(days: &Days) -> Vec<Value> {
    let bound =
        |name, day: shared_proto::date::Date| extension(name, "valueDate", day.to_string().into());
    let earliest = days.earliest.map(|day| bound("minValue", day));
    earliest.into_iter().chain(days.latest.map(|day| bound("maxValue", day))).collect()
}

fn slider(scale: &Scale) -> Vec<Value> {
    vec![
        item_control("slider"),
        extension("minValue", "valueInteger", scale.from.into()),
        extension("maxValue", "valueInteger", scale.to.into()),
        extension("questionnaire-sliderStepValue", "valueInteger", 1.into()),
    ]
}

/// A score: nobody answers it, and the band it is in stands beneath.
fn total(place: usize, score: &Score) -> Value {
    let mut element = Element::default();
    element.set("linkId", Link::Total(place).to_string());
    element.set_text("text", &score.label);
    element.set("type", "integer");
    element.set("readOnly", true);
    if !score.bands.is_empty() {
        let mut band = Element::default();
        band.set("linkId", Link::Band(place).to_string());
        band.set_text("text", &score.label);
        band.set("type", "string");
        band.set("readOnly", true);
        element.set("item", vec![Value::from(band)]);
    }
    element.into()
}
