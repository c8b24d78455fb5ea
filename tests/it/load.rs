//! Eight senders who never give up: each keeps a few messages under way, and when its socket
//! breaks it comes back, resumes, and sends again what was not acknowledged, as the browser does.

use std::collections::{HashMap, HashSet, VecDeque};

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{Session, TestClient, TestServer, fresh_id};
use shared_proto::conversation::event::Event;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId};
use shared_proto::people::Role;
use shared_proto::wire::{Reply, Request};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Messages one sender has under way at a time.
const UNDER_WAY: usize = 4;
const CONVERSATIONS: usize = 4;

/// The practice the senders belong to: one provider and four clients, signed in.
pub struct Cast {
    pub provider: Session,
    pub clients: Vec<Session>,
}

/// What one sender was told.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    pub conversation: ConversationId,
    pub id: ClientMessageId,
    pub text: String,
    pub entry: EntryId,
}

struct Sender {
    session: Session,
    conversation: ConversationId,
    name: String,
    next: usize,
    client: Option<TestClient>,
    under_way: VecDeque<Request>,
    acknowledged: Vec<Acknowledged>,
    breaches: Vec<String>,
    told: watch::Sender<usize>,
}

/// Eight senders at work.
pub struct Load {
    stop: watch::Sender<bool>,
    senders: Vec<JoinHandle<Sender>>,
    told: Vec<watch::Receiver<usize>>,
}

/// Eight senders at rest.
pub struct Rested {
    senders: Vec<Sender>,
}

impl Cast {
    /// Adds and signs in everyone.
    pub async fn of(server: &TestServer) -> Self {
        let provider = server.person_add("Dana Whitfield", Role::Owner);
        let mut clients = Vec::new();
        for number in 0..CONVERSATIONS {
            let client = server.person_add(&format!("Client {number}"), Role::Client);
            clients.push(server.sign_in(&client).await);
        }
        Self { provider: server.sign_in(&provider).await, clients }
    }
}

impl Load {
    /// Sets eight senders to work in four new conversations: both sides of each.
    pub async fn start(cast: &Cast) -> Self {
        let host = TestClient::connect(&cast.provider).await;
        let (stop, stopped) = watch::channel(false);
        let mut load = Self { stop, senders: Vec::new(), told: Vec::new() };
        for (number, client) in cast.clients.iter().enumerate() {
            let conversation = host.create(&[client.me.id]).await;
            for (side, session) in [("p", &cast.provider), ("c", client)] {
                let (told, hear) = watch::channel(0);
                let device = TestClient::connect(session).await;
                device.open(conversation).await;
                let sender = Sender {
                    session: session.clone(),
                    conversation,
                    name: format!("{side}{number}"),
                    next: 0,
                    client: Some(device),
                    under_way: VecDeque::new(),
                    acknowledged: Vec::new(),
                    breaches: Vec::new(),
                    told,
                };
                load.told.push(hear);
                load.senders.push(tokio::spawn(sender.work(stopped.clone())));
            }
        }
        load
    }

    /// Waits until every sender has been acknowledged `count` messages more.
    pub async fn progress(&mut self, count: usize) {
        for told in &mut self.told {
            let goal = *told.borrow() + count;
            let reached = tokio::time::timeout(
                quietroom_tests::support::PATIENCE,
                told.wait_for(|count| *count >= goal),
            );
            reached.await.expect("every sender makes progress").unwrap();
        }
    }

    /// Lets them rest, wherever they are.
    pub async fn rest(self) -> Rested {
        self.stop.send_replace(true);
        let mut senders = Vec::new();
        for sender in self.senders {
            senders.push(sender.await.unwrap());
        }
        Rested { senders }
    }
}

impl Rested {
    /// Everything that was acknowledged.
    pub fn acknowledged(&self) -> impl Iterator<Item = &Acknowledged> {
        self.senders.iter().flat_map(|sender| &sender.acknowledged)
    }

    /// Every sender comes back and finishes what it had under way.
    pub async fn finish(&mut self) {
        for sender in &mut self.senders {
            sender.drain().await;
        }
    }

