//! What one agrees to (I11, I12): each with what it means.

use shared_proto::account::AccountChange;
use shared_proto::chart::Consents;
use yew::{Callback, Html, component, html};

use super::saving::{Form, GroupProps, Part, use_saving};
use crate::components::check::Check;
use crate::text::use_text;

/// The group.
#[component]
pub fn ConsentsGroup(props: &GroupProps) -> Html {
    let text = use_text();
    let saving = use_saving(&props.on_account);
    // Every consent by its name: a new one is a change that does not compile until it is here.
    let Consents { email, sms } = props.account.consents;
    let parts = {
        let saving = saving.clone();
        Callback::from(move |()| -> Vec<Part> {
            // One record: each part carries both as they are switched now.
            let now = Consents {
                email: saving.is_on("consent-email", email),
                sms: saving.is_on("consent-sms", sms),
            };
            let stored = [("consent-email", email), ("consent-sms", sms)];
            let parts = stored.into_iter().filter_map(|(name, stored)| {
                saving.part(name, &stored.to_string(), |_| Ok(AccountChange::Consents(now)))
            });
            parts.collect()
        })
    };
    let changed = !parts.emit(()).is_empty();
    html! {
        <Form name="settings-consents" title={text.say("settings-consents")}
            lead={text.say("settings-consents-lead")} saving={saving.clone()} {parts} {changed}>
            <Check name="consent-email" label={text.say("settings-consent-email")}
                help={text.say("settings-consent-email-help")}
                on={saving.is_on("consent-email", email)}
                on_switch={saving.switching("consent-email")} />
            <Check name="consent-sms" label={text.say("settings-consent-sms")}
                help={text.say("settings-consent-sms-help")}
                on={saving.is_on("consent-sms", sms)}
                on_switch={saving.switching("consent-sms")} />
        </Form>
    }
}
