# Mail. Subjects name nobody and say nothing about why people write to each other: they are shown
# on locked screens. $practice and $inviter are names, $link stands in a line of its own.

mail-invitation-subject = You have an invitation
mail-invitation =
    Hello,

    { $inviter } invites you to write with { $practice } on Quietroom, where messages stay between you and them.

    Accept the invitation and choose a password here:

    { $link }

    The link is for you alone and is good for seven days.

mail-password-reset-subject = Choose a new password
mail-password-reset =
    Hello,

    somebody asked for a new password for your account with { $practice }. If it was you, choose one here:

    { $link }

    The link is good for one hour. If it was not you, do nothing: your password stays as it is.

mail-confirm-new-email-subject = Confirm your email address
mail-confirm-new-email =
    Hello,

    this address was given as the new one of an account with { $practice }. If that was you, confirm it here:

    { $link }

    The link is good for one hour. If it was not you, do nothing.

mail-confirm-old-email-subject = Confirm the change of your email address
mail-confirm-old-email =
    Hello,

    somebody asked to change the email address of your account with { $practice }. If it was you, confirm it here:

    { $link }

    The link is good for one hour. If it was not you, do not open it; change your password and tell { $practice }.

mail-password-changed-subject = Your password was changed
mail-password-changed =
    Hello,

    the password of your account with { $practice } was changed. If it was not you, tell { $practice } at once.

mail-factor-changed-subject = The way you sign in was changed
mail-factor-changed =
    Hello,

    a second step for signing in to your account with { $practice } was added, changed or removed. If it was not you, tell { $practice } at once.

mail-email-changed-subject = Your email address was changed
mail-email-changed =
    Hello,

    the email address of your account with { $practice } was changed. If it was not you, tell { $practice } at once.

mail-test-subject = A test message
mail-test =
    Hello,

    this is a test. Mail from { $practice } reaches you.

mail-footer = This message was sent by a program. An answer to it is not read.
