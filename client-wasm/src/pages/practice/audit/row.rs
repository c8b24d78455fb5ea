//! One record in plain words.

use std::collections::HashMap;

use shared_proto::audit::{Action, AuditEntry, Group, Subject};
use shared_proto::id::PersonId;
use shared_proto::people::PersonCard;
use yew::{Html, Properties, component, html};

use crate::components::icon::{Icon, Shape};
use crate::dates::use_dates;
use crate::text::{Text, use_text};

/// A record, and those it names.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The record.
    pub entry: AuditEntry,
    /// Names of those it names, as far as they are known.
    pub names: Vec<(PersonId, String)>,
}

/// The names a record needs.
pub fn named(
    entry: &AuditEntry,
    people: &HashMap<PersonId, PersonCard>,
) -> Vec<(PersonId, String)> {
    let known = |id| people.get(&id).map(|card| (id, card.name.clone()));
    entry.people().filter_map(known).collect()
}

/// The row.
#[component]
pub fn Row(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let entry = &props.entry;
    let emergency = entry.action.group() == Group::Emergency;
    let conversation = match entry.subject {
        Subject::Conversation(id) => Some(id.to_string()),
        Subject::Nothing | Subject::Person(_) | Subject::Practice => None,
    };
    let class = if emergency { "audit-row audit-row-emergency" } else { "audit-row" };
    html! {
        <tr role="row" {class} data-testid="audit-row" data-action={entry.action.name()}
            data-sequence={entry.sequence.to_string()} data-emergency={emergency.to_string()}>
            <td role="cell" class="audit-cell-when">
                <time datetime={dates.machine(entry.at)} title={dates.to_the_second(entry.at)}>
                    {dates.moment(entry.at)}
                </time>
            </td>
            <td role="cell" class="audit-cell-who" dir="auto">{who(entry, &props.names, &text)}</td>
            <td role="cell" class="audit-cell-what">
                if emergency {
                    <strong class="audit-mark">
                        <Icon shape={Shape::Alert} />{text.say("audit-emergency")}
                    </strong>
                }
                <span>{what(entry, &props.names, &text)}</span>
            </td>
            <td role="cell" class="audit-cell-whom" dir="auto" title={conversation}>
                {whom(entry, &props.names, &text)}
            </td>
            <td role="cell" class="audit-cell-where">
                {entry.address.map(|address| address.to_string()).unwrap_or_default()}
            </td>
        </tr>
    }
}

fn name(id: PersonId, names: &[(PersonId, String)], text: &Text) -> String {
    let known = names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    known.unwrap_or_else(|| text.say_with("audit-gone", &[("id", short(&id.to_string()).into())]))
}

/// The end of an id: enough to see that two are the same.
fn short(id: &str) -> &str {
    &id[id.len().saturating_sub(8)..]
}

fn who(entry: &AuditEntry, names: &[(PersonId, String)], text: &Text) -> String {
    match (entry.actor, entry.action) {
        (Some(actor), _) => name(actor, names, text),
        (None, Action::SignInFailed | Action::ResetAsked) => text.say("audit-by-nobody"),
        (None, Action::Locked | Action::ServerStarted | Action::ServerStopped) => {
            text.say("audit-by-server")
        }
        (None, _) => text.say("audit-by-operator"),
    }
}

fn whom(entry: &AuditEntry, names: &[(PersonId, String)], text: &Text) -> String {
    match entry.subject {
        Subject::Person(person) => name(person, names, text),
        Subject::Conversation(id) => {
            text.say_with("audit-of-conversation", &[("id", short(&id.to_string()).into())])
        }
        // Of these it says nothing more than the action.
        Subject::Practice if entry.action.group() == Group::Server => String::new(),
        Subject::Practice => text.say("audit-of-practice"),
        Subject::Nothing => String::new(),
    }
}

fn what(entry: &AuditEntry, names: &[(PersonId, String)], text: &Text) -> String {
    let what = text.say(&format!("audit-action-{}", entry.action.name()));
    let Some(detail) = &entry.detail else { return what };
    if let Some(provider) = entry.second() {
        let name = name(provider, names, text);
        let arguments = [("what", what.into()), ("name", name.into())];
        return text.say_with("audit-detail-provider", &arguments);
    }
    if entry.action.group() == Group::Emergency {
        let arguments = [("what", what.into()), ("reason", detail.as_str().into())];
        return text.say_with("audit-detail-reason", &arguments);
    }
    let words: Vec<String> =
        detail.split(", ").map(|word| text.say(&format!("audit-word-{word}"))).collect();
    let arguments = [("what", what.into()), ("detail", words.join(", ").into())];
    text.say_with("audit-detail", &arguments)
}
