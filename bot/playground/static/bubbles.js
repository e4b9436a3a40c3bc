// One message (or one album) as a bubble with its buttons.

import { avatar, byId, el, icon } from "./dom.js";
import { language, t } from "./strings.js";
import { isPrivate } from "./store.js";
import { clockTime, dayKey, dayName, size, words } from "./text.js";

// Messages with one album id that stand together are one bubble; the ids stay findable for replies.
export function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const joins = last && message.media_group && last[0].media_group === message.media_group;
    if (joins) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

// What stands in the log, piece by piece: a key, a signature that changes when the look does, and how to build it.
export function transcript(messages, chat, self, actions) {
  const pieces = [];
  const add = (key, about, make) => pieces.push({ key, signature: JSON.stringify([language(), ...about]), make });
  let day = null;
  let previous = null;
  for (const group of grouped(messages)) {
    const first = group[0];
    const date = new Date(first.date);
    if (dayKey(date) !== day) {
      day = dayKey(date);
      previous = null;
      add(`day ${day}`, [dayName(date)], () => el("div", { class: "day" }, el("span", {}, dayName(date))));
    }
    if (first.service) {
      add(first.id, [first.service], () => el("div", { class: "service", data: { id: first.id } }, el("span", {}, notice(first))));
      previous = null;
      continue;
    }
    const goesOn = Boolean(previous && previous.from.id === first.from.id && date - new Date(previous.date) < 300_000);
    add(first.id, [group, self, goesOn], () => row(group, chat, self, goesOn, actions));
    previous = group.at(-1);
  }
  return pieces;
}

const notice = ({ service }) => t(`s-${service.kind}`, { name: service.line });

function row(group, chat, self, goesOn, actions) {
  const first = group[0];
  const isMine = first.from.id === self;
  const withFace = !isMine && !isPrivate(chat);
  const kind = `row ${isMine ? "mine" : "theirs"} ${goesOn ? "goes-on" : ""} ${first.from.is_bot ? "by-bot" : ""}`;
  const act = (what) => actions.act(what);
  const bubble = el("div", { class: "bubble" },
    withFace && !goesOn && sender(first.from),
    group[0].forwarded_from && el("p", { class: "forwarded" }, t("forwarded", { name: first.forwarded_from })),
    first.reply_to && quote(first.reply_to, actions),
    content(group, act),
    meta(group),
  );
  const more = el("button", {
    type: "button", class: "icon-button small row-more", "aria-label": t("more"), "aria-haspopup": "menu",
    onclick: (event) => actions.menu(event.currentTarget, first),
  }, icon("more"));
  const body = el("div", { class: "body" }, el("div", { class: "bubble-line" }, bubble, more), keyboard(first, actions), reactions(first));
  const face = withFace && (goesOn ? el("span", { class: "avatar blank" }) : avatar(first.from.id, first.from.name));
  return el("article", { class: kind, data: { id: first.id, ids: group.map((each) => each.id).join(" ") } }, face, body);
}

function sender(from) {
  return el("p", { class: `sender ink-${Math.abs(from.id) % 8}` }, from.name,
    from.is_bot ? el("span", { class: "tag" }, t("bot")) : from.label && el("span", { class: "label" }, from.label));
}

function quote(reply, actions) {
  const text = reply.deleted ? t("deleted-message") : reply.text || t(`${reply.kind}_word`);
  return el("button", { type: "button", class: "quote", "aria-label": `${t("see-reply")}: ${reply.name}`, onclick: () => actions.jump(reply.id) },
    el("b", {}, reply.name), el("span", {}, text.replace(/\s+/g, " ")));
}

function content(group, act) {
  const nodes = [];
  const photos = group.filter((each) => each.media?.kind === "photo");
  if (photos.length) nodes.push(el("div", { class: `photos count-${Math.min(photos.length, 4)}` }, photos.map(photo)));
  for (const each of group) {
    if (each.media && each.media.kind !== "photo") nodes.push(attachment(each));
    if (each.location) nodes.push(place(each.location));
    if (each.text) nodes.push(el("div", { class: "words" }, words(each.text, each.entities, act)));
  }
  return nodes;
}

function photo(message) {
  const picture = el("img", {
    src: message.media.url, alt: t("photo-of", { name: message.from.name }), loading: "lazy",
    width: message.media.width, height: message.media.height,
  });
  const open = () => {
    byId("viewer-image").src = message.media.url;
    byId("viewer-image").alt = picture.alt;
    byId("viewer").showModal();
  };
  return el("button", { type: "button", class: "photo", "aria-label": picture.alt, onclick: open }, picture);
}

function attachment(message) {
  const { kind, name, url, seconds, size: bytes } = message.media;
  if (kind === "voice") {
    const bars = Array.from({ length: 22 }, (_, n) => {
      const bar = el("i");
      bar.style.height = `${4 + ((message.id * 31 + n * n * 7) % 15)}px`;
      return bar;
    });
    return el("div", { class: "attachment" }, el("span", { class: "round" }, icon("voice")), el("span", { class: "wave", "aria-hidden": "true" }, bars),
      el("span", { class: "small-print" }, t("voice-of", { n: seconds })));
  }
  return el("a", { class: "attachment", href: url, download: name }, el("span", { class: "round" }, icon("file")),
    el("span", {}, el("b", {}, name), el("span", { class: "small-print" }, size(bytes))));
}

function place(location) {
  const where = `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
  return el("div", { class: "place" }, el("div", { class: "map", "aria-hidden": "true" }, icon("place")), el("span", { class: "small-print" }, where));
}

function meta(group) {
  const last = group.at(-1);
  const date = new Date(last.date);
  return el("p", { class: "meta" },
    last.silent && el("span", { class: "quiet", role: "img", "aria-label": t("silent"), title: t("silent") }, icon("muted")),
    group.some((each) => each.edited) && el("span", {}, t("edited")),
    el("time", { datetime: last.date }, clockTime(date)));
}

function keyboard(message, actions) {
  if (!message.buttons.length) return null;
  let number = -1;
  return el("div", { class: "keyboard" }, message.buttons.map((captions, line) =>
    el("div", { class: `keyboard-row ${captions.length > 3 ? "tight" : ""}` }, captions.map((caption, place) => {
      const index = (number += 1);
      const address = message.links[line][place];
      return el("button", {
        type: "button", class: "key",
        onclick: (event) => (address ? actions.follow(address) : actions.press(message, index, event.currentTarget)),
      }, el("span", {}, caption), address && icon("away"));
    }))));
}

function reactions(message) {
  if (!message.reactions.length) return null;
  const counted = new Map();
  for (const { emoji, by } of message.reactions) counted.set(emoji, [...(counted.get(emoji) ?? []), by]);
  return el("div", { class: "reactions" }, [...counted].map(([emoji, names]) =>
    el("span", { class: "reaction", title: names.join("、") }, emoji, names.length > 1 && ` ${names.length}`)));
}

export const lastOwn = (messages, self) =>
  [...messages].reverse().find((each) => each.from.id === self && each.text && !each.service);
