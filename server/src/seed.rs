//! `quietroom seed`: fills a data directory for measurements, through the same records the server
//! writes. Hidden: no practice needs it.

mod texts;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use shared_proto::conversation::event::{Created, Event, Message};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::Role;
use shared_proto::time::Millis;

use crate::app::{StartError, open_store};
use crate::auth::sessions::{self, Browser};
use crate::clock;
use crate::settings::{DataArgs, EngineKind};
use crate::store::Store;
use crate::store::committer::Unobserved;
use crate::store::conversations::{self, Header};
use crate::store::engine::Batch;
use crate::store::entries::Encoded;
use crate::store::people::{self, PersonRecord};
use crate::store::practice::{self, PracticeRecord};
use crate::store::sessions::Stage;
use texts::Texts;

/// Entries in one batch: as a busy room makes them.
const TOGETHER: u64 = 16;
/// Batches under way at once.
const UNDER_WAY: usize = 128;
/// How long messages of words are spread over, in milliseconds.
const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1_000;
/// Longest session a measurement needs, in milliseconds.
const SESSION_MS: u64 = 24 * 60 * 60 * 1_000;

/// What to fill it with.
#[derive(Args)]
pub struct SeedArgs {
    #[command(flatten)]
    data: DataArgs,
    /// People
    #[arg(long)]
    people: usize,
    /// Conversations
    #[arg(long)]
    conversations: usize,
    /// Members of each
    #[arg(long, default_value = "2")]
    members: usize,
    /// Messages, spread over the conversations
    #[arg(long, default_value = "0")]
    entries: u64,
    /// Messages of the first conversation alone, besides
    #[arg(long, default_value = "0")]
    entries_in_one: u64,
    /// Messages of words, as many and as rare as in what people write, spread over a year; and a
    /// file for their texts, a line each
    #[arg(long)]
    texts_to: Option<PathBuf>,
    /// File for a line a person: id, cookie value and conversations, with tabs between
    #[arg(long)]
    sessions_to: PathBuf,
}

/// Fills the data directory.
///
/// # Errors
/// When it is not possible, in words for whoever measures.
pub fn run(args: &SeedArgs) -> Result<Vec<String>, StartError> {
    if args.members < 2 || args.members > limits::MEMBERS || args.people < args.members {
        return Err("a conversation has 2 to 26 of the people".into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let store = open_store(&args.data, EngineKind::Sled, Arc::new(Unobserved))?;
    runtime.block_on(fill(args, &store))
}

async fn fill(args: &SeedArgs, store: &Arc<Store>) -> Result<Vec<String>, StartError> {
    let now = clock::now();
    let people = add_people(args, store, now).await?;
    let mut of_person: Vec<Vec<ConversationId>> = vec![Vec::new(); people.len()];
    let texts = args.texts_to.as_deref().map(Texts::to).transpose()?.map(Arc::new);
    let per_conversation = args.entries / args.conversations.max(1) as u64;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..args.conversations {
        let members: Vec<usize> =
            (0..args.members).map(|m| (n * args.members + m) % people.len()).collect();
        let id = ConversationId::from_random(rand::random());
        for member in &members {
            of_person[*member].push(id);
        }
        let members: Vec<PersonId> = members.iter().map(|member| people[*member].id).collect();
        let alone = if n == 0 { args.entries_in_one } else { 0 };
        if tasks.len() >= UNDER_WAY
            && let Some(done) = tasks.join_next().await
        {
            done??;
        }
        let (store, texts) = (Arc::clone(store), texts.clone());
        tasks.spawn(converse(store, id, members, per_conversation + alone, now, texts));
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    if let Some(texts) = &texts {
        texts.finish()?;
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(&args.sessions_to)?);
    for (person, conversations) in people.iter().zip(of_person) {
        let token = sessions::begin(store, person, Stage::Full, SESSION_MS, Browser::default())
            .await?
            .token;
        let conversations: Vec<String> = conversations.iter().map(ToString::to_string).collect();
        writeln!(file, "{}\t{token}\t{}", person.id, conversations.join(","))?;
    }
    file.flush()?;
    store.committer.stop().await;
    Ok(vec![format!("seeded {} people, {} conversations", people.len(), args.conversations)])
}

async fn add_people(
    args: &SeedArgs,
    store: &Arc<Store>,
    now: Millis,
) -> Result<Vec<PersonRecord>, StartError> {
    let mut people = Vec::with_capacity(args.people);
    for n in 0..args.people {
        let id = PersonId::from_random(rand::random());
        let role = if n == 0 { Role::Owner } else { Role::Provider };
        let person = PersonRecord {
            email: format!("person{n}@seed.test"),
            // No password is of this hash: they come in with the sessions made for them.
            password_hash: Some(String::new()),
            ..PersonRecord::new(id, format!("Person {n}"), role, now)
        };
        people.push(person);
    }
    let practice = PracticeRecord::named("Measured practice", now);
    let mut batch = Batch { put: vec![practice::put(store, &practice)], ..Batch::default() };
    let mut owners = store.read(practice::Owners::load).await?;
    for person in &people {
        owners.follow(person);
    }
    owners.put(store, &mut batch);
    store.commit(batch).await?;
    for together in people.chunks(100) {
        let mut batch = Batch::default();
        for person in together {
            let add = people::add(store, person);
            batch.expect.extend(add.expect);
            batch.put.extend(add.put);
        }
        store.commit(batch).await?;
    }
    Ok(people)
}

async fn converse(
    store: Arc<Store>,
    id: ConversationId,
    members: Vec<PersonId>,
    messages: u64,
    now: Millis,
    texts: Option<Arc<Texts>>,
) -> Result<(), StartError> {
    let apart = if texts.is_some() { YEAR_MS / messages.max(1) } else { 1 };
    let sealing = store.read(move |store| Ok(store.vault.create_conversation(id)?)).await?;
    let records_key = store.vault.records();
    let mut header = Header::default();
    let mut before = None;
    let mut participants = members[1..].to_vec();
    participants.sort_unstable();
    let mut left = messages;
    let mut events =
        vec![Event::Created(Created { host: members[0], participants, division: None })];
    loop {
        let made: Vec<String> = (0..TOGETHER.min(left))
            .map(|n| match &texts {
                Some(texts) => texts.make(),
                None => {
                    let number = left - n;
                    format!("Message {number} of a measured conversation, {}", "x".repeat(80))
                }
            })
            .collect();
        if let Some(texts) = &texts {
            texts.note(&made)?;
        }
        for text in made {
            let client_message_id = ClientMessageId::from_random(rand::random());
            events.push(Event::Message(Message { client_message_id, text }));
        }
        left -= TOGETHER.min(left);
        let mut entries = Vec::with_capacity(events.len());
        for (n, event) in events.drain(..).enumerate() {
            let at = Millis(now.0.saturating_sub(left * apart));
            let entry_id = EntryId::next(header.last, at.0, rand::random());
            let (kind, body) = event.encode();
            let author = members[n % members.len()];
            let audience = Audience::Members;
            let encoded = Encoded::new(Entry { id: entry_id, at, author, audience, kind, body });
            header.append(&encoded);
            entries.push(encoded);
        }
        let (batch, sealed) =
            conversations::append(id, &sealing, &records_key, before, &mut header, &entries);
        store.commit(batch).await?;
        before = Some(sealed);
        if left == 0 {
            return Ok(());
        }
    }
}
