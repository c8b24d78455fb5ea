//! What the operator is told of who is told, and who is not: no line twice.

use std::collections::HashMap;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::notice::Channel;

use crate::notices::journal;

/// What the operator was last told of somebody in a conversation, so that it is not said with every
/// message that nobody is told of.
#[derive(Default)]
pub struct Said {
    known: HashMap<(ConversationId, PersonId, &'static str), String>,
}

/// How much of it is remembered.
const REMEMBERED: usize = 4_096;

impl Said {
    /// They are told: what is said of them from now on is news.
    pub fn forget(&mut self, told: &[(ConversationId, PersonId, Channel)]) {
        for (conversation, person, channel) in told {
            for about in ["", channel.name()] {
                self.known.remove(&(*conversation, *person, about));
            }
        }
    }

    /// What of these lines says something else than before.
    pub fn news(&mut self, lines: Vec<(ConversationId, journal::Line)>) -> Vec<journal::Line> {
        let mut news = Vec::new();
        for (conversation, line) in lines {
            let (about, what) = match &line.said {
                journal::Said::NotOn(channel, why) => (channel.name(), format!("{why:?}")),
                journal::Said::Not(why) => ("", format!("{why:?}")),
                journal::Said::Later(_, held) => ("", format!("{held:?}")),
                _ => {
                    news.push(line);
                    continue;
                }
            };
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            let key = (conversation, line.person, about);
            if self.known.insert(key, what.clone()).as_ref() != Some(&what) {
                news.push(line);
            }
        }
        news
    }
}