    /// What is wrong with what the server holds: acknowledged but lost or changed, stored twice, or
    /// out of the order in which it was sent. Empty when nothing is.
    pub async fn faults(&self, cast: &Cast) -> Vec<String> {
        let reader = match TestClient::try_connect(&cast.provider).await {
            Ok(reader) => reader,
            Err(status) => return vec![format!("a session is lost: {status}")],
        };
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        for sender in &self.senders {
            let conversation = sender.conversation;
            if !seen.insert(conversation) {
                continue;
            }
            let answer = reader.request(Request::Open { conversation }).await;
            if let Err(refusal) = answer {
                faults.push(format!("a conversation is lost: {refusal:?}"));
                continue;
            }
            let history = reader.history(conversation).await;
            if !history.windows(2).all(|pair| pair[0].id < pair[1].id) {
                faults.push(format!("{conversation}: entries out of order"));
            }
            let mut stored: HashMap<ClientMessageId, (EntryId, String)> = HashMap::new();
            for entry in &history {
                if let Ok(Event::Message(message)) = Event::decode(entry) {
                    let text = message.text.clone();
                    if stored.insert(message.client_message_id, (entry.id, text)).is_some() {
                        faults.push(format!("{:?} is stored twice", message.text));
                    }
                }
            }
            let texts = texts(&history);
            for sender in self.senders.iter().filter(|one| one.conversation == conversation) {
                for told in &sender.acknowledged {
                    if stored.get(&told.id) != Some(&(told.entry, told.text.clone())) {
                        let found = stored.get(&told.id);
                        faults.push(format!("acknowledged {told:?}, but stored: {found:?}"));
                    }
                }
                let own = format!("{} ", sender.name);
                let numbers: Vec<usize> = texts
                    .iter()
                    .filter_map(|text| text.strip_prefix(&own)?.trim_end_matches('.').parse().ok())
                    .collect();
                if !numbers.iter().copied().eq(0..numbers.len()) {
                    faults.push(format!("{} is stored as {numbers:?}", sender.name));
                }
                if sender.under_way.is_empty() && numbers.len() != sender.next {
                    let (stored, sent) = (numbers.len(), sender.next);
                    faults.push(format!("{}: {stored} stored of {sent} sent", sender.name));
                }
            }
        }
        for sender in &self.senders {
            faults.extend(sender.breaches.iter().cloned());
            if let Some(client) = &sender.client {
                faults.extend(client.breaches());
            }
        }
        faults
    }
}

impl Sender {
    async fn work(mut self, mut stopped: watch::Receiver<bool>) -> Self {
        loop {
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => return self,
                () = self.step(true) => {}
            }
        }
    }

    /// Finishes what is under way.
    async fn drain(&mut self) {
        let patience = quietroom_tests::support::PATIENCE;
        self.client = None;
        let drained = tokio::time::timeout(patience, async {
            while !self.under_way.is_empty() {
                self.step(false).await;
            }
        });
        drained.await.unwrap_or_else(|_| panic!("{} cannot finish", self.name));
    }

    /// Sends what is due and waits for the answers, or comes back when the socket broke. May be
    /// dropped at any await: what was not acknowledged stays under way.
    async fn step(&mut self, more: bool) {
        let client = match &self.client {
            Some(client) if !client.is_closed() => client,
            other => {
                let back = match other {
                    Some(old) => old.reconnect().await,
                    None => TestClient::try_connect(&self.session).await,
                };
                match back {
                    Ok(client) => {
                        if client.resume().await.is_ok()
                            && let Some(old) = self.client.replace(client)
                        {
                            self.breaches.extend(old.breaches());
                        }
                    }
                    // Nobody listens, as long as the server is away: ask again.
                    Err(_) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
                }
                return;
            }
        };
        if more {
            while self.under_way.len() < UNDER_WAY {
                let text =
                    format!("{} {}{}", self.name, self.next, ".".repeat(fastrand::usize(..120)));
                let request = Request::Send {
                    conversation: self.conversation,
                    client_message_id: fresh_id(),
                    held: client.last_held(self.conversation),
                    text,
                };
                self.under_way.push_back(request);
                self.next += 1;
            }
        }
        let answers: Vec<_> =
            self.under_way.iter().map_while(|one| client.begin(one.clone()).ok()).collect();
        let mut broken = false;
        for answer in answers {
            match answer.await.map(|answer| answer.result) {
                Ok(Ok(Reply::Sent { entry, .. })) => {
                    let Some(Request::Send { conversation, client_message_id: id, text, .. }) =
                        self.under_way.pop_front()
                    else {
                        unreachable!("every answer is to a message under way")
                    };
                    self.acknowledged.push(Acknowledged { conversation, id, text, entry });
                    self.told.send_replace(self.acknowledged.len());
                }
                Ok(Err(refusal)) if refusal.is_passing() => broken = true,
                Err(_) => broken = true,
                Ok(other) => panic!("{} is answered {other:?}", self.name),
            }
            if broken {
                break;
            }
        }
        if broken && let Some(old) = self.client.take_if(|client| !client.is_closed()) {
            self.breaches.extend(old.breaches());
        }
    }
}
