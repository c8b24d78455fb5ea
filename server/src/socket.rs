//! One signed-in socket: a task that reads requests and writes what is in line, feeding many
//! frames and flushing once.

pub mod requests;
pub mod session;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use shared_proto::audit::Action;
use shared_proto::codec;
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, Hello, ServerEvent, ServerFrame, close};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite;

use crate::app::App;
use crate::audit;
use crate::auth::sessions;
use crate::clock;
use crate::faults::Point;
use crate::store::sessions::{Stage, TokenHash};
use session::Session;

/// Requests read in one go before what is in line is written.
const READ_AT_ONCE: usize = 32;
/// How long a socket that is closed may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Why a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The other side closed it or went away.
    Left,
    /// The server closes it with this code.
    Close(u16),
    /// Nothing was heard for too long, or nothing could be written.
    Silent,
    /// It went on sending faster than it may, however often it was told.
    Flood,
}

impl End {
    const fn reason(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Silent => "silent",
            Self::Flood => "too-fast",
            Self::Close(close::GOING_AWAY) => "going-away",
            Self::Close(close::MALFORMED) => "malformed",
            Self::Close(close::TOO_BIG) => "too-big",
            Self::Close(close::SESSION_ENDED) => "session-ended",
            Self::Close(close::PORTAL_OFF) => "portal-off",
            Self::Close(close::LOCKED) => "locked",
            Self::Close(close::TOO_SLOW) => "too-slow",
            Self::Close(close::TOO_MANY_SOCKETS) => "too-many-sockets",
            Self::Close(_) => "other",
        }
    }

    /// The code to close with; `None` where nobody listens.
    const fn code(self) -> Option<u16> {
        match self {
            Self::Left | Self::Silent => None,
            Self::Flood => Some(close::MALFORMED),
            Self::Close(code) => Some(code),
        }
    }
}

/// Serves a socket until it ends. Its session was found in the store after `revocations` was read
/// from the hub.
pub async fn serve(app: Arc<App>, session: Session, revocations: u64, socket: WebSocket) {
    let session = Arc::new(session);
    let _until_goodbye = app.hub.line();
    let mut line = Line { app, session, socket, heard: Instant::now(), excess: 0 };
    crate::faults::hold(Point::HoldJoin).await;
    line.greet();
    let joined = line.app.hub.join(&line.session, revocations);
    let end = match joined {
        Ok(checked) => {
            let (socket, person) = (line.session.id, line.session.person.id);
            tracing::info!(socket, %person, "a socket opened");
            // Boxed: rare, and its future would be part of every idle socket's.
            let looked = Box::pin(still_signed_in(&line.app, line.session.token, checked)).await;
            let end = match looked {
                Ok(()) => line.run().await,
                Err(end) => end,
            };
            line.app.hub.leave(&line.session);
            end
        }
        Err(Refusal::Stopping) => End::Close(close::GOING_AWAY),
        Err(_) => End::Close(close::TOO_MANY_SOCKETS),
    };
    line.app.metrics.socket_closed(end.reason());
    let (socket, person) = (line.session.id, line.session.person.id);
    tracing::info!(socket, %person, reason = end.reason(), "a socket ended");
    if matches!(end, End::Close(close::MALFORMED | close::TOO_BIG)) {
        crate::wary::malformed(end.reason(), socket, person);
    }
    if let Some(code) = end.code() {
        Box::pin(line.goodbye(code)).await;
    }
}

/// Looks again whether a session holds, unless that is known.
async fn still_signed_in(app: &App, token: TokenHash, known: bool) -> Result<(), End> {
    if known {
        return Ok(());
    }
    match app.check_token(token).await {
        Ok(Some(found)) if found.stage == Stage::Full => Ok(()),
        Ok(Some(_)) => Err(End::Close(close::LOCKED)),
        Ok(None) => Err(End::Close(close::SESSION_ENDED)),
        Err(error) => {
            tracing::error!(%error, "a session could not be checked again");
            Err(End::Close(close::GOING_AWAY))
        }
    }
}

