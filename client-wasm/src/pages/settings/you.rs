//! Who one is: name, mobile number, language, time zone.

use shared_proto::account::AccountChange;
use shared_proto::people;
use shared_proto::practice;
use shared_proto::refusal::Field as Input;
use yew::{Callback, Html, component, html};

use super::saving::{Form, GroupProps, Part, use_saving};
use crate::components::field::Field;
use crate::components::select::Select;
use crate::dates;
use crate::text::{Text, use_text};

/// The group.
#[component]
pub fn YouGroup(props: &GroupProps) -> Html {
    let text = use_text();
    let saving = use_saving(&props.on_account);
    let account = &props.account;
    let draft = &saving.draft;
    let parts = {
        let (saving, account) = (saving.clone(), account.clone());
        Callback::from(move |()| -> Vec<Part> {
            let name = saving.part("name", &account.card.name, |name| {
                people::name(Input::Name, &name).map(AccountChange::Name)
            });
            let mobile = saving.part("mobile", &account.mobile, |mobile| {
                people::phone(&mobile).map(AccountChange::Mobile)
            });
            let language = saving.part("language", &account.language, |tag| {
                if tag.is_empty() { Ok(tag) } else { practice::language(&tag) }
                    .map(AccountChange::Language)
            });
            let zone = saving.part("time-zone", &account.time_zone, |zone| {
                if zone.is_empty() { Ok(zone) } else { practice::time_zone(&zone) }
                    .map(AccountChange::TimeZone)
            });
            [name, mobile, language, zone].into_iter().flatten().collect()
        })
    };
    let changed = !parts.emit(()).is_empty();
    let language = draft.value("language", &account.language);
    let zone = draft.value("time-zone", &account.time_zone);
    html! {
        <Form name="settings-you" title={text.say("settings-you")}
            lead={text.say("settings-you-lead")} saving={saving.clone()} {parts} {changed}>
            <Field name="name" label={text.say("settings-name")} help={text.say("settings-name-help")}
                autocomplete="name" value={draft.value("name", &account.card.name)}
                on_input={saving.typing("name")} refusal={draft.refusal("name")} />
            <Field name="mobile" label={text.say("settings-mobile")} kind="tel"
                help={text.say("settings-mobile-help")} autocomplete="tel"
                value={draft.value("mobile", &account.mobile)}
                on_input={saving.typing("mobile")} refusal={draft.refusal("mobile")} />
            <Select name="language" label={text.say("settings-language")}
                help={text.say("settings-language-help")} options={languages(&text, &language)}
                value={language} on_choose={saving.typing("language")}
                refusal={draft.refusal("language")} />
            <Select name="time-zone" label={text.say("settings-time-zone")}
                help={text.say("settings-time-zone-help")} options={zones(&text, &zone)}
                value={zone} on_choose={saving.typing("time-zone")}
                refusal={draft.refusal("time-zone")} />
        </Form>
    }
}

/// The practice's, those there are words in, and the one chosen elsewhere.
fn languages(text: &Text, chosen: &str) -> Vec<(String, String)> {
    let mut options = vec![
        (String::new(), text.say("settings-as-practice")),
        ("en".to_owned(), text.say("settings-language-en")),
    ];
    with(&mut options, chosen);
    options
}

/// The practice's, those the browser knows, and the one chosen elsewhere.
fn zones(text: &Text, chosen: &str) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), text.say("settings-as-practice"))];
    options.extend(dates::time_zones().into_iter().map(|zone| {
        let words = zone.replace('_', " ");
        (zone, words)
    }));
    with(&mut options, chosen);
    options
}

fn with(options: &mut Vec<(String, String)>, chosen: &str) {
    if options.iter().all(|(value, _)| value != chosen) {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
}
