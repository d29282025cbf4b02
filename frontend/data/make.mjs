// Makes emoji.txt out of four npm packages; README.md beside it says how, and what stands in the file.
import { createRequire } from "node:module";
const load = createRequire(`${process.cwd()}/`);

// What the phones and computers of the last two years can draw.
const NEWEST = 15.1;
const TONES = /[\u{1f3fb}-\u{1f3ff}]/u;
const BASE = /\p{Emoji_Modifier_Base}/u;
const STYLED = "\ufe0f";

const groups = load("unicode-emoji-json/data-by-group.json");
const github = load("emojibase-data/en/shortcodes/github.json");
const annotations = (language) => {
  const read = (name, key) => load(`cldr-annotations-${name}full/annotations${key}/${language}/annotations.json`);
  return { ...read("", "").annotations.annotations, ...read("derived-", "Derived").annotationsDerived.annotations };
};
const [english, chinese] = ["en", "zh"].map(annotations);

const plain = (emoji) => emoji.replaceAll(STYLED, "");
const about = (of, emoji) => of[emoji] ?? of[plain(emoji)] ?? {};
const codes = new Map(
  Object.entries(github).map(([hex, names]) => [
    plain(String.fromCodePoint(...hex.split("-").map((code) => parseInt(code, 16)))),
    [names].flat(),
  ]),
);

// `~` stands where a tone goes, `^` where it goes in the place of the sign that asks for colour.
function toned(emoji) {
  const parts = [...emoji];
  // In a couple that holds hands the hands have no tone of their own.
  const several = parts.filter((part) => BASE.test(part)).length > 1;
  let marked = "";
  for (let at = 0; at < parts.length; at += 1) {
    marked += parts[at];
    if (BASE.test(parts[at]) && !(several && parts[at] === "🤝")) {
      const styled = parts[at + 1] === STYLED;
      marked += styled ? "^" : "~";
      at += styled ? 1 : 0;
    }
  }
  return marked;
}

// They stand at so many that they find nothing.
const DULL = new Set(["face", "person", "of", "the", "and", "a", "with", "mouth", "eye", "eyes", "脸", "人", "人物", "眼睛"]);
const words = (text) => text.toLowerCase().split(/[\s:,]+/).filter(Boolean);
// Keywords that the name or the shortcode has already, or that another keyword goes on from, find nothing more.
function more(keywords, known, most) {
  const all = [...new Set(keywords.map((word) => word.toLowerCase()))].filter((word) => !DULL.has(word));
  const found = all.filter((word) => !known.includes(word) && !all.some((other) => other !== word && other.startsWith(word)));
  // The short ones are what people type.
  return found.sort((a, b) => a.length - b.length).slice(0, most);
}

// Families by their members, which most systems draw as one and the same sign, and people who walk to the right.
const isRare = (emoji) => /\u200d\u27a1|\u200d[👦👧👩👨]/u.test(emoji) && !/❤/u.test(emoji);
const isVariant = (emoji) => /\u200d[♀♂]|^[👩👨]\u200d(?!❤)/u.test(emoji);
const taken = new Set(groups.flatMap(({ emojis }) => emojis.map(({ slug }) => slug)));
const lines = [];
for (const { slug, emojis } of groups) {
  lines.push(`=${slug.replace(/_.*/, "")}`);
  for (const { emoji, name, slug: code, emoji_version, skin_tone_support } of emojis) {
    if (Number(emoji_version) > NEWEST || isRare(emoji)) continue;
    if (TONES.test(emoji)) throw new Error(`${emoji} has a tone`);
    const en = about(english, emoji);
    const zh = about(chinese, emoji);
    const own = code.replace(/[^a-z0-9_+-]/g, "");
    let other = (codes.get(plain(emoji)) ?? []).filter((other) => other !== own && /^[a-z0-9_+-]+$/.test(other) && !taken.has(other));
    for (const code of [own, ...other]) taken.add(code);
    const isFlag = slug === "flags";
    if (isFlag) other = other.filter((code) => code.length <= 3);
    const title = (zh.tts?.[0] ?? "").replace(isFlag ? /^旗: / : /: /, "");
    // Of a man and a woman who do the same, the name is enough; a flag has nothing but its name.
    const few = isVariant(emoji) || isFlag;
    if (isVariant(emoji)) other = [];
    const english_words = few ? [] : more((en.default ?? []).flatMap(words), [own, ...other, ...words(name)].join(" "), 4);
    const chinese_words = few ? [] : more(zh.default ?? [], title, ["smileys_emotion", "people_body"].includes(slug) ? 4 : 1);
    const fields = [skin_tone_support ? toned(emoji) : emoji, [own, ...other].join(" "), english_words.join(" "), title, chinese_words.join(" ")];
    lines.push(fields.join("\t").replace(/\t+$/, ""));
  }
}
process.stdout.write(`${lines.join("\n")}\n`);
