# Words used all over the product.

skip-to-conversation = Skip to the conversation
skip-to-page = Skip to the page
try-now = Try now
back = Back
save = Save
saved = Saved
sections = Sections
section-messages = Messages
section-people = People
section-practice = Practice
section-settings = Settings
quick-exit = Quick exit
quick-exit-help = Leaves this page at once and signs you out. What you have not sent is lost. Pressing Escape three times does the same.
cancel = Cancel
starting = Starting…
# A page whose part of the client is fetched when it is first shown.
part-loading = Loading the page
part-failed-title = This page could not be loaded
part-failed-help = Check your connection and try again. If that does not help, load the page again.
# Before the app is there: these two also stand in client-wasm/index.html.
boot-noscript = Quietroom runs on JavaScript, which is turned off here. Turn it on for this page and load it again.
boot-failed = Quietroom could not start. Check your connection and load the page again. If that does not help, update the browser or use another one.
# Names in a row: "before" holds one or more, "next" is one.
list-pair = { $before }, { $next }

banner-reconnecting = Reconnecting… What you write is kept and sent.
banner-offline = You are offline. What you write is kept and sent later.
banner-too-many-windows = Open in too many windows. Close one to go on here.
banner-outdated = A new version is ready.
banner-reload = Reload

reload-title = Reload with something unsent?
reload-unsent = Messages or drafts have not been sent yet. They are lost when you reload now.
reload-anyway = Reload anyway

offline-title = Quietroom cannot be reached
offline-help = Check your connection. This page tries again by itself and goes on as soon as it can.

not-found-title = There is nothing here
not-found-help = The address may be mistyped, or it belongs to something you have no access to.
not-found-home = Go to your conversations

day-today = Today
day-yesterday = Yesterday
