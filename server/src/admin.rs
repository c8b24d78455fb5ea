//! What the operator does on the command line, on a running server through its control socket
//! or on the data directory when none runs.

pub mod audit;
pub mod control;
pub mod dates;
pub mod key;
pub mod mail;
pub mod notify;
pub mod people;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared_proto::audit::Action;
use shared_proto::notice::Channel;
use shared_proto::people::Role;

use crate::app::App;
use crate::audit::of;
use crate::hub::Hub;
use crate::mail::Mail;
use crate::practice::LivePractice;
use crate::store::Store;
use crate::store::backup;

/// One command.
#[derive(Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Request {
    /// Adds somebody.
    PersonAdd {
        /// Display name.
        name: String,
        /// Email.
        email: String,
        /// What they are.
        role: Role,
        /// Their password; without one a link to choose it is shown.
        password: Option<String>,
    },
    /// Lists everyone.
    PersonList,
    /// Ends somebody's access at once.
    PersonDisable {
        /// Id or email.
        who: String,
    },
    /// Gives it back.
    PersonEnable {
        /// Id or email.
        who: String,
    },
    /// Gives somebody a new password and ends their sessions.
    PersonReset {
        /// Id or email.
        who: String,
        /// The password; without one a link to choose it is shown.
        password: Option<String>,
    },
    /// Takes all of somebody's second factors away and ends their sessions.
    PersonResetFactors {
        /// Id or email.
        who: String,
    },
    /// Gives a client a provider, or takes one from them.
    PersonAssign {
        /// Id or email of the client.
        client: String,
        /// Id or email of the provider.
        provider: String,
    },
    /// Sends a message to see whether mail arrives.
    MailTest {
        /// Address it goes to.
        to: String,
    },
    /// Shows what waits to be told and what was set aside.
    NotifyStatus,
    /// Tries again what was set aside.
    NotifyRetry {
        /// Of one channel only.
        channel: Option<Channel>,
        /// One only.
        id: Option<String>,
    },
    /// Sends somebody a notice to see whether it arrives.
    NotifyTest {
        /// By which way.
        channel: Channel,
        /// Id or email.
        who: String,
    },
    /// Says why somebody is told, or is not.
    NotifyWhy {
        /// Id or email.
        who: String,
    },
    /// Copies the store and, apart, its keys.
    Backup {
        /// File for the store.
        to: PathBuf,
        /// File for the keys.
        keys_to: PathBuf,
        /// Folder for files.
        files_to: PathBuf,
    },
    /// Shows the newest records of the audit log.
    AuditShow {
        /// Which.
        query: audit::Query,
        /// So many at most.
        limit: usize,
    },
    /// Checks the audit log.
    AuditVerify {
        /// A checkpoint besides.
        against: Option<PathBuf>,
    },
    /// Writes the audit log into a file.
    AuditExport {
        /// Which records.
        query: audit::Query,
        /// The file.
        to: PathBuf,
    },
    /// Writes a signed checkpoint.
    AuditCheckpoint {
        /// The file.
        to: PathBuf,
    },
    /// Wraps every key with a new practice key.
    KeyRotate,
    /// Shows the key that signs.
    KeyShow,
}

/// Lines to print, or why not.
pub type Answer = Result<Vec<String>, String>;

/// What a command works on.
pub struct Admin {
    /// The store.
    pub store: Arc<Store>,
    /// The practice as a running server shows it.
    pub practice: Option<Arc<LivePractice>>,
    /// Sockets, where a server runs.
    pub hub: Option<Arc<Hub>>,
    /// The way out for mail, where a server runs.
    pub mail: Option<Arc<Mail>>,
    /// The server, where it runs.
    pub app: Option<Arc<App>>,
    /// Where people reach the server, where it runs.
    pub url: Option<String>,
    /// Where files lie on this machine.
    pub files: PathBuf,
}

impl Admin {
    /// Sees to one command.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn handle(&self, request: Request) -> Answer {
        match request {
            Request::PersonAdd { name, email, role, password } => {
                people::add(self, &name, &email, role, password).await
            }
            Request::PersonList => people::list(self).await,
            Request::PersonDisable { who } => people::disable(self, &who).await,
            Request::PersonEnable { who } => people::enable(self, &who).await,
            Request::PersonReset { who, password } => people::reset(self, &who, password).await,
            Request::PersonResetFactors { who } => people::reset_factors(self, &who).await,
            Request::PersonAssign { client, provider } => {
                people::assign(self, &client, &provider).await
            }
            Request::MailTest { to } => mail::test(self, to).await,
            Request::NotifyStatus => notify::status(self).await,
            Request::NotifyRetry { channel, id } => {
                notify::retry(self, channel, id.as_deref()).await
            }
            Request::NotifyTest { channel, who } => notify::test(self, channel, &who).await,
            Request::NotifyWhy { who } => notify::why(self, &who).await,
            Request::Backup { to, keys_to, files_to } => self.backup(to, keys_to, files_to).await,
            Request::AuditShow { query, limit } => audit::show(self, query, limit).await,
            Request::AuditVerify { against } => audit::verify(self, against).await,
            Request::AuditExport { query, to } => audit::export(self, query, to).await,
            Request::AuditCheckpoint { to } => audit::checkpoint(&self.store, to).await,
            Request::KeyRotate => key::rotate(self).await,
            Request::KeyShow => Ok(vec![key::show(&self.store)]),
        }
    }

    async fn backup(&self, to: PathBuf, keys_to: PathBuf, files_to: PathBuf) -> Answer {
        let (store, files) = (Arc::clone(&self.store), self.files.clone());
        let made = tokio::task::spawn_blocking(move || {
            backup::backup(&store.committer, &store.vault, &to, &keys_to, (&files, &files_to))
        });
        let summary = made.await.map_err(|error| error.to_string())?;
        let summary = summary.map_err(|error| error.to_string())?;
        let recorded = self.store.record(of(Action::BackupMade).to_practice()).await;
        recorded.map_err(|error| error.to_string())?;
        tracing::info!(records = summary.records, "backed up");
        let backup::Summary { records, bytes, files, .. } = summary;
        Ok(vec![format!("backed up {records} records, {bytes} bytes, {files} files")])
    }
}
