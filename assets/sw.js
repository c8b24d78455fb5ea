// Shows a notice that was pushed to this browser: that there is something, and nothing else. It is
// registered when somebody turns notices on in their settings, and goes when they sign out. It keeps
// nothing, fetches nothing, and answers no request of a page.

const TITLE = "Quietroom";
const BODY = "Something new is waiting for you. Sign in to read it.";

// A newer one takes over at once: there is nothing that it could break off.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const { title, body } = told(event);
  // One at a time, whatever comes: how many came is nobody's business who sees the screen.
  event.waitUntil(self.registration.showNotification(title, { body, tag: "quietroom", renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

// The next visit to the settings shows that it is off: a new address is told to nobody from here.
self.addEventListener("pushsubscriptionchange", () => {});

// What the server says is always the same. Whatever is not of that form is not shown.
function told(event) {
  try {
    const { title, body } = event.data.json();
    const fits = (words) => typeof words === "string" && words.length > 0 && words.length <= 200;
    if (fits(title) && fits(body)) return { title, body };
  } catch {
    // Nothing came with it, or nothing that can be read.
  }
  return { title: TITLE, body: BODY };
}

async function open() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const one of windows) {
    try {
      return await one.focus();
    } catch {
      // One that cannot be brought to the front: another, or a new one.
    }
  }
  return self.clients.openWindow("/");
}
