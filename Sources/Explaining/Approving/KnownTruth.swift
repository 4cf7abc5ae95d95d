import Digests
import Games
import Inquiry
import LinearAlgebra
import Texts

/// A feature that is what its explanation says, by construction: it fires, with the blemishes of a real one,
/// where a rule drawn for it holds. Planted among what people decide, it tells who turns down what is true.
struct KnownTruth {
    /// What is true, then what is not.
    let drafts: [HypothesisDraft]
    /// The inputs of the propose split, in order, and the greatest activation on each.
    let inputs: [String]
    let activations: [Float]
    /// What it does on each token, where inputs are texts.
    let tokens: (Int) -> [ShadedToken]?
    /// The greatest activation on any input.
    let activation: (String) throws -> Float

    private static let shown = 8

    /// The state of an inquiry into it, as far as people would be asked about its hypothesis.
    func state(_ plan: InquiryPlan) throws -> InquiryState {
        var plan = plan
        plan.approval = nil
        let order = activations.indices.sorted { (activations[$0], $1) > (activations[$1], $0) }
        let threshold = FiringThreshold(
            fraction: plan.thresholdFraction, maxima: order.map { activations[$0] })
        let firing = order.prefix { threshold.isReached(by: activations[$0]) }.count
        let beginning = Beginning(
            threshold: threshold,
            density: Double(activations.count { $0 > 0 }) / Double(max(1, activations.count)),
            proposeExemplars: firing, tuneExemplars: firing,
            exemplars: order.prefix(Self.shown).map {
                Exemplar(
                    input: inputs[$0], activation: Double(activations[$0]), tokens: tokens($0))
            },
            shown: ShownInputs(), heat: [])
        return try InquiryState(plan: plan, events: [.began(beginning), .proposed(drafts)])
    }

    /// The same after probes of its first hypothesis.
    func measuring(_ probes: [Probe], _ requests: [TrialRequest], _ state: InquiryState) throws
        -> InquiryState
    {
        var state = state
        try state.apply(.registered(Registration(requests: requests, probes: probes)))
        try state.apply(
            .measured(
                try probes.map {
                    ProbeResult(
                        probe: $0.id, outcome: .activation(Double(try activation($0.input))))
                }))
        return state
    }

    /// Trials of designed probes that an explanation's sheet shows.
    static let trials = TrialRequest(hypothesis: 1, arm: .designed, first: 1, count: 8)

    /// The strength of a feature where it should fire, from 2.6 to 4.2 but for 3 % of misses, and elsewhere,
    /// where it is active below its threshold now and then.
    static func strength(holds: Bool, _ generator: inout SeededGenerator) -> Float {
        let (luck, strength) = (generator.unit(), generator.unit())
        if holds {
            return luck < 0.03 ? Float(0.5 * strength) : Float(2.6 + 1.6 * strength * strength)
        }
        return luck < 0.05 ? Float(0.1 + 0.6 * strength) : 0
    }
}

extension ApprovalDesk {
    /// A request with a known truth beside it, where the policy's lot plants one and the domain can make it.
    ///
    /// - Parameter make: draws a known truth by the request's name.
    func planting(
        beside request: ApprovalRequest?, _ subject: ApprovalSubject, _ plan: InquiryPlan,
        _ laboratory: some Laboratory, _ make: (String) throws -> KnownTruth?
    ) async throws -> ApprovalRequest? {
        guard var request,
            policy.controls?.plantsTruth(beside: request.name, seed: seed) == true,
            let truth = try make(request.name)
        else { return request }
        let state = try await laboratory.inquiry(into: truth, for: subject, plan)
        request.knownTruth = try planted(like: request, truth, state)
        return request
    }

    /// A sheet as that of a request, about a feature of known truth.
    private func planted(
        like request: ApprovalRequest, _ truth: KnownTruth, _ state: InquiryState
    ) throws -> ApprovalSheet? {
        guard let record = state.record(1) else { return nil }
        let sheet = request.sheet
        let writer = SheetWriter(
            state: state, record: record, histogram: .init(of: truth.activations),
            notation: notation)
        return try writer.sheet {
            ApprovalSheet(
                kind: sheet.kind, run: sheet.run, inquiry: sheet.inquiry, question: sheet.question,
                claim: "It fires when \(record.hypothesis.statement).",
                formula: record.hypothesis.formula,
                editable: sheet.editable.map {
                    .init(
                        name: $0.name,
                        text: $0.name == ApprovalSheet.Editable.formula
                            ? record.hypothesis.formula : record.hypothesis.statement)
                },
                facts: $0.facts + sheet.facts.dropFirst($0.facts.count),
                evidence: $0.evidence, lineage: $0.lineage, provenance: sheet.provenance)
        }
    }
}

