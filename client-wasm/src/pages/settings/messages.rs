//! What others see of how one reads.

use shared_proto::account::AccountChange;
use yew::{Callback, Html, component, html};

use super::saving::{Form, GroupProps, Part, use_saving};
use crate::components::check::Check;
use crate::text::use_text;

/// The group.
#[component]
pub fn MessagesGroup(props: &GroupProps) -> Html {
    let text = use_text();
    let saving = use_saving(&props.on_account);
    let stored = props.account.read_receipts;
    let parts = {
        let saving = saving.clone();
        Callback::from(move |()| -> Vec<Part> {
            let part = saving.part("read-receipts", &stored.to_string(), |on| {
                Ok(AccountChange::ReadReceipts(on == "true"))
            });
            part.into_iter().collect()
        })
    };
    let changed = !parts.emit(()).is_empty();
    html! {
        <Form name="settings-messages" title={text.say("settings-messages")}
            lead={text.say("settings-messages-lead")} saving={saving.clone()} {parts} {changed}>
            <Check name="read-receipts" label={text.say("settings-read-receipts")}
                help={text.say("settings-read-receipts-help")}
                on={saving.is_on("read-receipts", stored)}
                on_switch={saving.switching("read-receipts", stored)} />
        </Form>
    }
}
