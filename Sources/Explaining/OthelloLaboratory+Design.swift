import Games
import Inquiry
import LinearAlgebra

extension OthelloLaboratory {
    func design(_ requests: [TrialRequest], _ state: InquiryState) async throws -> [Probe] {
        var numbered: [Probe] = []
        for request in requests {
            guard let record = state.record(request.hypothesis) else { continue }
            let predicate = try BoardPredicate.parse(record.hypothesis.formula, on: rules)
            let designs =
                switch request.arm {
                case .designed: try designed(request, predicate, state)
                case .natural: try natural(request, state)
                }
            for (trial, design) in designs {
                let holds = predicate.holds(in: try observe(design.moves))
                numbered.append(
                    Probe(
                        id: state.probes.count + numbered.count + 1,
                        hypothesis: request.hypothesis, trial: trial, arm: request.arm,
                        role: design.role, input: rules.transcript(design.moves),
                        prediction: holds ? .fires : .silent, note: design.note))
            }
        }
        return numbered
    }

    private func observe(_ moves: [Square]) throws -> Observation {
        Observation(try rules.position(after: moves), on: rules)
    }

    /// A generator of its own for every trial, so that rounds of any size ask the same questions.
    private func generator(_ request: TrialRequest, _ trial: Int) -> SeededGenerator {
        let place = UInt64(request.hypothesis) << 16 | UInt64(trial)
        return SeededGenerator(
            seed: study.seed ^ place &* 0x9E37_79B9_7F4A_7C15,
            stream: feature.stream << 1 | (request.arm == .designed ? 1 : 0))
    }

    private func designed(
        _ request: TrialRequest, _ predicate: BoardPredicate, _ state: InquiryState
    ) throws -> [(trial: Int, design: ProbeDesigner.Design)] {
        var material = try material(for: request.hypothesis, predicate, state)
        var result: [(trial: Int, design: ProbeDesigner.Design)] = []
        for trial in request.first..<request.first + request.count {
            var generator = generator(request, trial)
            guard let (positive, negative) = study.designer.pair(trial, material, &generator) else {
                continue
            }
            material.used.formUnion([positive, negative].map { rules.transcript($0.moves) })
            result.append((trial, positive))
            result.append((trial, negative))
        }
        return result
    }

    private func material(
        for hypothesis: Int, _ predicate: BoardPredicate, _ state: InquiryState
    ) throws -> ProbeDesigner.Material {
        let shown = state.beginning?.shown ?? ShownInputs()
        var firing = shown.exemplars.map(study.propose.pool.moves(to:))
        var silent = shown.nearMisses.map(study.propose.pool.moves(to:))
        var used: Set<String> = []
        for probe in state.probes {
            if probe.hypothesis == hypothesis { used.insert(probe.input) }
            guard let threshold = state.threshold,
                let seen = state.outcomes[probe.id - 1]?.observed(threshold: threshold)
            else { continue }
            let moves = try rules.moves(fromTranscript: probe.input)
            if seen == .fires { firing.append(moves) }
            if seen == .silent, probe.role == .rival || probe.prediction == .fires {
                silent.append(moves)
            }
        }
        let rivals = try state.rivals(of: hypothesis).map {
            try BoardPredicate.parse($0.formula, on: rules)
        }
        return ProbeDesigner.Material(
            predicate: predicate, rivals: rivals, firing: firing, silent: silent, used: used)
    }

    /// Trials of the natural arm: a firing and a silent position of the tune split that this
    /// inquiry has not looked at, in games that none that taught it has, so that no hypothesis was
    /// made from them.
    private func natural(
        _ request: TrialRequest, _ state: InquiryState
    ) throws -> [(trial: Int, design: ProbeDesigner.Design)] {
        let pool = study.tune.pool
        let taken = state.naturalInputs(known: request.hypothesis)
        let games = Set(
            try experience.seen(behind: request.hypothesis, state).compactMap {
                pool.position(after: try rules.moves(fromTranscript: $0)).map(pool.game)
            })
        func isFree(_ position: Int) -> Bool {
            !taken.contains(pool.transcript(of: position))
                && !games.contains(pool.game(of: position))
        }
        var result: [(trial: Int, design: ProbeDesigner.Design)] = []
        let deck = NaturalDeck(study: study, view: view, state: state)
        var firing = deck.firing.filter(isFree)[...]
        var silent = deck.silent.filter(isFree)[...]
        for trial in request.first..<request.first + request.count {
            guard let high = firing.popFirst(), let low = silent.popFirst() else { break }
            for (position, role, note) in [
                (high, ProbeRole.exemplar, "drawn because the feature fires"),
                (low, ProbeRole.background, "drawn because the feature is silent"),
            ] {
                result.append(
                    (
                        trial,
                        ProbeDesigner.Design(
                            moves: study.tune.pool.moves(to: position), role: role, note: note)
                    ))
            }
        }
        return result
    }
}

/// The tune split's firing and silent positions in the order in which an inquiry draws them: seeded,
/// and one firing position of a game at most.
struct NaturalDeck {
    let firing: [Int]
    let silent: [Int]

    init(study: StudyContext, view: FeatureView, state: InquiryState) {
        let threshold = Float(state.threshold ?? .infinity)
        var generator = SeededGenerator(seed: study.seed, stream: view.feature.stream ^ 0xDEC)
        let pool = study.tune.pool
        var firing: [Int] = []
        var silent: [Int] = []
        for game in pool.games.indices {
            let positions = (pool.starts[game]..<pool.starts[game + 1]).filter { pool.usable[$0] }
            let high = positions.filter { view.tune[$0] >= threshold }
            if !high.isEmpty { firing.append(high[generator.below(high.count)]) }
            let low = positions.filter { view.tune[$0] < threshold }
            if !low.isEmpty { silent.append(low[generator.below(low.count)]) }
        }
        firing.shuffle(using: &generator)
        silent.shuffle(using: &generator)
        self.firing = firing
        self.silent = silent
    }
}
