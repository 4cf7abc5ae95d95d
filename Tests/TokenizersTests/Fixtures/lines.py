"""The texts that the fixtures are trained on and asked about."""

import random

CORPUS_TEXT = """
The quick brown fox jumps over the lazy dog. It's what we'd said they'll do; I've no idea, you're right, don't we?
In 1984 there were 12345 people, 3.14159 of whom paid $1,000,000.00 (or 50%) for e-mail: foo.bar@example.com.
Language models learn tokens from text, and tokens are counted, merged, split and merged again by the trainer.
    def tokenise(text: str) -> list[int]:
        return [vocab.get(piece, 0) for piece in split(text)]  # TODO: unknown pieces
for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; } // dot product
Der schnelle braune Fuchs springt über den faulen Hund. Größe, Straße, Übermut, Äpfel, öffnen, Fußgänger.
Le cœur a ses raisons que la raison ne connaît point. L'été, déjà, où, garçon, naïve, façade, être, élève.
El niño comió piñas en la mañana; ¿qué pasó? ¡Nada! Corazón, canción, pingüino, José, Málaga.
Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń. Árvíztűrő tükörfúrógép. Iğdır, Istanbul, ışık.
Быстрая коричневая лиса перепрыгивает через ленивую собаку. Съешь ещё этих мягких французских булок.
Η γρήγορη αλεπού πηδά πάνω από το τεμπέλικο σκυλί. Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ΟΔΥΣΣΕΥΣ
敏捷的棕色狐狸跳过了懒狗。今天天气很好，我们去公园散步吧。中文分词是自然语言处理的基础。
素早い茶色の狐はのろまな犬を飛び越える。カタカナ、ひらがな、漢字。トークナイザーは文章を分割します。
빠른 갈색 여우가 게으른 개를 뛰어넘는다. 한국어 토크나이저는 문장을 나눕니다. 안녕하세요 세계
สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจ ภาษาไทยไม่มีช่องว่างระหว่างคำ
الثعلب البني السريع يقفز فوق الكلب الكسول. اللغة العربية تكتب من اليمين إلى اليسار. مُحَمَّد
השועל החום המהיר קופץ מעל הכלב העצלן. שָׁלוֹם עוֹלָם
तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। हिन्दी भाषा में मात्राएँ होती हैं। १२३४५
দ্রুত বাদামী শিয়াল অলস কুকুরের উপর দিয়ে লাফ দেয়। தமிழ் மொழி மிகவும் பழமையானது.
Emoji: 😀 😂 ❤️ 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 🇫🇷 ✈️ 🎉 ½ ¼ ² ³ ™ © ® € £ ¥ → ∞ ≠ √ ∑
{"key": "value", "list": [1, 2, 3], "nested": {"a": null, "b": true}} <div class="x">&amp;</div>
SELECT name, COUNT(*) FROM users WHERE age >= 18 GROUP BY name HAVING COUNT(*) > 1;
"""

CORPUS = [line for line in CORPUS_TEXT.strip("\n").split("\n") for _ in range(3)] + [
    word for word in CORPUS_TEXT.split() for _ in range(2)]

