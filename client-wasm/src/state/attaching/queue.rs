//! What happens to files on their way, through the one door.

use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::file::check_size;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::refusal::Refusal;

use super::{Attaching, Attachment, Chosen, Ended, Failed, Step, Upload, WAITING};
use crate::protocol::Request;
use crate::state::{Effect, Env, News, State, Sync, Timer, retry_after_ms};

/// Files sent at a time, of all conversations: below what the server takes of one person.
const AT_ONCE: usize = 2;
const _: () = assert!(AT_ONCE < shared_proto::limits::UPLOADS_PER_PERSON);

impl State {
    pub(in crate::state) fn attaching(&mut self, env: Env, what: Attaching) {
        match what {
            Attaching::Add(conversation, chosen, hidden_from) => {
                for chosen in chosen {
                    self.attach(conversation, chosen, &hidden_from);
                }
                // It is shown at the end.
                self.latest(conversation);
            }
            Attaching::Sent(id, bytes) => {
                if let Some(item) = self.attachment(id)
                    && matches!(item.step, Step::Sending(_))
                {
                    item.sent = bytes.max(item.sent);
                }
                return;
            }
            Attaching::Ended(id, number, ended) => self.upload_ended(env, id, number, ended),
            Attaching::Retry(id) => {
                if let Some(item) = self.attachment(id)
                    && item.may_retry()
                {
                    if item.step == Step::Failed(Failed::Refused(Refusal::TooFarBehind)) {
                        // They have looked and not found it: it is a new message from here on.
                        item.held = None;
                    }
                    if item.step != Step::Whole {
                        item.step = Step::Waiting;
                    }
                    item.not_before = 0;
                }
            }
            Attaching::Cancel(id) => self.cancel(id),
        }
        self.pump_files(env);
    }

    /// Whoever chose it was told what the rules say: they are not all here, where everybody would
    /// load them.
    fn attach(&mut self, conversation: ConversationId, chosen: Chosen, hidden_from: &[PersonId]) {
        let Chosen { id, name, bytes } = chosen;
        let waiting = self.attachments.iter().filter(|item| item.conversation == conversation);
        let fits = waiting.count() < WAITING && check_size(bytes).is_ok();
        if !fits {
            return self.effects.push(Effect::ForgetFile(id));
        }
        self.attachments.make_mut().push(Attachment {
            id,
            conversation,
            name: name.into(),
            bytes,
            hidden_from: hidden_from.to_vec(),
            step: Step::Waiting,
            sent: 0,
            delayed: None,
            file: None,
            held: None,
            tries: 0,
            not_before: 0,
        });
    }

    fn attachment(&mut self, id: ClientMessageId) -> Option<&mut Attachment> {
        // Only one that is here is worth a copy.
        let index = self.attachments.iter().position(|item| item.id == id)?;
        self.attachments.make_mut().get_mut(index)
    }

    /// Goes on with what may go on now.
    pub(in crate::state) fn pump_files(&mut self, env: Env) {
        if !self.link.is_live() || self.attachments.is_empty() {
            return;
        }
        let Some(me) = self.me().map(|me| me.id) else { return };
        let mut under_way = self.attachments.iter().filter(|item| item.is_under_way()).count();
        let mut busy: Vec<ConversationId> = Vec::new();
        let mut items = self.attachments.clone();
        for index in 0..items.len() {
            let item = &items[index];
            let (id, step) = (item.conversation, item.step);
            if matches!(step, Step::Failed(_) | Step::Stored(_)) || busy.contains(&id) {
                continue;
            }
            busy.push(id);
            if item.is_under_way() || under_way >= AT_ONCE {
                continue;
            }
            if item.not_before > env.now {
                self.effects.push(Effect::After(item.not_before - env.now, Timer::Files));
                continue;
            }
            let known = self.conversations.get(&id);
            let synced = known.and_then(|known| known.thread.as_ref());
            let synced = synced.is_none_or(|thread| thread.sync == Sync::Live);
            if step == Step::Whole && !synced {
                continue;
            }
            under_way += 1;
            let last = known.and_then(|known| known.last_known(me));
            // Who has left since sees nothing of it either way.
            let stays = |person: &PersonId| known.is_none_or(|known| known.fold.is_member(*person));
            let item = &mut items.make_mut()[index];
            item.hidden_from.retain(stays);
            let request = item.next(last);
            self.ask(request);
        }
        self.attachments = items;
    }

    /// The server says how much of a file it has.
    pub(in crate::state) fn upload_begun(
        &mut self,
        env: Env,
        conversation: ConversationId,
        id: ClientMessageId,
        file: FileId,
        offset: u64,
        name: &str,
    ) {
        let Some(item) = self.attachment(id).filter(|item| item.step == Step::Asked) else {
            // Called off meanwhile.
            return self.cancel_at_server(conversation, file);
        };
        item.file = Some(file);
        item.sent = offset;
        item.name = name.into();
        item.delayed = None;
        if offset >= item.bytes {
            item.step = Step::Whole;
            return self.pump_files(env);
        }
        item.tries += 1;
        item.step = Step::Sending(item.tries);
        let number = item.tries;
        self.effects.push(Effect::Upload(Upload { id, number, conversation, file, offset }));
    }

