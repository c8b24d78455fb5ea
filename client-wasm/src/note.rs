//! What happened in a conversation besides messages, in words: one arm an entry kind. The list and
//! the inbox say the same.

use shared_proto::conversation::event::{Event, Part};
use shared_proto::id::PersonId;
use shared_proto::time::Millis;

use crate::dates::Dates;
use crate::state::Conversation;
use crate::text::Text;

/// The end of the message that names it.
const fn part_name(part: Part) -> &'static str {
    match part {
        Part::Name => "name",
        Part::Phone => "phone",
        Part::Email => "email",
        Part::Detail(field) => field.name(),
    }
}

/// What `event` says to `me`; empty for what is drawn otherwise.
#[must_use]
pub fn words(
    event: &Event,
    author: PersonId,
    conversation: &Conversation,
    me: PersonId,
    text: &Text,
    dates: &Dates,
) -> String {
    let name = |person: PersonId| {
        if person == me {
            return text.say("note-you");
        }
        let card = conversation.person(person);
        card.map_or_else(|| text.say("note-somebody"), |card| card.name.clone())
    };
    // Who did it, and whether that was the reader: languages say it in another form.
    let say = |id: &str, more: (&str, String)| {
        let own = if author == me { "yes" } else { "no" };
        let (key, value) = more;
        text.say_with(
            id,
            &[("own", own.into()), ("name", name(author).into()), (key, value.into())],
        )
    };
    let none = || ("none", String::new());
    let at = |at: Millis| dates.full(at);
    match event {
        Event::Created(_) | Event::Begun(_) => say("note-begun", none()),
        Event::Emergency(body) => text.say_with(
            "thread-emergency",
            &[
                ("name", body.name.as_str().into()),
                ("until", at(body.until).into()),
                ("reason", body.reason.as_str().into()),
            ],
        ),
        Event::Announced(body) if body.text.is_empty() => say("note-announced-none", none()),
        Event::Announced(body) => say("note-announced", ("text", body.text.clone())),
        Event::Rescheduled(body) => match body.starts_at {
            Some(start) => say("note-rescheduled", ("when", at(start))),
            None => say("note-rescheduled-now", none()),
        },
        Event::Cancelled => say("note-cancelled", none()),
        Event::Completed => say("note-completed", none()),
        Event::Added(body) => say("note-added", ("who", name(body.person))),
        Event::Left(body) if body.person == author => say("note-left", none()),
        Event::Left(body) => say("note-removed", ("who", name(body.person))),
        Event::Assigned(body) => text.say_with(
            "note-assigned",
            &[
                ("own", if author == me { "yes" } else { "no" }.into()),
                ("name", name(author).into()),
                ("who", name(body.to).into()),
                ("title", body.title.as_str().into()),
            ],
        ),
        Event::Submitted(body) => say("note-submitted", ("title", body.title.clone())),
        Event::Shared(body) => say("note-file", ("file", body.name.clone())),
        Event::Activity(body) => {
            let parts =
                body.parts.iter().map(|part| text.say(&format!("part-{}", part_name(*part))));
            say("note-activity", ("parts", parts.collect::<Vec<_>>().join(", ")))
        }
        Event::Away(body) => {
            let said = say("note-away", ("text", body.text.clone()));
            let by = body.by.map(|by| {
                let when = dates.soon(by);
                let name = name(author);
                text.say_with("promise-by", &[("name", name.into()), ("when", when.into())])
            });
            by.map_or_else(|| said.clone(), |by| format!("{said} {by}"))
        }
        Event::Message(_)
        | Event::Quoting(_)
        | Event::Withdrawn(_)
        | Event::Redacted(_)
        | Event::RedactedQuoting(_) => String::new(),
    }
}
