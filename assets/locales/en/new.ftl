# A new conversation.

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

new-invited = To be invited
new-invite = Somebody who is not in the list
new-invite-help = They get an email with a link to an account, and find this conversation there.
new-invite-name = Name
new-invite-email = Email
new-invite-add = Add
new-kind = What kind of conversation
new-ongoing = Ongoing
new-ongoing-help = A lasting thread, written in at any time.
new-session = Session
new-session-help = It starts at a time, and you complete it when it is over.
new-starts-at = Start
new-starts-at-help = Leave it empty to start at once. Nobody can write before the start.
new-announcement = Announcement
new-announcement-help = It stands at the top for everyone. Leave it empty for what your practice announces.
new-announcement-words = What it says
