# Signing in, and setting the practice up.

sign-in-title = Sign in
sign-in-lead = Private messages with your care team.
sign-in-email = Email
sign-in-password = Password
sign-in-submit = Sign in
sign-in-busy = Signing in…
sign-in-forgotten = Forgotten password
sign-in-by-link = If you cannot wait, have a link sent to you under “Forgotten password”. It lets you choose a new one now.
sign-in-ended = You were signed out. Sign in again to go on. What you had not sent is kept on this page.
sign-in-portal-off = Your practice has switched off your access to messages. Call them if you did not expect this. What you had not sent is kept on this page.
sign-in-unreachable = Quietroom cannot be reached. Check your connection and try again.
password-show = Show password
password-hide = Hide password

locked-title = The screen is locked
locked-lead = { $name }, enter your password to go on.
locked-kept = What you were writing is kept on this page.
locked-submit = Unlock
locked-busy = Unlocking…
locked-wrong = This is not your password. Try again.
locked-sign-out = Sign out instead
locked-give-up = Sign out and give up what I wrote

second-step-title = One more step
second-step-lead-totp = Enter the code your authenticator app shows now.
second-step-lead-recovery = Enter one of the recovery codes you kept. Each works once.
second-step-lead-passkey = Use your passkey to go on.
second-step-code = Code
second-step-recovery = Recovery code
second-step-recovery-help = 28 letters and digits. Dashes do not matter.
second-step-use-passkey = Use a passkey
second-step-use-code = Use a code from your app
second-step-use-recovery = Use a recovery code
second-step-back = Start again

enrol-title = Set up a second step
enrol-lead = { $name }, your practice asks for a second step when you sign in. It keeps what clients tell you safe, even if somebody learns your password. It takes two minutes, once.
enrol-sign-out = Sign out
