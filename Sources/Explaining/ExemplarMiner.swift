import Games
import Inquiry
import LinearAlgebra

/// Finds what a proposer may read of a feature before it conjectures: exemplars at several activation
/// levels, near-misses that resemble them, and background.
struct ExemplarMiner {
    let study: StudyContext
    let view: FeatureView

    func begin() -> Beginning {
        let proposeMaxima = maxima(study.propose.pool, view.propose)
        let tuneMaxima = maxima(study.tune.pool, view.tune)
        let highest = (proposeMaxima + tuneMaxima).map(\.value).sorted(by: >)
        let threshold = FiringThreshold(fraction: study.plan.thresholdFraction, maxima: highest)
        let exemplars = proposeMaxima.filter { threshold.isReached(by: $0.value) }.sorted {
            ($0.value, $1.position) > ($1.value, $0.position)
        }
        let firing = exemplars.map(\.position)
        return Beginning(
            threshold: threshold, density: density(), proposeExemplars: exemplars.count,
            tuneExemplars: tuneMaxima.count { threshold.isReached(by: $0.value) },
            exemplars: exemplars.prefix(8).map {
                Exemplar(
                    input: study.propose.pool.transcript(of: $0.position),
                    activation: Double($0.value))
            },
            shown: shown(firing, below: Float(threshold.value)),
            heat: heat(Float(threshold.value)))
    }

    /// Each game's highest usable position.
    private func maxima(_ pool: GamePool, _ values: [Float]) -> [(position: Int, value: Float)] {
        pool.games.indices.compactMap { game in
            (pool.starts[game]..<pool.starts[game + 1])
                .filter { pool.usable[$0] }
                .max { (values[$0], $1) < (values[$1], $0) }
                .map { ($0, values[$0]) }
        }
    }

    private func density() -> Double {
        let positive = view.propose.count { $0 > 0 } + view.tune.count { $0 > 0 }
        return Double(positive) / Double(max(1, view.propose.count + view.tune.count))
    }

    /// - Parameter firing: one firing position of each game, strongest first.
    private func shown(_ firing: [Int], below limit: Float) -> ShownInputs {
        guard !firing.isEmpty else { return ShownInputs() }
        var generator = SeededGenerator(seed: study.seed, stream: view.feature.stream ^ 0x5403)
        let count = study.plan.exemplarsShown
        var exemplars = Array(firing.prefix(count / 2))
        var rest = Array(firing.dropFirst(count / 2))
        rest.shuffle(using: &generator)
        exemplars += rest.prefix(count - exemplars.count)
        let usable = study.propose.pool.usable.members
        let silent = generator.sample(usable.count, of: usable.count)
            .map { usable[$0] }.filter { view.propose[$0] < limit }
        let background = study.plan.backgroundShown
        return ShownInputs(
            exemplars: exemplars,
            nearMisses: nearMisses(
                exemplars, among: Array(silent.dropFirst(background).prefix(8_000))),
            background: Array(silent.prefix(background)))
    }

    private func nearMisses(_ exemplars: [Int], among silent: [Int]) -> [Int] {
        let pool = study.propose.pool
        var taken: Set<Int> = []
        var result: [Int] = []
        for exemplar in exemplars {
            let board = pool.observations[exemplar]
            let nearest = silent.lazy.filter { !taken.contains($0) }
                .map { (Self.unlikeness(board, pool.observations[$0]), $0) }
                .sorted { $0 < $1 }.prefix(study.plan.nearMissesShown).map(\.1)
            taken.formUnion(nearest)
            result += nearest
        }
        return result
    }

    /// Board distance, with another last move counting as much as a third of the board.
    private static func unlikeness(_ a: Observation, _ b: Observation) -> Int {
        GameEdits.distance(a, b) + (a.justPlayed == b.justPlayed ? 0 : 12)
    }

    private func heat(_ threshold: Float) -> [HeatMap] {
        let pool = study.propose.pool
        let usable = pool.usable.members
        let firing = usable.filter { threshold > 0 && view.propose[$0] >= threshold }
        let maps: [(String, (Observation) -> UInt64)] = [
            ("just played", \.justPlayed), ("just flipped", \.justFlipped), ("mine", \.mine),
            ("theirs", \.theirs), ("legal next", \.legalNext),
        ]
        return maps.map { name, field in
            let high = frequencies(firing, pool, field)
            let base = frequencies(usable, pool, field)
            return HeatMap(name: name, values: zip(high, base).map { $0 - $1 })
        }
    }

    private func frequencies(
        _ positions: [Int], _ pool: GamePool, _ field: (Observation) -> UInt64
    ) -> [Double] {
        study.rules.squares.map { square in
            let hits = positions.count {
                field(pool.observations[$0]) >> UInt64(square.bit) & 1 == 1
            }
            return positions.isEmpty ? 0 : Double(hits) / Double(positions.count)
        }
    }
}

extension OthelloLaboratory {
    /// Everything that the proposer may know: what it was shown, and every probe's outcome.
    func evidence(_ state: InquiryState, _ threshold: Double) throws -> Evidence {
        var evidence = Evidence()
        let boards = study.propose.pool.observations
        let shown = state.beginning?.shown ?? ShownInputs()
        for position in shown.exemplars { evidence.add(boards[position], to: .exemplar) }
        for position in shown.background { evidence.add(boards[position], to: .background) }
        for position in shown.nearMisses { evidence.add(boards[position], to: .silentProbe) }
        var seen: Set<String> = []
        for probe in state.probes where seen.insert(probe.input).inserted {
            guard let outcome = state.outcomes[probe.id - 1]?.observed(threshold: threshold) else {
                continue
            }
            let moves = try rules.moves(fromTranscript: probe.input)
            let observation = Observation(try rules.position(after: moves), on: rules)
            let group: Evidence.Group =
                switch (probe.arm, outcome) {
                case (.natural, .fires): .exemplar
                case (.natural, .silent): .background
                case (.designed, .fires): .firingProbe
                case (.designed, .silent): .silentProbe
                }
            evidence.add(observation, to: group)
        }
        return evidence
    }
}
