import LinearAlgebra

extension PlantedFeature {
    /// Edited texts that tell the truth from what merely goes with it in natural ones.
    ///
    /// Texts with the truth in which all other words were replaced, silent texts in which it was made
    /// to hold, texts in which one of its parts was broken, and texts on which the truth and an
    /// alternative differ, either way. Where an edit is not possible there is one text less.
    ///
    /// - Parameters:
    ///   - texts: what the edits start from.
    ///   - each: how many texts of each kind.
    public func contrasts(
        over texts: [TextUnits], edits: TextEdits, each: Int = 24
    ) -> [TextUnits] {
        var generator = SeededGenerator(seed: seed, stream: 0x434F_4E54)
        var order = texts
        order.shuffle(using: &generator)
        let firing = order.filter(rule.holds(in:))
        let silent = order.filter { !rule.holds(in: $0) }
        var found: [String] = []
        found += Self.first(each, of: firing, &generator) { text, generator in
            guard let place = rule.places(in: text).first else { return nil }
            return edits.paraphrase(of: text, place: place, rule: rule, &generator)
        }
        found += Self.first(each, of: silent, &generator) { text, generator in
            edits.satisfying(text, rule: rule, &generator)
        }
        found += Self.first(each, of: firing, &generator) { text, generator in
            edits.nearMiss(of: text, rule: rule, &generator)
        }
        let pool = Array(firing.prefix(100) + silent.prefix(100))
        let turns = alternatives.isEmpty ? 0 : (each + alternatives.count - 1) / alternatives.count
        for other in alternatives.map(\.rule) {
            for _ in 0..<turns {
                found += [
                    edits.rival(other, against: rule, in: pool, &generator)?.text,
                    edits.rival(rule, against: other, in: pool, &generator)?.text,
                ].compactMap(\.self)
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }.map(TextUnits.init)
    }

    /// The edits of as many texts as it takes, going round them at most three times.
    private static func first(
        _ count: Int, of texts: [TextUnits], _ generator: inout SeededGenerator,
        _ edit: (TextUnits, inout SeededGenerator) -> TextEdits.Edit?
    ) -> [String] {
        var result: [String] = []
        for turn in 0..<min(3 * texts.count, 4 * count) where result.count < count {
            if let edit = edit(texts[turn % texts.count], &generator) { result.append(edit.text) }
        }
        return result
    }
}
