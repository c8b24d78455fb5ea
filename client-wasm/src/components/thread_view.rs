//! The list of a conversation. Only the rows near the viewport are in the page; `window.rs`
//! decides which, and where the list has to be scrolled to so that nothing jumps. Heights are set
//! by CSSOM: the content policy allows no style attributes.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use shared_proto::id::{EntryId, PersonId};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::{
    Callback, Event, Html, MouseEvent, NodeRef, Properties, UseForceUpdateHandle, classes,
    component, html, use_effect, use_effect_with, use_force_update, use_memo, use_mut_ref,
    use_node_ref,
};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::message_row::MessageRow;
use crate::dates::use_dates;
use crate::hooks::store::{Dispatch, use_dispatch};
use crate::shared::Shared;
use crate::state::{Action, Conversation, Older, OutboxItem};
use crate::text::use_text;
use crate::thread::{Item, Key, items};
use crate::window::{Anchor, OVERSCAN, Window};

/// A conversation's list.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The conversation; its thread is here.
    pub conversation: Shared<Conversation>,
    /// Messages on their way, of every conversation.
    pub outbox: Shared<Vec<OutboxItem>>,
    /// Who reads.
    pub me: PersonId,
    /// Whether somebody looks.
    pub attentive: bool,
}

/// What the list remembers between two drawings.
#[derive(Default)]
struct Scroller {
    rows: Option<Rc<Vec<Item>>>,
    window: Window<Key>,
    drawn: Range<usize>,
    viewport: f64,
    width: f64,
    seen: Option<EntryId>,
    started: bool,
    tries: u8,
    away: bool,
}

/// The elements of the list.
#[derive(Clone, Default, PartialEq)]
struct Parts {
    list: NodeRef,
    above: NodeRef,
    rows: NodeRef,
    below: NodeRef,
}

/// The list.
#[component]
pub fn ThreadView(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let update = use_force_update();
    let scroller = use_mut_ref(Scroller::default);
    let parts = Parts {
        list: use_node_ref(),
        above: use_node_ref(),
        rows: use_node_ref(),
        below: use_node_ref(),
    };
    let conversation = &*props.conversation;
    let me = props.me;
    // Scrolling draws again and again: the rows are made only when what they show has changed.
    let rows = {
        let dates = dates.clone();
        use_memo(
            (props.conversation.clone(), props.outbox.clone(), me),
            move |(conversation, outbox, me)| {
                items(conversation, outbox, *me, &|at| dates.day_number(at))
            },
        )
    };
    let drawn = scroller.borrow_mut().take(&rows);

    let reader = Reader {
        scroller: scroller.clone(),
        parts: parts.clone(),
        update: update.clone(),
        dispatch: dispatch.clone(),
        conversation: props.conversation.clone(),
        attentive: props.attentive,
        entries: rows[drawn.clone()].iter().map(Item::entry).collect(),
    };
    {
        let reader = reader.clone();
        use_effect(move || reader.settle());
    }
    {
        let latest = use_mut_ref(|| None::<Reader>);
        *latest.borrow_mut() = Some(reader.clone());
        let parts = parts.clone();
        use_effect_with((), move |()| {
            let observed = observe(&parts, move || {
                let reader = latest.borrow().clone();
                if let Some(reader) = reader {
                    reader.settle();
                }
            });
            move || drop(observed)
        });
    }
    let onscroll = {
        let reader = reader.clone();
        Callback::from(move |_: Event| reader.scrolled())
    };
    let jump = {
        let reader = reader.clone();
        Callback::from(move |_: MouseEvent| {
            reader.scroller.borrow_mut().window.set_anchor(Anchor::End);
            reader.update.force_update();
            browser::focus("[data-testid=composer]");
        })
    };
    let group = conversation.others(me).nth(1).is_some();
    let away = scroller.borrow().away;
    let unread = conversation.unread;
    html! {
        <div class="thread-frame">
            <div class="thread" ref={parts.list} role="log" aria-live="off" tabindex="0"
                aria-label={text.say("conversation-log")} data-testid="thread" data-state="ready"
                data-conversation={conversation.id.to_string()} {onscroll}>
                <div class="thread-space" ref={parts.above}></div>
                <div class="thread-rows" ref={parts.rows}>
                    { for rows[drawn].iter().map(|item| html! {
                        <div class="thread-row" key={format!("{:?}", item.key())}>
                            {draw(item, conversation, me, group, &text, &dates)}
                        </div>
                    }) }
                </div>
                <div class="thread-space" ref={parts.below}></div>
            </div>
            if away {
                <button type="button" class={classes!("jump", (unread > 0).then_some("jump-news"))}
                    data-testid="jump-latest" data-count={unread.to_string()} onclick={jump}>
                    <Icon shape={Shape::Down} />
                    if unread > 0 {
                        <span>{text.say_with("jump-latest-count", &[("count", unread.into())])}</span>
                    } else {
                        <span>{text.say("jump-latest")}</span>
                    }
                </button>
            }
        </div>
    }
}

