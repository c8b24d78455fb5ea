//! A person's device: a session, a socket, and the fold of what it was told.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{
    CatchUp, ClientFrame, Direction, Held, InboxPage, Opened, Page, Reply, Request, ServerEvent,
    ServerFrame,
};
use shared_proto::{codec, limits};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};

use super::people::Session;
use super::server::Address;
use super::wait::PATIENCE;

/// Bytes both ways: TCP, or TLS over it.
pub trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// A WebSocket before anybody listens on it.
pub type Connection = WebSocketStream<Box<dyn Line>>;

/// The headers of an upgrade, each of which a test may leave out or forge.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// `Origin`.
    pub origin: Option<String>,
    /// `Cookie`.
    pub cookie: Option<String>,
    /// `Sec-WebSocket-Protocol`.
    pub subprotocol: Option<String>,
}

impl Upgrade {
    /// As the page of `session` makes it.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            origin: Some(session.server.origin.clone()),
            cookie: Some(session.cookie.clone()),
            subprotocol: Some(limits::SUBPROTOCOL.to_owned()),
        }
    }

    /// Opens a WebSocket on a new TCP connection.
    ///
    /// # Errors
    /// With the HTTP status the server answered instead, or 0 when it could not be reached.
    pub async fn connect(&self, server: &Address) -> Result<Connection, u16> {
        let stream = TcpStream::connect(server.socket).await.map_err(|_| 0u16)?;
        stream.set_nodelay(true).map_err(|_| 0u16)?;
        self.connect_over(Box::new(stream), &server.host).await
    }

    /// Opens a WebSocket over `line`.
    ///
    /// # Errors
    /// With the HTTP status the server answered instead, or 0 when the line failed.
    pub async fn connect_over(&self, line: Box<dyn Line>, host: &str) -> Result<Connection, u16> {
        let url = format!("ws://{host}{}", shared_proto::http::LIVE);
        let mut request = url.into_client_request().expect("an address makes a request");
        let given = [
            ("origin", &self.origin),
            ("cookie", &self.cookie),
            ("sec-websocket-protocol", &self.subprotocol),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                let value = HeaderValue::from_str(value).expect("a header value");
                request.headers_mut().insert(name, value);
            }
        }
        match tokio_tungstenite::client_async(request, line).await {
            Ok((connection, _)) => Ok(connection),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(_) => Err(0),
        }
    }
}

/// An event and when it came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its place among all frames of this socket, replies included.
    pub order: u64,
    /// When it was read.
    pub at: Instant,
    /// What it says.
    pub event: ServerEvent,
}

/// An answer and its place among all frames of this socket.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its place.
    pub order: u64,
    /// What it says.
    pub result: Result<Reply, Refusal>,
}

/// The socket closed before the answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

