//! The bytes of every stored value, before they are sealed. A released layout never changes: a test
//! that fails here says that a store written yesterday would not be read today.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::audit::{Action, Subject};
use shared_proto::chart::{Consents, DetailField, Details};
use shared_proto::conversation::command::Whole;
use shared_proto::conversation::event::Part;
use shared_proto::conversation::state::{
    Created, Ended, Ending, Grant, Member, Session, Span, State, Tally, Viewer,
};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::{FileKind, Pixels};
use shared_proto::form::Form;
use shared_proto::form::version::Template;
use shared_proto::hours::{Common, Leave, Own};
use shared_proto::id::{
    ClientMessageId, ConversationId, DeviceId, DivisionId, EntryId, FileId, FormId, PersonId,
};
use shared_proto::notice::ask::PushDevice;
use shared_proto::notice::{How, Quiet, Wishes};
use shared_proto::people::Role;
use shared_proto::practice::Division;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use super::activity::ActivityRecord;
use super::aside::PendingRecord;
use super::audit::{AccessRecord, Block, Floor, Head, Record};
use super::conversations::Header;
use super::cursors::CursorRecord;
use super::entries::{Encoded, records};
use super::files::{FileRecord, UploadRecord};
use super::forms::{FormRecord, GivenRecord, HandedRecord, VersionRecord};
use super::hours::Revised;
use super::keys::Shelf;
use super::links::{ChangeRecord, LinkRecord, LinksRecord, Purpose};
use super::notices::{DeviceRecord, Job, NoticeRecord, Stage as NoticeStage};
use super::people::{Choice, PersonRecord};
use super::practice::PracticeRecord;
use super::sessions::{SessionRecord, Stage};
use super::settled::SettledRecord;
use super::vault::{PracticeKey, SealingKey, Vault};
use super::{inbox, keys, keystore, seal, unseal};

const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
const TALK: ConversationId = ConversationId::from_bytes([0xcc; 16]);
const FIRST: EntryId = EntryId::from_bytes([0xe1; 16]);
const MINE: ClientMessageId = ClientMessageId::from_bytes([0x11; 16]);
const INTAKE: FormId = FormId::from_bytes([0xf0; 16]);
const FILE: FileId = FileId::from_bytes([0xf1; 16]);
const SECOND: EntryId = EntryId::from_bytes([0xe2; 16]);

/// Hexadecimal; eight times the same byte and more as `aa*16`.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for run in bytes.chunk_by(|a, b| a == b) {
        let times = if run.len() >= 8 { 1 } else { run.len() };
        for _ in 0..times {
            let _ = write!(text, " {:02x}", run[0]);
        }
        if run.len() >= 8 {
            let _ = write!(text, "*{}", run.len());
        }
    }
    text.trim_start().to_owned()
}

fn sealing() -> std::sync::Arc<SealingKey> {
    Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap().records()
}

/// `value` is kept as `expected`, and comes back from it.
#[track_caller]
fn check<T: Serialize + DeserializeOwned>(value: &T, expected: &str) {
    let sealing = sealing();
    let sealed = seal(&sealing, b"place", value);
    let plain = sealing.open(b"place", &sealed).unwrap();
    assert_eq!(hex(&plain), expected);
    let back: T = unseal(&sealing, b"place", &sealed, "golden").unwrap();
    assert_eq!(hex(&sealing.open(b"place", &seal(&sealing, b"place", &back)).unwrap()), expected);
}

