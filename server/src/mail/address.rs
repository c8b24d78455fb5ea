//! Where a relay is, and who we are there. Holds a password: nothing here shows it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::MailArgsError;

/// A relay's address as it was given; never printed.
#[derive(Clone)]
pub struct SmtpUrl(String);

impl FromStr for SmtpUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SmtpUrl(…)")
    }
}

/// How the way to a relay is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, and nothing without it (RFC 3207).
    StartTls,
    /// Nothing: this machine only.
    Plain,
}

/// A relay's address, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayUrl {
    /// Name or address.
    pub host: String,
    /// Port; 465 and 587 when none was given.
    pub port: u16,
    /// How the way there is sealed.
    pub sealing: Sealing,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

impl SmtpUrl {
    /// Takes it apart.
    ///
    /// # Errors
    /// `Url`, which does not repeat it.
    pub fn parse(&self) -> Result<RelayUrl, MailArgsError> {
        parse(&self.0).ok_or(MailArgsError::Url)
    }
}

fn parse(text: &str) -> Option<RelayUrl> {
    let (scheme, rest) = text.split_once("://")?;
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if host.is_empty() || !host.chars().all(fits) {
        return None;
    }
    let here = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.is_loopback());
    let (sealing, usual) = match (scheme, here) {
        ("smtps", _) => (Sealing::Tls, 465),
        ("smtp", false) => (Sealing::StartTls, 587),
        ("smtp", true) => (Sealing::Plain, 25),
        _ => return None,
    };
    let port = port.map_or(Some(usual), |port| port.parse().ok().filter(|port| *port > 0))?;
    let credentials = match login {
        Some(login) => {
            let (user, password) = login.split_once(':')?;
            Some((decoded(user)?, decoded(password)?))
        }
        None => None,
    };
    Some(RelayUrl { host: host.to_owned(), port, sealing, credentials })
}

/// Percent-decoded (RFC 3986, 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_relay_on_another_machine_is_always_sealed() {
        let sealing = |url| parse(url).map(|relay| (relay.sealing, relay.port));
        assert_eq!(sealing("smtps://mail.example.org"), Some((Sealing::Tls, 465)));
        assert_eq!(sealing("smtp://mail.example.org"), Some((Sealing::StartTls, 587)));
        assert_eq!(sealing("smtp://10.0.0.1:25"), Some((Sealing::StartTls, 25)));
        assert_eq!(sealing("smtp://localhost.example.org:25"), Some((Sealing::StartTls, 25)));
        assert_eq!(sealing("smtp://127.0.0.1:2525"), Some((Sealing::Plain, 2525)));
        assert_eq!(sealing("smtp://[::1]:2525"), Some((Sealing::Plain, 2525)));
        for wrong in [
            "mail.example.org",
            "http://mail.example.org",
            "smtp://mail.example.org?tls=none",
            "smtp://mail.example.org/",
            "smtp://",
            "smtp://mail.example.org:0",
            "smtp://user@mail.example.org",
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_never_shown() {
        let url: SmtpUrl = "smtps://us%40er:p%3Aass@word@mail.example.org".parse().unwrap();
        let relay = url.parse().unwrap();
        assert_eq!(relay.credentials, Some(("us@er".to_owned(), "p:ass@word".to_owned())));
        assert!(!format!("{url:?}").contains("word"));
    }
}
