//! The servers under test as processes: started, measured from outside, killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal};

/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);
/// How long the line after the one that says that it is ready may take.
const NEXT_LINE: Duration = Duration::from_millis(200);
/// How long a server may take to stop when asked to.
const STOP: Duration = Duration::from_secs(10);
/// `USER_HZ`: the unit of `/proc/PID/stat`, 100 on every Linux there is.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server, killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its own name for where it listens.
    pub origin: String,
    /// Where it tells its metrics.
    pub metrics: Option<SocketAddr>,
    /// From the start of the process until it said that it was ready.
    pub started_in: Duration,
}

impl Server {
    /// The yardstick: this very program under another name.
    ///
    /// # Errors
    /// When it does not start.
    pub fn yardstick() -> Result<Self, String> {
        let myself = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(myself);
        command.arg("yardstick");
        Self::start(command)
    }

    /// Quietroom on this data, durable, without the bounds that are there against people who
    /// send a thousand times faster than anyone can type; with these environment variables.
    ///
    /// # Errors
    /// When it does not start.
    pub fn quietroom(
        binary: &Path,
        data: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.envs(variables.iter().copied());
        command.arg("serve").arg("--data").arg(data).arg("--key-file").arg(key_file(data));
        command.args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.args(["--rate-per-second", "1000000", "--rate-burst", "1000000"]);
        command.args(["--second-factor", "optional"]);
        let log = fs::File::create(data.with_extension("log")).map_err(|e| e.to_string())?;
        command.stderr(log);
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self, String> {
        let name = command.get_program().display().to_string();
        let started = Instant::now();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("{name} does not start: {error}"))?;
        let stdout = child.stdout.take().expect("its output is piped");
        let (said, hears) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Once it is ready nobody listens any more, but the pipe must not fill.
                let _ = said.send(line);
            }
        });
        let mut server = Self {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            origin: String::new(),
            metrics: None,
            started_in: Duration::ZERO,
        };
        while let Ok(line) = hears.recv_timeout(START.saturating_sub(started.elapsed())) {
            let Some(origin) = line.strip_prefix("ready: ") else { continue };
            server.started_in = started.elapsed();
            let port = origin.rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
            let port = port.ok_or_else(|| format!("{name} names no port: {line}"))?;
            (server.origin, server.address) = (origin.to_owned(), ([127, 0, 0, 1], port).into());
            // Said in the same breath, by the server that has any.
            let next = hears.recv_timeout(NEXT_LINE).unwrap_or_default();
            let metrics = next.strip_prefix("metrics: http://");
            let metrics = metrics.and_then(|place| place.strip_suffix("/metrics"));
            server.metrics = metrics.and_then(|place| place.parse().ok());
            return Ok(server);
        }
        Err(format!("{name} did not become ready; see target/bench-data/*/*.log (--keep-data)"))
    }

    /// Asks it to stop and waits until it has.
    ///
    /// # Errors
    /// When it does not, or fails while it does.
    pub fn stop(mut self) -> Result<(), String> {
        rustix::process::kill_process(self.pid(), Signal::TERM).map_err(|e| e.to_string())?;
        let asked = Instant::now();
        while asked.elapsed() < STOP {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                let failed = || Err(format!("the server ended with {status}"));
                return if status.success() { Ok(()) } else { failed() };
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("the server did not stop".to_owned())
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Processor time it has used, in the kernel and outside.
    pub fn cpu(&self) -> Duration {
        cpu_of(&self.child.id().to_string())
    }

    /// Memory it holds, in bytes (`VmRSS`).
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most it ever held (`VmHWM`).
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// From now on the most it holds is what it holds now, which is answered.
    pub fn forget_peak(&self) -> u64 {
        // Where this is not to be had, the peak is that since its start: no less.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
        self.memory()
    }

    /// A line of its status, in bytes.
    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes.unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The key file that goes with a data directory.
pub fn key_file(data: &Path) -> std::path::PathBuf {
    data.with_extension("key")
}

/// Processor time the load itself has used.
pub fn own_cpu() -> Duration {
    cpu_of("self")
}

fn cpu_of(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; fields 14 and 15 are utime and stime.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND)
}

/// Lets this process and those it starts hold as many sockets as the rows need.
///
/// # Errors
/// When the system allows too few.
pub fn raise_open_files() -> Result<(), String> {
    const NEEDED: u64 = 12_000;
    let limit = rustix::process::getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= NEEDED) {
        return Ok(());
    }
    let wanted = Rlimit {
        current: Some(limit.maximum.unwrap_or(NEEDED).max(NEEDED)),
        maximum: limit.maximum.map(|maximum| maximum.max(NEEDED)),
    };
    rustix::process::setrlimit(Resource::Nofile, wanted)
        .map_err(|_| format!("{NEEDED} open files are needed: raise it with ulimit -n {NEEDED}"))
}
