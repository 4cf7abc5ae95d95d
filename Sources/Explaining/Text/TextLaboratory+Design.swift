import Inquiry
import LinearAlgebra
import Texts

extension TextLaboratory {
    func design(_ requests: [TrialRequest], _ state: InquiryState) async throws -> [Probe] {
        let tune = try await readings(of: .tune)
        var numbered: [Probe] = []
        for request in requests {
            guard let record = state.record(request.hypothesis) else { continue }
            let rule = try TextRule.parse(record.hypothesis.formula)
            let designs =
                switch request.arm {
                case .designed: try designed(request, rule, state)
                case .natural: natural(request, tune, state)
                }
            for (trial, design) in designs {
                numbered.append(
                    Probe(
                        id: state.probes.count + numbered.count + 1,
                        hypothesis: request.hypothesis, trial: trial, arm: request.arm,
                        role: design.role, input: design.text,
                        prediction: rule.holds(in: study.cache.units(design.text))
                            ? .fires : .silent,
                        note: design.note))
            }
        }
        return numbered
    }

    /// A generator of its own for every trial, so that rounds of any size ask the same questions.
    private func generator(_ request: TrialRequest, _ trial: Int) -> SeededGenerator {
        let place = UInt64(request.hypothesis) << 16 | UInt64(trial)
        return SeededGenerator(
            seed: study.seed ^ place &* 0x9E37_79B9_7F4A_7C15,
            stream: stream(request.arm == .designed ? 1 : 0))
    }

    private func designed(
        _ request: TrialRequest, _ rule: TextRule, _ state: InquiryState
    ) throws -> [(trial: Int, design: TextProbeDesigner.Design)] {
        var designer = try designer(request.hypothesis, rule, state)
        var written = designer.unused(state.devisings[request.hypothesis]?.pairs ?? [])[...]
        var result: [(trial: Int, design: TextProbeDesigner.Design)] = []
        for trial in request.first..<request.first + request.count {
            var generator = generator(request, trial)
            // Pairs that the proposer wrote take turns with those of the designer.
            let own = trial.isMultiple(of: 2) ? written.popFirst() : nil
            guard let (positive, negative) = own ?? designer.pair(trial, &generator) else {
                continue
            }
            result.append((trial, positive))
            result.append((trial, negative))
        }
        return result
    }

    private func designer(
        _ hypothesis: Int, _ rule: TextRule, _ state: InquiryState
    ) throws -> TextProbeDesigner {
        let shown = state.beginning?.shown ?? ShownInputs()
        let texts = study.corpus.propose.texts
        var firing = shown.exemplars.map { texts[$0] }
        var silent = shown.nearMisses.map { texts[$0] }
        var used: Set<String> = []
        for probe in state.probes {
            if probe.hypothesis == hypothesis { used.insert(probe.input) }
            guard let threshold = state.threshold,
                let seen = state.outcomes[probe.id - 1]?.observed(threshold: threshold)
            else { continue }
            if seen == .fires { firing.append(study.cache.units(probe.input)) }
            if seen == .silent, probe.role == .rival || probe.prediction == .fires {
                silent.append(study.cache.units(probe.input))
            }
        }
        let rivals = try state.rivals(of: hypothesis).map { try TextRule.parse($0.formula) }
        return TextProbeDesigner(
            edits: study.edits, pool: study.corpus.probes.texts, rule: rule, rivals: rivals,
            firing: firing, silent: silent, used: used)
    }

    /// Trials of the natural arm: a firing and a silent text of the tune split that neither this inquiry
    /// nor one that taught it has looked at, so that no hypothesis was made from them.
    private func natural(
        _ request: TrialRequest, _ tune: TextPoolReadings, _ state: InquiryState
    ) -> [(trial: Int, design: TextProbeDesigner.Design)] {
        let limit = Float(state.threshold ?? .infinity)
        var generator = SeededGenerator(seed: study.seed, stream: stream(0xDEC))
        var order = tune.usable.members
        order.shuffle(using: &generator)
        let texts = study.corpus.tune.texts
        let taken = state.naturalInputs(known: request.hypothesis)
            .union(experience.seen(behind: request.hypothesis, state))
        let free = order.filter { !taken.contains(texts[$0].text) }
        var firing = free.filter { tune.values[$0] >= limit }[...]
        var silent = free.filter { tune.values[$0] < limit }[...]
        var result: [(trial: Int, design: TextProbeDesigner.Design)] = []
        for trial in request.first..<request.first + request.count {
            guard let high = firing.popFirst(), let low = silent.popFirst() else { break }
            result.append(
                (trial, .init(texts[high].text, .exemplar, "drawn because the feature fires")))
            result.append(
                (trial, .init(texts[low].text, .background, "drawn because the feature is silent")))
        }
        return result
    }
}