extension OthelloLaboratory {
    /// A feature that fires on a conjunction of board properties, or nil where none is neither too rare nor
    /// too common.
    func knownTruth(_ name: String) throws -> KnownTruth? {
        let pool = study.propose.pool
        let usable = pool.usable.members
        var generator = SeededGenerator(
            seed: study.seed, stream: SHA256.digest(of: "known \(name)").prefix64)
        let some = usable.prefix(2_000).map { pool.observations[$0] }
        let conjunctions = (0..<5).compactMap { _ in conjunction(over: some, &generator) }
        guard let truth = conjunctions.first else { return nil }
        let drafts = conjunctions.enumerated().compactMap { index, conjunction in
            BoardPredicate([conjunction]).map { draft($0, index == 0 ? .contrast : .rival) }
        }
        let (rules, seed, stream) = (rules, study.seed, generator.next())
        return KnownTruth(
            drafts: drafts, inputs: usable.map { pool.transcript(of: $0) },
            activations: usable.map {
                KnownTruth.strength(holds: truth.holds(in: pool.observations[$0]), &generator)
            }, tokens: { _ in nil },
            activation: { input in
                let moves = try rules.moves(fromTranscript: input)
                let seen = Observation(try rules.position(after: moves), on: rules)
                var luck = SeededGenerator(
                    seed: seed, stream: stream ^ SHA256.digest(of: input).prefix64)
                return KnownTruth.strength(holds: truth.holds(in: seen), &luck)
            })
    }

    /// Literals drawn one after the other, as long as what is left is not too rare.
    private func conjunction(
        over observations: [Observation], _ generator: inout SeededGenerator
    ) -> Conjunction? {
        var literals: [Literal] = []
        var holding = observations
        let wanted = 2 + generator.below(4)
        for _ in 0..<200 where literals.count < wanted {
            let property = study.catalogue[generator.below(study.catalogue.count)]
            let literal = Literal(property, negated: generator.below(2) == 1)
            let left = holding.filter(literal.holds)
            // Each literal must say something, and leave enough.
            guard 10 * left.count < 9 * holding.count, 40 * left.count > observations.count else {
                continue
            }
            literals.append(literal)
            holding = left
        }
        guard !literals.isEmpty, 4 * holding.count < observations.count else { return nil }
        return Conjunction(literals)
    }
}

extension TextLaboratory {
    /// A feature that fires on a planted rule, or nil where the texts are too few for one.
    func knownTruth(_ name: String) throws -> KnownTruth? {
        let texts = Array(study.corpus.propose.texts.prefix(2_000))
        let planted = PlantedFeature.plant(
            count: 5, over: texts, seed: SHA256.digest(of: "\(study.seed) known \(name)").prefix64)
        guard let truth = planted.first else { return nil }
        let all = texts.map { truth.activations(of: $0) }
        return KnownTruth(
            drafts: planted.enumerated().map { draft($1.rule, $0 == 0 ? .contrast : .rival) },
            inputs: texts.map(\.text), activations: all.map { $0.max() ?? 0 },
            tokens: { Self.tokens(of: texts[$0], all[$0]) },
            activation: { truth.activations(of: TextUnits($0)).max() ?? 0 })
    }

    /// Every unit with the blanks before it.
    private static func tokens(of text: TextUnits, _ activations: [Float]) -> [ShadedToken] {
        zip(text.units, activations).map { unit, activation in
            ShadedToken(
                text: (unit.hasSpaceBefore ? " " : "") + unit.text,
                activation: Double(activation))
        }
    }
}

extension Laboratory {
    /// The state in which an inquiry into a known truth would ask about something.
    func inquiry(
        into truth: KnownTruth, for subject: ApprovalSubject, _ plan: InquiryPlan
    ) async throws -> InquiryState {
        let state = try truth.state(plan)
        guard subject == .explanation else { return state }
        let requests = [KnownTruth.trials]
        return try truth.measuring(try await design(requests, state), requests, state)
    }
}
