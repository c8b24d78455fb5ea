//! aiosmtpd, a mail relay that keeps what it gets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::eventually;
use super::letter::{Letter, decode};

/// Writes each letter into the folder, and says that it listens. It refuses whoever is called
/// `never`, for good, and `later`, for now.
const RELAY: &str = r#"
import asyncio, os, sys
from aiosmtpd.smtp import SMTP

class Keep:
    count = 0
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "450 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"
    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        name = os.path.join(sys.argv[1], "%d-%06d" % (os.getpid(), Keep.count))
        with open(name + ".part", "wb") as file:
            file.write("\n".join(envelope.rcpt_tos).encode() + b"\n\n" + envelope.original_content)
        os.rename(name + ".part", name + ".letter")
        return "250 kept"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keep(), hostname="relay.test"), "127.0.0.1", int(sys.argv[2]))
    port = server.sockets[0].getsockname()[1]
    name = os.path.join(sys.argv[1], "port")
    with open(name + ".part", "w") as file:
        file.write(str(port))
    os.rename(name + ".part", name)
    await server.serve_forever()

asyncio.run(main())
"#;

/// A relay; stopped when it is dropped.
#[derive(Debug)]
pub struct Relay {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
}

impl Relay {
    /// Starts one and waits until it listens.
    ///
    /// # Panics
    /// When it does not come to listen, or `QUIETROOM_AIOSMTPD` does not name the folder aiosmtpd
    /// is in.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut relay = Self { child: None, folder, port: 0 };
        relay.up().await;
        relay
    }

    /// Starts it again, on the port it had.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn up(&mut self) {
        let modules = std::env::var_os("QUIETROOM_AIOSMTPD").expect(
            "QUIETROOM_AIOSMTPD names the folder with the Python package aiosmtpd; cargo xtask \
             test sets it",
        );
        let announced = self.folder.path().join("port");
        let _ = std::fs::remove_file(&announced);
        let child = Command::new("python3")
            .args(["-c", RELAY])
            .arg(self.folder.path())
            .arg(self.port.to_string())
            .env("PYTHONPATH", modules)
            .stdin(Stdio::null())
            .spawn();
        self.child = Some(child.expect("python3 can be run"));
        self.port = eventually("the relay to listen", async || {
            if let Ok(Some(status)) = self.child.as_mut()?.try_wait() {
                panic!("the relay ended with {status}");
            }
            std::fs::read_to_string(&announced).ok()?.parse().ok()
        })
        .await;
    }

    /// Stops it: whoever connects is refused.
    pub fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What a server's `--smtp-url` is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", SocketAddr::from(([127, 0, 0, 1], self.port)))
    }

    /// Every letter that came for `to` by its envelope, in order.
    #[must_use]
    pub fn letters(&self, to: &str) -> Vec<Letter> {
        let entries = std::fs::read_dir(self.folder.path()).into_iter().flatten();
        let mut files: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "letter"));
        files.sort_by_key(|file| file.metadata().and_then(|data| data.modified()).ok());
        let read = |file: &PathBuf| {
            let content = std::fs::read(file).ok()?;
            let end = content.windows(2).position(|pair| pair == b"\n\n")?;
            let recipients = String::from_utf8_lossy(&content[..end]).into_owned();
            recipients.lines().any(|line| line == to).then(|| decode(&content[end + 2..]))
        };
        files.iter().filter_map(read).collect()
    }

    /// The newest letter for `to`, once there is one.
    ///
    /// # Panics
    /// When none comes.
    pub async fn letter(&self, to: &str) -> Letter {
        eventually(&format!("mail to {to}"), async || self.letters(to).pop()).await
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.down();
    }
}
