//! What a conversation consists of: entries, their bodies, and the fold of them.

use shared_proto::chart::DetailField;
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::{
    Activity, Added, Announced, Assigned, Away, Begun, Created, Emergency, Event, Left, Message,
    Part, Quoting, Redacted, Rescheduled, Shared, Start, Submitted, Withdrawn,
};
use shared_proto::conversation::state::{Ended, Ending, Grant, Session, Span, State, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::{FileKind, Pixels};

use crate::*;

fn grant() -> Grant {
    Grant { person: BEN, from: LAST, until: AT }
}

golden! {
    entries_keep_their_bytes: Entry {
        Entry { .. } => { entry() => "e2*16 ac 02 bb*16 00 02 02 01 ff" }
    }

    audiences_keep_their_bytes: Audience {
        Audience::Members => { Audience::Members => "00" }
        Audience::Only(_) => { Audience::Only(vec![ANA, BEN]) => "01 02 aa*16 bb*16" }
    }

    entry_bodies_keep_their_kind_and_bytes: Body {
        Body(Event::Created(_)) => {
            Body(Event::Created(Created {
                host: ANA,
                participants: vec![BEN],
                division: Some(ADULTS),
            })) => "00 01 01 aa*16 01 bb*16 01 d1*16",
            Body(Event::Created(Created { host: ANA, participants: vec![], division: None })) =>
                "00 01 01 aa*16 00 00",
        }
        Body(Event::Message(_)) => {
            Body(Event::Message(Message { client_message_id: MINE, text: "hé".into() })) =>
                "00 02 01 11*16 03 68 c3 a9",
        }
        Body(Event::Withdrawn(_)) => {
            Body(Event::Withdrawn(Withdrawn { target: LAST })) => "00 03 01 e2*16",
        }
        Body(Event::Emergency(_)) => {
            Body(Event::Emergency(Emergency {
                person: ANA,
                name: "Ana".into(),
                until: AT,
                reason: "why".into(),
            })) => "00 04 01 aa*16 03 'Ana' ac 02 03 'why'",
        }
        Body(Event::Redacted(_)) => {
            Body(Event::Redacted(Redacted { client_message_id: MINE })) => "80 02 01 11*16",
        }
        Body(Event::Begun(_)) => {
            Body(Event::Begun(Begun {
                host: ANA,
                participants: vec![BEN],
                division: Some(ADULTS),
                session: Some(Start { at: Some(AT) }),
                announcement: "hi".into(),
            })) => "00 05 01 aa*16 01 bb*16 01 d1*16 01 01 ac 02 02 'hi'",
            Body(Event::Begun(Begun {
                host: ANA,
                participants: vec![],
                division: None,
                session: None,
                announcement: String::new(),
            })) => "00 05 01 aa*16 00*4",
        }
        Body(Event::Announced(_)) => {
            Body(Event::Announced(Announced { text: "hi".into() })) => "00 06 01 02 'hi'",
        }
        Body(Event::Rescheduled(_)) => {
            Body(Event::Rescheduled(Rescheduled { starts_at: Some(AT) })) => "00 07 01 01 ac 02",
            Body(Event::Rescheduled(Rescheduled { starts_at: None })) => "00 07 01 00",
        }
        Body(Event::Cancelled) => { Body(Event::Cancelled) => "00 08 01" }
        Body(Event::Completed) => { Body(Event::Completed) => "00 09 01" }
        Body(Event::Added(_)) => { Body(Event::Added(Added { person: BEN })) => "00 0a 01 bb*16" }
        Body(Event::Left(_)) => { Body(Event::Left(Left { person: BEN })) => "00 0b 01 bb*16" }
        Body(Event::Quoting(_)) => {
            Body(Event::Quoting(Quoting {
                client_message_id: MINE,
                text: "hé".into(),
                quoted: LAST,
            })) => "00 0c 01 11*16 03 68 c3 a9 e2*16",
        }
        Body(Event::Activity(_)) => {
            Body(Event::Activity(Activity {
                parts: vec![Part::Name, Part::Phone, Part::Email, Part::Detail(DetailField::Insurer)],
            })) => "00 10 01 04 00 01 02 03 08",
        }
        Body(Event::Away(_)) => {
            Body(Event::Away(Away { text: "gone".into(), by: Some(AT) })) => "00 11 01 04 'gone' 01 ac 02",
            Body(Event::Away(Away { text: "gone".into(), by: None })) => "00 11 01 04 'gone' 00",
        }
        Body(Event::RedactedQuoting(_)) => {
            Body(Event::RedactedQuoting(Redacted { client_message_id: MINE })) => "80 0c 01 11*16",
        }
        Body(Event::Assigned(_)) => {
            Body(Event::Assigned(Assigned {
                client_message_id: MINE,
                form: INTAKE,
                version: 300,
                title: "Intake".into(),
                to: BEN,
            })) => "00 0e 01 11*16 f0*16 ac 02 06 'Intake' bb*16",
        }
        Body(Event::Submitted(_)) => {
            Body(Event::Submitted(Submitted {
                client_message_id: MINE,
                assigned: LAST,
                title: "Intake".into(),
            })) => "00 0f 01 11*16 e2*16 06 'Intake'",
        }
        Body(Event::Shared(_)) => {
            Body(Event::Shared(Shared {
                client_message_id: MINE,
                file: FILE,
                name: "a.png".into(),
                kind: FileKind::Png,
                bytes: 300,
                pixels: Some(Pixels { width: 300, height: 301 }),
                hash: [7; 32],
            })) => "00 0d 01 11*16 f1*16 05 61 2e 'png' 01 ac 02 01 ac 02 ad 02 07*32",
            Body(Event::Shared(Shared {
                client_message_id: MINE,
                file: FILE,
                name: "a.pdf".into(),
                kind: FileKind::Pdf,
                bytes: 1,
                pixels: None,
                hash: [7; 32],
            })) => "00 0d 01 11*16 f1*16 05 61 2e 'pdf' 00 01 00 07*32",
        }
    }

    // Stored too: the header of a conversation holds its fold.
    folds_keep_their_bytes: State {
        State { .. } => {
            State::absent(Viewer::Everyone) => "00*6",
            row().state =>
                "01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac 02 00 \
                 bb*16 e1*16 01 e2*16 00*5",
            State { grants: vec![grant()], ..State::absent(Viewer::Everyone) } =>
                "00 00 00 01 bb*16 e2*16 ac 02 00 00",
        }
    }

    members_keep_their_bytes: Member {
        Member { .. } => {
            Member {
                until: Some(LAST),
                before: vec![Span { from: FIRST, until: LAST }],
                ..member(ANA)
            } => "aa*16 e1*16 01 e2*16 00 01 e1*16 e2*16",
        }
    }

    sessions_keep_their_bytes: Session {
        Session { .. } => {
            Session { starts_at: Some(AT), ended: None } => "01 ac 02 00",
            Session {
                starts_at: None,
                ended: Some(Ended { entry: LAST, at: AT, how: Ending::Completed }),
            } => "00 01 e2*16 ac 02 00",
        }
    }

    endings_keep_their_bytes: Ending {
        Ending::Completed => { Ending::Completed => "00" }
        Ending::Cancelled => { Ending::Cancelled => "01" }
    }

    // Kept too, when it is to be decided later.
    commands_keep_their_bytes: Command {
        Command::Create(_) => {
            Command::Create(New {
                participants: vec![BEN],
                session: Some(Start { at: None }),
                announcement: Some("hi".into()),
                host: Some(BEN),
                division: None,
            }) => "00 01 bb*16 01 00 01 02 'hi' 01 bb*16 00",
        }
        Command::Send { .. } => {
            Command::Send { client_message_id: MINE, text: "hi".into(), quoted: Some(LAST) } => "01 11*16 02 'hi' 01 e2*16",
            Command::Send { client_message_id: MINE, text: "hi".into(), quoted: None } => "01 11*16 02 'hi' 00",
        }
        Command::Withdraw { .. } => { Command::Withdraw { target: LAST } => "02 e2*16" }
        Command::Emergency { .. } => { Command::Emergency { reason: "why".into() } => "03 03 'why'" }
        Command::Announce { .. } => { Command::Announce { text: "hi".into() } => "04 02 'hi'" }
        Command::Reschedule { .. } => { Command::Reschedule { starts_at: Some(AT) } => "05 01 ac 02" }
        Command::Cancel => { Command::Cancel => "06" }
        Command::Complete => { Command::Complete => "07" }
        Command::Add { .. } => { Command::Add { person: BEN } => "08 bb*16" }
        Command::Remove { .. } => { Command::Remove { person: BEN } => "09 bb*16" }
        Command::Leave => { Command::Leave => "0a" }
        Command::Assign { .. } => {
            Command::Assign { client_message_id: MINE, form: INTAKE, version: 300, to: vec![BEN] } =>
                "0b 11*16 f0*16 ac 02 01 bb*16",
        }
        Command::Submit { .. } => {
            Command::Submit { client_message_id: MINE, assigned: LAST } => "0c 11*16 e2*16",
        }
        Command::Share { .. } => {
            Command::Share { client_message_id: MINE, file: FILE, hidden_from: vec![BEN] } =>
                "0d 11*16 f1*16 01 bb*16",
        }
    }

    grants_keep_their_bytes: Grant {
        Grant { .. } => { grant() => "bb*16 e2*16 ac 02" }
    }

    viewers_keep_their_bytes: Viewer {
        Viewer::Everyone => { Viewer::Everyone => "00" }
        Viewer::Only(_) => { Viewer::Only(ANA) => "01 aa*16" }
    }
}
