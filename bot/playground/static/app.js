// The page: opens columns, hears the stream, moves the clock, shows what the bot answers.

import { get, listen, post } from "./api.js";
import { Column } from "./column.js";
import { byId, el, icon } from "./dom.js";
import { drawRail, drawTabs } from "./lists.js";
import { isPrivate, keep, loadState, now, remember, selfIn, setNow, store, title } from "./store.js";
import { switchLanguage, language, t, translatePage } from "./strings.js";
import { longTime, startOf } from "./text.js";

const NARROW = matchMedia("(max-width: 820px)");
const TOAST_MS = 4500;

const page = {
  columns: new Map(),

  async start() {
    for (const [id, name] of [["rail-toggle", "menu"], ["drill-menu", "settings"], ["hints-close", "close"], ["viewer-close", "close"]]) {
      byId(id).replaceChildren(icon(name));
    }
    byId("lang").onclick = () => { switchLanguage(); this.translate(); };
    byId("rail-toggle").onclick = () => this.toggleRail();
    byId("scrim").onclick = () => this.toggleRail(false);
    byId("search").oninput = () => drawRail(this);
    byId("drill-menu").onclick = (event) => this.menu(event.currentTarget, this.drillMenu());
    byId("hints-close").onclick = () => (byId("hints").hidden = true);
    byId("viewer").onclick = () => byId("viewer").close();
    for (const button of byId("clock").querySelectorAll("button")) button.onclick = () => this.moveClock(button);
    document.addEventListener("visibilitychange", () => this.columns.forEach((column) => column.read()));
    setInterval(() => this.drawClock(), 1000);
    listen((event) => this.hear(event), () => this.banner(t("disconnected"), "lost"));
  },

  async load() {
    await loadState();
    const clock = await get("clock").catch(() => null);
    byId("clock").hidden = !clock;
    if (clock) setNow(clock.now);
    for (const [id, column] of this.columns) if (!store.shown.includes(id)) { column.node.remove(); this.columns.delete(id); }
    this.drawHints();
    this.translate();
    this.drawBanner();
    await Promise.all(store.shown.map((id) => this.open(id)));
    this.arrange();
    document.body.dataset.ready = "yes";
  },

  translate() {
    translatePage();
    byId("lang").textContent = language() === "zh" ? "EN" : "中文";
    byId("lang").lang = language() === "zh" ? "en" : "zh-CN";
    this.columns.forEach((column) => { column.drawHead(); column.draw(); });
    this.drawLists();
    this.drawClock();
    this.drawBanner();
  },

  async open(id) {
    const column = this.columns.get(id) ?? new Column(id, this);
    this.columns.set(id, column);
    await column.load();
    return column;
  },

  arrange() {
    const holder = byId("columns");
    const nodes = store.shown.map((id) => this.columns.get(id)?.node).filter(Boolean);
    const isSame = nodes.length === holder.children.length && nodes.every((node, place) => holder.children[place] === node);
    if (!isSame) holder.replaceChildren(...nodes);
    if (!nodes.length) holder.replaceChildren(el("p", { class: "empty" }, t("start-here")));
    this.markActive();
    this.drawLists();
    remember();
    this.columns.forEach((column) => { if (!isSame) column.draw(true); });
  },

  async show(id) {
    this.toggleRail(false);
    for (const toast of byId("toasts").querySelectorAll("[data-key]")) if (toast.dataset.key === `chat ${id}`) toast.remove();
    if (!store.shown.includes(id)) {
      await this.attempt(this.open(id));
      const place = store.shown.indexOf(store.active);
      store.shown.splice(place < 0 ? store.shown.length : place + 1, 0, id);
    }
    this.activate(id, true);
    this.arrange();
    const column = this.columns.get(id);
    column?.node.scrollIntoView({ inline: "nearest", block: "nearest" });
    column?.draw(true);
    if (!NARROW.matches) column?.composer.input.focus();
  },

  toggle(id) {
    if (NARROW.matches) this.show(id);
    else this.hide(id);
  },

  hide(id) {
    this.columns.get(id)?.node.remove();
    this.columns.delete(id);
    store.messages.delete(id);
    store.shown = store.shown.filter((each) => each !== id);
    if (store.active === id) store.active = store.shown[0] ?? null;
    this.arrange();
  },

  activate(id, redraw = false) {
    if (store.active === id && !redraw) return;
    store.active = id;
    this.markActive();
    remember();
    this.drawLists();
    if (redraw) this.columns.get(id)?.draw(NARROW.matches);
  },

  markActive() {
    for (const [id, column] of this.columns) column.node.classList.toggle("active", id === store.active);
  },

  // Many messages in one frame are one drawing.
  drawLists() {
    if (this.listsWait) return;
    this.listsWait = true;
    requestAnimationFrame(() => {
      this.listsWait = false;
      drawRail(this);
      drawTabs(this);
    });
  },

  toggleRail(isOpen = !document.body.classList.contains("rail-open")) {
    document.body.classList.toggle("rail-open", isOpen);
    byId("rail-toggle").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("search").focus();
  },

  // ---- the stream

  hear(event) {
    if (event.type === "hello" || event.type === "chats") this.reload();
    else if (event.type === "clock") this.setClock(event.now);
    else if (event.type === "rules") this.reload();
    else if (event.type === "typing") this.columns.get(event.chat)?.showTyping();
    else if (event.message) this.hearMessage(event);
  },

  // Several notices in a row (a group is built, the clock runs) are answered by one reload.
  reload() {
    clearTimeout(this.reloading);
    this.reloading = setTimeout(() => this.load().catch(() => this.banner(t("disconnected"), "lost")), 60);
  },

  hearMessage({ type, chat, message }) {
    keep(message);
    const column = this.columns.get(chat);
    const info = store.chats.get(chat);
    if (!info) this.reload();
    if (type === "message") {
      store.touched.set(chat, Date.now());
      if (info) info.count += 1;
      if (column && message.from.is_bot) column.hideTyping();
      if (message.from.id !== selfIn(chat)) this.note(chat, column, message);
    }
    if (column) this.redraw(column);
    else this.drawLists();
  },

  note(chat, column, message) {
    store.unread.set(chat, (store.unread.get(chat) ?? 0) + 1);
    const isHidden = !column || (NARROW.matches && store.active !== chat);
    if (isHidden && message.from.is_bot) this.toast(t("new-in", { name: title(chat) }), { text: t("open"), run: () => this.show(chat) }, `chat ${chat}`);
    this.drawLists();
  },

  redraw(column) {
    if (column.isWaiting) return;
    column.isWaiting = true;
    requestAnimationFrame(() => {
      column.isWaiting = false;
      column.draw();
    });
  },

  // ---- acting

  async attempt(promise) {
    try {
      return (await promise) ?? true;
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  },

  answered(answer, place) {
    const say = (words) => {
      const node = el("div", { class: "toast column-toast" }, words);
      place.replaceChildren(node);
      setTimeout(() => node.remove(), TOAST_MS);
    };
    if (!answer.answered) say(t("no-answer"));
    else if (answer.text && answer.alert) {
      byId("alert-text").textContent = answer.text;
      byId("alert").showModal();
    } else if (answer.text) say(answer.text);
  },

  follow(self, address) {
    const payload = startOf(address);
    if (payload !== null) this.startBot(self, payload);
    else window.open(address, "_blank", "noopener");
  },

  async startBot(self, payload) {
    await this.show(self);
    await this.attempt(post("send", { as: self, chat: self, text: `/start ${payload}`.trim() }));
  },

  forward(self, message) {
    const targets = [...store.chats.values()].filter((room) => room.members.includes(self) && room.migrated_to === null).map((room) => room.id);
    if (!targets.includes(self)) targets.push(self);
    byId("chooser-title").textContent = t("forward-to");
    byId("chooser-list").replaceChildren(...targets.map((id) => el("button", {
      type: "button", class: "entry", onclick: () => {
        byId("chooser").close();
        this.attempt(post("send", { as: self, chat: id, forward_from: { chat: message.chat, message_id: message.id } }));
      },
    }, el("span", { class: "entry-words" }, el("b", {}, title(id)), isPrivate(id) && el("small", {}, t("private-with"))))));
    byId("chooser").showModal();
  },

  drillMenu() {
    const rule = (name, text) => ({ text: t(text), isOn: store.rules[name], isSwitch: true, run: () => this.attempt(post("rules", { [name]: !store.rules[name] })) });
    return [
      { text: t("go-offline"), isOn: store.offline, isSwitch: true, run: () => this.attempt(post("offline", { offline: !store.offline })) },
      rule("privacy_mode", "privacy"),
      rule("flood_limits", "flood"),
    ];
  },

  // ---- clock, hints, notices

  async moveClock(button) {
    const { seconds, to } = button.dataset;
    const buttons = [...byId("clock").querySelectorAll("button")];
    buttons.forEach((each) => (each.disabled = true));
    byId("clock").setAttribute("aria-busy", "true");
    const moved = await this.attempt(post("clock", to ? { to } : { seconds: Number(seconds) }));
    buttons.forEach((each) => (each.disabled = false));
    byId("clock").removeAttribute("aria-busy");
    button.focus();
    if (moved) {
      this.setClock(moved.now);
      this.toast(t("moved", { time: longTime(now()) }), null, "clock");
    }
  },

  setClock(iso) {
    setNow(iso);
    this.drawClock();
    this.columns.forEach((column) => this.redraw(column));
  },

  drawClock() {
    const words = longTime(now());
    const node = byId("clock-now");
    if (node.textContent !== words) {
      node.textContent = words;
      node.dateTime = now().toISOString();
    }
  },

  drawHints() {
    const list = byId("hints-list");
    if (!store.hints.length) byId("hints").hidden = true;
    else if (!list.children.length) byId("hints").hidden = false;
    list.replaceChildren(...store.hints.map((hint) => el("button", { type: "button", class: "chip", onclick: () => this.useHint(hint) }, hint)));
  },

  useHint(hint) {
    const id = store.shown.includes(store.active) ? store.active : store.shown[0];
    this.columns.get(id)?.composer.fill(hint);
  },

  drawBanner() {
    if (store.isComing) this.banner(t("coming"), "drill");
    else if (store.offline) this.banner(t("offline"), "drill");
    else byId("banner").hidden = true;
  },

  banner(words, kind) {
    const node = byId("banner");
    node.textContent = words;
    node.dataset.kind = kind;
    node.hidden = false;
  },

  toast(words, action = null, key = null) {
    const holder = byId("toasts");
    if (key) for (const old of holder.querySelectorAll("[data-key]")) if (old.dataset.key === key) old.remove();
    const node = el("div", { class: "toast", data: key ? { key } : {} }, el("span", {}, words), action && el("button", {
      type: "button", class: "text-button", onclick: () => { node.remove(); action.run(); },
    }, action.text));
    holder.append(node);
    while (holder.children.length > 4) holder.firstChild.remove();
    setTimeout(() => node.remove(), TOAST_MS);
  },

  menu(anchor, items) {
    const node = byId("menu");
    const button = (item) => el("button", {
      type: "button", role: item.isSwitch ? "menuitemcheckbox" : "menuitem", class: `menu-item ${item.isOn ? "on" : ""}`,
      "aria-checked": item.isSwitch ? String(Boolean(item.isOn)) : null, "aria-label": item.label ?? null,
      onclick: () => { node.hidePopover(); item.run(); },
    }, item.text);
    const faces = items.filter((item) => item.isFace);
    node.replaceChildren(...(faces.length ? [el("div", { class: "faces" }, faces.map(button))] : []), ...items.filter((item) => !item.isFace).map(button));
    node.showPopover();
    const box = anchor.getBoundingClientRect();
    const { width, height } = node.getBoundingClientRect();
    node.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
    node.style.top = `${box.bottom + height + 8 > innerHeight ? Math.max(8, box.top - height - 4) : box.bottom + 4}px`;
    node.querySelector("button")?.focus();
    node.onkeydown = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = [...node.querySelectorAll("button")];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    };
  },
};

page.start();
