//! The audit log, for owners: who did what, when, to whom and from where.

mod filters;
mod picker;
mod row;

use std::collections::HashMap;

use shared_proto::audit::{AuditEntry, AuditFilter, AuditPage};
use shared_proto::id::PersonId;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_mut_ref, use_state};

use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::hooks::desk::{Desk, use_desk};
use crate::route::Route;
use crate::text::use_text;
use filters::{Chosen, Filters};
use row::Row;

/// What has been loaded for one choice of filters.
#[derive(Clone, Default, PartialEq)]
struct Shown {
    entries: Vec<AuditEntry>,
    people: HashMap<PersonId, PersonCard>,
    /// Where the next page goes on.
    next: Option<u64>,
    loading: bool,
    refused: Option<Refusal>,
}

impl Shown {
    fn add(&mut self, page: AuditPage) {
        self.entries.extend(page.entries);
        self.people.extend(page.people.into_iter().map(|card| (card.id, card)));
        self.next = page.next;
    }
}

/// The page.
#[component]
pub fn Audit() -> Html {
    let text = use_text();
    let desk = use_desk();
    let chosen = use_state(Chosen::default);
    let shown = use_state(|| Shown { loading: true, ..Shown::default() });
    // Answers to what is no longer asked for are dropped.
    let turn = use_mut_ref(|| 0u32);
    let load = {
        let (shown, turn) = (shown.clone(), turn);
        move |filter: AuditFilter, before: Shown| {
            *turn.borrow_mut() += 1;
            let mine = *turn.borrow();
            shown.set(Shown { loading: true, refused: None, ..before.clone() });
            let (desk, shown, turn) = (desk.clone(), shown.clone(), turn.clone());
            spawn_local(async move {
                let loaded = page(&desk, filter, before).await;
                if *turn.borrow() == mine {
                    shown.set(loaded);
                }
            });
        }
    };
    {
        let load = load.clone();
        use_effect_with(chosen.filter(), move |filter| load(*filter, Shown::default()));
    }
    let older = {
        let (load, filter, shown) = (load, chosen.filter(), shown.clone());
        Callback::from(move |_: MouseEvent| {
            if !shown.loading {
                load(filter, (*shown).clone());
            }
        })
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |next: Chosen| chosen.set(next))
    };
    let filtered = chosen.filter() != AuditFilter::default();
    let count = text.say_with("audit-shown", &[("count", shown.entries.len().into())]);
    let is_bare = shown.entries.is_empty();
    html! {
        <Sheet name="audit" title={text.say("audit-title")} back={Route::Practice}>
            <div class="audit">
                <p class="audit-lead">{text.say("audit-lead")}</p>
                <Filters chosen={(*chosen).clone()} {on_choose} />
                <p class="visually-hidden" role="status">
                    {if shown.loading { text.say("audit-loading") } else { count }}
                </p>
                if !is_bare {
                    {table(&shown, &text)}
                } else if shown.loading {
                    <div class="audit-waiting" data-testid="audit-loading" aria-hidden="true">
                        { for (0..6).map(|_| html! { <span class="bone"></span> }) }
                    </div>
                } else if shown.refused.is_none() {
                    <div class="empty" data-testid="audit-empty">
                        <Icon shape={Shape::Search} />
                        <p>{if filtered {
                            text.say("audit-empty-filtered")
                        } else {
                            text.say("audit-empty")
                        }}</p>
                    </div>
                }
                if let Some(refusal) = shown.refused {
                    <Refused {refusal} again={older} />
                } else if shown.next.is_some() && !is_bare {
                    <button type="button" class="button audit-older" data-testid="audit-older"
                        aria-disabled={shown.loading.then_some("true")} onclick={older}>
                        {if shown.loading {
                            text.say("audit-older-loading")
                        } else {
                            text.say("audit-older")
                        }}
                    </button>
                } else if !is_bare && !shown.loading {
                    <p class="audit-end" data-testid="audit-end">{text.say("audit-end")}</p>
                }
            </div>
        </Sheet>
    }
}

/// The next page, added to what is there. A page may be empty with more to come: one request looks
/// at a bounded part of the log.
async fn page(desk: &Desk, filter: AuditFilter, mut shown: Shown) -> Shown {
    shown.loading = false;
    shown.refused = None;
    let had = shown.entries.len();
    loop {
        match desk.request(Request::Audit { filter, before: shown.next }).await {
            Ok(Reply::Audit(page)) => shown.add(page),
            Ok(_) => shown.refused = Some(Refusal::Unavailable),
            Err(refusal) => shown.refused = Some(refusal),
        }
        if shown.entries.len() > had || shown.next.is_none() || shown.refused.is_some() {
            return shown;
        }
    }
}

// Roles are spelt out: a narrow screen stacks the cells, and a browser then forgets what they were.
fn table(shown: &Shown, text: &crate::text::Text) -> Html {
    let heads = ["audit-when", "audit-who", "audit-what", "audit-whom", "audit-where"];
    html! {
        <table class="audit-table" role="table" data-testid="audit-table"
            aria-label={text.say("audit-title")}>
            <thead role="rowgroup">
                <tr role="row">
                    { for heads.iter().map(|head| html! {
                        <th role="columnheader" scope="col">{text.say(head)}</th>
                    }) }
                </tr>
            </thead>
            <tbody role="rowgroup">
                { for shown.entries.iter().map(|entry| html! {
                    <Row key={entry.sequence} entry={entry.clone()}
                        names={row::named(entry, &shown.people)} />
                }) }
            </tbody>
        </table>
    }
}
