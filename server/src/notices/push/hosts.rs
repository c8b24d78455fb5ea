//! Where the server may be sent by whoever registers a browser: to push services only. An endpoint is
//! what somebody's browser says, so without this anybody who can sign in could have the server make
//! requests inside the network it stands in (CWE-918).

use std::net::{IpAddr, SocketAddr};

use reqwest::Url;
use shared_proto::limits;
use shared_proto::notice::ask::PushDevice;
use shared_proto::refusal::{Field, Refusal, Rule};

use super::sealed::Recipient;

/// The push services of Chrome and what is built on it, of Firefox, of Safari, and of Edge.
const SERVICES: [&str; 4] = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
];

/// Push services that may be pushed to.
#[derive(Clone, Debug)]
pub struct PushHosts(Vec<Allowed>);

#[derive(Clone, Debug)]
enum Allowed {
    /// A name and every name below it, on one port.
    Name { name: String, port: u16 },
    /// A port of this machine, without TLS.
    Here(SocketAddr),
}

impl PushHosts {
    /// Those there are, and these. `None` when one of these is not a name, with or without a port, nor
    /// a loopback address with one.
    pub(super) fn new(more: &[String]) -> Option<Self> {
        let known = SERVICES.map(|name| Allowed::Name { name: name.to_owned(), port: 443 });
        let more = more.iter().map(|host| allowed(host));
        known.into_iter().map(Some).chain(more).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether a browser may be pushed to.
    ///
    /// # Errors
    /// `Invalid` for `PushDevice`: `TooLong` for an endpoint above
    /// [`limits::PUSH_ENDPOINT_BYTES`], `Malformed` for one that is no address as browsers write it and
    /// for a key or secret that is none, `NotAccepted` for one that does not lead to a push service.
    pub fn check(&self, device: &PushDevice) -> Result<(), Refusal> {
        self.admit(&device.endpoint)?;
        Recipient::of(device).map(drop).ok_or_else(|| invalid(Rule::Malformed))
    }

    /// The endpoint as requests are made to it.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(super) fn admit(&self, endpoint: &str) -> Result<Url, Refusal> {
        if endpoint.len() > limits::PUSH_ENDPOINT_BYTES {
            let limit = u32::try_from(limits::PUSH_ENDPOINT_BYTES).unwrap_or(u32::MAX);
            return Err(invalid(Rule::TooLong { limit }));
        }
        // By the parser that requests are made with, and only what it would write in the same way: an
        // address that says one thing to one reader and another to the next is none.
        let url = Url::parse(endpoint).ok().filter(|url| url.as_str() == endpoint);
        let url = url.ok_or_else(|| invalid(Rule::Malformed))?;
        let has_login = !url.username().is_empty() || url.password().is_some();
        if has_login || url.fragment().is_some() {
            return Err(invalid(Rule::Malformed));
        }
        let is_allowed = self.0.iter().any(|allowed| allowed.is(&url));
        if is_allowed { Ok(url) } else { Err(invalid(Rule::NotAccepted)) }
    }
}

impl Allowed {
    fn is(&self, url: &Url) -> bool {
        let (Some(host), Some(at)) = (url.host_str(), url.port_or_known_default()) else {
            return false;
        };
        match self {
            Self::Name { name, port } => {
                let below = host.strip_suffix(name.as_str());
                let is_below = below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                url.scheme() == "https" && at == *port && is_below
            }
            Self::Here(address) => {
                let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
                url.scheme() == "http" && at == address.port() && ip == Some(address.ip())
            }
        }
    }
}

fn allowed(host: &str) -> Option<Allowed> {
    if let Ok(address) = host.parse::<SocketAddr>() {
        let is_here = address.ip().is_loopback() && address.port() > 0;
        return is_here.then_some(Allowed::Here(address));
    }
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, port.parse().ok().filter(|port| *port > 0)?),
        None => (host, 443),
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_label = |label: &str| !label.is_empty() && label.chars().all(fits);
    // What ends in a number is an address, whatever else it looks like (WHATWG URL, 3.5).
    let is_named = name.rsplit('.').next()?.starts_with(|c: char| c.is_ascii_lowercase());
    let is_name = name.contains('.') && name.split('.').all(is_label) && is_named;
    is_name.then(|| Allowed::Name { name: name.to_owned(), port })
}

