/* Wekeza: "Keep a copy on this phone". Off until somebody turns it on, and for that person only. */
(() => {
  "use strict";
  const place = document.querySelector("[data-phone-copy]");
  if (!place || !("serviceWorker" in navigator) || !window.caches) return;
  const PAGE = "/phone-copy/page/";
  const NAME = "wk-copy-";
  const FLAG = "wk-copy";
  const key = place.dataset.phoneCopy;
  const isOn = () => localStorage.getItem(FLAG) === key;
  const wipe = async (but = "") => {
    for (const name of await caches.keys())
      if (name.startsWith(NAME) && name !== but) await caches.delete(name);
  };
  const keep = async () => {
    await wipe(NAME + key); // Whoever used this phone before leaves nothing behind.
    const answer = await fetch(PAGE, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return wipe();
    const cache = await caches.open(NAME + key);
    const headers = new Headers(answer.headers);
    headers.set("X-Kept-At", Date.now());
    await cache.put(PAGE, new Response(await answer.text(), { headers }));
    for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) await cache.add(sheet.href);
  };
  const show = () => {
    place.querySelectorAll("[data-copy-when]").forEach((part) => {
      part.hidden = part.dataset.copyWhen !== (isOn() ? "on" : "off");
    });
  };
  const turn = async (wanted) => {
    if (wanted) {
      await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
      localStorage.setItem(FLAG, key);
      await keep();
    } else {
      localStorage.removeItem(FLAG);
      await wipe();
      for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    }
    show();
  };
  place.querySelectorAll("[data-copy-turn]").forEach((button) =>
    button.addEventListener("click", () => turn(button.dataset.copyTurn === "on"))
  );
  show();
  if (isOn()) keep().catch(() => {}); // Without a network the copy stays as it is.
})();
