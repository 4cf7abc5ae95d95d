import LinearAlgebra

/// Texts that differ from a given text as little as a test of a rule allows: the raw material of
/// probes.
///
/// Every edit is checked on the text it returns: a near-miss breaks the rule, a paraphrase keeps it.
/// An edit that is not possible is nil. The same generator state gives the same edit.
public struct TextEdits: Sendable {
    /// Where new material comes from.
    public struct Vocabulary: Hashable, Sendable {
        /// Neutral sentences without line breaks.
        public let sentences: [String]
        /// Single words in lower case.
        public let words: [String]

        /// - Parameters: what is unusable or repeated is left out; order is kept.
        public init(sentences: [String], words: [String]) {
            var seen: Set<String> = []
            self.sentences = sentences.filter {
                !$0.isEmpty && $0.utf8.count <= 400 && !$0.contains(where: \.isNewline)
                    && seen.insert($0).inserted
            }
            self.words = words.filter { word in
                let units = TextUnits(word).units
                return units.count == 1 && units[0].kind == .word && units[0].text == word
                    && word.utf8.count <= TextProperty.textByteLimit && seen.insert(word).inserted
            }
        }

        /// Sentences of 4 to 16 units and frequent words, drawn from texts.
        public init(from texts: [TextUnits], seed: UInt64, sentences: Int = 64, words: Int = 400) {
            var generator = SeededGenerator(seed: seed, stream: 0x564F_4341)
            var counts: [String: Int] = [:]
            var found: [String] = []
            for text in texts {
                for unit in text.units where unit.kind == .word && unit.text == unit.folded {
                    counts[unit.text, default: 0] += 1
                }
                for piece in text.text.split(whereSeparator: \.isNewline) {
                    for sentence in piece.split(separator: ". ") {
                        let units = TextUnits(String(sentence)).units
                        guard (4...16).contains(units.count), units.allSatisfy(Self.isPlain) else {
                            continue
                        }
                        let isEnded = ".!?".contains(units.last?.text ?? "")
                        found.append(isEnded ? String(sentence) : sentence + ".")
                    }
                }
            }
            var ranked = counts.map { (word: $0.key, count: $0.value) }
            ranked.sort { a, b in a.count == b.count ? a.word < b.word : a.count > b.count }
            found = Array(Set(found)).sorted()
            let chosen = generator.sample(min(sentences, found.count), of: found.count)
            self.init(
                sentences: chosen.map { found[$0] }, words: ranked.prefix(words).map(\.word))
        }

        private static func isPlain(_ unit: TextUnits.Unit) -> Bool {
            unit.isWordlike || [",", ".", "!", "?", ";"].contains(unit.text)
        }
    }

    /// An edited text and what was done, for the record.
    public struct Edit: Hashable, Sendable {
        public let text: String
        public let note: String
    }

    public let vocabulary: Vocabulary
    /// Longer texts are not edited.
    public static let unitLimit = 1_024

    public init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// The text with one part of the rule broken, everywhere it holds.
    ///
    /// - Returns: a text on which `rule` holds nowhere; nil when it holds nowhere before.
    public func nearMiss(
        of text: TextUnits, rule: TextRule, _ generator: inout SeededGenerator
    ) -> Edit? {
        nearMiss(of: text, rule: rule, &generator) { _ in true }
    }

    /// - Parameter accept: what else the result must satisfy.
    func nearMiss(
        of text: TextUnits, rule: TextRule, _ generator: inout SeededGenerator,
        accept: (TextUnits) -> Bool
    ) -> Edit? {
        guard text.units.count <= Self.unitLimit, let place = rule.places(in: text).first,
            let facet = rule.facets.first(where: { $0.holds(at: place, in: text) })
        else { return nil }
        let turn = generator.below(facet.literals.count)
        for offset in facet.literals.indices {
            let literal = facet.literals[(turn + offset) % facet.literals.count]
            guard let broken = breaking(literal, of: rule, in: text, &generator, accept: accept)
            else { continue }
            return Edit(text: broken.text, note: "breaks: \(literal.sentence)")
        }
        return nil
    }

