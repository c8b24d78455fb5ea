//! One way to be told: its switch, where it leads, what stops it, and a try.

use shared_proto::notice::Channel;
use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::notice::rule::Why;
use shared_proto::office::Ask;
use shared_proto::wire::Request;
use yew::{Callback, Children, Html, MouseEvent, Properties, component, html, use_state};

use crate::hooks::asking::use_asking;
use crate::text::{Text, use_text, why_name};

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub channel: Channel,
    /// The address it leads to; empty for none.
    pub to: String,
    /// What stops it.
    pub stopped: Option<Why>,
    /// Whether its switch is not as it is saved.
    pub unsaved: bool,
    /// It stands like this now.
    pub on_standing: Callback<Standing>,
    /// What else there is to it.
    #[prop_or_default]
    pub more: Html,
    /// Its switch.
    pub children: Children,
}

/// The row.
#[component]
pub fn Way(props: &Props) -> Html {
    let text = use_text();
    let name = props.channel.name();
    let stopped = props.stopped.map_or("none", why_name);
    // As its switch is, saved or not.
    let goes = match props.stopped {
        Some(Why::Policy | Why::NoWayOut) => false,
        Some(Why::Consent | Why::Stopped) => props.unsaved,
        _ => !props.unsaved,
    };
    let to = if goes { "notices-to" } else { "notices-would-go" };
    html! {
        <div class="way" data-testid={format!("notice-{name}")} data-stopped={stopped}>
            { for props.children.iter() }
            <div class="way-more">
                if !props.to.is_empty() {
                    <p class="way-to" data-testid={format!("notice-{name}-to")}>
                        {text.say_with(to, &[("address", props.to.as_str().into())])}
                    </p>
                }
                if let Some(words) = words(props, &text) {
                    <p class="field-help" data-testid={format!("notice-{name}-stopped")}>{words}</p>
                }
                // Always there: it is drawn anew in its place.
                <div class="way-part">{props.more.clone()}</div>
                if props.stopped.is_none() && !props.unsaved {
                    <TryNotice channel={props.channel} on_standing={props.on_standing.clone()} />
                }
            </div>
        </div>
    }
}

/// What stops it, or will once it is saved.
fn words(props: &Props, text: &Text) -> Option<String> {
    let Some(why) = props.stopped else {
        return props.unsaved.then(|| text.say("notices-save-off"));
    };
    match why {
        Why::Consent if props.unsaved => return Some(text.say("notices-save")),
        Why::Stopped if props.unsaved => return Some(text.say("notices-save-stopped")),
        _ => {}
    }
    // What is missing of a number is said with how it is written.
    if props.channel == Channel::Sms && matches!(why, Why::NoAddress | Why::Unfit) {
        return None;
    }
    let arguments = [("why", why_name(why).into())];
    Some(match props.channel {
        Channel::Email => text.say_with("notices-email-stopped", &arguments),
        Channel::Sms => text.say_with("notices-sms-stopped", &arguments),
        Channel::Push => text.say_with("notices-push-stopped", &arguments),
    })
}

/// For which way.
#[derive(PartialEq, Properties)]
pub struct TryProps {
    /// Which.
    pub channel: Channel,
    /// It stands like this now.
    pub on_standing: Callback<Standing>,
}

/// Sends oneself a notice, at once.
#[component]
pub fn TryNotice(props: &TryProps) -> Html {
    let text = use_text();
    let asking = use_asking();
    let sent = use_state(|| false);
    let name = props.channel.name();
    let onclick = {
        let (asking, sent, channel) = (asking.clone(), sent.clone(), props.channel);
        let on_standing = props.on_standing.clone();
        Callback::from(move |_: MouseEvent| {
            let (sent, on_standing) = (sent.clone(), on_standing.clone());
            sent.set(false);
            let test = Request::Office(Ask::Notices(NoticeAsk::Test(channel)));
            asking.ask(test, move |reply| {
                sent.set(true);
                super::take(reply, &on_standing);
            });
        })
    };
    html! {
        <div class="way-acts">
            <button type="button" class="button button-small"
                data-testid={format!("notice-{name}-test")} {onclick}
                aria-disabled={asking.is_busy().to_string()}
                aria-describedby={format!("notice-{name}-test-outcome")}>
                {text.say("notices-test")}
            </button>
            <p class="way-outcome" role="status" id={format!("notice-{name}-test-outcome")}
                data-testid={format!("notice-{name}-test-outcome")}>
                if let Some(refusal) = asking.refused() {
                    <span class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </span>
                } else if *sent {
                    {text.say("notices-test-sent")}
                }
            </p>
        </div>
    }
}
