//! How one is told that something waits, while one is not there: the ways, each with what it means
//! and what stops it; quiet hours, a reminder, a sound. What is switched and chosen is one form;
//! what its other buttons do happens at once, and says so.

use std::rc::Rc;

use shared_proto::account::{Account, AccountChange};
use shared_proto::chart::Consents;
use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::notice::rule::Why;
use shared_proto::notice::{self, Channel};
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, component, hook, html, use_callback, use_effect_with,
    use_state,
};

mod mobile;
mod this_browser;
mod way;
mod wishes;
mod wishes_inputs;

use super::saving::{Form, Part, use_saving_of};
use crate::components::check::Check;
use crate::components::refused::Refused;
use crate::hooks::desk::use_desk;
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;
use mobile::ConfirmMobile;
use this_browser::BrowserWay;
use way::Way;
use wishes::Typed;
use wishes_inputs::WishesInputs;

/// How it stands with one's notices, as far as it is known.
#[derive(Clone, PartialEq)]
pub struct Known {
    /// As the server has it.
    pub standing: Option<Rc<Standing>>,
    /// Why it is not known.
    pub refused: Option<Refusal>,
    /// Asks anew.
    pub load: Callback<()>,
    /// It is this now.
    pub on_standing: Callback<Standing>,
}

/// Asked when it is first shown, and whenever `load` is called.
#[hook]
pub fn use_standing() -> Known {
    let desk = use_desk();
    let dispatch = use_dispatch();
    let standing = use_state(|| None::<Rc<Standing>>);
    let refused = use_state(|| None::<Refusal>);
    let on_standing = {
        let (standing, refused) = (standing.setter(), refused.setter());
        use_callback(dispatch, move |now: Standing, dispatch| {
            dispatch.send(Action::Sound(now.wishes.sound));
            standing.set(Some(Rc::new(now)));
            refused.set(None);
        })
    };
    let load = {
        let (on_standing, refused) = (on_standing.clone(), refused.setter());
        use_callback(desk, move |(), desk| {
            let (on_standing, refused) = (on_standing.clone(), refused.clone());
            let answer = desk.ask(Ask::Notices(NoticeAsk::Standing));
            spawn_local(async move {
                match answer.await {
                    Ok(reply) => take(reply, &on_standing),
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    use_effect_with(load.clone(), |load| load.emit(()));
    Known { standing: (*standing).clone(), refused: *refused, load, on_standing }
}

/// Passes on how it stands, when that is what was answered.
fn take(reply: Reply, on_standing: &Callback<Standing>) {
    if let Reply::Office(Told::Notices(standing)) = reply {
        on_standing.emit(*standing);
    }
}

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The account as the server has it.
    pub account: Rc<Account>,
    /// A newer one came.
    pub on_account: Callback<Account>,
    /// How it stands.
    pub known: Known,
}

/// The group.
#[component]
pub fn NoticesGroup(props: &Props) -> Html {
    let text = use_text();
    let on_told = {
        let (on_account, on_standing) = (props.on_account.clone(), props.known.on_standing.clone());
        Callback::from(move |told| match told {
            Told::Account(account) => on_account.emit(*account),
            Told::Notices(standing) => on_standing.emit(*standing),
            _ => {}
        })
    };
    let saving = use_saving_of(on_told);
    let Some(standing) = props.known.standing.clone() else {
        let again = props.known.load.reform(|_: MouseEvent| ());
        return html! {
            <section class="group" data-testid="settings-consents"
                aria-labelledby="settings-consents-title">
                <h2 id="settings-consents-title" tabindex="-1">{text.say("settings-consents")}</h2>
                if let Some(refusal) = props.known.refused {
                    <Refused {refusal} {again} />
                }
            </section>
        };
    };
    let account = &props.account;
    // Every consent by its name: a new one is a change that does not compile until it is here.
    let Consents { email, sms } = account.consents;
    let parts = {
        let (saving, standing) = (saving.clone(), Rc::clone(&standing));
        Callback::from(move |()| -> Vec<Part> {
            // One record: each part carries both as they are switched now.
            let now = Consents {
                email: saving.is_on("consent-email", email),
                sms: saving.is_on("consent-sms", sms),
            };
            let stored = [("consent-email", email), ("consent-sms", sms)];
            let consents = stored.into_iter().filter_map(|(name, stored)| {
                saving.part(name, &stored.to_string(), |_| Ok(AccountChange::Consents(now)))
            });
            consents.chain(wishes::parts(&saving, &standing.wishes)).collect()
        })
    };
    let changed = !parts.emit(()).is_empty();
    let switched = |name, stored| saving.is_on(name, stored) != stored;
    let on_standing = &props.known.on_standing;
    let number = notice::mobile(&account.mobile);
    let stopped = standing.stopped[Channel::Sms.place()];
    let sends = !matches!(stopped, Some(Why::Policy | Why::NoWayOut));
    let agrees = saving.is_on("consent-sms", sms);
    let unproven = number.is_some() && !standing.mobile_confirmed && agrees;
    html! {
        <Form name="settings-consents" title={text.say("settings-consents")}
            lead={text.say("settings-consents-lead")} saving={saving.clone()} {parts} {changed}>
            <Way channel={Channel::Email} {on_standing} to={account.email.clone()}
                stopped={standing.stopped[Channel::Email.place()]}
                unsaved={switched("consent-email", email)}>
                <Check name="consent-email" label={text.say("settings-consent-email")}
                    help={text.say("settings-consent-email-help")}
                    on={saving.is_on("consent-email", email)}
                    on_switch={saving.switching("consent-email", email)} />
            </Way>
            <Way channel={Channel::Sms} {on_standing} to={account.mobile.clone()}
                {stopped} unsaved={switched("consent-sms", sms)}
                more={html! {
                    if sends && number.is_none() {
                        <p class="field-help" data-testid="mobile-format">
                            {text.say(if account.mobile.is_empty() { "notices-mobile-none" }
                                else { "notices-mobile-unfit" })}
                        </p>
                    } else if sends && unproven {
                        <ConfirmMobile {on_standing} />
                    }
                }}>
                <Check name="consent-sms" label={text.say("settings-consent-sms")}
                    help={text.say("settings-consent-sms-help")}
                    on={saving.is_on("consent-sms", sms)}
                    on_switch={saving.switching("consent-sms", sms)} />
            </Way>
            <BrowserWay standing={Rc::clone(&standing)} {on_standing} />
            <WishesInputs typed={Typed::of(&saving.draft, &standing.wishes)}
                stored={Typed::stored(&standing.wishes)} saving={saving.clone()}
                zone={account.time_zone.clone()} />
        </Form>
    }
}
