# Pages a letter's link opens: an invitation, a new password, an address to confirm.
