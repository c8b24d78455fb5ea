//! The record of a conversation, to be saved: in which form, and what each is for. The browser
//! fetches it from the server by itself; nothing of it passes through here.

use shared_proto::conversation::decide::is_host;
use shared_proto::http::Route;
use yew::{Html, component, html};

use super::Props;
use crate::components::dialog::Dialog;
use crate::dates::time_zone;
use crate::text::use_text;

/// Each form: what it is called, and what it is for.
const FORMS: [(Route, &str, &str); 4] = [
    (Route::RecordHtml, "record-print", "record-print-help"),
    (Route::RecordCsv, "record-csv", "record-csv-help"),
    (Route::RecordZip, "record-zip", "record-zip-help"),
    (Route::RecordFhir, "record-fhir", "record-fhir-help"),
];

/// The dialog.
#[component]
pub fn Record(props: &Props) -> Html {
    let text = use_text();
    let conversation = props.conversation.id;
    // What `encodeURIComponent` would do to the name of a zone, which has nothing else to escape.
    let zone = time_zone().replace('/', "%2F").replace('+', "%2B");
    let form = |(route, name, help): (Route, &'static str, &'static str)| {
        let href = format!("{}?zone={zone}", route.of_conversation(conversation));
        let shown = route == Route::RecordHtml;
        html! {
            <li class="record-form">
                <div class="record-words">
                    <p class="kind-name">{text.say(name)}</p>
                    <p class="field-help" id={help}>{text.say(help)}</p>
                </div>
                <a class="button" {href} download={(!shown).then_some("")}
                    target={shown.then_some("_blank")} rel="noopener"
                    data-testid={name} aria-describedby={help}>
                    {if shown { text.say("record-open") } else { text.say("record-save") }}
                    <span class="visually-hidden">{": "}{text.say(name)}</span>
                </a>
            </li>
        }
    };
    let withdrawn = if is_host(&props.conversation.fold, props.me).is_ok() {
        "record-withdrawn-host"
    } else {
        "record-withdrawn"
    };
    html! {
        <Dialog title={text.say("record-title")} name="record-dialog" on_close={props.close()}>
            <p>{text.say("record-lead")}</p>
            <ul class="record-forms">{ for FORMS.into_iter().map(form) }</ul>
            <p class="field-help">{text.say(withdrawn)}</p>
        </Dialog>
    }
}
