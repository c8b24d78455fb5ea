//! What providers keep at hand for writing.

use shared_proto::date::Date;
use shared_proto::hours::{Common, Day, Hours, Leave, Own, Span};
use shared_proto::id::ReplyId;
use shared_proto::replies::Reply;

pub fn saved() -> Reply {
    let id = ReplyId::from_bytes([5; 16]);
    Reply { id, revision: 1, title: "Hours".into(), text: "We are open.".into() }
}

fn hours() -> Hours {
    let day = || Day(vec![Span { from: 300, until: 600 }; 2]);
    Hours { week: std::array::from_fn(|_| day()), answer_within: Some(300) }
}

pub fn own() -> Own {
    let day = Date::new(2026, 3, 1).expect("a day");
    Own {
        hours: Some(hours()),
        leave: vec![Leave { from: day, until: day }; 3],
        away: "gone".into(),
        greeting: "hello".into(),
    }
}

pub fn common() -> Common {
    Common { hours: Some(hours()), holidays: own().leave.iter().map(|leave| leave.from).collect() }
}
