//! The one way to change the store: a thread that takes every batch that waits, applies them in
//! order, syncs the disk once and answers. The more wait, the more share a sync; a lone one waits
//! for nothing.

mod snapshot;
mod space;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use shared_proto::limits;
use tokio::sync::{mpsc, oneshot, watch};

use super::audit::Chain;
use super::engine::{Batch, Engine, EngineError};
use snapshot::Snapshots;
pub use snapshot::{Snapshot, SnapshotError};
use space::Space;
pub use space::{LAST_BYTES, RESERVE_BYTES};

/// Batches that share one sync.
const GROUP_BATCHES: usize = 1_024;

/// Why a batch was not made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// An `expect` did not hold; nothing of the batch was applied.
    #[error("what the change builds on has changed meanwhile")]
    Conflict,
    /// Too little space is left; nothing of the batch was applied. Passes by itself.
    #[error("too little space is left on the disk")]
    StorageFull,
    /// The engine failed, or the batch is larger than engines take. Whether a batch that was under
    /// way is kept is unknown until the store is opened again.
    #[error("the store failed")]
    Failed,
    /// The committer was told to stop before this batch.
    #[error("the store is closing")]
    Stopping,
}

/// Is told what the committer does, on its thread: must be quick.
pub trait CommitObserver: Send + Sync {
    /// So many batches with so many operations became durable together, `elapsed` after the first
    /// of them was taken up.
    fn committed(&self, batches: usize, operations: usize, elapsed: Duration);
    /// The engine failed; nothing is acknowledged any more. Called once.
    fn failed(&self, error: &EngineError);
}

/// Says what commits come to only when they fail: for commands, whose own they are.
pub struct Unobserved;

impl CommitObserver for Unobserved {
    fn committed(&self, _batches: usize, _operations: usize, _elapsed: Duration) {}

    fn failed(&self, error: &EngineError) {
        tracing::error!(%error, "the store failed");
    }
}

/// How long after a group the next one waits for company, and how many are company enough.
const GATHER: Duration = Duration::from_millis(8);
const GATHERED: usize = 128;

/// The way to the committer's thread. Cheap to clone; the thread ends when it is told to stop or
/// the last clone is gone.
#[derive(Clone)]
pub struct Committer {
    queue: mpsc::Sender<Order>,
    shared: Arc<Shared>,
}

struct Shared {
    stopping: AtomicBool,
    failed: AtomicBool,
    ended: watch::Receiver<bool>,
}

enum Order {
    Commit(Batch, oneshot::Sender<Result<(), CommitError>>),
    /// A commit that may use the reserve.
    FromReserve(Batch, oneshot::Sender<Result<(), CommitError>>),
    /// Records alone: from the reserve too, and patient enough to wait for company.
    Record(Batch, oneshot::Sender<Result<(), CommitError>>),
    Snapshot(oneshot::Sender<Snapshot>),
    Stop,
}

