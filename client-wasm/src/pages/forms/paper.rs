//! A form that was assigned in a conversation: filled in by whom it was assigned to, kept as they
//! type, submitted once; read by them and the host from then on.

use std::rc::Rc;

use shared_proto::codec;
use shared_proto::conversation::decide::may_fill;
use shared_proto::conversation::event::Event;
use shared_proto::form::answers::Answers;
use shared_proto::form::ask::{Ask, Assigned, Told};
use shared_proto::form::version::Template;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, Request};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};

use super::answered::Answered;
use super::fill::Fill;
use super::full::Full;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::dates::use_dates;
use crate::hooks::asking::use_asking;
use crate::pages::tools;
use crate::state::{Content, Conversation};
use crate::text::{Text, use_text};

/// Which form.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Where.
    pub of: tools::Props,
    /// The entry that assigned it.
    pub entry: EntryId,
}

/// What the server has of it.
#[derive(Clone, PartialEq)]
pub struct Known {
    /// The form, in its version.
    pub template: Rc<Template>,
    /// The answers, as they are kept.
    pub answers: Answers,
    /// The rest.
    pub assigned: Rc<Assigned>,
}

impl Known {
    /// `None` for what no server of this build sends.
    fn of(assigned: Assigned) -> Option<Self> {
        let template = Rc::new(codec::decode(&assigned.template).ok()?);
        let answers = match assigned.answers.as_slice() {
            [] => Answers::default(),
            bytes => codec::decode(bytes).ok()?,
        };
        Some(Self { template, answers, assigned: Rc::new(assigned) })
    }
}

/// The form, in a dialog.
#[component]
pub fn Paper(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let known = use_state(|| None::<Known>);
    let (conversation, entry) = (props.of.conversation.id, props.entry);
    let load = {
        let (asking, known) = (asking.clone(), known.clone());
        Callback::from(move |()| {
            let known = known.clone();
            let request = Request::Form(Ask::Open { conversation, entry });
            asking.ask(request, move |reply| {
                if let Reply::Form(Told::Assigned(assigned)) = reply {
                    known.set(Known::of(*assigned));
                }
            });
        })
    };
    let handed = is_submitted(&props.of.conversation, entry);
    {
        let load = load.clone();
        // Anew when the line is back: what another device kept meanwhile was missed.
        use_effect_with((props.of.live, handed), move |(live, _)| {
            if *live {
                load.emit(());
            }
        });
    }
    let title = title_of(&props.of.conversation, entry);
    let title = known.as_ref().map(|known| known.template.form.title.clone()).or(title);
    let title = title.unwrap_or_else(|| text.say("fill-title"));
    let close = props.of.close();
    if let Some(known) = known.as_ref().filter(|known| {
        known.assigned.submitted.is_none() && known.assigned.to == props.of.me && is_open(props)
    }) {
        let on_submitted = load.clone();
        return html! {
            <Fill of={props.of.clone()} {entry} {title} known={known.clone()} {on_submitted} />
        };
    }
    // No dialog that another takes the place of: the focus stays where it was, and goes back there.
    if known.is_none() && asking.refused().is_none() {
        return html! {
            <div class="tool-loading">
                <div class="starting" role="status">
                    <Icon shape={Shape::Sign} />
                    <span class="visually-hidden">{text.say("fill-loading")}</span>
                </div>
            </div>
        };
    }
    let print = Callback::from(|_: MouseEvent| browser::print());
    let readable = known
        .as_ref()
        .filter(|known| known.assigned.submitted.is_some() || known.assigned.to == props.of.me);
    let beside = html! {
        if readable.is_some() {
            <button type="button" class="button button-small paper-print" data-testid="paper-print"
                onclick={print}>{text.say("answers-print")}</button>
        }
    };
    html! {
        <Full {title} name="paper" reads=true on_close={close} {beside}>
            if let Some(known) = &*known {
                {read(known, props, &text)}
            } else if let Some(refusal) = asking.refused() {
                <Refused {refusal} again={load.reform(|_: MouseEvent| ())} />
            }
        </Full>
    }
}

/// Whether it can still be filled in: not once the conversation has ended.
fn is_open(props: &Props) -> bool {
    let (fold, me) = (&props.of.conversation.fold, props.of.me);
    may_fill(fold, me, me, false, props.of.now()).is_ok()
}

fn read(known: &Known, props: &Props, text: &Text) -> Html {
    let own = known.assigned.to == props.of.me;
    let name = name(&props.of.conversation, known.assigned.to, text);
    let form = Rc::new(known.template.form.clone());
    let answers = known.answers.clone();
    match (&known.assigned.submitted, own) {
        (Some(handed), _) => html! {
            <>
                <Head who={name} {own} at={handed.at} version={known.template.version} />
                <Answered {form} {answers} />
            </>
        },
        (None, true) => html! {
            <>
                <p class="notice" data-testid="paper-ended">{text.say("fill-ended")}</p>
                <Answered {form} {answers} />
            </>
        },
        (None, false) => html! {
            <p class="notice" data-testid="paper-waiting">
                {text.say_with("answers-waiting", &[("name", name.into())])}
            </p>
        },
    }
}

#[derive(PartialEq, Properties)]
struct HeadProps {
    who: String,
    own: bool,
    at: Millis,
    version: u32,
}

/// Who submitted it, and when.
#[component]
fn Head(props: &HeadProps) -> Html {
    let (text, dates) = (use_text(), use_dates());
    let arguments = [
        ("own", if props.own { "yes" } else { "no" }.into()),
        ("name", props.who.as_str().into()),
        ("when", dates.full(props.at).into()),
        ("version", props.version.into()),
    ];
    html! {
        <p class="paper-lead" data-testid="paper-submitted">
            {text.say_with("answers-submitted", &arguments)}
        </p>
    }
}

fn name(conversation: &Conversation, person: PersonId, text: &Text) -> String {
    let card = conversation.person(person);
    card.map_or_else(|| text.say("note-somebody"), |card| card.name.clone())
}

/// Whether the thread says that it was submitted.
fn is_submitted(conversation: &Conversation, entry: EntryId) -> bool {
    let lines = conversation.thread.as_ref().map_or(&[][..], |thread| &thread.lines);
    lines.iter().any(|line| match &line.content {
        Content::Note(event) => {
            matches!(&**event, Event::Submitted(body) if body.assigned == entry)
        }
        _ => false,
    })
}

/// What the thread says it is called, before it is here.
fn title_of(conversation: &Conversation, entry: EntryId) -> Option<String> {
    let lines = &conversation.thread.as_ref()?.lines;
    let line = &lines[lines.binary_search_by(|line| line.entry.cmp(&entry)).ok()?];
    match &line.content {
        Content::Note(event) => match &**event {
            Event::Assigned(body) => Some(body.title.clone()),
            _ => None,
        },
        _ => None,
    }
}