LINES = [
    "", " ", "  ", "   ", "a", " a", "a ", "  a  b  ", "\n", "\r\n", "\n\n", "\t", "\t\ttabs\tin\tline", " \n \n x",
    "Hello", "hello", "Hello world", " Hello  world ", "HELLO WORLD", "Hello, world! How's it going? I'LL we'RE they'Ve he'd",
    "it's can't we've you're I'm they'll she'd 'tis '' ' 's x's'S it'ſ", "don't do not n't 've 're . , ! ? ' x",
    "The tokenizer splits text into tokens, merges them and counts again.",
    "one\ntwo\r\nthree\rfour\n\nfive\n\n\n  six  \n\tseven", "trailing spaces   ", "    def f(x):\n        return x\n\n\n    # end\n",
    "for (int i = 0; i < n; ++i) { sum += a[i]; }\r\n// done\r\n", "x=1;y=2;z=x+y;print(z)", "<div class=\"a\">&amp;</div>",
    "0", "1", "12", "123", "1234", "12345", "1234567890", "3.14159e-10", "1,000,000.00", "v1.2.3-beta4", "10" * 40, "a1b2c3", "１２３４ Ⅳ ½ ² ৩৪ १२३ ㉓ 𝟘𝟙",
    "naïve café résumé", "nai\u0308ve cafe\u0301 re\u0301sume\u0301", "Å Å Å", "ﬁ ﬂ ﬀ ﬃ ﬆ ĳ ŀ", "① ② ㊙ ㍿ ㌔ ½ ™ …", "ẛ̣ ẛ̣ q̣̇ q̣̇ a\u0315\u0300\u05ae\u0327b",
    "e\u0301\u0301\u0301\u0327 o\u0302\u0323", "\u0301 starts with a mark", "\u0344 \u0958 \u2126 \u212b \uf900 \ufb1d \u1e9b", "ÀÉÎÕÜ ÇŠŽ İI ıi ẞß ŉ ǰ", "ΟΔΥΣΣΕΥΣ ς Σ ΐ ΰ",
    "Straße GROẞE Übermut", "Příliš žluťoučký kůň", "Iğdır ışık", "Быстрая лиса Ёё Йй", "Η γρήγορη αλεπού ἀρχῇ ᾅ",
    "你好，世界！今天天气很好。", "中文English混合text测试123", "素早い茶色の狐", "ｶﾞｷﾞ ガギ カ\u3099キ\u3099", "ﾊﾝｶｸ ＦＵＬＬ ｗｉｄｔｈ",
    "안녕하세요 세계", "한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "각 각 갂", "ภาษาไทย น้ำ กำ", "ລາວ ខ្មែរ မြန်မာ བོད་སྐད",
    "مرحبا بالعالم مُحَمَّد ﷺ ﻻ", "שָׁלוֹם עוֹלָם", "\u202bעברית\u202c and \u200eLTR\u200f", "हिन्दी क्षत्रिय ज़", "தமிழ் நீ கொ", "বাংলা",
    "😀", "😀😀", "👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷🇬", "❤️ ❤ ✈︎ ☎️ #️⃣ 1️⃣", "a😀b 😀c", "🧑🏿‍🚀x", "\U0001f9d1\u200d\U0001f4bb code", "𝒜𝓑 𝔘𝔫𝔦 ℌ ℵ", "𠀋𠮷 野家 \U0002f800", "\U0001f700\U000e0041\U0010ffff",
    "nbsp\u00a0here\u2003em\u3000ideographic\u200bzero\u2028ls\u2029ps\u0085nel", "\u2009thin \u205f \u1680ogham \u180e", "\ufeffBOM first", "soft\u00adhyphen \u2011 – — ― ‘’ “” «»",
    "\x00", "a\x00b", "\x01\x02\x1b[31mred\x1b[0m", "\x7f\x80\x9f", "bell\x07 back\x08 vt\x0b ff\x0c", "\ufffd\ufffd", "bad \ufffd bytes \xc3\x28 \xe2\x82", "Ã© mojibake â€™ Ġ Ċ ĉ Ń Ł", "Ġspace Ċnewline", "▁under ▁▁ _low_ __",
    "<unk>", "<s>", "</s>", "a<s>b", "<s> hi </s>", "<|endoftext|>", "a <|endoftext|> b", "<|endoftext|><|endoftext|>", "<|begin_of_text|>hi<|end_of_text|>", "<|im_start|>user\nhi<|im_end|>\n", "<think>x</think><tool_call>",
    "[CLS] a [SEP]", "[MASK]", "the [MASK] dog", "x[MASK]y", "<mask>", "a <mask> b", "a   <mask>", "<0x41><0xE2><0x0A>", "<|end|>", "<|endof", "<pad></s>",
    "a <L> b <R> c <LR> d", "a  <L>  b  <R>  c  <LR>  d", "<L><R><LR><L>", "<R> <L>", "<R>  <L> x", "a<W>b <W> c <W>,<W>", "<LR>\n\t<LR>\u00a0<R>\u3000x", "Hello Hell hello HELLO Helloo", "ＷＩＤＥ wide WIDEr xwide", "été  ÉTÉ e\u0301te\u0301 x", "lo w low  low slow low.", "[MASK][MASK] x [MASK]_",
    "Kilometre ㎞ kilometre", "ﬁn fin finish ﬁnal", "a" * 50, "a" * 120, "ab" * 150, "xyz" * 40, "supercalifragilisticexpialidocious" * 3, "é" * 60, "字" * 70, "🎉" * 30, " " * 30, "a" + " " * 26 + "b", "\n" * 7, " \t" * 9, "-" * 45, "=" * 33 + ">", "!?" * 12, "...---...",
    "foo.bar@example.com https://example.com/a/b?c=d&e=f#g", "C:\\path\\to\\file.txt /usr/lib", "snake_case camelCase PascalCase kebab-case SCREAMING_CASE", "Hello;World;;x", "a,b,,c , d", "A.B.C. end.Now!Then?", "XMLHttpRequest iPhone McDonald O'Neill", "--flag ---x -- a--b",
    "{\"key\": [1, 2, {\"a\": null}]}", "`code` **bold** _it_ ~~no~~ # head", "$100 €50 £20 ¥30 ₿1 50% ‰ §5 ¶ †", "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋ ≠ ∞", "a+b=c; a-b; a*b; a/b; a^b; a&b; a|b; ~a", "(a)[b]{c}<d>", "\u0600123 \u06dd \u070f \u08e2", "\u1885\u1886 \u1cf2 \u111c9 \U000111c9 \u166d \ua9bd",
    "\u24b6\u24e9 \U0001f130 \u0345 \u0e33 \u0eb3", "क्‍ष क्‌ष \u0d4e\u0d15 \u1100\u1161\u11a8\u11a8", "\u0f73\u0f75\u0f81 \u0f71\u0f72", "\U0001d15e \U0001d1bb \U0001d165\U0001d16e", "\ua7f2 \u32ff \U0001f16c \U00011938 \U00010781", "\u1c89 \ua7cb \ua7ce \U00016ea0",
    "mixed: abc абв αβγ 漢字 한글 ไทย عربي 😀 123", "Q. 1) first\n   2) second\n\n- item\n\t- sub\n", "tab\tsep\tvalues\n1\t2\t3\n", "end with newline\n", "end with spaces and newline  \n", "\r\r\n\n\r", " \r\n", "x \r\n y", "x\n y\n  z", "a\u00a0\u00a0b \u00a0c", "a\u3000\n\u3000b",
]

