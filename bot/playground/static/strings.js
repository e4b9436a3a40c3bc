// Every sentence of the page, in both languages; what the bot says comes from the bot.

const TABLE = {
  zh: {
    name: "街呼", drill: "演练场", "all-chats": "全部聊天", "open-chats": "打开的聊天", clock: "时钟",
    "clock-move": "拨快时钟", "plus-10m": "+10 分钟", "plus-1h": "+1 小时", "plus-day": "+1 工作日",
    "next-due": "到下一个时限", settings: "演练开关", hints: "示例", try: "写一句试试：", close: "关闭",
    search: "找聊天或人", ok: "好", cancel: "取消", groups: "群", privates: "私聊", people: "人", nobody: "没有找到",
    members: "{n} 人", "no-bot": "机器人不在群里", "private-with": "与机器人的私聊", "i-am": "我是",
    write: "写消息…", "write-as": "以{name}的身份写消息", send: "发送", attach: "添加", photo: "照片或文件…",
    sample: "示例照片：{name}", album: "示例相册（3 张）", place: "发送位置", voice: "发送语音（无声）",
    reply: "回复", forward: "转发…", edit: "编辑", remove: "删除", react: "表情：{emoji}", more: "更多",
    "forward-to": "转发到", "reply-to": "回复 {name}", editing: "正在编辑", "cancel-reply": "取消回复",
    edited: "已编辑", silent: "静默发送", "forwarded": "转发自 {name}", "deleted-message": "消息已删除",
    bot: "机器人", typing: "{name} 正在输入…", today: "今天", yesterday: "昨天", earlier: "显示更早的消息",
    empty: "还没有消息", "open-private": "打开{name}的私聊", "close-column": "关闭这一栏", "chat-menu": "聊天菜单",
    kick: "把机器人移出群", "add-bot": "请机器人回群", block: "停用机器人", unblock: "恢复机器人",
    coming: "机器人正在学清单，第一次大约要一两分钟；现在写的话会等着，它好了就答。",
    offline: "机器人断网（演练）：发出的消息会等着，恢复后再处理。", "disconnected": "与演练场的连接断了，正在重连…",
    "go-offline": "机器人断网", privacy: "隐私模式（看不到普通消息）", flood: "群里每分钟最多 20 条",
    "new-in": "{name} 有新消息", open: "打开", "no-answer": "机器人没有回应", unread: "{n} 条未读",
    "hide-name": "从页面上收起 {name}", "show-name": "打开 {name}", moved: "时钟到了 {time}", topic: "话题", general: "综合",
    "photo-of": "{name} 发的照片", "voice-of": "语音 {n} 秒", "see-reply": "看原消息", member: "成员", photo_word: "[照片]",
    document_word: "[文件]", voice_word: "[语音]", location_word: "[位置]", "start-here": "打开的栏都在这里。从左边选一个聊天开始。",
    "s-new_chat_members": "{name} 进群", "s-left_chat_member": "{name} 退群", "s-forum_topic_created": "新话题 {name}",
    "s-migrate_to_chat_id": "群已升级，换了编号 {name}", "s-migrate_from_chat_id": "群由 {name} 升级而来",
  },
  en: {
    name: "Jiehu", drill: "Playground", "all-chats": "All chats", "open-chats": "Open chats", clock: "Clock",
    "clock-move": "Move the clock", "plus-10m": "+10 min", "plus-1h": "+1 hour", "plus-day": "+1 working day",
    "next-due": "To the next deadline", settings: "Drill switches", hints: "Examples", try: "Try a sentence:", close: "Close",
    search: "Find a chat or person", ok: "OK", cancel: "Cancel", groups: "Groups", privates: "Private", people: "People",
    nobody: "Nothing found", members: "{n} people", "no-bot": "the bot is not here", "private-with": "private chat with the bot",
    "i-am": "I am", write: "Write a message…", "write-as": "Write a message as {name}", send: "Send", attach: "Attach",
    photo: "Photo or file…", sample: "Sample photo: {name}", album: "Sample album (3 photos)", place: "Send a location",
    voice: "Send a voice message (silent)", reply: "Reply", forward: "Forward…", edit: "Edit", remove: "Delete",
    react: "React: {emoji}", more: "More", "forward-to": "Forward to", "reply-to": "Reply to {name}", editing: "Editing",
    "cancel-reply": "Cancel reply", edited: "edited", silent: "sent silently", forwarded: "Forwarded from {name}",
    "deleted-message": "Deleted message", bot: "bot", typing: "{name} is typing…", today: "Today", yesterday: "Yesterday",
    earlier: "Show earlier messages", empty: "No messages yet", "open-private": "Open {name}'s private chat",
    "close-column": "Close this column", "chat-menu": "Chat menu", kick: "Remove the bot from the group",
    "add-bot": "Bring the bot back", block: "Block the bot", unblock: "Unblock the bot",
    coming: "The bot is learning its list, a minute or two the first time; what you write now waits for it.",
    offline: "The bot is cut off (drill): what you send waits until it is back.",
    disconnected: "The connection to the playground is lost, trying again…", "go-offline": "Cut the bot off",
    privacy: "Privacy mode (plain messages hidden)", flood: "At most 20 messages a minute per group",
    "new-in": "New message in {name}", open: "Open", "no-answer": "The bot did not answer", unread: "{n} unread",
    "hide-name": "Hide {name}", "show-name": "Open {name}", moved: "The clock is at {time}", topic: "Topic", general: "General",
    "photo-of": "Photo by {name}", "voice-of": "Voice, {n} s", "see-reply": "Show the original", member: "member",
    photo_word: "[photo]", document_word: "[file]", voice_word: "[voice]", location_word: "[location]",
    "start-here": "Open chats stand here. Choose one on the left to begin.",
    "s-new_chat_members": "{name} joined", "s-left_chat_member": "{name} left", "s-forum_topic_created": "New topic {name}",
    "s-migrate_to_chat_id": "The group has moved to {name}", "s-migrate_from_chat_id": "The group has come from {name}",
  },
};

let lang = localStorage.getItem("play.lang") || (navigator.language.startsWith("zh") ? "zh" : "en");
if (!(lang in TABLE)) lang = "zh";

export const language = () => lang;

export function switchLanguage() {
  lang = lang === "zh" ? "en" : "zh";
  localStorage.setItem("play.lang", lang);
}

export function t(key, values = {}) {
  const words = TABLE[lang][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export function translatePage() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = `${t("name")} · ${t("drill")}`;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", t(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
}
