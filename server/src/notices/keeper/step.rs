//! What is decided in one conversation: whom of its members something new concerns, and what the
//! rule says of each. Reads the store and changes nothing.

use std::collections::HashMap;

use shared_proto::conversation::state::State;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Burst, Verdict, Why, judge};
use shared_proto::time::Millis;

use super::new::New;
use crate::notices::journal;
use crate::notices::left::newest_left;
use crate::notices::reader::{Facts, Round};
use crate::store::conversations::{self, Log};
use crate::store::cursors;
use crate::store::engine::Batch;
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
    /// Who is told of what, on which channel: what is said of that afterwards is news.
    pub told: Vec<(ConversationId, PersonId, Channel)>,
    /// Where there is more that it could not be decided of yet.
    pub more: Vec<ConversationId>,
}

impl Decided {
    /// With what another conversation comes to.
    pub fn join(&mut self, mut other: Self) {
        self.batch.put.append(&mut other.batch.put);
        self.batch.delete.append(&mut other.batch.delete);
        self.lines.append(&mut other.lines);
        self.told.append(&mut other.told);
        self.more.append(&mut other.more);
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
    /// How young an entry may be that is not decided yet, in milliseconds.
    pub fresh_ms: u64,
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
        let upto = loaded.header.last.unwrap_or(EntryId::MIN);
        let log = Log { store: self.store, sealing, conversation, upto };
        if due.is_empty() && mark >= Some(upto) {
            return Ok(decided);
        }
        let kept: HashMap<PersonId, NoticeRecord> =
            notices::of_conversation(self.store, sealing, conversation)?.into_iter().collect();
        let read: HashMap<PersonId, Option<EntryId>> =
            cursors::load(&self.store.engine, sealing, conversation)?
                .into_iter()
                .map(|(person, cursor)| (person, cursor.read))
                .collect();
        let read_by = |person| read.get(&person).copied().flatten();
        let open = |person| {
            let told = kept.get(&person).and_then(|record| record.stage.told());
            let read = read_by(person);
            // Who has been told and has not read since is told of nothing newer.
            told.is_none_or(|told| read > told).then_some(read)
        };
        let New { settled, fresh, newest } = New::since(self, &log, state, mark, open)?;
        if fresh {
            decided.more.push(conversation);
        }
        let from = settled.max(mark).unwrap_or(EntryId::MIN);
        if let Some(settled) = settled {
            decided.batch.put.push(notices::put_mark(sealing, conversation, settled));
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
        for person in people {
            let before = kept.get(&person);
            let is_due = due.iter().any(|(_, _, of)| *of == person);
            let of = OfOne {
                conversation,
                person,
                state,
                log: &log,
                from,
                before,
                newest: newest.get(&person).copied(),
                read: read_by(person),
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

    /// What somebody has been told from now on.
    fn decide_one(
        &self,
        of: &OfOne<'_>,
        decided: &mut Decided,
    ) -> Result<Option<NoticeRecord>, StoreError> {
        let now = self.round.now;
        let said = |said| (of.conversation, journal::Line { at: now, person: of.person, said });
        let told = of.before.and_then(|record| record.stage.told());
        let unread = told.is_some_and(|told| of.read <= told);
        // Who has read since is told of what is new as anybody is, and reminded of nothing.
        let reminds = of.is_due && unread;
        // By far the most: they have been told, and have not read since.
        if unread && !reminds {
            decided.lines.push(said(journal::Said::Not(Why::Told)));
            return Ok(of.before.copied());
        }
        let waits_no_more = |before: Option<&NoticeRecord>| {
            Ok(before.map(|before| NoticeRecord { due: None, ..*before }))
        };
        if told.is_some() && of.newest.is_none() && !unread {
            // They have read since, and there is nothing to remind them of.
            return waits_no_more(of.before);
        }
        let left = match of.newest {
            None => newest_left(of.log, of.state, of.person, (of.from, of.read), self.since)?,
            newest => newest,
        };
        let Some(newest) = left else {
            if of.before.is_some_and(|before| of.read < Some(before.newest)) {
                decided.lines.push(said(journal::Said::Not(Why::Withdrawn)));
            }
            return waits_no_more(of.before.filter(|_| reminds));
        };
        let burst = Burst { member: of.state.is_member(of.person), newest, read: of.read, told };
        let active = (self.active)(of.person);
        let facts = Facts::read(self.store, self.round, of.person, active)?;
        let facts = facts.ok_or(StoreError::Damaged("person"))?;
        if reminds && facts.person.wishes.remind_after.is_none() {
            // They do not wish to be reminded any more.
            return waits_no_more(of.before);
        }
        match judge(&facts.reader, &burst, reminds, now) {
            Verdict::Nobody(why) => {
                if !matches!(why, Why::Read | Why::Told) {
                    decided.lines.push(said(journal::Said::Not(why)));
                }
                waits_no_more(of.before.filter(|_| reminds))
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
                let mut count = 0;
                for channel in Channel::ALL {
                    match ways[channel.place()] {
                        Ok(()) => {
                            count += self.send(of, channel, &facts, reminds, decided);
                            decided.told.push((of.conversation, of.person, channel));
                        }
                        Err(why) => decided.lines.push(said(journal::Said::NotOn(channel, why))),
                    }
                }
                let hours = facts.person.wishes.remind_after.filter(|_| !reminds);
                let due = hours.map(|hours| Millis(now.0 + u64::from(hours) * self.hour_ms));
                if count == 0 {
                    return waits_no_more(of.before.filter(|_| reminds));
                }
                let stage = match of.before.map(|before| before.stage) {
                    Some(before) if reminds => before.reminded(count),
                    _ => Stage::Out { read: of.read, count },
                };
                Ok(Some(NoticeRecord { newest, stage, due }))
            }
        }
    }

    /// Has them told on a channel; by how many notices.
    fn send(
        &self,
        of: &OfOne<'_>,
        channel: Channel,
        facts: &Facts,
        reminds: bool,
        decided: &mut Decided,
    ) -> u8 {
        let about = (of.conversation, of.read);
        let browsers: Vec<Option<[u8; 16]>> = match channel {
            Channel::Push => {
                let devices = facts.devices.iter().rev().take(limits::PUSH_DEVICES);
                devices.map(|(id, _)| Some(*id)).collect()
            }
            Channel::Email | Channel::Sms => vec![None],
        };
        let count = u8::try_from(browsers.len()).unwrap_or(u8::MAX);
        for device in browsers {
            let id = notices::name(self.store, channel, about, of.person, device, reminds);
            let job = Job { about: Some(about), device, ..Job::new(of.person, self.round.now) };
            let named = Named { channel, since: self.round.now, id, job };
            named.put(self.store, &mut decided.batch);
        }
        decided.jobs[channel.place()] += usize::from(count);
        count
    }
}

/// One member of a conversation, and what is known of them there.
struct OfOne<'a> {
    conversation: ConversationId,
    person: PersonId,
    state: &'a State,
    log: &'a Log<'a>,
    /// Up to which entry it is decided.
    from: EntryId,
    before: Option<&'a NoticeRecord>,
    /// The newest entry that concerns them, of those that are new.
    newest: Option<EntryId>,
    read: Option<EntryId>,
    is_due: bool,
}
