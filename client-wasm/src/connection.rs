//! The socket: opens it, listens to it, keeps it alive, and says what happened. What to send and
//! when to try again is decided in `state/link.rs`.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use js_sys::{ArrayBuffer, Uint8Array};
use shared_proto::{http, limits};
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};
use yew::Callback;

use crate::browser;
use crate::dates::now;
use crate::heartbeat::{Beat, Heartbeat};
use crate::protocol::{self, Frame, Request};
use crate::state::Action;
use crate::state::link::ABNORMAL;

/// How often the heartbeat is looked at, in milliseconds.
const CHECK_MS: u32 = 2_000;
/// Ids of the heartbeat's own requests; the state counts in the lower half.
const PING_ID: u32 = 0x8000_0000;

/// One socket at a time.
#[derive(Clone)]
pub struct Connection {
    open: Rc<RefCell<Option<Open>>>,
    tell: Callback<Action>,
}

struct Open {
    number: u32,
    socket: WebSocket,
    heart: Rc<RefCell<Heartbeat>>,
    _listeners: [EventListener; 2],
    _interval: Interval,
}

impl Drop for Open {
    fn drop(&mut self) {
        // It may be closed already.
        let _ = self.socket.close();
    }
}

impl Connection {
    /// Says through `tell` what happens.
    #[must_use]
    pub fn new(tell: Callback<Action>) -> Self {
        Self { open: Rc::default(), tell }
    }

    /// Opens socket `number` in place of any other.
    pub fn connect(&self, number: u32) {
        self.disconnect();
        let Some(socket) = open_socket() else {
            self.tell.emit(Action::Closed(number, ABNORMAL));
            return;
        };
        let heart = Rc::new(RefCell::new(Heartbeat::start(now().0)));
        let this = self.clone();
        let listening_heart = Rc::clone(&heart);
        let message = EventListener::new(&socket, "message", move |event| {
            listening_heart.borrow_mut().heard(now().0);
            let data = event.unchecked_ref::<MessageEvent>().data();
            let frame = data
                .dyn_ref::<ArrayBuffer>()
                .and_then(|buffer| Frame::read(&Uint8Array::new(buffer).to_vec()).ok());
            match frame {
                Some(frame) => this.tell.emit(Action::Frame(number, frame)),
                // Not our server, or a build that speaks another language.
                None => this.drop_later(number),
            }
        });
        let tell = self.tell.clone();
        let close = EventListener::once(&socket, "close", move |event| {
            let code = event.unchecked_ref::<CloseEvent>().code();
            tell.emit(Action::Closed(number, code));
        });
        let this = self.clone();
        let interval = Interval::new(CHECK_MS, move || this.check(number));
        *self.open.borrow_mut() =
            Some(Open { number, socket, heart, _listeners: [message, close], _interval: interval });
    }

    /// Closes the socket, silently.
    pub fn disconnect(&self) {
        self.open.borrow_mut().take();
    }

    /// Sends a frame. One that cannot be sent is lost with its socket, which closes.
    pub fn send(&self, frame: &[u8]) {
        // One that is closing says so in the console, of which nobody has anything.
        if let Some(open) = &*self.open.borrow()
            && open.socket.ready_state() == WebSocket::OPEN
        {
            let _ = open.socket.send_with_u8_array(frame);
        }
    }

    /// Looks at the heartbeat now: the page came back after a while.
    pub fn check_now(&self) {
        let number = self.open.borrow().as_ref().map(|open| open.number);
        if let Some(number) = number {
            self.check(number);
        }
    }

    /// The network may have gone: asks at once whether the line is alive.
    pub fn doubt(&self) {
        let asks = match &*self.open.borrow() {
            Some(open) => open.heart.borrow_mut().doubt(now().0),
            None => false,
        };
        if asks {
            self.ping();
        }
    }

    fn ping(&self) {
        self.send(&protocol::frame(PING_ID, &Request::Ping.body()));
    }

    fn check(&self, number: u32) {
        let beat = match &*self.open.borrow() {
            Some(open) if open.number == number => open.heart.borrow_mut().check(now().0),
            _ => return,
        };
        match beat {
            Beat::Fine => {}
            Beat::Ping => self.ping(),
            Beat::Dead => self.drop_later(number),
        }
    }

    /// Gives socket `number` up. Later, because a listener must not drop itself.
    fn drop_later(&self, number: u32) {
        let this = self.clone();
        gloo::timers::callback::Timeout::new(0, move || {
            let is_current = this.open.borrow().as_ref().is_some_and(|open| open.number == number);
            if is_current {
                this.disconnect();
                this.tell.emit(Action::Closed(number, ABNORMAL));
            }
        })
        .forget();
    }
}

fn open_socket() -> Option<WebSocket> {
    let location = browser::window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let address = format!("{scheme}://{}{}", location.host().ok()?, http::LIVE);
    let socket = WebSocket::new_with_str(&address, limits::SUBPROTOCOL).ok()?;
    socket.set_binary_type(BinaryType::Arraybuffer);
    Some(socket)
}
