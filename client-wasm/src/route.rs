//! Which page an address shows. Addresses hold opaque ids and nothing else.

use shared_proto::id::{ConversationId, FormId, PersonId};
use shared_proto::people::Role;
use yew_router::Routable;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    /// The inbox.
    #[at("/")]
    Home,
    /// Sign-in.
    #[at("/sign-in")]
    SignIn,
    /// First run. The link's token is in the fragment, which no server ever sees.
    #[at("/set-up")]
    SetUp,
    /// A new conversation.
    #[at("/new")]
    New,
    /// A conversation.
    #[at("/c/:id")]
    Conversation {
        /// Which.
        id: ConversationId,
    },
    /// People of the practice.
    #[at("/people")]
    People,
    /// Somebody new.
    #[at("/people/add")]
    AddPerson,
    /// Somebody's chart: their details.
    #[at("/people/:id")]
    Chart {
        /// Whose.
        id: PersonId,
    },
    /// Somebody's chart: how they are reached.
    #[at("/people/:id/communications")]
    ChartCommunications {
        /// Whose.
        id: PersonId,
    },
    /// Somebody's chart: the conversations with them. So far all there is of communications.
    #[at("/people/:id/communications/messaging")]
    ChartMessaging {
        /// Whose.
        id: PersonId,
    },
    /// A client's conversations, in an emergency; owners only.
    #[at("/people/:id/emergency")]
    Emergency {
        /// Whose.
        id: PersonId,
    },
    /// The practice's forms.
    #[at("/forms")]
    Forms,
    /// A new form.
    #[at("/forms/new")]
    NewForm,
    /// A form.
    #[at("/forms/:id")]
    Form {
        /// Which.
        id: FormId,
    },
    /// The practice's settings.
    #[at("/practice")]
    Practice,
    /// The audit log.
    #[at("/practice/audit")]
    Audit,
    /// One's own settings.
    #[at("/settings")]
    Settings,
    /// An invitation. Its token is in the fragment.
    #[at("/invited")]
    Invited,
    /// A new password is asked for.
    #[at("/forgotten")]
    Forgotten,
    /// A new password by a link. Its token is in the fragment.
    #[at("/new-password")]
    NewPassword,
    /// An email address to confirm. Its token is in the fragment.
    #[at("/confirm-email")]
    ConfirmEmail,
    /// Everything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

/// A part of the product one goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Conversations.
    Messages,
    /// People of the practice.
    People,
    /// The practice.
    Practice,
    /// One's own settings.
    Settings,
}

impl Section {
    /// Those that somebody of this role has.
    #[must_use]
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::Owner => &[Self::Messages, Self::People, Self::Practice, Self::Settings],
            Role::Provider => &[Self::Messages, Self::People, Self::Settings],
            Role::Client => &[Self::Messages, Self::Settings],
        }
    }

    /// Its first page.
    #[must_use]
    pub const fn first(self) -> Route {
        match self {
            Self::Messages => Route::Home,
            Self::People => Route::People,
            Self::Practice => Route::Practice,
            Self::Settings => Route::Settings,
        }
    }
}

impl Route {
    /// The section it belongs to; none for pages before sign-in.
    #[must_use]
    pub const fn section(self) -> Option<Section> {
        match self {
            Self::Home | Self::New | Self::Conversation { .. } => Some(Section::Messages),
            Self::People
            | Self::AddPerson
            | Self::Chart { .. }
            | Self::ChartCommunications { .. }
            | Self::ChartMessaging { .. }
            | Self::Emergency { .. }
            | Self::Forms
            | Self::NewForm
            | Self::Form { .. } => Some(Section::People),
            Self::Practice | Self::Audit => Some(Section::Practice),
            Self::Settings => Some(Section::Settings),
            Self::SignIn
            | Self::SetUp
            | Self::Invited
            | Self::Forgotten
            | Self::NewPassword
            | Self::ConfirmEmail
            | Self::NotFound => None,
        }
    }

    /// Whether a narrow screen has room for the bar of sections: not beside a composer.
    #[must_use]
    pub const fn has_bar(self) -> bool {
        !matches!(self, Self::New | Self::Conversation { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_has_an_address_and_other_addresses_are_not_found() {
        let id = ConversationId::from_random([3; 16]);
        let path = format!("/c/{id}");
        assert_eq!(Route::recognize(&path), Some(Route::Conversation { id }));
        assert_eq!(Route::Conversation { id }.to_path(), path);
        let id = PersonId::from_random([3; 16]);
        let path = format!("/people/{id}/communications/messaging");
        assert_eq!(Route::recognize(&path), Some(Route::ChartMessaging { id }));
        let id = FormId::from_random([3; 16]);
        assert_eq!(Route::recognize(&format!("/forms/{id}")), Some(Route::Form { id }));
        assert_eq!(Route::recognize("/forms/new"), Some(Route::NewForm));
        assert_eq!(Route::recognize("/c/nobody"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/elsewhere"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/"), Some(Route::Home));
    }
}