/// Nobody is active any more: locks the session for good, not only for as long as the clock says
/// so, and all its sockets with it.
async fn lock(app: &App, session: &Session) {
    let record = audit::of(Action::Locked).from(session.address).to(session.person.id);
    let record = record.naming(&["idle"]);
    if let Err(error) = sessions::lock(&app.store, session.token, record).await {
        tracing::error!(%error, "that a session is locked could not be kept");
    }
    app.hub.close(session.person.id, Some(&session.token), close::LOCKED);
}

struct Line {
    app: Arc<App>,
    session: Arc<Session>,
    socket: WebSocket,
    heard: Instant,
    /// Frames beyond the rate that were not made up for.
    excess: u32,
}

impl Line {
    fn greet(&self) {
        let me = (*self.session.person).clone();
        let practice = self.app.practice.seen_by(me.role);
        let build = shared_proto::BUILD.to_owned();
        let directory = &self.app.directory;
        let row = directory.row(me.id).filter(|_| !self.session.is_restricted());
        let assigned = row.map(|row| row.assigned).unwrap_or_default();
        let assigned = assigned.iter().filter_map(|id| directory.card(*id)).collect();
        let hello = Hello { build, me, now: clock::now(), practice, assigned };
        let frame = codec::encode(&ServerFrame::Event(ServerEvent::Hello(hello)));
        self.session.say(Bytes::from(frame));
    }

    async fn run(&mut self) -> End {
        let settings = &self.app.settings;
        let (ping_every, silence) = (settings.ping, settings.silence);
        let lives = Duration::from_millis(self.session.expires_at.since(clock::now()));
        let expires = Instant::now() + lives;
        let mut next_ping = Instant::now() + ping_every;
        let wake =
            tokio::time::sleep_until(next_ping.min(expires).min(Instant::now() + self.locks_in()));
        tokio::pin!(wake);
        loop {
            tokio::select! {
                // Boxed, both: what they need while they work is no part of an idle socket.
                () = self.session.waits() => {
                    if let Err(end) = Box::pin(self.write(silence)).await {
                        return end;
                    }
                }
                message = self.socket.next() => {
                    if let Err(end) = Box::pin(self.read(message)).await {
                        return end;
                    }
                }
                () = &mut wake => {
                    let now = Instant::now();
                    if now >= expires {
                        return End::Close(close::SESSION_ENDED);
                    }
                    let locks_in = self.locks_in();
                    if locks_in.is_zero() {
                        Box::pin(lock(&self.app, &self.session)).await;
                        return End::Close(close::LOCKED);
                    }
                    if now.duration_since(self.heard) >= silence {
                        return End::Silent;
                    }
                    if now >= next_ping {
                        next_ping = now + ping_every;
                        let ping = self.socket.send(Message::Ping(Bytes::new()));
                        if !matches!(tokio::time::timeout(silence, ping).await, Ok(Ok(()))) {
                            return End::Silent;
                        }
                    }
                    let dead = self.heard + silence;
                    wake.as_mut().reset(next_ping.min(expires).min(dead).min(now + locks_in));
                }
            }
        }
    }

    /// How long until the session is locked, if nobody is active until then; zero when it is.
    fn locks_in(&self) -> Duration {
        let last = self.app.activity.last(&self.session.token, self.session.last_active);
        let left = sessions::idle_left(last, clock::now(), self.app.lasting().idle);
        Duration::from_millis(left)
    }

