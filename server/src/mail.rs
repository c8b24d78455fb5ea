//! Mail to people: invitations, links and notices. A letter is a sealed record that is kept in the
//! same commit as the change it is about ([`queue::job`]); one task sends what is due, to a relay
//! or into a folder of the operator's. At least once: a crash between sending and forgetting sends
//! again, under the same Message-ID.

pub mod address;
pub mod outbox;
pub mod queue;
pub mod smtp;
pub mod texts;

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use clap::Args;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use shared_proto::limits;
use shared_proto::time::Millis;
use tokio::sync::{Notify, broadcast};

use crate::app::StartError;
use address::{RelayUrl, SmtpUrl};
use outbox::Outbox;
use queue::{JobId, Outcome};
use smtp::Smtp;

/// Flags about mail.
#[derive(Args, Clone, Debug)]
pub struct MailArgs {
    /// Relay that mail goes through: smtps://user:password@host:465, or smtp://host:587 with
    /// STARTTLS. Better in the variable, which is not in the list of processes [default: files in
    /// the folder <DATA>.outbox]
    #[arg(long, env = "QUIETROOM_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<SmtpUrl>,
    /// Address mail comes from, such as "Our practice <messages@example.org>"
    #[arg(long, env = "QUIETROOM_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// How long to wait before a relay that failed is tried again, in milliseconds; doubles
    #[arg(
        long,
        env = "QUIETROOM_MAIL_RETRY_MS",
        default_value_t = limits::MAIL_RETRY_MS,
        hide = true
    )]
    pub mail_retry_ms: u64,
}

/// A setting of mail that cannot be served with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailArgsError {
    /// Not the address of a relay. Never says what was given: it may hold a password.
    #[error(
        "--smtp-url must be smtps://user:password@host:465 or smtp://user:password@host:587, with \
         nothing behind the port; write other than letters and digits in user and password as %XX"
    )]
    Url,
    /// A relay takes no mail from nobody.
    #[error("--smtp-url needs --mail-from: the address mail comes from, which the relay accepts")]
    NoSender,
    /// Not an address.
    #[error("--mail-from must be an address, such as \"Our practice <messages@example.org>\"")]
    Sender,
}

impl MailArgs {
    /// Checks what can be checked before anything is opened.
    ///
    /// # Errors
    /// The first setting that cannot be served with.
    pub fn check(&self) -> Result<(), MailArgsError> {
        if let Some(url) = &self.smtp_url {
            url.parse()?;
            if self.mail_from.is_none() {
                return Err(MailArgsError::NoSender);
            }
        }
        self.sender("localhost").map(|_| ())
    }

    fn sender(&self, host: &str) -> Result<Mailbox, MailArgsError> {
        let default = format!("quietroom@{host}");
        let given = self.mail_from.as_ref().unwrap_or(&default);
        // `a@localhost` and `a@127.0.0.1` are for the folder on one's own machine.
        given.parse().map_err(|_| MailArgsError::Sender)
    }
}

/// What is sent. Nothing but what its purpose needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// Somebody has an account waiting for them.
    Invitation {
        /// What the practice is called.
        practice: String,
        /// Who invited them.
        inviter: String,
        /// Where they accept; secret.
        link: String,
    },
    /// Somebody asked for a new password.
    PasswordReset {
        /// What the practice is called.
        practice: String,
        /// Where they choose one; secret.
        link: String,
    },
    /// To the new address of somebody who changes it.
    ConfirmNewEmail {
        /// What the practice is called.
        practice: String,
        /// Where they confirm it; secret.
        link: String,
    },
    /// To the address they had so far.
    ConfirmOldEmail {
        /// What the practice is called.
        practice: String,
        /// Where they confirm it; secret.
        link: String,
    },
    /// Their password was changed.
    PasswordChanged {
        /// What the practice is called.
        practice: String,
    },
    /// A second factor was added or taken away.
    FactorChanged {
        /// What the practice is called.
        practice: String,
    },
    /// Their email was changed.
    EmailChanged {
        /// What the practice is called.
        practice: String,
    },
    /// The operator tries whether mail arrives.
    Test {
        /// What the practice is called.
        practice: String,
    },
}

/// A letter to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Their address.
    pub to: String,
    /// The language they read (BCP 47); English where there are no words in it.
    pub language: String,
    /// What they are told.
    pub letter: Letter,
}

