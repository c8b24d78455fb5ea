//! Flags about pushes to browsers.

use clap::Args;
use reqwest::Url;

use super::hosts::PushHosts;

/// Flags about pushes to browsers.
#[derive(Args, Clone, Debug)]
pub struct PushArgs {
    /// Push to browsers through the push services of their makers, who learn that there is something
    /// for a browser, and when [default: pushes are files, as mail is]
    #[arg(long, env = "QUIETROOM_PUSH")]
    pub push: bool,
    /// Whom push services may turn to when something is wrong with pushes from here: mailto: and an
    /// address, or an https:// address
    #[arg(long, env = "QUIETROOM_PUSH_CONTACT")]
    pub push_contact: Option<String>,
    /// Push service besides those of Google, Mozilla, Apple and Microsoft, such as push.example.org; its
    /// subdomains count. May be given several times, in the variable parted by commas
    #[arg(long, env = "QUIETROOM_PUSH_HOST", value_delimiter = ',')]
    pub push_host: Vec<String>,
}

/// A setting that cannot be pushed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushArgsError {
    /// Push services take nothing from nobody.
    #[error("--push needs --push-contact: whom push services may turn to")]
    NoContact,
    /// Not a contact.
    #[error(
        "--push-contact must be mailto: and an address, such as mailto:it@example.org, or an \
         https:// address; push services refuse others"
    )]
    Contact,
    /// Not a host that may be pushed to.
    #[error(
        "--push-host must be a name such as push.example.org, in small letters, with a port where \
         it is not 443; or 127.0.0.1 or [::1] with a port, which is reached without TLS"
    )]
    Host,
}

impl PushArgs {
    /// Checks what can be checked before anything is opened.
    ///
    /// # Errors
    /// The first setting that cannot be pushed with.
    pub fn check(&self) -> Result<(), PushArgsError> {
        self.hosts()?;
        match &self.push_contact {
            Some(contact) if !is_contact(contact) => Err(PushArgsError::Contact),
            None if self.push => Err(PushArgsError::NoContact),
            _ => Ok(()),
        }
    }

    /// The push services that may be pushed to, also without `--push`.
    ///
    /// # Errors
    /// `Host`.
    pub fn hosts(&self) -> Result<PushHosts, PushArgsError> {
        PushHosts::new(&self.push_host).ok_or(PushArgsError::Host)
    }
}

/// RFC 8292, 2.1; narrower than it, since some services refuse more than others.
fn is_contact(contact: &str) -> bool {
    if !contact.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte)) {
        return false;
    }
    if let Some(address) = contact.strip_prefix("mailto:") {
        let parts = address.split_once('@');
        return parts.is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !host.contains('@')
        });
    }
    contact.starts_with("https://") && Url::parse(contact).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: PushArgs,
    }

    fn args(line: &[&str]) -> PushArgs {
        let words = std::iter::once("quietroom").chain(line.iter().copied());
        Line::try_parse_from(words).expect("flags").args
    }

    #[test]
    fn pushing_takes_a_contact_that_push_services_accept() {
        assert_eq!(args(&[]).check(), Ok(()));
        assert_eq!(args(&["--push"]).check(), Err(PushArgsError::NoContact));
        let with = |contact: &str| args(&["--push", "--push-contact", contact]).check();
        for right in ["mailto:it@example.org", "https://example.org", "https://example.org/contact"]
        {
            assert_eq!(with(right), Ok(()), "{right}");
        }
        for wrong in [
            "it@example.org",
            "mailto:",
            "mailto:it",
            "mailto: it@example.org",
            "mailto:<it@example.org>",
            "mailto:it@a@example.org",
            "http://example.org",
            "https://",
            "",
        ] {
            assert_eq!(with(wrong), Err(PushArgsError::Contact), "{wrong}");
        }
    }

    #[test]
    fn a_push_service_is_named_plainly() {
        let with = |host: &str| args(&["--push-host", host]).check();
        for right in
            ["push.example.org", "push.example.org:8443", "127.0.0.1:1234", "[::1]:80", "a.b,c.d"]
        {
            assert_eq!(with(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "org",
            "localhost",
            "localhost:80",
            "Push.example.org",
            "push.example.org.",
            ".example.org",
            "push..example.org",
            "*.example.org",
            "https://push.example.org",
            "push.example.org/",
            "user@push.example.org",
            "push.example.org:0",
            "push.example.org:99999",
            "bücher.example",
            "127.0.0.1",
            "10.0.0.1:80",
            "169.254.169.254",
            "0x7f.1",
            "[::1]",
            "[fd00::1]:80",
        ] {
            assert_eq!(with(wrong), Err(PushArgsError::Host), "{wrong}");
        }
    }
}