    fn upload_ended(&mut self, env: Env, id: ClientMessageId, number: u32, ended: Ended) {
        let sending = Step::Sending(number);
        let Some(item) = self.attachment(id).filter(|item| item.step == sending) else { return };
        match ended {
            Ended::Whole => {
                item.step = Step::Whole;
                item.sent = item.bytes;
                item.tries = 0;
            }
            // What the server has of it may be another part by now; and a session that has ended
            // says so over the socket.
            Ended::Lost
            | Ended::Failed(Failed::Refused(
                Refusal::Outdated
                | Refusal::SignInRequired
                | Refusal::Locked
                | Refusal::SecondFactorRequired,
            )) => item.wait(env),
            Ended::Failed(Failed::Refused(refusal)) => self.file_refused(env, id, refusal),
            Ended::Failed(failed) => item.step = Step::Failed(failed),
        }
    }

    /// Refused to be begun, sent or shared.
    pub(in crate::state) fn file_refused(
        &mut self,
        env: Env,
        id: ClientMessageId,
        refusal: Refusal,
    ) {
        if let Some(item) = self.attachment(id) {
            match retry_after_ms(&refusal) {
                // What was there is not there any more: it is sent again.
                None if refusal == Refusal::NotWhole => item.wait(env),
                Some(wait) => {
                    let told = item.delayed.replace(refusal).is_some();
                    // What is there is there, and only what asks for it is asked again.
                    let whole = matches!(item.step, Step::Whole | Step::Sharing);
                    item.step = if whole { Step::Whole } else { Step::Waiting };
                    item.not_before = env.now + wait;
                    if !told {
                        self.announce(News::Delayed(refusal));
                    }
                }
                None => {
                    item.step = Step::Failed(Failed::Refused(refusal));
                    self.announce(News::Refused(refusal));
                }
            }
        }
        self.pump_files(env);
    }

    /// A file was shared.
    pub(in crate::state) fn file_stored(&mut self, env: Env, id: ClientMessageId, entry: EntryId) {
        if let Some(item) = self.attachment(id) {
            item.step = Step::Stored(entry);
            item.delayed = None;
            let conversation = item.conversation;
            // Its entry has come already, or will not be drawn here: nothing is left to wait for.
            let known = self.conversations.get(&conversation);
            let thread = known.and_then(|known| known.thread.as_ref());
            if thread.is_none_or(|thread| thread.held.is_some_and(|held| held.1 >= entry)) {
                self.forget_file(id);
            }
        }
        self.pump_files(env);
    }

    fn cancel(&mut self, id: ClientMessageId) {
        let Some(item) = self.attachments.iter().find(|item| item.id == id) else { return };
        if item.may_cancel() {
            let at_server = item.file.map(|file| (item.conversation, file));
            self.forget_file(id);
            if let Some((conversation, file)) = at_server {
                self.cancel_at_server(conversation, file);
            }
        }
    }

    fn forget_file(&mut self, id: ClientMessageId) {
        self.attachments.make_mut().retain(|item| item.id != id);
        self.effects.push(Effect::ForgetFile(id));
    }

    /// What is there of it counts for its sender until it is forgotten.
    fn cancel_at_server(&mut self, conversation: ConversationId, file: FileId) {
        self.cancelled.push((conversation, file));
        self.ask_cancelled();
    }

    /// Puts every cancellation that is not under way.
    pub(in crate::state) fn ask_cancelled(&mut self) {
        for (conversation, file) in self.cancelled.clone() {
            let request = Request::CancelUpload { conversation, file };
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    /// Nothing is left of it at the server.
    pub(in crate::state) fn cancelled(&mut self, conversation: ConversationId, file: FileId) {
        self.cancelled.retain(|called_off| *called_off != (conversation, file));
    }

    pub(in crate::state) fn cancel_refused(
        &mut self,
        conversation: ConversationId,
        file: FileId,
        refusal: &Refusal,
    ) {
        match retry_after_ms(refusal) {
            Some(wait) => self.effects.push(Effect::After(wait, Timer::Files)),
            None => self.cancelled(conversation, file),
        }
    }

    /// Clears what has arrived as an entry.
    pub(in crate::state) fn clear_shared(
        &mut self,
        conversation: ConversationId,
        entries: &[Entry],
    ) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        if !self.attachments.iter().any(|item| item.conversation == conversation) {
            return;
        }
        for entry in entries.iter().filter(|entry| entry.author == me) {
            if let Ok(Event::Shared(shared)) = Event::decode(entry)
                && self.attachments.iter().any(|item| item.id == shared.client_message_id)
            {
                self.forget_file(shared.client_message_id);
            }
        }
    }

    /// The line is gone: what was sent over it goes on from where it is when there is another.
    pub(in crate::state) fn files_lost(&mut self) {
        if !self.attachments.iter().any(Attachment::is_under_way) {
            return;
        }
        for item in self.attachments.make_mut() {
            match item.step {
                Step::Asked => item.step = Step::Waiting,
                Step::Sending(_) => {
                    item.step = Step::Waiting;
                    self.effects.push(Effect::StopUpload(item.id));
                }
                Step::Sharing => item.step = Step::Whole,
                _ => {}
            }
        }
    }

    /// The conversation is gone: what was to be sent there is still on this device.
    pub(in crate::state) fn files_stranded(&mut self, conversation: ConversationId) {
        let stranded = self.attachments.iter().filter(|item| item.conversation == conversation);
        let stranded: Vec<ClientMessageId> = stranded.map(|item| item.id).collect();
        for id in &stranded {
            self.forget_file(*id);
        }
        if !stranded.is_empty() {
            self.announce(News::Refused(Refusal::NotFound));
        }
    }

    /// They were somebody else's.
    pub(in crate::state) fn forget_files(&mut self) {
        self.cancelled.clear();
        for item in std::mem::take(&mut self.attachments).iter() {
            self.effects.push(Effect::ForgetFile(item.id));
        }
    }
}
