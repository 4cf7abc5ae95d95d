import Inquiry
import LinearAlgebra
import Texts

/// Builds texts that could refute a hypothesis: on which it holds or fails while as much else as
/// possible stays the same. Where nothing is found the probe is left out, never made up.
struct TextProbeDesigner {
    /// A designed text before it is numbered.
    struct Design: Hashable {
        let text: String
        let role: ProbeRole
        let note: String

        init(_ text: String, _ role: ProbeRole, _ note: String) {
            self.text = text
            self.role = role
            self.note = note
        }
    }

    let edits: TextEdits
    /// Texts that are measured only where a probe is made of them.
    let pool: [TextUnits]
    let rule: TextRule
    /// Rivals of the hypothesis, best first.
    let rivals: [TextRule]
    /// Texts on which the feature is known to fire.
    let firing: [TextUnits]
    /// Texts on which it is known to be silent though they resemble firing ones.
    let silent: [TextUnits]
    /// What this hypothesis has already been tested on.
    private(set) var used: Set<String>

    init(
        edits: TextEdits, pool: [TextUnits], rule: TextRule, rivals: [TextRule],
        firing: [TextUnits], silent: [TextUnits], used: Set<String>
    ) {
        self.edits = edits
        self.pool = pool
        self.rule = rule
        self.rivals = rivals
        self.firing = firing
        self.silent = silent
        self.used = used
    }

    /// A trial's two texts: one on which the hypothesis holds, which should fire, and one on which it
    /// fails, which should be silent. Kinds take turns: a firing text with all else replaced, a silent
    /// one edited so that the hypothesis holds, a piece of a firing one put into neutral text, a fresh
    /// text; against a text with one part broken, or one on which a rival holds alone.
    mutating func pair(
        _ trial: Int, _ generator: inout SeededGenerator
    ) -> (positive: Design, negative: Design)? {
        let kept: Design? =
            switch trial % 4 {
            case 1: paraphrase(&generator)
            case 2: enabled(&generator)
            case 3: injection(&generator)
            default: nil
            }
        guard let positive = kept ?? fresh(holds: true, &generator) ?? paraphrase(&generator)
        else { return nil }
        used.insert(positive.text)
        let broken = trial % 2 == 1 ? nearMiss(&generator) : rival(trial / 2, &generator)
        guard let negative = broken ?? nearMiss(&generator) ?? fresh(holds: false, &generator)
        else { return nil }
        used.insert(negative.text)
        return (positive, negative)
    }

    /// Pairs that were written for the hypothesis and that it was not tested on; from now on they count
    /// as used.
    mutating func unused(
        _ pairs: [DevisedPair]
    ) -> [(positive: Design, negative: Design)] {
        let fresh = pairs.filter {
            !used.contains($0.fires.input) && !used.contains($0.silent.input)
        }
        for pair in fresh { used.formUnion([pair.fires.input, pair.silent.input]) }
        return fresh.map { (Design($0.fires), Design($0.silent)) }
    }

    private func paraphrase(_ generator: inout SeededGenerator) -> Design? {
        find(among: firing, &generator) { text, generator in
            guard let place = rule.places(in: text).first else { return nil }
            return edits.paraphrase(of: text, place: place, rule: rule, &generator)
                .map { Design($0.text, .paraphrase, $0.note) }
        }
    }

    private func enabled(_ generator: inout SeededGenerator) -> Design? {
        find(among: silent.isEmpty ? pool : silent, &generator) { text, generator in
            edits.satisfying(text, rule: rule, &generator)
                .map { Design($0.text, .positive, $0.note) }
        }
    }

    private func injection(_ generator: inout SeededGenerator) -> Design? {
        find(among: firing, &generator) { text, generator in
            edits.injection(of: text, rule: rule, &generator)
                .map { Design($0.text, .positive, $0.note) }
        }
    }

    private func nearMiss(_ generator: inout SeededGenerator) -> Design? {
        find(among: firing, &generator) { text, generator in
            edits.nearMiss(of: text, rule: rule, &generator)
                .map { Design($0.text, .nearMiss, $0.note) }
        }
    }

    private func rival(_ turn: Int, _ generator: inout SeededGenerator) -> Design? {
        guard !rivals.isEmpty else { return nil }
        let other = rivals[turn % rivals.count]
        return edits.rival(other, against: rule, in: pool, &generator)
            .map { Design($0.text, .rival, $0.note) }
            .flatMap { used.contains($0.text) ? nil : $0 }
    }

    /// A text of the pool on which the hypothesis holds or fails.
    private func fresh(holds: Bool, _ generator: inout SeededGenerator) -> Design? {
        let order = generator.sample(min(400, pool.count), of: pool.count)
        return order.lazy.map { pool[$0] }
            .first { !used.contains($0.text) && rule.holds(in: $0) == holds }
            .map {
                Design(
                    $0.text, holds ? .positive : .negative,
                    holds ? "a fresh text on which it holds" : "a fresh text on which it fails")
            }
    }

    private func find(
        among texts: [TextUnits], _ generator: inout SeededGenerator,
        _ edit: (TextUnits, inout SeededGenerator) -> Design?
    ) -> Design? {
        guard !texts.isEmpty else { return nil }
        for index in generator.sample(min(8, texts.count), of: texts.count) {
            if let design = edit(texts[index], &generator), !used.contains(design.text) {
                return design
            }
        }
        return nil
    }
}

extension TextProbeDesigner.Design {
    fileprivate init(_ input: DevisedInput) {
        self.init(input.input, input.role, input.note)
    }
}
