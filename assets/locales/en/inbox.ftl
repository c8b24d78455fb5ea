# The inbox, and starting a conversation.

inbox-title = Conversations
inbox-loading = Loading your conversations
inbox-empty-client = Your provider will start the conversation. It will appear here.
inbox-empty-provider = No conversations yet. Start one with a client or a colleague.
inbox-pick-title = Your conversations
inbox-pick = Choose a conversation to read and write.
unread-count = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
# In a small circle: there is room for three characters.
unread-over-99 = 99+
preview-own = You: { $text }
preview-named = { $name }: { $text }
preview-created = Conversation started
preview-withdrawn = Message withdrawn
preview-emergency = Opened by emergency access
preview-unsupported = Needs a newer version
preview-draft = Draft: { $text }
preview-sending = Sending: { $text }
preview-refused = Not sent: { $text }
stranded = Something you wrote was not sent, and its conversation is no longer there. Look at it.
preview-typing = typing…

account-menu = Account of { $name }
account-sign-out = Sign out
account-role-owner = Owner
account-role-provider = Provider
account-role-client = Client
account-role-at = { $role } · { $practice }
sign-out-title = Sign out with something unsent?
sign-out-unsent = Messages or drafts have not been sent yet. They are lost when you sign out.
sign-out-anyway = Sign out anyway
sign-out-failed = You could not be signed out. Check your connection and try again.

new-conversation = New conversation
new-title = New conversation
new-lead = Choose who takes part. Everyone in it sees everything written in it.
new-search = Find people by name
new-found = People
new-chosen = Chosen
new-remove = Remove { $name }
new-nobody = Nobody by that name.
new-nobody-at-all = There is nobody to write to yet. People are added on the server with “quietroom person add”.
new-searching = Looking…
new-waiting = The search goes on when you are back online.
new-start = Start conversation
new-starting = Starting…
new-need-people = Choose at least one person.
new-too-many = { $limit } people at most, besides you.
new-need-connection = You are offline. The conversation can be started when you are back.
new-back = Back to conversations
