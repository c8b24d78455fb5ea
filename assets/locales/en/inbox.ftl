# The inbox, and starting a conversation.

inbox-title = Conversations
inbox-loading = Loading your conversations
inbox-empty-client = Your provider will start the conversation. It will appear here.
inbox-empty-provider = No active conversations. Start one with a client or a colleague.
search-open = Search
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
preview-draft-elsewhere = Draft
lists = Lists
list-active = Active
list-colleagues = Colleagues
list-scheduled = Scheduled
list-archived = Archived
list-colleagues-empty = Conversations with colleagues alone appear here.
list-scheduled-empty = Sessions whose start is still to come appear here.
list-archived-empty = Completed and cancelled sessions appear here, and conversations you left. They can be read for good.
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