#[test]
fn headers_keep_their_bytes() {
    let tally = Tally { messages: 300, last: Some(SECOND), last_at: Millis(300) };
    let member = |person, until, tally| Member {
        until,
        tally,
        before: vec![Span { from: FIRST, until: SECOND }],
        ..Member::since(person, FIRST)
    };
    let state = State {
        viewer: Viewer::Everyone,
        created: Some(Created { at: Millis(300), host: ANA, division: None }),
        members: vec![member(ANA, None, Some(tally)), member(BEN, Some(SECOND), None)],
        grants: vec![Grant { person: BEN, from: SECOND, until: Millis(300) }],
        announcement: String::new(),
        session: Some(Session {
            starts_at: Some(Millis(300)),
            ended: Some(Ended { entry: SECOND, at: Millis(300), how: Ending::Cancelled }),
        }),
    };
    let header = Header {
        state,
        last: Some(SECOND),
        entries: 300,
        hidden: 1,
        chain: [0xdd; 32],
        inbox: vec![Some((Shelf::Archive, Millis(300))), None],
    };
    check(
        &header,
        "01 00 01 ac 02 aa*16 00 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac 02 01 e1*16 e2*16 bb*16 \
         e1*16 01 e2*16 00 01 e1*16 e2*16 01 bb*16 e2*16 ac 02 00 01 01 ac 02 01 e2*16 ac 02 01 01 \
         e2*16 ac 02 01 dd*32 02 01 01 ac 02 00",
    );
}

#[test]
fn person_records_keep_their_bytes() {
    let person = PersonRecord {
        id: ANA,
        name: "Ana".into(),
        email: "a@b".into(),
        role: Role::Provider,
        revision: 300,
        phone: "1".into(),
        chart_number: "2".into(),
        division: Some(DivisionId::from_bytes([0xd1; 16])),
        assigned: vec![BEN],
        portal: true,
        suspended: false,
        password_hash: Some("$h".into()),
        read_receipts: true,
        language: "de".into(),
        time_zone: "UTC".into(),
        consents: Consents { email: true, sms: false },
        session_epoch: 300,
        created_at: Millis(300),
        invited_until: Some(Millis(300)),
        email_choice: Some(Choice { at: Millis(300), how: How::Practice, by: Some(BEN) }),
        sms_choice: None,
        wishes: Wishes {
            quiet: Some(Quiet { from: 60, until: 120 }),
            remind_after: Some(24),
            sound: true,
        },
        phone_confirmed: true,
        phone_by_practice: false,
    };
    check(
        &person,
        "01 aa*16 ac 02 03 41 6e 61 03 61 40 62 01 31 01 32 01 01 d1*16 01 bb*16 01 00 01 02 24 68 \
         01 02 64 65 03 55 54 43 01 00 ac 02 ac 02 01 ac 02 01 ac 02 01 01 bb*16 00 01 3c 78 01 18 \
         01 01 00",
    );
    check(&Details::default(), "01 00*12");
}

#[test]
fn records_of_notices_keep_their_bytes() {
    let told = NoticeRecord { newest: FIRST, stage: NoticeStage::Held, due: Some(Millis(300)) };
    check(&told, "01 e1*16 00 01 ac 02");
    let stage = NoticeStage::Told(Some(SECOND));
    check(&NoticeRecord { newest: FIRST, stage, due: None }, "01 e1*16 01 01 e2*16 00");
    let stage = NoticeStage::Reminded(None);
    check(&NoticeRecord { newest: FIRST, stage, due: None }, "01 e1*16 02 00 00");
    let stage = NoticeStage::Out { read: None, count: 2 };
    check(&NoticeRecord { newest: FIRST, stage, due: None }, "01 e1*16 03 00 02 00");
    let stage = NoticeStage::OutTwice { read: Some(SECOND), count: 3 };
    check(&NoticeRecord { newest: FIRST, stage, due: None }, "01 e1*16 04 01 e2*16 03 00");
    let job = Job {
        person: ANA,
        about: Some((TALK, Some(FIRST))),
        device: Some([0xdd; 16]),
        tries: 300,
        due_at: Millis(301),
        underway: 1,
        problem: "A".into(),
    };
    check(&job, "01 aa*16 01 cc*16 01 e1*16 01 dd*16 ac 02 ad 02 01 01 41");
    check(&Job::new(ANA, Millis(300)), "01 aa*16 00 00 00 ac 02 00 00");
    let device = PushDevice { endpoint: "A".into(), key: vec![4], secret: vec![5] };
    let session = DeviceId::from_bytes([0xde; 16]);
    check(
        &DeviceRecord { device, session, since: Millis(300) },
        "01 01 41 01 04 01 05 de*16 ac 02",
    );
}

