# Why a passkey could not be made or used in this browser.

passkey-not-supported = This browser has no passkeys at this address. Use another browser, or an authenticator app.
passkey-cancelled = No passkey was given. Try again, or choose another way.
passkey-already-registered = This device holds one of your passkeys already.
passkey-failed = The browser could not do it. Try again, or choose another way.
