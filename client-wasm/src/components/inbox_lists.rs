//! The lists of the inbox (O20): active, scheduled, archived, and for providers what colleagues
//! write each other, each with what is unread in it.

use shared_proto::conversation::state::List;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::people::Role;
use yew::{Callback, Html, MouseEvent, classes, hook, html, use_effect_with, use_state};

use crate::components::inbox_pane::Props;
use crate::shared::Shared;
use crate::state::{Conversation, Shelf};
use crate::text::Text;

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Conversations that can be written to.
    Active,
    /// Conversations among colleagues that can be.
    Colleagues,
    /// Sessions whose start is to come.
    Scheduled,
    /// What is only read any more.
    Archived,
}

impl Shown {
    const ALL: [Self; 4] = [Self::Active, Self::Colleagues, Self::Scheduled, Self::Archived];

    /// Which part of the inbox it is in.
    #[must_use]
    pub const fn shelf(self) -> Shelf {
        match self {
            Self::Archived => Shelf::Archive,
            _ => Shelf::Live,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Active => "list-active",
            Self::Colleagues => "list-colleagues",
            Self::Scheduled => "list-scheduled",
            Self::Archived => "list-archived",
        }
    }

    /// What is said of it when nothing is in it.
    #[must_use]
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Active => "inbox-empty-client",
            Self::Colleagues => "list-colleagues-empty",
            Self::Scheduled => "list-scheduled-empty",
            Self::Archived => "list-archived-empty",
        }
    }
}

/// What is in each.
pub struct Lists {
    of: [Vec<ConversationId>; 4],
    unread: [u32; 4],
    provider: bool,
}

impl Lists {
    /// Of an inbox, in its order.
    #[must_use]
    pub fn of(props: &Props) -> Self {
        let provider = props.me.role != Role::Client;
        let mut lists = Self { of: [const { Vec::new() }; 4], unread: [0; 4], provider };
        for id in props.order.iter() {
            let Some(conversation) = props.conversations.get(id) else { continue };
            let list = list_of(conversation, props.me.id, provider, props.now) as usize;
            lists.of[list].push(*id);
            lists.unread[list] += conversation.unread;
        }
        lists
    }

    /// One of them.
    #[must_use]
    pub fn of_list(&self, shown: Shown) -> &[ConversationId] {
        &self.of[shown as usize]
    }

    /// The choice of one. Those with nothing in them are there too: nothing moves when the first
    /// conversation arrives.
    pub fn tabs(&self, shown: Shown, choose: &Callback<Shown>, text: &Text) -> Html {
        let tab = |list: Shown| {
            let unread = self.unread[list as usize];
            let choose = choose.clone();
            let onclick = Callback::from(move |_: MouseEvent| choose.emit(list));
            html! {
                <button type="button" class={classes!("list-tab", (list == shown).then_some("list-tab-shown"))}
                    data-testid={list.name()} aria-pressed={(list == shown).to_string()}
                    data-unread={unread.to_string()} {onclick}>
                    {text.say(list.name())}
                    if unread > 0 {
                        <span class="badge" aria-hidden="true">{unread.min(99)}</span>
                        <span class="visually-hidden">
                            {text.say_with("unread-count", &[("count", unread.into())])}
                        </span>
                    }
                </button>
            }
        };
        let all = Shown::ALL.into_iter();
        let all = all.filter(|list| self.provider || *list != Shown::Colleagues);
        html! {
            <div class="list-tabs" role="group" aria-label={text.say("lists")}>
                { for all.map(tab) }
            </div>
        }
    }
}

fn list_of(
    conversation: &Conversation,
    me: PersonId,
    provider: bool,
    now: shared_proto::time::Millis,
) -> Shown {
    match conversation.fold.list(me, now) {
        // Who reads it in an emergency has it among the others.
        List::Archived if conversation.fold.member(me).is_none() => Shown::Active,
        List::Archived => Shown::Archived,
        List::Scheduled => Shown::Scheduled,
        List::Active if provider && is_internal(conversation) => Shown::Colleagues,
        List::Active => Shown::Active,
    }
}

/// Whether only colleagues are in it (N8).
fn is_internal(conversation: &Conversation) -> bool {
    let mut members = conversation.fold.current();
    members.all(|member| {
        conversation.person(member.person).is_some_and(|person| person.role != Role::Client)
    })
}

/// The list shown, and how another is chosen. It goes with the conversation that is opened, and
/// with that when it moves.
#[hook]
pub fn use_list(props: &Props) -> (Shown, Callback<Shown>) {
    let shown = use_state(|| Shown::Active);
    let provider = props.me.role != Role::Client;
    let open = props.open.and_then(|id| {
        let conversation: &Shared<Conversation> = props.conversations.get(&id)?;
        Some((id, list_of(conversation, props.me.id, provider, props.now)))
    });
    {
        let shown = shown.clone();
        use_effect_with(open, move |open| {
            if let Some((_, list)) = open {
                shown.set(*list);
            }
        });
    }
    let choose = {
        let shown = shown.clone();
        Callback::from(move |list: Shown| shown.set(list))
    };
    (*shown, choose)
}
