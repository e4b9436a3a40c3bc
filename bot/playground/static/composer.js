// Where one writes: words, a reply or an edit in hand, pictures, places.

import { post } from "./api.js";
import { el, icon } from "./dom.js";
import { t } from "./strings.js";
import { store } from "./store.js";

const TALLEST = 160;
// Somewhere inside the playground's invented town; a little different each time.
const TOWN = { latitude: 30.6571, longitude: 104.0657 };

export class Composer {
  constructor(column) {
    this.column = column;
    this.reply = null;
    this.edited = null;
    this.input = el("textarea", { rows: "1", maxLength: 4096, autocomplete: "off", enterkeyhint: "send",
      oninput: () => this.fit(), onkeydown: (event) => this.key(event), onpaste: (event) => this.paste(event) });
    this.picker = el("input", { type: "file", multiple: true, hidden: true, tabIndex: -1, onchange: () => this.pick(this.picker.files) });
    this.context = el("div", { class: "context", hidden: true });
    this.topics = el("select", { class: "topics", hidden: true });
    this.attach = el("button", { type: "button", class: "icon-button", "aria-haspopup": "menu",
      onclick: (event) => column.page.menu(event.currentTarget, this.attachMenu()) }, icon("attach"));
    this.submit = el("button", { type: "submit", class: "icon-button send" }, icon("send"));
    this.node = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.context, this.topics, el("div", { class: "composer-line" }, this.attach, this.input, this.submit), this.picker);
  }

  label() {
    const who = store.users.get(this.column.self)?.name ?? "";
    this.input.placeholder = t("write");
    this.input.setAttribute("aria-label", t("write-as", { name: who }));
    for (const [button, name] of [[this.attach, "attach"], [this.submit, "send"]]) {
      button.setAttribute("aria-label", t(name));
      button.title = t(name);
    }
    this.drawContext();
  }

  drawTopics(room) {
    const topics = Object.entries(room?.topics ?? {});
    this.topics.hidden = !topics.length;
    const chosen = this.topics.value;
    this.topics.setAttribute("aria-label", t("topic"));
    this.topics.replaceChildren(el("option", { value: "" }, `# ${t("general")}`),
      ...topics.map(([thread, name]) => el("option", { value: thread, selected: thread === chosen }, `# ${name}`)));
  }

  drawContext() {
    const message = this.edited ?? this.reply;
    this.context.hidden = !message;
    if (!message) return;
    const words = message.text || t(`${message.media?.kind ?? "location"}_word`);
    this.context.replaceChildren(
      el("span", {}, el("b", {}, this.edited ? t("editing") : t("reply-to", { name: message.from.name })), el("span", {}, words)),
      el("button", { type: "button", class: "icon-button small", "aria-label": t("cancel-reply"), onclick: () => this.drop() }, icon("close")));
  }

  replyTo(message) {
    this.edited = null;
    this.reply = message;
    this.drawContext();
    this.input.focus();
  }

  startEdit(message) {
    this.reply = null;
    this.edited = message;
    this.fill(message.text);
    this.drawContext();
  }

  drop() {
    if (this.edited) this.fill("");
    this.reply = this.edited = null;
    this.drawContext();
    this.input.focus();
  }

  fill(text) {
    this.input.value = text;
    this.fit();
    this.input.focus();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  key(event) {
    // While an input method composes Chinese, Enter picks a word and must not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.reply || this.edited)) {
      this.drop();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      event.preventDefault();
      this.column.editLast();
    }
  }

  where() {
    return { reply_to: this.reply?.id ?? null, thread: Number(this.topics.value) || null };
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { column, edited } = this;
    const body = edited
      ? post("edit", { as: column.self, chat: column.chat, message_id: edited.id, text })
      : post("send", { as: column.self, chat: column.chat, text, ...this.where() });
    if (await column.page.attempt(body)) {
      this.fill("");
      this.reply = this.edited = null;
      this.drawContext();
    }
  }

  async sendMore(what) {
    if (await this.column.send({ ...what, ...this.where() })) {
      this.reply = null;
      this.drawContext();
    }
  }

  attachMenu() {
    const caption = () => {
      const words = this.input.value.trim();
      if (words) this.fill("");
      return words || undefined;
    };
    const near = (degrees) => degrees + (Math.random() - 0.5) * 0.02;
    return [
      { text: t("photo"), run: () => this.picker.click() },
      ...store.samples.map((name) => ({ text: t("sample", { name }), run: () => this.sendMore({ photo: name, caption: caption() }) })),
      { text: t("album"), run: () => this.sendMore({ photos: store.samples.slice(0, 3), caption: caption() }) },
      { text: t("place"), run: () => this.sendMore({ location: { latitude: near(TOWN.latitude), longitude: near(TOWN.longitude) } }) },
      { text: t("voice"), run: () => this.sendMore({ voice: 6, caption: caption() }) },
    ];
  }

  paste(event) {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      this.pick(event.clipboardData.files);
    }
  }

  async pick(files) {
    const read = await Promise.all([...files].map(async (file) => ({ name: file.name || "photo.png", mime: file.type, content: await asBase64(file) })));
    this.picker.value = "";
    const caption = this.input.value.trim() || undefined;
    if (read.length) this.fill("");
    const photos = read.filter((file) => /^image\/(png|jpeg|gif|webp)$/.test(file.mime));
    if (photos.length) await this.sendMore({ photos, caption });
    for (const document of read.filter((file) => !photos.includes(file))) await this.sendMore({ document, caption });
  }
}

function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
