import Inquiry
import LinearAlgebra
import Texts

/// Finds what a proposer may read of a feature of text before it conjectures: exemplars at several
/// activation levels, silent texts that resemble them, and background.
struct TextExemplarMiner {
    let laboratory: TextLaboratory
    let propose: TextPoolReadings
    let tune: TextPoolReadings

    private var study: TextStudyContext { laboratory.study }

    /// Exemplars that a report shows: the strongest, then some spread over the weaker ones.
    private static let strongest = 8
    private static let spread = 4

    func begin() -> Beginning {
        let highest = (members(propose) + members(tune)).map(\.value).sorted(by: >)
        let threshold = FiringThreshold(fraction: study.plan.thresholdFraction, maxima: highest)
        let firing = members(propose).filter { threshold.isReached(by: $0.value) }.sorted {
            ($0.value, $1.index) > ($1.value, $0.index)
        }
        let positive = highest.count { $0 > 0 }
        return Beginning(
            threshold: threshold, density: Double(positive) / Double(max(1, highest.count)),
            proposeExemplars: firing.count,
            tuneExemplars: members(tune).count { threshold.isReached(by: $0.value) },
            exemplars: levels(firing).map {
                Exemplar(
                    input: study.corpus.propose.texts[$0.index].text,
                    activation: Double($0.value))
            },
            shown: shown(firing.map(\.index), below: Float(threshold.value)), heat: [])
    }

    private func members(_ readings: TextPoolReadings) -> [(index: Int, value: Float)] {
        readings.usable.members.map { ($0, readings.values[$0]) }
    }

    /// - Parameter firing: strongest first.
    private func levels(_ firing: [(index: Int, value: Float)]) -> [(index: Int, value: Float)] {
        let rest = firing.dropFirst(Self.strongest)
        let weaker = (1...Self.spread).compactMap { part -> (index: Int, value: Float)? in
            rest.isEmpty ? nil : rest[rest.startIndex + (rest.count * part - 1) / Self.spread]
        }
        var seen: Set<Int> = []
        return (firing.prefix(Self.strongest) + weaker).filter { seen.insert($0.index).inserted }
    }

    /// - Parameter firing: strongest first.
    private func shown(_ firing: [Int], below limit: Float) -> ShownInputs {
        guard !firing.isEmpty else { return ShownInputs() }
        var generator = SeededGenerator(seed: study.seed, stream: laboratory.stream(0x5403))
        let count = study.plan.exemplarsShown
        var exemplars = Array(firing.prefix(count / 2))
        var rest = Array(firing.dropFirst(count / 2))
        rest.shuffle(using: &generator)
        exemplars += rest.prefix(count - exemplars.count)
        var silent = propose.usable.members.filter { propose.values[$0] < limit }
        silent.shuffle(using: &generator)
        return ShownInputs(
            exemplars: exemplars, nearMisses: nearMisses(exemplars, silent),
            background: Array(silent.prefix(study.plan.backgroundShown)))
    }

    /// Silent texts with the very word on which the feature fires elsewhere.
    private func nearMisses(_ exemplars: [Int], _ silent: [Int]) -> [Int] {
        let texts = study.corpus.propose.texts
        var wanted: [String: Int] = [:]
        for exemplar in exemplars {
            guard let place = propose.places[exemplar] else { continue }
            wanted[texts[exemplar].units[place].folded, default: 0] += study.plan.nearMissesShown
        }
        var result: [Int] = []
        for index in silent {
            let words = Set(texts[index].units.map(\.folded)).filter { wanted[$0, default: 0] > 0 }
            guard let word = words.min() else { continue }
            wanted[word, default: 0] -= 1
            result.append(index)
        }
        return result
    }
}
