//! Notices: who is not there is told that there is something for them, and never what. After an entry
//! is durable the one task of [`keeper`] decides by the shared rule (`shared_proto::notice::rule`) who
//! is told of it, and keeps what is to be sent in the same commit as up to where it has decided: so
//! nothing is missed and nothing decided twice, whenever the server goes down, and no message waits.
//! One task a channel ([`queue`]) sends what waits: to a relay or gateway, or into the folder beside
//! the data directory, where [`journal`] says why, and why not.

mod behind;
mod codes;
mod email;
#[cfg(test)]
#[path = "../../tests/src/support/emulated.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod emulated;
mod exchange;
mod failure;
pub mod journal;
pub mod keeper;
mod left;
pub mod push;
pub mod queue;
pub mod reader;
mod send;
pub mod sms;
pub mod words;

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use clap::Args;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::ask::PushDevice;
use shared_proto::refusal::Refusal;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, broadcast};
use tokio::time::Instant;

pub use behind::Behind;
use codes::Codes;
pub use email::{token, whose};
pub use failure::Failure;
use journal::Journal;
use push::Push;
use push::args::PushArgs;
use push::hosts::PushHosts;
use sms::Sms;
use sms::args::SmsArgs;
use words::Words;

use crate::app::{App, StartError};
use crate::clock;
use crate::mail::Mail;
use crate::mail::outbox::Outbox;
use crate::store::engine::Batch;
use crate::store::{Store, keys};

/// Flags about notices.
#[derive(Args, Clone, Debug)]
pub struct NoticeArgs {
    /// Notices sent by email a second, at most
    #[arg(long, env = "QUIETROOM_EMAIL_PER_SECOND", default_value = "10")]
    pub email_per_second: NonZeroU32,
    /// Notices sent by text message a second, at most
    #[arg(long, env = "QUIETROOM_SMS_PER_SECOND", default_value = "5")]
    pub sms_per_second: NonZeroU32,
    /// Notices pushed to browsers a second, at most
    #[arg(long, env = "QUIETROOM_PUSH_PER_SECOND", default_value = "50")]
    pub push_per_second: NonZeroU32,
    /// Text messages
    #[command(flatten)]
    pub sms: SmsArgs,
    /// Pushes
    #[command(flatten)]
    pub push: PushArgs,
    /// Decide and send no notices: for measurements of the rest
    #[arg(long, env = "QUIETROOM_NO_NOTICES", hide = true)]
    pub no_notices: bool,
    /// How long somebody counts as there after they were active, in milliseconds
    #[arg(
        long,
        env = "QUIETROOM_NOTICE_ACTIVE_MS",
        default_value_t = limits::NOTICE_PATIENCE_MS,
        hide = true
    )]
    pub notice_active_ms: u64,
    /// How long to wait before a notice that was not taken is tried again, in milliseconds; doubles
    #[arg(
        long,
        env = "QUIETROOM_NOTICE_RETRY_MS",
        default_value_t = limits::NOTICE_RETRY_MS,
        hide = true
    )]
    pub notice_retry_ms: u64,
    /// How long an hour is that a reminder waits, in milliseconds
    #[arg(long, env = "QUIETROOM_NOTICE_HOUR_MS", default_value_t = 3_600_000, hide = true)]
    pub notice_hour_ms: u64,
}

/// What became of notices, kept for whoever waits for one; older ones are missed.
const OUTCOMES: usize = 256;

/// What is kept of notices while the server runs.
pub struct Notices {
    /// How long somebody counts as there after they were active, in milliseconds.
    pub patience_ms: u64,
    /// The first wait before what was not taken is tried again.
    pub first_wait: Duration,
    /// What an hour of a reminder takes, in milliseconds.
    pub hour_ms: u64,
    /// When this server started: until it knows who is there, everyone is.
    pub started: Instant,
    /// The folder that notices without a way out go to, and what says why.
    pub folder: Outbox,
    /// What says why.
    pub journal: Journal,
    /// Codes that were sent to mobile numbers.
    pub codes: Codes,
    /// Held by whoever changes what somebody has been told.
    pub records: Mutex<()>,
    stopping: AtomicBool,
    became: broadcast::Sender<([u8; 16], Became)>,
    sms: Option<Sms>,
    push: Option<Push>,
    push_hosts: PushHosts,
    push_key: Vec<u8>,
    channels: [Line; 3],
    /// How fast notices may go into the folder.
    filing: DefaultDirectRateLimiter,
}

