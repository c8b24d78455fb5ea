# One's own settings.

settings-index = On this page
settings-loading = Loading your settings
settings-saving = Saving…
settings-as-practice = As the practice has it

settings-you = You
settings-you-lead = Who you are to others here, and how you are reached.
settings-name = Name
settings-name-help = As everyone you write with sees it.
settings-mobile = Mobile number
settings-mobile-help = For text messages, if you agree to them below. Write it with its country, such as +41 79 123 45 67. Leave it empty for none.
settings-language = Language
settings-language-help = Of what is sent to you. This page follows the language of your browser.
settings-language-en = English
settings-time-zone = Time zone
settings-time-zone-help = Of times in what is sent to you. This page shows the time of your device.

settings-messages = Messages
settings-messages-lead = What others see of how you read.
settings-read-receipts = Show others what I have read
settings-read-receipts-help = When this is off, others see that a message has reached you and not whether you have read it. You still see what they have read.

settings-consents = Notices
settings-consents-lead = How you may be told that something is here for you while you are away. A notice says that there is something, and never what or from whom. It leads to the sign-in page and nowhere else. Whoever sees it can see the address of that page, and the name your practice sends notices as. It comes once you have not been active for half a minute, and once until you have read.
settings-consent-email = Email
settings-consent-email-help = An email tells you that there is something new.
settings-consent-sms = Text message
settings-consent-sms-help = A text message to your mobile number tells you that there is something new. Text messages are not sealed: your telephone company can read them.

settings-details = Details
settings-details-lead = What your practice keeps about you. They and you can both change it. Fill in what you like.
settings-details-own = About you
settings-details-insurance = Insurance
settings-detail-birth-date = Date of birth
settings-detail-gender = Gender
settings-detail-pronouns = Pronouns
settings-detail-street = Street and number
settings-detail-town = Postal code and town
settings-detail-country = Country
settings-detail-emergency-name = Whom to call in an emergency
settings-detail-emergency-phone = Their telephone number
settings-detail-insurer = Insurer
settings-detail-member-number = Member number
settings-detail-group-number = Group number
settings-detail-policy-holder = Policy holder, if it is not you

settings-devices = Devices
settings-devices-lead = Where you are signed in. Sign out wherever you do not know or no longer use.
settings-devices-loading = Loading your devices
settings-this-device = This device
settings-device-on = { $browser } on { $system }
settings-device-unknown = A browser that does not say its name
settings-device-active = Last active: { $day }, { $time }
settings-device-since = Signed in: { $day }, { $time }
settings-sign-out = Sign out
settings-sign-out-one = Sign out of { $device }
settings-sign-out-one-title = Sign out of “{ $device }”?
settings-sign-out-one-help = It is signed out at once. Whatever was being written there and not sent is lost.
settings-sign-out-others = Sign out of all others
settings-sign-out-others-title = Sign out of all other devices?
settings-sign-out-others-help = You stay signed in here only. Whatever was being written elsewhere and not sent is lost.

factors-title = Second step at sign-in
factors-loading = One moment…
factors-lead-off = Beside your password, a code of an app or a passkey keeps others out of your account, even if they know the password.
factors-lead-on = Signing in takes your password and one of these.
factors-lead-required = Your practice asks for a second step. Signing in takes your password and one of these.
factors-app = Authenticator app
factors-app-on = Shows a new code every 30 seconds.
factors-app-add = Set up an authenticator app
factors-app-replace = Set up another app
factors-passkey-add = Add a passkey
factors-passkey-used = Last used: { $day }
factors-passkey-unused = Not used yet
factors-rename = Rename
factors-rename-one = Rename { $name }
factors-remove = Remove
factors-remove-one = Remove { $name }
factors-recovery = Recovery codes
factors-recovery-left = { $count ->
    [0] None is left. Make new ones.
    [one] One is left. Make new ones soon.
   *[other] { $count } are left, each for one sign-in without your app or passkey.
}
factors-recovery-renew = Make new codes

task-name = Name of the passkey
task-name-help = Tells it from your others, such as “Work laptop”.
task-password = Your password
task-password-help = So that nobody else changes this while you are away.
task-add-app-title = Set up an authenticator app
task-add-app-lead = Use any app that shows sign-in codes, on your phone or in your password manager.
task-add-app-submit = Go on
task-remove-app-title = Remove the authenticator app
task-remove-app-lead = Its codes will no longer let you in.
task-remove-app-submit = Remove
task-add-passkey-title = Add a passkey
task-add-passkey-lead = A passkey lives on a device and opens with your finger, your face, a PIN, or a security key.
task-add-passkey-submit = Go on
task-rename-passkey-title = Rename { $name }
task-rename-passkey-lead = The name is for you alone.
task-rename-passkey-submit = Rename
task-remove-passkey-title = Remove { $name }
task-remove-passkey-lead = It will no longer let you in. Delete it on the device too.
task-remove-passkey-submit = Remove
task-new-codes-title = Make new recovery codes
task-new-codes-lead = The codes you have will no longer work.
task-new-codes-submit = Make new codes

