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
settings-mobile-help = For text messages, if you agree to them below. Leave it empty for none.
settings-language = Language
settings-language-help = Of what is sent to you. This page follows the language of your browser.
settings-language-en = English
settings-time-zone = Time zone
settings-time-zone-help = Of times in what is sent to you. This page shows the time of your device.

settings-messages = Messages
settings-messages-lead = What others see of how you read.
settings-read-receipts = Show others what I have read
settings-read-receipts-help = When this is off, others see that a message has reached you and not whether you have read it. You still see what they have read.

settings-consents = Consents
settings-consents-lead = How you may be told that something waits for you here. You can change your mind at any time.
settings-consent-email = Email
settings-consent-email-help = An email tells you that there is something new. It never says what, or from whom.
settings-consent-sms = Text message
settings-consent-sms-help = A text message to your mobile number tells you that there is something new. It never says what, or from whom. Text messages are not sealed: your telephone company can read them.

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
