// Sends files in pieces and goes on where a bad line broke off. Nothing here is needed: without it a file goes with its
// page. It keeps nothing in the browser: what was begun, the page itself says.
(() => {
  "use strict";
  if (!window.tus?.isSupported) return;
  for (const box of document.querySelectorAll("form [data-upload]")) listen(box);

  const STRETCH = 4 * 1024 * 1024; // as the house digests what came
  const END = 64 * 1024;

  const sha256 = async (parts) => crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
  const hex = (digest) => [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // By what the same file is known again: its length, its time, its first and last bytes. Empty where there is no way.
  async function markOf(file) {
    if (!window.crypto?.subtle) return "";
    return hex(await sha256([`${file.size} ${file.lastModified} `, file.slice(0, END), file.slice(-END)]));
  }

  // Of the whole, stretch by stretch: a phone does not hold a film in memory.
  async function digestOf(file) {
    const stretches = [];
    for (let at = 0; at < file.size; at += STRETCH) stretches.push(await sha256([file.slice(at, at + STRETCH)]));
    return hex(await sha256(stretches));
  }

  function listen(box) {
    const form = box.closest("form");
    const input = form.querySelector("input[type=file]");
    if (!input) return;
    const words = box.dataset;
    const list = box.querySelector("ul");
    const said = box.querySelector("[role=status]");
    const row = box.querySelector("template");
    const waiting = [];
    let sending = null;
    let warned = false;

    const kept = new Map();
    const begun = [...box.querySelectorAll("[data-begun]")];
    // Where the browser cannot tell files apart, none goes on.
    if (!window.crypto?.subtle) for (const each of begun.splice(0)) each.remove();
    const size = (bytes) => {
      const unit = bytes >= 1e9 ? "gigabyte" : bytes >= 1e6 ? "megabyte" : "kilobyte";
      const by = { gigabyte: 1e9, megabyte: 1e6, kilobyte: 1e3 }[unit];
      const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "gigabyte" ? 2 : 0 };
      return new Intl.NumberFormat(document.documentElement.lang, style).format(bytes / by);
    };
    const fill = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
    const say = (text) => { said.textContent = text; };

    class Sent {
      constructor(file) {
        this.file = file;
        this.item = row.content.firstElementChild.cloneNode(true);
        this.item.querySelector("bdi").textContent = file.name;
        this.bar = this.item.querySelector("progress");
        this.state = this.item.querySelector("[data-state]");
        [this.hold, this.drop] = this.item.querySelectorAll("button");
        for (const button of [this.hold, this.drop]) button.querySelector("span").textContent = ` ${file.name}`;
        this.hold.addEventListener("click", () => this.turn());
        this.drop.addEventListener("click", () => this.forget());
        this.bar.setAttribute("aria-label", file.name);
        this.tell(words.waiting);
        list.append(this.item);
        this.slip = "";
        this.paused = false;
      }

      // Before the first byte: whether it was begun already. What goes on says first what the whole is, so that two files
      // that look alike are never joined.
      async prepared() {
        const file = this.file;
        this.mark = await markOf(file);
        const uploadUrl = this.before();
        const headers = { "Candor-Permit": words.permit, "Accept-Language": document.documentElement.lang };
        if (uploadUrl) headers["Candor-Digest"] = await digestOf(file);
        return new tus.Upload(file, {
          endpoint: words.upload,
          uploadUrl,
          headers,
          metadata: { filename: file.name, mark: this.mark },
          storeFingerprintForResuming: false,
          chunkSize: 64 * 1024 * 1024,
          retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000, 60000, 60000],
          onShouldRetry: (problem) => this.again(problem),
          onProgress: (at, of) => this.progress(at, of),
          onAfterResponse: (_, response) => { this.slip = response.getHeader("Candor-File") || this.slip; },
          onSuccess: () => this.done(),
          onError: (problem) => this.failed(problem),
        });
      }

      async go() {
        try {
          this.ready ??= this.prepared();
          this.upload = await this.ready;
        } catch {
          return this.failed({});
        }
        if (sending === this && !this.paused) this.upload.start();
      }

      // The same file chosen once more goes on where it stopped.
      before() {
        if (!this.mark) return null;
        const again = kept.get(this.mark);
        if (again) return again;
        const one = begun.find((each) => each.dataset.mark === this.mark && Number(each.dataset.length) === this.file.size);
        if (!one) return null;
        begun.splice(begun.indexOf(one), 1);
        one.remove();
        return one.dataset.begun;
      }

      tell(text) { this.state.textContent = text; }

      progress(at, of) {
        this.bar.max = of;
        this.bar.value = at;
        if (!this.paused) this.tell(fill(at === of ? words.checking : words.sending, { done: size(at), size: size(of) }));
        const tenth = Math.floor((at / of) * 10);
        if (tenth > (this.tenth || 0)) say(fill(words.aloud, { name: this.file.name, percent: tenth * 10 }));
        this.tenth = tenth;
      }

      again(problem) {
        const status = problem.originalResponse ? problem.originalResponse.getStatus() : 0;
        const willTry = status === 0 || status >= 500 || [409, 423, 429].includes(status);
        if (willTry && status !== 507) this.tell(words.badLine);
        return willTry && status !== 507;
      }

      turn() {
        this.paused = !this.paused;
        this.hold.firstChild.data = this.paused ? words.goOn : words.pause;
        if (!this.paused) return sending === this ? this.go() : next();
        if (sending === this) this.upload?.abort();
        this.tell(words.paused);
        return next();
      }

      done() {
        this.bar.hidden = true;
        this.hold.hidden = true;
        this.tell(fill(words.here, { size: size(this.file.size) }));
        say(fill(words.aloudHere, { name: this.file.name }));
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "arrived", value: this.slip });
        this.item.append(field);
        this.settle();
      }

      failed(problem) {
        const response = problem.originalResponse;
        const isOther = response && [404, 410, 415, 422].includes(response.getStatus());
        if (isOther || !this.mark) kept.delete(this.mark);
        else if (this.upload?.url) kept.set(this.mark, this.upload.url);
        const broken = this.mark ? words.badEnd : words.badAnew;
        const why = response && response.getHeader("content-type")?.startsWith("text/plain") ? response.getBody() : broken;
        this.bar.hidden = true;
        this.hold.hidden = true;
        this.tell(why);
        this.item.classList.add("upload__row--failed");
        say(`${this.file.name}: ${why}`);
        this.settle();
      }

      settle() {
        this.settled = true;
        if (sending === this) sending = null;
        next();
      }

      forget() {
        this.upload?.abort(!this.settled).catch(() => {});
        this.item.remove();
        if (waiting.includes(this)) waiting.splice(waiting.indexOf(this), 1);
        if (sending === this) sending = null;
        next();
        input.focus();
      }
    }

    // One after the other: on a bad line two at once come slower than two in turn.
    const next = () => {
      if (sending && !sending.paused) return;
      if (sending?.paused) waiting.unshift(sending);
      const at = waiting.findIndex((each) => !each.paused);
      sending = at < 0 ? null : waiting.splice(at, 1)[0];
      sending?.go();
    };

    input.multiple = true;
    // Without a script files come one after the other, by a button of its own.
    form.querySelector("[name=go][value=add-file]")?.closest("p").setAttribute("hidden", "");
    input.addEventListener("change", () => {
      for (const file of input.files) waiting.push(new Sent(file));
      input.value = "";
      warned = false;
      next();
    });

    form.addEventListener("submit", (event) => {
      if (warned || !(sending || waiting.length)) return;
      event.preventDefault();
      warned = true;
      const note = box.querySelector("[data-unfinished]");
      note.hidden = false;
      note.focus();
    });
  }
})();
