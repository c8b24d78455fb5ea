//! What providers keep at hand for writing, and what clients are promised by it. Stored too: hours
//! and saved replies are kept as they travel.

use shared_proto::date::Date;
use shared_proto::desk::{Ask, KeptHours, News, Told};
use shared_proto::hours::{Common, Day, Hours, Leave, Own, Promise, Span};
use shared_proto::id::ReplyId;
use shared_proto::replies::Reply;

use crate::*;

const SAVED: ReplyId = ReplyId::from_bytes([0x55; 16]);

fn reply() -> Reply {
    Reply { id: SAVED, revision: 300, title: "hi".into(), text: "{client}".into() }
}

/// Each day as many stretches as it is far from Monday, up to four.
fn hours() -> Hours {
    let span = |n: u16| Span { from: 300 * n, until: 300 * n + 150 };
    let day = |n: usize| Day((0..n.min(4) as u16).map(span).collect());
    Hours { week: std::array::from_fn(day), answer_within: Some(300) }
}

fn date(day: u8) -> Date {
    Date::new(2026, 3, day).expect("a day")
}

fn own() -> Own {
    Own {
        hours: Some(hours()),
        leave: vec![Leave { from: date(1), until: date(2) }],
        away: "gone".into(),
        greeting: "hello".into(),
    }
}

fn common() -> Common {
    Common { hours: None, holidays: vec![date(3)] }
}

golden! {
    asks_of_the_desk_keep_their_bytes: Ask {
        Ask::Replies => { Ask::Replies => "00" }
        Ask::SaveReply { .. } => {
            Ask::SaveReply { shared: true, reply: Box::new(reply()) } => "01 01 55*16 ac 02 02 'hi' 08 7b 'client' 7d",
        }
        Ask::DeleteReply { .. } => { Ask::DeleteReply { shared: false, id: SAVED } => "02 00 55*16" }
        Ask::Hours => { Ask::Hours => "03" }
        Ask::SetOwn { .. } => {
            Ask::SetOwn { revision: 300, own: Box::new(Own::default()) } => "04 ac 02 00*4",
            Ask::SetOwn { revision: 300, own: Box::new(own()) } => "04 ac 02 01 00 01 00 96 01 02 00 96 01 ac 02 c2 03 03 00 96 01 ac 02 c2 03 d8 04 ee 05 04 00 96 01 ac 02 c2 03 d8 04 ee 05 84 07 9a 08 04 00 96 01 ac 02 c2 03 d8 04 ee 05 84 07 9a 08 04 00 96 01 ac 02 c2 03 d8 04 ee 05 84 07 9a 08 01 ac 02 01 ea 0f 03 01 ea 0f 03 02 04 'gone' 05 'hello'",
        }
        Ask::SetCommon { .. } => {
            Ask::SetCommon { revision: 300, common: Box::new(common()) } => "05 ac 02 00 01 ea 0f 03 03",
        }
        Ask::Promise { .. } => { Ask::Promise { conversation: ROOM } => "06 c0*16" }
        Ask::Greeting { .. } => { Ask::Greeting { conversation: ROOM } => "07 c0*16" }
    }

    what_the_desk_tells_keeps_its_bytes: Told {
        Told::Replies { .. } => {
            Told::Replies { shared: vec![reply()], own: vec![] } => "00 01 55*16 ac 02 02 'hi' 08 7b 'client' 7d 00",
        }
        Told::Hours(_) => {
            Told::Hours(Box::new(KeptHours {
                own: Own::default(),
                own_revision: 300,
                common: common(),
                common_revision: 301,
            })) => "01 00*4 ac 02 00 01 ea 0f 03 03 ad 02",
        }
        Told::Promise(_) => {
            Told::Promise(None) => "02 00",
            Told::Promise(Some(Box::new(Promise {
                by: Some(AT),
                waits: true,
                back: Some(LATER),
                away: "gone".into(),
            }))) => "02 01 01 ac 02 01 01 ad 02 04 'gone'",
        }
        Told::Greeting(_) => { Told::Greeting("hello".into()) => "03 05 'hello'" }
    }

    news_of_the_desk_keep_their_bytes: News {
        News::Replies => { News::Replies => "00" }
        News::Hours => { News::Hours => "01" }
        News::Forms => { News::Forms => "02" }
    }
}
