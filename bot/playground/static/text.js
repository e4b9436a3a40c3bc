// Words of messages as nodes, and times as people say them.

import { el } from "./dom.js";
import { language, t } from "./strings.js";
import { now, store } from "./store.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

// Offsets count UTF-16 units, as strings do here. Entities nest, so every piece is wrapped by all that cover it.
export function words(text, entities, onAct) {
  // A block ends its own line; the line break after it would show as an empty line.
  const blocks = entities.filter((each) => ["blockquote", "expandable_blockquote", "pre"].includes(each.type));
  const swallowed = new Set(blocks.map((each) => each.offset + each.length).filter((at) => text[at] === "\n"));
  const plain = (from, to) => text.slice(swallowed.has(from) ? from + 1 : from, to);
  const part = (from, to, covering) => {
    const nodes = [];
    let at = from;
    while (covering.length && at < to) {
      const [first, ...rest] = covering;
      const start = Math.max(first.offset, at);
      const end = Math.min(first.offset + first.length, to);
      if (start > at) nodes.push(plain(at, start));
      const inside = rest.filter((each) => each.offset < end);
      if (end > start) nodes.push(wrapped(first, text.slice(start, end), part(start, end, inside), onAct));
      covering = rest.filter((each) => each.offset + each.length > end)
        .map((each) => (each.offset < end ? { ...each, length: each.offset + each.length - end, offset: end } : each));
      at = Math.max(at, end);
    }
    if (at < to) nodes.push(plain(at, to));
    return nodes;
  };
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return part(0, text.length, sorted);
}

function wrapped(entity, covered, inner, onAct) {
  if (entity.type === "spoiler") {
    return el("button", { type: "button", class: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") }, inner);
  }
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url ?? covered, inner, onAct);
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "link", onclick: () => onAct({ say: covered }) }, inner);
  }
  if (entity.type === "mention" || entity.type === "hashtag") return el("span", { class: "mark" }, inner);
  return TAGS[entity.type] ? el(TAGS[entity.type], {}, inner) : el("span", {}, inner);
}

export function startOf(address) {
  const match = /^(?:https?:\/\/)?t\.me\/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{0,64})$/.exec(address)
    ?? /^tg:\/\/resolve\?domain=([A-Za-z0-9_]+)&start=([A-Za-z0-9_-]{0,64})$/.exec(address);
  return match && match[1].toLowerCase() === store.bot.username.toLowerCase() ? match[2] : null;
}

function link(address, inner, onAct) {
  const payload = startOf(address);
  if (payload !== null) {
    return el("button", { type: "button", class: "link", onclick: () => onAct({ start: payload }) }, inner);
  }
  const full = /^(https?:|mailto:|tel:)/.test(address) ? address : `https://${address}`;
  return el("a", { href: full, target: "_blank", rel: "noopener noreferrer" }, inner);
}

const locale = () => (language() === "zh" ? "zh-CN" : "en-GB");
const made = new Map();

function formatter(kind, options) {
  const key = `${locale()} ${store.timeZone} ${kind}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale(), { timeZone: store.timeZone, ...options }));
  return made.get(key);
}

export const clockTime = (date) => formatter("time", { hour: "2-digit", minute: "2-digit", hour12: false }).format(date);

function dayOf(date) {
  const day = formatter("date", { month: "long", day: "numeric" }).format(date);
  const weekday = formatter("weekday", { weekday: "short" }).format(date);
  return language() === "zh" ? `${day} ${weekday}` : `${weekday} ${day}`;
}

export const longTime = (date) =>
  `${dayOf(date)} ${clockTime(date)}`;

export const dayKey = (date) => formatter("key", { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

export function dayName(date) {
  const key = dayKey(date);
  if (key === dayKey(now())) return t("today");
  if (key === dayKey(new Date(now().getTime() - 86_400_000))) return t("yesterday");
  return dayOf(date);
}

export function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
