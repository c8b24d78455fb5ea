//! Finding people to talk to.

use std::sync::Arc;

use shared_proto::conversation::decide::may_start;
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::Reply;

use super::access;
use crate::hub::Hub;
use crate::socket::session::{Asker, List, Seen};

/// People somebody may begin a conversation with. A client finds the providers they are assigned
/// to, and never learns who else there is.
pub async fn find(hub: &Arc<Hub>, asker: Asker, text: &str) {
    let policies = hub.practice.policies();
    if let Err(refusal) = may_start(asker.session.person.role, &policies) {
        return asker.answer(Err(refusal));
    }
    if text.chars().count() > limits::QUERY_SCALARS {
        let rule = Rule::TooLong { limit: limits::QUERY_SCALARS as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Query, rule)));
    }
    let Some(actor) = hub.directory.actor(asker.session.person.id) else {
        return asker.answer(Err(Refusal::SignInRequired));
    };
    if let Err(refusal) = access::to(hub, &asker.session, Seen::People(List::ToWriteTo)).await {
        return asker.answer(Err(refusal));
    }
    let found = hub.directory.find(text, &actor, &policies);
    asker.answer(Ok(Reply::People(found)));
}
