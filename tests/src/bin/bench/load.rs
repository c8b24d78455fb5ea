//! Conversations under load: one sender in each, everyone in it listening, in a closed loop or at
//! a steady rate.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use shared_proto::id::{ConversationId, EntryId};
use tokio::net::TcpStream;

use crate::frames::{Draft, Ear, Tongue, between, hear, now};
use crate::process::{Server, own_cpu};
use crate::samples::Samples;
use crate::sockets::{open_all, show};
use crate::wire::{Door, Wire};

/// How long what is in flight may take to arrive after the last message was sent.
const DRAIN: Duration = Duration::from_secs(10);
/// Messages of one sender whose time of sending is remembered.
const REMEMBERED: usize = 1_024;

/// A conversation; who comes first sends.
#[derive(Clone, Debug)]
pub struct Room {
    /// Which.
    pub id: ConversationId,
    /// Everyone in it.
    pub doors: Vec<Door>,
}

/// How senders send.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// Each the next message when one of its own has come back.
    Closed {
        /// Messages each keeps on their way.
        in_flight: usize,
    },
    /// All in turn, so many a second together, whatever comes back.
    Steady {
        /// Messages a second.
        per_second: u32,
    },
}

/// Who is loaded, and how.
pub struct Load<'a> {
    /// The server.
    pub server: &'a Server,
    /// What it speaks.
    pub tongue: Tongue,
    /// The conversations.
    pub rooms: &'a [Room],
    /// How senders send.
    pub pace: Pace,
    /// Load before measuring.
    pub warm_up: Duration,
    /// How long it is measured.
    pub window: Duration,
}

/// What came of it, within the window unless said otherwise.
#[derive(Debug, Default)]
pub struct Measured {
    /// How long the window really was.
    pub elapsed: Duration,
    /// Messages that came back to their sender.
    pub messages: u64,
    /// Messages that came to anyone, the sender among them.
    pub deliveries: u64,
    /// Processor time of the server.
    pub server_cpu: Duration,
    /// Processor time of the load.
    pub own_cpu: Duration,
    /// From sending until the server said that it is durable.
    pub acknowledged: Samples,
    /// From sending until it came to somebody else.
    pub delivered: Samples,
    /// Messages refused, over the whole run.
    pub refused: u64,
    /// Deliveries that never came, over the whole run.
    pub missing: u64,
    /// Messages sent, over the whole run.
    pub sent: u64,
    /// Processor time of the server from the start of the run until all it put off was done.
    pub whole_cpu: Duration,
}

impl Measured {
    /// Messages a second.
    pub fn rate(&self) -> f64 {
        self.messages as f64 / self.elapsed.as_secs_f64()
    }

    /// Processor time of the server for one delivery, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / self.deliveries as f64
    }

    /// Processor time of the server for one delivery over the whole run and all that was put off
    /// in it, to `members` each, in microseconds.
    pub fn whole_cpu_us(&self, members: usize) -> f64 {
        self.whole_cpu.as_secs_f64() * 1e6 / (self.sent * members as u64) as f64
    }

    /// Processor time of the load for one delivery, in microseconds.
    pub fn own_cpu_us(&self) -> f64 {
        self.own_cpu.as_secs_f64() * 1e6 / self.deliveries as f64
    }
}

/// What the tasks of a run share.
#[derive(Default)]
struct Stage {
    sending: AtomicBool,
    measuring: AtomicBool,
}

/// What one socket has counted.
#[derive(Default)]
struct Counters {
    sent: AtomicU64,
    heard: AtomicU64,
    refused: AtomicU64,
}

/// What a sender needs to send, from its own task or from the one that keeps the pace.
struct Sender {
    stream: Arc<TcpStream>,
    draft: Mutex<(Draft, [u8; 16])>,
    sent_at: [AtomicU64; REMEMBERED],
    counters: Arc<Counters>,
}

impl Sender {
    fn new(wire: &Wire, draft: Draft, held: EntryId, counters: &Arc<Counters>) -> Arc<Self> {
        Arc::new(Self {
            stream: Arc::clone(&wire.stream),
            draft: Mutex::new((draft, *held.as_bytes())),
            sent_at: [const { AtomicU64::new(0) }; REMEMBERED],
            counters: Arc::clone(counters),
        })
    }

    /// The next message into `bytes`.
    fn write(&self, bytes: &mut Vec<u8>) {
        let at = now();
        let mut draft = self.draft.lock().unwrap_or_else(PoisonError::into_inner);
        let (draft, held) = &mut *draft;
        let (frame, id) = draft.at(at, held);
        self.sent_at[usize::from(id) % REMEMBERED].store(at, Ordering::Relaxed);
        bytes.extend_from_slice(frame);
        self.counters.sent.fetch_add(1, Ordering::Relaxed);
    }

