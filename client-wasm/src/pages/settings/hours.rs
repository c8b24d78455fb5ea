//! A provider's own hours and leave, what clients are told of them, and their greeting.

use shared_proto::desk::{Ask, KeptHours};
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::replies::places;
use shared_proto::wire::Request;
use yew::{Callback, Html, MouseEvent, component, html, use_state};

use crate::components::area::Area;
use crate::components::check::Check;
use crate::components::hours_group::{HoursGroup, setting};
use crate::components::hours_inputs::{DaysInputs, WeekInputs};
use crate::components::refused::Refused;
use crate::hooks::kept::use_kept;
use crate::hours_form::OwnTyped;
use crate::text::use_text;

/// The group.
#[component]
pub fn OwnHoursGroup() -> Html {
    let text = use_text();
    let known = use_kept::<KeptHours>();
    // Only what differs from what is kept: a change made elsewhere shows where nothing was typed.
    let typed = use_state(|| None::<OwnTyped>);
    let Some(kept) = known.kept.clone() else {
        let again = known.load.reform(|_: MouseEvent| ());
        return match known.refused {
            Some(refusal) => html! { <Refused {refusal} {again} /> },
            None => html! { <p role="status">{text.say("hours-loading")}</p> },
        };
    };
    let stored = OwnTyped::of(&kept.own, &kept.common);
    let shown = (*typed).clone().unwrap_or_else(|| stored.clone());
    let change = {
        let typed = typed.clone();
        Callback::from(move |next: OwnTyped| typed.set(Some(next)))
    };
    let save: Option<Result<Request, Refusal>> = (shown != stored).then(|| {
        let own = Box::new(shown.own()?);
        Ok(Request::Desk(Ask::SetOwn { revision: kept.own_revision, own }))
    });
    let rule = save.as_ref().and_then(|save| save.as_ref().err().copied());
    let of = |wanted: Input| {
        rule.filter(|rule| matches!(rule, Refusal::Invalid { field, .. } if *field == wanted))
    };
    let on_told = {
        let typed = typed.clone();
        known.on_told.reform(move |told| {
            typed.set(None);
            told
        })
    };
    html! {
        <HoursGroup name="settings-hours" {save} {on_told} load={known.load.clone()}>
            <Check name="own-hours" label={text.say("hours-own")} help={text.say("hours-own-help")}
                on={shown.differs} on_switch={setting(&shown, &change, |own, on| own.differs = on)} />
            if shown.differs {
                <WeekInputs week={shown.week.clone()}
                    on_change={setting(&shown, &change, |own, week| own.week = week)} />
            }
            <DaysInputs name="leave" legend={text.say("hours-leave")}
                help={text.say("hours-leave-help")} add={text.say("hours-leave-add")}
                days={shown.leave.clone()} spans=true refusal={of(Input::Leave)}
                on_change={setting(&shown, &change, |own, leave| own.leave = leave)} />
            <Area name="away-reply" label={text.say("hours-away")} help={text.say("hours-away-help")}
                value={shown.away.clone()} refusal={of(Input::AwayReply)}
                on_input={setting(&shown, &change, |own, words| own.away = words)} />
            <Area name="greeting-words" label={text.say("hours-greeting")}
                help={text.say_with("hours-greeting-help", &[("places", places().into())])}
                value={shown.greeting.clone()}
                refusal={of(Input::Greeting)}
                on_input={setting(&shown, &change, |own, words| own.greeting = words)} />
        </HoursGroup>
    }
}
