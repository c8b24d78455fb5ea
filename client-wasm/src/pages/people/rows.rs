//! The rows of the list that are near the viewport; `window.rs` says which.

use std::cell::RefCell;
use std::rc::Rc;

use shared_proto::people::PersonCard;
use shared_proto::practice::Division;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, Event as DomEvent, FocusEvent, Html, KeyboardEvent, MouseEvent, NodeRef, Properties,
    UseReducerHandle, component, html, use_effect, use_effect_with, use_force_update, use_mut_ref,
    use_node_ref, use_state,
};

use super::division_name;
use super::listing::{Event, Listing};
use super::messenger::Messenger;
use super::row::PeopleRow;
use super::window::{View, step};
use crate::browser;
use crate::components::refused::Refused;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// The list; it has rows.
    pub listing: UseReducerHandle<Listing>,
    /// The practice's divisions.
    pub divisions: Rc<Vec<Division>>,
    /// Opens conversations.
    pub messenger: Messenger,
    /// How far the list is scrolled; kept while somebody looks at a chart.
    pub scrolled: Rc<RefCell<f64>>,
    /// Called with what happens to the list.
    pub on_event: Callback<Event>,
    /// Asks again for a page that was refused.
    pub again: Callback<MouseEvent>,
}

/// A row is so high until one has been measured, in pixels.
const GUESS: f64 = 72.0;

/// The rows.
#[component]
pub fn Rows(props: &Props) -> Html {
    let text = use_text();
    let update = use_force_update();
    let (frame, above, below, rows) =
        (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let view = {
        let scrolled = *props.scrolled.borrow();
        use_mut_ref(move || View { scrolled, height: 900.0, row: GUESS })
    };
    let stop = use_state(|| 0_usize);
    let wants_focus = use_mut_ref(|| None::<usize>);
    let listing = &*props.listing;
    let count = listing.rows.len();
    let drawn = view.borrow().drawn(count);

    // Others are looked for: their list begins at its top.
    {
        let (frame, stop) = (frame.clone(), stop.setter());
        let first = use_mut_ref(|| true);
        use_effect_with(listing.filter.clone(), move |_| {
            if !first.replace(false)
                && let Some(frame) = frame.cast::<Element>()
            {
                frame.set_scroll_top(0);
                stop.set(0);
            }
        });
    }
    let is_first = use_mut_ref(|| true);
    {
        let parts = [frame.clone(), above.clone(), below.clone(), rows.clone()];
        let (view, drawn) = (Rc::clone(&view), drawn.clone());
        let (kept, update) = (Rc::clone(&props.scrolled), update.clone());
        let on_event = props.on_event.clone();
        let asks = listing.may_ask_for_more();
        let wants_focus = Rc::clone(&wants_focus);
        use_effect(move || {
            let [frame, above, below, rows] = &parts;
            let row = measure(frame, rows, *view.borrow()).row;
            space(above, drawn.start as f64 * row);
            space(below, (count - drawn.end) as f64 * row);
            // Back from a chart: the list is where it was.
            if is_first.replace(false)
                && let Some(frame) = frame.cast::<Element>()
            {
                frame.set_scroll_top(view.borrow().scrolled as i32);
            }
            let measured = measure(frame, rows, *view.borrow());
            *kept.borrow_mut() = measured.scrolled;
            let before = view.replace(measured);
            if measured.drawn(count) != drawn || (before.row - row).abs() > 0.5 {
                update.force_update();
            }
            if asks && measured.is_near_end(count) {
                on_event.emit(Event::More);
            }
            let wanted = *wants_focus.borrow();
            if let Some(index) = wanted.filter(|index| drawn.contains(index)) {
                wants_focus.replace(None);
                browser::focus(&format!("[data-index=\"{index}\"] .people-link"));
            }
        });
    }
    let onscroll = {
        let (frame, rows, view) = (frame.clone(), rows.clone(), Rc::clone(&view));
        let (drawn, update, kept) = (drawn.clone(), update.clone(), Rc::clone(&props.scrolled));
        Callback::from(move |_: DomEvent| {
            let measured = measure(&frame, &rows, *view.borrow());
            view.replace(measured);
            *kept.borrow_mut() = measured.scrolled;
            if measured.drawn(count) != drawn || measured.is_near_end(count) {
                update.force_update();
            }
        })
    };
    let onkeydown = {
        let (frame, view, stop) = (frame.clone(), Rc::clone(&view), stop.clone());
        let (wants_focus, update) = (Rc::clone(&wants_focus), update.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(index) = step(&event.key(), *stop, count) else { return };
            event.prevent_default();
            wants_focus.replace(Some(index));
            let scrolled = view.borrow().reveal(index);
            if let Some(frame) = frame.cast::<Element>() {
                frame.set_scroll_top(scrolled.round() as i32);
            }
            stop.set(index);
            update.force_update();
        })
    };
    // A row that took the focus by the pointer is where the arrow keys go on.
    let onfocusin = {
        let stop = stop.setter();
        Callback::from(move |event: FocusEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let item = target.and_then(|target| target.closest("[data-index]").ok().flatten());
            let index = item.and_then(|item| item.get_attribute("data-index"));
            if let Some(index) = index.and_then(|index| index.parse().ok()) {
                stop.set(index);
            }
        })
    };
    let stop = (*stop).min(count.saturating_sub(1));
    let tab_stop = if drawn.contains(&stop) { stop } else { drawn.start };
    html! {
        <div class="people-list" ref={frame} data-testid="people-list" {onscroll} {onkeydown}
            {onfocusin}
            data-state={if listing.question.is_some() { "loading" } else { "ready" }}>
            <div ref={above}></div>
            <ul ref={rows} aria-label={text.say("section-people")}>
                { for drawn.clone().filter_map(|index| {
                    let row = listing.rows.get(index)?;
                    let id = row.card.id;
                    Some(html! {
                        <li key={id.to_string()} class="people-row" data-index={index.to_string()}
                            aria-posinset={(index + 1).to_string()}
                            aria-setsize={listing.total.to_string()}>
                            <PeopleRow row={Rc::clone(row)}
                                division={division_name(&props.divisions, row.division)}
                                own={id == props.me.id}
                                assigned={row.assigned.contains(&props.me.id)}
                                tab_stop={index == tab_stop}
                                busy={props.messenger.busy == Some(id)}
                                on_write={props.messenger.write.clone()} />
                        </li>
                    })
                }) }
            </ul>
            <div ref={below}></div>
            if let Some(refusal) = listing.refused {
                <Refused {refusal} again={props.again.clone()} />
            }
        </div>
    }
}

/// What is to be seen now; `last` where something is not drawn.
fn measure(frame: &NodeRef, rows: &NodeRef, last: View) -> View {
    let Some(frame) = frame.cast::<Element>() else { return last };
    let row = rows.cast::<Element>().and_then(|rows| rows.first_element_child());
    let row = row.map(|row| row.get_bounding_client_rect().height()).filter(|row| *row > 1.0);
    View {
        scrolled: f64::from(frame.scroll_top()),
        height: f64::from(frame.client_height()),
        row: row.unwrap_or(last.row),
    }
}

fn space(element: &NodeRef, pixels: f64) {
    if let Some(element) = element.cast::<HtmlElement>() {
        browser::set_style(&element, "height", &browser::pixels(pixels));
    }
}
