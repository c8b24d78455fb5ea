// Says what to do where the app cannot start: without WebAssembly, or when a file of it does not
// arrive. Once the app is there it has taken the place of these words.
(() => {
  const failed = () => {
    const words = document.getElementById("boot-failed");
    if (words) words.hidden = false;
  };
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);
  addEventListener("DOMContentLoaded", () => {
    if (typeof WebAssembly !== "object") failed();
  });
})();
