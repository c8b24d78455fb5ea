//! What is decided in one conversation: whom of its members something new concerns, and what the
//! rule says of each. Reads the store and changes nothing.

use std::collections::HashMap;

use shared_proto::conversation::state::State;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Burst, Verdict, Why, concerns, judge, tells};
use shared_proto::time::Millis;

use crate::notices::journal;
use crate::notices::reader::{Facts, Round};
use crate::store::conversations::{self, Log};
use crate::store::cursors;
use crate::store::engine::Batch;
use crate::store::entries::Batches;
use crate::store::notices::{self, Due, Job, Named, NoticeRecord, Stage};
use crate::store::{Store, StoreError, keys};

/// What some conversations come to.
#[derive(Default)]
pub struct Decided {
    /// What keeps it.
    pub batch: Batch,
    /// How many notices are to be sent, a channel each.
    pub jobs: [usize; 3],
    /// What the operator is told, each with the conversation it is about.
    pub lines: Vec<(ConversationId, journal::Line)>,
}

impl Decided {
    /// With what another conversation comes to.
    pub fn join(&mut self, mut other: Self) {
        self.batch.put.append(&mut other.batch.put);
        self.batch.delete.append(&mut other.batch.delete);
        self.lines.append(&mut other.lines);
        for (sum, more) in self.jobs.iter_mut().zip(other.jobs) {
            *sum += more;
        }
    }
}

/// What holds for all conversations of a round.
pub struct Step<'a> {
    /// The store.
    pub store: &'a Store,
    /// What holds for everyone.
    pub round: &'a Round,
    /// Nobody is told of what was written before.
    pub since: Millis,
    /// What an hour of a reminder takes, in milliseconds.
    pub hour_ms: u64,
    /// When somebody was last active.
    pub active: &'a dyn Fn(PersonId) -> Option<Millis>,
}

