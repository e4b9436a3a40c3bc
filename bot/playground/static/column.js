// One open chat: head, transcript, composer. It is redrawn from the store; what is being typed stays.

import { post } from "./api.js";
import { lastOwn, transcript } from "./bubbles.js";
import { Composer } from "./composer.js";
import { avatar, el, icon } from "./dom.js";
import { t } from "./strings.js";
import { isPrivate, loadChat, nameOf, note, remember, selfIn, store, title } from "./store.js";

const STEP = 120;
const NEAR_END = 80;

export class Column {
  constructor(chat, page) {
    this.chat = chat;
    this.page = page;
    this.limit = STEP;
    this.pieces = new Map();
    this.head = el("header", { class: "column-head" });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabIndex: 0 });
    this.typing = el("p", { class: "typing", "aria-live": "off", hidden: true });
    this.said = el("div", { role: "status", "aria-live": "polite" });
    this.composer = new Composer(this);
    this.node = el("section", { class: "column", data: { chat: String(chat) }, onfocusin: () => page.activate(chat) },
      this.head, this.said, this.log, this.typing, this.composer.node);
    this.log.addEventListener("scroll", () => this.read(), { passive: true });
  }

  get self() {
    return selfIn(this.chat);
  }

  get messages() {
    return [...(store.messages.get(this.chat)?.values() ?? [])];
  }

  async load() {
    await loadChat(this.chat);
    this.drawHead();
    this.draw(!this.isLoaded);
    this.isLoaded = true;
  }

  drawHead() {
    const { chat } = this;
    const name = title(chat);
    const room = store.chats.get(chat);
    const isThere = ["administrator", "member", "creator"].includes(room?.bot);
    const people = isPrivate(chat) ? t("private-with") : t("members", { n: room?.members.length ?? 0 });
    const about = [note(chat), people, !isPrivate(chat) && room && !isThere && t("no-bot")].filter(Boolean).join(" · ");
    this.node.setAttribute("aria-label", name);
    this.log.setAttribute("aria-label", name);
    this.head.replaceChildren(
      avatar(chat, name),
      el("div", { class: "column-title" }, el("h2", {}, name), el("p", { title: about }, about)),
      el("button", { type: "button", class: "icon-button", "aria-label": t("chat-menu"), title: t("chat-menu"), "aria-haspopup": "menu",
        onclick: (event) => this.page.menu(event.currentTarget, this.chatMenu(isThere)) }, icon("more")),
      el("button", { type: "button", class: "icon-button column-close", "aria-label": t("close-column"), title: t("close-column"),
        onclick: () => this.page.hide(chat) }, icon("close")),
    );
    this.head.classList.toggle("of-group", !isPrivate(chat));
    if (!isPrivate(chat)) this.head.append(this.identity(room));
    this.composer.drawTopics(room);
    this.composer.label();
  }

  identity(room) {
    const select = el("select", { "aria-label": t("i-am"), onchange: (event) => {
      store.self.set(this.chat, Number(event.target.value));
      remember();
      this.composer.label();
      this.draw();
    } }, (room?.members ?? []).map((id) => el("option", { value: String(id), selected: id === this.self }, nameOf(id))));
    return el("label", { class: "identity" }, el("span", {}, t("i-am")), select,
      el("button", { type: "button", class: "text-button", title: t("open-private", { name: store.users.get(this.self)?.name ?? "" }),
      onclick: () => this.page.show(this.self) }, t("privates")));
  }

  chatMenu(isThere) {
    const act = (path, body) => () => this.page.attempt(post(path, body));
    if (isPrivate(this.chat)) {
      const blocked = store.users.get(this.chat)?.blocked;
      return [{ text: t(blocked ? "unblock" : "block"), run: act("block", { as: this.chat, blocked: !blocked }) }];
    }
    return [isThere ? { text: t("kick"), run: act("kick", { chat: this.chat }) } : { text: t("add-bot"), run: act("add", { chat: this.chat }) }];
  }

  draw(toEnd = false) {
    const stays = !toEnd && this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight > NEAR_END;
    const top = this.log.scrollTop;
    const all = this.messages;
    const pieces = transcript(all.slice(-this.limit), this.chat, this.self, this.actions());
    if (all.length > this.limit) {
      pieces.unshift({ key: "earlier", signature: t("earlier"), make: () => el("button", { type: "button", class: "text-button earlier",
        onclick: () => { this.limit += STEP; this.draw(); } }, t("earlier")) });
    }
    if (!all.length) pieces.push({ key: "empty", signature: t("empty"), make: () => el("p", { class: "empty" }, t("empty")) });
    this.place(pieces);
    this.log.scrollTop = stays ? top : this.log.scrollHeight;
    // Pictures may still grow the log; the end stays in view.
    if (!stays) for (const image of this.log.querySelectorAll("img")) if (!image.complete) image.onload = () => (this.log.scrollTop = this.log.scrollHeight);
    this.read();
  }

  // Only what changed is built anew: a screen reader hears new messages, not the whole log, and focus stays.
  place(pieces) {
    const held = document.activeElement?.closest?.(".log > *");
    const heldKey = held?.parentElement === this.log ? [...this.pieces].find(([, piece]) => piece.node === held)?.[0] : undefined;
    const next = new Map();
    for (const { key, signature, make } of pieces) {
      const known = this.pieces.get(key);
      next.set(key, known?.signature === signature ? known : { signature, node: make() });
    }
    let before = null;
    for (const { node } of [...next.values()].reverse()) {
      if (node.nextSibling !== before || node.parentNode !== this.log) this.log.insertBefore(node, before);
      before = node;
    }
    while (this.log.firstChild !== before) this.log.firstChild.remove();
    this.pieces = next;
    if (heldKey !== undefined && !this.log.contains(document.activeElement)) {
      (next.get(heldKey)?.node.querySelector(".key, button") ?? this.log).focus({ preventScroll: true });
    }
  }

  read() {
    const isSeen = this.node.isConnected && this.node.offsetParent !== null && document.visibilityState === "visible";
    if (isSeen && store.unread.get(this.chat)) {
      store.unread.delete(this.chat);
      this.page.drawLists();
    }
  }

  showTyping() {
    this.typing.textContent = t("typing", { name: store.bot.name });
    this.typing.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => (this.typing.hidden = true), 4000);
  }

  hideTyping() {
    this.typing.hidden = true;
  }

  actions() {
    return {
      act: ({ say, start }) => (say ? this.send({ text: say }) : this.page.startBot(this.self, start)),
      follow: (address) => this.page.follow(this.self, address),
      press: (message, index, button) => this.press(message, index, button),
      menu: (anchor, message) => this.page.menu(anchor, this.messageMenu(message)),
      jump: (id) => this.jump(id),
    };
  }

  async press(message, index, button) {
    button.classList.add("busy");
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await post("press", { as: this.self, chat: this.chat, message_id: message.id, button: index });
      this.page.answered(answer, this.said);
      if (answer.url) this.page.follow(this.self, answer.url);
    } catch (error) {
      this.page.toast(error.message);
    }
    button.classList.remove("busy");
    button.removeAttribute("aria-busy");
  }

  messageMenu(message) {
    const mine = message.from.id === this.self;
    const where = { as: this.self, chat: this.chat, message_id: message.id };
    const own = message.reactions.find((each) => each.by === store.users.get(this.self)?.name)?.emoji;
    const faces = ["👍", "👌", "❤", "🎉"].map((emoji) => ({
      text: emoji, label: t("react", { emoji }), isFace: true, isOn: own === emoji,
      run: () => this.page.attempt(post("react", { ...where, emoji: own === emoji ? null : emoji })),
    }));
    return [
      ...faces,
      { text: t("reply"), run: () => this.composer.replyTo(message) },
      { text: t("forward"), run: () => this.page.forward(this.self, message) },
      mine && !message.location && { text: t("edit"), run: () => this.composer.startEdit(message) },
      mine && { text: t("remove"), run: () => this.page.attempt(post("erase", where)) },
    ].filter(Boolean);
  }

  editLast() {
    const message = lastOwn(this.messages, this.self);
    if (message) this.composer.startEdit(message);
  }

  jump(id) {
    const target = this.log.querySelector(`[data-ids~="${id}"], [data-id="${id}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.remove("flash");
    requestAnimationFrame(() => target.classList.add("flash"));
  }

  async send(what) {
    const body = { as: this.self, chat: this.chat, ...what };
    return this.page.attempt(post("send", body));
  }
}
