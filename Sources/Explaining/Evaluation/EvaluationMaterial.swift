import Digests
import Inquiry
import LinearAlgebra
import Texts

/// The texts on which one feature's explanations are judged, the same for all of them.
///
/// Texts are dealt to two halves by the hash of their content before anything else: the rule inducer
/// sees one, judges the other. Texts that are cut from a text stay on its side.
public struct EvaluationMaterial: Sendable {
    /// How many texts there are of each kind, and what was left out.
    public struct Counts: Codable, Hashable, Sendable {
        public var firing = 0
        public var silent: [String: Int] = [:]
        /// Above 0 and below the threshold: neither firing nor silent, so not asked about.
        public var weak = 0
        /// Exemplars whose text is not known.
        public var unreadable = 0
    }

    public let threshold: FiringThreshold
    public let firing: [MeasuredText]
    public let hard: [MeasuredText]
    public let random: [MeasuredText]
    public let counts: Counts
    /// What the rule inducer learns from.
    let evidence: TextEvidence

    /// - Parameter others: the features whose exemplars may be borrowed.
    init(
        _ feature: MeasuredFeature, among others: [MeasuredFeature], _ settings: EvaluationSettings
    ) {
        let threshold = feature.threshold(fraction: settings.fraction)
        let pool = Pool(feature, others, threshold, settings)
        var generator = SeededGenerator(
            seed: settings.seed, stream: SHA256.digest(of: feature.name).prefix64)
        self.threshold = threshold
        var firing = pool.score.firing
        firing.shuffle(using: &generator)
        self.firing = firing.prefix(settings.firing).map { $0.window(settings.window) }
        func chosen(_ texts: [MeasuredText]) -> [MeasuredText] {
            var texts = texts
            texts.shuffle(using: &generator)
            return texts.prefix(settings.silent).map { $0.window(settings.window) }
        }
        hard = chosen(pool.score.silent.filter { $0.silence?.isHard == true })
        let plain = chosen(pool.score.silent.filter { $0.silence == .measured })
        let borrowed = chosen(pool.score.silent.filter { $0.silence == .borrowed })
        random = Array((plain + borrowed).prefix(settings.silent))
        var counts = Counts(firing: self.firing.count, weak: pool.weak)
        for text in hard + random {
            counts.silent[text.silence?.rawValue ?? "", default: 0] += 1
        }
        counts.unreadable = feature.unreadable
        self.counts = counts
        evidence = pool.explain.evidence
    }

    public var silent: [MeasuredText] { hard + random }
}

/// A feature's texts by what it does on them, in two halves.
private struct Pool {
    struct Half {
        var firing: [MeasuredText] = []
        var silent: [MeasuredText] = []

        var evidence: TextEvidence {
            TextEvidence(
                (firing + silent).map { text in
                    let units = TextUnits(text.text)
                    let piece = text.maximum?.piece ?? 0
                    let blanks = text.pieces[piece].prefix { $0.isWhitespace }.utf8.count
                    return TextEvidence.Item(
                        units: units, fires: text.silence == nil,
                        place: units.unit(atByte: text.places[piece].lowerBound + blanks))
                })
        }
    }

    var explain = Half()
    var score = Half()
    var weak = 0

    init(
        _ feature: MeasuredFeature, _ others: [MeasuredFeature], _ threshold: FiringThreshold,
        _ settings: EvaluationSettings
    ) {
        var seen: Set<String> = []
        let own = feature.texts.filter { !$0.pieces.isEmpty && seen.insert($0.text).inserted }
        let marks = Set(
            own.flatMap { text in
                zip(text.pieces, text.values).filter { threshold.isReached(by: $0.1) }
                    .map { MeasuredText.folded($0.0) }
            })
        for text in own {
            let isScored = Self.isScored(text.text, settings)
            let greatest = text.maximum?.value ?? 0
            if greatest <= 0 {
                let isLike = text.pieces.contains { marks.contains(MeasuredText.folded($0)) }
                add(text.silent(isLike ? .lookalike : .measured), isScored)
            } else if threshold.isReached(by: greatest) {
                if isScored { score.firing.append(text) } else { explain.firing.append(text) }
            } else {
                weak += 1
            }
            if feature.isCausal,
                let before = text.prefixBeforeFiring(least: settings.shortestPrefix)
            {
                add(before, isScored)
            }
        }
        guard settings.borrows else { return }
        for other in others where other.name != feature.name {
            for text in other.texts where !text.pieces.isEmpty && seen.insert(text.text).inserted {
                let isLike = text.pieces.contains { marks.contains(MeasuredText.folded($0)) }
                guard !isLike else { continue }
                let zeros = [Float](repeating: 0, count: text.pieces.count)
                add(text.silent(.borrowed, values: zeros), Self.isScored(text.text, settings))
            }
        }
    }

    private mutating func add(_ text: MeasuredText, _ isScored: Bool) {
        if isScored { score.silent.append(text) } else { explain.silent.append(text) }
    }

    private static func isScored(_ text: String, _ settings: EvaluationSettings) -> Bool {
        !settings.halves
            || SHA256.digest(of: "half \(settings.seed) " + text).prefix64.isMultiple(of: 2)
    }
}
