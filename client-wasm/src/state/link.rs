//! The socket as the state sees it: connecting, live, waiting to try again; and the session it
//! depends on.

use shared_proto::http;
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::practice::Practice;
use shared_proto::wire::{Hello, close};

use crate::backoff;
use crate::shared::Shared;

use super::outbox::Stage;
use super::{Effect, Env, Session, State, Timer};
use crate::protocol::Request;

/// "Closed without a close frame" (RFC 6455, 7.1.5).
pub const ABNORMAL: u16 = 1006;

/// Where the socket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not wanted: nobody is signed in.
    Off,
    /// On its way.
    Connecting,
    /// The server said hello.
    Live,
    /// Lost; another try is due.
    Waiting,
}

/// The socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it stands.
    pub phase: Phase,
    /// Whether the browser says there is a network.
    pub online: bool,
    /// The server refused one more window of this person.
    pub too_many: bool,
    /// Tries since it was last live.
    attempt: u32,
    /// Number of the newest socket; frames of others are ignored.
    socket: u32,
}

/// What the person is told about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// Trying again by itself.
    Reconnecting,
    /// No network.
    Offline,
    /// Open in too many windows.
    TooManyWindows,
    /// A newer build is there.
    Outdated,
}

impl Default for Link {
    fn default() -> Self {
        Self { phase: Phase::Off, online: true, too_many: false, attempt: 0, socket: 0 }
    }
}

impl Link {
    /// Whether requests can be sent.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }

    /// Whether socket number `socket` is the newest.
    #[must_use]
    pub fn is_current(&self, socket: u32) -> bool {
        self.socket == socket
    }
}

impl State {
    /// What the person is told about the connection, if anything.
    #[must_use]
    pub fn banner(&self) -> Option<Banner> {
        self.me()?;
        let lost = !self.link.is_live() && self.link.attempt > 0;
        if !self.link.online && !self.link.is_live() {
            Some(Banner::Offline)
        } else if lost && self.link.too_many {
            Some(Banner::TooManyWindows)
        } else if lost {
            Some(Banner::Reconnecting)
        } else if self.outdated {
            Some(Banner::Outdated)
        } else {
            None
        }
    }

    pub(super) fn session_answered(&mut self, env: Env, answer: Option<http::Session>) {
        match answer {
            Some(http::Session::SignedIn { practice, me }) => {
                self.practice = practice;
                let same = self.me().is_some_and(|here| here.id == me.id);
                if !same {
                    self.signed_in(me);
                }
                self.factor_required = false;
            }
            Some(http::Session::FactorRequired { practice, me }) => {
                self.practice = practice;
                let same = self.me().is_some_and(|here| here.id == me.id);
                if !same {
                    self.signed_in(me);
                }
                self.factor_required = true;
            }
            Some(http::Session::Locked { practice, me }) => {
                self.practice = practice;
                self.locked(me);
            }
            Some(http::Session::SignedOut { practice }) => {
                self.practice = practice;
                match self.session {
                    Session::SignedIn(_) | Session::Locked(_) => self.session_ended(),
                    Session::SignedOut { .. } | Session::PortalOff => {}
                    _ => self.session = Session::SignedOut { ended: false },
                }
            }
            Some(http::Session::SetUpNeeded) => {
                self.turn_off();
                self.forget_contents();
                self.session = Session::SetUpNeeded;
            }
            // While somebody is signed in the socket's own tries go on.
            None if matches!(self.session, Session::Starting | Session::Unreachable) => {
                self.session = Session::Unreachable;
                self.link.attempt = self.link.attempt.saturating_add(1);
                let wait = backoff::delay_ms(self.link.attempt, env.random);
                self.effects.push(Effect::After(wait, Timer::AskSession));
            }
            None => {}
        }
    }

    pub(super) fn signed_in(&mut self, me: PersonCard) {
        if self.kept_for != Some(me.id) {
            self.drafts.clear();
            self.calling.clear();
            self.outbox = Shared::default();
            self.forget_files();
        }
        self.forget_contents();
        self.kept_for = Some(me.id);
        self.session = Session::SignedIn(me);
        self.factor_required = false;
        self.link.attempt = 0;
        self.link.too_many = false;
        self.connect();
    }

    pub(super) fn signed_out(&mut self) {
        self.turn_off();
        self.forget_contents();
        self.drafts.clear();
        self.calling.clear();
        self.outbox = Shared::default();
        self.forget_files();
        self.kept_for = None;
        self.session = Session::SignedOut { ended: false };
    }

    /// As when the session ended; the same person goes on with their password.
    fn locked(&mut self, me: PersonCard) {
        self.turn_off();
        self.forget_contents();
        self.session = Session::Locked(me);
    }

    /// Contents leave the screen and memory; what was not sent waits for the same person.
    fn session_ended(&mut self) {
        self.turn_off();
        self.forget_contents();
        self.session = Session::SignedOut { ended: true };
    }

    fn turn_off(&mut self) {
        if self.link.phase != Phase::Off {
            self.link.phase = Phase::Off;
            self.link.socket += 1;
            self.lost();
            self.effects.push(Effect::Disconnect);
        }
    }

    fn connect(&mut self) {
        self.link.phase = Phase::Connecting;
        self.link.socket += 1;
        self.effects.push(Effect::Connect(self.link.socket));
    }

