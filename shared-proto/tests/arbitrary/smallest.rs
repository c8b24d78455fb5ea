//! Sequences of the smallest elements there are: the best levers on memory.

use shared_proto::codec;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::{Band, Choice, ChoiceId, Form, Item, Kind, LinkId, Score};
use shared_proto::limits;
use shared_proto::office::Told;
use shared_proto::wire::{ClientFrame, Reply, Request, ServerFrame};

use crate::check::{PER_BYTE, PER_CLIENT_BYTE, check};
use crate::office::emergency_row;
use crate::values::{message_id, person, row};
use crate::varint;

#[test]
fn a_sequence_of_the_smallest_elements_is_bounded_by_its_bytes() {
    // Rows that say nothing: the wire's best lever on memory. Not sent by any server.
    let mut bytes = codec::reply_frame(1, Ok(Reply::Rows(Vec::new())));
    bytes.pop();
    let mut smallest = row();
    (smallest.people, smallest.preview, smallest.unread) = (Vec::new(), None, 0);
    let one = codec::encode(&smallest);
    let many = (limits::FRAME_BYTES - 16) / one.len();
    bytes.extend(varint(many as u64));
    (0..many).for_each(|_| bytes.extend(&one));
    assert!(check::<ServerFrame>(&bytes, PER_BYTE));
    let participants = vec![person(); 4_000];
    let request = Request::Create { client_id: message_id(), participants };
    assert!(check::<ClientFrame>(&codec::encode(&ClientFrame { id: 1, request }), PER_CLIENT_BYTE));
}

#[test]
fn a_form_of_the_smallest_parts_is_bounded_by_its_bytes() {
    let item = |kind| Item {
        link: LinkId(1),
        label: String::new(),
        help: String::new(),
        required: false,
        show_if: None,
        alert: None,
        kind,
    };
    let score = |bands| Score { label: String::new(), items: Vec::new(), bands };
    let form = |items, scores| codec::encode(&Form { items, scores, ..Form::named("") });
    let choice = Choice { id: ChoiceId(1), label: String::new(), points: None, alone: false };
    let band = Band { from: 0, label: String::new() };
    let items = |count| form(vec![item(Kind::Section); count], vec![]);
    let scores = |count| form(vec![], vec![score(vec![]); count]);
    let choices = |count| form(vec![item(Kind::One(vec![choice.clone(); count]))], vec![]);
    let bands = |count| form(vec![], vec![score(vec![band.clone(); count])]);
    type List<'a> = &'a dyn Fn(usize) -> Vec<u8>;
    let lists: [(usize, List); 4] = [
        (limits::FORM_ITEMS, &items),
        (limits::FORM_SCORES, &scores),
        (limits::FORM_CHOICES, &choices),
        (limits::FORM_BANDS, &bands),
    ];
    for (limit, list) in lists {
        assert!(check::<Form>(&list(limit), PER_BYTE));
        assert!(!check::<Form>(&list(limit + 1), PER_BYTE));
        // As many as a frame holds of the smallest.
        let each = (list(limit).len() - list(0).len()) / limit;
        assert!(!check::<Form>(&list((limits::FRAME_BYTES - 64) / each), PER_BYTE));
    }
    let all = vec![item(Kind::One(vec![choice.clone(); limits::FORM_CHOICES])); limits::FORM_ITEMS];
    assert!(check::<Form>(&form(all, vec![]), PER_BYTE));
    for count in [15_000, (1 << 14) + 1] {
        let mut answers = Answers::default();
        (1..count).for_each(|link| answers.set(LinkId(link), Value::YesNo(true)));
        assert!(check::<Answers>(&codec::encode(&answers), PER_BYTE));
    }
}

/// The worst lever of all: the shortest text is one byte on the wire and 24 in memory, held
/// thrice while its vector grows. Only a server sends lists of texts, and never empty ones.
const PER_EMPTY_TEXT: usize = 72;

#[test]
fn a_list_of_empty_texts_is_bounded_by_its_bytes() {
    // As many as a frame holds, and as many as have just made their vector grow.
    for count in [limits::FRAME_BYTES - 64, (1 << 15) + 1] {
        let told = Told::Emergency(vec![emergency_row(vec![String::new(); count])]);
        let bytes = codec::reply_frame(1, Ok(Reply::Office(told)));
        assert!(check::<ServerFrame>(&bytes, PER_EMPTY_TEXT));
    }
}
