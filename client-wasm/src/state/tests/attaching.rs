//! Files go out one at a time, from where the server has them, and are shared once.

use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Shared as Body;
use shared_proto::file::FileKind;
use shared_proto::file::ask::{Ask, Told};
use shared_proto::id::FileId;
use shared_proto::refusal::{Field, Rule};

use super::*;
use crate::state::attaching::{Chosen, Ended, Failed, Step, Upload, WAITING};

const BYTES: u64 = 1_000;

fn file_id(number: u8) -> FileId {
    FileId::from_random([number; 16])
}

fn chosen(number: u8) -> Chosen {
    Chosen { id: message_id(number), name: format!("scan {number}.pdf"), bytes: BYTES }
}

fn shared(number: u64, author: u8, client: u8) -> Entry {
    let body = Body {
        client_message_id: message_id(client),
        file: file_id(client),
        name: format!("scan {client}.pdf"),
        kind: FileKind::Pdf,
        bytes: BYTES,
        pixels: None,
        hash: [0; 32],
    };
    entry(number, author, &Event::Shared(body))
}

fn is_begin(request: &Request) -> bool {
    matches!(request, Request::File(Ask::Begin { .. }))
}

fn is_share(request: &Request) -> bool {
    matches!(request, Request::Do { command: Command::Share { .. }, .. })
}

impl Client {
    fn attach(&mut self, numbers: &[u8], hidden_from: &[PersonId]) -> Vec<Effect> {
        let chosen = numbers.iter().map(|number| chosen(*number)).collect();
        self.attaching(Attaching::Add(room(), chosen, hidden_from.to_vec()))
    }

    fn attaching(&mut self, what: Attaching) -> Vec<Effect> {
        self.act(Action::Attaching(what))
    }

    /// The server has `offset` bytes of the file that `effects` ask about.
    fn has(&mut self, effects: &[Effect], number: u8, offset: u64) -> Vec<Effect> {
        let id = id_of(effects, is_begin);
        let name = format!("scan {number}.pdf");
        let told = Told::Upload { file: file_id(number), offset, name };
        self.reply(id, Ok(Reply::File(told)))
    }

    fn ended(&mut self, number: u8, attempt: u32, ended: Ended) -> Vec<Effect> {
        self.attaching(Attaching::Ended(message_id(number), attempt, ended))
    }

    fn steps(&self) -> Vec<Step> {
        self.state.attachments.iter().map(|item| item.step).collect()
    }
}

fn uploads(effects: &[Effect]) -> Vec<(u32, u64)> {
    let uploads = effects.iter().filter_map(|effect| match effect {
        Effect::Upload(Upload { number, offset, .. }) => Some((*number, *offset)),
        _ => None,
    });
    uploads.collect()
}

fn forgotten(effects: &[Effect], number: u8) -> bool {
    effects.contains(&Effect::ForgetFile(message_id(number)))
}

#[test]
fn a_file_is_begun_sent_shared_and_gone_once_its_entry_is_here() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[person(2)]);
    assert!(client.state.has_unsent(), "closing the page would lose it");
    let effects = client.has(&effects, 7, 0);
    assert_eq!(uploads(&effects), [(1, 0)]);
    client.attaching(Attaching::Sent(message_id(7), 400));
    assert_eq!(client.state.attachments[0].percent(), 40);
    let effects = client.ended(7, 1, Ended::Whole);
    let share = id_of(&effects, is_share);
    let Request::Do { held, command, .. } = requests(&effects)[0] else { panic!("{effects:?}") };
    assert_eq!(*held, Some(entry_id(1)));
    let hidden_from = vec![person(2)];
    let expected =
        Command::Share { client_message_id: message_id(7), file: file_id(7), hidden_from };
    assert_eq!(*command, expected);
    client.reply(share, Ok(Reply::Sent { entry: entry_id(2), at: Millis(2_000) }));
    assert_eq!(client.steps(), [Step::Stored(entry_id(2))]);
    let effects = client.arrives(&[shared(2, 1, 7)]);
    assert!(forgotten(&effects, 7));
    assert!(client.state.attachments.is_empty() && !client.state.has_unsent());
}

#[test]
fn an_entry_that_comes_before_the_answer_clears_it_too() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    let effects = client.ended(7, 1, Ended::Whole);
    let share = id_of(&effects, is_share);
    assert!(forgotten(&client.arrives(&[shared(2, 1, 7)]), 7));
    client.reply(share, Ok(Reply::Sent { entry: entry_id(2), at: Millis(2_000) }));
    assert!(client.state.attachments.is_empty());
}

