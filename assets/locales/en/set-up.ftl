# First run: setting a practice up.

set-up-title = Set up your practice
set-up-lead = You will be its owner: the provider who looks after people and settings.
set-up-practice = Name of the practice
set-up-practice-help = Everyone sees it when they sign in.
set-up-name = Your name
set-up-name-help = As colleagues and clients see it.
set-up-email = Your email
set-up-password = Password
set-up-password-help = At least 15 characters. A few unrelated words are easy to remember and hard to guess.
set-up-next = Go on
set-up-rest-title = How the practice works
set-up-rest-lead = These settings are good to begin with. You can change each of them later, under Practice.
set-up-place = Place
set-up-submit = Set up
set-up-busy = Setting up…
set-up-needed-title = This practice is not set up yet
set-up-needed-help = Open the set-up link that the server printed when it started. It works once.
set-up-done-title = This practice is set up already
set-up-done-help = The set-up link has been used. Sign in instead.
set-up-done-go = Go to sign-in