    fn holds(&self, entry: [u8; 16]) {
        self.draft.lock().unwrap_or_else(PoisonError::into_inner).1 = entry;
    }
}

/// What one read heard.
struct Heard<'a> {
    now: u64,
    measuring: bool,
    count: u64,
    refused: u64,
    held: Option<[u8; 16]>,
    sender: Option<&'a Sender>,
    acknowledged: &'a mut Samples,
    delivered: &'a mut Samples,
}

impl Ear for Heard<'_> {
    fn message(&mut self, sent_at: u64) {
        self.count += 1;
        if self.measuring && self.sender.is_none() {
            self.delivered.add(between(sent_at, self.now));
        }
    }

    fn held(&mut self, entry: &[u8; 16]) {
        self.held = Some(*entry);
    }

    fn acknowledged(&mut self, id: u16) {
        if let Some(sender) = self.sender.filter(|_| self.measuring) {
            let sent_at = sender.sent_at[usize::from(id) % REMEMBERED].load(Ordering::Relaxed);
            self.acknowledged.add(between(sent_at, self.now));
        }
    }

    fn refused(&mut self, _: u16) {
        self.refused += 1;
    }
}

/// One socket at work.
struct Talk {
    wire: Wire,
    tongue: Tongue,
    stage: Arc<Stage>,
    counters: Arc<Counters>,
    sender: Option<Arc<Sender>>,
    /// Messages to keep on their way; none where another keeps the pace.
    in_flight: usize,
}

type Ended = (Result<(), String>, Samples, Samples);

impl Talk {
    /// Listens, and sends, until the run is over and nothing is on its way.
    async fn run(mut self, mut over: tokio::sync::watch::Receiver<bool>) -> Ended {
        let (mut acknowledged, mut delivered) = (Samples::default(), Samples::default());
        let result = tokio::select! {
            result = self.talk(&mut acknowledged, &mut delivered) => result,
            _ = over.wait_for(|over| *over) => Ok(()),
        };
        (result.map_err(|error| error.to_string()), acknowledged, delivered)
    }

    async fn talk(
        &mut self,
        acknowledged: &mut Samples,
        delivered: &mut Samples,
    ) -> io::Result<()> {
        let mut out = Vec::new();
        self.send(&mut out, self.in_flight).await?;
        loop {
            let measuring = self.stage.measuring.load(Ordering::Relaxed);
            let mut heard = Heard {
                now: 0,
                measuring,
                count: 0,
                refused: 0,
                held: None,
                sender: self.sender.as_deref(),
                acknowledged: &mut *acknowledged,
                delivered: &mut *delivered,
            };
            let (tongue, mut whole) = (self.tongue, true);
            self.wire
                .read(|payload| {
                    if heard.now == 0 {
                        heard.now = now();
                    }
                    whole &= hear(tongue, payload, &mut heard).is_some();
                })
                .await?;
            if !whole {
                return Err(io::Error::other("a frame does not decode"));
            }
            self.counters.heard.fetch_add(heard.count, Ordering::Relaxed);
            self.counters.refused.fetch_add(heard.refused, Ordering::Relaxed);
            let done = (heard.count + heard.refused) as usize;
            if let (Some(sender), Some(held)) = (&self.sender, heard.held) {
                sender.holds(held);
            }
            self.send(&mut out, done.min(self.in_flight)).await?;
        }
    }

    async fn send(&self, out: &mut Vec<u8>, count: usize) -> io::Result<()> {
        let Some(sender) = &self.sender else { return Ok(()) };
        if count == 0 || !self.stage.sending.load(Ordering::Relaxed) {
            return Ok(());
        }
        out.clear();
        (0..count).for_each(|_| sender.write(out));
        self.wire.write(out).await
    }
}

/// Keeps the pace until the sending is over. A thread of its own: the runtime's timer is a
/// millisecond coarse.
fn keep_pace(senders: &[Arc<Sender>], per_second: u32, stage: &Stage) {
    let (step, mut due) = (Duration::from_secs(1) / per_second, Instant::now());
    let mut bytes = Vec::new();
    for sender in senders.iter().cycle() {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        if !stage.sending.load(Ordering::Relaxed) {
            break;
        }
        bytes.clear();
        sender.write(&mut bytes);
        // What does not fit into an empty socket buffer counts as missing.
        let _ = sender.stream.try_write(&bytes);
        due += step;
    }
}

