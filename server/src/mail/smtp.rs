//! Mail through a relay (RFC 5321, RFC 6409).

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::address::{RelayUrl, Sealing};
use super::{MailError, Problem};
use crate::app::StartError;

/// Longest a relay may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// A relay.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// The relay at `url`, to which this server is `host`. It is not asked for anything yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(url: &RelayUrl, host: &str) -> Result<Self, StartError> {
        let parameters = || TlsParameters::new(url.host.clone());
        let tls = match url.sealing {
            Sealing::Tls => Tls::Wrapper(parameters()?),
            Sealing::StartTls => Tls::Required(parameters()?),
            Sealing::Plain => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(url.host.clone())
            .port(url.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(host.to_owned()));
        let builder = match &url.credentials {
            Some((user, password)) => {
                builder.credentials(Credentials::new(user.clone(), password.clone()))
            }
            None => builder,
        };
        Ok(Self { transport: builder.build() })
    }

    /// Hands a letter over.
    ///
    /// # Errors
    /// `Final` when the relay says never; `Passing` otherwise, also when it does not know us, since
    /// that is the operator's to mend.
    pub async fn send(&self, letter: Message) -> Result<(), MailError> {
        match self.transport.send(letter).await {
            Ok(_) => Ok(()),
            Err(error) => Err(judged(&error)),
        }
    }
}

/// Whether TLS is what a connection failed at. The library tells of a handshake, and so of a
/// certificate that is not trusted, as of any other connection that failed.
fn is_about_tls(error: &Error) -> bool {
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>()
            || carried.is_some_and(|carried| carried.is::<rustls::Error>())
        {
            return true;
        }
        next = error.source();
    }
    false
}

fn judged(error: &Error) -> MailError {
    let code = error.status().map(u16::from);
    let kind = match code {
        Some(code) => format!("the relay answered {code}"),
        None if error.is_tls() || is_about_tls(error) => {
            "the relay's TLS cannot be trusted".to_owned()
        }
        None if error.is_timeout() => "the relay did not answer in time".to_owned(),
        None if error.is_client() => "the relay lacks what is asked of it, such as STARTTLS".into(),
        None => "the relay cannot be reached".to_owned(),
    };
    let problem = Problem { detail: format!("{kind}: {error}"), kind };
    // 530 to 539 are about our own sign-in (RFC 4954, 6).
    if code.is_some_and(|code| (500..600).contains(&code) && !(530..540).contains(&code)) {
        MailError::Final(problem)
    } else {
        MailError::Passing(problem)
    }
}