totp-title = Connect your app
totp-scan = Scan this picture with the app.
totp-qr = QR code for an authenticator app
totp-by-hand = Or type this key into it:
totp-here = Open the app on this device
totp-code = Code from the app
totp-code-help = Six digits. It shows that the app works.
totp-finish = Finish

recovery-title = Your recovery codes
recovery-lead = Each lets you in once if you lose your app or passkey. They are shown only now: print them, or keep them in a password manager.
recovery-copy = Copy
recovery-copied = Copied
recovery-print = Print
recovery-kept = I have kept them

settings-replies = Saved replies
settings-hours = Hours and leave
settings-hours-lead = What clients are promised when they write to you, in your time zone.
hours-own = I have hours of my own
hours-own-help = When this is off, the hours of the practice count.
hours-leave = Leave
hours-leave-help = Days on which you are away, the first and the last of them. Clients see when you are back, and nothing else of it.
hours-leave-add = Add leave
hours-away = Automatic reply
hours-away-help = Sent to a client who writes while you are away or outside your hours, at most once a day in each conversation. Leave it empty to send nothing.
hours-greeting = Greeting
hours-greeting-help = Offered to you in a new conversation. { $places } are filled in then. Nothing is sent by itself.

# How one is told that something waits. None of it says what.
notices-save = Save to switch this on.
notices-save-stopped = Save to switch this on. You answered STOP before: also send START to the number the messages came from, or none will reach you.
notices-save-off = Save to switch this off. Until then you are still told this way.
notices-to = Goes to { $address }
notices-would-go = Would go to { $address }
notices-email-stopped = { $why ->
    [policy] Your practice has switched emails off, for everybody.
    [no-way-out] Your practice does not send emails.
    [consent] You have not agreed to this, so no email is sent.
    [no-address] There is no email address, so no email is sent.
    [unconfirmed] Your address has not been confirmed, so no email is sent.
   *[other] No email is sent at present.
}
notices-sms-stopped = { $why ->
    [policy] Your practice has switched text messages off, for everybody.
    [no-way-out] Your practice does not send text messages.
    [consent] You have not agreed to this, so no text message is sent.
    [stopped] You answered STOP, so no text message is sent. To get them again, send START to the number they came from.
    [unconfirmed] No text message is sent before your number is confirmed.
   *[other] No text message is sent at present.
}
notices-mobile-none = There is no mobile number yet. Enter it above under “You”, with its country: +41 79 123 45 67.
notices-mobile-unfit = Your number does not say its country. Write it above under “You” like this: +41 79 123 45 67.
notices-mobile-unconfirmed = Show that the number is yours: a code is sent to it, and you enter it here. This happens at once.
notices-mobile-send = Send a code
notices-mobile-send-again = Send another code
notices-mobile-sent = The code is on its way. It is good for ten minutes.
notices-mobile-code = Code from the text message
notices-mobile-confirm = Confirm
notices-push = On this device
notices-push-help = This browser shows a notice, also while this page is closed. It ends when you sign out here. Turning it on or off happens at once.
notices-push-is-on = On
notices-push-stopped = { $why ->
    [policy] Your practice has switched notices in browsers off, for everybody.
    [no-way-out] Your practice does not send notices to browsers.
   *[other] No notice is shown at present.
}
notices-push-missing = This browser cannot show notices here. Use another browser, or email.
notices-push-home-screen = On an iPhone or iPad, first put this page on your home screen: press Share, then “Add to Home Screen”. Open it from there, sign in, and turn notices on here.
notices-push-denied = This browser has been told not to show notices from here. Allow them in what the browser has set for this site, then load the page again.
notices-push-not-allowed = The browser was not allowed to show notices. Press again, and allow it when the browser asks.
notices-push-failed = The browser could not be made ready for notices. Check your connection and try again.
notices-push-busy = One moment…
notices-push-turn-on = Turn on in this browser
notices-push-turn-off = Turn off in this browser
notices-push-others = { $count ->
    [one] Also on in one other browser of yours.
   *[other] Also on in { $count } other browsers of yours.
}
notices-push-everywhere = Turn off everywhere
notices-test = Send me a test
notices-test-sent = It is on its way.
notices-quiet = Quiet hours
notices-quiet-help = During these you are told nothing. What comes meanwhile is told when they end.
notices-quiet-from = From
notices-quiet-until = Until
notices-quiet-zone = In the time of { $zone }. It is set above under “You”.
notices-quiet-zone-own = In your time zone. It is set above under “You”.
notices-reminder = Reminder
notices-reminder-help = You are told once more if you have still not read after so long.
notices-reminder-never = Never
notices-reminder-hours = { $hours ->
    [one] After an hour
   *[other] After { $hours } hours
}
notices-reminder-days = { $days ->
    [one] After a day
   *[other] After { $days } days
}
notices-sound = Sound
notices-sound-help = A short tone while this page is open, when something comes that you are not looking at.
notices-sound-try = Hear it

# What a browser shows when it was pushed to and not told what to show: as in assets/sw.js.
notices-shown = Something new is waiting for you. Sign in to read it.
