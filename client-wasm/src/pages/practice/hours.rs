//! The practice's hours, for who has set none, and its holidays.

use shared_proto::desk::{Ask, KeptHours};
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::wire::Request;
use yew::{Callback, Html, MouseEvent, component, html, use_state};

use crate::components::check::Check;
use crate::components::hours_group::{HoursGroup, setting};
use crate::components::hours_inputs::{DaysInputs, WeekInputs};
use crate::components::refused::Refused;
use crate::hooks::kept::use_kept;
use crate::hours_form::CommonTyped;
use crate::text::use_text;

/// The group.
#[component]
pub fn CommonHoursGroup() -> Html {
    let text = use_text();
    let known = use_kept::<KeptHours>();
    let typed = use_state(|| None::<CommonTyped>);
    let Some(kept) = known.kept.clone() else {
        let again = known.load.reform(|_: MouseEvent| ());
        return match known.refused {
            Some(refusal) => html! { <Refused {refusal} {again} /> },
            None => html! { <p role="status">{text.say("hours-loading")}</p> },
        };
    };
    let stored = CommonTyped::of(&kept.common);
    let shown = (*typed).clone().unwrap_or_else(|| stored.clone());
    let change = {
        let typed = typed.clone();
        Callback::from(move |next: CommonTyped| typed.set(Some(next)))
    };
    let save: Option<Result<Request, Refusal>> = (shown != stored).then(|| {
        let common = Box::new(shown.common()?);
        Ok(Request::Desk(Ask::SetCommon { revision: kept.common_revision, common }))
    });
    let rule = save.as_ref().and_then(|save| save.as_ref().err().copied());
    let of_days = rule
        .filter(|rule| matches!(rule, Refusal::Invalid { field, .. } if *field == Input::Holidays));
    let on_told = {
        let typed = typed.clone();
        known.on_told.reform(move |told| {
            typed.set(None);
            told
        })
    };
    html! {
        <HoursGroup name="practice-hours" {save} {on_told} load={known.load.clone()}>
            <Check name="common-hours" label={text.say("hours-common")}
                help={text.say("hours-common-help")} on={shown.open}
                on_switch={setting(&shown, &change, |common, on| common.open = on)} />
            if shown.open {
                <WeekInputs week={shown.week.clone()}
                    on_change={setting(&shown, &change, |common, week| common.week = week)} />
            }
            <DaysInputs name="holidays" legend={text.say("hours-holidays")}
                help={text.say("hours-holidays-help")} add={text.say("hours-holidays-add")}
                days={shown.holidays.clone()} spans=false refusal={of_days}
                on_change={setting(&shown, &change, |common, days| common.holidays = days)} />
        </HoursGroup>
    }
}