/// What came of a try to send a notice.
#[derive(Clone, Debug)]
pub enum Became {
    /// It went there.
    Sent(String),
    /// It is tried again, and why.
    Waits(String),
    /// It does not go, and why.
    Not(String),
}

/// One channel.
struct Line {
    due: Notify,
    urgent: Notify,
    /// How many wait to be sent.
    waiting: AtomicI64,
    /// How fast they may go out.
    pace: DefaultDirectRateLimiter,
}

impl Line {
    fn at(per_second: NonZeroU32) -> Self {
        Self {
            due: Notify::new(),
            urgent: Notify::new(),
            waiting: AtomicI64::new(0),
            pace: RateLimiter::direct(Quota::per_second(per_second)),
        }
    }
}

/// How fast notices may go into the folder, and no more at once than are under way.
fn filing() -> DefaultDirectRateLimiter {
    const FILES: NonZeroU32 = NonZeroU32::new(limits::NOTICE_FILES_PER_SECOND).unwrap();
    const AT_ONCE: NonZeroU32 = NonZeroU32::new(limits::NOTICES_UNDERWAY as u32).unwrap();
    RateLimiter::direct(Quota::per_second(FILES).allow_burst(AT_ONCE))
}

impl Notices {
    /// As the flags say; what has no way out goes into `mail`'s folder. `push_secret` is the key the
    /// practice pushes with, and `url` where people reach this server.
    ///
    /// # Errors
    /// When a setting cannot be sent with, or the folder cannot be used.
    pub fn open(
        args: &NoticeArgs,
        (mail, data): (&Mail, &Path),
        push_secret: &[u8; 32],
        url: &str,
    ) -> Result<Self, StartError> {
        let folder = mail.folder(data)?;
        let sms = Sms::open(&args.sms, url)?;
        let push = Push::open(&args.push, push_secret)?;
        let push_key = push::public(push_secret).ok_or("the key pushes are signed with is none")?;
        Ok(Self {
            sms,
            push,
            push_hosts: args.push.hosts()?,
            push_key,
            patience_ms: args.notice_active_ms,
            first_wait: Duration::from_millis(args.notice_retry_ms.max(1)),
            hour_ms: args.notice_hour_ms.max(1),
            started: Instant::now(),
            journal: Journal::beside(folder.path()),
            folder,
            codes: Codes::default(),
            records: Mutex::new(()),
            stopping: AtomicBool::new(false),
            became: broadcast::channel(OUTCOMES).0,
            channels: [
                Line::at(args.email_per_second),
                Line::at(args.sms_per_second),
                Line::at(args.push_per_second),
            ],
            filing: filing(),
        })
    }

    /// So many more wait on a channel, and are sent soon.
    pub fn wait(&self, channel: Channel, count: usize) {
        let line = &self.channels[channel.place()];
        line.waiting.fetch_add(i64::try_from(count).unwrap_or(i64::MAX), Ordering::Relaxed);
        line.due.notify_one();
    }

    /// So many do not wait on a channel any more.
    pub fn done(&self, channel: Channel, count: usize) {
        let line = &self.channels[channel.place()];
        line.waiting.fetch_sub(i64::try_from(count).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// How many wait on a channel.
    #[must_use]
    pub fn waiting(&self, channel: Channel) -> usize {
        let waiting = self.channels[channel.place()].waiting.load(Ordering::Relaxed);
        usize::try_from(waiting).unwrap_or(0)
    }

    /// Somebody asks for what waits on a channel, or was set aside, to be sent now.
    pub fn hurry(&self, channel: Channel) {
        self.channels[channel.place()].urgent.notify_one();
    }

    /// Nothing more is to be begun.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        for line in &self.channels {
            line.urgent.notify_one();
        }
    }

    /// Whether nothing more is to be begun.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Whether notices on a channel go out, rather than into the folder.
    #[must_use]
    pub fn has_way_out(&self, mail: &Mail, channel: Channel) -> bool {
        match channel {
            Channel::Email => !mail.is_folder(),
            Channel::Sms => self.sms.is_some(),
            Channel::Push => self.push.is_some(),
        }
    }

    /// Whether notices go this way at all: out, or as long as there is no way out on any channel, into
    /// the folder, so that everything can be tried.
    #[must_use]
    pub fn offers(&self, mail: &Mail, channel: Channel) -> bool {
        let goes_out = |channel| self.has_way_out(mail, channel);
        goes_out(channel) || !Channel::ALL.into_iter().any(goes_out)
    }

