//! Finding people to talk to.

use shared_proto::conversation::decide::may_start;
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::Reply;

use crate::hub::Hub;
use crate::socket::session::Asker;

/// People whose name holds `text`. Only for those who may start a conversation: a client never
/// learns who else there is.
pub fn find(hub: &Hub, asker: Asker, text: &str) {
    if let Err(refusal) = may_start(asker.session.person.role) {
        return asker.answer(Err(refusal));
    }
    if text.chars().count() > limits::QUERY_SCALARS {
        let rule = Rule::TooLong { limit: limits::QUERY_SCALARS as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Query, rule)));
    }
    let found = hub.directory.find(text, asker.session.person.id);
    asker.answer(Ok(Reply::People(found)));
}
