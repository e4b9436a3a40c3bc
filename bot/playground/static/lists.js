// The list of all chats on the left and the tabs of the open ones (narrow screens show one chat at a time).

import { avatar, byId, el } from "./dom.js";
import { t } from "./strings.js";
import { isPrivate, note, store, title } from "./store.js";

export function drawRail(page) {
  const sought = byId("search").value.trim().toLowerCase();
  const fits = (id) => !sought || `${title(id)} ${note(id)} ${id}`.toLowerCase().includes(sought);
  const groups = [...store.chats.keys()].filter((id) => !isPrivate(id) && store.chats.get(id).migrated_to === null);
  const people = [...store.users.values()].filter((user) => !user.is_bot).map((user) => user.id);
  const talked = people.filter((id) => store.chats.get(id)?.count || store.shown.includes(id));
  const others = people.filter((id) => !talked.includes(id));
  const parts = [["groups", groups], ["privates", talked], ["people", others]].map(([name, ids]) => [name, ordered(ids.filter(fits))]);
  const nodes = parts.filter(([, ids]) => ids.length).flatMap(([name, ids]) => [
    el("h2", { class: "rail-head" }, t(name)), ...ids.map((id) => entry(id, page)),
  ]);
  const held = byId("rail-list").contains(document.activeElement) ? document.activeElement.dataset.entry : null;
  byId("rail-list").replaceChildren(...(nodes.length ? nodes : [el("p", { class: "empty" }, t("nobody"))]));
  if (held) byId("rail-list").querySelector(`[data-entry="${held}"]`)?.focus({ preventScroll: true });
}

// Unread ones first, then what is open, then the latest talk, else the order in which the district was built.
function ordered(ids) {
  const rank = (id) => [store.unread.get(id) ? 0 : 1, store.shown.includes(id) ? 0 : 1, -(store.touched.get(id) ?? 0)];
  return ids.map((id, place) => [...rank(id), place, id])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
    .map((each) => each[4]);
}

function entry(id, page) {
  const isShown = store.shown.includes(id);
  const name = title(id);
  return el("button", {
    type: "button", class: `entry ${isShown ? "open" : ""}`, data: { entry: String(id) }, "aria-pressed": String(isShown),
    title: t(isShown ? "hide-name" : "show-name", { name }),
    onclick: () => (isShown ? page.toggle(id) : page.show(id)),
  }, avatar(id, name), el("span", { class: "entry-words" }, el("b", {}, name), el("small", {}, note(id))), badge(id));
}

function badge(id) {
  const count = store.unread.get(id);
  return count ? el("span", { class: "badge", "aria-label": t("unread", { n: count }) }, count > 99 ? "99+" : String(count)) : null;
}

export function drawTabs(page) {
  byId("tabs").replaceChildren(...store.shown.map((id) => el("button", {
    type: "button", role: "tab", class: "tab", "aria-selected": String(id === store.active),
    onclick: () => page.activate(id, true),
  }, el("span", {}, title(id)), badge(id))));
  const hidden = [...store.unread].some(([id]) => !store.shown.includes(id));
  byId("rail-toggle").classList.toggle("has-news", hidden);
}