    /// The text with as many other words replaced as can be while the rule keeps holding at a unit.
    ///
    /// - Parameter place: a unit where the rule holds.
    public func paraphrase(
        of text: TextUnits, place: Int, rule: TextRule, _ generator: inout SeededGenerator
    ) -> Edit? {
        guard text.units.count <= Self.unitLimit, text.units.indices.contains(place),
            rule.holds(at: place, in: text), !vocabulary.words.isEmpty
        else { return nil }
        let others = text.units.indices.filter { $0 != place && text.units[$0].kind == .word }
        var current = text
        var changed = 0
        for unit in others.shuffled(using: &generator).prefix(64) {
            let words = (0..<2).map { _ in randomWord(like: current.units[unit], &generator) }
            for word in words where word != current.units[unit].text {
                let next = current.replacing(unit, by: word)
                guard next.units.count == text.units.count, rule.holds(at: place, in: next) else {
                    continue
                }
                current = next
                changed += 1
                break
            }
        }
        guard changed > 0 else { return nil }
        return Edit(
            text: current.text, note: "keeps the rule, replaces \(changed) of \(others.count) words"
        )
    }

    /// A neutral text with a piece put in on which the rule holds.
    ///
    /// - Parameter text: where the rule holds; the smallest piece round its first place is taken.
    public func injection(
        of text: TextUnits, rule: TextRule, _ generator: inout SeededGenerator
    ) -> Edit? {
        guard text.units.count <= Self.unitLimit, let place = rule.places(in: text).first else {
            return nil
        }
        let neutral = vocabulary.sentences.filter { !rule.holds(in: TextUnits($0)) }
        guard !neutral.isEmpty else { return nil }
        for _ in 0..<4 {
            let before = neutral[generator.below(neutral.count)]
            let after = neutral[generator.below(neutral.count)]
            for reach in [0, 1, 2, 3, 5, 8, 16] {
                let piece = text.piece(around: place, reach: reach)
                let frames = [
                    "\(before) \(piece) \(after)", "\(piece) \(after)", "\(before) \(piece)",
                    "\(before)\n\(piece)\n\(after)",
                ]
                if let found = frames.first(where: { rule.holds(in: TextUnits($0)) }) {
                    return Edit(
                        text: found, note: "neutral text with \(FormulaText.quoted(piece)) put in")
                }
            }
        }
        return nil
    }

    /// The text with the smallest edits found that make the rule hold.
    ///
    /// - Returns: a text on which `rule` holds; nil when it holds before.
    public func satisfying(
        _ text: TextUnits, rule: TextRule, _ generator: inout SeededGenerator
    ) -> Edit? {
        satisfying(text, rule: rule, &generator) { _ in true }
    }

    /// A text on which `other` holds and `rule` does not: one of the texts as it is, or one with
    /// `rule` broken and `other` kept, or one with `other` made to hold.
    public func rival(
        _ other: TextRule, against rule: TextRule, in texts: [TextUnits],
        _ generator: inout SeededGenerator
    ) -> Edit? {
        guard other != rule, !texts.isEmpty else { return nil }
        let order = generator.sample(min(200, texts.count), of: texts.count).map { texts[$0] }
        var others: [TextUnits] = []
        for text in order where other.holds(in: text) {
            guard rule.holds(in: text) else {
                return Edit(text: text.text, note: "a rival holds and this does not")
            }
            others.append(text)
        }
        for text in others.prefix(12) {
            let edit = nearMiss(of: text, rule: rule, &generator) { other.holds(in: $0) }
            if let edit { return Edit(text: edit.text, note: "a rival holds; \(edit.note)") }
        }
        for text in order.lazy.filter({ !rule.holds(in: $0) }).prefix(12) {
            let edit = satisfying(text, rule: other, &generator) { !rule.holds(in: $0) }
            if let edit { return Edit(text: edit.text, note: "made for a rival; \(edit.note)") }
        }
        return nil
    }

    /// A random word in the letter case of `unit`.
    func randomWord(like unit: TextUnits.Unit, _ generator: inout SeededGenerator) -> String {
        guard !vocabulary.words.isEmpty else { return unit.text }
        return vocabulary.words[generator.below(vocabulary.words.count)].inCase(of: unit.text)
    }
}
