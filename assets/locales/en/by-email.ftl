# Somebody without an account, entered by name and email.

by-email-who = Somebody who is not in the list
by-email-help = They get an email with a link to an account, and find this conversation there.
by-email-name = Name
by-email-email = Email
by-email-add = Add
