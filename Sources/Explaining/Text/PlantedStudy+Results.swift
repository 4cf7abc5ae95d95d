import Inquiry
import Texts

extension PlantedStudy {
    /// Where an explanation comes from.
    public enum Source: String, Codable, Hashable, Sendable, CaseIterable, CodingKeyRepresentable {
        /// The hypothesis that an inquiry with probes committed to.
        case inquiry
        /// The inquiry's first hypothesis: from exemplars, silent texts with the very words that fire
        /// elsewhere, and hundreds of random silent ones, but without a probe. The harder control.
        case firstHypothesis = "first_hypothesis"
        /// What the same proposer makes of exemplars and as many random silent texts, without near-misses
        /// or probes: what is known as an explanation in one shot from activating texts.
        case oneShot = "one_shot"
    }

    /// An explanation beside the truth.
    public struct Answer: Codable, Hashable, Sendable {
        /// Nil when there was nothing to say.
        public let formula: String?
        /// Balanced accuracy against the planted rule on held-out texts as they are.
        public let accuracy: Double
        /// The same on held-out texts that were edited so that the truth parts from what merely goes
        /// with it (``PlantedFeature/contrasts(over:edits:each:)``).
        public let contrastAccuracy: Double

        /// Whether both accuracies reach ``PlantedStudy/recoveryBar``: on natural texts alone, what
        /// goes with the truth would do as well as the truth.
        public var isRecovered: Bool {
            min(accuracy, contrastAccuracy) >= PlantedStudy.recoveryBar
        }
    }

    /// Of one planted feature.
    public struct Result: Codable, Hashable, Sendable {
        public let feature: String
        public let `class`: String
        public let truth: String
        /// Rules that few natural texts tell from the truth.
        public let alternatives: [String]
        /// Whether exemplars alone cannot tell the truth from another rule.
        public let isAmbiguous: Bool
        /// Whether hardly any natural text can.
        public let isEntangled: Bool
        public let answers: [Source: Answer]
        public let isSupported: Bool
        public let probes: Int
        public let hypotheses: Int
        /// Whether the inquiry stopped since a language model gave no reply of use.
        public let isFailed: Bool
        /// What the inquiry asked a language model.
        public let usage: ReplyUsage
        /// What the one-shot asked.
        public let oneShotUsage: ReplyUsage

        public func isRecovered(_ source: Source) -> Bool {
            answers[source]?.isRecovered ?? false
        }
    }

    /// The balanced accuracy from which on a truth counts as recovered.
    public static let recoveryBar = 0.95

    /// What the inquiries into planted features came to, in order.
    ///
    /// - Parameters:
    ///   - concurrency: features worked on at once; it never changes a result.
    ///   - asksOneShot: whether a language model that proposes is asked for its one-shot; the rule inducer
    ///     gives it otherwise.
    /// - Throws: `ModelError` where it cannot be asked.
    public func results(
        _ journal: any InquiryJournal, concurrency: Int = 1, asksOneShot: Bool = false
    ) async throws -> [Result] {
        precondition(concurrency > 0, "results need a concurrency above 0, not \(concurrency)")
        return try await instrument.features.indices.concurrentMap(limit: concurrency) {
            try await self.result($0, journal, asksOneShot)
        }
    }

    private func result(
        _ latent: Int, _ journal: any InquiryJournal, _ asksOneShot: Bool
    ) async throws -> Result {
        let feature = instrument.features[latent]
        let events = try await journal.events(of: tasks[latent].name)
        let state = try InquiryState(plan: plan, events: events)
        let explanation = state.committed.flatMap(state.record)
        let probed = Set(state.probes.map(\.input))
        let contrasts = contrasts(latent, without: probed)
        let asked = asksOneShot ? try await askedOneShot(latent, state) : nil
        let oneShot =
            asksOneShot
            ? asked?.drafts.first?.formula : try await oneShot(latent, state)?.formula
        let formulas: [Source: String] = [
            .inquiry: explanation?.hypothesis.formula,
            .firstHypothesis: state.record(1)?.hypothesis.formula, .oneShot: oneShot,
        ].compactMapValues(\.self)
        var answers: [Source: Answer] = [:]
        for source in Source.allCases {
            answers[source] = try answer(formulas[source], feature.rule, contrasts)
        }
        return Result(
            feature: tasks[latent].name, class: feature.class.rawValue,
            truth: feature.rule.formula, alternatives: feature.alternatives.map(\.rule.formula),
            isAmbiguous: feature.hasAmbiguousExemplars,
            isEntangled: feature.isEntangled, answers: answers,
            isSupported: explanation?.status == .supported, probes: state.probes.count,
            hypotheses: state.records.count, isFailed: state.hasFailed,
            usage: try await calls.usage(of: state.consultations),
            oneShotUsage: try await calls.usage(of: [asked?.consultation].compactMap(\.self)))
    }

    /// Held-out texts that were edited so that a feature's truth parts from what goes with it.
    ///
    /// - Parameter probed: texts that an explanation has seen.
    func contrasts(_ latent: Int, without probed: Set<String> = []) -> [TextUnits] {
        instrument.features[latent].contrasts(over: corpus.heldOut.texts, edits: heldOutEdits)
            .filter { !probed.contains($0.text) }
    }

    /// What a language model that proposes answers when it is shown the inquiry's exemplars and as many of
    /// its random silent texts.
    private func askedOneShot(_ latent: Int, _ state: InquiryState) async throws -> Proposal? {
        guard let beginning = state.beginning else { return nil }
        var bare = InquiryState(plan: plan)
        try bare.apply(
            .began(
                Beginning(
                    threshold: beginning.threshold, density: beginning.density,
                    proposeExemplars: beginning.proposeExemplars,
                    tuneExemplars: beginning.tuneExemplars, exemplars: beginning.exemplars,
                    shown: ShownInputs(
                        exemplars: beginning.shown.exemplars,
                        background: Array(
                            beginning.shown.background.prefix(beginning.shown.exemplars.count))),
                    heat: [])))
        guard bare.nextStep() == .propose else { return nil }
        return try await context.proposer.propose(
            bare, TextLaboratory(study: context, feature: .latent(latent)))
    }

    /// From the inquiry's own exemplars and as many of its random silent texts.
    private func oneShot(_ latent: Int, _ state: InquiryState) async throws -> TextRule? {
        guard let shown = state.beginning?.shown else { return nil }
        let readings = try await bench.readings(of: corpus.propose, latent: latent)
        let texts = corpus.propose.texts
        var evidence = TextEvidence()
        for index in shown.exemplars {
            evidence.add(.init(units: texts[index], fires: true, place: readings.places[index]))
        }
        for index in shown.background.prefix(shown.exemplars.count) {
            evidence.add(.init(units: texts[index], fires: false))
        }
        return TextInducer(evidence: evidence).induce()
    }

    /// Saying nothing is right on half of both kinds, as is anything where one kind is missing.
    func answer(
        _ formula: String?, _ truth: TextRule, _ contrasts: [TextUnits]
    ) throws -> Answer {
        let rule = try formula.map { try TextRule.parse($0) }
        func accuracy(_ texts: [TextUnits]) -> Double {
            rule?.balancedAccuracy(on: texts, fires: texts.map(truth.holds(in:))) ?? 0.5
        }
        return Answer(
            formula: formula, accuracy: accuracy(corpus.heldOut.texts),
            contrastAccuracy: accuracy(contrasts))
    }
}

extension InquiryState {
    /// Whether it stopped since a language model gave no reply of use.
    var hasFailed: Bool {
        if case .failed? = stop { true } else { false }
    }
}
