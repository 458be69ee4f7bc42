/* Wekeza: shows the copy that somebody asked for where there is no network. It keeps nothing else. */
"use strict";
const NAME = "wk-copy-";
const PAGE = "/phone-copy/page/";
const DAY = 24 * 3600e3;
const ENDS = ["/session-ended/", "/login/", "/access/login/", "/access/logout/"];

const copies = async () => (await caches.keys()).filter((name) => name.startsWith(NAME));
const wipe = async () => {
  for (const name of await copies()) await caches.delete(name);
};
/* The copy if it is younger than a day; an older one, or one without its time, goes. */
const copy = async () => {
  for (const name of await copies()) {
    const page = await (await caches.open(name)).match(PAGE);
    const age = Date.now() - Number(page?.headers.get("X-Kept-At") ?? NaN);
    if (age >= 0 && age < DAY) return page;
    await caches.delete(name);
  }
  return null;
};
const page = async (request) => {
  if (ENDS.includes(new URL(request.url).pathname)) await wipe();
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (await copy()) || Response.error();
  }
  if (answer.status === 401) await wipe();
  else await copy(); // What is too old goes, with a network too.
  return answer;
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.destination === "style")
    event.respondWith(
      fetch(request).catch(async () => (await caches.match(request)) || Response.error())
    );
});