impl Step<'_> {
    /// What is to be done in a conversation, of everyone whom something new concerns and of those it
    /// is due of. One that is damaged keeps nobody else from being told.
    ///
    /// # Errors
    /// When the store fails.
    pub fn decide(&self, conversation: ConversationId, due: &[Due]) -> Result<Decided, StoreError> {
        match self.try_decide(conversation, due) {
            Err(error) if error.is_damage() => {
                tracing::error!(%conversation, %error, "who is told in it could not be decided");
                let mut decided = Decided::default();
                for (at, conversation, person) in due {
                    // What each has been told cannot be read any more either, or leads nowhere.
                    decided.batch.delete.push(keys::notice_due(*at, *conversation, *person));
                    decided.batch.delete.push(keys::notice(*conversation, *person));
                }
                Ok(decided)
            }
            decided => decided,
        }
    }

    fn try_decide(&self, conversation: ConversationId, due: &[Due]) -> Result<Decided, StoreError> {
        let mut decided = Decided::default();
        let Some(loaded) = conversations::load(self.store, conversation)? else {
            for (at, conversation, person) in due {
                decided.batch.delete.push(keys::notice_due(*at, *conversation, *person));
            }
            return Ok(decided);
        };
        let (sealing, state) = (&loaded.sealing, &loaded.header.state);
        let mark = notices::mark(self.store, sealing, conversation)?;
        let log = Log {
            store: self.store,
            sealing,
            conversation,
            upto: loaded.header.last.unwrap_or(EntryId::MIN),
        };
        let newest = self.newest(&log, state, mark)?;
        let kept: HashMap<PersonId, NoticeRecord> =
            notices::of_conversation(self.store, sealing, conversation)?.into_iter().collect();
        if let Some(last) = loaded.header.last.filter(|last| mark < Some(*last)) {
            decided.batch.put.push(notices::put_mark(sealing, conversation, last));
        }
        let mut people: Vec<PersonId> = newest.keys().copied().collect();
        for (at, _, person) in due {
            if kept.get(person).is_some_and(|record| record.due == Some(*at)) {
                people.push(*person);
            } else {
                decided.batch.delete.push(keys::notice_due(*at, conversation, *person));
            }
        }
        people.sort_unstable();
        people.dedup();
        let read = if people.is_empty() {
            HashMap::new()
        } else {
            let cursors = cursors::load(&self.store.engine, sealing, conversation)?;
            cursors.into_iter().map(|(person, cursor)| (person, cursor.read)).collect()
        };
        for person in people {
            let before = kept.get(&person);
            let is_due = due.iter().any(|(_, _, of)| *of == person);
            let of = OfOne {
                conversation,
                person,
                state,
                log: &log,
                before,
                newest: newest.get(&person).copied(),
                read: read.get(&person).copied().flatten(),
                is_due,
            };
            let after = match self.decide_one(&of, &mut decided) {
                Err(error) if error.is_damage() => {
                    // Nobody else goes untold for it.
                    tracing::error!(%conversation, %person, %error, "somebody could not be told");
                    before.map(|before| NoticeRecord { due: None, ..*before })
                }
                decided => decided?,
            };
            if after.as_ref() != before {
                let of = (conversation, person);
                notices::put(self.store, sealing, of, before, after.as_ref(), &mut decided.batch);
            }
        }
        Ok(decided)
    }

    /// The newest entry after `mark` that concerns each member, and has not been withdrawn.
    fn newest(
        &self,
        log: &Log<'_>,
        state: &State,
        mark: Option<EntryId>,
    ) -> Result<HashMap<PersonId, EntryId>, StoreError> {
        let mut found = HashMap::new();
        let members: Vec<_> = state.current().collect();
        self.walk_back(log, mark, |entry| {
            let concerned =
                members.iter().filter(|member| concerns(entry, member)).map(|member| member.person);
            let new: Vec<PersonId> =
                concerned.filter(|person| !found.contains_key(person)).collect();
            if !new.is_empty() && !log.is_withdrawn(entry.id)? {
                found.extend(new.into_iter().map(|person| (person, entry.id)));
            }
            Ok(found.len() < members.len())
        })?;
        Ok(found)
    }

    /// What `of` is told of instead of an entry that has been withdrawn since; `None` when nothing is
    /// left that they have not read.
    fn newest_left(&self, of: &OfOne<'_>) -> Result<Option<EntryId>, StoreError> {
        let Some(member) = of.state.member(of.person) else { return Ok(None) };
        let mut found = None;
        self.walk_back(of.log, of.read, |entry| {
            if concerns(entry, member) && !of.log.is_withdrawn(entry.id)? {
                found = Some(entry.id);
            }
            Ok(found.is_none())
        })?;
        Ok(found)
    }

    /// Calls `each` with the entries that may be told, newest first, down to after `until`, or for as
    /// long as it says so.
    fn walk_back(
        &self,
        log: &Log<'_>,
        until: Option<EntryId>,
        mut each: impl FnMut(&Entry) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        if until >= Some(log.upto) {
            return Ok(());
        }
        let (engine, sealing) = (&self.store.engine, log.sealing);
        let mut batches = Batches::backward(engine, sealing, log.conversation, EntryId::MAX);
        while let Some(batch) = batches.next_batch()? {
            for entry in batch.iter().rev().filter(|entry| entry.id <= log.upto) {
                if Some(entry.id) <= until || entry.at < self.since {
                    return Ok(());
                }
                if tells(entry.kind) && !each(entry)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What somebody has been told from now on.
    fn decide_one(
        &self,
        of: &OfOne<'_>,
        decided: &mut Decided,
    ) -> Result<Option<NoticeRecord>, StoreError> {
        let told = of.before.and_then(|record| record.stage.told());
        let reminds = of.is_due && told.is_some();
        // By far the most: they have been told, and have not read since.
        if told.is_some_and(|told| of.read <= told) && !reminds {
            return Ok(of.before.copied());
        }
        let newest = of.newest.max(of.before.map(|record| record.newest));
        let Some(mut newest) = newest else { return Ok(of.before.copied()) };
        if of.newest != Some(newest) && of.log.is_withdrawn(newest)? {
            match self.newest_left(of)? {
                Some(left) => newest = left,
                // As if they had read it.
                None => {
                    let before = of.before.filter(|_| reminds);
                    return Ok(before.map(|before| NoticeRecord { due: None, ..*before }));
                }
            }
        }
        let burst = Burst { member: of.state.is_member(of.person), newest, read: of.read, told };
        let active = (self.active)(of.person);
        let facts = Facts::read(self.store, self.round, of.person, active)?;
        let facts = facts.ok_or(StoreError::Damaged("person"))?;
        let now = self.round.now;
        let said = |said| (of.conversation, journal::Line { at: now, person: of.person, said });
        if reminds && facts.person.wishes.remind_after.is_none() {
            // They do not wish to be reminded any more.
            return Ok(of.before.map(|before| NoticeRecord { due: None, ..*before }));
        }
        match judge(&facts.reader, &burst, reminds, now) {
            Verdict::Nobody(why) => {
                if !matches!(why, Why::Read | Why::Told) {
                    decided.lines.push(said(journal::Said::Not(why)));
                }
                let before = of.before.filter(|_| reminds);
                Ok(before.map(|before| NoticeRecord { due: None, ..*before }))
            }
            Verdict::Later(until, held) => {
                decided.lines.push(said(journal::Said::Later(until, held)));
                let stage = match of.before {
                    Some(before) if reminds => before.stage,
                    _ => Stage::Held,
                };
                Ok(Some(NoticeRecord { newest, stage, due: Some(until) }))
            }
            Verdict::Now(ways) => {
                let mut any = false;
                for channel in Channel::ALL {
                    match ways[channel.place()] {
                        Ok(()) => {
                            any = true;
                            self.send(of, channel, &facts, reminds, decided);
                        }
                        Err(why) => decided.lines.push(said(journal::Said::NotOn(channel, why))),
                    }
                }
                let hours = facts.person.wishes.remind_after.filter(|_| !reminds);
                let due = hours.map(|hours| Millis(now.0 + u64::from(hours) * self.hour_ms));
                let told = told.filter(|_| reminds).unwrap_or(of.read);
                let stage = if reminds { Stage::Reminded(told) } else { Stage::Told(told) };
                if reminds && !any {
                    return Ok(of.before.map(|before| NoticeRecord { due: None, ..*before }));
                }
                Ok(any.then_some(NoticeRecord { newest, stage, due }))
            }
        }
    }

    fn send(
        &self,
        of: &OfOne<'_>,
        channel: Channel,
        facts: &Facts,
        reminds: bool,
        decided: &mut Decided,
    ) {
        let about = (of.conversation, of.read);
        let browsers: Vec<Option<[u8; 16]>> = match channel {
            Channel::Push => {
                let devices = facts.devices.iter().rev().take(limits::PUSH_DEVICES);
                devices.map(|(id, _)| Some(*id)).collect()
            }
            Channel::Email | Channel::Sms => vec![None],
        };
        for device in browsers {
            let id = notices::name(self.store, channel, about, of.person, device, reminds);
            let job = Job { about: Some(about), device, ..Job::new(of.person, self.round.now) };
            let named = Named { channel, since: self.round.now, id, job };
            named.put(self.store, &mut decided.batch);
            decided.jobs[channel.place()] += 1;
        }
    }
}

/// One member of a conversation, and what is known of them there.
struct OfOne<'a> {
    conversation: ConversationId,
    person: PersonId,
    state: &'a State,
    log: &'a Log<'a>,
    before: Option<&'a NoticeRecord>,
    /// The newest entry that concerns them, of those that are new.
    newest: Option<EntryId>,
    read: Option<EntryId>,
    is_due: bool,
}

/// What the operator was last told of somebody in a conversation, so that it is not said with every
/// message that nobody is told of.
#[derive(Default)]
pub struct Said {
    known: HashMap<(ConversationId, PersonId, &'static str), String>,
}

/// How much of it is remembered.
const REMEMBERED: usize = 4_096;

impl Said {
    /// What of these lines says something else than before.
    pub fn news(&mut self, lines: Vec<(ConversationId, journal::Line)>) -> Vec<journal::Line> {
        let mut news = Vec::new();
        for (conversation, line) in lines {
            let (about, what) = match &line.said {
                journal::Said::NotOn(channel, why) => (channel.name(), format!("{why:?}")),
                journal::Said::Not(why) => ("", format!("{why:?}")),
                journal::Said::Later(_, held) => ("", format!("{held:?}")),
                _ => {
                    news.push(line);
                    continue;
                }
            };
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            let key = (conversation, line.person, about);
            if self.known.insert(key, what.clone()).as_ref() != Some(&what) {
                news.push(line);
            }
        }
        news
    }
}
