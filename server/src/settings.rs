//! How this server is to run: flags, or the environment variables of the same names.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use shared_proto::limits;

use crate::blobs::{BlobArgs, BlobArgsError};
use crate::files::Quotas;
use crate::mail::{MailArgs, MailArgsError};
use crate::notices::NoticeArgs;
use crate::notices::push::args::PushArgsError;
use crate::notices::sms::args::SmsArgsError;

/// One megabyte, as quotas count them.
const MEGABYTE: u64 = 1024 * 1024;

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// What keeps the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineKind {
    /// On disk.
    Sled,
    /// Nowhere: gone with the process. For trying things out.
    Memory,
}

/// Who signs in with a second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecondFactor {
    /// Owners and providers; clients who want to.
    Required,
    /// Whoever wants to.
    Optional,
}

/// Where the records and their key lie.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// Data directory
    #[arg(long, env = "QUIETROOM_DATA", default_value = "quietroom-data")]
    pub data: PathBuf,
    /// File with the practice key, made at first start [default: <DATA>.key]. The variable
    /// QUIETROOM_KEY may hold the key itself instead
    #[arg(long, env = "QUIETROOM_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

impl DataArgs {
    /// Where the practice key lies.
    #[must_use]
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| key_beside(&self.data))
    }
}

fn key_beside(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or(data.as_os_str()).to_os_string();
    name.push(".key");
    data.with_file_name(name)
}

/// Flags of `quietroom serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Where the records and their key lie
    #[command(flatten)]
    pub data: DataArgs,
    /// Address people reach the server at
    #[arg(long, env = "QUIETROOM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address of metrics and health; keep it inside
    #[arg(long, env = "QUIETROOM_METRICS_LISTEN", default_value = "127.0.0.1:9090")]
    pub metrics_listen: SocketAddr,
    /// Let other machines reach metrics and health, in plain HTTP and without a password
    #[arg(long, env = "QUIETROOM_METRICS_OPEN")]
    pub metrics_open: bool,
    /// Origin people type, such as https://messages.example.org [default: http://localhost:<port>]
    #[arg(long, env = "QUIETROOM_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Certificate chain (PEM)
    #[arg(long, env = "QUIETROOM_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM)
    #[arg(long, env = "QUIETROOM_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Address of a proxy in front that ends TLS; its X-Forwarded-For is believed. May be given
    /// several times
    #[arg(long, env = "QUIETROOM_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// Serve plain HTTP to a trusted proxy over a network: only where that network is encrypted by
    /// itself, as by WireGuard or IPsec, or never leaves this machine
    #[arg(long, env = "QUIETROOM_PROXY_NETWORK_ENCRYPTED", requires = "trusted_proxy")]
    pub proxy_network_encrypted: bool,
    /// Fill an empty practice with made-up people and show their passwords; localhost only
    #[arg(long, env = "QUIETROOM_DEMO")]
    pub demo: bool,
    /// Whether owners and providers need a second factor to sign in [default: required; optional
    /// with --demo]
    #[arg(long, env = "QUIETROOM_SECOND_FACTOR", value_enum)]
    pub second_factor: Option<SecondFactor>,
    /// File with passwords that leaked elsewhere, one a line, which nobody may choose
    #[arg(long, env = "QUIETROOM_LEAKED_PASSWORDS")]
    pub leaked_passwords: Option<PathBuf>,
    /// What keeps the records
    #[arg(long, env = "QUIETROOM_ENGINE", value_enum, default_value = "sled")]
    pub engine: EngineKind,
    /// Form of the log
    #[arg(long, env = "QUIETROOM_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// Frames a person may send a second
    #[arg(long, env = "QUIETROOM_RATE_PER_SECOND", default_value = "20")]
    pub rate_per_second: NonZeroU32,
    /// Frames a person may send at once after a pause
    #[arg(long, env = "QUIETROOM_RATE_BURST", default_value = "60")]
    pub rate_burst: NonZeroU32,
    /// Longest session, in seconds, whatever the owner sets
    #[arg(long, env = "QUIETROOM_SESSION_SECONDS", default_value = "86400")]
    pub session_seconds: u64,
    /// Longest silence before a session is locked, in seconds, whatever the owner sets
    #[arg(long, env = "QUIETROOM_IDLE_SECONDS", default_value = "3600")]
    pub idle_seconds: u64,
    /// Sockets one person may hold
    #[arg(long, env = "QUIETROOM_SOCKETS_PER_PERSON", default_value_t = limits::SOCKETS_PER_PERSON)]
    pub sockets_per_person: usize,
    /// Silence after which a socket is taken for dead, in milliseconds
    #[arg(long, env = "QUIETROOM_SILENCE_MS", default_value_t = limits::SOCKET_SILENCE_MS)]
    pub silence_ms: u64,
    /// Days the audit log is kept [default: 2192, six years: 45 CFR 164.316(b)(2)(i)]
    #[arg(long, env = "QUIETROOM_AUDIT_DAYS", default_value_t = 2_192, hide_default_value = true)]
    pub audit_days: u64,
    /// Directory for a signed checkpoint a day; best on another machine's disk
    #[arg(long, env = "QUIETROOM_CHECKPOINT_DIR")]
    pub checkpoint_dir: Option<PathBuf>,
    /// How often a socket is pinged, in milliseconds
    #[arg(long, env = "QUIETROOM_PING_MS", default_value_t = limits::SOCKET_PING_MS)]
    pub ping_ms: u64,
    /// Address, such as 0.0.0.0:80, at which plain requests are sent on to the https address
    #[arg(long, env = "QUIETROOM_REDIRECT_LISTEN")]
    pub redirect_listen: Option<SocketAddr>,
    /// Where mail goes
    #[command(flatten)]
    pub mail: MailArgs,
    /// How notices go
    #[command(flatten)]
    pub notices: NoticeArgs,
    /// Where files are kept
    #[command(flatten)]
    pub files: BlobArgs,
    /// Megabytes of files one client may send in all
    #[arg(
        long,
        env = "QUIETROOM_CLIENT_FILES_MB",
        default_value_t = limits::FILES_PER_CLIENT_BYTES / MEGABYTE
    )]
    pub client_files_mb: u64,
    /// Megabytes of files one owner or provider may send in all
    #[arg(
        long,
        env = "QUIETROOM_PROVIDER_FILES_MB",
        default_value_t = limits::FILES_PER_PROVIDER_BYTES / MEGABYTE
    )]
    pub provider_files_mb: u64,
}

