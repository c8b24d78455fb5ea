//! What the operator watches. Every series is made once at start, so that recording one is an
//! atomic operation; no label holds anything about a person.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use shared_proto::notice::Channel;
use shared_proto::refusal::Refusal;

use crate::store::committer::CommitObserver;
use crate::store::engine::EngineError;

const SECONDS: &[f64] =
    &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
const OPERATIONS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0];

/// The server's series.
pub struct Metrics {
    handle: PrometheusHandle,
    /// Open sockets.
    pub connections: Gauge,
    /// Rooms in memory.
    pub rooms: Gauge,
    /// Entries made durable since start.
    pub entries_committed: Counter,
    /// From the first sight of an entry by its room until everyone's queue holds it.
    pub fanout_seconds: Histogram,
    /// Bytes of files that have come in.
    pub upload_bytes: Counter,
    /// Files that were handed out, or parts of them.
    pub downloads: Counter,
    /// Bytes of files that have gone out.
    pub download_bytes: Counter,
    /// From a search's turn until it is answered.
    pub search_seconds: Histogram,
    search_lag: Gauge,
    search_behind: Gauge,
    search_pieces: Counter,
    commit_seconds: Histogram,
    commit_operations: Histogram,
    commit_failed: Gauge,
    engine_unsound: Gauge,
    engine_bytes: Gauge,
    storage_free: Gauge,
    files_failing: Gauge,
}

