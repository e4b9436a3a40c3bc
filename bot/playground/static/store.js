// What the page knows: people, chats, who we are in each of them, which chats stand open.

import { get } from "./api.js";

const remembered = (name, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(`play.${name}`)) ?? fallback;
  } catch {
    return fallback;
  }
};

export const store = {
  bot: null,
  users: new Map(),
  chats: new Map(),
  messages: new Map(),
  unread: new Map(),
  touched: new Map(),
  shown: remembered("shown", null),
  self: new Map(Object.entries(remembered("self", {})).map(([chat, who]) => [Number(chat), who])),
  active: remembered("active", null),
  samples: [],
  hints: [],
  rules: {},
  offline: false,
  isComing: false,
  timeZone: "Asia/Shanghai",
  clockLead: 0,
};

export function remember() {
  localStorage.setItem("play.shown", JSON.stringify(store.shown));
  localStorage.setItem("play.self", JSON.stringify(Object.fromEntries(store.self)));
  localStorage.setItem("play.active", JSON.stringify(store.active));
}

export async function loadState() {
  const [state, users, chats, hints] = await Promise.all(["state", "users", "chats", "hints"].map(get));
  store.bot = state.bot;
  store.samples = state.samples;
  store.rules = state.rules;
  store.offline = state.offline;
  store.isComing = state.bot_is_coming;
  store.timeZone = state.time_zone;
  store.hints = hints;
  store.users = new Map(users.map((user) => [user.id, user]));
  store.chats = new Map(chats.map((chat) => [chat.id, chat]));
  setNow(state.now);
  if (store.shown === null) store.shown = firstShown(state.front);
  store.shown = store.shown.filter((id) => store.chats.has(id) || store.users.has(id));
  if (!store.shown.length) store.shown = firstShown(state.front);
  if (!store.shown.includes(store.active)) store.active = store.shown[0] ?? null;
}

function firstShown(front) {
  if (front.length) return [...front];
  const groups = [...store.chats.values()].filter((chat) => chat.id < 0).slice(0, 2);
  const first = groups[0]?.members[0];
  return [...groups.map((chat) => chat.id), ...(first ? [first] : [])];
}

export async function loadChat(id) {
  const { messages, ...info } = await get(`chat/${id}`);
  store.chats.set(id, info);
  store.messages.set(id, new Map(messages.filter((message) => !message.deleted).map((each) => [each.id, each])));
}

export function keep(message) {
  const known = store.messages.get(message.chat);
  if (!known) return;
  if (message.deleted) known.delete(message.id);
  else known.set(message.id, message);
}

export const isPrivate = (id) => id > 0;

export function title(id) {
  return isPrivate(id) ? store.users.get(id)?.name ?? String(id) : store.chats.get(id)?.title ?? String(id);
}

export function note(id) {
  return isPrivate(id) ? store.users.get(id)?.label ?? "" : store.chats.get(id)?.note ?? "";
}

export function selfIn(id) {
  if (isPrivate(id)) return id;
  const members = store.chats.get(id)?.members ?? [];
  const chosen = store.self.get(id);
  return members.includes(chosen) ? chosen : members[0] ?? null;
}

export function nameOf(id) {
  const user = store.users.get(id);
  return user ? user.name + (user.label ? `（${user.label}）` : "") : String(id);
}

export const now = () => new Date(Date.now() + store.clockLead);

export function setNow(iso) {
  store.clockLead = new Date(iso).getTime() - Date.now();
}