/// A letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It may be taken later.
    #[error("{0}")]
    Passing(Problem),
    /// It will never be.
    #[error("{0}")]
    Final(Problem),
}

/// Why, twice: what may be logged, and what only the operator who asked is told (a relay's answer
/// may hold an address).
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Without anything about a person.
    pub kind: String,
    /// In full.
    pub detail: String,
}

/// Takes letters.
enum Relay {
    Folder(Outbox),
    Smtp(Box<Smtp>),
}

/// The way out for mail.
pub struct Mail {
    relay: Relay,
    from: Mailbox,
    shown: String,
    first_wait: Duration,
    due: Notify,
    outcomes: broadcast::Sender<(JobId, Outcome)>,
}

impl Mail {
    /// The relay of the flags, or the folder beside the data directory. `host` is the name people
    /// reach this server under.
    ///
    /// # Errors
    /// When a setting cannot be served with, or the folder cannot be made.
    pub fn open(args: &MailArgs, data: &Path, host: &str) -> Result<Self, StartError> {
        args.check()?;
        let host = host.trim_matches(['[', ']']);
        let is_name = host.parse::<std::net::IpAddr>().is_err();
        let host = if is_name { host } else { "localhost" };
        let (relay, shown) = match &args.smtp_url {
            Some(url) => {
                let url: RelayUrl = url.parse()?;
                let shown = format!("{}:{}", url.host, url.port);
                (Relay::Smtp(Box::new(Smtp::new(&url, host)?)), shown)
            }
            None => {
                let folder = folder_beside(data);
                let shown = folder.display().to_string();
                (Relay::Folder(Outbox::open(folder)?), shown)
            }
        };
        Ok(Self {
            relay,
            from: args.sender(host)?,
            shown,
            first_wait: Duration::from_millis(args.mail_retry_ms.max(1)),
            due: Notify::new(),
            outcomes: broadcast::channel(limits::MAIL_OUTCOMES).0,
        })
    }

    /// Where mail goes, for the operator: the folder, or the relay's host and port.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// A job was committed: it is sent soon.
    pub fn wake(&self) {
        self.due.notify_one();
    }

    /// What comes of every job from now on.
    #[must_use]
    pub fn outcomes(&self) -> broadcast::Receiver<(JobId, Outcome)> {
        self.outcomes.subscribe()
    }

    async fn send(&self, id: JobId, created_at: Millis, job: &Job) -> Result<(), MailError> {
        let message = compose(&self.from, id, created_at, job)?;
        self.hand_over(&format!("{:013}-{id}.eml", created_at.0), message).await
    }

    /// Hands a message to the relay, or keeps it as a file of this name.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn hand_over(&self, name: &str, message: Message) -> Result<(), MailError> {
        match &self.relay {
            Relay::Folder(outbox) => outbox.keep(name.to_owned(), message.formatted()).await,
            Relay::Smtp(smtp) => smtp.send(message).await,
        }
    }

    /// The folder mail would go to: other things that have no way out go there too.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self, data: &Path) -> Result<Outbox, StartError> {
        match &self.relay {
            Relay::Folder(outbox) => Ok(outbox.clone()),
            Relay::Smtp(_) => Outbox::open(folder_beside(data)),
        }
    }

    /// Whether mail goes into a folder.
    #[must_use]
    pub const fn is_folder(&self) -> bool {
        matches!(self.relay, Relay::Folder(_))
    }

    /// The address mail comes from.
    #[must_use]
    pub const fn from(&self) -> &Mailbox {
        &self.from
    }
}

fn folder_beside(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or(data.as_os_str()).to_os_string();
    name.push(".outbox");
    data.with_file_name(name)
}

/// The letter as it travels (RFC 5322), marked as one no program is to answer (RFC 3834). The same
/// job makes the same Message-ID each time. Names are in the text only, never in a header.
fn compose(from: &Mailbox, id: JobId, created_at: Millis, job: &Job) -> Result<Message, MailError> {
    let never =
        |what: &str| MailError::Final(Problem { kind: what.to_owned(), detail: what.to_owned() });
    let to = job.to.parse().map_err(|_| never("the address is not one mail can be sent to"))?;
    let words = texts::write(&job.language, &job.letter);
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(words.subject)
        .date(UNIX_EPOCH + Duration::from_millis(created_at.0))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .header(ContentType::TEXT_PLAIN)
        .body(words.body)
        .map_err(|_| never("the letter cannot be put together"))
}

#[cfg(test)]
mod tests;
