//! `quietroom audit …`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared_proto::audit::{Action, AuditEntry, AuditFilter, Subject};
use shared_proto::limits;

use super::{Admin, Answer, dates, people};
use crate::audit::of;
use crate::record::csv::cell;
use crate::store::keystore::write_new;
use crate::store::{Store, StoreError, audit, checkpoint};

/// Which records, as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Query {
    /// Id or email.
    pub person: Option<String>,
    /// Name of an action.
    pub action: Option<String>,
    /// A time.
    pub from: Option<String>,
    /// A time.
    pub until: Option<String>,
}

impl Query {
    async fn filter(self, admin: &Admin) -> Result<AuditFilter, String> {
        let person = match self.person {
            Some(who) => Some(people::find(admin, &who).await?.id),
            None => None,
        };
        let action = match self.action {
            Some(name) => Some(Action::named(&name).ok_or_else(|| {
                let names: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
                format!("there is no action {name}; there are: {}", names.join(", "))
            })?),
            None => None,
        };
        let time = |text: Option<String>| match text {
            Some(text) => dates::parse(&text).map(Some).ok_or_else(|| {
                format!("{text} is no time; write 2026-03-01 or 2026-03-01T09:30Z (UTC)")
            }),
            None => Ok(None),
        };
        let (from, until) = (time(self.from)?, time(self.until)?);
        Ok(AuditFilter { person, action, from, until, group: None })
    }
}

/// The newest records, newest first: number, time, who, from where, what, to what, detail, with
/// tabs between.
pub(super) async fn show(admin: &Admin, query: Query, limit: usize) -> Answer {
    if !(1..=limits::AUDIT_SHOWN).contains(&limit) {
        let most = limits::AUDIT_SHOWN;
        return Err(format!("--limit goes from 1 to {most}; all of it: quietroom audit export"));
    }
    let filter = query.filter(admin).await?;
    record(&admin.store, Action::AuditRead).await?;
    let read = admin.store.read(move |store| {
        let (mut lines, mut before) = (Vec::new(), None);
        loop {
            let page = audit::page(store, &filter, before)?;
            let room = limit - lines.len();
            lines.extend(page.entries.iter().take(room).map(|entry| cells(entry).join("\t")));
            before = page.next;
            if before.is_none() || lines.len() == limit {
                return Ok(lines);
            }
        }
    });
    read.await.map_err(|error| error.to_string())
}

/// Everything wanted, oldest first, as CSV (RFC 4180) in UTF-8 with its mark.
pub(super) async fn export(admin: &Admin, query: Query, to: PathBuf) -> Answer {
    let filter = query.filter(admin).await?;
    record(&admin.store, Action::AuditExported).await?;
    let store = Arc::clone(&admin.store);
    let made = tokio::task::spawn_blocking(move || write_csv(&store, &filter, &to));
    let count = made.await.map_err(|error| error.to_string())??;
    Ok(vec![format!("exported {count} records")])
}

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

fn write_csv(store: &Store, filter: &AuditFilter, to: &Path) -> Result<u64, String> {
    let written = write_new(to, |file| {
        let mut out = BufWriter::with_capacity(64 * 1024, file);
        out.write_all("\u{feff}".as_bytes())?;
        out.write_all(b"number,time,person,address,action,subject,detail\r\n")?;
        let mut count = 0;
        let exported = audit::export(store, filter, u64::MAX, |entry| {
            let cells: Vec<String> = cells(&entry).iter().map(|text| cell(text)).collect();
            out.write_all(cells.join(",").as_bytes())?;
            count += 1;
            Ok::<_, ExportError>(out.write_all(b"\r\n")?)
        });
        exported.map_err(std::io::Error::other)?;
        out.flush()?;
        Ok(count)
    });
    written.map_err(|error| format!("{}: {error}", to.display()))
}

fn cells(entry: &AuditEntry) -> [String; 7] {
    let subject = match entry.subject {
        Subject::Nothing => String::new(),
        Subject::Person(person) => format!("person {person}"),
        Subject::Conversation(conversation) => format!("conversation {conversation}"),
        Subject::Practice => "practice".to_owned(),
    };
    [
        entry.sequence.to_string(),
        dates::show(entry.at),
        entry.actor.map(|person| person.to_string()).unwrap_or_default(),
        entry.address.map(|address| address.to_string()).unwrap_or_default(),
        entry.action.name().to_owned(),
        subject,
        entry.detail.clone().unwrap_or_default(),
    ]
}

/// Checks the whole log, and against a checkpoint that nothing it has seen is gone.
pub(super) async fn verify(admin: &Admin, against: Option<PathBuf>) -> Answer {
    let store = Arc::clone(&admin.store);
    let checked = tokio::task::spawn_blocking(move || match against {
        Some(path) => checkpoint::compare(&store, &path).map_err(|error| error.to_string()),
        None => {
            let checked = audit::verify(&store, None).map_err(|error| error.to_string())?;
            Ok(vec![checkpoint::described(&checked)])
        }
    });
    checked.await.map_err(|error| error.to_string())?
}

/// Writes a signed checkpoint.
pub async fn checkpoint(store: &Arc<Store>, to: PathBuf) -> Answer {
    record(store, Action::CheckpointMade).await?;
    let at = crate::clock::now();
    let reading = Arc::clone(store);
    let taken = tokio::task::spawn_blocking(move || checkpoint::take(&reading, at));
    let taken = taken.await.map_err(|error| error.to_string())?;
    let text = taken.map_err(|error| error.to_string())?;
    // What was read may have been applied and not be durable yet: a checkpoint must never know
    // more than what survives a power cut. What comes after it in the queue is durable after it.
    store.commit_from_reserve(Default::default()).await.map_err(|error| error.to_string())?;
    let written = tokio::task::spawn_blocking(move || {
        write_new(&to, |file| file.write_all(text.as_bytes()))
            .map_err(|error| format!("{}: {error}", to.display()))
    });
    written.await.map_err(|error| error.to_string())??;
    Ok(vec!["a checkpoint was written; keep it where this machine cannot change it".to_owned()])
}

async fn record(store: &Store, action: Action) -> Result<(), String> {
    let recorded = store.record(of(action).to_practice()).await;
    recorded.map_err(|error| format!("the audit log could not be written: {error}"))
}