#[test]
fn files_of_one_conversation_go_one_after_the_other() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7, 8], &[]);
    assert_eq!(requests(&effects).into_iter().filter(|request| is_begin(request)).count(), 1);
    client.has(&effects, 7, 0);
    let effects = client.ended(7, 1, Ended::Whole);
    assert!(!requests(&effects).into_iter().any(is_begin), "the first is not shared yet");
    let effects = client.reply(
        id_of(&effects, is_share),
        Ok(Reply::Sent { entry: entry_id(2), at: Millis(2_000) }),
    );
    assert!(client.steps()[1] == Step::Asked, "{effects:?}");
}

#[test]
fn one_that_failed_does_not_hold_up_the_next() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7, 8], &[]);
    let unsent =
        |client: &Client| Unsent::of(&client.state.outbox, &client.state.attachments, room());
    assert_eq!(unsent(&client), Some(Unsent::Sending("scan 8.pdf".into())));
    let refusal = Refusal::invalid(Field::File, Rule::QuotaUsed { limit: 1 });
    let effects = client.reply(id_of(&effects, is_begin), Err(refusal));
    assert_eq!(client.steps(), [Step::Failed(Failed::Refused(refusal)), Step::Asked]);
    id_of(&effects, is_begin);
    assert!(client.state.announced.iter().any(|said| said.news == News::Refused(refusal)));
    assert_eq!(unsent(&client), Some(Unsent::Refused("scan 7.pdf".into())));
}

#[test]
fn after_a_lost_line_it_goes_on_from_where_the_server_has_it() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    let effects = client.close(1006);
    assert!(effects.contains(&Effect::StopUpload(message_id(7))));
    assert_eq!(client.steps(), [Step::Waiting]);
    assert!(client.ended(7, 1, Ended::Whole).is_empty(), "of a try that was given up");
    assert_eq!(client.steps(), [Step::Waiting]);
    let effects = client.reconnect();
    let effects = client.has(&effects, 7, 600);
    assert_eq!(uploads(&effects), [(2, 600)]);
    assert_eq!(client.state.attachments[0].percent(), 60);
}

#[test]
fn an_upload_that_failed_alone_is_tried_again_later_or_at_once_on_demand() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    let effects = client.ended(7, 1, Ended::Lost);
    let waits = effects.iter().find_map(|effect| match effect {
        Effect::After(wait, Timer::Files) => Some(*wait),
        _ => None,
    });
    let wait = waits.unwrap();
    assert!(
        client
            .act(Action::Elapsed(Timer::Files))
            .iter()
            .all(|effect| { matches!(effect, Effect::After(..)) })
    );
    client.now += wait;
    let effects = client.act(Action::Elapsed(Timer::Files));
    client.has(&effects, 7, 100);
    client.ended(7, 2, Ended::Lost);
    assert!(client.state.attachments[0].may_retry());
    let effects = client.attaching(Attaching::Retry(message_id(7)));
    assert_eq!(uploads(&client.has(&effects, 7, 200)), [(3, 200)]);
}

#[test]
fn one_that_is_whole_is_only_shared() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    let effects = client.has(&effects, 7, BYTES);
    id_of(&effects, is_share);
    assert!(uploads(&effects).is_empty());
    // The answer was lost: asked again with what was held then.
    client.close(1006);
    assert_eq!(client.steps(), [Step::Whole]);
    let effects = client.reconnect();
    assert!(!requests(&effects).into_iter().any(is_share), "first it catches up");
    let page = Page { entries: vec![message(2, 2, 5, "meanwhile")], more: false };
    let catch_up =
        CatchUp::Page { page, cursors: vec![], here: vec![], unread: 1, read_up_to: None };
    let effects = client.event(ServerEvent::CaughtUp { conversation: room(), catch_up });
    let held = requests(&effects).into_iter().find_map(|request| match request {
        Request::Do { held, .. } => Some(*held),
        _ => None,
    });
    assert_eq!(held, Some(Some(entry_id(1))));
}

#[test]
fn who_has_left_meanwhile_is_not_named_to_the_server() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[person(3)]);
    client.has(&effects, 7, 0);
    let effects = client.ended(7, 1, Ended::Whole);
    let hidden = requests(&effects).into_iter().find_map(|request| match request {
        Request::Do { command: Command::Share { hidden_from, .. }, .. } => {
            Some(hidden_from.clone())
        }
        _ => None,
    });
    assert_eq!(hidden, Some(vec![]));
}

