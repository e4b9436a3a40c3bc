// Small tools to build the page from nodes. Text always goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M12 5v14M5 12h14",
  send: "M5 12h13M12.500 5.500 19 12l-6.500 6.500",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  settings: "M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4",
  reply: "M9 7 4.500 11.500 9 16M5 11.500h8a6 6 0 0 1 6 6v1",
  muted: "M6 16h12l-1.600-2.300V10a4.400 4.400 0 0 0-8.800 0v3.700zM10.500 19h3M4 4l16 16",
  place: "M12 21c4.500-4.900 6.700-8.400 6.700-11a6.700 6.700 0 1 0-13.400 0c0 2.600 2.200 6.100 6.700 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  file: "M7 3.500h7l4 4V20a.6.6 0 0 1-.6.6H7a.6.6 0 0 1-.6-.6V4.100a.6.6 0 0 1 .6-.6zM14 3.500V8h4",
  voice: "M12 15a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 12a6 6 0 0 0 12 0M12 18v3",
  away: "M7 17 17 7M9 7h8v8",
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function avatar(id, name) {
  const letter = [...(name || "?")][0];
  return el("span", { class: `avatar hue-${Math.abs(id) % 8}`, "aria-hidden": "true" }, letter);
}

export const byId = (id) => document.getElementById(id);
