// Worker that estimates password strength. It runs beside the page, because an estimate takes a moment and typing
// must not be delayed. Nothing leaves the browser.
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import adjacencyGraphs from "@zxcvbn-ts/language-common/dist/adjacencyGraphs.json.mjs";
import passwords from "@zxcvbn-ts/language-common/dist/passwords.json.mjs";
import englishWords from "@zxcvbn-ts/language-en/dist/commonWords.json.mjs";
import englishNames from "@zxcvbn-ts/language-en/dist/firstnames.json.mjs";
import en from "@zxcvbn-ts/language-en/dist/translations.mjs";
import { dictionary as indonesian, translations as id } from "@zxcvbn-ts/language-id";

const TEXTS = { id, en };

// English surnames and encyclopaedia words are left out: 350 KB that hardly occur in passwords here.
const checker = new ZxcvbnFactory({
  graphs: adjacencyGraphs,
  dictionary: { passwords, englishWords, englishNames, ...indonesian },
});

self.onmessage = ({ data }) => {
  const { password, known_words, lang } = JSON.parse(data);
  const { warnings, suggestions } = TEXTS[lang] ?? TEXTS.id;
  const { score, feedback } = checker.check(password, known_words);
  const hints = [warnings[feedback.warning], ...feedback.suggestions.map((key) => suggestions[key])];
  self.postMessage(JSON.stringify({ score, hints: hints.filter(Boolean) }));
};