    /// Tells whoever waits for it what became of a notice; nobody may be.
    fn tell(&self, id: [u8; 16], outcome: &queue::Outcome) {
        let became = match outcome {
            queue::Outcome::Sent(shown) => Became::Sent(shown.clone()),
            queue::Outcome::Waits(_, problem, _) => Became::Waits(problem.clone()),
            queue::Outcome::Held(..) => Became::Waits("quiet hours".to_owned()),
            queue::Outcome::Left => return,
            queue::Outcome::NoLonger(why, _) => Became::Not(journal::why(*why).to_owned()),
            queue::Outcome::SetAside(problem) => Became::Not(problem.clone()),
        };
        let _ = self.became.send((id, became));
    }

    /// What comes of every notice from now on.
    #[must_use]
    pub fn became(&self) -> broadcast::Receiver<([u8; 16], Became)> {
        self.became.subscribe()
    }

    /// Where notices on a channel go, for the operator.
    #[must_use]
    pub fn shown(&self, mail: &Mail, channel: Channel) -> String {
        let folder = || self.folder.path().display().to_string();
        match channel {
            Channel::Email => mail.shown().to_owned(),
            Channel::Sms => self.sms.as_ref().map_or_else(folder, Sms::shown),
            Channel::Push if self.push.is_some() => "browsers' push services".to_owned(),
            Channel::Push => folder(),
        }
    }

    /// The key this practice pushes with, uncompressed P-256.
    #[must_use]
    pub fn push_key(&self) -> &[u8] {
        &self.push_key
    }

    /// Whether a browser may be pushed to.
    ///
    /// # Errors
    /// `Invalid { field: PushDevice }`.
    pub fn check_device(&self, device: &PushDevice) -> Result<(), Refusal> {
        self.push_hosts.check(device)
    }

    /// Whether an answer to a text message comes back here. In the folder it is as it would be.
    #[must_use]
    pub fn hears_stop(&self) -> bool {
        self.sms.as_ref().is_none_or(Sms::hears_stop)
    }

    /// Whether the gateway for text messages has signed a request.
    #[must_use]
    pub fn is_signed(&self, url: &str, fields: &[(String, String)], signature: &str) -> bool {
        self.sms.as_ref().is_some_and(|sms| sms.signed(url, fields, signature))
    }

    /// Until something new waits on a channel, or while it is `paused` until somebody asks for it.
    async fn woken(&self, channel: Channel, paused: bool) {
        let line = &self.channels[channel.place()];
        tokio::select! {
            () = line.urgent.notified() => {}
            () = line.due.notified(), if !paused => {}
        }
    }

    /// Until the next may go: out, or into the folder.
    async fn pace(&self, channel: Channel, goes_out: bool) {
        let line = &self.channels[channel.place()];
        let pace = if goes_out { &line.pace } else { &self.filing };
        pace.until_ready().await;
    }
}

/// Sends a code to a mobile number, at once.
///
/// # Errors
/// Why it was not taken.
pub async fn send_code(app: &App, number: &str, code: &str, language: &str) -> Result<(), Failure> {
    if app.notices.has_way_out(&app.mail, Channel::Sms) {
        app.notices.pace(Channel::Sms, true).await;
    }
    let text = Words::of(language).code(code);
    let name = format!("{:013}-code-{}", clock::now().0, queue::hex(&rand::random()));
    send::text(app, &name, number, &text, None).await.map(|_| ())
}

/// Decides who is told, and sends what waits, until the server stops.
pub async fn run(app: Arc<App>) {
    for channel in Channel::ALL {
        if let Err(error) = queue::count(&app, channel).await {
            tracing::warn!(%error, "waiting notices could not be counted");
        }
    }
    let senders = Channel::ALL.map(|channel| queue::run(Arc::clone(&app), channel));
    let deciding = async {
        keeper::run(Arc::clone(&app)).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        // What it has not decided it decides after the next start.
        () = deciding => {}
        // These end by themselves when the server stops.
        _ = futures_util::future::join_all(senders) => {}
    }
}

/// The key this practice pushes with (RFC 8292), made at the first start. Blocks.
///
/// # Errors
/// When it does not open, or could not be made durable.
pub fn push_secret(store: &Store) -> Result<[u8; 32], StartError> {
    let key = keys::push_key();
    if let Some(secret) = store.get(&key, "push key")? {
        return Ok(secret);
    }
    let secret = push::new_key();
    let put = vec![(key.clone(), store.seal(&key, &secret))];
    Handle::current().block_on(store.commit(Batch { put, ..Batch::default() }))?;
    Ok(secret)
}
