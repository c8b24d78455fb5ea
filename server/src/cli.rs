//! The command line.

mod files;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum};
use shared_proto::limits;
use shared_proto::people::Role;

use crate::admin::audit::Query;
use crate::admin::{Admin, Answer, Request, control};
use crate::app::{StartError, open_store};
use crate::blobs::{BlobArgs, Blobs, place};
use crate::record::check::check_file;
use crate::settings::{DataArgs, EngineKind, LogFormat, ServeArgs};
use crate::store::committer::Unobserved;
use crate::store::vault::{PracticeKey, Vault};
use crate::store::{backup, reseal, verify};
use crate::{logging, seed, serve};

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
        command: Person,
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
        command: MailCommand,
    },
    /// Show, check and export who did what, when and from where
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// See to the practice key
    Key {
        #[command(subcommand)]
        command: Key,
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

#[derive(Subcommand)]
enum Person {
    /// Add somebody
    Add {
        #[command(flatten)]
        data: DataArgs,
        /// Display name
        #[arg(long)]
        name: String,
        /// Email, which they sign in with
        #[arg(long)]
        email: String,
        /// What they are
        #[arg(long, value_enum)]
        role: RoleArg,
        /// Take the password from standard input instead of showing a link to choose one
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everyone
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Assign a client to a provider
    Assign {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email of the client
        client: String,
        /// Id or email of the provider
        #[arg(long)]
        to: String,
    },
    /// End somebody's access at once
    Disable {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email
        who: String,
    },
    /// Give somebody's access back
    Enable {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email
        who: String,
    },
    /// Take somebody's password away, let them choose another, and end their sessions
    Reset {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email
        who: String,
        /// Take the password from standard input instead of showing a link to choose one
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take somebody's second factors away, who has lost them all, and end their sessions
    ResetFactors {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email
        who: String,
    },
}

#[derive(Subcommand)]
enum MailCommand {
    /// Send a test message and say what became of it; the server must run
    Test {
        #[command(flatten)]
        data: DataArgs,
        /// Address it goes to
        #[arg(long)]
        to: String,
    },
}

#[derive(Subcommand)]
enum Audit {
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

#[derive(clap::Args)]
struct AuditQuery {
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

#[derive(Subcommand)]
enum Key {
    /// Put a new practice key in the place of the old one; also while the server runs
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Seal everything anew, under keys that are all new, into another data directory; the server
    /// must not run
    Reseal {
        #[command(flatten)]
        data: DataArgs,
        /// The other data directory, which is made
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        files: BlobArgs,
        /// What the names of files on an S3 server are to begin with then
        #[arg(long, requires = "s3_endpoint")]
        to_s3_prefix: Option<String>,
    },
    /// Print the public key that records and checkpoints are signed with: publish it
    Show {
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Owner,
    Provider,
    Client,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Owner => Self::Owner,
            RoleArg::Provider => Self::Provider,
            RoleArg::Client => Self::Client,
        }
    }
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
            let (data, request) = person(command)?;
            administer(&data, request)
        }
        Command::Backup { data, to, keys_to, files_to } => {
            let files_to = absolute(files_to.unwrap_or_else(|| files_beside(&to)))?;
            let (to, keys_to) = (absolute(to)?, absolute(keys_to)?);
            administer(&data, Request::Backup { to, keys_to, files_to })
        }
        Command::Restore { data, from, keys, files } => {
            if let Some(given) = files.as_ref().filter(|given| !given.is_dir()) {
                return Err(format!("{} is no folder of files", given.display()).into());
            }
            let files = files.unwrap_or_else(|| files_beside(&from));
            let summary = backup::restore(&data.data, &from, &keys, &files)?;
            if let Err(error) = check_key(&data) {
                // Made a moment ago from files that are still there.
                std::fs::remove_dir_all(&data.data)?;
                return Err(error);
            }
            let backup::Summary { records, bytes, files, .. } = summary;
            Ok(vec![format!("restored {records} records, {bytes} bytes, {files} files")])
        }
        Command::Verify { data, files, records_only } => {
            logging::start(LogFormat::Text);
            verify(&data, (!records_only).then_some(&files))
        }
        Command::VerifyBundle { bundle, key } => Ok(check_file(&bundle, key.as_deref())?),
        Command::Mail { command: MailCommand::Test { data, to } } => {
            administer(&data, Request::MailTest { to })
        }
        Command::Audit { command } => {
            let (data, request) = audit(command)?;
            administer(&data, request)
        }
        Command::Key { command: Key::Rotate { data } } => {
            logging::start(LogFormat::Text);
            administer(&data, Request::KeyRotate)
        }
        Command::Key { command: Key::Show { data } } => administer(&data, Request::KeyShow),
        Command::Key { command: Key::Reseal { data, to, files, to_s3_prefix } } => {
            reseal(&data, &to, &files, to_s3_prefix)
        }
        Command::Files { command } => files::run(command),
        Command::Seed(args) => seed::run(&args),
    }
}

fn person(command: Person) -> Result<(DataArgs, Request), StartError> {
    Ok(match command {
        Person::Add { data, name, email, role, password_stdin } => {
            let (role, password) = (role.into(), password(password_stdin)?);
            (data, Request::PersonAdd { name, email, role, password })
        }
        Person::List { data } => (data, Request::PersonList),
        Person::Assign { data, client, to } => {
            (data, Request::PersonAssign { client, provider: to })
        }
        Person::Disable { data, who } => (data, Request::PersonDisable { who }),
        Person::Enable { data, who } => (data, Request::PersonEnable { who }),
        Person::Reset { data, who, password_stdin } => {
            let password = password(password_stdin)?;
            (data, Request::PersonReset { who, password })
        }
        Person::ResetFactors { data, who } => (data, Request::PersonResetFactors { who }),
    })
}

fn audit(command: Audit) -> std::io::Result<(DataArgs, Request)> {
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

fn password(from_stdin: bool) -> std::io::Result<Option<String>> {
    if !from_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// The folder of files that belongs to a backup.
fn files_beside(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".files");
    name.into()
}

fn absolute(path: PathBuf) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}

/// Asks the running server, or works on the data directory when none runs.
fn administer(data: &DataArgs, request: Request) -> Result<Vec<String>, StartError> {
    let answered = control::ask(&data.data, &request).map_err(|error| {
        format!("the server on {} does not answer: {error}", data.data.display())
    })?;
    let answer = match answered {
        Some(answer) => answer,
        None => on_directory(data, request)?,
    };
    answer.map_err(Into::into)
}

fn on_directory(data: &DataArgs, request: Request) -> Result<Answer, StartError> {
    require_store(data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let files = Blobs::directory(&data.data);
    let admin = Admin { store, practice: None, hub: None, mail: None, url: None, files };
    Ok(runtime.block_on(async {
        let answer = admin.handle(request).await;
        admin.store.committer.stop().await;
        answer
    }))
}

/// Checks the records, and the contents of files where they are kept.
fn verify(data: &DataArgs, files: Option<&BlobArgs>) -> Result<Vec<String>, StartError> {
    require_store(data)?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let summary = verify::verify(&store)?;
    if let Some(files) = files {
        let blobs = Arc::new(files.open(&data.data, EngineKind::Sled)?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(verify::contents(&store, &blobs))?;
    }
    let verify::Summary { conversations, entries, people, audit, files } = summary;
    let counts = format!("conversations {conversations} entries {entries} people {people}");
    Ok(vec![format!("{counts} audit {audit} files {files} ok")])
}

fn reseal(
    data: &DataArgs,
    to: &Path,
    files: &BlobArgs,
    to_s3_prefix: Option<String>,
) -> Result<Vec<String>, StartError> {
    require_store(data)?;
    let fresh = match (files.place()?, to_s3_prefix) {
        (None, _) => files.clone(),
        (Some(place), Some(prefix)) if prefix != place.prefix => {
            BlobArgs { s3_prefix: prefix, ..files.clone() }
        }
        (Some(_), _) => return Err("give another prefix for the files, with --to-s3-prefix".into()),
    };
    fresh.check()?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let key = practice_key(data)?;
    let blobs = Arc::new(files.open(&data.data, EngineKind::Sled)?);
    let open = || fresh.open(to, EngineKind::Sled);
    let verify::Summary { conversations, entries, people, audit, files } =
        reseal::reseal(&store, &blobs, to, key, open)?;
    if fresh.place()?.is_some() {
        // Under the prefix there was they do not open any more.
        place::write(to, &fresh.named()?)?;
    }
    let (from, to) = (data.data.display(), to.display());
    Ok(vec![
        format!(
            "sealed anew in {to}: conversations {conversations} entries {entries} people {people} \
             audit {audit} files {files}"
        ),
        format!(
            "{from} was not changed. Move it away, and {to} to its place; the practice key stays"
        ),
        format!(
            "then back up, and destroy what was {from} and its backups as soon as you may: they \
             open with the old keys"
        ),
    ])
}

/// The practice key of data that is there.
fn practice_key(data: &DataArgs) -> Result<PracticeKey, StartError> {
    Ok(match PracticeKey::from_env() {
        Some(key) => key?,
        None => PracticeKey::load_or_create(&data.key_path(), false)?,
    })
}

/// Whether the practice key is the one a restored key store was wrapped with.
fn check_key(data: &DataArgs) -> Result<(), StartError> {
    let key = practice_key(data)?;
    Vault::open(Some(&data.data), key)?;
    Ok(())
}

fn require_store(data: &DataArgs) -> Result<(), StartError> {
    if crate::store::exists(&data.data) {
        return Ok(());
    }
    let path = data.data.display();
    Err(format!("there is no practice in {path}; start one with: quietroom serve --data {path}")
        .into())
}
