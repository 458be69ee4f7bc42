/* Wekeza: what pages gain when scripts run. Every page works without this file. */
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  const all = (what, within = doc) => [...within.querySelectorAll(what)];
  const on = (name, what, deed) =>
    doc.addEventListener(name, (event) => {
      const found = event.target.closest?.(what);
      if (found) deed(found, event);
    });

  /* One polite voice for what changes without a new page. */
  const say = (text) => {
    const voice = doc.getElementById("voice");
    if (!voice) return;
    voice.textContent = "";
    setTimeout(() => (voice.textContent = text), 50);
  };

  /* Amounts: thousands marks while typing; the caret stays behind the same digit. */
  const grouped = (text) => {
    const clean = text.replace(/[^0-9.]/g, "");
    const dot = clean.indexOf(".");
    const whole = dot < 0 ? clean : clean.slice(0, dot);
    const cents = dot < 0 ? "" : "." + clean.slice(dot + 1).replace(/\./g, "");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + cents;
  };
  /* A comma that a person put elsewhere stays: 2,50 may mean 2.50, and the server asks. */
  const readable = (text) => /^([0-9]*|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{0,2})?$/.test(text);
  const asking = new WeakSet();
  const regroup = (box, typed) => {
    if (readable(box.value)) asking.delete(box);
    else if (typed.includes(",")) asking.add(box);
    if (asking.has(box) || !/^[0-9,]*(\.[0-9]{0,2})?$/.test(box.value)) return;
    const behind = box.value.slice(box.selectionEnd).replace(/,/g, "").length;
    box.value = grouped(box.value);
    let place = box.value.length;
    for (let left = behind; left > 0 && place > 0; place--) {
      if (box.value[place - 1] !== ",") left--;
    }
    if (doc.activeElement === box) box.setSelectionRange(place, place);
  };

  /* The amount in words, under its box. */
  const EN = {
    small: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" "),
    tens: "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" "),
    words(n) {
      if (n < 20) return this.small[n];
      if (n < 100) return this.tens[(n / 10) | 0] + (n % 10 ? "-" + this.small[n % 10] : "");
      for (const [size, name] of [[1e9, "billion"], [1e6, "million"], [1e3, "thousand"], [100, "hundred"]]) {
        if (n < size) continue;
        const rest = n % size;
        const join = rest && rest < 100 ? " and " : " ";
        return this.words(Math.floor(n / size)) + " " + name + (rest ? join + this.words(rest) : "");
      }
    },
    whole: (words, unit) => words + " " + unit,
  };
  const SW = {
    small: "sifuri moja mbili tatu nne tano sita saba nane tisa".split(" "),
    tens: "- kumi ishirini thelathini arobaini hamsini sitini sabini themanini tisini".split(" "),
    words(n) {
      if (n < 10) return this.small[n];
      if (n < 100) return this.tens[(n / 10) | 0] + (n % 10 ? " na " + this.small[n % 10] : "");
      for (const [size, name] of [[1e9, "bilioni"], [1e6, "milioni"], [1e3, "elfu"], [100, "mia"]]) {
        if (n < size) continue;
        const rest = n % size;
        return name + " " + this.words(Math.floor(n / size)) + (rest ? " na " + this.words(rest) : "");
      }
    },
    whole: (words, unit) => unit + " " + words,
  };
  const inWords = (text, line) => {
    const [whole, cents = ""] = text.replace(/,/g, "").split(".");
    const amount = Number(whole);
    if (!whole || !amount || amount >= 1e12) return "";
    const tongue = root.lang.startsWith("sw") ? SW : EN;
    const coins = Number((cents + "00").slice(0, 2));
    const words =
      tongue.whole(tongue.words(amount), line.dataset.echoUnit) +
      (coins ? ", " + tongue.whole(tongue.words(coins), line.dataset.echoCents) : "");
    return words[0].toUpperCase() + words.slice(1);
  };
  /* The amount on the button that adds it; plain words while it cannot be read. */
  const sum = (text) => {
    const [whole, cents = ""] = text.split(".");
    const known = readable(text) && whole && /[1-9]/.test(text);
    return known ? `KES\u00a0${grouped(whole)}.${(cents + "00").slice(0, 2)}` : "";
  };
  const echo = (box) => {
    all(`[data-amount-of="${box.id}"]`).forEach((place) => (place.textContent = sum(box.value)));
    const line = doc.querySelector(`[data-echo="${box.id}"]`);
    if (!line) return;
    line.textContent = readable(box.value) ? inWords(box.value, line) : "";
    line.hidden = !line.textContent;
  };
  on("input", "[data-money]", (box, event) => {
    regroup(box, /^delete/.test(event.inputType) ? "" : event.data ?? box.value);
    echo(box);
  });
  on("click", "[data-fill]", (button) => {
    const box = doc.getElementById(button.dataset.fillTarget);
    box.value = button.dataset.fill;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.focus();
  });

  /* Copy, share, print, show a password. */
  const told = (button, words) => {
    const label = button.querySelector("[data-label]") || button;
    const before = label.textContent;
    label.textContent = words;
    say(words);
    setTimeout(() => (label.textContent = before), 2500);
  };
  on("click", "[data-copy]", async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    told(button, button.dataset.done);
  });
  on("click", "[data-share]", (button) => {
    navigator.share?.({ text: button.dataset.share, url: location.href }).catch(() => {});
  });
  on("click", "[data-print]", () => print());
  on("click", "[data-reveal]", (button) => {
    const box = doc.getElementById(button.dataset.reveal);
    const shows = box.type === "password";
    const label = button.firstChild;
    const other = button.dataset.revealHide;
    button.dataset.revealHide = label.textContent;
    label.textContent = other;
    button.setAttribute("aria-pressed", shows);
    box.type = shows ? "text" : "password";
  });

  /* Countdowns: seen each second, spoken at 60, 30 and 10. Reaching zero takes nothing. */
  const ticking = new Map();
  const tick = () => {
    for (const [place, end] of ticking) {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      if (!place.isConnected) { ticking.delete(place); continue; }
      place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (place.dataset.say && [60, 30, 10].includes(left)) say(place.dataset.say.replace("{n}", left));
      if (!left) {
        ticking.delete(place);
        const done = doc.getElementById(place.dataset.done);
        if (done) { done.hidden = false; say(done.textContent); }
        all(`[data-until="${place.id}"]`).forEach((part) => (part.hidden = !part.hidden));
      }
    }
  };

  /* Two taps: the pressed button is off until the answer comes. The server refuses the second. */
  const rest = (button) => {
    if (!button?.dataset.busyWas) return;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.innerHTML = "";
    button.append(...(kept.get(button) || []));
    delete button.dataset.busyWas;
  };
  const kept = new WeakMap();
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if ("download" in form.dataset) return; // A file comes, and the page stays.
    if (form.dataset.sent && !form.hasAttribute("hx-post")) return event.preventDefault();
    if (form.method === "post") form.dataset.sent = "1";
    form.dataset.clean = "1";
    if (!button || form.method !== "post") return;
    setTimeout(() => {
      if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
      kept.set(button, [...button.childNodes]);
      button.dataset.busyWas = "1";
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    });
  });
  const awake = (within) => {
    all("[data-busy-was]", within).forEach(rest);
    all("form[data-sent]", within).forEach((form) => delete form.dataset.sent);
  };
  addEventListener("pageshow", (event) => event.persisted && awake(doc));

  /* A form that was begun is not left by accident. */
  on("input", "form[data-guard]", (form) => { form.dataset.dirty = "1"; delete form.dataset.clean; });
  addEventListener("beforeunload", (event) => {
    if (doc.querySelector("form[data-guard][data-dirty]:not([data-clean])")) event.preventDefault();
  });

  /* htmx: tell readers that something is loading, and never leave focus on nothing. */
  let held = "";
  doc.addEventListener("htmx:beforeRequest", (event) => {
    held = doc.activeElement?.id || "";
    event.detail.target.setAttribute("aria-busy", "true");
  });
  doc.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target.removeAttribute("aria-busy");
    awake(doc);
    seen();
  });
  doc.addEventListener("htmx:load", (event) => {
    const fresh = event.detail.elt;
    dress(fresh);
    if ("quiet" in fresh.dataset && !held) return; // It came by itself, as somebody scrolled.
    if (fresh === doc.body || (doc.activeElement && doc.activeElement !== doc.body)) return;
    const place =
      fresh.querySelector("[data-focus]") ||
      (held && doc.getElementById(held)) ||
      fresh.querySelector("h1, h2, h3, a[href]") ||
      fresh;
    if (!place.matches("a[href], button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
    place.focus({ preventScroll: !place.matches("[data-focus]") });
  });
  /* The answer leads elsewhere: what was typed is saved, or kept on the server as a draft. */
  doc.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    all("form[data-guard]").forEach((form) => (form.dataset.clean = "1"));
  });
  const lost = () => doc.getElementById("lost")?.removeAttribute("hidden");
  doc.addEventListener("htmx:sendError", lost);
  doc.addEventListener("htmx:timeout", lost);
  doc.addEventListener("htmx:responseError", lost);

  /* A file on its way: how much of it the bank has. */
  doc.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector("[data-progress]");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = Math.round((event.detail.loaded * 100) / event.detail.total);
  });

  /* The session: a warning two minutes before it ends, shared between this browser's tabs. */
  const idle = Number(doc.body.dataset.idle || 0) * 1000;
  const seen = () => { if (idle) localStorage.setItem("wk-seen", Date.now()); };
  const watch = () => {
    const warning = doc.getElementById("idle");
    const left = Number(localStorage.getItem("wk-seen")) + idle - Date.now();
    if (left <= 0) {
      doc.body.dataset.idle = "0";
      all("form[data-guard]").forEach((form) => (form.dataset.clean = "1"));
      location.replace(doc.body.dataset.idleEnd);
    } else if (warning && warning.hidden === left < 120e3) {
      warning.hidden = left >= 120e3;
      if (!warning.hidden) say(warning.textContent);
    }
  };
  on("click", "[data-stay]", async () => {
    const answer = await fetch(doc.body.dataset.idleStay, { method: "HEAD", credentials: "same-origin" });
    if (answer.ok) { seen(); watch(); }
  });
  if (idle) { seen(); setInterval(watch, 5000); }

  /* What a page or a piece of one needs when it arrives. */
  const dress = (within) => {
    all("[data-money]", within).forEach((box) => { regroup(box, box.value); echo(box); });
    all("[data-reveal]", within).forEach((button) => (button.hidden = false));
    all("[data-share]", within).forEach((button) => (button.hidden = !navigator.share));
    all("[data-countdown]", within).forEach((place) =>
      ticking.set(place, Date.parse(place.dataset.countdown))
    );
    tick();
  };
  dress(doc);
  all("nav .wk-scroll [aria-current=page], nav.wk-scroll [aria-current=page]").forEach((tab) => {
    tab.closest(".wk-scroll").scrollLeft = tab.offsetLeft - tab.offsetWidth;
  });
  setInterval(tick, 1000);
  doc.querySelector("[data-focus]")?.focus();
})();