/// A setting that cannot be served with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Passwords and messages would cross a network in the clear.
    #[error(
        "{0} is reachable from other machines, and there is no TLS. Give --tls-cert and \
         --tls-key, or listen on 127.0.0.1 behind a proxy that ends TLS (--public-url https://…)"
    )]
    PlainNetwork(SocketAddr),
    /// Between the proxy and here everything would be in the clear.
    #[error(
        "{0} is reached by a proxy over a network, which what it sends on would cross in the clear. \
         Give --tls-cert and --tls-key here too (one of your own authority is enough), or add \
         --proxy-network-encrypted when WireGuard or IPsec encrypts that network, or it never \
         leaves this machine"
    )]
    PlainToProxy(SocketAddr),
    /// A proxy ends TLS, and people would be sent to an address without it.
    #[error(
        "{0} is reachable from other machines through a proxy that ends TLS. Give the address \
         people type with --public-url https://…"
    )]
    PlainPublicUrl(SocketAddr),
    /// Metrics would cross a network in the clear, to whoever asks.
    #[error(
        "metrics at {0} are reachable from other machines, in plain HTTP and without a password. \
         Give --metrics-listen an address of this machine such as 127.0.0.1:9090, or add \
         --metrics-open when only your monitoring reaches that network"
    )]
    PlainMetrics(SocketAddr),
    /// The demo's passwords are known to everyone.
    #[error("--demo serves people whose passwords everyone knows: only on 127.0.0.1 or ::1")]
    DemoOnNetwork,
    /// There is nothing to send people on to.
    #[error(
        "--redirect-listen sends people on to https, and there is none: give --tls-cert and \
             --tls-key, or --public-url https://…"
    )]
    NowhereToRedirect,
    /// About mail.
    #[error(transparent)]
    Mail(#[from] MailArgsError),
    /// About text messages.
    #[error(transparent)]
    Sms(#[from] SmsArgsError),
    /// About pushes.
    #[error(transparent)]
    Push(#[from] PushArgsError),
    /// About files.
    #[error(transparent)]
    Files(#[from] BlobArgsError),
    /// Not an origin.
    #[error("--public-url must be an origin such as https://messages.example.org, without a path")]
    PublicUrl,
}

/// What the running server needs of the flags.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Longest session, in milliseconds.
    pub session_ms: u64,
    /// Longest silence before a session is locked, in milliseconds.
    pub idle_ms: u64,
    /// How often a socket is pinged.
    pub ping: Duration,
    /// Silence after which a socket is taken for dead.
    pub silence: Duration,
    /// Origins the client may come from.
    pub origins: Vec<String>,
    /// The address people are shown.
    pub url: String,
    /// Whether TLS ends here or at a proxy in front.
    pub secure: bool,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether nobody but those proxies is served: what others send would cross a network in the
    /// clear.
    pub proxies_only: bool,
    /// Who signs in with a second step.
    pub second_factor: SecondFactor,
}

impl Settings {
    /// The name or address people reach the server under, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }

    /// Whether an address is that of a proxy in front.
    #[must_use]
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.trusted_proxies.contains(&address.to_canonical())
    }
}

impl ServeArgs {
    /// How much one person may keep in files.
    #[must_use]
    pub const fn quotas(&self) -> Quotas {
        Quotas {
            client: self.client_files_mb.saturating_mul(MEGABYTE),
            provider: self.provider_files_mb.saturating_mul(MEGABYTE),
        }
    }

    /// Checks what can be checked before anything is opened.
    ///
    /// # Errors
    /// The first setting that cannot be served with.
    pub fn check(&self) -> Result<(), SettingsError> {
        let local = self.listen.ip().is_loopback();
        if self.demo && !local {
            return Err(SettingsError::DemoOnNetwork);
        }
        if !local && self.tls_cert.is_none() && self.trusted_proxy.is_empty() {
            return Err(SettingsError::PlainNetwork(self.listen));
        }
        if !local && self.tls_cert.is_none() && !self.proxy_network_encrypted {
            return Err(SettingsError::PlainToProxy(self.listen));
        }
        let public = self.public_url.as_deref().unwrap_or_default();
        if !local && self.tls_cert.is_none() && !public.starts_with("https://") {
            return Err(SettingsError::PlainPublicUrl(self.listen));
        }
        if !self.metrics_listen.ip().is_loopback() && !self.metrics_open {
            return Err(SettingsError::PlainMetrics(self.metrics_listen));
        }
        self.mail.check()?;
        self.notices.sms.check()?;
        self.notices.push.check()?;
        self.files.check()?;
        let given_plain = self.public_url.is_some() && !public.starts_with("https://");
        let secure = self.tls_cert.is_some() || public.starts_with("https://");
        if self.redirect_listen.is_some() && (given_plain || !secure) {
            return Err(SettingsError::NowhereToRedirect);
        }
        match &self.public_url {
            Some(url) if !is_origin(url) => Err(SettingsError::PublicUrl),
            _ => Ok(()),
        }
    }

    /// The settings once the port is known.
    #[must_use]
    pub fn settings(&self, bound: SocketAddr) -> Settings {
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        let port = bound.port();
        let default_port = if scheme == "https" { 443 } else { 80 };
        let with_port = |host: &str| {
            let port = if port == default_port { String::new() } else { format!(":{port}") };
            format!("{scheme}://{host}{port}")
        };
        let url = self.public_url.clone().unwrap_or_else(|| with_port("localhost"));
        let mut origins = vec![url.clone()];
        if bound.ip().is_loopback() {
            origins.extend([with_port("localhost"), with_port("127.0.0.1")]);
        }
        origins.sort_unstable();
        origins.dedup();
        Settings {
            session_ms: self.session_seconds.saturating_mul(1_000),
            idle_ms: self.idle_seconds.saturating_mul(1_000),
            ping: Duration::from_millis(self.ping_ms.max(1)),
            silence: Duration::from_millis(self.silence_ms.max(1)),
            secure: url.starts_with("https://"),
            trusted_proxies: self.trusted_proxy.iter().map(IpAddr::to_canonical).collect(),
            proxies_only: !bound.ip().is_loopback() && self.tls_cert.is_none(),
            second_factor: self.second_factor.unwrap_or(if self.demo {
                SecondFactor::Optional
            } else {
                SecondFactor::Required
            }),
            origins,
            url,
        }
    }
}

fn is_origin(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: ServeArgs,
    }

    fn args(line: &[&str]) -> ServeArgs {
        let words = std::iter::once("quietroom").chain(line.iter().copied());
        Line::try_parse_from(words).expect("flags").args
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert_eq!(args(&[]).check(), Ok(()));
        let open = args(&["--listen", "0.0.0.0:80"]);
        assert!(matches!(open.check(), Err(SettingsError::PlainNetwork(_))));
        let behind = ["--listen", "10.0.0.2:80", "--trusted-proxy", "10.0.0.1"];
        assert!(matches!(args(&behind).check(), Err(SettingsError::PlainToProxy(_))));
        let sealed = [&behind[..], &["--tls-cert", "a.pem", "--tls-key", "b.pem"]].concat();
        assert_eq!(args(&sealed).check(), Ok(()));
        let behind = [&behind[..], &["--proxy-network-encrypted"]].concat();
        let plain = |url| args(&[&behind[..], &["--public-url", url]].concat());
        assert!(matches!(args(&behind).check(), Err(SettingsError::PlainPublicUrl(_))));
        let http = plain("http://messages.example.org");
        assert!(matches!(http.check(), Err(SettingsError::PlainPublicUrl(_))));
        let https = plain("https://messages.example.org");
        assert_eq!(https.check(), Ok(()));
        let settings = https.settings("10.0.0.2:80".parse().expect("address"));
        assert!(settings.proxies_only);
        let is_proxy = |text: &str| settings.is_proxy(text.parse().expect("address"));
        assert!(is_proxy("10.0.0.1") && is_proxy("::ffff:10.0.0.1"));
        assert!(!is_proxy("10.0.0.3") && !is_proxy("127.0.0.1"));
        let here = args(&[]).settings("127.0.0.1:8080".parse().expect("address"));
        assert!(!here.proxies_only);
    }

    #[test]
    fn metrics_are_for_this_machine_unless_said_otherwise() {
        assert_eq!(args(&["--metrics-listen", "[::1]:9464"]).check(), Ok(()));
        for address in ["0.0.0.0:9464", "10.0.0.2:9464", "[::]:9464"] {
            let line = ["--metrics-listen", address];
            let plain = SettingsError::PlainMetrics(address.parse().expect("address"));
            assert_eq!(args(&line).check(), Err(plain));
            assert_eq!(args(&[&line[..], &["--metrics-open"]].concat()).check(), Ok(()));
        }
    }

    #[test]
    fn the_demo_is_for_this_machine_only() {
        let open = args(&["--demo", "--listen", "0.0.0.0:80"]);
        assert_eq!(open.check(), Err(SettingsError::DemoOnNetwork));
    }

    #[test]
    fn a_second_factor_is_required_unless_it_is_a_demo_or_said_otherwise() {
        let of = |line: &[&str]| {
            args(line).settings("127.0.0.1:8080".parse().expect("address")).second_factor
        };
        assert_eq!(of(&[]), SecondFactor::Required);
        assert_eq!(of(&["--demo"]), SecondFactor::Optional);
        assert_eq!(of(&["--second-factor", "optional"]), SecondFactor::Optional);
        assert_eq!(of(&["--demo", "--second-factor", "required"]), SecondFactor::Required);
    }

    #[test]
    fn a_public_url_is_an_origin() {
        let check = |url| args(&["--public-url", url]).check();
        assert_eq!(check("https://messages.example.org"), Ok(()));
        assert_eq!(check("https://messages.example.org/path"), Err(SettingsError::PublicUrl));
        assert_eq!(check("messages.example.org"), Err(SettingsError::PublicUrl));
    }

    #[test]
    fn origins_follow_the_port() {
        let bound = "127.0.0.1:8080".parse().expect("address");
        let settings = args(&[]).settings(bound);
        assert_eq!(settings.url, "http://localhost:8080");
        assert_eq!(settings.origins, ["http://127.0.0.1:8080", "http://localhost:8080"]);
    }

    #[test]
    fn the_key_lies_beside_the_data_directory() {
        assert_eq!(
            key_beside(Path::new("/srv/quietroom-data")),
            Path::new("/srv/quietroom-data.key")
        );
    }
}
