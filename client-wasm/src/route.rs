//! Which page an address shows. Addresses hold opaque ids and nothing else.

use std::collections::HashMap;

use shared_proto::id::{ConversationId, FormId, PersonId};
use shared_proto::people::Role;
use yew_router::Routable;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The inbox.
    Home,
    /// Sign-in.
    SignIn,
    /// First run. The link's token is in the fragment, which no server ever sees.
    SetUp,
    /// A new conversation.
    New,
    /// A conversation.
    Conversation {
        /// Which.
        id: ConversationId,
    },
    /// People of the practice.
    People,
    /// Somebody new.
    AddPerson,
    /// Somebody's chart: their details.
    Chart {
        /// Whose.
        id: PersonId,
    },
    /// Somebody's chart: how they are reached.
    ChartCommunications {
        /// Whose.
        id: PersonId,
    },
    /// Somebody's chart: the conversations with them. So far all there is of communications.
    ChartMessaging {
        /// Whose.
        id: PersonId,
    },
    /// A client's conversations, in an emergency; owners only.
    Emergency {
        /// Whose.
        id: PersonId,
    },
    /// The practice's forms.
    Forms,
    /// A new form.
    NewForm,
    /// A form.
    Form {
        /// Which.
        id: FormId,
    },
    /// The practice's settings.
    Practice,
    /// The audit log.
    Audit,
    /// One's own settings.
    Settings,
    /// An invitation. Its token is in the fragment.
    Invited,
    /// A new password is asked for.
    Forgotten,
    /// A new password by a link. Its token is in the fragment.
    NewPassword,
    /// An email address to confirm. Its token is in the fragment.
    ConfirmEmail,
    /// Everything else.
    NotFound,
}

/// Written out: what derives it brings along how to recognise any address there could be.
impl Routable for Route {
    fn from_path(path: &str, _: &HashMap<&str, &str>) -> Option<Self> {
        Self::recognize(path)
    }

    fn to_path(&self) -> String {
        let path = match self {
            Self::Home => "/",
            Self::SignIn => "/sign-in",
            Self::SetUp => "/set-up",
            Self::New => "/new",
            Self::Conversation { id } => return ["/c/", &id.to_string()].concat(),
            Self::People => "/people",
            Self::AddPerson => "/people/add",
            Self::Chart { id } => return of_person(*id, ""),
            Self::ChartCommunications { id } => return of_person(*id, "/communications"),
            Self::ChartMessaging { id } => return of_person(*id, "/communications/messaging"),
            Self::Emergency { id } => return of_person(*id, "/emergency"),
            Self::Forms => "/forms",
            Self::NewForm => "/forms/new",
            Self::Form { id } => return ["/forms/", &id.to_string()].concat(),
            Self::Practice => "/practice",
            Self::Audit => "/practice/audit",
            Self::Settings => "/settings",
            Self::Invited => "/invited",
            Self::Forgotten => "/forgotten",
            Self::NewPassword => "/new-password",
            Self::ConfirmEmail => "/confirm-email",
            Self::NotFound => "/not-found",
        };
        path.to_owned()
    }

    /// Nobody asks for them.
    fn routes() -> Vec<&'static str> {
        Vec::new()
    }

    fn not_found_route() -> Option<Self> {
        Some(Self::NotFound)
    }

    fn recognize(path: &str) -> Option<Self> {
        let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        let found = match steps[..] {
            [] => Some(Self::Home),
            ["sign-in"] => Some(Self::SignIn),
            ["set-up"] => Some(Self::SetUp),
            ["new"] => Some(Self::New),
            ["c", id] => id.parse().ok().map(|id| Self::Conversation { id }),
            ["people"] => Some(Self::People),
            ["people", "add"] => Some(Self::AddPerson),
            ["people", id, ref rest @ ..] => id.parse().ok().and_then(|id| match rest {
                [] => Some(Self::Chart { id }),
                ["communications"] => Some(Self::ChartCommunications { id }),
                ["communications", "messaging"] => Some(Self::ChartMessaging { id }),
                ["emergency"] => Some(Self::Emergency { id }),
                _ => None,
            }),
            ["forms"] => Some(Self::Forms),
            ["forms", "new"] => Some(Self::NewForm),
            ["forms", id] => id.parse().ok().map(|id| Self::Form { id }),
            ["practice"] => Some(Self::Practice),
            ["practice", "audit"] => Some(Self::Audit),
            ["settings"] => Some(Self::Settings),
            ["invited"] => Some(Self::Invited),
            ["forgotten"] => Some(Self::Forgotten),
            ["new-password"] => Some(Self::NewPassword),
            ["confirm-email"] => Some(Self::ConfirmEmail),
            _ => None,
        };
        Some(found.unwrap_or(Self::NotFound))
    }
}

fn of_person(id: PersonId, page: &str) -> String {
    ["/people/", &id.to_string(), page].concat()
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

    #[test]
    fn every_address_leads_back_to_its_page() {
        let (id, form) = (PersonId::from_random([3; 16]), FormId::from_random([3; 16]));
        let conversation = ConversationId::from_random([3; 16]);
        let pages = [
            (Route::Home, "/".to_owned()),
            (Route::SignIn, "/sign-in".to_owned()),
            (Route::SetUp, "/set-up".to_owned()),
            (Route::New, "/new".to_owned()),
            (Route::Conversation { id: conversation }, format!("/c/{conversation}")),
            (Route::People, "/people".to_owned()),
            (Route::AddPerson, "/people/add".to_owned()),
            (Route::Chart { id }, format!("/people/{id}")),
            (Route::ChartCommunications { id }, format!("/people/{id}/communications")),
            (Route::ChartMessaging { id }, format!("/people/{id}/communications/messaging")),
            (Route::Emergency { id }, format!("/people/{id}/emergency")),
            (Route::Forms, "/forms".to_owned()),
            (Route::NewForm, "/forms/new".to_owned()),
            (Route::Form { id: form }, format!("/forms/{form}")),
            (Route::Practice, "/practice".to_owned()),
            (Route::Audit, "/practice/audit".to_owned()),
            (Route::Settings, "/settings".to_owned()),
            (Route::Invited, "/invited".to_owned()),
            (Route::Forgotten, "/forgotten".to_owned()),
            (Route::NewPassword, "/new-password".to_owned()),
            (Route::ConfirmEmail, "/confirm-email".to_owned()),
            (Route::NotFound, "/not-found".to_owned()),
        ];
        for (page, path) in pages {
            assert_eq!(page.to_path(), path);
            assert_eq!(Route::recognize(&path), Some(page), "{path}");
        }
        for path in ["/people/nobody", "/people/add/more", "/practice/x", "/c", "/c/a/b"] {
            assert_eq!(Route::recognize(path), Some(Route::NotFound), "{path}");
        }
        let elsewhere = format!("/people/{id}/communications/x");
        assert_eq!(Route::recognize(&elsewhere), Some(Route::NotFound));
    }
}
