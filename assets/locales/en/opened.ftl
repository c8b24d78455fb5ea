# Who opened a conversation, in a dialog of its header.

audit-by-operator = Whoever runs the server
audit-by-nobody = Not known
opened-title = Who opened this conversation
opened-lead = Each line is one time somebody opened this conversation on a device of theirs, however long they read. Your own are among them.
opened-opened = Opened it
opened-exported = Exported it
opened-emergency = Opened it by emergency access
opened-loading = Loading who opened it
opened-empty = Nobody has opened it yet.
opened-older = Show older