impl Committer {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        engine: Arc<Engine>,
        chain: Chain,
        observer: Arc<dyn CommitObserver>,
    ) -> std::io::Result<Self> {
        let reserve = Arc::new(AtomicU64::new(RESERVE_BYTES));
        Self::start_with_reserve(engine, chain, observer, reserve)
    }

    /// Starts the thread with another reserve than [`RESERVE_BYTES`], which may change meanwhile.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start_with_reserve(
        engine: Arc<Engine>,
        chain: Chain,
        observer: Arc<dyn CommitObserver>,
        reserve: Arc<AtomicU64>,
    ) -> std::io::Result<Self> {
        let (queue, orders) = mpsc::channel(limits::COMMIT_QUEUE);
        let (ending, ended) = watch::channel(false);
        let shared = Arc::new(Shared {
            stopping: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            ended,
        });
        let worker = Worker {
            engine,
            chain,
            observer,
            shared: Arc::clone(&shared),
            orders,
            snapshots: Snapshots::default(),
            space: Space::new(reserve),
        };
        std::thread::Builder::new().name("committer".into()).spawn(move || {
            worker.run();
            let _ = ending.send(true);
        })?;
        Ok(Self { queue, shared })
    }

    /// Makes `batch` durable. Waits for a place in the queue when there is none.
    ///
    /// # Errors
    /// [`CommitError`]; except for `Failed`, nothing of the batch was applied.
    pub async fn commit(&self, batch: Batch) -> Result<(), CommitError> {
        self.order(batch, Order::Commit).await
    }

    /// As [`Committer::commit`], down to [`LAST_BYTES`]: for what ends somebody's access, is small
    /// and must not wait for space.
    ///
    /// # Errors
    /// As there.
    pub async fn commit_from_reserve(&self, batch: Batch) -> Result<(), CommitError> {
        self.order(batch, Order::FromReserve).await
    }

    /// Makes the records of `batch` durable, down to [`LAST_BYTES`]: reads that are audited go on
    /// when writes do not.
    ///
    /// # Errors
    /// As [`Committer::commit`].
    pub async fn record(&self, batch: Batch) -> Result<(), CommitError> {
        self.order(batch, Order::Record).await
    }

    async fn order(
        &self,
        batch: Batch,
        order: fn(Batch, oneshot::Sender<Outcome>) -> Order,
    ) -> Result<(), CommitError> {
        if !batch.fits() {
            tracing::error!(
                operations = batch.operations(),
                bytes = batch.bytes(),
                "commit.too_large"
            );
            return Err(CommitError::Failed);
        }
        if self.shared.stopping.load(Ordering::Acquire) {
            return Err(self.gone());
        }
        let (answer, answered) = oneshot::channel();
        self.queue.send(order(batch, answer)).await.map_err(|_| self.gone())?;
        // An order that was taken is always answered, unless the thread panicked over it.
        answered.await.unwrap_or(Err(CommitError::Failed))
    }

    /// Finishes what waits, then ends the thread and lets go of the engine. Later commits answer
    /// `Stopping`.
    pub async fn stop(&self) {
        if !self.shared.stopping.swap(true, Ordering::AcqRel) {
            // Without a receiver the thread has ended already.
            let _ = self.queue.send(Order::Stop).await;
        }
        let mut ended = self.shared.ended.clone();
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Whether the engine has failed, so that nothing is acknowledged any more.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.shared.failed.load(Ordering::Acquire)
    }

    /// The store as of now: everything acknowledged before this call, nothing applied in part, and
    /// unchanged by later commits. Blocks until the commits under way are durable.
    ///
    /// # Errors
    /// `Stopping` or `Failed`.
    pub fn snapshot(&self) -> Result<Snapshot, CommitError> {
        let (answer, answered) = oneshot::channel();
        // Off the async threads by contract, so waiting here holds nobody up.
        self.queue.blocking_send(Order::Snapshot(answer)).map_err(|_| self.gone())?;
        answered.blocking_recv().map_err(|_| self.gone())
    }

    fn gone(&self) -> CommitError {
        if self.failed() { CommitError::Failed } else { CommitError::Stopping }
    }
}

struct Worker {
    engine: Arc<Engine>,
    chain: Chain,
    observer: Arc<dyn CommitObserver>,
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Order>,
    snapshots: Snapshots,
    space: Space,
}

impl Worker {
    fn run(mut self) {
        let mut orders = Vec::with_capacity(GROUP_BATCHES);
        let mut last_group = None;
        while self.orders.blocking_recv_many(&mut orders, GROUP_BATCHES) > 0 {
            self.gather(&mut orders, last_group);
            // sled panics where it finds itself wrong; that is a failed engine, not a lost thread.
            if catch_unwind(AssertUnwindSafe(|| self.round(&mut orders))).is_err() {
                self.fail(&EngineError::Corrupt);
                // Whoever still waits is answered `Failed` when their answer is dropped here.
                orders.clear();
            }
            last_group = Some(Instant::now());
        }
    }

