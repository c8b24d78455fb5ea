//! The rows of the table.

mod ack;
mod chat;
mod client;
mod files;
mod idle;
mod notices;
mod reconnect;
mod record;
mod search;
mod stored;

use std::fs;
use std::path::{Path, PathBuf};

use shared_proto::id::ConversationId;

use crate::load::Room;
use crate::plan::{Plan, Row};
use crate::process::Server;
use crate::report::Report;
use crate::seed::{Conversation, Seeded, Wanted, seed};
use crate::wire::Door;

/// The servers and what they hold; each is started when a row first needs it.
pub struct Bench<'a> {
    plan: &'a Plan,
    yardstick: Server,
    /// Conversations of two with next to nothing in them.
    pairs: Option<(Server, Seeded)>,
}

impl<'a> Bench<'a> {
    /// Starts the yardstick, and begins with an empty folder.
    ///
    /// # Errors
    /// When it does not start, or the folder cannot be made.
    pub async fn start(plan: &'a Plan) -> Result<Self, String> {
        remove_left_behind(&plan.all_data());
        let folder = plan.data();
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Ok(Self { plan, yardstick: Server::yardstick()?, pairs: None })
    }

    /// Measures one row.
    ///
    /// # Errors
    /// Why it cannot be measured.
    pub async fn measure(&mut self, row: Row, report: &mut Report) -> Result<(), String> {
        match row {
            Row::A => self.pairs_under_load(report).await,
            Row::B => self.groups_under_load(report).await,
            Row::C => self.idle(report).await,
            Row::D => self.reconnect(report).await,
            Row::E => self.acknowledge(report).await,
            Row::F => self.start_with_many(report).await,
            Row::G => self.open_long(report).await,
            Row::H => self.client(report).await,
            Row::R => self.take_record(report).await,
            Row::I => self.search(report).await,
            Row::J => self.move_files(report).await,
            Row::K => self.open_files(report).await,
            Row::N => self.tell(report).await,
        }
    }

    /// The server with conversations of two, and who is in them.
    fn pairs(&mut self) -> Result<(&Server, &Seeded), String> {
        if self.pairs.is_none() {
            let data = self.data("pairs");
            let people = self.plan.idle_sockets.max(self.plan.reconnecting);
            let conversations = people / 2;
            // A few each, so that a client has something to resume after.
            let entries = conversations * 4;
            let seeded = self.seed(
                &data,
                Wanted { people, conversations, members: 2, entries, entries_in_one: 0 },
            )?;
            self.pairs = Some((self.quietroom(&data)?, seeded));
        }
        let (server, seeded) = self.pairs.as_ref().ok_or("made above")?;
        Ok((server, seeded))
    }

    fn data(&self, name: &str) -> PathBuf {
        self.plan.data().join(name)
    }

    fn seed(&self, data: &Path, wanted: Wanted) -> Result<Seeded, String> {
        seed(&self.plan.server, data, wanted)
    }

    fn quietroom(&self, data: &Path) -> Result<Server, String> {
        self.quietroom_with(data, &[])
    }

    fn quietroom_with(&self, data: &Path, variables: &[(&str, &str)]) -> Result<Server, String> {
        Server::quietroom(&self.plan.server, data, variables)
    }
}

/// Removes the folders of runs that are no more: of one that was killed, or kept its data.
fn remove_left_behind(folder: &Path) {
    for run in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let is_running = Path::new("/proc").join(run.file_name()).exists();
        if !is_running {
            // If it stays, it is only in the way.
            let _ = fs::remove_dir_all(run.path()).or_else(|_| fs::remove_file(run.path()));
        }
    }
}

fn door(server: &Server, cookie: &str) -> Door {
    Door {
        address: server.address,
        origin: server.origin.clone(),
        path: shared_proto::http::LIVE.to_owned(),
        cookie: Some(cookie.to_owned()),
    }
}

/// Into a room of the yardstick whose readers may be `behind` messages behind. It drops those who
/// are further behind, and it keeps as many, so that no room gets more than it needs.
fn yardstick_door(server: &Server, behind: usize, room: usize) -> Door {
    let (address, origin) = (server.address, server.origin.clone());
    Door { address, origin, path: format!("/{behind}/{room}"), cookie: None }
}

/// For two people and 8 messages in flight.
const FEW_BEHIND: usize = 64;
/// In a group, the sender does not wait for the slowest reader.
const MANY_BEHIND: usize = 4_096;

fn rooms(server: &Server, conversations: &[Conversation]) -> Vec<Room> {
    let room = |conversation: &Conversation| {
        let doors = conversation.cookies.iter().map(|cookie| door(server, cookie)).collect();
        Room { id: conversation.id, doors }
    };
    conversations.iter().map(room).collect()
}

fn yardstick_rooms(server: &Server, count: usize, members: usize) -> Vec<Room> {
    let room = |number| {
        let id = ConversationId::from_bytes([0; 16]);
        let behind = if members > 2 { MANY_BEHIND } else { FEW_BEHIND };
        // Rooms of the same number are the same room, whoever opened it.
        let number = members * 1_000_000 + number;
        Room { id, doors: vec![yardstick_door(server, behind, number); members] }
    };
    (0..count).map(room).collect()
}
