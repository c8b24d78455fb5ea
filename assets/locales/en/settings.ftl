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
settings-sign-out-one-title = Sign out of { $device }?
settings-sign-out-one-help = It is signed out at once. Whatever was being written there and not sent is lost.
settings-sign-out-others = Sign out of all others
settings-sign-out-others-title = Sign out of all other devices?
settings-sign-out-others-help = You stay signed in here only. Whatever was being written elsewhere and not sent is lost.
