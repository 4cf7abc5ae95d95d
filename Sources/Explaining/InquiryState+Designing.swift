import Inquiry

/// What a designer of probes asks of an inquiry, whatever its domain.
extension InquiryState {
    /// Natural inputs that this hypothesis was made from, or was already put to.
    func naturalInputs(known hypothesis: Int) -> Set<String> {
        Set(
            probes.filter { $0.arm == .natural && mayHaveInformed($0, hypothesis) }.map(\.input))
    }

    /// Whether a natural probe was seen before the hypothesis was made, or was already put to it.
    /// Hypotheses of one batch may share inputs: none of them was made from the others' probes.
    private func mayHaveInformed(_ probe: Probe, _ hypothesis: Int) -> Bool {
        guard probe.hypothesis != hypothesis else { return true }
        guard let record = record(hypothesis), record.hypothesis.parent != nil else { return false }
        return probe.hypothesis < hypothesis
    }

    /// Formulas of lessons that a hypothesis may owe something to: it is one, or was refined from one. A
    /// language model that refines or reviews is told of all that was tried before.
    func lessons(behind hypothesis: Int) -> Set<String> {
        var behind: [HypothesisRecord] = []
        var next = record(hypothesis)
        while let record = next {
            behind.append(record)
            next = record.hypothesis.parent.flatMap(self.record)
        }
        if behind.count > 1, !consultations.isEmpty { behind = Array(records.prefix(hypothesis)) }
        return Set(
            behind.filter { $0.hypothesis.origin == .experience }.map(\.hypothesis.formula))
    }

    /// The three hypotheses that stand best beside one.
    func rivals(of hypothesis: Int) -> [Hypothesis] {
        records.filter { $0.hypothesis.id != hypothesis && !$0.isBarred }
            .sorted { ($0.logEValue, -$0.hypothesis.id) > ($1.logEValue, -$1.hypothesis.id) }
            .prefix(3).map(\.hypothesis)
    }
}

extension FiringThreshold {
    /// - Parameter maxima: of the exemplars, highest first.
    init(fraction: Double, maxima: [Float]) {
        let top = maxima.prefix(10)
        self.init(
            fraction: fraction,
            meanOfTopTen: top.isEmpty ? 0 : Double(top.reduce(0, +)) / Double(top.count),
            maximum: Double(maxima.first ?? 0))
    }

    /// Whether an activation counts as firing. A dead feature has a threshold of 0, which everything
    /// reaches: it never fires.
    func isReached(by activation: Float) -> Bool {
        meanOfTopTen > 0 && Double(activation) >= value
    }
}
