//! The command line.

mod audit;
mod backup;
mod files;
mod key;
mod mail;
mod notify;
mod person;
mod reach;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::StartError;
use crate::blobs::BlobArgs;
use crate::record::check::check_file;
use crate::settings::{DataArgs, LogFormat, ServeArgs};
use crate::{logging, seed, serve};
use reach::administer;

/// Secure messaging between care providers and their clients, on your own server
#[derive(Parser)]
#[command(name = "quietroom", version, arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the practice
    Serve(Box<ServeArgs>),
    /// Add, list and disable people, and give them new passwords
    Person {
        #[command(subcommand)]
        command: person::Person,
    },
    /// Copy the store and, apart, its keys; also while the server runs
    Backup {
        #[command(flatten)]
        data: DataArgs,
        /// File for the store
        #[arg(long)]
        to: PathBuf,
        /// File for the keys; keep it apart from the store, and only the newest
        #[arg(long)]
        keys_to: PathBuf,
        /// Folder for files that are kept on this machine [default: <TO>.files]
        #[arg(long)]
        files_to: Option<PathBuf>,
    },
    /// Make a data directory from a backup
    Restore {
        #[command(flatten)]
        data: DataArgs,
        /// The store's file
        #[arg(long)]
        from: PathBuf,
        /// The keys' file
        #[arg(long)]
        keys: PathBuf,
        /// The folder of files [default: <FROM>.files]
        #[arg(long)]
        files: Option<PathBuf>,
    },
    /// Read everything and check it; the server must not run
    Verify {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        files: BlobArgs,
        /// Do not read the contents of files
        #[arg(long)]
        records_only: bool,
    },
    /// Check the record of a conversation that somebody took as a bundle; needs nothing else
    VerifyBundle {
        /// The bundle
        bundle: PathBuf,
        /// The key the practice publishes, or a file that holds it: see key show
        #[arg(long)]
        key: Option<String>,
    },
    /// Try whether mail arrives
    Mail {
        #[command(subcommand)]
        command: mail::Mail,
    },
    /// See to notices: what waits, what was set aside, and why
    Notify {
        #[command(subcommand)]
        command: notify::Notify,
    },
    /// Show, check and export who did what, when and from where
    Audit {
        #[command(subcommand)]
        command: audit::Audit,
    },
    /// See to the practice key
    Key {
        #[command(subcommand)]
        command: key::Key,
    },
    /// See to where files are kept
    Files {
        #[command(subcommand)]
        command: files::Files,
    },
    /// Fill a data directory for measurements
    #[command(hide = true)]
    Seed(Box<seed::SeedArgs>),
}

/// Runs the command the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    match dispatch(Line::parse().command) {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("quietroom: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<Vec<String>, StartError> {
    match command {
        Command::Serve(args) => {
            logging::start(args.log_format);
            serve::run(&args)?;
            Ok(Vec::new())
        }
        Command::Person { command } => {
            logging::start(LogFormat::Text);
            let (data, request) = person::request(command)?;
            administer(&data, request)
        }
        Command::Backup { data, to, keys_to, files_to } => {
            backup::make(&data, to, keys_to, files_to)
        }
        Command::Restore { data, from, keys, files } => backup::restore(&data, &from, &keys, files),
        Command::Verify { data, files, records_only } => {
            logging::start(LogFormat::Text);
            verify::run(&data, (!records_only).then_some(&files))
        }
        Command::VerifyBundle { bundle, key } => Ok(check_file(&bundle, key.as_deref())?),
        Command::Mail { command } => {
            let (data, request) = mail::request(command);
            administer(&data, request)
        }
        Command::Notify { command } => {
            let (data, request) = notify::request(command);
            administer(&data, request)
        }
        Command::Audit { command } => {
            let (data, request) = audit::request(command)?;
            administer(&data, request)
        }
        Command::Key { command } => key::run(command),
        Command::Files { command } => files::run(command),
        Command::Seed(args) => seed::run(&args),
    }
}
