//! Which page an address shows. Addresses hold opaque ids and nothing else.

use shared_proto::id::ConversationId;
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
    /// Everything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
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
        assert_eq!(Route::recognize("/c/nobody"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/elsewhere"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/"), Some(Route::Home));
    }
}