    /// Takes in a message and those that have arrived behind it.
    async fn read(&mut self, first: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.heard = Instant::now();
        let mut next = Some(first);
        let mut count = 0;
        while let Some(message) = next {
            match message {
                None => return Err(End::Left),
                Some(Err(error)) => return Err(ended_by(error)),
                Some(Ok(Message::Binary(bytes))) => self.request(&bytes).await?,
                Some(Ok(Message::Close(_))) => return Err(End::Left),
                Some(Ok(Message::Text(_))) => return Err(End::Close(close::MALFORMED)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    // Answered by the library; counted, so that they are no way round the limit.
                    let _ = self.within_rate()?;
                }
            }
            count += 1;
            next = if count < READ_AT_ONCE { self.socket.next().now_or_never() } else { None };
        }
        Ok(())
    }

    /// Whether the person may send one more frame now; the end, for a socket that does not heed it.
    fn within_rate(&mut self) -> Result<Result<(), Refusal>, End> {
        let within = self.app.rates.check(self.session.person.id);
        self.excess = match within {
            Ok(()) => self.excess.saturating_sub(limits::SOCKET_EXCESS_FORGIVEN),
            Err(_) => self.excess + 1,
        };
        if self.excess > limits::SOCKET_EXCESS_FRAMES { Err(End::Flood) } else { Ok(within) }
    }

    async fn request(&mut self, bytes: &[u8]) -> Result<(), End> {
        let frame: ClientFrame = codec::decode(bytes).map_err(|_| End::Close(close::MALFORMED))?;
        if let Err(refusal) = self.within_rate()? {
            crate::metrics::refused(&refusal);
            let reply = codec::reply_frame(frame.id, Err(refusal));
            self.session.say(Bytes::from(reply));
            return Ok(());
        }
        requests::handle(&self.app, &self.session, frame).await;
        Ok(())
    }

    /// Writes everything in line.
    async fn write(&mut self, silence: Duration) -> Result<(), End> {
        loop {
            let taken = self.session.take();
            if taken.frames.is_empty() && taken.close.is_none() {
                return Ok(());
            }
            let session = &self.session;
            let socket = &mut self.socket;
            let writing = async {
                for frame in taken.frames {
                    socket.feed(Message::Binary(frame)).await?;
                }
                socket.flush().await
            };
            let cut = async {
                // Stopping is patient; whoever is to go is not written to any further.
                while session.closing().is_none_or(|code| code == close::GOING_AWAY) {
                    session.waits().await;
                }
            };
            tokio::select! {
                biased;
                written = writing => written.map_err(|_| End::Left)?,
                () = cut => return Err(End::Close(session.closing().unwrap_or(close::TOO_SLOW))),
                () = tokio::time::sleep(silence) => return Err(End::Silent),
            }
            if let Some(code) = taken.close {
                return Err(End::Close(code));
            }
        }
    }

    /// Says why, and waits a moment for the other side to have heard: data that arrives after the
    /// last word would otherwise destroy it on its way.
    async fn goodbye(&mut self, code: u16) {
        let frame = CloseFrame { code, reason: "".into() };
        let last_word = async {
            let left = self.session.take().frames;
            // Whoever was cut, or may not be here any more, gets nothing of what waits.
            let ended = [close::TOO_SLOW, close::SESSION_ENDED, close::PORTAL_OFF, close::LOCKED];
            if !ended.contains(&code) {
                for frame in left {
                    self.socket.feed(Message::Binary(frame)).await.ok()?;
                }
            }
            self.socket.send(Message::Close(Some(frame))).await.ok()?;
            while let Some(Ok(message)) = self.socket.next().await {
                if matches!(message, Message::Close(_)) {
                    break;
                }
            }
            Some(())
        };
        let _ = tokio::time::timeout(GOODBYE, last_word).await;
    }
}

fn ended_by(error: axum::Error) -> End {
    use tungstenite::Error;
    let error = error.into_inner();
    tracing::debug!(%error, "a socket could not be read");
    match error.downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => End::Close(close::TOO_BIG),
        Some(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => {
            End::Left
        }
        Some(Error::Protocol(_) | Error::Utf8(_)) => End::Close(close::MALFORMED),
        _ => End::Left,
    }
}