impl Metrics {
    /// Installs the recorder of this process.
    ///
    /// # Errors
    /// When one is installed already.
    pub fn install() -> Result<Self, metrics_exporter_prometheus::BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)?
            .set_buckets_for_metric(Matcher::Suffix("_operations".into()), OPERATIONS)?
            .install_recorder()?;
        describe();
        gauge!("quietroom_build_info", "version" => env!("CARGO_PKG_VERSION"), "build" => shared_proto::BUILD)
            .set(1.0);
        let metrics = Self {
            handle,
            connections: gauge!("quietroom_connections"),
            rooms: gauge!("quietroom_rooms"),
            entries_committed: counter!("quietroom_entries_committed_total"),
            fanout_seconds: histogram!("quietroom_fanout_seconds"),
            upload_bytes: counter!("quietroom_upload_bytes_total"),
            downloads: counter!("quietroom_downloads_total"),
            download_bytes: counter!("quietroom_download_bytes_total"),
            search_seconds: histogram!("quietroom_search_seconds"),
            search_lag: gauge!("quietroom_search_lag_seconds"),
            search_behind: gauge!("quietroom_search_conversations_behind"),
            search_pieces: counter!("quietroom_search_segments_written_total"),
            commit_seconds: histogram!("quietroom_commit_seconds"),
            commit_operations: histogram!("quietroom_commit_batch_operations"),
            commit_failed: gauge!("quietroom_commit_failed"),
            engine_unsound: gauge!("quietroom_engine_unsound"),
            engine_bytes: gauge!("quietroom_engine_bytes"),
            storage_free: gauge!("quietroom_storage_free_bytes"),
            files_failing: gauge!("quietroom_files_failing"),
        };
        metrics.commit_failed.set(0.0);
        metrics.search_lag.set(0.0);
        metrics.engine_unsound.set(0.0);
        metrics.files_failing.set(0.0);
        for outcome in ["kept", "refused"] {
            counter!("quietroom_uploads_total", "outcome" => outcome).absolute(0);
        }
        for outcome in ["accepted", "refused", "limited"] {
            counter!("quietroom_sign_ins_total", "outcome" => outcome).absolute(0);
        }
        for outcome in ["sent", "failed", "given-up"] {
            counter!("quietroom_mails_total", "outcome" => outcome).absolute(0);
        }
        metrics.mails_waiting(0);
        for outcome in ["code", "delivered", "undelivered"] {
            counter!("quietroom_text_messages_total", "outcome" => outcome).absolute(0);
        }
        metrics.notices_undecided(0);
        for channel in Channel::ALL {
            for outcome in ["sent", "failed", "dropped", "set-aside"] {
                let labels = [("channel", channel.name()), ("outcome", outcome)];
                counter!("quietroom_notices_total", &labels).absolute(0);
            }
            metrics.notices_waiting(channel, 0);
            metrics.notices_dead(channel, 0);
            metrics.notices_oldest(channel, Duration::ZERO);
        }
        Ok(metrics)
    }

    /// The scrape, in Prometheus' text format.
    #[must_use]
    pub fn render(&self, engine_bytes: u64, storage_free: Option<u64>) -> String {
        self.engine_bytes.set(engine_bytes as f64);
        if let Some(free) = storage_free {
            self.storage_free.set(free as f64);
        }
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// Lets histograms settle; called every few seconds so that they stay small between scrapes.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// Whether the store keeps something where no sync reaches it.
    pub fn engine_unsound(&self, unsound: bool) {
        self.engine_unsound.set(f64::from(u8::from(unsound)));
    }

    /// Whether contents of files could not be kept or read when that was last tried.
    pub fn files_failing(&self, failing: bool) {
        self.files_failing.set(f64::from(u8::from(failing)));
    }

    /// What came of one try to send a file: `kept`, once all of it is, or `refused`, also when the
    /// line was cut.
    pub fn upload(&self, outcome: &'static str) {
        counter!("quietroom_uploads_total", "outcome" => outcome).increment(1);
    }

    /// The server closed a socket, or saw it closed.
    pub fn socket_closed(&self, reason: &'static str) {
        counter!("quietroom_socket_closes_total", "reason" => reason).increment(1);
    }

    /// What came of trying to send a letter: `sent`, `failed` (it is tried again) or `given-up`.
    pub fn mail(&self, outcome: &'static str) {
        counter!("quietroom_mails_total", "outcome" => outcome).increment(1);
    }

    /// So many letters wait to be sent.
    pub fn mails_waiting(&self, count: u32) {
        gauge!("quietroom_mails_waiting").set(f64::from(count));
    }

    /// What came of trying to send a notice: `sent`, `failed` (it is tried again), `dropped` (it was
    /// not wanted any more) or `set-aside` for the operator.
    pub fn notice(&self, channel: Channel, outcome: &'static str) {
        let labels = [("channel", channel.name()), ("outcome", outcome)];
        counter!("quietroom_notices_total", &labels).increment(1);
    }

    /// What the gateway says became of a text message: `delivered` or `undelivered`; and `code` for each
    /// that takes a code to a mobile number.
    pub fn text_message(&self, outcome: &'static str) {
        counter!("quietroom_text_messages_total", "outcome" => outcome).increment(1);
    }

    /// In so many conversations it is still to be decided who is told.
    pub fn notices_undecided(&self, count: usize) {
        gauge!("quietroom_notices_undecided_conversations").set(count as f64);
    }

    /// So many notices wait to be sent on a channel.
    pub fn notices_waiting(&self, channel: Channel, count: usize) {
        gauge!("quietroom_notices_waiting", "channel" => channel.name()).set(count as f64);
    }

    /// So many are set aside for the operator.
    pub fn notices_dead(&self, channel: Channel, count: usize) {
        gauge!("quietroom_notices_set_aside", "channel" => channel.name()).set(count as f64);
    }

    /// For how long the oldest that waits has.
    pub fn notices_oldest(&self, channel: Channel, age: Duration) {
        gauge!("quietroom_notices_oldest_seconds", "channel" => channel.name())
            .set(age.as_secs_f64());
    }

    /// How long something that was written has been waiting to be found.
    pub fn search_lag(&self, lag: Duration) {
        self.search_lag.set(lag.as_secs_f64());
    }

    /// In so many conversations something cannot be found yet.
    pub fn search_behind(&self, count: usize) {
        self.search_behind.set(count as f64);
    }

    /// So many pieces of the search index were written.
    pub fn search_pieces(&self, count: u64) {
        self.search_pieces.increment(count);
    }

    /// Somebody tried to sign in.
    pub fn sign_in(&self, outcome: &'static str) {
        counter!("quietroom_sign_ins_total", "outcome" => outcome).increment(1);
    }
}