#[derive(Default)]
struct Memory {
    me: Option<PersonCard>,
    frames: u64,
    events: VecDeque<Arrival>,
    waiting: HashMap<u32, oneshot::Sender<Answer>>,
    next_request: u32,
    held: HashMap<ConversationId, Vec<Entry>>,
    resuming: HashSet<ConversationId>,
    breaches: Vec<String>,
    closed: Option<Option<u16>>,
}

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

    async fn until<T>(
        &self,
        what: &str,
        mut probe: impl FnMut(&mut Memory) -> Option<T> + Send,
    ) -> T {
        let mut changes = self.changes.clone();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = probe(&mut self.lock()) {
                    return Some(found);
                }
                if changes.changed().await.is_err() {
                    return probe(&mut self.lock());
                }
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Some(found)) => found,
            Ok(None) => panic!("the socket closed while waiting for {what}: {:?}", self.seen()),
            Err(_) => panic!("waited {PATIENCE:?} in vain for {what}: {:?}", self.seen()),
        }
    }

    fn seen(&self) -> (Option<Option<u16>>, Vec<ServerEvent>) {
        let memory = self.lock();
        let events = memory.events.iter().map(|arrival| arrival.event.clone()).take(20).collect();
        (memory.closed, events)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`Closed`] when the socket closes first.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn ask(&self, request: Request) -> Result<Answer, Closed> {
        let answer = self.begin(request)?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|_| Closed),
            Err(_) => panic!("a request was not answered within {PATIENCE:?}"),
        }
    }

    /// Asks and leaves the waiting to the caller: several may be under way.
    ///
    /// # Errors
    /// [`Closed`] when the socket has closed already.
    pub fn begin(&self, request: Request) -> Result<oneshot::Receiver<Answer>, Closed> {
        let (answered, answer) = oneshot::channel();
        let mut memory = self.lock();
        if memory.closed.is_some() {
            return Err(Closed);
        }
        let id = memory.next_request;
        memory.next_request += 1;
        memory.waiting.insert(id, answered);
        drop(memory);
        let frame = codec::encode(&ClientFrame { id, request });
        self.outgoing.send(Message::binary(frame)).map_err(|_| Closed)?;
        Ok(answer)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The server's refusal.
    ///
    /// # Panics
    /// When the socket closes first or no answer comes.
    pub async fn request(&self, request: Request) -> Result<Reply, Refusal> {
        let what = format!("{request:?}");
        match self.ask(request).await {
            Ok(answer) => answer.result,
            Err(Closed) => panic!("the socket closed during {what}: {:?}", self.lock().closed),
        }
    }

    /// Asks, and waits for the answer only as long as something asked later in the same
    /// conversation takes: `None` for what is answered only when it is refused, and was not.
    ///
    /// # Panics
    /// When the socket closes.
    pub async fn request_or_silence(&self, request: Request) -> Option<Result<Reply, Refusal>> {
        let decided = matches!(request, Request::Draft { .. });
        let conversation = match &request {
            Request::Draft { conversation, .. }
            | Request::ReceivedUpTo { conversation, .. }
            | Request::ReadUpTo { conversation, .. }
            | Request::Typing { conversation } => *conversation,
            _ => return Some(self.request(request).await),
        };
        let mut answer = self.begin(request).expect("the socket is open");
        let direction = Direction::Before;
        let later = if decided {
            // In line behind it, where changes are.
            Request::CallBack { conversation, id: super::fresh_id() }
        } else {
            Request::History { conversation, from: EntryId::MAX, direction }
        };
        self.ask(later).await.expect("the socket stays open");
        answer.try_recv().ok().map(|answer| answer.result)
    }

    /// Says something that is answered only when it is refused.
    pub fn tell(&self, request: Request) {
        let id = {
            let mut memory = self.lock();
            memory.next_request += 1;
            memory.next_request - 1
        };
        let _ = self.outgoing.send(Message::binary(codec::encode(&ClientFrame { id, request })));
    }

    /// Sends a frame of the test's own making.
    pub fn raw(&self, message: Message) {
        let _ = self.outgoing.send(message);
    }

    /// Closes the socket from this side.
    pub fn hang_up(&self) {
        let _ = self.outgoing.send(Message::Close(None));
    }

    /// The first event `probe` answers to, now or later; it is taken out, others stay.
    ///
    /// # Panics
    /// When none comes; `what` names it.
    pub async fn event<T>(
        &self,
        what: &str,
        mut probe: impl FnMut(&Arrival) -> Option<T> + Send,
    ) -> T {
        self.until(what, |memory| {
            let (place, found) = memory
                .events
                .iter()
                .enumerate()
                .find_map(|(place, arrival)| Some((place, probe(arrival)?)))?;
            memory.events.remove(place);
            Some(found)
        })
        .await
    }

    /// Takes every event that has come so far.
    #[must_use]
    pub fn take_events(&self) -> Vec<Arrival> {
        self.lock().events.drain(..).collect()
    }

    /// Asks for something, and so waits until the server has handled all that was said before.
    ///
    /// # Panics
    /// When the server refuses or the socket closes.
    pub async fn settle(&self) {
        self.request(Request::Ping).await.expect("a ping is never refused");
    }

    /// The close code, once the socket has closed; `None` when it broke without one.
    pub async fn close_code(&self) -> Option<u16> {
        self.until("the socket to close", |memory| memory.closed).await
    }

    /// Whether the socket has closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().closed.is_some()
    }

    /// The entries it holds of a conversation, in order.
    #[must_use]
    pub fn held(&self, conversation: ConversationId) -> Vec<Entry> {
        self.lock().held.get(&conversation).cloned().unwrap_or_default()
    }

    /// The last entry it holds of a conversation.
    #[must_use]
    pub fn last_held(&self, conversation: ConversationId) -> Option<EntryId> {
        self.lock().held.get(&conversation)?.last().map(|entry| entry.id)
    }

    /// Everything the server did against its own contract: entries out of order or twice.
    #[must_use]
    pub fn breaches(&self) -> Vec<String> {
        self.lock().breaches.clone()
    }

    /// Waits until the last `texts.len()` messages it holds read `texts`.
    pub async fn reads(&self, conversation: ConversationId, expected: &[&str]) {
        self.until(&format!("the messages {expected:?}"), |memory| {
            let held = texts(memory.held.get(&conversation)?);
            held.ends_with(&expected.iter().map(ToString::to_string).collect::<Vec<_>>())
                .then_some(())
        })
        .await;
    }

    /// Waits until it holds at least `count` messages of a conversation.
    pub async fn holds(&self, conversation: ConversationId, count: usize) {
        self.until(&format!("{count} messages"), |memory| {
            (texts(memory.held.get(&conversation)?).len() >= count).then_some(())
        })
        .await;
    }

    /// Starts a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn create(&self, participants: &[PersonId]) -> ConversationId {
        let request =
            Request::Create { client_id: super::fresh_id(), participants: participants.to_vec() };
        match self.request(request).await {
            Ok(Reply::Created(conversation)) => conversation,
            other => panic!("a conversation is not created: {other:?}"),
        }
    }

    /// Opens a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(&self, conversation: ConversationId) -> Opened {
        match self.request(Request::Open { conversation }).await {
            Ok(Reply::Opened(opened)) => *opened,
            other => panic!("a conversation is not opened: {other:?}"),
        }
    }

    /// The request that sends `text` with a fresh id.
    #[must_use]
    pub fn message(&self, conversation: ConversationId, text: &str) -> Request {
        Request::Send {
            conversation,
            client_message_id: super::fresh_id(),
            held: self.last_held(conversation),
            text: text.to_owned(),
        }
    }

    /// Sends a message and returns its entry.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn send(&self, conversation: ConversationId, text: &str) -> EntryId {
        match self.request(self.message(conversation, text)).await {
            Ok(Reply::Sent { entry, .. }) => entry,
            other => panic!("a message is not sent: {other:?}"),
        }
    }

    /// One page of history.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn page(
        &self,
        conversation: ConversationId,
        from: EntryId,
        direction: Direction,
    ) -> Page {
        match self.request(Request::History { conversation, from, direction }).await {
            Ok(Reply::Page(page)) => page,
            other => panic!("no page: {other:?}"),
        }
    }

    /// The whole conversation, oldest first, paged from its end.
    pub async fn history(&self, conversation: ConversationId) -> Vec<Entry> {
        let mut from = EntryId::MAX;
        let mut pages = Vec::new();
        loop {
            let page = self.page(conversation, from, Direction::Before).await;
            let more = page.more;
            if let Some(first) = page.entries.first() {
                from = first.id;
            }
            pages.push(page.entries);
            if !more {
                return pages.into_iter().rev().flatten().collect();
            }
        }
    }

    /// A page of the inbox.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn inbox(&self) -> InboxPage {
        match self.request(Request::Inbox { after: None }).await {
            Ok(Reply::Inbox(page)) => page,
            other => panic!("no inbox: {other:?}"),
        }
    }

    /// Asks what came since, in every conversation it holds, until it is in sync.
    ///
    /// # Errors
    /// [`Closed`] when the socket closes meanwhile.
    ///
    /// # Panics
    /// When it is refused. What answers that it is gone or too far ahead is no longer held.
    pub async fn resume(&self) -> Result<(), Closed> {
        let mut behind: Vec<Held> = {
            let memory = self.lock();
            let last = |entries: &Vec<Entry>| entries.last().map(|entry| entry.id);
            memory
                .held
                .iter()
                .filter_map(|(&conversation, entries)| {
                    Some(Held { conversation, last: last(entries)? })
                })
                .collect()
        };
        while !behind.is_empty() {
            let mut rest = Vec::new();
            for held in behind.chunks(limits::RESUME_CONVERSATIONS) {
                self.lock().resuming.extend(held.iter().map(|held| held.conversation));
                match self.ask(Request::Resume { held: held.to_vec() }).await?.result {
                    Ok(Reply::Done) => {}
                    other => panic!("a resume is answered by {other:?}"),
                }
                let memory = self.lock();
                for held in held {
                    if memory.resuming.contains(&held.conversation) {
                        let entries = &memory.held[&held.conversation];
                        let last = entries.last().expect("it held something").id;
                        rest.push(Held { conversation: held.conversation, last });
                    }
                }
            }
            behind = rest;
        }
        Ok(())
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

/// The one task of a client's socket.
struct Task {
    memory: Arc<Mutex<Memory>>,
    changed: watch::Sender<u64>,
}

impl Task {
    async fn run(
        self,
        mut sink: SplitSink<Connection, Message>,
        mut stream: SplitStream<Connection>,
        mut queue: mpsc::UnboundedReceiver<Message>,
    ) {
        let code = loop {
            tokio::select! {
                outgoing = queue.recv() => {
                    let Some(message) = outgoing else { break None };
                    if sink.feed(message).await.is_err() {
                        continue;
                    }
                    while let Ok(message) = queue.try_recv() {
                        let _ = sink.feed(message).await;
                    }
                    let _ = sink.flush().await;
                }
                incoming = stream.next() => match incoming {
                    Some(Ok(Message::Binary(bytes))) => self.take(&bytes),
                    Some(Ok(Message::Close(frame))) => {
                        break frame.map(|frame| frame.code.into());
                    }
                    Some(Ok(Message::Text(text))) => self.breach(format!("a text: {text}")),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break None,
                },
            }
        };
        let mut memory = self.memory.lock().expect("nobody panics while holding it");
        memory.closed = Some(code);
        memory.waiting.clear();
        drop(memory);
        self.changed.send_modify(|count| *count += 1);
    }

    fn breach(&self, what: String) {
        self.memory.lock().expect("nobody panics while holding it").breaches.push(what);
    }

    fn take(&self, bytes: &[u8]) {
        let Ok(frame) = codec::decode::<ServerFrame>(bytes) else {
            self.breach(format!("{} bytes that do not decode", bytes.len()));
            return;
        };
        let mut memory = self.memory.lock().expect("nobody panics while holding it");
        memory.frames += 1;
        let order = memory.frames;
        match frame {
            ServerFrame::Reply { id, result } => {
                if let Ok(Reply::Opened(opened)) = &result {
                    let entries = opened.page.entries.clone();
                    memory.held.insert(opened.row.conversation, entries);
                }
                match memory.waiting.remove(&id) {
                    Some(waiting) => drop(waiting.send(Answer { order, result })),
                    // What is told without waiting is answered only by a refusal.
                    None if result.is_err() => {}
                    None => memory.breaches.push(format!("an answer nobody asked for: {id}")),
                }
            }
            ServerFrame::Event(event) => {
                memory.fold(&event);
                memory.events.push_back(Arrival { order, at: Instant::now(), event });
            }
        }
        drop(memory);
        self.changed.send_modify(|count| *count += 1);
    }
}

impl Memory {
    fn fold(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::Hello(hello) => {
                if self.frames != 1 {
                    self.breaches.push("a greeting that is not the first frame".to_owned());
                }
                self.me = Some(hello.me.clone());
            }
            ServerEvent::Entries { conversation, entries }
                if !self.resuming.contains(conversation) =>
            {
                self.append(*conversation, entries);
            }
            ServerEvent::CaughtUp { conversation, catch_up: CatchUp::Page { page, .. } } => {
                self.append(*conversation, &page.entries);
                if !page.more {
                    self.resuming.remove(conversation);
                }
            }
            ServerEvent::CaughtUp { conversation, .. } => {
                self.resuming.remove(conversation);
                self.held.remove(conversation);
            }
            _ => {}
        }
    }

    fn append(&mut self, conversation: ConversationId, entries: &[Entry]) {
        let held = self.held.entry(conversation).or_default();
        for entry in entries {
            match held.last() {
                Some(last) if last.id >= entry.id => {
                    self.breaches.push(format!("{} after {} in {conversation}", entry.id, last.id))
                }
                _ => held.push(entry.clone()),
            }
        }
    }
}
