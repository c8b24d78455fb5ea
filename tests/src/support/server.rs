//! The server as a process of its own, as an operator starts it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use shared_proto::people::Role;
use tempfile::TempDir;

use super::http::Request;
use super::people::{Person, Session};
use super::wait::eventually;

/// Where a server is reached; the same across restarts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its socket.
    pub socket: SocketAddr,
    /// `localhost:PORT`, as browsers name it.
    pub host: String,
    /// `http://localhost:PORT`, the Origin of its pages.
    pub origin: String,
}

/// How to start a server.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    flags: Vec<String>,
    variables: Vec<(String, String)>,
    data: Option<PathBuf>,
    port: u16,
    host: Option<Ipv4Addr>,
}

/// A running server. Killed when dropped; its log is printed when the test fails.
#[derive(Debug)]
pub struct TestServer {
    child: Option<Child>,
    lines: Arc<Mutex<Vec<String>>>,
    options: ServerOptions,
    address: Option<Address>,
    data: PathBuf,
    folder: TempDir,
}

/// The server binary: `QUIETROOM_BIN`, or the one of the development build.
#[must_use]
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("QUIETROOM_BIN") {
        return PathBuf::from(given);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("debug/quietroom")
}

impl ServerOptions {
    /// With a flag and its value.
    #[must_use]
    pub fn flag(mut self, name: &str, value: impl ToString) -> Self {
        self.flags.extend([name.to_owned(), value.to_string()]);
        self
    }

    /// With a flag that takes no value.
    #[must_use]
    pub fn switch(mut self, name: &str) -> Self {
        self.flags.push(name.to_owned());
        self
    }

    /// With an environment variable: the fault points are set this way.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// With its data in `folder`, which outlives the server.
    #[must_use]
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// On a port chosen now instead of by the server, for one that announces an address of its
    /// own (`--public-url`).
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn on_a_free_port(mut self) -> Self {
        let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        self.port = taken.and_then(|one| one.local_addr()).expect("a port is free").port();
        self
    }

    /// On this port.
    #[must_use]
    pub const fn on_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Reached at `host` instead of at this machine only.
    #[must_use]
    pub const fn listening_on(mut self, host: Ipv4Addr) -> Self {
        self.host = Some(host);
        self
    }

    /// Without the limits on how fast one person sends and how many sockets they hold, for tests
    /// of something else.
    #[must_use]
    pub fn unhurried(self) -> Self {
        self.flag("--rate-per-second", 1_000_000)
            .flag("--rate-burst", 1_000_000)
            .flag("--sockets-per-person", 100_000)
    }

    /// Most tests are about something else than a second step, and sign in without one.
    fn second_factor(&self) -> &'static [&'static str] {
        let said = self.flags.iter().any(|flag| flag == "--second-factor");
        if said { &[] } else { &["--second-factor", "optional"] }
    }

    /// Starts it and waits until it serves.
    ///
    /// # Panics
    /// When it does not come to serve.
    pub async fn start(self) -> TestServer {
        let mut server = self.prepared();
        let host = server.options.host.unwrap_or(Ipv4Addr::LOCALHOST);
        let listen = SocketAddr::from((host, server.options.port));
        server.launch(&listen.to_string()).await;
        server
    }

    /// A server that is not running yet: its folders and command line only.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    #[must_use]
    pub fn prepared(self) -> TestServer {
        let folder = tempfile::Builder::new()
            .prefix("quietroom-test-")
            .tempdir()
            .expect("a temporary folder can be made");
        let data = self.data.clone().unwrap_or_else(|| folder.path().join("data"));
        TestServer {
            child: None,
            lines: Arc::default(),
            options: self,
            address: None,
            data,
            folder,
        }
    }
}

impl TestServer {
    /// How to start one.
    #[must_use]
    pub fn options() -> ServerOptions {
        ServerOptions::default()
    }

    /// Starts one with nothing special.
    pub async fn start() -> Self {
        Self::options().start().await
    }

