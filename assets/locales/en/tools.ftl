# What one opens inside a conversation.

close = Close

details-title = About this conversation
details-ongoing = An ongoing conversation.
details-session = A session.
details-session-at = A session, set for { $when }.
details-announcement = Change the announcement
details-assign = Assign a form
details-reschedule = Move the session
details-cancel = Cancel the session
details-leave = Leave the conversation
details-files = Files
details-record = Save the record

members-title = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
member-you = You
member-host = Host
member-email = Email
member-remove = Remove
member-remove-name = Remove { $name }
member-add = Add somebody
member-add-help = They read what is written from now on, and nothing from before.
member-add-button = Add
member-nobody = Nobody else by that name.

announcement-title = Announcement
announcement-lead = It stands at the top of the conversation for everyone in it.
announcement-words = What it says
announcement-save = Save

reschedule-title = Move the session
reschedule-help = Everyone in it is told. Nobody can write before the new start.
reschedule-save = Move it
starts-at = Start
starts-at-help = Leave it empty to start at once.

cancel-title = Cancel this session?
cancel-help = Everyone in it is told, and it moves to the archive. It cannot be opened again.
cancel-confirm = Cancel session
cancel-keep = Keep session
leave-title = Leave this conversation?
leave-help = You keep what you could read so far. Only the host can take you in again.
leave-confirm = Leave

complete-title = Complete this session?
complete-help = Nobody can write afterwards, and it cannot be opened again. Everyone in it can still read it.
complete-looking = Looking who has something open…
complete-clear = Everyone has read everything, and nothing is left unsent.
complete-unread = { $own ->
    [yes] { $count ->
        [one] You have { $count } unread message.
       *[other] You have { $count } unread messages.
    }
   *[no] { $count ->
        [one] { $name } has { $count } unread message.
       *[other] { $name } has { $count } unread messages.
    }
}
complete-draft = { $own ->
    [yes] You have begun to write something and not sent it.
   *[no] { $name } has begun to write something and not sent it.
}
complete-waiting = { $own ->
    [yes] A message of yours waits to be sent later. It would not go out.
   *[no] A message of { $name } waits to be sent later. It would not go out.
}
complete-form = { $own ->
    [yes] You have not submitted a form that was assigned to you.
   *[no] { $name } has not submitted a form that was assigned to them.
}
complete-confirm = Complete session

later-title = Send later
later-help = It goes out at the time you choose, even when you are not here. You can call it back until then.
later-save = Send then
send-at = When

given-title = Forms
given-open = Not submitted yet
given-submitted = Submitted { $when }
given-alert = To look at first
given-open-button = Open
given-more = Show earlier forms

send-title = Send files
send-more = Add more
send-remove-name = Do not send { $name }
send-to = { $name } gets this.
send-who = Who gets this
send-who-help = Untick somebody to hide it from them. They are not told that there is anything.
send-files = { $count ->
    [0] Send
    [one] Send { $count } file
   *[other] Send { $count } files
}

attachment-progress = How much of { $name } is sent
attachment-percent = Sending, { $percent }%
attachment-waiting = Waits for the one before
attachment-stopped = Stopped at { $percent }%. It goes on by itself when the connection is back.
attachment-whole = Almost there
attachment-unreadable = This file cannot be read any more. Dismiss it, then attach it again.
attachment-cancel = Cancel
attachment-cancel-name = Cancel sending { $name }
attachment-dismiss = Dismiss
attachment-dismiss-name = Dismiss { $name }
attachment-retry-name = Try again to send { $name }

files-title = Files
files-loading = Looking for files…
files-empty = No files have been shared here.
files-older = Show older
files-about = { $name } · { $when } · { $size }

record-title = Save the record
record-lead = It holds what you can read in this conversation. Everyone in it can see that you took it.
record-open = Open
record-save = Save
record-print = To read and print
record-print-help = A page with everything in order. Print it, or save it as a PDF.
record-csv = Spreadsheet
record-csv-help = One row for each message, for Excel, LibreOffice and others.
record-zip = Evidence
record-zip-help = Everything, with files and forms, in one signed file. Anybody can check later that nothing was changed.
record-fhir = For another health record
record-fhir-help = A file other health systems can take in (FHIR R4).
record-withdrawn-host = You lead this conversation: messages that were withdrawn are in it with their words, and marked.
record-withdrawn = Messages that were withdrawn are in it without their words.
replies-title = Saved replies
replies-loading = Loading saved replies…
replies-search = Search
replies-shared = Practice
replies-change = Edit
replies-edit-one = Edit { $title }
replies-add = New saved reply
replies-empty = Nothing is saved yet. What you write often can be kept here.
replies-none = Nothing saved holds these words.
replies-new = New saved reply
replies-edit = Edit saved reply
replies-name = Name
replies-words = Reply
replies-places = { $places } are filled in when it is used.
replies-unknown = { $names } is not filled in and stays as it is.
replies-for-all = For everyone in the practice
replies-for-all-help = All providers use it, owners change it.
replies-save = Save
replies-back = Back
replies-delete = Delete
replies-delete-sure = Delete for good
replies-lead = What you write often, at hand beside the field you write messages in.
replies-own = Yours
replies-own-empty = You have saved nothing yet. Only you see and use these.
replies-practice = Of the practice
replies-practice-empty = The practice has saved nothing yet. All its providers see and use these.
replies-practice-owners = Owners of the practice change these.
replies-add-shared = New for the practice

greeting-use = Use your greeting

pending-due = Goes out { $when }
pending-refused = Not sent. { $why }
pending-undone = The session was not completed. { $why }
pending-edit = Edit
pending-discard = Discard
