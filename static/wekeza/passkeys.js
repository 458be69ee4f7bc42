/* Passkeys: the browser asks the phone or key. Loaded only where one can be used. */
(() => {
  "use strict";
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  /* What to sign: it stands in the page, is fetched, or the page is asked for it. */
  const asked = async ({ form, dataset: { options, ask } }) => {
    if (options) return JSON.parse(options);
    if (ask) return (await (await fetch(ask, { headers: { Accept: "application/json" } })).json()).request_options;
    const body = new FormData(form);
    body.set("passkey", "ask");
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.headers.get("Content-Type") === "application/json") return answer.json();
    location.reload(); // Something changed meanwhile, and the page tells it.
    return new Promise(() => {});
  };

  const made = async ({ publicKey: key }) => {
    const authenticatorSelection = {
      ...key.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    return navigator.credentials.create({
      publicKey: {
        ...key,
        challenge: bytes(key.challenge),
        user: { ...key.user, id: bytes(key.user.id) },
        excludeCredentials: ids(key.excludeCredentials),
        authenticatorSelection,
      },
    });
  };
  const signed = ({ publicKey: key }) =>
    navigator.credentials.get({
      publicKey: {
        ...key,
        challenge: bytes(key.challenge),
        allowCredentials: ids(key.allowCredentials),
      },
    });

  /* What the bank reads, with every buffer as text. */
  const told = (key) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    return JSON.stringify({
      id: key.id,
      rawId: text(key.rawId),
      type: key.type,
      response,
      clientExtensionResults: key.getClientExtensionResults(),
    });
  };

  const show = () => {
    for (const { form } of document.querySelectorAll("[data-passkey]")) {
      (form.closest("[data-passkeys]") || form).hidden = false;
    }
  };
  const press = async (button) => {
    const { form } = button;
    const problem = form.querySelector("[data-problem]");
    problem.hidden = button.disabled = true;
    try {
      const options = await asked(button);
      const key = await (button.dataset.passkey === "add" ? made(options) : signed(options));
      form.elements.credential.value = told(key);
      form.submit();
    } catch {
      problem.hidden = button.disabled = false;
    }
  };

  if (!window.PublicKeyCredential) return;
  show();
  document.addEventListener("htmx:load", show); // A part of the page came anew.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-passkey]");
    if (button) press(button);
  });
})();
