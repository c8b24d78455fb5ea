//! aiosmtpd, a mail relay that keeps what it gets.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use super::eventually;
use super::letter::{Letter, decode};

/// Writes each letter into the folder, and says that it listens. It refuses whoever is called
/// `never`, for good, and `later`, for now. Its third argument is the [`Way`] to it; over TLS it
/// takes letters of one user only.
const RELAY: &str = r#"
import asyncio, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

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

def known(server, session, envelope, mechanism, login):
    right = (login.login, login.password) == (b"quiet@room", b"p: lake")
    # What is not handled is answered with 535.
    return AuthResult(success=right, handled=right)

way, tls = sys.argv[3], None
if way != "plain":
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[4], sys.argv[5])
settings = {"hostname": "relay.test"}
if way == "tls":
    settings |= {"auth_require_tls": False}
if way == "starttls":
    settings |= {"tls_context": tls, "require_starttls": True}
if way != "plain":
    settings |= {"auth_required": True, "authenticator": known}

async def main():
    loop = asyncio.get_running_loop()
    outer = tls if way == "tls" else None
    server = await loop.create_server(lambda: SMTP(Keep(), **settings), "127.0.0.1", int(sys.argv[2]), ssl=outer)
    port = server.sockets[0].getsockname()[1]
    name = os.path.join(sys.argv[1], "port")
    with open(name + ".part", "w") as file:
        file.write(str(port))
    os.rename(name + ".part", name)
    await server.serve_forever()

asyncio.run(main())
"#;

/// How letters come to a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In the clear, from anybody.
    Plain,
    /// Over TLS from the first byte.
    Tls,
    /// Over TLS once STARTTLS was said, and not without it.
    StartTls,
}

/// Who issues relays their certificates.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Default for Authority {
    fn default() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, "An authority of the tests");
        let key = KeyPair::generate().expect("a key can be made");
        let issuer = CertifiedIssuer::self_signed(parameters, key);
        Self { issuer: issuer.expect("a certificate can be made") }
    }
}

impl Authority {
    /// Its own certificate as a file in `folder`, for whoever is to trust it (`SSL_CERT_FILE`).
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(&self, folder: &Path) -> PathBuf {
        let file = folder.join("authority.pem");
        std::fs::write(&file, self.issuer.pem()).expect("the authority can be written");
        file
    }
}

/// A relay; stopped when it is dropped.
#[derive(Debug)]
pub struct Relay {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
    way: Way,
}

impl Relay {
    /// Starts one and waits until it listens.
    ///
    /// # Panics
    /// When it does not come to listen, or `QUIETROOM_AIOSMTPD` does not name the folder aiosmtpd
    /// is in.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut relay = Self { child: None, folder, port: 0, way: Way::Plain };
        relay.up().await;
        relay
    }

    /// Starts one that is reached this `way`, under a certificate of `authority` for `name`. It
    /// takes letters of the user in [`Self::sealed_url`] only.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn start_sealed(way: Way, authority: &Authority, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let key = KeyPair::generate().expect("a key can be made");
        let parameters =
            CertificateParams::new([name.to_owned()]).expect("a name can be certified");
        let certificate = parameters.signed_by(&key, &authority.issuer).expect("it can be signed");
        let write = |name: &str, text: String| {
            std::fs::write(folder.path().join(name), text).expect("the certificate can be written");
        };
        write("certificate.pem", certificate.pem());
        write("key.pem", key.serialize_pem());
        let mut relay = Self { child: None, folder, port: 0, way };
        relay.up().await;
        relay
    }

    /// From when it is next [`Self::up`], letters come this `way`.
    pub const fn change(&mut self, way: Way) {
        self.way = way;
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
            .args(["-W", "ignore", "-c", RELAY])
            .arg(self.folder.path())
            .arg(self.port.to_string())
            .arg(match self.way {
                Way::Plain => "plain",
                Way::Tls => "tls",
                Way::StartTls => "starttls",
            })
            .args(["certificate.pem", "key.pem"].map(|name| self.folder.path().join(name)))
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

    /// The same for one that is reached over TLS, with its user and password. Over STARTTLS it is
    /// reached at 0.0.0.0, which leads to this machine and is not taken for it.
    #[must_use]
    pub fn sealed_url(way: Way, port: u16, password: &str) -> String {
        let (scheme, host) = match way {
            Way::Tls => ("smtps", "127.0.0.1"),
            Way::StartTls | Way::Plain => ("smtp", "0.0.0.0"),
        };
        format!("{scheme}://quiet%40room:{password}@{host}:{port}")
    }

    /// Where it listens.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Every letter that came for `to` by its envelope, in order.
    #[must_use]
    pub fn letters(&self, to: &str) -> Vec<Letter> {
        self.raw(to).iter().map(|raw| decode(raw)).collect()
    }

    /// The same as they came, for where there are so many that taking each apart takes long.
    #[must_use]
    pub fn raw(&self, to: &str) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(self.folder.path()).into_iter().flatten();
        let mut files: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "letter"));
        files.sort_by_key(|file| file.metadata().and_then(|data| data.modified()).ok());
        let read = |file: &PathBuf| {
            let content = std::fs::read(file).ok()?;
            let end = content.windows(2).position(|pair| pair == b"\n\n")?;
            let recipients = String::from_utf8_lossy(&content[..end]).into_owned();
            recipients.lines().any(|line| line == to).then(|| content[end + 2..].to_vec())
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
