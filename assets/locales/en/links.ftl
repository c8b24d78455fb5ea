# Pages a letter's link opens: an invitation, a new password, an address to confirm.

link-asking = One moment…
link-sign-in = Sign in
link-go-on = Go on
link-spent-title = This link cannot be used
link-spent-help = It has been used already, is too old, or was replaced by a newer one. If you were invited, ask your practice to send the invitation again.
link-spent-forgotten = Get a link to a new password
link-failed-title = That did not work

invited-title = You are invited
invited-lead = { $inviter } invites you to write with { $practice }. Choose a password, and you are there.
invited-email = You will sign in with { $email }.
invited-name = Your name
invited-name-help = Change it if it is not written as you write it.
invited-submit = Accept the invitation
invited-busy = Accepting…
invited-occupied = { $name } is signed in here. Sign out first, then accept the invitation.
invited-sign-out = Sign out and go on

choose-password = New password
choose-password-help = At least 15 characters. A few unrelated words are easy to remember and hard to guess.
choose-password-short = At least 8 characters. More are better.
saving = Saving…

forgotten-title = Forgotten password
forgotten-lead = Enter your email. We send you an email with a link to choose a new password.
forgotten-submit = Send the link
forgotten-busy = Sending…
forgotten-sent-title = Look at your email
forgotten-sent = If there is an account for { $email }, an email with a link is on its way. The link is good for one hour.
forgotten-sent-help = Nothing there? Look into the folder for spam, or ask your practice.
forgotten-back = Back to sign-in

new-password-title = Choose a new password
new-password-lead = For the account of { $email }. Everywhere else you will be signed out.
new-password-submit = Save the new password
new-password-done-title = Your password is changed
new-password-done = Sign in with your new password.

confirm-email-title = Confirm your email
confirm-email-lead = Your account will have the email { $email }.
confirm-email-submit = Confirm
confirm-email-half-title = One more email
confirm-email-half = Thank you. The other address has an email too: open its link and confirm there. Until then nothing changes.
confirm-email-changed-title = Your email is changed
confirm-email-changed = From now on you sign in with { $email }.

email-title = Email
email-lead = You sign in with { $email }.
email-new = New email
email-submit = Change email
email-sent = Two emails are on their way: one to { $email }, one to the address you have. Open the link in both within one hour.
current-password = Current password

password-title = Password
password-lead = Everywhere else you will be signed out.
password-submit = Change password
password-wrong = The current password is not right. Try again.
password-changed = Your password is changed. You are signed out everywhere else.
