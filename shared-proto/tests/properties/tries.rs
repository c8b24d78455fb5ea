//! What somebody tries, whether they may or not.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::conversation::command::Command;
use shared_proto::id::FormId;
use shared_proto::limits;
use shared_proto::time::Millis;

use crate::logs::file;
use crate::{OUTSIDER, PEOPLE, client_message_id, person};

/// What somebody tries.
#[derive(Clone, Debug)]
pub enum Try {
    Create(u8, Vec<u8>),
    Send(u8, String),
    Withdraw(u8, Index),
    Emergency(u8, String),
    /// Anything else a member may do.
    Do(u8, Command),
    /// A form that was given is submitted.
    Submit(u8, Index),
}

/// Time between two tries, so that a grant ends within a few of them, in milliseconds.
pub const BETWEEN_MS: u64 = limits::EMERGENCY_MS / 4;

fn reason() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::from(" She said she would not wake up again ")),
        1 => "[a-z ]{0,12}",
        1 => Just("é".repeat(201)),
    ]
}

pub fn tries() -> impl Strategy<Value = Vec<Try>> {
    let people = || vec(0..PEOPLE + 1, 0..5);
    let text = prop_oneof![
        8 => ".{0,20}",
        1 => Just("é".repeat(8_000)),
        1 => Just(format!(" {} ", "é".repeat(8_001))),
    ];
    let one = prop_oneof![
        3 => (0..PEOPLE, people()).prop_map(|(actor, named)| Try::Create(actor, named)),
        6 => (0..PEOPLE, text).prop_map(|(actor, text)| Try::Send(actor, text)),
        4 => (0..PEOPLE, any::<Index>()).prop_map(|(actor, target)| Try::Withdraw(actor, target)),
        3 => (prop_oneof![2 => Just(OUTSIDER), 1 => 0..PEOPLE], reason())
            .prop_map(|(actor, reason)| Try::Emergency(actor, reason)),
        6 => (0..PEOPLE, done()).prop_map(|(actor, command)| Try::Do(actor, command)),
        3 => (0..PEOPLE, any::<Index>()).prop_map(|(actor, given)| Try::Submit(actor, given)),
    ];
    (1..PEOPLE, 1..PEOPLE, vec(one, 0..40)).prop_map(|(first, second, mut tries)| {
        let mut people = vec![first, second];
        people.dedup();
        tries.insert(0, Try::Create(0, people));
        tries
    })
}

fn done() -> impl Strategy<Value = Command> {
    let text = prop_oneof![4 => "[a-z ]{0,10}", 1 => Just("é".repeat(121))];
    let at = option::of((0u64..60 * BETWEEN_MS).prop_map(Millis));
    prop_oneof![
        2 => text.prop_map(|text| Command::Announce { text }),
        1 => at.prop_map(|starts_at| Command::Reschedule { starts_at }),
        1 => Just(Command::Cancel),
        1 => Just(Command::Complete),
        3 => person().prop_map(|person| Command::Add { person }),
        2 => person().prop_map(|person| Command::Remove { person }),
        2 => Just(Command::Leave),
        3 => (client_message_id(), vec(person(), 0..4)).prop_map(|(client_message_id, to)| {
            let form = FormId::from_bytes([7; 16]);
            Command::Assign { client_message_id, form, version: 1, to }
        }),
        4 => (client_message_id(), vec(person(), 0..3)).prop_map(
            |(client_message_id, hidden_from)| {
                Command::Share { client_message_id, file: file().file, hidden_from }
            }
        ),
    ]
}
