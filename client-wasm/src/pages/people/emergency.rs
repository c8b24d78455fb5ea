//! Emergency access: an owner finds and opens, with a reason, what they are no member of.

use shared_proto::id::ConversationId;
use shared_proto::office::{Ask, EmergencyRow, Told};
use shared_proto::people::{self as names, PersonCard};
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_state,
};
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::components::confirm::Confirm;
use crate::components::field::Field;
use crate::components::sheet::Sheet;
use crate::dates::use_dates;
use crate::hooks::desk::use_desk;
use crate::route::Route;
use crate::text::use_text;

/// Whose conversations.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whose.
    pub client: PersonCard,
}

/// The page.
#[component]
pub fn Emergency(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let navigator = use_navigator();
    let reason = use_state(String::new);
    let refused = use_state(|| None::<Refusal>);
    let busy = use_state(|| false);
    let found = use_state(|| None::<Vec<EmergencyRow>>);
    let asked = use_state(|| None::<ConversationId>);
    let client = props.client.id;
    let onsubmit = {
        let (desk, reason, refused, busy, found) =
            (desk.clone(), reason.clone(), refused.clone(), busy.clone(), found.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = names::reason(&reason) {
                refused.set(Some(refusal));
                return;
            }
            busy.set(true);
            refused.set(None);
            let answer = desk.ask(Ask::EmergencyList { client, reason: (*reason).clone() });
            let (refused, busy, found) = (refused.setter(), busy.setter(), found.clone());
            spawn_local(async move {
                match answer.await {
                    Ok(Reply::Office(Told::Emergency(rows))) => found.set(Some(rows)),
                    Ok(_) => {}
                    Err(refusal) => refused.set(Some(refusal)),
                }
                busy.set(false);
            });
        })
    };
    let on_answer = {
        let (desk, reason, refused, asked) =
            (desk.clone(), reason.clone(), refused.setter(), asked.clone());
        Callback::from(move |yes: bool| {
            let conversation = (*asked).filter(|_| yes);
            asked.set(None);
            let Some(conversation) = conversation else { return };
            if let Err(refusal) = names::reason(&reason) {
                refused.set(Some(refusal));
                return;
            }
            let open = Ask::EmergencyOpen { conversation, reason: (*reason).clone() };
            let (answer, refused, navigator) = (desk.ask(open), refused.clone(), navigator.clone());
            spawn_local(async move {
                match (answer.await, navigator) {
                    (Ok(_), Some(navigator)) => {
                        navigator.push(&Route::Conversation { id: conversation });
                    }
                    (Ok(_), None) => {}
                    (Err(refusal), _) => refused.set(Some(refusal)),
                }
            });
        })
    };
    // What is wrong takes the focus, once it is drawn.
    use_effect_with(*refused, |refused| {
        if refused.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let of_reason =
        |refusal: &Refusal| matches!(refusal, Refusal::Invalid { field: Input::Reason, .. });
    let general = refused.filter(|refusal| !of_reason(refusal));
    let name = [("name", props.client.name.as_str().into())];
    html! {
        <Sheet name="emergency-page" title={text.say("emergency-short")}
            back={Route::Chart { id: client }}>
            <form class="group" novalidate=true {onsubmit} aria-labelledby="emergency-title"
                data-testid="emergency-form">
                <h2 id="emergency-title">{text.say_with("emergency-title", &name)}</h2>
                <p class="group-lead">{text.say("emergency-lead")}</p>
                <ul class="emergency-rules">
                    <li>{text.say("emergency-rule-told")}</li>
                    <li>{text.say("emergency-rule-hour")}</li>
                    <li>{text.say("emergency-rule-recorded")}</li>
                </ul>
                <Field name="reason" label={text.say("emergency-reason")}
                    help={text.say("emergency-reason-help")} autocomplete="off"
                    value={(*reason).clone()}
                    on_input={Callback::from({
                        let reason = reason.clone();
                        move |typed| reason.set(typed)
                    })}
                    refusal={refused.filter(of_reason)} />
                <div role="alert">
                    if let Some(refusal) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                            {text.refusal(&refusal)}
                        </p>
                    }
                </div>
                <div class="group-actions">
                    <button type="submit" class="button button-primary"
                        data-testid="emergency-list" aria-disabled={busy.to_string()}>
                        {text.say("emergency-show")}
                    </button>
                </div>
            </form>
            <div role="status">
                if let Some(rows) = &*found {
                    <section class="group" aria-labelledby="emergency-found">
                        <h2 id="emergency-found">{text.say("emergency-found")}</h2>
                        if rows.is_empty() {
                            <p data-testid="emergency-none">{text.say("emergency-none")}</p>
                        }
                        <ul class="emergency-rows">
                            { for rows.iter().map(|row| {
                                let id = row.conversation;
                                let ask = {
                                    let asked = asked.clone();
                                    Callback::from(move |_: MouseEvent| asked.set(Some(id)))
                                };
                                let members = text.list(&row.members);
                                html! {
                                    <li key={id.to_string()} class="emergency-row"
                                        data-testid="emergency-row"
                                        data-conversation={id.to_string()}>
                                        <div>
                                            <p class="emergency-members" dir="auto">{&members}</p>
                                            <p class="field-help">{text.say_with("emergency-times",
                                                &[("began", dates.full(row.created_at).into()),
                                                ("last", dates.full(row.last_at).into())])}</p>
                                        </div>
                                        <button type="button" class="button" onclick={ask}
                                            data-testid="emergency-open"
                                            aria-label={text.say_with("emergency-open-named",
                                                &[("names", members.as_str().into())])}>
                                            {text.say("emergency-open")}
                                        </button>
                                    </li>
                                }
                            }) }
                        </ul>
                    </section>
                }
            </div>
            if asked.is_some() {
                <Confirm name="emergency" title={text.say("emergency-ask")}
                    help={text.say("emergency-ask-help")} yes={text.say("emergency-open")}
                    {on_answer} />
            }
        </Sheet>
    }
}
