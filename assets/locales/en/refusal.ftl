# What was refused, and what the person can do about it. One message for each rule.

refusal-sign-in-required = You were signed out. Sign in again.
refusal-wrong-credentials = Email and password do not belong together. Check both and try again.
refusal-too-many-tries = { $minutes ->
    [one] Too many tries. Wait a minute and try again.
   *[other] Too many tries. Wait { $minutes } minutes and try again.
}
refusal-not-found = This conversation is not there, or you are no longer part of it.
refusal-client-cannot-start = Only your provider can start a conversation. Ask them to.
refusal-owner-only = Only an owner of the practice can do this. Ask one.
refusal-provider-only = Only providers can do this.
refusal-last-owner = The practice would be left without an owner. Make somebody else an owner first.
refusal-portal-off = Portal access is switched off. Messaging is not available until a provider switches it on.
refusal-not-assigned = You can start conversations with providers you are assigned to. Ask your practice to assign one.
refusal-provider-first = In this practice a provider writes first. You can answer once they have.
refusal-sessions-only = In this practice messages are written in sessions only.
refusal-other-division = Somebody chosen is a provider of another division. Choose providers of your own.
refusal-no-account = Somebody chosen has no account yet. Invite them first.
refusal-has-account = They have an account and change this themselves, in their settings.
refusal-no-email = There is no email address to send an invitation to. Enter one first.
refusal-suspended = Their access has been taken away. An owner can give it back.
refusal-locked = The screen is locked. Enter your password to go on.
refusal-read-only = Emergency access is for reading. Nothing can be written or changed with it.
refusal-outdated = Somebody else has changed this meanwhile. Look at it again, then change it.
refusal-not-started = The session has not started yet. Writing opens at the start.
refusal-ended = This session is over. It can be read, and nothing more can be written.
refusal-host-only = Only the host of this conversation can do this.
refusal-not-a-session = This is an ongoing conversation. Only sessions are scheduled and completed.
refusal-started = The session has started. It can be completed.
refusal-host-stays = The host stays in the conversation.
refusal-last-participant = Nobody would be left to write to.
refusal-no-member = You are no longer part of this conversation. You can still read what you had.
refusal-not-for-all = Only messages that everyone here can see can be answered.
refusal-submitted = These answers have been submitted. They can be read, and not changed any more.
refusal-retired = This form is no longer offered. Choose another, or offer it again first.
refusal-file-stays = A file that was shared stays. It cannot be taken back.
refusal-not-whole = Not all of this file has arrived yet. Send the rest.
refusal-not-author = Only the person who wrote a message can withdraw it.
refusal-already-withdrawn = This message has been withdrawn already.
refusal-not-a-message = Only a message can be withdrawn.
refusal-too-fast = That was faster than the server takes. It goes out by itself in a moment.
refusal-busy = The server is busy. It is tried again in a moment.
refusal-storage-full = The server has no space left. Reading goes on; tell whoever runs it. It is tried again by itself.
refusal-unavailable = The server has a problem with its storage. It is tried again by itself.
refusal-stopping = The server is restarting. It is tried again as soon as it is back.
refusal-too-far-behind = Much has been written since this was first sent. Look whether it is there; if it is not, send it again.
refusal-set-up-link = This set-up link is wrong or has been used. Start the server again for a new one, or sign in.