struct Totals {
    sent: u64,
    /// By senders themselves.
    echoed: u64,
    /// By everyone.
    heard: u64,
    refused: u64,
}

impl Load<'_> {
    /// Runs it.
    ///
    /// # Errors
    /// When a socket does not open or closes.
    pub async fn run(&self) -> Result<Measured, String> {
        let doors: Vec<Door> = self.rooms.iter().flat_map(|room| room.doors.clone()).collect();
        let mut wires = open_all(&doors, self.tongue).await?.into_iter();
        let stage = Arc::new(Stage::default());
        stage.sending.store(true, Ordering::Relaxed);
        let (end, over) = tokio::sync::watch::channel(false);
        let (mut talks, mut senders, mut counters) = (Vec::new(), Vec::new(), Vec::new());
        for room in self.rooms {
            for place in 0..room.doors.len() {
                let mut wire = wires.next().ok_or("a socket is missing")?;
                let held = self.show(&mut wire, room.id).await?;
                let counted = Arc::new(Counters::default());
                let sender = (place == 0)
                    .then(|| Sender::new(&wire, Draft::new(room.id, held), held, &counted));
                senders.extend(sender.clone());
                counters.push((place == 0, room.doors.len(), Arc::clone(&counted)));
                let in_flight = match self.pace {
                    Pace::Closed { in_flight } => in_flight,
                    Pace::Steady { .. } => 0,
                };
                let (tongue, stage) = (self.tongue, Arc::clone(&stage));
                talks.push(Talk { wire, tongue, stage, counters: counted, sender, in_flight });
            }
        }
        let tasks: Vec<_> =
            talks.into_iter().map(|talk| tokio::spawn(talk.run(over.clone()))).collect();
        if let Pace::Steady { per_second } = self.pace {
            let stage = Arc::clone(&stage);
            std::thread::spawn(move || keep_pace(&senders, per_second, &stage));
        }
        let mut measured = self.watch(&stage, &counters).await;
        let _ = end.send(true);
        for task in tasks {
            let (result, acknowledged, delivered) =
                task.await.map_err(|error| error.to_string())?;
            result?;
            measured.acknowledged.join(acknowledged);
            measured.delivered.join(delivered);
        }
        Ok(measured)
    }

    async fn show(&self, wire: &mut Wire, conversation: ConversationId) -> Result<EntryId, String> {
        if self.tongue == Tongue::Yardstick {
            return Ok(EntryId::MIN);
        }
        let shown = show(wire, conversation).await;
        let entries = shown.map_err(|error| format!("a conversation does not open: {error}"))?;
        entries.last().copied().ok_or_else(|| "a conversation is empty".to_owned())
    }

    /// Warms up, measures, and waits for what is on its way.
    async fn watch(&self, stage: &Stage, counters: &[(bool, usize, Arc<Counters>)]) -> Measured {
        tokio::time::sleep(self.warm_up).await;
        stage.measuring.store(true, Ordering::Relaxed);
        let before = (Instant::now(), totals(counters), self.server.cpu(), own_cpu());
        tokio::time::sleep(self.window).await;
        let after = (Instant::now(), totals(counters), self.server.cpu(), own_cpu());
        stage.measuring.store(false, Ordering::Relaxed);
        stage.sending.store(false, Ordering::Relaxed);
        let members = counters.first().map_or(1, |(_, members, _)| *members as u64);
        let stopped = Instant::now();
        let mut left;
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            left = totals(counters);
            let expected = (left.sent - left.refused) * members;
            if left.heard >= expected || stopped.elapsed() > DRAIN {
                break;
            }
        }
        Measured {
            elapsed: after.0 - before.0,
            messages: after.1.echoed - before.1.echoed,
            deliveries: after.1.heard - before.1.heard,
            server_cpu: after.2.saturating_sub(before.2),
            own_cpu: after.3.saturating_sub(before.3),
            refused: left.refused,
            sent: left.sent,
            missing: ((left.sent - left.refused) * members).saturating_sub(left.heard),
            ..Measured::default()
        }
    }
}

fn totals(counters: &[(bool, usize, Arc<Counters>)]) -> Totals {
    let mut totals = Totals { sent: 0, echoed: 0, heard: 0, refused: 0 };
    for (is_sender, _, counters) in counters {
        let heard = counters.heard.load(Ordering::Relaxed);
        totals.heard += heard;
        totals.echoed += if *is_sender { heard } else { 0 };
        totals.sent += counters.sent.load(Ordering::Relaxed);
        totals.refused += counters.refused.load(Ordering::Relaxed);
    }
    totals
}