fn draw(
    item: &Item,
    conversation: &Conversation,
    me: PersonId,
    group: bool,
    text: &crate::text::Text,
    dates: &crate::dates::Dates,
) -> Html {
    match item {
        Item::Start(Older::None) => html! {
            <p class="thread-note thread-start" data-testid="thread-start">
                <span class="visually-hidden">{text.say("thread-start")}</span>
            </p>
        },
        Item::Start(_) => html! {
            <p class="thread-note" data-testid="older-loading">{text.say("thread-older")}</p>
        },
        Item::Day(_, at) => html! {
            <h2 class="day" data-testid="day">
                <time datetime={dates.machine(*at)}>{dates.day(*at, text)}</time>
            </h2>
        },
        Item::Divider => html! {
            <p class="new-divider" data-testid="new-divider"><span>{text.say("new-messages")}</span></p>
        },
        Item::Began(entry, _, author) => {
            let name = conversation.person(*author).map(|person| person.name.clone());
            let name = name.unwrap_or_default();
            let words = if *author == me {
                text.say("thread-began-own")
            } else {
                text.say_with("thread-began", &[("name", name.into())])
            };
            html! { <p class="thread-note" data-entry={entry.to_string()}>{words}</p> }
        }
        Item::Message(message) => html! {
            <MessageRow message={message.clone()} conversation={conversation.id} {group}
                author={conversation.person(message.author).cloned()} />
        },
    }
}

impl Scroller {
    /// Takes the rows as they are now, and says which to draw.
    fn take(&mut self, rows: &Rc<Vec<Item>>) -> Range<usize> {
        if !self.rows.as_ref().is_some_and(|before| Rc::ptr_eq(before, rows)) {
            self.rows = Some(Rc::clone(rows));
            self.take_new(rows);
        }
        let viewport = if self.viewport > 0.0 { self.viewport } else { 900.0 };
        let top = self.window.scroll_top(viewport);
        self.drawn = self.window.slice(top, viewport, OVERSCAN);
        self.drawn.clone()
    }

    fn take_new(&mut self, rows: &[Item]) {
        let keys: Vec<Key> = rows.iter().map(Item::key).collect();
        if !self.started && !keys.is_empty() {
            self.started = true;
            if keys.contains(&Key::Divider) {
                // What was read last stays visible above the new messages.
                self.window.set_anchor(Anchor::Row(Key::Divider, 96.0));
            }
        } else if let Some(Item::Message(last)) = rows.last()
            && last.own
            && !self.window.has(rows[rows.len() - 1].key())
        {
            // Who writes wants to see it go.
            self.window.set_anchor(Anchor::End);
        }
        self.window.set_keys(keys);
    }
}

#[derive(Clone)]
struct Reader {
    scroller: Rc<RefCell<Scroller>>,
    parts: Parts,
    update: UseForceUpdateHandle,
    dispatch: Dispatch,
    conversation: Shared<Conversation>,
    attentive: bool,
    entries: Vec<Option<EntryId>>,
}

