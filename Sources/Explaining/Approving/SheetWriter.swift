import Digests
import Inquiry

/// Gathers what a sheet shows of an inquiry, bounded: a sheet is sent to many people and kept for ever.
struct SheetWriter {
    let state: InquiryState
    /// The hypothesis that is asked about.
    let record: HypothesisRecord
    let histogram: Inquiry.Evidence.Histogram?
    /// Squares a side, where inputs are games.
    let side: Int?

    init(
        state: InquiryState, record: HypothesisRecord, histogram: Inquiry.Evidence.Histogram?,
        notation: FormulaNotation
    ) {
        self.state = state
        self.record = record
        self.histogram = histogram
        if case .board(let side) = notation { self.side = side } else { side = nil }
    }

    /// What is shown, but for what is asked.
    struct Material {
        let facts: [RunRecord.Fact]
        let evidence: [Inquiry.Evidence]
        let lineage: [ApprovalSheet.Ancestor]
    }

    /// Bytes of a sheet as it is kept.
    static let sizeLimit = 60_000

    /// The sheet with as much evidence as fits.
    func sheet(_ make: (Material) -> ApprovalSheet) throws -> ApprovalSheet {
        var share = 1
        while true {
            let sheet = make(material(share))
            let size = try CanonicalJSON.encode(sheet).utf8.count
            if size <= Self.sizeLimit || share >= 64 { return sheet }
            share *= 2
        }
    }

    private func material(_ share: Int) -> Material {
        Material(facts: facts, evidence: evidence(share), lineage: lineage)
    }

    private var facts: [RunRecord.Fact] {
        guard let beginning = state.beginning else { return [] }
        return [
            .init(
                "share of inputs on which it is above 0", "\((100 * beginning.density).rounded3) %"),
            .init("counts as firing from", beginning.threshold.value.rounded3),
            .init(
                "fires in",
                "\(beginning.proposeExemplars) inputs, each of a game or document of its own"),
        ]
    }

    private func evidence(_ share: Int) -> [Inquiry.Evidence] {
        guard let beginning = state.beginning else { return [] }
        var evidence: [Inquiry.Evidence] = [
            .exemplars(
                .init(
                    board: side, threshold: beginning.threshold.value,
                    maximum: beginning.threshold.maximum,
                    exemplars: beginning.exemplars.prefix(max(1, 8 / share)).map {
                        Self.cut($0, share)
                    }))
        ]
        if let histogram { evidence.append(.histogram(histogram)) }
        let lines = probes(max(1, 24 / share)).map {
            Inquiry.Evidence.ProbeLine(
                probe: side == nil ? Self.cut($0, share) : $0, outcome: state.outcomes[$0.id - 1])
        }
        if !lines.isEmpty {
            evidence.append(
                .probes(
                    .init(board: side, threshold: beginning.threshold.value, probes: lines)))
        }
        return evidence
    }

    /// Probes of the hypothesis, or of all others where it has none: some of every role, those that came
    /// first.
    private func probes(_ limit: Int) -> [Probe] {
        let own = state.probes.filter { $0.hypothesis == record.hypothesis.id }
        let roles = Dictionary(grouping: own.isEmpty ? state.probes : own, by: \.role)
        guard !roles.isEmpty else { return [] }
        let each = max(1, limit / roles.count)
        return roles.values.flatMap { $0.spread(each) }.sorted { $0.id < $1.id }
    }

    private var lineage: [ApprovalSheet.Ancestor] {
        state.records.map(\.hypothesis).map {
            ApprovalSheet.Ancestor(
                id: $0.id, parent: $0.parent, origin: $0.origin.rawValue,
                statement: Self.head($0.statement, 400))
        }
    }

    // MARK: Bounds

    private static let inputLimit = 1_200
    private static let tokenLimit = 120

    /// The tokens round the highest one, and the beginning of the input.
    private static func cut(_ exemplar: Exemplar, _ share: Int) -> Exemplar {
        guard let tokens = exemplar.tokens else {
            return Exemplar(
                input: head(exemplar.input, inputLimit), activation: exemplar.activation)
        }
        let width = tokenLimit / share
        let peak = tokens.indices.max { tokens[$0].activation < tokens[$1].activation } ?? 0
        let start = max(0, min(peak - width / 2, tokens.count - width))
        return Exemplar(
            input: head(exemplar.input, inputLimit / share), activation: exemplar.activation,
            tokens: tokens[start..<min(tokens.count, start + width)].map {
                ShadedToken(text: head($0.text, 100), activation: $0.activation)
            })
    }

    private static func cut(_ probe: Probe, _ share: Int) -> Probe {
        Probe(
            id: probe.id, hypothesis: probe.hypothesis, trial: probe.trial, arm: probe.arm,
            role: probe.role, input: head(probe.input, inputLimit / (2 * share)),
            prediction: probe.prediction, note: head(probe.note, 200))
    }

    /// The first so many characters.
    static func head(_ text: String, _ limit: Int) -> String {
        text.count > limit ? text.prefix(limit) + "…" : text
    }
}

extension Inquiry.Evidence.Histogram {
    /// Of the activations above 0, in bins of one width.
    ///
    /// - Returns: nil where there are none.
    init?(of activations: some Sequence<Float>) {
        let values = activations.filter { $0 > 0 && $0.isFinite }
        guard let highest = values.max() else { return nil }
        let bins = 12
        var counts = [Int](repeating: 0, count: bins)
        for value in values {
            counts[min(bins - 1, Int(value / highest * Float(bins)))] += 1
        }
        self.init(
            title: "activations above 0 on inputs that the proposer may know",
            edges: (0...bins).map { Double(highest) * Double($0) / Double(bins) }, counts: counts)
    }
}