_PIECES = [
    "the", "The", " of", "tokens", "Tokenizer", "don't", "I'LL", "we've", "O'Neill", "naïve", "cafe\u0301", "Straße", "ﬁne", "Größe",
    "лиса", "Ёлка", "αλεπού", "ΣΑΣ", "狐狸", "今天", "カタカナ", "ｶﾞ", "한국어", "\u1112\u1161\u11ab", "ภาษา", "น้ำ", "مُحَمَّد", "שָׁלוֹם", "हिन्दी", "தமிழ்", "বাংলা",
    "😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "❤️", "#️⃣", "𝒜", "𠮷", "½", "²", "Ⅳ", "１２", "३४", "1", "42", "2024", "1234567", "3.14", "1e-5", "0x1F",
    " ", " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u3000", "\u200b", "\u2028", "\u0085", "\x00", "\x1b", "\ufffd", "\ufeff", "\u0301", "\u0327",
    ".", ",", "!", "?", "...", "'", "''", "\"", "(", ")", "[", "]", "{", "}", "<", ">", "/", "\\", "-", "--", "—", "_", "#", "@", "&", "*", "=", "==", "+=", ";", ":", "::", "$", "%", "^", "|", "~", "`", "→", "≠", "€",
    "def", "return", "if (x)", "for i in", "std::vector<int>", "self.", "=> {", "};", "</div>", "&amp;", "SELECT *", "fooBar", "snake_case", "HTTPServer",
    "<s>", "</s>", "<unk>", "<|endoftext|>", "<|im_start|>", "[MASK]", "<mask>", "<L>", "<R>", "<LR>", "<W>", "Hello", "low", "lo w", "<0x41>", "▁", "Ġ", "Ċ", "Å", "ſ", "ŉ", "İ", "ẞ", "㎞", "q̣̇", "각",
]


def _random_scalar(rng):
    while True:
        kind = rng.random()
        top = 0x250 if kind < 0.3 else 0x3000 if kind < 0.7 else 0x10000 if kind < 0.9 else 0x20000 if kind < 0.97 else 0x110000
        c = rng.randrange(top)
        if not 0xD800 <= c < 0xE000:
            return chr(c)


def many_lines(count, seed=20260):
    """Words, signs, spaces and any characters at all, in any order."""
    rng = random.Random(seed)
    words = CORPUS_TEXT.split()
    lines = []
    for index in range(count):
        parts = []
        for _ in range(rng.choice([1, 2, 3, 5, 8, 13, 21, 40])):
            kind = rng.random()
            if kind < 0.45:
                parts.append(rng.choice(_PIECES))
            elif kind < 0.7:
                parts.append(rng.choice(words))
            elif kind < 0.8:
                parts.append(" " + rng.choice(words))
            elif kind < 0.85:
                parts.append(rng.choice(" \n\t") * rng.randrange(1, 8))
            elif kind < 0.88:
                parts.append(rng.choice("a-=.x1é字😀 ") * rng.randrange(1, 150))
            else:
                parts.append("".join(_random_scalar(rng) for _ in range(rng.randrange(1, 5))))
            if index % 3 == 0 and rng.random() < 0.6:
                parts.append(" ")
        lines.append("".join(parts))
    return lines
