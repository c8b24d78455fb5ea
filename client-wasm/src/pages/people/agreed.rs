//! What somebody agreed to, as they told the practice or said themselves; since when, and how.

use shared_proto::chart::Consents;
use shared_proto::notice::{Agreed as Since, Agreements, How};
use shared_proto::people::{PersonChange, PersonRow};
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state};

use super::contact::saved;
use super::saving::use_saving;
use crate::components::check::Check;
use crate::dates::{Dates, use_dates};
use crate::text::{Text, use_text};

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whose.
    pub row: PersonRow,
    /// What.
    pub consents: Consents,
    /// Since when, and how.
    pub agreed: Agreements,
}

/// The form.
#[component]
pub fn Agreed(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let saving = use_saving(props.row.card.id);
    let ticked = use_state(|| None::<Consents>);
    {
        // Once it is kept, or the client has said something else meanwhile.
        let ticked = ticked.setter();
        use_effect_with(props.consents, move |_| ticked.set(None));
    }
    let shown = ticked.unwrap_or(props.consents);
    let onsubmit = {
        let saving = saving.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            saving.save(Ok(()), PersonChange::Consents(shown), || {});
        })
    };
    let switch = |set: fn(&mut Consents, bool)| {
        let ticked = ticked.setter();
        Callback::from(move |on: bool| {
            let mut next = shown;
            set(&mut next, on);
            ticked.set(Some(next));
        })
    };
    let row = &props.row;
    let reached = |known: &str, missing: String| {
        Some(if known.is_empty() { missing } else { known.to_owned() })
    };
    let (now, agreed) = (props.consents, &props.agreed);
    html! {
        <form class="group" novalidate=true {onsubmit} aria-labelledby="consents-title"
            data-testid="consents">
            <h2 id="consents-title">{text.say("chart-consents")}</h2>
            <p class="group-lead">{text.say_with("chart-consents-lead",
                &[("name", row.card.name.as_str().into())])}</p>
            <p class="notice" data-testid="consents-recorded">{text.say("chart-consents-recorded")}</p>
            <div class="agreed">
                <Check name="consent-email" label={text.say("consent-email")} on={shown.email}
                    help={reached(&row.email, text.say("consent-no-email"))}
                    on_switch={switch(|consents, on| consents.email = on)} />
                {since("consent-email-since", now.email, agreed.email.as_ref(), &text, &dates)}
            </div>
            <div class="agreed">
                <Check name="consent-sms" label={text.say("consent-sms")} on={shown.sms}
                    help={reached(&row.phone, text.say("consent-no-phone"))}
                    on_switch={switch(|consents, on| consents.sms = on)} />
                {since("consent-sms-since", now.sms, agreed.sms.as_ref(), &text, &dates)}
            </div>
            {saved(&saving, &(shown != props.consents), "save-consents", &text)}
        </form>
    }
}

/// How it came, as messages and tests name it. What a provider wrote down says who, where that is
/// still known.
const fn how_name(since: &Since) -> &'static str {
    match (since.how, &since.by) {
        (How::Themselves, _) => "themselves",
        (How::Practice, Some(_)) => "practice",
        (How::Practice, None) => "practice-unnamed",
        (How::Link, _) => "link",
        (How::Reply, _) => "reply",
    }
}

/// Since when it is as it is kept, and how that came; of a channel nobody said anything of, that.
fn since(name: &'static str, on: bool, since: Option<&Since>, text: &Text, dates: &Dates) -> Html {
    let Some(since) = since else {
        return html! {
            <p class="agreed-since" data-testid={name} data-how="never">
                if !on { {text.say("chart-agreed-never")} }
            </p>
        };
    };
    let how = how_name(since);
    let by = since.by.as_ref().map(|by| by.name.as_str()).unwrap_or_default();
    let arguments =
        [("day", dates.date(since.at).into()), ("how", how.into()), ("name", by.into())];
    let words = text.say_with(if on { "chart-agreed" } else { "chart-withdrawn" }, &arguments);
    html! {
        <p class="agreed-since" data-testid={name} data-how={how} data-on={on.to_string()}>
            <time datetime={dates.machine(since.at)} title={dates.full(since.at)}>{words}</time>
        </p>
    }
}
