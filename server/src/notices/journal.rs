//! Why somebody was told, and why not: lines in a file of the folder beside the data directory. It
//! names people by their ids only, as the log does.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Held, Why};
use shared_proto::time::Millis;

use crate::admin::dates;

/// What the file begins with.
const HEAD: &str = "# Who was told that something is new, and who was not, and why. Who has which id: \
                    quietroom person list\n";

/// The file.
pub struct Journal {
    path: PathBuf,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: Millis,
    /// Of whom.
    pub person: PersonId,
    /// What came of it.
    pub said: Said,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Said {
    /// A notice was handed over, to a way out or to a file of this name.
    Sent(Channel, String),
    /// They were not told on a channel.
    NotOn(Channel, Why),
    /// They were not told at all.
    Not(Why),
    /// It is decided again then.
    Later(Millis, Held),
    /// A notice had been decided, and was not wanted any more when it was to be sent.
    NoLonger(Channel, Why),
    /// A notice was not taken, for good.
    SetAside(Channel, String),
}

/// Why somebody is not told, in words for the operator.
#[must_use]
pub const fn why(why: Why) -> &'static str {
    match why {
        Why::NoMember => "takes no part in the conversation any more",
        Why::Read => "has read it",
        Why::Told => "has been told since they last read",
        Why::NoAccount => "has no account, or may not sign in",
        Why::Policy => "the practice has switched this off",
        Why::Consent => "has not agreed to this",
        Why::NoAddress => "has no address for this",
        Why::Unfit => "the mobile number does not say its country, as +41 does",
        Why::Unconfirmed => "the address has not been confirmed",
        Why::NoWayOut => "this server has no way out for this",
        Why::Withdrawn => "what there was has been withdrawn",
        Why::Stopped => "answered STOP, and has not agreed again",
    }
}

impl Said {
    fn columns(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Sent(channel, file) => (
                channel.name(),
                "sent",
                format!("something new, not read and not seen by them yet: {file}"),
            ),
            Self::NotOn(channel, not) => (channel.name(), "not told", why(*not).to_owned()),
            Self::Not(not) => ("-", "not told", why(*not).to_owned()),
            Self::Later(until, held) => {
                let because = match held {
                    Held::Active => "was active a moment ago",
                    Held::Quiet => "quiet hours",
                };
                ("-", "held", format!("{because}, until {}", dates::show(*until)))
            }
            Self::NoLonger(channel, not) => (channel.name(), "dropped", why(*not).to_owned()),
            Self::SetAside(channel, problem) => (channel.name(), "set aside", problem.clone()),
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (channel, what, because) = self.said.columns();
        let at = dates::show(self.at);
        write!(f, "{at}  {channel:<5}  {what:<9}  person {}  {because}", self.person)
    }
}

impl Journal {
    /// The file in a folder.
    #[must_use]
    pub fn beside(folder: &Path) -> Self {
        Self { path: folder.join("why.log") }
    }

    /// Adds lines. What cannot be written is not written: no notice waits for it.
    pub async fn add(&self, lines: Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || write(&path, &lines)).await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "why.log in the outbox folder could not be written");
        }
    }
}

fn write(path: &Path, lines: &[Line]) -> std::io::Result<()> {
    let full =
        std::fs::metadata(path).is_ok_and(|found| found.len() > limits::NOTICE_JOURNAL_BYTES);
    if full {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    let mut text = String::new();
    if full || !path.exists() {
        text.push_str(HEAD);
    }
    for line in lines {
        text.push_str(&line.to_string().replace(['\r', '\n'], " "));
        text.push('\n');
    }
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_say_who_what_and_why_and_the_file_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::beside(folder.path());
        let line = |said| Line {
            at: Millis(1_772_357_400_125),
            person: PersonId::from_bytes([1; 16]),
            said,
        };
        let lines = vec![
            line(Said::Sent(Channel::Email, "1.eml".into())),
            line(Said::NotOn(Channel::Sms, Why::Consent)),
            line(Said::Later(Millis(1_772_357_400_125), Held::Quiet)),
        ];
        journal.add(lines).await;
        let text = std::fs::read_to_string(folder.path().join("why.log")).unwrap();
        assert!(text.starts_with("# Who was told"), "{text}");
        let found: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(found.len(), 3, "{text}");
        assert!(found[0].starts_with("2026-03-01T09:30:00.125Z  email  sent"), "{text}");
        assert!(found[0].contains("person 01010101-") && found[0].ends_with("1.eml"), "{text}");
        assert!(found[1].contains("sms    not told") && found[1].ends_with("agreed to this"));
        assert!(found[2].ends_with("quiet hours, until 2026-03-01T09:30:00.125Z"), "{text}");
        let big = vec![b'x'; limits::NOTICE_JOURNAL_BYTES as usize + 1];
        std::fs::write(folder.path().join("why.log"), big).unwrap();
        journal.add(vec![line(Said::Not(Why::Read))]).await;
        let text = std::fs::read_to_string(folder.path().join("why.log")).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(folder.path().join("why.log.1").exists());
    }
}
