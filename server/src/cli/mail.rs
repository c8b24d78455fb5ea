//! Trying whether mail arrives.

use clap::Subcommand;

use crate::admin::Request;
use crate::settings::DataArgs;

/// What may be done with mail.
#[derive(Subcommand)]
pub enum Mail {
    /// Send a test message and say what became of it; the server must run
    Test {
        #[command(flatten)]
        data: DataArgs,
        /// Address it goes to
        #[arg(long)]
        to: String,
    },
}

/// What a command about mail asks, and of which practice.
pub fn request(command: Mail) -> (DataArgs, Request) {
    let Mail::Test { data, to } = command;
    (data, Request::MailTest { to })
}
