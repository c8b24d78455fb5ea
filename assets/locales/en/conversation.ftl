# A conversation.

conversation-loading = Loading the conversation
conversation-unknown = Conversation
conversation-waiting = This conversation is shown when you are back online.
conversation-back = Back to conversations
conversation-log = Messages
conversation-yourself = Only you

presence-here = Here now
presence-some = { $count } of { $total } here now
presence-away = Not here right now
people-count = { $count ->
    [one] { $count } person besides you
   *[other] { $count } people besides you
}

typing-one = { $name } is typing
typing-two = { $name } and { $other } are typing
typing-many = Several people are typing

thread-start = This is the beginning of the conversation.
thread-older = Loading earlier messages…
thread-emergency = { $name }, an owner of the practice, opened this conversation by emergency access, to read it until { $until }. The reason given: { $reason }
note-you = you
note-somebody = somebody
note-begun = { $own ->
    [yes] You started the conversation
   *[no] { $name } started the conversation
}
note-announced = { $own ->
    [yes] You changed the announcement: { $text }
   *[no] { $name } changed the announcement: { $text }
}
note-announced-none = { $own ->
    [yes] You took the announcement down
   *[no] { $name } took the announcement down
}
note-rescheduled = { $own ->
    [yes] You moved the session to { $when }
   *[no] { $name } moved the session to { $when }
}
note-rescheduled-now = { $own ->
    [yes] You let the session start now
   *[no] { $name } let the session start now
}
note-cancelled = { $own ->
    [yes] You cancelled the session
   *[no] { $name } cancelled the session
}
note-completed = { $own ->
    [yes] You completed the session
   *[no] { $name } completed the session
}
note-added = { $own ->
    [yes] You added { $who }
   *[no] { $name } added { $who }
}
note-left = { $own ->
    [yes] You left the conversation
   *[no] { $name } left the conversation
}
note-assigned = { $own ->
    [yes] You asked { $who } to fill in “{ $title }”
   *[no] { $name } asked you to fill in “{ $title }”
}
note-submitted = { $own ->
    [yes] You submitted “{ $title }”
   *[no] { $name } submitted “{ $title }”
}
# On the card of a form, below what happened.
form-open = To fill in
form-waiting = Not submitted yet
form-not-submitted = Not submitted
form-submitted = Submitted
form-fill = Fill in
form-read = Read
note-file = { $own ->
    [yes] You sent a file: { $file }
   *[no] File: { $file }
}
note-removed = { $own ->
    [yes] You removed { $who }
   *[no] { $name } removed { $who }
}

note-activity = { $own ->
    [yes] You changed: { $parts }
   *[no] { $name } changed: { $parts }
}
note-away = { $own ->
    [yes] Your automatic reply: { $text }
   *[no] Automatic reply from { $name }: { $text }
}
part-name = name
part-phone = telephone
part-email = email
part-birth-date = date of birth
part-gender = gender
part-pronouns = pronouns
part-street = street
part-town = town
part-country = country
part-emergency-name = name of the emergency contact
part-emergency-phone = telephone of the emergency contact
part-insurer = insurer
part-member-number = insurance member number
part-group-number = insurance group number
part-policy-holder = insurance policy holder

promise-bar = When you have an answer
promise-by = { $name } answers by { $when }.
promise-late = { $name } was to answer by { $when }.
promise-back = { $name } is away until { $when }.
announcement-bar = Announcement
announcement-edit = Edit
details-button = About this conversation
session-starts = Starts { $when }, in
session-running = A session is open.
session-complete = Complete session
session-ending = { $left ->
    [0] The session is ending.
    [one] The session ends in { $left } second.
   *[other] The session ends in { $left } seconds.
}
session-undo = Undo
session-completed = Completed { $when }
session-cancelled = Cancelled { $when }
left-days = { $large } days
left-hours = { $large } h { $small } min
left-minutes-whole = { $large } min
left-minutes = { $large } min { $small } s
left-seconds = { $large } s

quoted-elsewhere = An earlier message
message-reply = Reply
composer-replying = Reply to { $name }
composer-reply-cancel = Do not reply to this message
composer-later = Send later
composer-replies = Saved replies
new-messages = New messages
jump-latest = Jump to latest
jump-latest-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}

message-withdrawn = { $name } withdrew this message.
message-withdrawn-own = You withdrew this message.
message-unsupported = This message needs a newer version. Reload the page to see it.
message-menu = More about this message
message-withdraw = Withdraw
message-withdrawing = Withdrawing…
message-you = You
message-speaker = { $name }:
withdraw-title = Withdraw this message?
withdraw-help = Nobody in the conversation will be able to read it here any more. They will see that a message was withdrawn.
withdraw-confirm = Withdraw message

mark-sending = Sending
mark-sent = Sent
mark-delivered = Delivered
mark-read = Read
mark-refused = Not sent
mark-read-by = Read by { $count } of { $total }

refused-edit = Edit
refused-retry = Try again
refused-discard = Discard
delayed = Not sent yet. { $why }

left-title = What you wrote was not sent
left-help = It cannot be sent here any more. Copy what you want to keep; this page forgets it when it closes.
left-text = Unsent text
left-copy = Copy
left-copied = Copied

attach = Attach a file
drop-here = Drop files here for { $name }
drop-next = You can look at them before they are sent.
file-download = Download
file-download-name = Download { $name }
file-open = Open
file-open-name = Open { $name }
file-hidden = Not shown to { $names }
size-bytes = { $whole ->
    [one] { $whole } byte
   *[other] { $whole } bytes
}
size-kilobytes = { $whole } KB
size-megabytes = { $whole }.{ $tenth } MB

composer-label = Message to { $name }
composer-placeholder = Write a message
composer-closed = You cannot write here now
composer-send = Send
composer-hint = Enter sends, Shift and Enter begins a new line.
composer-hint-touch = Enter begins a new line, the button sends.
composer-empty = Write something first.
composer-too-long = { $over ->
    [one] { $over } character too long. Shorten it, or send it in parts.
   *[other] { $over } characters too long. Shorten it, or send it in parts.
}
composer-left = { $left ->
    [one] { $left } character left
   *[other] { $left } characters left
}

announce = { $name }: { $text }
announce-elsewhere = New message from { $name }
announce-many = { $count ->
    [one] { $count } new message in the conversation with { $names }
   *[other] { $count } new messages in the conversation with { $names }
}
opened-button = Who opened this
