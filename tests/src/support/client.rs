//! A person's device: a session, a socket, and the fold of what it was told.

mod asking;
mod conversations;
mod memory;
mod task;
mod upgrade;
mod waiting;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::StreamExt;
use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, ConversationId};
use shared_proto::people::PersonCard;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use self::memory::Memory;
use self::task::Task;
use super::people::Session;

pub use self::asking::Closed;
pub use self::memory::{Answer, Arrival};
pub use self::upgrade::{Connection, Line, Upgrade};

/// A signed-in device on a live socket. It answers pings, keeps every event until the test takes
/// it, and folds entries as the browser does.
pub struct TestClient {
    session: Session,
    memory: Arc<Mutex<Memory>>,
    changes: watch::Receiver<u64>,
    outgoing: mpsc::UnboundedSender<Message>,
}

impl TestClient {
    /// Opens a socket for `session` and waits for its greeting.
    ///
    /// # Panics
    /// When the server does not take it.
    pub async fn connect(session: &Session) -> Self {
        let connected = Self::try_connect(session).await;
        connected.unwrap_or_else(|status| panic!("the upgrade answered {status}"))
    }

    /// Opens a socket for `session` and waits for its greeting.
    ///
    /// # Errors
    /// With the HTTP status the server answered instead, or 0 when it could not be reached or
    /// closed before its greeting.
    pub async fn try_connect(session: &Session) -> Result<Self, u16> {
        let connection = Upgrade::of(session).connect(&session.server).await?;
        Self::over(connection, session, HashMap::new()).await
    }

    /// Listens on a socket opened by the test.
    ///
    /// # Errors
    /// 0 when the socket closes before the greeting.
    pub async fn listen(connection: Connection, session: &Session) -> Result<Self, u16> {
        Self::over(connection, session, HashMap::new()).await
    }

    async fn over(
        connection: Connection,
        session: &Session,
        held: HashMap<ConversationId, Vec<Entry>>,
    ) -> Result<Self, u16> {
        let memory = Memory { held, ..Memory::default() };
        let memory = Arc::new(Mutex::new(memory));
        let (changed, changes) = watch::channel(0);
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (sink, stream) = connection.split();
        let task = Task { memory: Arc::clone(&memory), changed };
        tokio::spawn(task.run(sink, stream, queue));
        let client = Self { session: session.clone(), memory, changes, outgoing };
        let greeted = client
            .until("the greeting", |memory| match (&memory.me, memory.closed) {
                (Some(_), _) => Some(true),
                (None, Some(_)) => Some(false),
                (None, None) => None,
            })
            .await;
        if greeted { Ok(client) } else { Err(0) }
    }

    /// A new socket of the same device, which still holds what it held; the old one is dropped.
    ///
    /// # Errors
    /// As [`Self::try_connect`].
    pub async fn reconnect(&self) -> Result<Self, u16> {
        let held = self.lock().held.clone();
        let connection = Upgrade::of(&self.session).connect(&self.session.server).await?;
        Self::over(connection, &self.session, held).await
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("nobody panics while holding it")
    }

    /// Whose device it is.
    #[must_use]
    pub fn me(&self) -> &PersonCard {
        &self.session.me
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }
}

/// The texts of the messages among `entries`; a withdrawn one reads `[withdrawn]`.
#[must_use]
pub fn texts(entries: &[Entry]) -> Vec<String> {
    let text = |entry| match Event::decode(entry) {
        Ok(event) => Some(event.said()?.text.unwrap_or_else(|| "[withdrawn]".to_owned())),
        _ => None,
    };
    entries.iter().filter_map(text).collect()
}

/// The sender's own id of an entry, when it is a message.
#[must_use]
pub fn client_message_id(entry: &Entry) -> Option<ClientMessageId> {
    match Event::decode(entry) {
        Ok(event) => Some(event.said()?.client_message_id),
        _ => None,
    }
}
