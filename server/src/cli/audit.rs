//! Showing, checking and exporting the audit log.

use std::path::{PathBuf, absolute};

use clap::{Args, Subcommand};
use shared_proto::limits;

use crate::admin::Request;
use crate::admin::audit::Query;
use crate::settings::DataArgs;

/// What may be done with the audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// Show the newest records
    Show {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        query: AuditQuery,
        /// Records at most
        #[arg(long, default_value_t = limits::AUDIT_ROWS)]
        limit: usize,
    },
    /// Check that no record is changed or missing
    Verify {
        #[command(flatten)]
        data: DataArgs,
        /// A checkpoint kept elsewhere: finds also what was taken from the end of the audit log or
        /// of a conversation
        #[arg(long)]
        against: Option<PathBuf>,
    },
    /// Write records into a CSV file, oldest first
    Export {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        query: AuditQuery,
        /// The file
        #[arg(long)]
        to: PathBuf,
    },
    /// Write a signed statement of where the audit log and every conversation stand
    Checkpoint {
        #[command(flatten)]
        data: DataArgs,
        /// The file; keep it where this machine cannot change it
        #[arg(long)]
        to: PathBuf,
    },
}

/// Which records are wanted.
#[derive(Args)]
pub struct AuditQuery {
    /// Done by or to this person: id or email
    #[arg(long)]
    person: Option<String>,
    /// Only this action, for example conversation-opened
    #[arg(long)]
    action: Option<String>,
    /// Not before this time (UTC), for example 2026-03-01 or 2026-03-01T09:30Z
    #[arg(long)]
    from: Option<String>,
    /// Before this time
    #[arg(long)]
    until: Option<String>,
}

impl From<AuditQuery> for Query {
    fn from(AuditQuery { person, action, from, until }: AuditQuery) -> Self {
        Self { person, action, from, until }
    }
}

/// What a command about the audit log asks, and of which practice.
///
/// # Errors
/// When the folder the command was started in is not known.
pub fn request(command: Audit) -> std::io::Result<(DataArgs, Request)> {
    Ok(match command {
        Audit::Show { data, query, limit } => {
            (data, Request::AuditShow { query: query.into(), limit })
        }
        Audit::Verify { data, against } => {
            (data, Request::AuditVerify { against: against.map(absolute).transpose()? })
        }
        Audit::Export { data, query, to } => {
            (data, Request::AuditExport { query: query.into(), to: absolute(to)? })
        }
        Audit::Checkpoint { data, to } => (data, Request::AuditCheckpoint { to: absolute(to)? }),
    })
}