#[test]
fn small_records_keep_their_bytes() {
    let session = SessionRecord {
        person: ANA,
        epoch: 300,
        device: DeviceId::from_bytes([0xde; 16]),
        stage: Stage::Locked,
        created_at: Millis(300),
        expires_at: Millis(301),
        last_active: Millis(302),
        browser: "A".into(),
        system: "B".into(),
    };
    check(&session, "01 aa*16 ac 02 de*16 01 ac 02 ad 02 ae 02 01 41 01 42");
    let cursor = CursorRecord { received: Some(SECOND), read: Some(FIRST), messages_read: 300 };
    check(&cursor, "01 01 e2*16 01 e1*16 ac 02");
    check(&CursorRecord::default(), "01 00 00 00");
    let refused = Some(Refusal::PortalOff);
    check(&SettledRecord { at: Millis(300), parts: 2 }, "01 ac 02 02");
    let pending = PendingRecord { due: Millis(300), message: true, parts: 2, refused };
    check(&pending, "01 ac 02 01 02 01 13");
    check(&("hi".to_owned(), FIRST), "01 02 68 69 e1*16");
    let division = Division { id: DivisionId::from_bytes([0xd1; 16]), name: "A".into() };
    let practice =
        PracticeRecord { divisions: vec![division], ..PracticeRecord::named("Ana", Millis(300)) };
    check(
        &practice,
        "01 03 41 6e 61 03 55 54 43 02 65 6e 03 55 53 44 00 0a 0c 00 00 01 01 01 00 00 01 d1*16 01 41 \
         00 ac 02",
    );
    check(&vec![ANA], "01 01 aa*16");
    check(&inbox::ROW, "01 01");
    // An email's person, and a withdrawal mark's entry.
    check(&ANA, "01 aa*16");
    check(&SECOND, "01 e2*16");
}

#[test]
fn forms_keep_their_bytes() {
    let record = FormRecord {
        version: 300,
        title: "A".into(),
        questions: 301,
        retired: true,
        by: ANA,
        at: Millis(302),
        revision: 303,
    };
    check(&record, "01 ac 02 01 41 ad 02 01 aa*16 ae 02 af 02");
    let version = VersionRecord {
        template: Template { id: INTAKE, version: 300, form: Form::named("A") },
        by: ANA,
        at: Millis(301),
        client_id: MINE,
    };
    check(&version, "01 f0*16 ac 02 01 41 00 00 00 01 aa*16 ad 02 11*16");
    let given = GivenRecord {
        form: INTAKE,
        version: 300,
        title: "A".into(),
        to: BEN,
        at: Millis(301),
        kept_at: Some(Millis(302)),
        parts: 2,
    };
    check(&given, "01 f0*16 ac 02 01 41 bb*16 ad 02 01 ae 02 02");
    let handed = HandedRecord {
        given: GivenRecord { kept_at: None, parts: 0, ..given },
        entry: SECOND,
        at: Millis(303),
        client_message_id: MINE,
        alerts: true,
    };
    check(&handed, "01 f0*16 ac 02 01 41 bb*16 ad 02 00 00 e2*16 af 02 11*16 01");
}

#[test]
fn files_keep_their_bytes() {
    let pixels = Some(Pixels { width: 300, height: 301 });
    let upload = UploadRecord {
        name: "a".into(),
        kind: FileKind::Png,
        bytes: 300,
        begun_at: Millis(301),
        whole: Some(Whole { pixels, hash: [0xdd; 32] }),
    };
    check(&upload, "01 01 61 01 ac 02 ad 02 01 01 ac 02 ad 02 dd*32");
    check(&UploadRecord { whole: None, ..upload }, "01 01 61 01 ac 02 ad 02 00");
    let file = FileRecord { conversation: TALK, person: ANA, bytes: 300, entry: Some(FIRST) };
    check(&file, "01 cc*16 aa*16 ac 02 01 e1*16");
    // What an entry shares, and how much somebody keeps.
    check(&FILE, "01 f1*16");
    check(&300_u64, "01 ac 02");
}

