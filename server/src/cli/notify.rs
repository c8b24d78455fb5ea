//! Seeing to notices: what waits, what was set aside, whether they arrive, and why not.

use clap::{Subcommand, ValueEnum};
use shared_proto::notice::Channel;

use crate::admin::Request;
use crate::settings::DataArgs;

/// A way a notice goes.
#[derive(Clone, Copy, ValueEnum)]
pub enum ChannelArg {
    /// By email
    Email,
    /// By text message
    Sms,
    /// By web push
    Push,
}

impl From<ChannelArg> for Channel {
    fn from(channel: ChannelArg) -> Self {
        match channel {
            ChannelArg::Email => Self::Email,
            ChannelArg::Sms => Self::Sms,
            ChannelArg::Push => Self::Push,
        }
    }
}

/// What may be done with notices.
#[derive(Subcommand)]
pub enum Notify {
    /// Show what waits to be sent, and what was set aside and why
    Status {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Try those that were set aside again
    Retry {
        #[command(flatten)]
        data: DataArgs,
        /// Only those of one channel
        #[arg(long, value_enum)]
        channel: Option<ChannelArg>,
        /// Only this one, as status calls it
        #[arg(long)]
        id: Option<String>,
    },
    /// Send somebody a notice and say what became of it; the server must run
    Test {
        #[command(flatten)]
        data: DataArgs,
        /// By which way
        #[arg(long, value_enum)]
        channel: ChannelArg,
        /// Id or email of who gets it
        who: String,
    },
    /// Say why somebody is told on each channel, or is not; the server must run
    Why {
        #[command(flatten)]
        data: DataArgs,
        /// Id or email
        who: String,
    },
}

/// What a command about notices asks, and of which practice.
pub fn request(command: Notify) -> (DataArgs, Request) {
    match command {
        Notify::Status { data } => (data, Request::NotifyStatus),
        Notify::Retry { data, channel, id } => {
            (data, Request::NotifyRetry { channel: channel.map(Into::into), id })
        }
        Notify::Test { data, channel, who } => {
            (data, Request::NotifyTest { channel: channel.into(), who })
        }
        Notify::Why { data, who } => (data, Request::NotifyWhy { who }),
    }
}
