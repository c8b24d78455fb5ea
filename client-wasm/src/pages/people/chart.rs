//! Somebody's chart: who they are, and the tabs behind that.

use std::rc::Rc;

use shared_proto::id::PersonId;
use shared_proto::people::{Chart, PersonCard, Role, Standing};
use shared_proto::practice::Division;
use shared_proto::refusal::Refusal;
use yew::{Callback, Html, MouseEvent, Properties, UseReducerHandle, component, html};
use yew_router::Routable;
use yew_router::prelude::use_navigator;

use super::access::Access;
use super::agreed::Agreed;
use super::care::Care;
use super::contact::Contact;
use super::details::DetailsForm;
use super::division_name;
use super::emergency::Emergency;
use super::invite::Invite;
use super::messaging::Messaging;
use super::messenger::{Messenger, To};
use super::standing::StandingMark;
use crate::components::avatar::Avatar;
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::hooks::store::Store;
use crate::pages::not_found::NotFound;
use crate::route::Route;
use crate::text::{Text, use_text};

mod held;

use held::use_chart;

/// A part of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// What is known of them.
    Details,
    /// The conversations with them.
    Messaging,
    /// Conversations of theirs, in an emergency.
    Emergency,
}

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// Whose.
    pub id: PersonId,
    /// Which part.
    pub tab: Tab,
    /// Whether the line is up.
    pub live: bool,
    /// The practice's divisions.
    pub divisions: Rc<Vec<Division>>,
    /// Opens conversations.
    pub messenger: Messenger,
    /// The state, for the conversations known of.
    pub store: UseReducerHandle<Store>,
}

/// The page.
#[component]
pub fn ChartPage(props: &Props) -> Html {
    let text = use_text();
    let (chart, load) = use_chart(props.id, props.live);
    let chart = match chart {
        Some(Ok(chart)) => chart,
        Some(Err(Refusal::NotFound)) => return html! { <NotFound /> },
        Some(Err(refusal)) => {
            let again = Callback::from(move |_: MouseEvent| load.emit(()));
            return html! {
                <Sheet name="chart" title={text.say("section-people")} back={Route::People}>
                    <Refused {refusal} {again} />
                </Sheet>
            };
        }
        None => {
            return html! {
                <Sheet name="chart-loading" title={text.say("chart-loading")}
                    back={Route::People}>
                    <div class="group" role="status">
                        <span class="visually-hidden">{text.say("chart-loading")}</span>
                        <span class="bone bone-short"></span>
                        <span class="bone"></span>
                        <span class="bone"></span>
                    </div>
                </Sheet>
            };
        }
    };
    let is_client = chart.row.card.role == Role::Client;
    let id = props.id;
    match props.tab {
        Tab::Messaging | Tab::Emergency if !is_client => html! { <NotFound /> },
        Tab::Emergency if props.me.role != Role::Owner => html! { <NotFound /> },
        Tab::Emergency => html! {
            <Emergency client={chart.row.card.clone()} />
        },
        tab => html! {
            <Sheet name="chart" title={chart.row.card.name.clone()} back={Route::People}>
                {head(props, &chart, &text)}
                if is_client {
                    <nav class="tabs" aria-label={text.say("chart-parts")}>
                        <TabLink to={Route::Chart { id }} here={tab == Tab::Details}
                            name="tab-details" words={text.say("chart-tab-details")} />
                        <TabLink to={Route::ChartMessaging { id }} here={tab == Tab::Messaging}
                            name="tab-communications" words={text.say("chart-tab-communications")} />
                    </nav>
                }
                if tab == Tab::Messaging {
                    <Messaging key={id.to_string()} me={props.me.clone()} row={chart.row.clone()}
                        messenger={props.messenger.clone()} store={props.store.clone()}
                        live={props.live} />
                } else {
                    <div class="chart-groups" key={id.to_string()}>
                        <Contact me={props.me.clone()} row={chart.row.clone()} />
                        if is_client {
                            <DetailsForm row={chart.row.clone()} details={chart.details.clone()} />
                            <Agreed row={chart.row.clone()} consents={chart.consents}
                                agreed={chart.agreed.clone()} />
                        }
                        <Care me={props.me.clone()} chart={chart.clone()}
                            divisions={Rc::clone(&props.divisions)} />
                        <Access me={props.me.clone()} row={chart.row.clone()} />
                    </div>
                }
            </Sheet>
        },
    }
}

fn head(props: &Props, chart: &Chart, text: &Text) -> Html {
    let row = &chart.row;
    let standing = Standing::of(row);
    let mut beside = match row.card.role {
        Role::Owner => vec![text.say("account-role-owner")],
        Role::Provider => vec![text.say("account-role-provider")],
        Role::Client => vec![],
    };
    if !row.chart_number.is_empty() {
        let number = [("number", row.chart_number.as_str().into())];
        beside.push(text.say_with("people-chart-number", &number));
    }
    beside.push(division_name(&props.divisions, row.division));
    beside.retain(|words| !words.is_empty());
    let write = {
        let (write, person) = (props.messenger.write.clone(), row.card.clone());
        Callback::from(move |_: MouseEvent| write.emit(To { person: person.clone(), anew: false }))
    };
    let refused = props.messenger.refused.filter(|(person, _)| *person == row.card.id);
    html! {
        <div class="chart-head" data-testid="chart-head" data-person={row.card.id.to_string()}>
            <Avatar people={vec![row.card.clone()]} />
            <div class="chart-who">
                <StandingMark {standing} />
                { for beside.into_iter().map(|words| html! {
                    <span class="people-beside" dir="auto">{words}</span>
                }) }
            </div>
            <div class="chart-actions">
                if standing == Standing::Active && row.card.id != props.me.id {
                    <button type="button" class="button" data-testid="chart-write" onclick={write}
                        aria-disabled={props.messenger.busy.is_some().to_string()}>
                        {text.say("people-write")}
                    </button>
                }
                if row.card.id != props.me.id {
                    <Invite person={row.clone()} reset=true />
                }
            </div>
            <div role="alert" class="chart-refused">
                if let Some((_, refusal)) = refused {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </p>
                }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct TabProps {
    to: Route,
    here: bool,
    name: &'static str,
    words: String,
}

#[component]
fn TabLink(props: &TabProps) -> Html {
    let navigator = use_navigator();
    let to = props.to;
    let onclick = Callback::from(move |event: MouseEvent| {
        let plain = !(event.meta_key() || event.ctrl_key() || event.shift_key());
        if let (true, Some(navigator)) = (plain, &navigator) {
            event.prevent_default();
            navigator.push(&to);
        }
    });
    html! {
        <a class="tab" href={to.to_path()} {onclick} data-testid={props.name}
            aria-current={props.here.then_some("page")}>{&props.words}</a>
    }
}