impl Reader {
    /// After drawing or a change of size: measures, keeps the anchor in place, draws again when
    /// other rows have come into view.
    fn settle(&self) {
        let Some(list) = self.parts.list.cast::<HtmlElement>() else { return };
        let Some(rows) = self.parts.rows.cast::<Element>() else { return };
        let redraw = {
            let mut scroller = self.scroller.borrow_mut();
            let scroller = &mut *scroller;
            let width = f64::from(list.client_width());
            if (scroller.width - width).abs() > 0.5 {
                scroller.window.forget_heights();
                scroller.width = width;
            }
            scroller.viewport = f64::from(list.client_height());
            let children = rows.children();
            let measured = scroller.drawn.clone().enumerate().filter_map(|(child, row)| {
                let element = children.item(child as u32)?;
                let key = *scroller.window.keys().get(row)?;
                Some((key, element.get_bounding_client_rect().height()))
            });
            let measured: Vec<(Key, f64)> = measured.collect();
            scroller.window.measure(measured);
            self.space(scroller);
            let top = scroller.window.scroll_top(scroller.viewport);
            if (list.scroll_top() as f64 - top).abs() >= 1.0 {
                list.set_scroll_top(top.round() as i32);
            }
            self.must_redraw(scroller, top)
        };
        self.look(&list);
        if redraw {
            self.update.force_update();
        }
    }

    fn space(&self, scroller: &Scroller) {
        let above = scroller.window.top(scroller.drawn.start);
        let below = scroller.window.total() - scroller.window.top(scroller.drawn.end);
        for (part, height) in [(&self.parts.above, above), (&self.parts.below, below)] {
            if let Some(space) = part.cast::<HtmlElement>() {
                browser::set_style(&space, "height", &format!("{height}px"));
            }
        }
    }

    /// Whether rows that are in view, or nearly, are not drawn. Bounded: heights that will not
    /// settle must not draw for ever.
    fn must_redraw(&self, scroller: &mut Scroller, top: f64) -> bool {
        let near = scroller.window.slice(top, scroller.viewport, OVERSCAN / 2.0);
        let missing = near.start < scroller.drawn.start || near.end > scroller.drawn.end;
        let away = scroller.window.anchor() != Anchor::End;
        let redraw = (missing || away != scroller.away) && scroller.tries < 8;
        scroller.away = away;
        scroller.tries = if redraw { scroller.tries + 1 } else { 0 };
        redraw
    }

    fn scrolled(&self) {
        let Some(list) = self.parts.list.cast::<HtmlElement>() else { return };
        let redraw = {
            let mut scroller = self.scroller.borrow_mut();
            let scroller = &mut *scroller;
            let top = f64::from(list.scroll_top());
            let viewport = f64::from(list.client_height());
            if (viewport - scroller.viewport).abs() >= 1.0 {
                // The size has changed and nothing is in place yet: not the reader's doing.
                return;
            }
            scroller.window.scrolled(top, viewport);
            scroller.tries = 0;
            self.must_redraw(scroller, top)
        };
        self.look(&list);
        if redraw {
            self.update.force_update();
        }
    }

    /// Says what has been seen, and asks for more when the top is near.
    fn look(&self, list: &HtmlElement) {
        let mut scroller = self.scroller.borrow_mut();
        let top = f64::from(list.scroll_top());
        let thread = self.conversation.thread.as_ref();
        if top < 2.0 * scroller.viewport && thread.is_some_and(|held| held.older == Older::More) {
            self.dispatch.send(Action::WantOlder(self.conversation.id));
        }
        if !self.attentive {
            return;
        }
        let Some(last) = scroller.window.last_seen(top, scroller.viewport) else { return };
        let start = scroller.drawn.start;
        let drawn =
            (start..=last).rev().find_map(|row| *self.entries.get(row.checked_sub(start)?)?);
        if drawn > scroller.seen
            && let Some(entry) = drawn
        {
            scroller.seen = drawn;
            self.dispatch.send(Action::Seen(self.conversation.id, entry));
        }
    }
}

/// Calls `changed` whenever the list or its rows change size, until dropped.
fn observe(parts: &Parts, changed: impl Fn() + 'static) -> Option<Observed> {
    let callback = Closure::<dyn Fn()>::new(changed);
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(&parts.list.cast::<Element>()?);
    observer.observe(&parts.rows.cast::<Element>()?);
    Some(Observed { observer, _callback: callback })
}

struct Observed {
    observer: ResizeObserver,
    _callback: Closure<dyn Fn()>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
