# What makes a new password easy to guess, shown as it is typed. One message for each weakness.

weakness-too-short = Use at least { $least } characters. A few words in a row are easy to remember.
weakness-common-password = It is one of the passwords that guessing starts with.
weakness-common-word = It is built on common words or names. Add one or two that nobody expects.
weakness-name-or-email = It holds your name, your email address or the name of the practice.
weakness-keyboard-pattern = Keys next to each other are easy to guess.
weakness-repeats = The same again and again is easy to guess.
weakness-sequence = Rows such as “abcd” or “6543” are easy to guess.
weakness-date = Dates and years are easy to guess.

strength-0 = Guessed at once
strength-1 = Very weak
strength-2 = Weak
strength-3 = Good
strength-4 = Very good