#[test]
fn what_is_kept_for_writing_keeps_its_bytes() {
    let day = "2026-03-01".parse().unwrap();
    let own = Own { leave: vec![Leave { from: day, until: day }], ..Own::default() };
    check(&Revised { revision: 300, set: own }, "01 ac 02 00 01 ea 0f 03 01 ea 0f 03 01 00 00");
    check(&Revised { revision: 1, set: Common::default() }, "01 01 00 00");
    let parts = vec![Part::Name, Part::Detail(DetailField::Insurer)];
    check(&ActivityRecord { provider: BEN, parts }, "01 bb*16 02 00 03 08");
    check(&Millis(300), "01 ac 02");
}

#[test]
fn links_keep_their_bytes() {
    let link = LinkRecord {
        purpose: Purpose::OldEmail,
        person: ANA,
        made_at: Millis(300),
        until: Millis(301),
        email: "a@b".into(),
        epoch: 300,
        by: Some(BEN),
    };
    check(&link, "01 03 aa*16 ac 02 ad 02 03 61 40 62 ac 02 01 bb*16");
    for (purpose, byte) in [(Purpose::Invitation, "00"), (Purpose::Reset, "01")] {
        check(&purpose, &format!("01 {byte}"));
    }
    let change = ChangeRecord { email: "b@c".into(), new: Some([0xdd; 32]), old: None };
    let mut links =
        LinksRecord { invitation: Some([0xdd; 32]), resets: Vec::new(), change: Some(change) };
    check(&links, "01 01 dd*32 00 01 03 62 40 63 01 dd*32 00");
    links.resets = vec![[0xaa; 32], [0xbb; 32]];
    check(&links, "01 01 dd*32 02 aa*32 bb*32 01 03 62 40 63 01 dd*32 00");
}

#[test]
fn keys_keep_their_bytes() {
    let keys = [
        (keys::practice(), "6d 70 72 61 63 74 69 63 65"),
        (keys::person(ANA), "70 aa*16"),
        (keys::email(&[0xdd; 32]), "65 dd*32"),
        (keys::session(&[0xdd; 32]), "73 dd*32"),
        (keys::session_of(ANA, &[0xdd; 32]), "53 aa*16 dd*32"),
        (keys::owners(), "6d 6f 77 6e 65 72 73"),
        (keys::chart(ANA), "6b aa*16"),
        (keys::link(&[0xdd; 32]), "74 dd*32"),
        (keys::links_of(ANA), "54 aa*16"),
        (keys::form(INTAKE), "67 f0*16"),
        (keys::form_version(INTAKE, 300), "47 f0*16 00 00 01 2c"),
        (keys::given(TALK, FIRST), "6f cc*16 e1*16"),
        (keys::handed(TALK, FIRST), "75 cc*16 e1*16"),
        (keys::answers(TALK, FIRST), "72 cc*16 e1*16"),
        (
            keys::inbox_row(ANA, Shelf::Archive, Millis(300), TALK),
            "69 aa*16 01 ff ff ff ff ff ff fe d3 cc*16",
        ),
        (keys::header(TALK), "68 cc*16"),
        (keys::entries(TALK, FIRST, 2), "6c cc*16 e1*16 02"),
        (keys::withdrawn(TALK, FIRST), "77 cc*16 e1*16"),
        (keys::cursor(TALK, ANA), "63 cc*16 aa*16"),
        (keys::announcement(TALK), "6e cc*16"),
        (keys::draft(TALK, ANA), "64 cc*16 aa*16"),
        (keys::pending(TALK, ANA, MINE), "79 cc*16 aa*16 11*16"),
        (keys::command(TALK, ANA, MINE), "7a cc*16 aa*16 11*16"),
        (keys::settled(TALK, ANA, MINE), "5a cc*16 aa*16 11*16"),
        (keys::upload(TALK, ANA, FILE), "6a cc*16 aa*16 f1*16"),
        (keys::shared(TALK, FIRST), "78 cc*16 e1*16"),
        (keys::file(FILE), "58 f1*16"),
        (keys::kept(ANA), "76 aa*16"),
        (keys::counted(ANA), "4b aa*16"),
        (keys::summary(TALK, FIRST), "49 cc*16 e1*16"),
        (keys::segment(TALK, FIRST, 300), "57 cc*16 e1*16 00 00 01 2c"),
        (keys::common_hours(), "6d 68 6f 75 72 73"),
        (keys::own_hours(ANA), "48 aa*16"),
        (keys::replies(Some(ANA)), "52 aa*16"),
        (keys::replies(None), "52 00*16"),
        (keys::activity(TALK, ANA, 300), "56 cc*16 aa*16 00 00 00 00 00 00 01 2c"),
        (keys::away(TALK), "4e cc*16"),
        (keys::due(Millis(300), TALK, ANA, MINE), "59 00 00 00 00 00 00 01 2c cc*16 aa*16 11*16"),
    ];
    for (key, expected) in keys {
        assert_eq!(hex(&key), expected);
    }
}

