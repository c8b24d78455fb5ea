# Notices to people who are not there. Each is a constant: it says that there is something, and never
# what, from whom or from which practice. $url is the address of the sign-in page and nothing more.

notice-email-subject = Something new is waiting for you
notice-email =
    Hello,

    something new is waiting for you. Visit your account to read it:

    { $url }

    You are told once until you have read it. To get no more emails like this one, use "Unsubscribe" in your mail program, or open your settings after signing in.
notice-email-greeting = Hello,
notice-email-lead = something new is waiting for you. Visit your account to read it:
notice-email-button = Visit your account
notice-email-end = You are told once until you have read it. To get no more emails like this one, use "Unsubscribe" in your mail program, or open your settings after signing in.

notice-sms = Something new is waiting for you: { $url } Reply STOP to get no more of these.
# Where no answer is heard.
notice-sms-unheard = Something new is waiting for you: { $url } To get no more of these, sign in and open your settings.

notice-push-title = Quietroom
notice-push-body = Something new is waiting for you. Sign in to read it.

notice-code = { $code } is the code for your mobile number. It is good for ten minutes.

unsubscribe-title = Emails to you
unsubscribe-ask = Stop emails that tell you when something new is waiting for you?
unsubscribe-button = Stop these emails
unsubscribe-done = You will get no more of these emails. You can turn them on again in your settings after signing in.
unsubscribe-unknown = This address is not valid, or not any more. You can turn emails off in your settings after signing in.