    /// A sync costs the processor and the disk the same for one batch as for a hundred. Under
    /// load, when a group has only just ended, those about to arrive are waited for; a commit
    /// that comes after a pause goes at once.
    fn gather(&mut self, orders: &mut Vec<Order>, last_group: Option<Instant>) {
        let Some(until) = last_group.map(|ended| ended + GATHER) else { return };
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let patient = |order: &Order| matches!(order, Order::Commit(..) | Order::Record(..));
            let urgent = !orders.iter().all(patient);
            if left.is_zero() || urgent || orders.len() >= GATHERED {
                return;
            }
            // Each look costs a wake-up: half the time at once.
            std::thread::sleep(left.min(GATHER / 2));
            while orders.len() < GROUP_BATCHES
                && let Ok(order) = self.orders.try_recv()
            {
                orders.push(order);
            }
        }
    }

    fn round(&mut self, orders: &mut Vec<Order>) {
        let mut waiting = Vec::with_capacity(orders.len());
        let mut snapshots = Vec::new();
        for order in orders.drain(..) {
            match order {
                Order::Commit(batch, answer) => waiting.push((batch, answer, RESERVE_BYTES)),
                Order::FromReserve(batch, answer) | Order::Record(batch, answer) => {
                    waiting.push((batch, answer, LAST_BYTES));
                }
                Order::Snapshot(answer) => snapshots.push(answer),
                // What waits already is still received after this, and nothing new.
                Order::Stop => self.orders.close(),
            }
        }
        if !waiting.is_empty() {
            self.commit(waiting);
        }
        for answer in snapshots {
            if !self.failed() {
                let _ = answer.send(self.snapshots.begin(&self.engine));
            }
        }
    }

    fn commit(&mut self, waiting: Vec<Waiting>) {
        let began = Instant::now();
        let failed = self.failed();
        let mut batches = Vec::with_capacity(waiting.len());
        let mut answers = Vec::with_capacity(waiting.len());
        for (batch, answer, keep) in waiting {
            if failed {
                let _ = answer.send(Err(CommitError::Failed));
            } else if !self.space.leaves(keep, &self.engine) {
                let _ = answer.send(Err(CommitError::StorageFull));
            } else {
                batches.push(batch);
                answers.push(answer);
            }
        }
        if batches.is_empty() {
            return;
        }
        let count = batches.len();
        let operations = batches.iter().map(Batch::operations).sum();
        self.space.wrote(batches.iter().map(Batch::bytes).sum::<usize>());
        match self.make_durable(batches) {
            Ok(outcomes) => {
                self.observer.committed(count, operations, began.elapsed());
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    let _ = answer.send(outcome.map_err(|_| CommitError::Conflict));
                }
            }
            Err(error) => {
                self.fail(&error);
                for answer in answers {
                    let _ = answer.send(Err(CommitError::Failed));
                }
            }
        }
    }

    fn make_durable(
        &mut self,
        batches: Vec<Batch>,
    ) -> Result<Vec<Result<(), super::engine::Conflict>>, EngineError> {
        let Self { engine, chain, snapshots, .. } = self;
        snapshots.keep_before(&batches, engine)?;
        // The engine knows which batches hold only while it goes through them, and a record must
        // get its number after that and reach the disk in one piece with what it is about. So it
        // is asked for here, just before the engine applies them: a change can never be found
        // after a crash without its record, nor a record of what conflicted.
        let outcomes = engine.apply_group(batches, &mut |records| {
            let put = chain.extend(records);
            // New keys, always: a reader of an earlier moment must not find them.
            snapshots.keep_absent(put.iter().map(|(key, _)| key));
            put
        })?;
        hold_sync();
        self.engine.sync()?;
        Ok(outcomes)
    }

    fn failed(&self) -> bool {
        self.shared.failed.load(Ordering::Acquire)
    }

    fn fail(&mut self, error: &EngineError) {
        if !self.shared.failed.swap(true, Ordering::AcqRel) {
            self.snapshots.abandon();
            self.observer.failed(error);
        }
    }
}

type Outcome = Result<(), CommitError>;

/// A batch, where its outcome goes, and how much space it must leave.
type Waiting = (Batch, oneshot::Sender<Outcome>, u64);

/// Waits between applying and syncing while a test wants it so. Meanwhile there is a file beside
/// the test's, with the extension `held`.
#[cfg(feature = "fault-points")]
fn hold_sync() {
    use std::path::PathBuf;
    use std::sync::OnceLock;
    static HOLD: OnceLock<Option<PathBuf>> = OnceLock::new();
    let hold =
        HOLD.get_or_init(|| std::env::var_os("QUIETROOM_FAULT_HOLD_SYNC").map(PathBuf::from));
    let Some(hold) = hold.as_deref().filter(|hold| hold.exists()) else { return };
    let held = hold.with_extension("held");
    let _ = std::fs::write(&held, b"");
    while hold.exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = std::fs::remove_file(held);
}

#[cfg(not(feature = "fault-points"))]
const fn hold_sync() {}