/// A refusal went out.
pub fn refused(refusal: &Refusal) {
    counter!("quietroom_refusals_total", "rule" => refusal.rule()).increment(1);
}

impl CommitObserver for Metrics {
    fn committed(&self, _batches: usize, operations: usize, elapsed: Duration) {
        self.commit_seconds.record(elapsed.as_secs_f64());
        self.commit_operations.record(operations as f64);
    }

    fn failed(&self, error: &EngineError) {
        tracing::error!(%error, "the store failed: nothing is acknowledged from here on");
        self.commit_failed.set(1.0);
    }
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_gauge!("quietroom_connections", "Open sockets");
    describe_gauge!("quietroom_rooms", "Conversations held in memory");
    describe_counter!("quietroom_entries_committed_total", "Entries made durable since start");
    describe_histogram!(
        "quietroom_commit_seconds",
        Unit::Seconds,
        "One group commit, sync included"
    );
    describe_histogram!("quietroom_commit_batch_operations", "Operations in one group commit");
    describe_histogram!(
        "quietroom_fanout_seconds",
        Unit::Seconds,
        "From decided until in every recipient's queue"
    );
    describe_histogram!("quietroom_search_seconds", Unit::Seconds, "One search");
    describe_gauge!(
        "quietroom_search_lag_seconds",
        "For how long something that was written has been waiting to be found"
    );
    describe_gauge!(
        "quietroom_search_conversations_behind",
        "Conversations with something that cannot be found yet"
    );
    describe_counter!(
        "quietroom_search_segments_written_total",
        "Pieces of the search index written since start"
    );
    describe_counter!("quietroom_socket_closes_total", "Sockets closed, by reason");
    describe_counter!("quietroom_refusals_total", "Refusals, by rule");
    describe_counter!("quietroom_sign_ins_total", "Tries to sign in, by outcome");
    describe_counter!("quietroom_uploads_total", "Tries to send a file, by outcome");
    describe_counter!("quietroom_upload_bytes_total", "Bytes of files that have come in");
    describe_counter!("quietroom_downloads_total", "Files handed out, or parts of them");
    describe_counter!("quietroom_download_bytes_total", "Bytes of files that have gone out");
    describe_gauge!("quietroom_files_failing", "1 while files cannot be kept or read");
    describe_counter!("quietroom_mails_total", "Tries to send a letter, by outcome");
    describe_counter!("quietroom_notices_total", "Tries to send a notice, by channel and outcome");
    describe_counter!(
        "quietroom_text_messages_total",
        "Codes sent by text message, and what the gateway says became of text messages"
    );
    describe_gauge!(
        "quietroom_notices_undecided_conversations",
        "Conversations in which it is still to be decided who is told"
    );
    describe_gauge!("quietroom_notices_waiting", "Notices that wait to be sent, by channel");
    describe_gauge!("quietroom_notices_set_aside", "Notices set aside for the operator");
    describe_gauge!(
        "quietroom_notices_oldest_seconds",
        "For how long the oldest notice that waits has, by channel"
    );
    describe_gauge!("quietroom_mails_waiting", "Letters that wait to be sent");
    describe_gauge!("quietroom_engine_bytes", "Size of the store on disk");
    describe_gauge!("quietroom_storage_free_bytes", "Space left where the store lies");
    describe_gauge!("quietroom_commit_failed", "1 after the store has failed");
    describe_gauge!(
        "quietroom_engine_unsound",
        "1 while the store keeps something where no sync reaches it"
    );
    describe_gauge!("quietroom_build_info", "Always 1; version and build are labels");
}