    async fn launch(&mut self, listen: &str) {
        let log = File::options().create(true).append(true).open(self.log_path());
        let log = log.expect("the log can be written");
        let mut child = Command::new(binary())
            .arg("serve")
            .args(["--listen", listen, "--metrics-listen", "127.0.0.1:0", "--data"])
            .arg(&self.data)
            .args(&self.options.flags)
            .args(self.options.second_factor())
            .envs(self.options.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", binary().display()));
        let stdout = child.stdout.take().expect("its output is piped");
        let lines = Arc::new(Mutex::new(Vec::new()));
        self.lines = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                lines.lock().expect("no reader panics").push(line);
            }
        });
        self.child = Some(child);
        let origin = self.announced("ready:").await;
        self.announced("metrics:").await;
        let port = match self.options.port {
            0 => origin.rsplit(':').next().and_then(|port| port.parse().ok()),
            chosen => Some(chosen),
        };
        let port = port.unwrap_or_else(|| panic!("no port in {origin:?}"));
        self.address = Some(Address {
            socket: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            host: format!("localhost:{port}"),
            origin,
        });
    }

    /// What the server printed after `label`, once it has.
    ///
    /// # Panics
    /// When the server exits first or takes too long.
    pub async fn announced(&mut self, label: &str) -> String {
        let lines = Arc::clone(&self.lines);
        let what = format!("the server's line {label:?}");
        eventually(&what, async || {
            let lines = lines.lock().expect("no reader panics");
            let found = lines.iter().find_map(|line| line.strip_prefix(label));
            if let Some(value) = found {
                return Some(value.trim().to_owned());
            }
            drop(lines);
            if let Ok(Some(status)) = self.child.as_mut()?.try_wait() {
                panic!("the server ended with {status}:\n{}", self.log());
            }
            None
        })
        .await
    }

    /// Everything the server printed on its standard output so far.
    ///
    /// # Panics
    /// Never in practice: the reader holds the lock only to push.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        self.lines.lock().expect("no reader panics").clone()
    }

    /// Where it is reached.
    ///
    /// # Panics
    /// When it was never started.
    #[must_use]
    pub fn address(&self) -> &Address {
        self.address.as_ref().expect("the server was started")
    }

    /// `http://localhost:PORT` and a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address().origin)
    }

    /// Its data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A folder of this test beside the data, removed with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// Its log so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(self.log_path())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Its process id.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// Kills it as `kill -9` does and waits until the process is gone.
    pub fn kill9(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Sends a signal and leaves the rest to the server.
    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.pid()).expect("process ids fit");
        // SAFETY: the process is our own child and not yet waited for, so the id is still its.
        #[expect(unsafe_code, reason = "std sends no signal but KILL")]
        unsafe {
            libc::kill(pid, signal);
        }
    }

    /// Asks it to stop, waits until it has, and says how and how long it took.
    pub async fn sigterm(&mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        self.signal(libc::SIGTERM);
        let mut child = self.child.take().expect("the server runs");
        let status = eventually("the server to stop", async || {
            child.try_wait().expect("a child can be waited for")
        })
        .await;
        (status, started.elapsed())
    }

    /// Starts it again on the same data and the same port, and says how long that took.
    pub async fn restart(&mut self) -> Duration {
        self.kill9();
        let started = Instant::now();
        let listen = self.address().socket.to_string();
        self.launch(&listen).await;
        started.elapsed()
    }

    /// Like [`Self::restart`] with another environment variable.
    pub async fn restart_with_variable(&mut self, name: &str, value: &str) {
        self.options.variables.push((name.to_owned(), value.to_owned()));
        self.restart().await;
    }

    /// Runs `quietroom` with these arguments and `input` on its standard input.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn command(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(binary())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        let mut stdin = child.stdin.take().expect("its input is piped");
        // A command that needs no input may be gone before it could read it.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("the command can be waited for")
    }

    /// Runs `quietroom` on this server's data and returns what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn succeed(&self, arguments: &[&str], input: &str) -> String {
        let output = self.command(arguments, input);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "quietroom {arguments:?}: {}\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Runs `quietroom person …` on this server's data and returns what it printed.
    pub fn person(&self, arguments: &[&str], input: &str) -> String {
        let data = self.data.to_str().expect("temporary paths are text").to_owned();
        let mut all = vec!["person"];
        all.extend_from_slice(arguments);
        all.extend(["--data", &data]);
        self.succeed(&all, input)
    }

    /// Adds somebody, as an operator does. The first one of a practice should be its owner.
    ///
    /// # Panics
    /// When the command fails.
    pub fn person_add(&self, name: &str, role: Role) -> Person {
        let slug: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let email = format!("{}@example.org", slug.to_lowercase());
        let password = format!("{slug} and a lake in autumn");
        let word = match role {
            Role::Owner => "owner",
            Role::Provider => "provider",
            Role::Client => "client",
        };
        let arguments =
            ["add", "--name", name, "--email", &email, "--role", word, "--password-stdin"];
        let printed = self.person(&arguments, &format!("{password}\n"));
        let id = printed
            .lines()
            .find_map(|line| line.strip_prefix("added "))
            .and_then(|id| id.trim().parse().ok())
            .unwrap_or_else(|| panic!("no id in {printed:?}"));
        Person { id, name: name.to_owned(), role, email, password }
    }

    /// A practice of two: a provider and a client.
    pub fn pair(&self) -> (Person, Person) {
        let provider = self.person_add("Dana Whitfield", Role::Owner);
        (provider, self.person_add("Jonas Keller", Role::Client))
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, person: &Person) -> Session {
        Session::sign_in(self.address(), person).await
    }

    /// Where the metrics listener is reached.
    ///
    /// # Panics
    /// When the server printed no metrics address.
    #[must_use]
    pub fn metrics_socket(&self) -> SocketAddr {
        let printed = self.printed();
        let url = printed.iter().find_map(|line| line.strip_prefix("metrics: http://"));
        url.and_then(|url| url.split('/').next())
            .and_then(|socket| socket.parse().ok())
            .unwrap_or_else(|| panic!("no metrics address in {printed:?}"))
    }

    /// The metrics as Prometheus would scrape them.
    ///
    /// # Panics
    /// When they are not served.
    pub async fn metrics(&self) -> String {
        let socket = self.metrics_socket();
        let answer = Request::get("/metrics").send(socket, &socket.to_string()).await;
        let answer = answer.expect("the metrics are served");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// The sum of the samples of `metric` whose labels hold each of `labels` (`rule="busy"`).
    pub async fn metric(&self, metric: &str, labels: &[&str]) -> f64 {
        let scrape = self.metrics().await;
        let samples = scrape.lines().filter(|line| {
            let rest = line.strip_prefix(metric);
            rest.is_some_and(|rest| rest.starts_with([' ', '{']))
                && labels.iter().all(|label| line.contains(label))
        });
        samples.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// Memory the process holds, in KiB (`VmRSS`); Linux only.
    ///
    /// # Panics
    /// When the system does not say.
    #[must_use]
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()));
        let status = status.expect("Linux tells about processes");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).expect("a number of kB")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill9();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(60).collect();
            eprintln!("--- the last lines of the server's log ---");
            for line in tail.iter().rev() {
                eprintln!("{line}");
            }
        }
    }
}
