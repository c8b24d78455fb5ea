# People of the practice: the list, somebody new, a chart.

people-add = Add a person
people-forms = Forms
people-find = Find people
people-find-hint = Name, email, phone or chart number
people-shown = Who is shown
people-clients = Clients
people-standing = Whose account is
people-standing-any = Any account
people-providers = Providers
people-count-clients = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
people-count-providers = { $count ->
    [one] { $count } provider
   *[other] { $count } providers
}
people-loading = Loading people
people-empty = Nobody here yet. Add the first person.
people-none-of = Nobody found here is shown as “{ $standing }”.
people-none = Nobody is found by that. Try part of a name, an email, a phone or a chart number.
people-chart-number = Chart { $number }
people-write = Send message
people-write-to = Send message to { $name }

standing-active = Active
standing-portal-off = Portal access off
standing-invited = Invited
standing-suspended = Suspended
standing-no-account = No account

person-role = Role
person-name = Name
person-email = Email
person-email-help = An invitation is sent here. It can be added later.
person-phone = Mobile phone
person-chart-number = Chart number
person-division = Division
person-division-help = Providers see the clients of their own division, and those assigned to them.
division-none = No division
division-none-yet = This practice has no divisions.
add-submit = Add
add-busy = Adding…

chart-loading = Loading the chart
chart-parts = Parts of the chart
chart-tab-details = Details
chart-tab-communications = Communications
chart-none = Not given
chart-contact = Contact
chart-contact-own = They have an account, and change their name and email themselves in their settings.
chart-details = About them
chart-details-lead = You and they both keep these up to date.
chart-insurance = Insurance
chart-consents = Notices they agreed to
chart-consents-lead = What { $name } has agreed to. They see it in their settings and can change it there at any time. A notice never says what is new, or from whom.
chart-consents-recorded = Switch something here only to record what they have told the practice, for example on paper. Who recorded it and when is kept in the audit log.
chart-agreed = { $how ->
    [themselves] Since { $day }, in their settings
    [practice] Since { $day }, recorded by { $name } as told to the practice
    [practice-unnamed] Since { $day }, recorded as told to the practice
    [link] Since { $day }, by a link in an email
   *[reply] Since { $day }, by answering START
}
chart-withdrawn = { $how ->
    [themselves] Withdrawn on { $day }, in their settings
    [practice] Withdrawn on { $day }, recorded by { $name } as told to the practice
    [practice-unnamed] Withdrawn on { $day }, recorded as told to the practice
    [link] Withdrawn on { $day }, by the link in an email
   *[reply] Withdrawn on { $day }, by answering STOP
}
chart-agreed-never = Nothing has been said about it yet.
consent-email = Consents to email notifications
consent-sms = Consents to text messages
consent-no-email = No email address is known.
consent-no-phone = No mobile number is known.
chart-care = Care
chart-division = Division
chart-assigned = Assigned providers
chart-assigned-lead = They see this chart whatever the division, and the client can write to them.
assign-none = Nobody is assigned yet.
assign-label = Assign a provider
assign-choose = Choose a provider
assign-add = Assign
assign-remove = No longer assign { $name }
chart-access = Access

detail-birth-date = Date of birth
detail-birth-date-help = Year, month and day, such as 1984-02-29.
detail-gender = Gender
detail-pronouns = Pronouns
detail-street = Street and number
detail-town = Postal code and town
detail-country = Country
detail-emergency-name = Whom to call in an emergency
detail-emergency-phone = Their phone
detail-insurer = Insurer
detail-member-number = Member number
detail-group-number = Group number
detail-policy-holder = Policy holder, if somebody else

portal-label = Portal access
portal-help = With portal access they can sign in, and read and write messages. Without it messaging is unavailable, for them and for whoever writes to them.
portal-off-title = Switch portal access off for { $name }?
portal-off-help = They are signed out everywhere at once, and cannot read or write messages. Nothing is deleted: switching it on again brings everything back.
portal-off-yes = Switch off
suspend-title = Suspend the account
suspend-help = Somebody suspended cannot sign in until an owner restores them. Nothing is deleted.
suspend-do = Suspend
suspend-restore = Restore
suspend-ask = Suspend { $name }?
suspend-ask-help = They are signed out everywhere at once, and cannot sign in until an owner restores them.
owner-title = Ownership
owner-help = An owner changes the practice, adds providers and reads the audit log.
owner-make = Make owner
owner-make-ask = Make { $name } an owner?
owner-make-help = They can change the practice and everyone in it, and read the audit log.
owner-step-down = Step down as owner
owner-take-back = Make a provider again
owner-step-down-ask = Should { $name } be a provider only?
owner-step-down-help = They keep their clients and conversations, and no longer change the practice. Another owner can make them an owner again.
owner-step-down-yes = Make a provider

chart-messaging = Messaging
messaging-new = New message
messaging-more = Show more
messaging-empty = You have no conversations with { $name } yet.
messaging-portal-off = Messaging is unavailable: portal access of { $name } is switched off. Switch it on under Details.
messaging-suspended = Messaging is unavailable: the account of { $name } is suspended. An owner can restore it under Details.
messaging-no-account = Messaging is unavailable: { $name } has no account yet.

emergency-short = Emergency access
emergency-help = Read conversations of theirs that you are not in, when somebody may be in danger.
emergency-title = Conversations of { $name }
emergency-lead = Use this only when waiting for a member of the conversation could harm somebody.
emergency-rule-told = Everyone in a conversation you open is told that you opened it, and your reason.
emergency-rule-hour = It stays open to you for an hour, and to read only.
emergency-rule-recorded = Looking for conversations, and opening one, is recorded in the audit log.
emergency-reason = Reason
emergency-reason-help = 10 to 200 characters.
emergency-show = Show conversations
emergency-found = Their conversations
emergency-none = They have no conversations.
emergency-times = Began { $began }. Last written { $last }.
emergency-open = Open for an hour
emergency-open-named = Open for an hour: { $names }
emergency-ask = Open this conversation?
emergency-ask-help = Everyone in it is told at once that you opened it, and the reason you gave. You can read it for an hour.

# Sending somebody the way in.
invite-send = Send invitation
invite-again = Send invitation again
invite-reset = Send a link to a new password
invite-busy = Sending…
invite-sent = Sent to { $email }.
