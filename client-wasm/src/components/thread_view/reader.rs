//! The part of the list that touches the page: measures what was drawn, keeps the anchor in place,
//! says what has been seen. Heights are set by CSSOM: the content policy allows no style attributes.
//!
//! What was drawn has to be settled before the browser does anything else. An effect comes too late
//! for that: on a slow device Yew gives way to the browser between drawing and its effects, which
//! then tells of a scroll position that belongs to the rows before, and the anchor would follow it.
//! A mutation observer is called in the same breath as the change.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use shared_proto::id::EntryId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};
use yew::{NodeRef, UseForceUpdateHandle};

use crate::browser;
use crate::hooks::store::Dispatch;
use crate::shared::Shared;
use crate::state::around::END;
use crate::state::{Action, Conversation, Older, Thread};
use crate::thread::{Item, Key};
use crate::window::{Anchor, OVERSCAN, Window};

/// What the list remembers between two drawings.
#[derive(Default)]
pub(super) struct Scroller {
    rows: Option<Rc<Vec<Item>>>,
    window: Window<Key>,
    drawn: Range<usize>,
    viewport: f64,
    width: f64,
    seen: Option<EntryId>,
    started: bool,
    /// Which entry the list was opened at, the last time it was.
    aimed: Option<u32>,
    tries: u8,
    /// Whether the reader is anywhere but at the end.
    pub(super) away: bool,
}

/// The elements of the list.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Parts {
    /// What is scrolled.
    pub list: NodeRef,
    /// Stands for the rows before those drawn.
    pub above: NodeRef,
    /// The rows drawn.
    pub rows: NodeRef,
    /// Stands for the rows after those drawn.
    pub below: NodeRef,
}

impl Scroller {
    /// Takes the rows as they are now, and says which to draw.
    pub(super) fn take(&mut self, rows: &Rc<Vec<Item>>, thread: Option<&Thread>) -> Range<usize> {
        self.window.set_cut(thread.is_some_and(Thread::is_cut));
        if !self.rows.as_ref().is_some_and(|before| Rc::ptr_eq(before, rows)) {
            self.rows = Some(Rc::clone(rows));
            self.take_new(rows);
        }
        let viewport = if self.viewport > 0.0 { self.viewport } else { 900.0 };
        if let Some((entry, number)) = thread.and_then(|thread| thread.aimed)
            && self.aimed != Some(number)
        {
            let row = rows.iter().find(|row| row.entry() == Some(entry));
            let anchor = row.map(|row| Anchor::Row(row.key(), viewport / 3.0));
            if let Some(anchor) = anchor.or((entry == END).then_some(Anchor::End)) {
                self.aimed = Some(number);
                self.window.set_anchor(anchor);
            }
        }
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

/// What one drawing of the list knows.
#[derive(Clone)]
pub(super) struct Reader {
    /// Shared by all drawings.
    pub scroller: Rc<RefCell<Scroller>>,
    /// The elements.
    pub parts: Parts,
    /// Draws again.
    pub update: UseForceUpdateHandle,
    /// The door for change.
    pub dispatch: Dispatch,
    /// What is drawn.
    pub conversation: Shared<Conversation>,
    /// Whether somebody looks.
    pub attentive: bool,
    /// The entries of the rows drawn.
    pub entries: Vec<Option<EntryId>>,
}

impl Reader {
    /// Goes to the newest message and stays there.
    pub(super) fn to_the_end(&self) {
        self.scroller.borrow_mut().window.set_anchor(Anchor::End);
        self.settle();
    }

    /// After drawing or a change of size: measures, keeps the anchor in place, draws again when
    /// other rows have come into view.
    pub(super) fn settle(&self) {
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
                browser::set_style(&space, "height", &browser::pixels(height));
            }
        }
    }

    /// Whether rows that are in view, or nearly, are not drawn. Bounded: heights that will not
    /// settle must not draw for ever.
    fn must_redraw(&self, scroller: &mut Scroller, top: f64) -> bool {
        let near = scroller.window.slice(top, scroller.viewport, OVERSCAN / 2.0);
        let missing = near.start < scroller.drawn.start || near.end > scroller.drawn.end;
        if !missing && scroller.window.is_end(top, scroller.viewport) {
            // A divider near the end is there as well: what comes next is followed.
            scroller.window.set_anchor(Anchor::End);
        }
        let away = scroller.window.anchor() != Anchor::End;
        let redraw = (missing || away != scroller.away) && scroller.tries < 8;
        scroller.away = away;
        scroller.tries = if redraw { scroller.tries + 1 } else { 0 };
        redraw
    }

    /// The reader scrolled, or the browser tells of what `settle` did.
    pub(super) fn scrolled(&self) {
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
            scroller.window.scrolled(top, viewport, Key::stays);
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
        let left = scroller.window.total() - top - scroller.viewport;
        if left < scroller.viewport && thread.is_some_and(|held| held.newer == Older::More) {
            self.dispatch.send(Action::WantNewer(self.conversation.id));
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

/// Calls `changed` whenever the rows are drawn anew, and whenever they or the list change size,
/// until dropped.
pub(super) fn observe(parts: &Parts, changed: impl Fn() + 'static) -> Option<Observed> {
    let callback = Closure::<dyn Fn()>::new(changed);
    let function = callback.as_ref().unchecked_ref();
    let sizes = ResizeObserver::new(function).ok()?;
    let changes = MutationObserver::new(function).ok()?;
    let (list, rows) = (parts.list.cast::<Element>()?, parts.rows.cast::<Element>()?);
    sizes.observe(&list);
    sizes.observe(&rows);
    let everything = MutationObserverInit::new();
    everything.set_child_list(true);
    everything.set_subtree(true);
    everything.set_character_data(true);
    changes.observe_with_options(&rows, &everything).ok()?;
    Some(Observed { sizes, changes, _callback: callback })
}

/// Observes until dropped.
pub(super) struct Observed {
    sizes: ResizeObserver,
    changes: MutationObserver,
    _callback: Closure<dyn Fn()>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.sizes.disconnect();
        self.changes.disconnect();
    }
}
