// Makes the office quicker. Nothing here is needed: every page works without it.
(() => {
  "use strict";
  const OFF = "candor-keys-off";
  const keysOff = () => localStorage.getItem(OFF) === "yes";
  const busy = (target) => target.closest("input, select, textarea, [contenteditable], [popover]:popover-open");

  // Rows: j and k move the focus from one row's first link to the next.
  const stepRow = (by) => {
    const links = [...document.querySelectorAll("[data-rows] tr")].map((row) => row.querySelector("a[href]")).filter(Boolean);
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };

  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || busy(event.target)) return;
    if (waiting) {
      waiting = false;
      document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
      return;
    }
    if (event.key === "g") {
      waiting = true;
      setTimeout(() => { waiting = false; }, 1200);
    } else if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-search]")?.focus();
    } else if (event.key === "?") {
      document.getElementById("keys")?.togglePopover();
    } else if (event.key === "j" || event.key === "k") {
      stepRow(event.key === "j" ? 1 : -1);
    }
  });

  // One key alone may be turned off (WCAG 2.1.4), for those who speak to their computer.
  const toggle = document.querySelector("[data-keys-off]");
  if (toggle) {
    toggle.checked = keysOff();
    toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "yes" : "no"));
  }

  // Filters submit themselves.
  let soon;
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (!form) return;
    clearTimeout(soon);
    soon = setTimeout(() => form.requestSubmit(), 250);
  });

  // An answer on which other questions hang asks for them; Ctrl and Enter go on, as the button does.
  document.addEventListener("change", (event) => {
    const button = event.target.closest("[data-branching]")?.dataset.branching;
    if (button) document.getElementById(button)?.click();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("form[data-go-on]");
    if (form) document.getElementById(form.dataset.goOn)?.click();
  });

  // A long page comes back after a reload: what was typed is sealed by the house, and stands with this tab alone.
  const long = () => document.querySelector("form[data-kept]");
  let keeping;
  const keep = async () => {
    const form = long();
    const data = form && new FormData(form);
    if (!data) return;
    for (const file of form.querySelectorAll("input[type=file]")) data.delete(file.name);
    const answer = await fetch(form.dataset.kept, { method: "POST", body: data });
    if (answer.ok) history.replaceState({ kept: await answer.text() }, "");
  };
  document.addEventListener("input", (event) => {
    if (!event.target.closest("form[data-kept]")) return;
    clearTimeout(keeping);
    keeping = setTimeout(() => keep().catch(() => {}), 1000);
  });
  if (long() && history.state?.kept) {
    long().querySelector("[data-sealed]").value = history.state.kept;
    long().querySelector("[name=asked]").value = "";
    document.getElementById("more").click();
  }

  // Long answers say how much room is left.
  document.addEventListener("input", (event) => {
    const count = event.target.dataset?.count && document.getElementById(event.target.dataset.count);
    if (count) count.textContent = `${event.target.maxLength - event.target.value.length} ${count.dataset.left}`;
  });

  // On a narrow screen the filters begin folded; beside the rows they are open, also after the tablet was turned.
  const narrow = matchMedia("(max-width: 63.99em)");
  const fold = () => document.querySelector(".fold")?.toggleAttribute("open", !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();

  // An open menu closes when the focus or the pointer goes elsewhere, or on Escape.
  for (const menu of document.querySelectorAll(".bar details")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // One answer goes to the one place its element named: hx-csp does not ask for a nonce on
  // hx-swap-oob and <hx-partial>, so what came in that way is dropped.
  document.addEventListener("htmx:before:swap", (event) => {
    const tasks = event.detail.tasks;
    for (let at = tasks.length - 1; at >= 0; at--) if (tasks[at].type !== "main") tasks.splice(at, 1);
  });

  // Passkeys: the device is asked when its button is pressed, and what it says goes with the form.
  const passkeys = {
    create: ["parseCreationOptionsFromJSON", (publicKey) => navigator.credentials.create({ publicKey })],
    get: ["parseRequestOptionsFromJSON", (publicKey) => navigator.credentials.get({ publicKey })],
  };
  const askDevice = async (box) => {
    const said = box.querySelector("[role=status]");
    const form = box.closest("form");
    const [parse, ask] = passkeys[box.dataset.passkey];
    if (![...form.querySelectorAll("[required]")].every((field) => field.reportValidity())) return;
    if (!window.PublicKeyCredential?.[parse]) { said.textContent = said.dataset.old; return; }
    if (/^[\d.]+$|^\[/.test(location.hostname)) { said.textContent = said.dataset.place; return; }
    said.textContent = "";
    try {
      const key = await ask(window.PublicKeyCredential[parse](JSON.parse(box.dataset.options)));
      form.elements.credential.value = JSON.stringify(key.toJSON());
      form.submit();
    } catch {
      said.textContent = said.dataset.failed;
    }
  };
  for (const box of document.querySelectorAll("[data-passkey]")) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => askDevice(box));
    if ("atOnce" in box.dataset) askDevice(box);
  }

  // What waited for a proof is sent on at once; without script there is the button.
  document.querySelector("[data-send-on]")?.closest("form")?.requestSubmit();

  // An answer may carry a line to say: HX-Trigger: {"notice": "The demand was sent."}
  const say = (text) => {
    const region = document.getElementById("notice");
    if (!region) return;
    const line = document.createElement("p");
    line.className = "notice";
    line.textContent = text;
    region.replaceChildren(line);
  };
  document.addEventListener("notice", (event) => say(event.detail.value));

  // After htmx has put in a part: errors take the focus; a failure is said in words.
  document.addEventListener("htmx:after:swap", (event) => {
    (event.detail?.ctx?.target ?? document).querySelector?.("[data-errors]")?.focus();
  });
  const trouble = () => say(document.getElementById("notice")?.dataset.trouble);
  document.addEventListener("htmx:error", trouble);
  document.addEventListener("htmx:response:error", (event) => {
    if (![409, 422].includes(event.detail?.ctx?.response?.status)) trouble();
  });
})();