fn invalid(rule: Rule) -> Refusal {
    Refusal::invalid(Field::PushDevice, rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(more: &[&str]) -> PushHosts {
        PushHosts::new(&more.iter().map(|&host| host.to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn endpoints_of_browsers_are_taken() {
        let hosts =
            hosts(&["push.example.org", "other.example:8443", "127.0.0.1:1234", "[::1]:80"]);
        for right in [
            "https://fcm.googleapis.com/fcm/send/dT7:APA91bH-x_y",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA-_",
            "https://web.push.apple.com/QGu3-_x",
            "https://api.push.apple.com/3/device/x",
            "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2b%3d",
            "https://push.example.org/a",
            "https://eu.push.example.org/a",
            "https://other.example:8443/a",
            "http://127.0.0.1:1234/a",
            "http://[::1]/a",
        ] {
            assert!(hosts.admit(right).is_ok_and(|url| url.as_str() == right), "{right}");
        }
    }

    #[test]
    fn an_endpoint_that_leads_anywhere_else_is_not() {
        let hosts = hosts(&["127.0.0.1:1234", "push.example.org"]);
        let refused = |endpoint: &str| hosts.admit(endpoint).err();
        for elsewhere in [
            "https://evilfcm.googleapis.com/a",
            "https://fcm.googleapis.com.evil.example/a",
            "https://googleapis.com/a",
            "https://evil.example/fcm.googleapis.com",
            "https://evil.example/?https://fcm.googleapis.com/",
            "https://fcm.googleapis.com./a",
            "https://fcm.googleapis.com:8443/a",
            "https://fcm.googleapis.com:80/a",
            "http://fcm.googleapis.com/a",
            "http://push.example.org/a",
            "ws://fcm.googleapis.com/a",
            "ftp://fcm.googleapis.com/a",
            "https://localhost/a",
            "https://127.0.0.1/a",
            "https://127.0.0.1:1234/a",
            "http://127.0.0.1/a",
            "http://127.0.0.1:1235/a",
            "http://127.0.0.2:1234/a",
            "http://localhost:1234/a",
            "http://[::1]:1234/a",
            "http://[::ffff:7f00:1]:1234/a",
            "http://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/a",
            "https://[fd00::1]/a",
            "https://xn--fm-8ia.googleapis.com/a",
        ] {
            assert_eq!(refused(elsewhere), Some(invalid(Rule::NotAccepted)), "{elsewhere}");
        }
        for no_endpoint in [
            "",
            "fcm.googleapis.com/a",
            "//fcm.googleapis.com/a",
            "https:fcm.googleapis.com/a",
            "https:///fcm.googleapis.com/a",
            "https://fcm.googleapis.com",
            "HTTPS://fcm.googleapis.com/a",
            "https://FCM.googleapis.com/a",
            "https://fcm.googleapis.com:443/a",
            "https://fcm.googleapis.com:/a",
            "https://fcm.googleapis.com:99999/a",
            "https://user@fcm.googleapis.com/a",
            "https://user:password@fcm.googleapis.com/a",
            "https://@fcm.googleapis.com/a",
            "https://fcm.googleapis.com@evil.example/a",
            "https://fcm.googleapis.com:443@evil.example/a",
            "https://evil.example\\@fcm.googleapis.com/a",
            "https://fcm.googleapis.com\\@evil.example/a",
            "https://evil.example#@fcm.googleapis.com/a",
            "https://fcm.googleapis.com/a#b",
            "https://fcm.googleapis.com/a/../b",
            "https://fcm.googleapis.com/a b",
            "https://fcm.googleapis.com/a\r\nHost: evil.example",
            "https://fcm.goo\tgleapis.com/a",
            " https://fcm.googleapis.com/a",
            "https://fcm.googleapis.com/é",
            "https://fçm.googleapis.com/a",
            "https://ｆcm.googleapis.com/a",
            "https://fcm。googleapis.com/a",
            "https://fcm.googleapis%2ecom/a",
            "http://0177.0.0.1:1234/a",
            "http://2130706433:1234/a",
            "http://0x7f.1:1234/a",
        ] {
            let refusal = refused(no_endpoint);
            assert_eq!(refusal, Some(invalid(Rule::Malformed)), "{no_endpoint}");
        }
    }

    #[test]
    fn an_endpoint_has_its_longest() {
        let longest = |bytes: usize| {
            let start = "https://fcm.googleapis.com/";
            hosts(&[]).admit(&format!("{start}{}", "a".repeat(bytes - start.len()))).err()
        };
        assert_eq!(longest(limits::PUSH_ENDPOINT_BYTES), None);
        let refusal = invalid(Rule::TooLong { limit: 1_024 });
        assert_eq!(longest(limits::PUSH_ENDPOINT_BYTES + 1), Some(refusal));
    }

    #[test]
    fn a_browser_brings_a_point_of_the_curve_and_a_secret() {
        let key = super::super::public(&[1; 32]).unwrap();
        let device = |key: &[u8], secret: usize| PushDevice {
            endpoint: "https://fcm.googleapis.com/a".to_owned(),
            key: key.to_vec(),
            secret: vec![7; secret],
        };
        let check = |key: &[u8], secret| hosts(&[]).check(&device(key, secret));
        let malformed = Err(invalid(Rule::Malformed));
        assert_eq!(check(&key, 16), Ok(()));
        assert_eq!((check(&key, 15), check(&key, 17)), (malformed, malformed));
        let mut off = key.clone();
        off[64] ^= 1;
        let short = [&[2 + (key[64] & 1)], &key[1..33]].concat();
        let long = [&key[..], &[0]].concat();
        for key in [&off[..], &short, &long, &key[..64], &[0], &[], &[4; 65]] {
            assert_eq!(check(key, 16), malformed, "{key:?}");
        }
    }
}