    pub(super) fn hello(&mut self, env: Env, hello: Hello) {
        if self.me().is_none_or(|me| me.id != hello.me.id) {
            // Another window signed somebody else in.
            self.signed_in(hello.me);
            return;
        }
        // Their name or role may be another since the page was loaded.
        self.session = Session::SignedIn(hello.me);
        self.link.phase = Phase::Live;
        self.link.attempt = 0;
        self.link.too_many = false;
        self.practice_is(hello.practice);
        self.assigned = hello.assigned;
        self.watch_for_silence(env);
        self.outdated = hello.build != shared_proto::BUILD;
        self.clock_is(hello.now);
        // It may be another meanwhile.
        self.sound = None;
        self.refresh_inbox();
        self.resume_threads();
        self.ask_creating();
        self.ask_desk();
        self.find_again();
        self.flush_all_marks(env);
        self.save_drafts();
        self.pump(env);
        self.ask_called();
        self.ask_cancelled();
        self.pump_files(env);
    }

    pub(super) fn practice_is(&mut self, practice: Practice) {
        self.policies = practice.settings.policies;
        self.practice = practice.settings.name;
        self.idle_ms = u64::from(practice.settings.idle_minutes) * 60_000;
    }

    /// The person is there: the server is told, which counts for all their windows.
    pub(super) fn active(&mut self, env: Env) {
        self.active_at = env.now;
        self.ask(Request::Active);
    }

    /// While the line is there the server locks; without it this page does so by itself.
    fn watch_for_silence(&mut self, env: Env) {
        if self.active_at == 0 {
            // The first time here: they have just signed in or loaded the page.
            self.active_at = env.now;
            self.effects.push(Effect::After(self.silence_left(env), Timer::Idle));
        }
    }

    /// Activity is said every so often only, so it may be that much younger than it is known.
    fn silence_left(&self, env: Env) -> u64 {
        let allowed = self.idle_ms.saturating_add(limits::ACTIVE_EVERY_MS);
        allowed.saturating_sub(env.now.saturating_sub(self.active_at))
    }

    pub(super) fn idle_elapsed(&mut self, env: Env) {
        self.lock_if_silent(env);
        if self.me().is_some() {
            let wait = self.silence_left(env).max(limits::ACTIVE_EVERY_MS);
            self.effects.push(Effect::After(wait, Timer::Idle));
        } else {
            self.active_at = 0;
        }
    }

    fn lock_if_silent(&mut self, env: Env) {
        if self.link.is_live() || self.silence_left(env) > 0 {
            return;
        }
        if let Some(me) = self.me().cloned() {
            self.locked(me);
        }
    }

    pub(super) fn closed(&mut self, env: Env, code: u16) {
        let Some(me) = self.me().cloned() else { return };
        let was_live = self.link.is_live();
        self.link.phase = Phase::Waiting;
        self.lost();
        self.marks_lost(env);
        if code == close::SESSION_ENDED {
            self.session_ended();
            return;
        }
        if code == close::LOCKED {
            return self.locked(me);
        }
        if code == close::PORTAL_OFF {
            self.session_ended();
            self.session = Session::PortalOff;
            return;
        }
        self.link.attempt = self.link.attempt.saturating_add(1);
        self.link.too_many = code == close::TOO_MANY_SOCKETS;
        if self.link.too_many {
            // The other windows will not close within a second: no hurry.
            self.link.attempt = self.link.attempt.max(6);
        }
        if !was_live && self.link.online {
            // A browser does not say why a connection failed; the session may have ended.
            self.effects.push(Effect::AskSession);
        }
        let wait = backoff::delay_ms(self.link.attempt, env.random);
        self.effects.push(Effect::After(wait, Timer::Connect(self.link.socket)));
    }

    pub(super) fn connect_elapsed(&mut self, socket: u32) {
        if self.link.phase == Phase::Waiting && self.link.is_current(socket) {
            self.connect();
        }
    }

    pub(super) fn try_now(&mut self) {
        match self.session {
            // A try that is under way may be lost in a network that is gone: it starts anew.
            Session::SignedIn(_)
                if matches!(self.link.phase, Phase::Waiting | Phase::Connecting) =>
            {
                self.connect();
            }
            Session::Unreachable => self.effects.push(Effect::AskSession),
            _ => {}
        }
    }

    pub(super) fn network(&mut self, online: bool) {
        self.link.online = online;
        if online {
            self.try_now();
        }
    }

    pub(super) fn attention(&mut self, env: Env, attentive: bool) {
        // Timers stand still in a device that sleeps.
        self.lock_if_silent(env);
        let came = attentive && !self.attentive;
        self.attentive = attentive;
        if came {
            // Coming back is no reason to give up a try that is under way.
            if self.link.phase != Phase::Connecting {
                self.try_now();
            }
        } else if !attentive && let Some(open) = self.open {
            // What arrives from now on is new when the person comes back.
            // What is still unread stays new.
            if let Some(shown) = self.conversation_mut(open)
                && shown.unread == 0
                && let Some(thread) = &mut shown.thread
            {
                thread.divider = None;
            }
        }
    }

    /// What depended on the socket waits for the next.
    fn lost(&mut self) {
        self.requests.forget();
        self.drafts_lost();
        self.files_lost();
        for inbox in [&mut self.inbox, &mut self.archive] {
            inbox.asked = false;
            inbox.waits = None;
        }
        self.search.asked = false;
        let mut waiting = self.outbox.clone();
        if waiting.iter().any(|item| item.stage == Stage::InFlight) {
            for item in waiting.make_mut() {
                if item.stage == Stage::InFlight {
                    item.stage = Stage::Waiting;
                }
            }
            self.outbox = waiting;
        }
        for conversation in self.conversations.values_mut() {
            if conversation.thread.is_some() || !conversation.here.is_empty() {
                conversation.make_mut().lost();
            }
        }
    }
}