#[test]
fn entries_keep_their_layout_in_parts() {
    let sealing = sealing();
    let entry = |id, body: Vec<u8>| {
        let audience = Audience::Members;
        Encoded::new(Entry { id, at: Millis(300), author: ANA, audience, kind: 2, body })
    };
    let small = records(TALK, &sealing, &[entry(FIRST, vec![1]), entry(SECOND, vec![2])]);
    let [(key, sealed)] = small.as_slice() else { panic!("two small entries share a record") };
    assert_eq!(*key, keys::entries(TALK, FIRST, 0));
    assert_eq!(
        hex(&sealing.open(key, sealed).unwrap()),
        "01 00 01 02 e1*16 ac 02 aa*16 00 02 01 01 e2*16 ac 02 aa*16 00 02 01 02"
    );
    let large = records(TALK, &sealing, &[entry(FIRST, vec![3; 5_000])]);
    let heads: Vec<(usize, String)> = large
        .iter()
        .enumerate()
        .map(|(part, (key, sealed))| {
            assert_eq!(*key, keys::entries(TALK, FIRST, part as u8));
            let plain = sealing.open(key, sealed).unwrap();
            (plain.len(), hex(&plain[..3]))
        })
        .collect();
    assert_eq!(heads, [(4_003, "01 00 02".to_owned()), (1_042, "01 01 02".to_owned())]);
}

#[test]
fn sealed_values_keep_their_envelope() {
    let sealing = sealing();
    let sealed = sealing.seal(b"place", &[5; 10]);
    assert_eq!((sealed[0], sealed.len()), (1, 1 + 24 + 10 + 16));
}

#[test]
fn slots_of_the_key_store_keep_their_bytes() {
    assert_eq!(keystore::head().len(), 128);
    assert_eq!(hex(&keystore::head()), "71 75 69 65 74 72 6f 6f 6d 20 6b 65 79 73 20 31 0a 00*111");
    assert_eq!(
        hex(&keystore::slot(1, &[0xcc; 16], &[0xdd; 72])),
        "01 cc*16 dd*72 75 38 3c de 5b 87 a3 9a 00*31"
    );
}

#[test]
fn the_audit_log_keeps_its_bytes() {
    let record = Record {
        at: Millis(300),
        actor: Some(ANA),
        address: Some(std::net::IpAddr::from([10, 0, 0, 7])),
        action: Action::EmergencyOpened,
        subject: Subject::Conversation(TALK),
        detail: Some("why".into()),
    };
    check(
        &Block { before: [0xdd; 32], records: vec![record] },
        "01 dd*32 01 ac 02 01 aa*16 01 00 0a 00 00 07 27 02 cc*16 01 03 77 68 79",
    );
    let action = Action::ConversationOpened;
    check(&AccessRecord { at: Millis(300), person: Some(BEN), action }, "01 ac 02 01 bb*16 24");
    check(&Floor { removed: Head { sequence: 300, hash: [0xdd; 32] } }, "01 ac 02 dd*32");
}
