//! Adding, listing and disabling people, and giving them new passwords.

use clap::{Subcommand, ValueEnum};
use shared_proto::people::Role;

use crate::admin::Request;
use crate::app::StartError;
use crate::settings::DataArgs;

/// What may be done with people.
#[derive(Subcommand)]
pub enum Person {
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

/// What somebody is to be.
#[derive(Clone, Copy, ValueEnum)]
pub enum RoleArg {
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

/// What a command about people asks, and of which practice.
///
/// # Errors
/// When standard input, which the password comes from, is not read.
pub fn request(command: Person) -> Result<(DataArgs, Request), StartError> {
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

fn password(from_stdin: bool) -> std::io::Result<Option<String>> {
    if !from_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}
