//! The saved replies there are, and which of them are looked for.

use shared_proto::desk::{Ask, News, Told};
use shared_proto::replies::Reply;

use crate::hooks::kept::OnDesk;

/// Those of the practice, and one's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The practice's.
    pub shared: Vec<Reply>,
    /// One's own.
    pub own: Vec<Reply>,
}

impl Kept {
    /// Those whose title or text holds what was typed, and whether they are the practice's.
    pub fn found(&self, typed: &str) -> Vec<(bool, Reply)> {
        let typed = typed.trim().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&typed);
        let own = self.own.iter().map(|reply| (false, reply));
        let all = own.chain(self.shared.iter().map(|reply| (true, reply)));
        let found = all.filter(|(_, reply)| holds(&reply.title) || holds(&reply.text));
        found.map(|(shared, reply)| (shared, reply.clone())).collect()
    }
}

impl OnDesk for Kept {
    const ASK: Ask = Ask::Replies;
    const NEWS: News = News::Replies;

    fn told(told: Told) -> Option<Self> {
        match told {
            Told::Replies { shared, own } => Some(Self { shared, own }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::id::ReplyId;

    use super::*;

    #[test]
    fn a_reply_is_found_by_its_title_and_its_text() {
        let reply = |title: &str, text: &str| Reply {
            id: ReplyId::from_random([1; 16]),
            revision: 1,
            title: title.into(),
            text: text.into(),
        };
        let kept = Kept {
            shared: vec![reply("Hours", "We are open.")],
            own: vec![reply("Late", "I am late.")],
        };
        let found = |typed| {
            let found = kept.found(typed);
            found.into_iter().map(|(shared, reply)| (shared, reply.title)).collect::<Vec<_>>()
        };
        let (late, hours) = ((false, "Late".to_owned()), (true, "Hours".to_owned()));
        assert_eq!(found(" "), [late.clone(), hours.clone()]);
        assert_eq!(found("hou"), std::slice::from_ref(&hours));
        assert_eq!(found("OPEN"), [hours]);
        assert_eq!(found("nothing"), []);
    }
}
