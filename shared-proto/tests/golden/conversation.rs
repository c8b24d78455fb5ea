//! What a conversation consists of: entries, their bodies, and the fold of them.

use shared_proto::conversation::event::{Created, Emergency, Event, Message, Redacted, Withdrawn};
use shared_proto::conversation::state::{Grant, State, Viewer};
use shared_proto::entry::{Audience, Entry};

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
    }

    // Stored too: the header of a conversation holds its fold.
    folds_keep_their_bytes: State {
        State { .. } => {
            State::absent(Viewer::Everyone) => "00*4",
            row().state =>
                "01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac 02 bb*16 \
                 e1*16 01 e2*16 00 00",
            State { grants: vec![grant()], ..State::absent(Viewer::Everyone) } =>
                "00 00 00 01 bb*16 e2*16 ac 02",
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