refusal-empty = { $field ->
    [text] Write something first.
    [participants] Choose at least one person.
    [email] Enter an email address.
    [password] Enter a password.
    [name] Enter a name.
    [practice] Enter the name of the practice.
    [code] Enter the code.
    [current-password] Enter your password.
    [passkey-name] Enter a name.
    [file] There is nothing in this file. Choose another.
    [recipients] Somebody besides you must be able to see the file. Tick at least one person.
   *[other] This must not be empty.
}
refusal-too-long = { $field ->
    [text] A message has at most { $limit } characters. Shorten it, or send it in parts.
    [password] A password has at most { $limit } characters. Choose a shorter one.
    [idle-minutes] At most { $limit } minutes.
    [session-hours] At most { $limit } hours.
   *[other] At most { $limit } characters fit here. Shorten it.
}
refusal-too-short = { $field ->
    [password] A password has at least { $limit } characters. A few unrelated words do well.
    [current-password] Without a second step a password has at least { $limit } characters. Change your password first.
    [idle-minutes] At least { $limit } minutes.
    [session-hours] At least { $limit } hours.
   *[other] At least { $limit } characters are needed here.
}
refusal-too-many = { $field ->
    [participants] A conversation has at most { $limit } people besides you. Remove some.
    [memberships] So many people have come and gone here that nobody more can join. Start a new conversation.
    [replies] There is no room for another saved reply. Shorten or delete one first.
    [send-at] At most { $limit } messages wait in one conversation. Take one back first.
    [form] There are { $limit } of these already, which is all there is room for.
   *[other] At most { $limit } are possible here.
}
refusal-malformed = { $field ->
    [form] This cannot be kept. Reload the page and try again.
    [email] This is not an email address. It looks like name@example.org.
    [phone] This is not a telephone number. It has digits, spaces and + - ( ) only.
    [time-zone] This is not a time zone. It looks like Europe/Berlin.
    [language] This is not a language. It looks like en or de-CH.
    [detail] This cannot be kept. A date looks like 1984-02-29.
    [currency] This is not a currency. It is three letters, such as EUR.
    [idle-minutes] Enter a whole number of minutes.
    [session-hours] Enter a whole number of hours.
    [hours] Hours look like 9:00–12:00, 13:00–17:00, each once and at most four a day.
    [leave] Enter a first and a last day, the first before the last.
    [holidays] Enter a day.
    [quiet-hours] Quiet hours begin at one time and end at another. Enter both.
    [reminder] This is not a time to be reminded after. Choose one.
    [push-device] This browser cannot be reached with notices. Use another way.
   *[other] This holds characters that cannot be used here. Change it.
}
refusal-duplicate = { $field ->
    [division] There is a division of this name already. Choose another.
    [participants] Somebody is chosen twice, or is you. Choose each person once.
    [recipients] Somebody is left out twice. Choose again.
   *[other] This is there already.
}
refusal-unknown = { $field ->
    [participants] Somebody chosen can no longer be written to. Choose again.
    [host] Only a provider who takes part can lead a conversation. Choose again.
    [recipients] Somebody you left out is no longer part of this conversation. Choose again.
   *[other] This is not known here. Choose again.
}
refusal-common = { $field ->
    [password] This password is easily guessed. Choose a few unrelated words.
   *[other] This is too easily guessed. Choose another.
}
refusal-in-use = { $field ->
    [division] Somebody still belongs to this division. Move them to another first.
   *[other] Something still depends on this. Change that first.
}
refusal-taken = { $field ->
    [email] Somebody uses this email already. Choose another, or sign in.
   *[other] This is taken already. Choose another.
}
refusal-not-accepted = { $field ->
    [file] Files of this kind cannot be sent. Pictures, PDFs, office documents, text, sound and video can.
   *[other] This is not accepted here. Choose another.
}
refusal-differs = { $field ->
    [file] What is in this file is not what its name says. Save it again as what it is, then send that.
   *[other] This is not what it says it is. Choose another.
}
refusal-too-large = { $field ->
    [file] A file has at most { $limit } MB. Make it smaller, or send it in parts.
   *[other] At most { $limit } MB fit here. Make it smaller.
}
refusal-quota-used = { $field ->
    [file] With this file you would have sent more than { $limit } MB, which is all there is room for. Ask your practice.
   *[other] With this there would be more than { $limit } MB, which is all there is room for.
}
refusal-wrong-code = That was not the right code or passkey. Try again.
refusal-code-expired = That code is not good now. Enter the one your app shows. If that is refused too, let the device with the app set its time by itself.
refusal-step-expired = That took too long. Sign in again.
refusal-link = This link cannot be used: it was used already, is too old, or was replaced. Ask for a new one.
refusal-second-step = One more step is needed to sign in.
refusal-second-factor-required = Your practice asks for a second step at sign-in. Set one up first.
refusal-last-factor = Your practice asks for a second step, and this is your only one. Set up another first.
refusal-wrong = { $field ->
    [current-password] This is not your password. Try again.
    [division] Whoever leads this conversation is of another division. Choose again.
   *[other] This is not the right one. Try again.
}
refusal-past = { $field ->
    [send-at] This time has passed. Choose a later one.
   *[other] This start has passed. Choose a later one, or none to start at once.
}
refusal-too-far = At most two years ahead.
refusal-no-notice = { $why ->
    [policy] Your practice has switched this way off.
    [no-way-out] Your practice does not send notices this way.
    [consent] You have not agreed to be told this way. Switch it on and save first.
    [stopped] You answered STOP. To be told this way again, send START to the number the messages came from.
    [no-address] There is no address for it. Enter one first.
    [unfit] The number does not say its country. Write it like +41 79 123 45 67.
    [unconfirmed] The address has not been confirmed. Confirm it first.
    [no-account] There is no account to be told about.
    [no-member] You are no longer part of this conversation.
    [read] It has been read already.
    [withdrawn] It has been taken back.
   *[other] You have been told already, and have not read it since.
}
refusal-not-sent = It could not be sent. Whoever runs the server sees why. Try again later.
refusal-wrong-mobile-code = That is not the code. Enter the one from the newest message.
refusal-mobile-code-over = This code is no longer good. Press “Send another code”, and enter that one.