#[test]
fn one_that_is_called_off_leaves_nothing_at_the_server() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let is_cancel = |request: &Request| matches!(request, Request::File(Ask::Cancel { .. }));
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    let effects = client.attaching(Attaching::Cancel(message_id(7)));
    assert!(forgotten(&effects, 7) && client.state.attachments.is_empty());
    client.reply(id_of(&effects, is_cancel), Err(Refusal::Busy));
    let effects = client.act(Action::Elapsed(Timer::Files));
    client.reply(id_of(&effects, is_cancel), Ok(Reply::File(Told::Cancelled)));
    assert!(client.act(Action::Elapsed(Timer::Files)).is_empty());

    // Before it was known what the server calls it.
    let asked = client.attach(&[8], &[]);
    client.attaching(Attaching::Cancel(message_id(8)));
    let effects = client.has(&asked, 8, 0);
    assert!(uploads(&effects).is_empty());
    id_of(&effects, is_cancel);
    // And while the line is down it is said afterwards.
    client.close(1006);
    id_of(&client.reconnect(), is_cancel);
}

#[test]
fn what_is_being_shared_is_not_called_off() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    client.ended(7, 1, Ended::Whole);
    client.attaching(Attaching::Cancel(message_id(7)));
    assert_eq!(client.steps(), [Step::Sharing]);
}

#[test]
fn what_passes_by_itself_waits_and_what_does_not_stays_until_it_is_tried_again() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.attach(&[7], &[]);
    client.has(&effects, 7, 0);
    let full = Refusal::StorageFull;
    client.ended(7, 1, Ended::Failed(Failed::Refused(full)));
    assert_eq!(
        (client.steps(), client.state.attachments[0].delayed),
        (vec![Step::Waiting], Some(full))
    );
    client.now += 10_000;
    let effects = client.act(Action::Elapsed(Timer::Files));
    client.has(&effects, 7, 0);
    let differs = Refusal::invalid(Field::File, Rule::Differs);
    client.ended(7, 2, Ended::Failed(Failed::Refused(differs)));
    assert_eq!(client.steps(), [Step::Failed(Failed::Refused(differs))]);
    client.close(1006);
    let effects = client.reconnect();
    assert!(!requests(&effects).into_iter().any(is_begin));
    let effects = client.attaching(Attaching::Retry(message_id(7)));
    id_of(&effects, is_begin);
}

#[test]
fn one_that_is_not_taken_is_not_kept_either_and_no_more_wait_than_may() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let wrong = Chosen { id: message_id(7), name: "a.pdf".to_owned(), bytes: u64::MAX };
    let empty = Chosen { id: message_id(8), name: "a.pdf".to_owned(), bytes: 0 };
    let effects = client.attaching(Attaching::Add(room(), vec![wrong, empty], vec![]));
    assert!(forgotten(&effects, 7) && forgotten(&effects, 8));
    assert!(client.state.attachments.is_empty());
    let many: Vec<u8> = (0..=WAITING as u8).map(|number| number + 20).collect();
    let effects = client.attach(&many, &[]);
    assert_eq!(client.state.attachments.len(), WAITING);
    assert!(forgotten(&effects, 20 + WAITING as u8));
}

#[test]
fn files_of_somebody_who_signed_out_or_for_a_conversation_that_is_gone_are_forgotten() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.attach(&[7], &[]);
    let gone = ServerEvent::CaughtUp { conversation: room(), catch_up: CatchUp::Gone };
    assert!(forgotten(&client.event(gone), 7) && !client.state.has_unsent());
    assert!(
        client.state.announced.iter().any(|said| said.news == News::Refused(Refusal::NotFound))
    );
    client.attach(&[8], &[]);
    assert!(forgotten(&client.act(Action::SignedOut), 8));
    assert!(client.state.attachments.is_empty());
}

#[test]
fn a_file_of_another_is_counted_said_and_drawn_as_a_message() {
    let mut client = Client::live();
    client.act(Action::Attention(false));
    client.open(&[created()], 0, None);
    client.arrives(&[shared(2, 2, 5)]);
    assert_eq!(client.conversation().unread, 1);
    let said = client.state.announced.last().map(|said| said.news.clone());
    let name = "Person 2".to_owned();
    let text = "scan 5.pdf".to_owned();
    assert_eq!(said, Some(News::Here { entry: entry_id(2), name, text }));
    let lines = &client.conversation().thread.as_ref().unwrap().lines;
    assert!(matches!(lines[1].content, Content::File(_)));
}
