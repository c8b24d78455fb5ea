//! What is measured, and for how long.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Conversations of two, at saturation and at a steady rate.
    A,
    /// Groups.
    B,
    /// Idle sockets.
    C,
    /// Reconnecting at once.
    D,
    /// Durable acknowledgement.
    E,
    /// Starting.
    F,
    /// Opening a long conversation.
    G,
    /// The client.
    H,
    /// Searching.
    I,
    /// Large files on their way.
    J,
    /// Opening a conversation of many files.
    K,
    /// Telling people who are not there.
    N,
    /// The record of a long conversation.
    R,
}

impl Row {
    const ALL: [Self; 13] = [
        Self::A,
        Self::B,
        Self::C,
        Self::D,
        Self::E,
        Self::F,
        Self::G,
        Self::H,
        Self::I,
        Self::J,
        Self::K,
        Self::N,
        Self::R,
    ];

    /// What is being measured, for the person who waits.
    pub const fn title(self) -> &'static str {
        match self {
            Self::A => "(a) conversations of two",
            Self::B => "(b) groups",
            Self::C => "(c) idle sockets",
            Self::D => "(d) reconnecting at once",
            Self::E => "(e) durable acknowledgement",
            Self::F => "(f) starting with many entries",
            Self::G => "(g) opening a long conversation",
            Self::H => "(h) the client",
            Self::I => "(i) searching",
            Self::J => "(j) large files",
            Self::K => "(k) opening a conversation of many files",
            Self::N => "(n) telling people who are not there",
            Self::R => "(r) the record of a long conversation",
        }
    }

    fn letter(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// What is measured, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Rows to measure.
    pub only: Vec<Row>,
    /// Whether this is a smoke run.
    pub quick: bool,
    /// Whether the data stays.
    pub keep_data: bool,
    /// The server under test.
    pub server: PathBuf,
    /// The workspace's `target`.
    pub target: PathBuf,
    /// Interleaved runs of a row; the median is reported.
    pub runs: usize,
    /// Load before a run is measured.
    pub warm_up: Duration,
    /// How long a run is measured.
    pub window: Duration,
    /// Conversations of two in (a).
    pub pairs: usize,
    /// Groups in (b).
    pub groups: usize,
    /// People in a group.
    pub group_members: usize,
    /// Messages each sender keeps in flight.
    pub in_flight: usize,
    /// The steady rate of (a), in messages a second.
    pub steady_per_second: u32,
    /// Sockets of (c).
    pub idle_sockets: usize,
    /// Sockets of (d).
    pub reconnecting: usize,
    /// The rate of (e), in messages a second.
    pub ack_per_second: u32,
    /// Stored entries of (f).
    pub stored: usize,
    /// Entries of the conversation of (g) and (r).
    pub stored_in_one: usize,
    /// Files of (j), each sent, copied and fetched in turn.
    pub transfers: usize,
}

impl Plan {
    /// From the command line.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn from_arguments(arguments: &[String]) -> Result<Self, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = workspace.join("target");
        let server = std::env::var_os("QUIETROOM_BIN")
            .map_or_else(|| target.join("release/quietroom"), PathBuf::from);
        let mut plan = Self {
            only: Row::ALL.to_vec(),
            quick: false,
            keep_data: false,
            server,
            target,
            runs: 3,
            warm_up: Duration::from_millis(1_500),
            window: Duration::from_secs(5),
            pairs: 200,
            groups: 20,
            group_members: 25,
            in_flight: 8,
            steady_per_second: 2_000,
            idle_sockets: 5_000,
            reconnecting: 2_000,
            ack_per_second: 50,
            stored: 1_000_000,
            stored_in_one: 100_000,
            transfers: 15,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => plan.hurry(),
                "--keep-data" => plan.keep_data = true,
                "--only" => plan.only = chosen(arguments.next().map_or("", String::as_str))?,
                other => return Err(format!("{other:?} is unknown.\n{}", super::USAGE)),
            }
        }
        if !plan.server.is_file() {
            return Err(format!(
                "there is no server at {}: build it with cargo xtask bench, or name it in \
                 QUIETROOM_BIN.",
                plan.server.display()
            ));
        }
        Ok(plan)
    }

    fn hurry(&mut self) {
        self.quick = true;
        self.runs = 1;
        self.warm_up = Duration::from_millis(500);
        self.window = Duration::from_secs(3);
        self.transfers = 3;
    }

    /// Where the servers under test keep their data: a real disk, as a rule. Each run has a folder
    /// of its own, so that two do not pull it from under each other.
    pub fn data(&self) -> PathBuf {
        self.all_data().join(std::process::id().to_string())
    }

    /// Where every run keeps its folder.
    pub fn all_data(&self) -> PathBuf {
        self.target.join("bench-data")
    }

    /// What `cargo xtask` built for the browser.
    pub fn client(&self) -> PathBuf {
        self.target.join("../dist")
    }
}

fn chosen(list: &str) -> Result<Vec<Row>, String> {
    let one = |letter: &str| {
        let row = Row::ALL.into_iter().find(|row| row.letter() == letter.trim());
        row.ok_or_else(|| format!("there is no row {letter:?}.\n{}", super::USAGE))
    };
    list.split(',').map(one).collect()
}
